import type { LockEntry, LockGraph, Unfollowable } from './lockfile-graph.ts';

/** One block of a yarn.lock: descriptors, fields, and what it depends on. */
interface Block {
  readonly descriptors: readonly string[];
  readonly fields: ReadonlyMap<string, string>;
  readonly dependencies: readonly (readonly [string, string])[];
  readonly text: string;
}

/** A package of the project with what its manifest asks for; folder from the lockfile's, `` for that itself. */
export interface YarnPackage {
  readonly folder: string;
  readonly name: string | undefined;
  readonly dependencies: ReadonlyMap<string, string>;
}

/**
 * yarn.lock, of Yarn 1 (classic.yarnpkg.com/docs/yarn-lock) and of Yarn 2 and newer (a subset of YAML with the same
 * shape): blocks of descriptors with a version, and their dependencies as descriptors again.
 *
 * @param packages of the project as they are now: Yarn 1 lists them nowhere
 * @param isEarlier whether the lockfile is older than the packages: then it need not hold what they ask for
 */
export function yarnLock(text: string, packages: readonly YarnPackage[], isEarlier: boolean): LockGraph | Unfollowable {
  const blocks = blocksOf(text);
  const byDescriptor = new Map(blocks.flatMap((block) => block.descriptors.map((one) => [one, block] as const)));
  const known: Known = { byDescriptor, names: new Set(packages.map(({ name }) => name)) };
  const metadata = byDescriptor.get('__metadata');
  const entries = new Map<string, LockEntry>();
  for (const block of blocks) {
    if (isOwn(block) || block === metadata) continue;
    const needs = resolved(block.dependencies, known, false);
    if ('problem' in needs) return needs;
    entries.set(keyOf(block), { identity: identityOf(block), needs: needs.keys });
  }
  const roots = new Map<string, readonly string[]>();
  for (const { folder, name, dependencies } of packages) {
    const own = byDescriptor.get(`${name ?? ''}@workspace:${folder || '.'}`);
    const needs = resolved(own?.dependencies ?? dependencies, known, isEarlier);
    if ('problem' in needs) return needs;
    roots.set(folder, needs.keys);
  }
  return { whole: metadata?.text.trim() ?? '', entries, roots };
}

interface Known {
  readonly byDescriptor: ReadonlyMap<string, Block>;
  /** Names of the project's packages: what leads to one of them is no entry. */
  readonly names: ReadonlySet<string | undefined>;
}

/** @param mayLack whether a dependency that the lockfile does not hold is a key of its own instead of a problem */
function resolved(
  dependencies: Iterable<readonly [string, string]>,
  { byDescriptor, names }: Known,
  mayLack: boolean,
): { readonly keys: readonly string[] } | Unfollowable {
  const keys: string[] = [];
  for (const [name, range] of dependencies) {
    const block = byDescriptor.get(`${name}@${range}`) ?? byDescriptor.get(`${name}@npm:${range}`);
    if (block !== undefined && !isOwn(block)) keys.push(keyOf(block));
    if (block !== undefined || names.has(name)) continue;
    if (!mayLack) return { problem: 'it does not hold every dependency' };
    keys.push(`not there: ${name}@${range}`);
  }
  return { keys };
}

function isOwn({ fields }: Block): boolean {
  return fields.get('linkType') === 'soft' || (fields.get('resolution') ?? '').includes('@workspace:');
}

/** Yarn 1 writes no resolution: the name without the range, which more or less packages can ask for, and the version. */
function keyOf({ fields, descriptors: [first = ''] }: Block): string {
  return fields.get('resolution') ?? `${first.replace(/(?!^)@.*$/s, '')}@${fields.get('version') ?? ''}`;
}

function identityOf({ fields, dependencies }: Block): string {
  const sorted = [...fields].sort(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify([sorted, dependencies]);
}

function blocksOf(text: string): readonly Block[] {
  return text
    .replaceAll('\r\n', '\n')
    .split(/\n(?=[^\s#])/)
    .flatMap((block) => {
      const lines = block.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      const [header = '', ...rest] = lines;
      return /^\S.*:$/.test(header) ? [blockOf(header, rest, block)] : [];
    });
}

function blockOf(header: string, lines: readonly string[], text: string): Block {
  // Yarn 1 quotes each descriptor, Yarn 2 the whole list.
  const descriptors = header.slice(0, -1).replaceAll('"', '').split(/,\s*/);
  const fields = new Map<string, string>();
  const dependencies: (readonly [string, string])[] = [];
  let section = '';
  for (const line of lines) {
    const [, indent = '', quoted, plain = '', rest = ''] = /^(\s+)(?:"([^"]+)"|([^\s":]+)):?\s*(.*)$/.exec(line) ?? [];
    const name = quoted ?? plain;
    const value = rest.replaceAll('"', '');
    if (indent.length === 2) {
      section = value === '' ? name : '';
      if (value !== '') fields.set(name, value);
    } else if (section === 'dependencies' || section === 'optionalDependencies') dependencies.push([name, value]);
    else if (section !== '') fields.set(`${section} ${name}`, value);
  }
  return { descriptors, fields, dependencies, text };
}
