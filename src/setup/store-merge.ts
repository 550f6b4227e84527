import type { Dirent } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exists } from '../runtime/files.ts';

/**
 * Moves what was restored into the store, folder by folder. What the store has already stays: its content is named by
 * hashes, so it is either the same or better checked. Links and other special files are left behind; a package store
 * needs none.
 *
 * @param from folder on the same file system as `store`
 */
export async function mergeStore(from: string, store: string): Promise<void> {
  await removeSpecial(from);
  await move(from, store);
}

async function removeSpecial(folder: string): Promise<void> {
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await removeSpecial(path);
    else if (!entry.isFile()) await rm(path);
  }
}

async function move(from: string, to: string): Promise<void> {
  if (!(await exists(to))) {
    await mkdir(dirname(to), { recursive: true });
    await rename(from, to);
    return;
  }
  for (const entry of await entriesOf(from)) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) await move(source, target);
    else if (!(await exists(target))) await rename(source, target);
  }
}

function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true });
}
