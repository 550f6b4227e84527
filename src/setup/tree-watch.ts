import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Places that an install may write to beside its tree: path to what tells a change. */
export type Seen = ReadonlyMap<string, string>;

export interface Watched {
  /** Absolute path of the repository. */
  readonly workspace: string;
  /** Absolute path of the user's home folder, where there is one. */
  readonly home: string | undefined;
  /** Absolute paths that the package manager itself writes to: its store. */
  readonly own: readonly string[];
}

/** Folders in the repository that are the tree, or git's. */
const TREE = new Set(['node_modules', '.git']);

/** What package managers leave in a home folder: stores, logs, state. */
const MANAGERS =
  /^(?:\.npm|\.pnpm-state|\.pnpm-store|\.yarn|\.bun|\.node-gyp|\.node_repl_history|\.v8flags.*|\.npmrc|\.yarnrc.*)$/;
const MANAGERS_BELOW = /^(?:node-gyp|node|npm|pnpm|yarn|corepack|configstore|\.npm|Yarn)$/;

/** How deep a home folder is looked at: `.cache/Cypress/13.6.0` is found. */
const HOME_DEPTH = 3;

/** Most entries that are looked at in all. */
const MOST = 200_000;

/**
 * Notes what lies in the repository beside the tree, and in the home folder down to a depth: an install that changes any of it
 * has done what no restored tree does.
 *
 * @returns undefined when there is too much to look at
 */
export function look({ workspace, home, own }: Watched): Seen | undefined {
  const seen = new Map<string, string>();
  const owned = new Set(own);
  const walk = (folder: string, depth: number, passOver: (name: string, depth: number) => boolean): void => {
    const entries = entriesOf(folder);
    if (entries.length === 0) seen.set(folder, 'empty');
    for (const entry of entries) {
      const path = join(folder, entry.name);
      const isOurs = owned.has(path) || workspace === path || workspace.startsWith(`${path}/`);
      if (isOurs || passOver(entry.name, depth) || seen.size > MOST) continue;
      if (entry.isDirectory() && depth > 1) walk(path, depth - 1, passOver);
      else seen.set(path, stamp(path));
    }
  };
  walk(workspace, Number.POSITIVE_INFINITY, (name) => TREE.has(name));
  if (home !== undefined && home !== workspace) {
    walk(home, HOME_DEPTH, (name, depth) => (depth === HOME_DEPTH ? MANAGERS : MANAGERS_BELOW).test(name));
  }
  return seen.size > MOST ? undefined : seen;
}

/** Paths that differ, for a message: at most `limit`. */
export function differences(
  before: Seen,
  after: Seen,
  { workspace, home, own }: Watched,
  limit: number,
): readonly string[] {
  const changed = [...after].filter(([path, value]) => before.get(path) !== value).map(([path]) => path);
  // Of the package manager's own store only the second look knows.
  const isOwn = (path: string) => own.some((folder) => path === folder || path.startsWith(`${folder}/`));
  const gone = [...before.keys()].filter((path) => !after.has(path) && !isOwn(path));
  const all = [...changed, ...gone].filter((path) => !isEmptied(path, before, after)).sort();
  return all.slice(0, limit).map((path) => nameOf(path, workspace, home));
}

/** An empty folder that was filled or emptied: what it holds tells of it. */
function isEmptied(path: string, before: Seen, after: Seen): boolean {
  return (before.get(path) ?? after.get(path)) === 'empty' && before.has(path);
}

function nameOf(path: string, workspace: string, home: string | undefined): string {
  if (path.startsWith(`${workspace}/`)) return relative(workspace, path);
  return home === undefined ? path : `~/${relative(home, path)}`;
}

function stamp(path: string): string {
  try {
    const { size, mtimeMs, mode } = lstatSync(path);
    return `${size} ${mtimeMs} ${mode}`;
  } catch {
    // Gone while it was looked for.
    return 'gone';
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Not there, or not ours: then no install of ours writes there either.
    return [];
  }
}
