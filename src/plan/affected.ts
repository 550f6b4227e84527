import { posix } from 'node:path';
import { ruleFor } from './affected-files.ts';
import { inBatches } from './batches.ts';
import type { Change } from './changed-files.ts';
import type { PackageGraph } from './graph.ts';
import { fieldOf, parseJson } from './json.ts';
import { type LockfileQuestion, lockfileEffect } from './lockfile-effect.ts';
import { type Owner, ownership } from './ownership.ts';
import { folderOf, inFolder, isWithin, named } from './paths.ts';
import type { Project } from './project.ts';
import type { RepositoryFiles } from './repository-files.ts';

/** Which packages of a project a change affects, and why. */
export interface Affected {
  /** Commit that was compared with. */
  readonly base: string;
  /** Folders of the affected packages to the reason, as a phrase: `src/a.ts changed`, `depends on packages/a`. */
  readonly packages: ReadonlyMap<string, string>;
  /** What affects every package, as a phrase; undefined where nothing does. */
  readonly everything: string | undefined;
}

/** Most deleted package.json files whose names are looked up; more, and everything counts. */
const MOST_FORMER = 200;

/**
 * Which packages a change affects: those in which a file changed, was added or deleted (of a rename both sides), and
 * those that depend on one of them, directly or through others, by any kind of dependency. A file in no package affects
 * what {@link ruleFor} says; a lockfile the packages whose resolved dependencies changed, or all. A package that was
 * deleted affects those that still name it.
 *
 * @param graph of the project as it is now
 */
export async function affectedBy(
  change: Change,
  files: RepositoryFiles,
  project: Project,
  graph: PackageGraph,
): Promise<Affected> {
  const { base, paths } = change;
  const owner = await ownership(files, project);
  const former = formerFolders(change, files, project, owner);
  const everything = (reason: string): Affected => {
    const all = [project.root, ...project.members].map(({ directory }) => [directory, reason] as const);
    return { base, packages: new Map(all), everything: reason };
  };
  if (former.length > MOST_FORMER) return everything(`${former.length} packages were deleted`);
  const changed = paths.flatMap((path): readonly Hit[] => {
    const found = owner(path);
    if (found.kind === 'package') return found.directories.map((directory) => ({ directory, path }));
    const isOutside = found.kind === 'outside' && !former.some((folder) => isWithin(folder, path));
    return isOutside ? [{ directory: undefined, path }] : [];
  });
  const hits: Hit[] = [];
  for (const hit of changed) {
    const effect = hit.directory === undefined ? await outsideEffect(hit.path, { change, files, project }) : [hit];
    if (typeof effect === 'string') return everything(effect);
    hits.push(...effect);
  }
  const direct = new Map([...(await goneFrom(change, former, project)), ...reasonsOf(hits)]);
  return { base, packages: withDependents(direct, graph), everything: undefined };
}

/** A path that changed and the package that it counts for; undefined for one in no package. */
interface Hit {
  readonly directory: string | undefined;
  readonly path: string;
}

/** What a path in no package affects: packages, or why it affects everything. */
async function outsideEffect(path: string, about: LockfileQuestion): Promise<readonly Hit[] | string> {
  const lockfile = await lockfileEffect(path, about);
  if (lockfile?.kind === 'everything') return `${named(path)} changed${lockfile.reason}`;
  if (lockfile !== undefined) return lockfile.directories.map((directory) => ({ directory, path }));
  const rule = ruleFor(path);
  if (rule.counts === 'everything') return `${named(path)} changed (${rule.name})`;
  return [{ directory: about.project.root.directory, path }];
}

/** For each package the reason made of its paths. */
function reasonsOf(hits: readonly Hit[]): ReadonlyMap<string, string> {
  const paths = new Map<string, string[]>();
  for (const { directory = '.', path } of hits) {
    const known = paths.get(directory);
    if (known === undefined) paths.set(directory, [path]);
    else known.push(path);
  }
  return new Map([...paths].map(([directory, changed]) => [directory, changedPhrase(directory, changed)]));
}

function changedPhrase(directory: string, paths: readonly string[]): string {
  const [first = ''] = paths;
  const shownPath = named(isWithin(directory, first) ? posix.relative(directory, first) : first);
  return paths.length === 1 ? `${shownPath} changed` : `${shownPath} and ${paths.length - 1} more changed`;
}

/** The packages and everything that depends on them, nearest first. */
function withDependents(direct: ReadonlyMap<string, string>, graph: PackageGraph): ReadonlyMap<string, string> {
  const dependents = new Map<string, string[]>();
  for (const [directory, targets] of graph.dependencies) {
    for (const target of targets) {
      const known = dependents.get(target);
      if (known === undefined) dependents.set(target, [directory]);
      else known.push(directory);
    }
  }
  const found = new Map([...direct].sort(([left], [right]) => (left < right ? -1 : 1)));
  const open = [...found.keys()];
  for (let index = 0; index < open.length; index += 1) {
    const target = open[index] ?? '';
    for (const directory of dependents.get(target) ?? []) {
      if (found.has(directory)) continue;
      found.set(directory, `depends on ${named(target)}`);
      open.push(directory);
    }
  }
  return found;
}

/** Folders whose package.json was deleted and that lie in no package now. */
function formerFolders(
  { paths }: Change,
  files: RepositoryFiles,
  { root }: Project,
  owner: (path: string) => Owner,
): readonly string[] {
  return paths
    .filter((path) => path.endsWith('/package.json') && !files.has(path) && isWithin(root.directory, path))
    .filter((path) => owner(path).kind === 'outside' && folderOf(path) !== root.directory)
    .map(folderOf);
}

/** Packages that still name a deleted one, to the reason. */
async function goneFrom(
  { before }: Change,
  former: readonly string[],
  { root, members }: Project,
): Promise<ReadonlyMap<string, string>> {
  const present = new Set([root, ...members].map(({ name }) => name));
  const texts = await inBatches(former, (folder) => before(inFolder(folder, 'package.json')), 8);
  const gone = texts.map(nameIn).filter((name) => name !== undefined && !present.has(name));
  const reasons = [root, ...members].flatMap(({ directory, dependencies }) => {
    const name = gone.find((candidate) => candidate !== undefined && dependencies.has(candidate));
    return name === undefined ? [] : [[directory, `depends on ${named(name)}, which was deleted`] as const];
  });
  return new Map(reasons);
}

function nameIn(manifest: string | undefined): string | undefined {
  const parsed = manifest === undefined ? { value: undefined } : parseJson(manifest);
  const name: unknown = 'value' in parsed ? fieldOf(parsed.value, 'name') : undefined;
  return typeof name === 'string' ? name : undefined;
}
