import { fieldOf } from './json.ts';
import type { LockEntry, LockGraph, Unfollowable } from './lockfile-graph.ts';

/** pnpm-lock.yaml of the format 9.0 (pnpm 9 to 11): `importers`, `packages` and `snapshots`. */
export async function pnpmLock(text: string): Promise<LockGraph | Unfollowable> {
  const { parse } = await import('yaml');
  let file: unknown;
  try {
    file = parse(text, { logLevel: 'silent', maxAliasCount: 0, uniqueKeys: false });
  } catch {
    return { problem: 'it is not YAML' };
  }
  if (fieldOf(file, 'lockfileVersion') !== '9.0') return { problem: 'it is not of the format 9.0 of pnpm' };
  const packages = mapOf(fieldOf(file, 'packages'));
  const snapshots = mapOf(fieldOf(file, 'snapshots'));
  const entries = new Map<string, LockEntry>();
  for (const [key, snapshot] of snapshots) {
    const needs = keysOf(snapshot, ['dependencies', 'optionalDependencies'], (value) => value, snapshots);
    if ('problem' in needs) return needs;
    // Behind the version stand the peers that this one is resolved with.
    const described = packages.get(key.replace(/\(.*$/s, ''));
    entries.set(key, { identity: JSON.stringify([described, snapshot]), needs: needs.keys });
  }
  const roots = new Map<string, readonly string[]>();
  for (const [folder, importer] of mapOf(fieldOf(file, 'importers'))) {
    const kinds = ['dependencies', 'devDependencies', 'optionalDependencies'];
    const needs = keysOf(importer, kinds, (value) => fieldOf(value, 'version'), snapshots);
    if ('problem' in needs) return needs;
    roots.set(folder === '.' ? '' : folder, needs.keys);
  }
  const rest = [...mapOf(file)].filter(
    ([name]) => !['importers', 'packages', 'snapshots', 'catalogs', 'time'].includes(name),
  );
  return { whole: JSON.stringify(rest), entries, roots };
}

function keysOf(
  owner: unknown,
  kinds: readonly string[],
  versionOf: (value: unknown) => unknown,
  snapshots: ReadonlyMap<string, unknown>,
): { readonly keys: readonly string[] } | Unfollowable {
  const keys: string[] = [];
  for (const kind of kinds) {
    for (const [name, value] of mapOf(fieldOf(owner, kind))) {
      const version = versionOf(value);
      if (typeof version !== 'string') return { problem: 'it does not hold every dependency' };
      if (version.startsWith('link:')) continue;
      // An alias, an archive and a git address stand there with their whole key.
      const key = [`${name}@${version}`, version].find((candidate) => snapshots.has(candidate));
      if (key !== undefined) keys.push(key);
      else if (kind !== 'optionalDependencies') return { problem: 'it does not hold every dependency' };
    }
  }
  return { keys };
}

function mapOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []);
}
