import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from './usage-error.ts';

/**
 * Makes the folder that stays from run to run, for act, for tools that jobs install, and for caches.
 *
 * @throws UsageError where it cannot be written: a clone of somebody else, or on a disk that is read only.
 */
export async function makeToolsFolder(bundle: string): Promise<void> {
  const folder = join(bundle, '.tools');
  try {
    for (const path of [folder, join(folder, 'tool-cache')]) {
      await mkdir(path, { recursive: true });
      await access(path, constants.W_OK);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(
      `${folder} cannot be written (${code}), and act and caches are kept there: run from a clone of your own`,
    );
  }
}
