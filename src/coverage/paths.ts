import { access } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { createSuffixes, type Suffixes } from './paths-suffix.ts';

/** What is known of the repository when paths of reports are looked up in it. */
export interface Repository {
  /** Absolute paths of the checkout: as given, and with links resolved. */
  readonly roots: readonly string[];
  /** Folder of the project from the repository's root, `` for the root itself. */
  readonly project: string;
  readonly tracked: ReadonlySet<string>;
  readonly suffixes: Suffixes;
  /** Module path of each go.mod, with its folder from the root; longest module path first. */
  readonly modules: readonly { readonly module: string; readonly folder: string }[];
  /** Whether a file that git does not track is there, by its path from the root. */
  readonly isThere: (path: string) => Promise<boolean>;
}

export function describeRepository(given: {
  readonly roots: readonly string[];
  readonly project: string;
  readonly tracked: readonly string[];
  readonly modules: Repository['modules'];
}): Repository {
  const modules = [...given.modules].sort((a, b) => b.module.length - a.module.length);
  const [root] = given.roots;
  return {
    ...given,
    modules,
    tracked: new Set(given.tracked),
    suffixes: createSuffixes(given.tracked),
    isThere: async (path) => root !== undefined && (await isThere(join(root, path))),
  };
}

/** A path as a report has it, with the folders which the report says it may be relative to. */
export interface ForeignPath {
  readonly path: string;
  readonly roots: readonly string[];
}

/**
 * Paths of one report as paths of the repository. In this order: a Go import path by its go.mod; a path in this
 * checkout; a relative one from the report's own roots, the project, the repository; then the longest end that a tracked
 * file has, where the beginning that is cut off (another machine's folder, a container's) is the one that fits most
 * files of the report; at last a file that is there though git does not track it (generated code).
 *
 * @returns for each path the one from the repository's root, or undefined where it leads outside
 */
export async function resolvePaths(
  foreign: readonly ForeignPath[],
  repository: Repository,
): Promise<readonly (string | undefined)[]> {
  const paths = foreign.map(({ path, roots }) => ({ path: plain(path), roots: roots.map(plain) }));
  const found = paths.map((path) => direct(path, repository));
  const open = paths.flatMap(({ path }, index) => (found[index] === undefined ? [{ path, index }] : []));
  if (open.length === 0) return found;
  const byEnd = endings(
    open.map(({ path }) => path),
    repository,
    open.length === paths.length,
  );
  for (const [nth, { index }] of open.entries()) {
    const path = paths[index] ?? { path: '', roots: [] };
    found[index] = byEnd[nth] ?? (await onDisk(path, repository));
  }
  return found;
}

/** Nothing to do: names of which none starts with a dot, no other separators. Most paths; they need no normalizing. */
const PLAIN = /^\/?(?:[^./\\:][^/\\:]*\/)*[^./\\:][^/\\:]*$/;

