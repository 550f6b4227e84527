import { randomUUID } from 'node:crypto';
import { lstat, mkdir, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { contains } from '../runtime/files.ts';

/**
 * Moves unpacked folders and files to their places, each instead of what is there. A path that would lead out of the
 * folder through a link, or that is not of its kind in the entry, is refused before anything is moved.
 *
 * @param staging where the entry was unpacked, on the same file system as `folder`
 * @param paths of folders, from both folders; those that the entry does not have are left as they are
 * @param files the same of single files
 * @throws Error when a path is refused
 */
export async function moveTrees(
  staging: string,
  folder: string,
  paths: readonly string[],
  files: readonly string[] = [],
): Promise<void> {
  const root = await realpath(folder);
  const source = await realpath(staging);
  const moves: { readonly from: string; readonly to: string }[] = [];
  for (const path of [...paths, ...files]) {
    const from = join(source, path);
    const found = await lstat(from).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (found === undefined) continue;
    const to = join(root, path);
    await mkdir(dirname(to), { recursive: true });
    const isOwn = (await realpath(from)) === from && (await realpath(dirname(to))) === dirname(to);
    const isOfKind = files.includes(path) ? found.isFile() : found.isDirectory();
    if (!isOfKind || !isOwn || to === root || !contains(root, to)) {
      throw new Error(`${path} of the entry is no ${files.includes(path) ? 'file' : 'folder'} of its own`);
    }
    moves.push({ from, to });
  }
  for (const { from, to } of moves) {
    // Removing takes longer than moving: what was there goes out of the way first.
    const old = join(source, `.old-${randomUUID()}`);
    await rename(to, old).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(from, to);
    await rm(old, { recursive: true, force: true });
  }
}
