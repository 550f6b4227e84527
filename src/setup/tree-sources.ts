import { shown } from '../runtime/errors.ts';
import { isMap } from '../runtime/yaml.ts';
import type { Dialect } from './dialect.ts';
import { mapAt } from './manifest.ts';

/** Where a package.json can name where packages come from. */
const DEPENDENCIES = ['dependencies', 'devDependencies', 'optionalDependencies'];
const REPLACEMENTS = ['resolutions', 'overrides'];

/** A folder, a repository or a generator: what comes from there is not said by the lockfile alone. */
const LOCAL = /^(?:file|portal|exec|git|git\+\w+|github|gitlab|bitbucket):|^[\w-]+\/[\w.-]+(?:#|$)/;

/** The first dependency of a package.json that comes from no registry: `"own" from "file:./own"`. */
export function localDependency(json: unknown): string | undefined {
  const fields = isMap(json) ? json : {};
  const direct = DEPENDENCIES.flatMap((kind) => Object.entries(mapAt(fields, kind)));
  const replaced = [...REPLACEMENTS.map((name) => mapAt(fields, name)), mapAt(mapAt(fields, 'pnpm'), 'overrides')];
  const found = [...direct, ...replaced.flatMap((map) => leavesOf(map, 20))].find(([, range]) => {
    return typeof range === 'string' && LOCAL.test(range);
  });
  return found === undefined ? undefined : `${shown(found[0])} from ${shown(found[1], 100)}`;
}

/** npm's overrides are nested as deep as the packages are. */
function leavesOf(map: Readonly<Record<string, unknown>>, depth: number): readonly (readonly [string, unknown])[] {
  return Object.entries(map).flatMap(([name, value]) => {
    return isMap(value) && depth > 0 ? leavesOf(value, depth - 1) : [[name, value] as const];
  });
}

/** Patches that are part of the key of a tree. */
export const PATCH = /\.(?:patch|diff)$|(?:^|\/)patches\//;

/**
 * The first package of a lockfile of Yarn since 2 or bun whose content is not said by that lockfile and what else is
 * part of the key, also one that another package needs: `"own@file:./own"`.
 *
 * @param text lockfile; bun's binary one as bun prints it
 */
export function foreignPackage(dialect: Dialect, text: string): string | undefined {
  const isBinary = dialect === 'bun' && text.includes('\n# yarn lockfile v1\n');
  const found = isBinary ? inYarn1(text) : dialect === 'bun' ? inBun(text) : inYarn(text);
  return found === undefined ? undefined : shown(found, 200);
}

/** `resolution: "left@npm:1.0.0"` (yarnpkg.com/protocols). */
function inYarn(text: string): string | undefined {
  const resolutions = [...text.matchAll(/^ {2}resolution: "?(.+?)"?$/gm)].map(([, resolution = '']) => resolution);
  return resolutions.find((resolution) => {
    const [, source = ''] = /^(?:@[^@/]+\/)?[^@/]+@(.*)$/s.exec(resolution) ?? [];
    // An address with a fragment is a repository's, at a commit.
    return !/^(?:(?:npm|workspace|link):|https?:[^#]*$)/.test(source) && !isKnownPatch(source);
  });
}

/**
 * `patch:left@npm%3A1.0.0#~/.yarn/patches/left.patch::version=1.0.0&hash=3f9422`, several files with `&` between them,
 * those of Yarn itself as `optional!builtin<compat/fsevents>`.
 */
function isKnownPatch(source: string): boolean {
  const [, of = '', files = ''] = /^patch:[^#]*@(npm|https?|patch)%3A[^#]*#(.*?)(?:::.*)?$/s.exec(source) ?? [];
  // A patch of what was patched repeats the other's name inside its own; that is an entry of its own, too.
  if (of === '') return false;
  return files.split('&').every((file) => /^(?:optional!|~)?builtin<[\w/.-]+>$/.test(file) || PATCH.test(file));
}

/** `"left": ["left@1.0.0", …]` (bun.com/docs/install/lockfile). */
function inBun(text: string): string | undefined {
  const ids = [...text.matchAll(/^ {4}"(?:[^"\\]|\\.)+": \["((?:[^"\\]|\\.)+)"/gm)].map(([, id = '']) => id);
  return ids.find((id) => !/^(?:@[^@/]+\/)?[^@/]+@(?:\d|workspace:|root:|link:)/.test(id));
}

/** As bun prints its binary lockfile: an entry is a name, an address and a hash. */
function inYarn1(text: string): string | undefined {
  const entries = text.split(/\n\n+/).filter((entry) => /^ {2}resolved /m.test(entry));
  const foreign = entries.find((entry) => {
    const [, address = ''] = /^ {2}resolved "([^"]*)"$/m.exec(entry) ?? [];
    return !address.startsWith('workspace:') && !(/^https?:/.test(address) && /^ {2}integrity \S/m.test(entry));
  });
  return foreign?.split('\n', 1)[0]?.replace(/:$/, '');
}
