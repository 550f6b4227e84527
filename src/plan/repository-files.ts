import { readFileSync, realpathSync, statSync } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { readTextFile } from '../runtime/files.ts';
import { captureGit, NO_GIT } from '../runtime/git.ts';

/** The files of a repository: paths relative to it, with `/`. */
export interface RepositoryFiles {
  /** Absolute path of the repository, links resolved. */
  readonly root: string;
  /** Sorted by code unit. */
  readonly paths: readonly string[];
  /** How many files were left out because their paths hold control characters, which no name of a project needs. */
  readonly unnameable: number;
  /** Why the folder was read instead of git's list; empty when git listed them. */
  readonly withoutGit: string;
  readonly has: (path: string) => boolean;
  /** The files in a folder and below it; `.` for all. */
  readonly under: (folder: string) => readonly string[];
  /** Text of a file, or undefined where there is none; links out of the repository are refused. See {@link readTextFile}. */
  readonly read: (path: string, limit?: number) => Promise<string | undefined>;
}

/** Most entries that are looked at where git lists nothing. */
const MOST_ENTRIES = 200_000;

/** Characters that end a line, move a cursor or turn the direction of text: such a path is never planned or shown. No path holds NUL. */
const CONTROL = /[\u0001-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** Folders of installed packages: never the project's own, even when somebody committed them. */
const INSTALLED = /(^|[/\0])(node_modules|bower_components)\//;

/**
 * Lists what belongs to the repository: what git tracks, and what it neither tracks nor ignores. Where git lists nothing
 * (no repository, no git), the folder is read, without following links and without node_modules.
 *
 * @param workspace absolute path
 * @throws ConfigurationError PIPE-PLAN-010 too many files without git, PIPE-PROCESS-002 too many with it
 */
export async function listFiles(
  workspace: string,
  options: { readonly environment: Environment; readonly signal?: AbortSignal | undefined },
): Promise<RepositoryFiles> {
  const root = await realpath(workspace);
  const listed = await listedByGit(root, options);
  if ('paths' in listed) return filesOf(root, listed, '');
  return filesOf(root, nameableOf((await listedByReading(root)).join('\0')), listed.problem);
}

/** The paths of a list that a plan can name. */
interface Nameable {
  /** Sorted by code unit. */
  readonly paths: readonly string[];
  readonly known: ReadonlySet<string>;
  /** How many others there are. */
  readonly unnameable: number;
}

/**
 * @param listed paths with NUL between them: what most lists do not hold is looked for in the whole text, not in each path
 * @param before a list that these are added to
 */
function nameableOf(listed: string, before?: Nameable): Nameable {
  const isOrdinary = !INSTALLED.test(listed) && !CONTROL.test(listed);
  const own = listed.split('\0').filter((path) => path !== '' && (isOrdinary || !INSTALLED.test(path)));
  if (before !== undefined && own.length === 0) return before;
  const all = new Set(before === undefined ? own : [...before.known, ...own]);
  const found = all.size;
  if (!isOrdinary) for (const path of all) if (CONTROL.test(path)) all.delete(path);
  const unnameable = found - all.size + (before?.unnameable ?? 0);
  const paths = [...all];
  return { paths: isSorted(paths) ? paths : paths.sort(), known: all, unnameable };
}

/** As git lists files, but for characters beyond U+FFFF: looking is faster than sorting. */
function isSorted(paths: readonly string[]): boolean {
  return paths.every((path, index) => index === 0 || (paths[index - 1] ?? '') < path);
}

function filesOf(root: string, { paths, known, unnameable }: Nameable, withoutGit: string): RepositoryFiles {
  return {
    root,
    paths,
    unnameable,
    withoutGit,
    has: (path) => known.has(path),
    under: (folder) => (folder === '.' ? paths : within(paths, `${folder}/`)),
    read: async (path, limit) => ordinaryText(root, path, limit) ?? readTextFile(join(root, path), limit, root),
  };
}

/** What {@link readTextFile} reads when nothing else is said. */
const ORDINARY_LIMIT = 4 * 1024 * 1024;

/**
 * The text of a file that is as files are, read at once: with a thousand manifests, waiting for the threads that read
 * takes five times longer than reading. Undefined for all that needs a second look, a reason, or is not there.
 */
function ordinaryText(root: string, path: string, limit = ORDINARY_LIMIT): string | undefined {
  try {
    const real = realpathSync.native(join(root, path));
    const found = real.startsWith(`${root}${sep}`) ? statSync(real) : undefined;
    if (found?.isFile() !== true || found.size > limit) return undefined;
    const bytes = readFileSync(real);
    return bytes.length > limit || bytes.includes(0) ? undefined : DECODER.decode(bytes);
  } catch {
    return undefined;
  }
}

const DECODER = new TextDecoder('utf-8', { fatal: true });

/** The part of a sorted list that starts with `prefix`. */
function within(paths: readonly string[], prefix: string): readonly string[] {
  // No path holds U+FFFF: it sorts after every character that one can hold.
  return paths.slice(firstFrom(paths, prefix), firstFrom(paths, `${prefix}\uffff`));
}

function firstFrom(paths: readonly string[], bound: string): number {
  let low = 0;
  let high = paths.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((paths[middle] ?? '') < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function listedByGit(
  root: string,
  { environment, signal }: { readonly environment: Environment; readonly signal?: AbortSignal | undefined },
): Promise<Nameable | { problem: string }> {
  const repository = { workspace: root, environment, signal };
  // Looking for files that git does not track takes longer than all the rest, which is done meanwhile.
  const others = captureGit(repository, ['ls-files', '-z', '--others', '--exclude-standard']);
  others.catch(() => undefined);
  const tracked = await captureGit(repository, ['ls-files', '-z', '--cached', '--deduplicate']);
  const nameable = nameableOf(tracked.stdout);
  const listed = [tracked, await others];
  const failed = listed.find(({ exitCode }) => exitCode !== 0);
  if (failed?.exitCode === NO_GIT) return { problem: 'no git' };
  if (failed !== undefined) {
    const [message = ''] = failed.stderr.trim().split('\n');
    return { problem: message === '' ? `git ended with ${failed.exitCode ?? failed.signal}` : shown(message, 120) };
  }
  if (listed.every(({ stdout }) => stdout === '')) return { problem: 'git lists no files here' };
  return nameableOf((await others).stdout, nameable);
}

async function listedByReading(root: string): Promise<readonly string[]> {
  const paths: string[] = [];
  let folders = [''];
  let seen = 0;
  while (folders.length > 0) {
    const below: string[] = [];
    for (const folder of folders) {
      const entries = await readdir(join(root, folder), { withFileTypes: true });
      seen += entries.length;
      if (seen > MOST_ENTRIES) throw tooManyFiles();
      paths.push(...entries.filter((entry) => entry.isFile()).map(({ name }) => `${folder}${name}`));
      const inside = entries.filter((entry) => entry.isDirectory() && !NOT_READ.has(entry.name));
      below.push(...inside.map(({ name }) => `${folder}${name}/`));
    }
    folders = below;
  }
  return paths;
}

const NOT_READ: ReadonlySet<string> = new Set(['node_modules', '.git']);

function tooManyFiles(): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-PLAN-010',
    what: 'the folder is too large to be read without git',
    given: `more than ${MOST_ENTRIES} files and folders`,
    accepted: `a git repository, or a folder of at most ${MOST_ENTRIES} entries`,
    remedy: 'check the repository out with actions/checkout, which leaves its .git folder in place',
    state: 'nothing was planned',
  });
}
