import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { ConfigurationError, shown } from './errors.ts';

// Everything here waits for the disk: a start asks for a handful of paths, and Node's other way to ask costs more to
// load than all of them together.

/**
 * A path given by a caller, as an absolute path inside `workspace`. Links are followed as far as they lead, also those
 * that point at something that is not there (writing to one would create it).
 *
 * @returns undefined when it leads outside the workspace
 * @throws ConfigurationError PIPE-FILE-003 when that can't be found out (a loop of links, a name that is too long)
 */
export function pathInside(workspace: string, path: string): string | undefined {
  const root = realpathOfExisting(workspace);
  const wanted = resolve(root, path);
  const real = realpathOfExisting(wanted);
  return contains(root, real) ? wanted : undefined;
}

/** Whether `path` is `folder` or lies below it; both absolute. */
export function contains(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

export function notReadable(path: string, reason: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError(
    { code: 'PIPE-FILE-003', what: `${shown(path, 200)} could not be read: ${reason}`, accepted: 'a readable file' },
    { cause },
  );
}

/** Most links that are followed one after the other, as the kernel counts (path_resolution(7)). */
const MOST_LINKS = 40;

function realpathOfExisting(path: string, links = 0): string {
  if (links > MOST_LINKS) throw notReadable(path, 'ELOOP');
  try {
    return realpathSync.native(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw notReadable(path, code ?? String(error), error);
  }
  const parent = dirname(path);
  if (parent === path) return path;
  const folder = realpathOfExisting(parent, links);
  const target = linkTarget(join(folder, basename(path)));
  return target === undefined ? join(folder, basename(path)) : realpathOfExisting(resolve(folder, target), links + 1);
}

/** Where a link points; undefined for what is no link, or is not there. */
function linkTarget(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw notReadable(path, code ?? String(error), error);
  }
}
