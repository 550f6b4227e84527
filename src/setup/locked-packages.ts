import { isMap, parseYaml } from '../runtime/yaml.ts';
import { brokenLockfile, pnpmLockfileVersion } from './lockfiles.ts';
import { mapAt } from './manifest.ts';

/** A package as a lockfile names it; every text is foreign. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** Where it comes from, where the lockfile says: an address, a git repository, a folder. */
  readonly resolved: string | undefined;
  /** Subresource Integrity of its archive. */
  readonly integrity: string | undefined;
}

/** What packages are installed for. */
export interface Host {
  readonly platform: string;
  readonly arch: string;
}

type Entry = Readonly<Record<string, unknown>>;

/**
 * The packages of a package-lock.json or npm-shrinkwrap.json of any version that come from elsewhere and fit the host:
 * `packages` since version 2 of the format, else nested `dependencies` (npm documentation, package-lock.json).
 *
 * @throws ConfigurationError PIPE-SETUP-015 when it is no such lockfile
 */
export function packagesOfNpm(text: string, place: string, host: Host): readonly LockedPackage[] {
  const lockfile = parseNpm(text, place);
  if (!isMap(lockfile['packages'])) return nested(mapAt(lockfile, 'dependencies'), host, 0);
  return Object.entries(lockfile['packages']).flatMap(([path, entry]) => {
    const installed = path.lastIndexOf('node_modules/');
    if (installed < 0 || !isMap(entry) || entry['link'] === true || !fits(entry, host)) return [];
    const name = typeof entry['name'] === 'string' ? entry['name'] : path.slice(installed + 'node_modules/'.length);
    return locked(name, entry);
  });
}

function parseNpm(text: string, place: string): Entry {
  try {
    const value: unknown = JSON.parse(text);
    if (isMap(value)) return value;
  } catch (error) {
    throw brokenLockfile(place, 'it is not JSON', error);
  }
  throw brokenLockfile(place, 'it is not a JSON object');
}

function nested(dependencies: Entry, host: Host, depth: number): readonly LockedPackage[] {
  if (depth > 64) return [];
  return Object.entries(dependencies).flatMap(([name, entry]) => {
    return isMap(entry) ? [...locked(name, entry), ...nested(mapAt(entry, 'dependencies'), host, depth + 1)] : [];
  });
}

function locked(name: string, { version, resolved, integrity }: Entry): readonly LockedPackage[] {
  if (typeof version !== 'string') return [];
  return [{ name, version, resolved: textOr(resolved), integrity: textOr(integrity) }];
}

function textOr(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/**
 * The packages of a pnpm-lock.yaml (formats 6 and 9, pnpm 8 and later) that come from a registry and fit the host.
 *
 * @throws ConfigurationError PIPE-SETUP-015 when it is another format or no YAML
 */
export async function packagesOfPnpm(text: string, place: string, host: Host): Promise<readonly LockedPackage[]> {
  const format = pnpmLockfileVersion(text);
  if (format === undefined || !/^[69]\./.test(format)) {
    throw brokenLockfile(place, '`npm-token` needs one that pnpm 8 or later wrote');
  }
  const parsed = await parseYaml(text);
  if ('problem' in parsed) throw brokenLockfile(place, parsed.problem);
  const packages = isMap(parsed.value) ? mapAt(parsed.value, 'packages') : {};
  return Object.entries(packages).flatMap(([key, entry]) => {
    // `/@scope/name@1.0.0(peer@2.0.0)` in format 6, `@scope/name@1.0.0` in format 9.
    const [, name, version] = /^\/?(@?[^@]+)@([^(]+)/.exec(key) ?? [];
    if (name === undefined || version === undefined || !isMap(entry) || !fits(entry, host)) return [];
    const { tarball, integrity } = mapAt(entry, 'resolution');
    // Folders and git repositories have none.
    if (typeof integrity !== 'string') return [];
    return [{ name, version, resolved: textOr(tarball), integrity }];
  });
}

/** Whether a package is for this host: `os` and `cpu` list what they accept, or with `!` what they do not. */
function fits(entry: Entry, { platform, arch }: Host): boolean {
  return accepts(entry['os'], platform) && accepts(entry['cpu'], arch);
}

function accepts(list: unknown, value: string): boolean {
  const items: readonly unknown[] = Array.isArray(list) ? list : [];
  if (items.includes(`!${value}`)) return false;
  return items.includes(value) || items.every((item) => typeof item === 'string' && item.startsWith('!'));
}
