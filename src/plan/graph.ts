import { posix } from 'node:path';
import type { Manifest } from './manifest.ts';
import { isWithin } from './paths.ts';

/** The packages of a workspace and which of them depend on which, by folder. */
export interface PackageGraph {
  /** Folders of the packages that each depends on, sorted; a package is never its own dependency. */
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
  /** Every folder, dependencies first; packages of a cycle by folder. */
  readonly order: readonly string[];
  /** Groups of packages that depend on each other in a circle. */
  readonly cycles: readonly (readonly string[])[];
}

/** Whether a version of a package satisfies a range. */
export type Satisfies = (version: string, range: string) => boolean;

/**
 * The graph between packages of a workspace. Package P depends on Q when one of its four kinds of dependencies names Q
 * with `workspace:` (also as an alias, `workspace:q@*`) or `catalog:`, a range that Q's version satisfies (any range
 * where Q has no version), or leads to Q's folder with `file:`, `link:` or `portal:`. Archives, git addresses, `npm:`
 * aliases and ranges that Q does not satisfy come from a registry.
 */
export function graphOf(manifests: readonly Manifest[], satisfies: Satisfies): PackageGraph {
  const byName = new Map(
    manifests.flatMap((manifest) => (manifest.name === undefined ? [] : [[manifest.name, manifest]])),
  );
  const folders = new Set(manifests.map(({ directory }) => directory));
  const dependencies = new Map<string, readonly string[]>();
  for (const { directory, dependencies: specifications } of manifests) {
    const found = new Set<string>();
    for (const [name, specification] of specifications) {
      const target = targetOf(name, specification, directory, { byName, folders, satisfies });
      if (target !== undefined && target !== directory) found.add(target);
    }
    dependencies.set(directory, [...found].sort());
  }
  const groups = componentsOf([...folders].sort(), dependencies);
  return { dependencies, order: groups.flat(), cycles: groups.filter((group) => group.length > 1) };
}

interface Names {
  readonly byName: ReadonlyMap<string, Manifest>;
  readonly folders: ReadonlySet<string>;
  readonly satisfies: Satisfies;
}

function targetOf(name: string, specification: string, from: string, names: Names): string | undefined {
  const [, protocol = '', rest = ''] = /^(?:([a-z+]+):)?(.*)$/s.exec(specification.trim()) ?? [];
  if (['file', 'link', 'portal'].includes(protocol)) return folderAt(rest, from, names);
  if (protocol === 'workspace') {
    if (/^\.{1,2}(\/|$)/.test(rest)) return folderAt(rest, from, names);
    const alias = /^((?:@[^/@]+\/)?[^@]+)@/.exec(rest)?.[1];
    return names.byName.get(alias ?? name)?.directory;
  }
  const target = names.byName.get(name);
  if (target === undefined || protocol === 'catalog') return target?.directory;
  if (protocol !== '' || rest.includes('/')) return undefined;
  return target.version === undefined || names.satisfies(target.version, rest) ? target.directory : undefined;
}

function folderAt(path: string, from: string, { folders }: Names): string | undefined {
  if (path.length > 4_096) return undefined;
  const folder = posix.join(from, path.replace(/^\/\//, '')).replace(/\/$/, '') || '.';
  return folders.has(folder) && isWithin('.', folder) ? folder : undefined;
}

interface Frame {
  readonly folder: string;
  next: number;
}

/**
 * Strongly connected components, dependencies first (Tarjan 1972), without recursion: a chain of ten thousand packages
 * is deeper than the stack.
 */
function componentsOf(
  folders: readonly string[],
  dependencies: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const waiting: string[] = [];
  const isWaiting = new Set<string>();
  const components: (readonly string[])[] = [];
  const path: Frame[] = [];
  const enter = (folder: string) => {
    index.set(folder, index.size);
    low.set(folder, index.size - 1);
    waiting.push(folder);
    isWaiting.add(folder);
    path.push({ folder, next: 0 });
  };
  const lower = (folder: string, value: number) => low.set(folder, Math.min(low.get(folder) ?? value, value));
  const leave = ({ folder }: Frame) => {
    path.pop();
    const parent = path.at(-1);
    if (parent !== undefined) lower(parent.folder, low.get(folder) ?? 0);
    if (low.get(folder) !== index.get(folder)) return;
    const component = waiting.splice(waiting.lastIndexOf(folder));
    for (const member of component) isWaiting.delete(member);
    components.push(component.sort());
  };
  for (const start of folders) {
    if (!index.has(start)) enter(start);
    for (let frame = path.at(-1); frame !== undefined; frame = path.at(-1)) {
      const target = dependencies.get(frame.folder)?.[frame.next];
      frame.next += 1;
      if (target === undefined) leave(frame);
      else if (!index.has(target)) enter(target);
      else if (isWaiting.has(target)) lower(frame.folder, index.get(target) ?? 0);
    }
  }
  return components;
}

/** The folders that `start` depends on, directly or through others, without itself. */
export function dependenciesOf(start: string, { dependencies }: PackageGraph): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [start];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const target of dependencies.get(folder) ?? []) {
      if (target === start || found.has(target)) continue;
      found.add(target);
      open.push(target);
    }
  }
  return found;
}
