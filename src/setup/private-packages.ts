import type { LockedPackage } from './locked-packages.ts';
import type { RegistryToken } from './npm-token.ts';
import { type RegistrySettings, registryOf } from './registry-settings.ts';

const NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i;
const VERSION = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;
/** Subresource Integrity. */
export const INTEGRITY = /^sha\d{1,3}-[A-Za-z0-9+/=]+$/;

/**
 * The packages to fetch with a token: those whose archive the lockfile places below the token's registry, and those
 * that come from it by the project's settings. Names and versions that no registry would accept are left out.
 *
 * @param outside address of the registry that is set up outside the project
 */
export function privatePackages(
  packages: readonly LockedPackage[],
  { registry }: RegistryToken,
  settings: RegistrySettings,
  outside: string,
): readonly LockedPackage[] {
  return packages.filter(({ name, version, resolved }) => {
    if (!NAME.test(name) || !VERSION.test(version)) return false;
    if (resolved !== undefined && isBelow(resolved, registry)) return true;
    return isFromRegistry(resolved) && registryOf(name, settings, outside) === registry;
  });
}

/** Whether an archive's address lies below a registry. */
export function isBelow(address: string, registry: string): boolean {
  return URL.canParse(address) && new URL(address).href.startsWith(`${registry}/`) && !/[\s"'`]/.test(address);
}

/** Without an address, or with one of the web: not a folder, a file or a git repository. */
function isFromRegistry(resolved: string | undefined): boolean {
  return resolved === undefined || /^https?:/.test(resolved);
}

/** Private packages as arguments of `npm cache add`: addresses below the registry, `name@version` for the others. */
export function npmSpecs(packages: readonly LockedPackage[], { registry }: RegistryToken): readonly string[] {
  const specs = packages.map(({ name, version, resolved }) => {
    return resolved !== undefined && isBelow(resolved, registry) ? resolved : `${name}@${version}`;
  });
  return [...new Set(specs)];
}

/**
 * A lockfile for `pnpm fetch` that names private packages and nothing else: no scripts, no patches, and no git
 * repository, whose build would be the project's code running beside the token.
 *
 * @param format that of the project's lockfile: 6.x or 9.x
 */
export function pnpmLockfile(packages: readonly LockedPackage[], token: RegistryToken, format: string): string {
  const usable = packages.filter(({ integrity = '' }) => INTEGRITY.test(integrity));
  const keyOf = ({ name, version }: LockedPackage) => `${format.startsWith('6') ? '/' : ''}${name}@${version}`;
  const dependencies = usable.map((item, index) => {
    const { name, version } = item;
    return [`private-${index}`, { specifier: `npm:${name}@${version}`, version: keyOf(item) }] as const;
  });
  const entries = usable.map((item) => [keyOf(item), { resolution: resolutionOf(item, token) }] as const);
  const snapshots = usable.map((item) => [keyOf(item), {}] as const);
  const importer = { dependencies: Object.fromEntries(dependencies) };
  return JSON.stringify(
    {
      lockfileVersion: format,
      ...(format.startsWith('6') ? importer : { importers: { '.': importer } }),
      packages: Object.fromEntries(entries),
      ...(format.startsWith('6') ? {} : { snapshots: Object.fromEntries(snapshots) }),
    },
    undefined,
    1,
  );
}

/** An address in the lockfile counts only below the token's registry. */
function resolutionOf({ integrity, resolved }: LockedPackage, { registry }: RegistryToken) {
  return resolved !== undefined && isBelow(resolved, registry) ? { integrity, tarball: resolved } : { integrity };
}