/** `/` between names, without `.` and empty names; `file:` URLs and drive letters as absolute paths. */
function plain(path: string): string {
  if (PLAIN.test(path)) return path;
  let text = path;
  if (/^file:\/\/\//i.test(text)) text = decoded(text.slice('file://'.length));
  if (/^\\\\\?\\/.test(text)) text = text.slice(4);
  const isWindows = /^\/?[A-Za-z]:[\\/]/.test(text) || (text.includes('\\') && !text.includes('/'));
  if (isWindows) text = text.replaceAll('\\', '/').replace(/^\/?([A-Za-z]):\//, (_, drive) => `/${drive}:/`);
  return text === '' ? '' : posix.normalize(text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // No URL after all: a file name may hold a percent sign.
    return text;
  }
}

const isAbsolute = (path: string) => path.startsWith('/');

/** A path joined to a folder of the repository; undefined when it climbs out. */
function within(folder: string, path: string): string | undefined {
  const joined = posix.join(folder, path);
  return joined === '..' || joined.startsWith('../') || isAbsolute(joined) || joined === '.' ? undefined : joined;
}

function direct({ path, roots }: ForeignPath, repository: Repository): string | undefined {
  const { tracked, modules } = repository;
  for (const { module, folder } of modules)
    if (path.startsWith(`${module}/`)) {
      const inModule = within(folder, path.slice(module.length + 1));
      if (inModule !== undefined && tracked.has(inModule)) return inModule;
    }
  // What `candidates` would find at last when nothing else can be meant.
  if (roots.length === 0 && repository.project === '' && PLAIN.test(path) && tracked.has(path)) return path;
  return candidates({ path, roots }, repository).find((candidate) => tracked.has(candidate));
}

/** Where in the repository a path may be meant to lie. */
function candidates({ path, roots }: ForeignPath, { roots: checkouts, project }: Repository): string[] {
  const here = (absolute: string) => {
    const root = checkouts.find((checkout) => absolute.startsWith(`${checkout}/`) || absolute === checkout);
    return root === undefined ? undefined : within('', absolute.slice(root.length + 1));
  };
  if (isAbsolute(path)) return [here(path)].filter((one) => one !== undefined);
  const fromRoots = roots.flatMap((root) => {
    if (isAbsolute(root)) return [here(posix.join(root, path))];
    return [within(posix.join(project, root), path), within(root, path)];
  });
  return [...fromRoots, within(project, path), within('', path)].filter((one) => one !== undefined);
}

const NO_SEPARATOR = '\u0000';

/** Paths by the longest end that a tracked file has; see {@link resolvePaths}. */
function endings(paths: readonly string[], { suffixes, project }: Repository, isAll: boolean): (string | undefined)[] {
  const longest = paths.map((path) =>
    path.startsWith('../') ? suffixes.longest(path.replace(/^(?:\.\.\/)+/, '')) : suffixes.longest(path),
  );
  const votes = new Map<string, number>();
  const name = (cut: string, folder: string) => `${cut}${NO_SEPARATOR}${folder}`;
  /** What was cut from a path, and what has to stand there instead. */
  const change = (path: string, tracked: string, names: number) => {
    const end = tracked.split('/').slice(-names).join('/');
    return { cut: path.slice(0, path.length - end.length), folder: tracked.slice(0, tracked.length - end.length) };
  };
  for (const [index, path] of paths.entries()) {
    const match = longest[index];
    const [only, ...others] = match?.files ?? [];
    if (match === undefined || only === undefined || others.length > 0) continue;
    const { cut, folder } = change(path, only, match.names);
    votes.set(name(cut, folder), (votes.get(name(cut, folder)) ?? 0) + 1);
  }
  const most = Math.max(0, ...votes.values());
  return paths.map((path, index) => {
    const match = longest[index];
    if (match === undefined) return undefined;
    const ranked = match.files
      .map((file) => {
        const { cut, folder } = change(path, file, match.names);
        return {
          file,
          votes: votes.get(name(cut, folder)) ?? 0,
          isProject: project !== '' && file.startsWith(`${project}/`),
        };
      })
      .sort((a, b) => b.votes - a.votes || Number(b.isProject) - Number(a.isProject));
    const [best, second] = ranked;
    if (best === undefined) return undefined;
    if (second !== undefined && second.votes === best.votes && second.isProject === best.isProject) return undefined;
    // One name alone (index.js) says little: it counts when nothing else in the report says otherwise.
    if (match.names === 1 && !(isAll && best.votes === most && best.votes > 0)) return undefined;
    return best.file;
  });
}

/** Folders of generated sources of Java's build tools, below a project. */
const GENERATED = [
  'target/generated-sources/annotations',
  'build/generated/sources/annotationProcessor/java/main',
  'build/generated/source/kapt/main',
  'build/generated/ksp/main/kotlin',
];

async function onDisk(path: ForeignPath, repository: Repository): Promise<string | undefined> {
  const all = [...candidates(path, repository), ...candidates({ ...path, roots: GENERATED }, repository)];
  for (const candidate of new Set(all)) if (await repository.isThere(candidate)) return candidate;
  return undefined;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    // Whatever the reason: such a path is then named as one outside of the repository.
    return false;
  }
}
