import { fieldOf, parseJson, textsOf } from './json.ts';
import type { LockEntry, LockGraph, Unfollowable } from './lockfile-graph.ts';

/**
 * package-lock.json of the formats 2 and 3 (docs.npmjs.com/cli/configuring-npm/package-lock-json): `packages` maps places
 * to what lies there, and a dependency is found as Node finds it, in the nearest node_modules upwards.
 *
 * @param folders of the project's packages, from the lockfile's folder, `` for that itself
 */
export function npmLock(text: string, folders: readonly string[]): LockGraph | Unfollowable {
  const parsed = parseJson(text);
  const packages = 'value' in parsed ? fieldOf(parsed.value, 'packages') : undefined;
  if (!('value' in parsed) || typeof packages !== 'object' || packages === null || Array.isArray(packages)) {
    return { problem: 'it is not of the formats 2 or 3 of npm' };
  }
  const places = new Map<string, unknown>(Object.entries(packages));
  const entries = new Map<string, LockEntry>();
  const roots = new Map<string, readonly string[]>();
  const own = new Set(folders);
  for (const [place, entry] of places) {
    const needs = needsAt(place, entry, places);
    if ('problem' in needs) return needs;
    if (own.has(place)) roots.set(place, needs.keys);
    // A link leads to a package of the project: the graph of the workspace has it.
    else if (fieldOf(entry, 'link') !== true) entries.set(place, { identity: identityOf(entry), needs: needs.keys });
  }
  const whole = JSON.stringify(['lockfileVersion', 'requires'].map((name) => fieldOf(parsed.value, name)));
  return { whole, entries, roots };
}

/** What is installed at a place; who needs it for what (`dev`, `peer`) does not change that. */
function identityOf(entry: unknown): string {
  return JSON.stringify(['version', 'resolved', 'integrity', 'link'].map((name) => fieldOf(entry, name)));
}

/** Kinds of dependencies; whether one that is not installed is a fault. */
const KINDS = [
  ['dependencies', true],
  ['devDependencies', true],
  ['optionalDependencies', false],
  ['peerDependencies', false],
] as const;

function needsAt(
  place: string,
  entry: unknown,
  places: ReadonlyMap<string, unknown>,
): { readonly keys: readonly string[] } | Unfollowable {
  const optional = new Set(textsOf(fieldOf(entry, 'optionalDependencies')).keys());
  const keys: string[] = [];
  for (const [kind, isNeeded] of KINDS) {
    // What a package of the registry needs to be developed is not installed.
    if (kind === 'devDependencies' && place.includes('node_modules/')) continue;
    for (const name of textsOf(fieldOf(entry, kind)).keys()) {
      const found = placeOf(name, place, places);
      if (found !== undefined) {
        if (fieldOf(places.get(found), 'link') !== true) keys.push(found);
      } else if (isNeeded && !optional.has(name)) return { problem: 'it does not hold every dependency' };
    }
  }
  return { keys };
}

/** Where Node finds a package from a place. */
function placeOf(name: string, from: string, places: ReadonlyMap<string, unknown>): string | undefined {
  let folder = from;
  for (;;) {
    const place = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (places.has(place)) return place;
    if (folder === '') return undefined;
    folder = folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) : '';
  }
}
