import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join, posix } from 'node:path';

/** One file, folder or link of an installed tree. */
export interface TreeEntry {
  /** From the project's root. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  /** Permission bits with those of setuid, setgid and sticky; 0 of a link, which has none of its own. */
  readonly mode: number;
  /** Bytes of a file; 0 of everything else. */
  readonly size: number;
  /** Milliseconds since 1970 of a file's last change; 0 of everything else. */
  readonly modified: number;
  /** Where a link leads. */
  readonly target: string;
}

/**
 * Lists a tree, folders before what they hold, in an order that depends on names alone. Synchronous calls: for some ten
 * thousand entries they are several times faster, and nothing else happens meanwhile.
 *
 * @param root absolute path from which paths count
 * @param paths of folders and files, relative to it
 */
export function listTree(root: string, paths: readonly string[]): readonly TreeEntry[] {
  const entries: TreeEntry[] = [];
  const open = [...paths].sort().reverse();
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const entry = entryOf(root, path);
    entries.push(entry);
    if (entry.kind !== 'folder') continue;
    const parent = path;
    const names = readdirSync(join(root, parent)).sort().reverse();
    for (const name of names) open.push(posix.join(parent, name));
  }
  return entries;
}

function entryOf(root: string, path: string): TreeEntry {
  const full = join(root, path);
  const stats = lstatSync(full);
  const mode = stats.mode & 0o7777;
  if (stats.isSymbolicLink()) return { path, kind: 'link', mode: 0, size: 0, modified: 0, target: readlinkSync(full) };
  if (stats.isDirectory()) return { path, kind: 'folder', mode, size: 0, modified: 0, target: '' };
  const kind = stats.isFile() ? 'file' : 'other';
  return { path, kind, mode, size: stats.size, modified: stats.mtimeMs, target: '' };
}

/**
 * What no tree that is kept may hold; undefined where it holds none of it.
 *
 * @param isInside whether a path from the project's root is inside the repository
 */
export function unfit(entries: readonly TreeEntry[], isInside: (path: string) => boolean): string | undefined {
  for (const { path, kind, mode, target } of entries) {
    if (kind === 'other') return `${path} is neither a file nor a folder nor a link`;
    if (kind === 'file' && (mode & 0o7000) !== 0) return `${path} runs with the rights of another user`;
    if (kind === 'link' && (posix.isAbsolute(target) || !isInside(posix.join(posix.dirname(path), target)))) {
      return `${path} leads out of the repository`;
    }
  }
  return undefined;
}

/** The first difference between two listings, for a message; undefined where they are the same. @param withTime also compares times */
export function firstDifference(
  expected: readonly TreeEntry[],
  found: readonly TreeEntry[],
  withTime: boolean,
): string | undefined {
  for (let index = 0; index < Math.max(expected.length, found.length); index += 1) {
    const [one, other] = [expected[index], found[index]];
    if (one === undefined || other === undefined) return (one ?? other)?.path;
    const isSame =
      one.path === other.path &&
      one.kind === other.kind &&
      one.size === other.size &&
      one.target === other.target &&
      (!withTime || (one.modified === other.modified && one.mode === other.mode));
    if (!isSame) return one.path < other.path ? one.path : other.path;
  }
  return undefined;
}
