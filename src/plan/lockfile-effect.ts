import { posix } from 'node:path';
import { ConfigurationError } from '../runtime/errors.ts';
import type { Change } from './changed-files.ts';
import { type LockGraph, resolvedDifferently, type Unfollowable } from './lockfile-graph.ts';
import type { Manifest } from './manifest.ts';
import { inFolder } from './paths.ts';
import type { Project } from './project.ts';
import type { RepositoryFiles } from './repository-files.ts';

export type LockfileEffect =
  | { readonly kind: 'packages'; readonly directories: readonly string[] }
  /** `reason` follows the name of the file: a phrase in parentheses. */
  | { readonly kind: 'everything'; readonly reason: string };

/** What is asked, and of what. */
export interface LockfileQuestion {
  readonly change: Change;
  readonly files: RepositoryFiles;
  readonly project: Project;
}

/** @param isEarlier whether the lockfile is older than the packages of the project */
type Reader = (text: string, project: Project, isEarlier: boolean) => Promise<LockGraph | Unfollowable>;

/** Lockfiles whose entries can be followed. Bun's binary one can't, its text is new: they count as everything. */
const READERS: Readonly<Record<string, Reader | undefined>> = {
  'package-lock.json': async (text, project) =>
    (await import('./lockfile-npm.ts')).npmLock(
      text,
      packagesOf(project).map((one) => folderIn(project, one)),
    ),
  'npm-shrinkwrap.json': async (text, project) =>
    (await import('./lockfile-npm.ts')).npmLock(
      text,
      packagesOf(project).map((one) => folderIn(project, one)),
    ),
  'pnpm-lock.yaml': async (text) => (await import('./lockfile-pnpm.ts')).pnpmLock(text),
  'yarn.lock': async (text, project, isEarlier) => {
    const packages = packagesOf(project).map((one) => ({ ...one, folder: folderIn(project, one) }));
    return (await import('./lockfile-yarn.ts')).yarnLock(text, packages, isEarlier);
  },
  'bun.lock': undefined,
  'bun.lockb': undefined,
};

/** Largest lockfile that is followed, in bytes. */
const LARGEST = 64 * 1024 * 1024;

/**
 * What a change of a file means, when it is the lockfile of the project; undefined for any other file. The packages that
 * resolve their dependencies, or what those need, differently; everything where the root does, as its tools are
 * everybody's, or where the lockfile can't be followed.
 */
export async function lockfileEffect(path: string, question: LockfileQuestion): Promise<LockfileEffect | undefined> {
  const { change, files, project } = question;
  const name = posix.basename(path);
  if (!Object.hasOwn(READERS, name) || path !== inFolder(project.root.directory, name)) return undefined;
  const everything = (why: string) => ({ kind: 'everything', reason: ` (the lockfile${why})` }) as const;
  const read = READERS[name];
  if (read === undefined) return everything('');
  const [before, now] = [await change.before(path), await currentText(path, files)];
  if (before === undefined || now === undefined) return everything(' was added or deleted');
  const [earlier, current] = [await read(before, project, true), await read(now, project, false)];
  for (const graph of [earlier, current]) if ('problem' in graph) return everything(`, ${graph.problem}`);
  if ('problem' in earlier || 'problem' in current) return everything('');
  if (earlier.whole !== current.whole) return everything(', its format or settings');
  const found = resolvedDifferently(earlier, current);
  if (found.has('')) return everything(', dependencies of the root');
  const directories = project.members.map((one) => [one.directory, folderIn(project, one)] as const);
  return {
    kind: 'packages',
    directories: directories.flatMap(([directory, folder]) => (found.has(folder) ? [directory] : [])),
  };
}

function packagesOf({ root, members }: Project): readonly Manifest[] {
  return [root, ...members];
}

/** A package's folder as the lockfile names it: from the root, `` for the root itself. */
function folderIn({ root }: Project, { directory }: Manifest): string {
  return posix.relative(root.directory, directory);
}

async function currentText(path: string, files: RepositoryFiles): Promise<string | undefined> {
  try {
    return await files.read(path, LARGEST);
  } catch (error) {
    // Too large, or no text: then it can't be followed.
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}
