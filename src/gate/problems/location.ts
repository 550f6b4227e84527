/** From a path as a tool wrote it to a file of the workspace. */
import { posix } from 'node:path';
import type { Scope } from './prefix.ts';
import type { Place } from './problem.ts';
import { isForeign } from './stack.ts';

export interface Ground {
  /** Absolute. Several forms of one folder where a symbolic link leads to it: tools print either. */
  workspace: readonly string[];
  /** Absolute folder that the task ran in. */
  directory: string;
  /** Whether an absolute path is a file. */
  isFile: (path: string) => boolean;
  /** Absolute folder of a package of the monorepo by its name, for runners that print only names. */
  folderOf: (packageName: string) => string | undefined;
  /** Absolute folders that the output mentioned: looked at last, and only where one of them alone has the file. */
  mentioned: ReadonlySet<string>;
}

/** Hostile output can name millions of files: beyond this many different ones none is looked for. */
const mostLookups = 20_000;

export type Locate = (place: Place, scope: Scope) => string | undefined;

/**
 * A function that gives the file of a place relative to the workspace, `/` between folders; undefined where there is
 * no such file, where it lies outside the workspace, and where it belongs to a dependency.
 */
export function createLocator(ground: Ground): Locate {
  const known = new Map<string, boolean>();

  function isFile(path: string): boolean {
    const answer = known.get(path);
    if (answer !== undefined) return answer;
    const found = known.size < mostLookups && ground.isFile(path);
    if (known.size < mostLookups) known.set(path, found);
    return found;
  }

  function inWorkspace(absolute: string): string | undefined {
    const root = ground.workspace.find((folder) => absolute.startsWith(folder === '/' ? '/' : `${folder}/`));
    const file = root === undefined ? '' : posix.relative(root, absolute);
    return file !== '' && !isForeign(file) && isFile(absolute) ? file : undefined;
  }

  function onlyMentioned(path: string): string | undefined {
    const files = new Set<string>();
    for (const folder of ground.mentioned) {
      const file = inWorkspace(posix.join(folder, path));
      if (file !== undefined) files.add(file);
      if (files.size > 1) return undefined;
    }
    return files.values().next().value;
  }

  return (place, scope) => {
    const path = plainPath(place.path);
    if (path === undefined || path === '') return undefined;
    if (posix.isAbsolute(path)) return inWorkspace(posix.normalize(path));
    const named = scope.packageName === undefined ? undefined : ground.folderOf(scope.packageName);
    for (const folder of [scope.folder, named, ground.directory, ...ground.workspace]) {
      if (folder === undefined) continue;
      const file = inWorkspace(posix.resolve(ground.directory, folder, path));
      if (file !== undefined) return file;
    }
    return onlyMentioned(path);
  };
}

/** A path without a `file:` scheme and without a query; undefined for other schemes and what cannot be a path. */
function plainPath(path: string): string | undefined {
  if (path.includes('\0')) return undefined;
  if (!path.startsWith('file:')) return /^[a-z][a-z\d+.-]{1,40}:\/\//i.test(path) ? undefined : path;
  try {
    return decodeURIComponent(new URL(path).pathname);
  } catch (error) {
    if (error instanceof TypeError || error instanceof URIError) return undefined;
    throw error;
  }
}
