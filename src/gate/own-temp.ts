import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { ActionContext } from '../runtime/action.ts';

/** A folder for what a later step takes; a gate of a terminal has none of the runner's. */
export async function ownTemp({ temp }: ActionContext): Promise<string> {
  const folder = temp === '' ? tmpdir() : temp;
  await mkdir(folder, { recursive: true });
  return folder;
}
