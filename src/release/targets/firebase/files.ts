import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { ConfigurationError, type Fault, shown } from '../../../runtime/errors.ts';
import { contains } from '../../../runtime/files.ts';
import { ignored } from './ignore.ts';

/** A file that is deployed. */
export interface SiteFile {
  /** As it serves: `/assets/app.js`. */
  readonly path: string;
  /** Absolute path with all links followed. */
  readonly file: string;
  readonly size: number;
}

/** Limits for a folder that somebody else filled. */
export interface FolderLimits {
  readonly files: number;
  /** Bytes of one file; it is compressed in memory. */
  readonly fileSize: number;
  /** Bytes of all files. */
  readonly total: number;
  /** Folders in folders. */
  readonly depth: number;
}

export const LIMITS: FolderLimits = {
  files: 100_000,
  fileSize: 512 * 1024 * 1024,
  total: 10 * 1024 * 1024 * 1024,
  depth: 64,
};

/** Control characters, a backslash, and U+FFFD, which stands where a name is not UTF-8. */
const STRANGE_NAME = /[\u0000-\u001f\u007f\ufffd\\]/;

/** Firebase's own program would publish it: a glob like `**\/.*` leaves out hidden files, not those in hidden folders. */
const GIT = 'the folder of git: it holds all history, and often a token';

const LEADS_OUT = 'a link that leads out of the folder';

/** Faults that are named one by one. */
const MOST_FAULTS = 10;

/**
 * The files of a folder that are deployed, by path. The folder is foreign: a link is followed only where it stays
 * inside, anything that is neither file nor folder is refused, and so is a name that no address can hold.
 *
 * @param folder absolute path of an existing folder
 * @param ignore globs of files that stay out
 * @param within folder that it must lie in when links are followed
 * @throws ConfigurationError PIPE-FIREBASE-004 no folder, or nothing in it; PIPE-FIREBASE-005 what can't be deployed
 */
export async function listFiles(
  folder: string,
  ignore: readonly string[],
  within: string,
  limits: FolderLimits = LIMITS,
): Promise<readonly SiteFile[]> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) throw nothingThere(folder, 'there is no such folder');
  const root = await realpath(folder);
  if (!contains(await realpath(within), root)) throw nothingThere(folder, 'it is a link that leads elsewhere');
  const walk: Walk = { root, limits, isIgnored: await ignored(ignore), files: [], faults: [], total: 0 };
  await walkFolder(walk, root, '', [root]);
  const [first, ...rest] = walk.faults;
  if (first !== undefined) throw new ConfigurationError([first, ...rest]);
  if (walk.files.length === 0) throw nothingThere(folder, 'it holds no file that is not ignored');
  return walk.files.sort((left, right) => (left.path < right.path ? -1 : 1));
}

interface Walk {
  readonly root: string;
  readonly limits: FolderLimits;
  readonly isIgnored: (path: string) => boolean;
  readonly files: SiteFile[];
  readonly faults: Fault[];
  total: number;
}

/** @param above real paths of this folder and those that lead to it: a link back to one of them would never end */
async function walkFolder(walk: Walk, folder: string, prefix: string, above: readonly string[]): Promise<void> {
  if (above.length > walk.limits.depth)
    return refuse(walk, prefix, `folders in folders, more than ${walk.limits.depth}`);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (walk.faults.length >= MOST_FAULTS) return;
    await visit(walk, folder, prefix, above, entry);
  }
}

async function visit(
  walk: Walk,
  folder: string,
  prefix: string,
  above: readonly string[],
  entry: Dirent,
): Promise<void> {
  const path = prefix + entry.name;
  if (STRANGE_NAME.test(entry.name)) {
    return walk.isIgnored(path) ? undefined : refuse(walk, path, 'a name that no address can hold');
  }
  const isLink = entry.isSymbolicLink();
  const real = isLink ? await realpath(join(folder, entry.name)).catch(() => undefined) : join(folder, entry.name);
  if (real === undefined) {
    // Nothing is behind it: like a file that is not there, unless somebody counts on it.
    return walk.isIgnored(path) ? undefined : refuse(walk, path, 'a link to what is not there');
  }
  const found = isLink ? await stat(real) : entry;
  if (found.isDirectory()) return await enterFolder(walk, real, path, above, isLink);
  if (walk.isIgnored(path)) return undefined;
  if (!found.isFile()) return refuse(walk, path, 'neither a file nor a folder');
  if (!contains(walk.root, real)) return refuse(walk, path, LEADS_OUT);
  if (isLink && isOfGit(walk, real)) return refuse(walk, path, GIT);
  return await add(walk, path, real);
}

async function enterFolder(
  walk: Walk,
  real: string,
  path: string,
  above: readonly string[],
  isLink: boolean,
): Promise<void> {
  if (isLink && !contains(walk.root, real)) return refuse(walk, path, LEADS_OUT);
  if (isOfGit(walk, real) && !walk.isIgnored(`${path}/config`)) return refuse(walk, path, GIT);
  // A link to a folder above is followed once by nobody: its files are there already.
  return above.includes(real) ? undefined : await walkFolder(walk, real, `${path}/`, [...above, real]);
}

/** Also by a link of another name. */
function isOfGit({ root }: Walk, real: string): boolean {
  return relative(root, real).split(sep).includes('.git');
}

async function add(walk: Walk, path: string, file: string): Promise<void> {
  const { size } = await lstat(file);
  const { limits } = walk;
  walk.total += size;
  if (size > limits.fileSize) return refuse(walk, path, `${size} bytes; at most ${limits.fileSize} are accepted`);
  if (walk.files.length >= limits.files) return refuse(walk, path, `more than ${limits.files} files`);
  if (walk.total > limits.total) return refuse(walk, path, `more than ${limits.total} bytes in all`);
  walk.files.push({ path: `/${path}`, file, size });
}

function refuse(walk: Walk, path: string, why: string): undefined {
  walk.faults.push({
    code: 'PIPE-FIREBASE-005',
    what: `the folder holds what can not be deployed: ${shown(path, 200)}`,
    given: why,
    accepted: 'files, and links that stay inside the folder',
    remedy: 'leave it out of the build, or by a glob in `ignore` of firebase.json',
    state: 'nothing was sent',
  });
  return undefined;
}

function nothingThere(folder: string, why: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-FIREBASE-004',
    what: 'there is nothing to deploy',
    given: `${shown(folder, 300)}: ${why}`,
    accepted: 'a folder with the built site, in `public` of firebase.json or of this action',
    remedy:
      'build it in an earlier job and download its output before; a wrong `working-directory` is the usual reason',
    state: 'nothing was sent',
  });
}
