import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { captureGit, type Repository } from '../runtime/git.ts';

/** The files that tasks can see, as git knows them. */
export interface WorkTree {
  /** Id of the tree of HEAD. */
  readonly whole: string;
  /** Ids of the trees of folders, by their paths. */
  readonly folders: ReadonlyMap<string, string>;
  /** Path and id of every file, in git's order. */
  readonly files: readonly (readonly [string, string])[];
  /** Hash of the files that git ignores, without installed packages; empty when there are none. */
  readonly ignored: string;
  /** Paths that git ignores, folders with a slash at the end, without installed packages. */
  readonly ignoredPaths: readonly string[];
}

/** Most ignored files that are hashed, and bytes of them. */
const MOST_FILES = 2_000;
const MOST_BYTES = 64 * 1024 * 1024;

/** What is installed: the lockfile, which is in the tree, says what it is. */
const INSTALLED = /(^|\/)(node_modules|\.yarn|\.pnpm-store|\.pnp\.[a-z.]+)(\/|$)/;

/**
 * What the work tree holds, or why it can't be known, as a phrase. Known is what is committed and unchanged; of ignored
 * files, as long as they are few, their content counts.
 */
export async function readWorkTree(repository: Repository): Promise<WorkTree | string> {
  const state = await ignoredPathsOf(repository);
  if (typeof state === 'string') return state;
  const listed = await captureGit(repository, ['ls-tree', '-r', '-t', '-z', '--full-tree', 'HEAD']);
  const whole = await captureGit(repository, ['rev-parse', '--verify', '--quiet', 'HEAD^{tree}']);
  if (listed.exitCode !== 0 || whole.exitCode !== 0) return 'there is no git repository with a commit';
  const folders = new Map<string, string>();
  const files: (readonly [string, string])[] = [];
  for (const line of listed.stdout.split('\0')) {
    const tab = line.indexOf('\t');
    if (tab === -1) continue;
    const [mode = '', type = '', id = ''] = line.slice(0, tab).split(' ');
    const path = line.slice(tab + 1);
    if (type === 'tree') folders.set(path, id);
    else files.push([path, `${mode} ${id}`]);
  }
  const ignored = await hashOf(repository.workspace, state);
  if (ignored === undefined) return `git ignores too much to compare it (${state.slice(0, 3).join(', ')})`;
  return { whole: whole.stdout.trim(), folders, files, ignored, ignoredPaths: state };
}

/** What git ignores, without installed packages; a phrase where something is there that is not committed. */
export async function ignoredPathsOf(repository: Repository): Promise<readonly string[] | string> {
  const args = ['status', '--porcelain=v1', '-z', '--untracked-files=normal', '--ignored=matching', '--no-renames'];
  const { exitCode, stdout } = await captureGit(repository, [...args, '--ignore-submodules=none']);
  if (exitCode !== 0) return 'git can’t say what is committed';
  const entries = stdout.split('\0').filter((entry) => entry !== '');
  const ignored = entries.filter((entry) => entry.startsWith('!! ')).map((entry) => entry.slice(3));
  const other = entries.find((entry) => !entry.startsWith('!! ') && !INSTALLED.test(entry.slice(3)));
  if (other !== undefined) return `${JSON.stringify(other.slice(3, 123))} is not as it is committed`;
  return ignored.filter((path) => !INSTALLED.test(path)).sort();
}

/** One hash of files and folders; undefined where they are too many or too large. */
async function hashOf(workspace: string, paths: readonly string[]): Promise<string | undefined> {
  if (paths.length === 0) return '';
  const hash = createHash('sha256');
  const open = [...paths].reverse();
  const budget = { files: MOST_FILES, bytes: MOST_BYTES };
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const absolute = join(workspace, path);
    const found = await lstat(absolute);
    budget.files -= 1;
    budget.bytes -= found.isFile() ? found.size : 0;
    if (budget.files < 0 || budget.bytes < 0) return undefined;
    hash.update(JSON.stringify([path, found.mode, found.isFile() ? found.size : 0]));
    if (found.isDirectory()) {
      const names = (await readdir(absolute)).filter((name) => !INSTALLED.test(name)).sort();
      open.push(...names.reverse().map((name) => posix.join(path, name)));
    } else if (found.isSymbolicLink()) hash.update(await readlink(absolute));
    else if (found.isFile()) await pipeline(createReadStream(absolute), hash, { end: false });
    else return undefined;
  }
  return hash.digest('hex');
}
