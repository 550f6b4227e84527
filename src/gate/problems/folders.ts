/** The file system, as far as problems need it. */
import { realpathSync, statSync } from 'node:fs';

/** Whether an absolute path is a file. A path that cannot be looked at (too long, no right, a loop) is none. */
export function isFileOnDisk(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

/** A folder as given and, where symbolic links lead to it, by its real path: tools print either. */
export function formsOf(folder: string): string[] {
  try {
    return [...new Set([folder, realpathSync(folder)])];
  } catch (error) {
    if (error instanceof Error && 'code' in error) return [folder];
    throw error;
  }
}
