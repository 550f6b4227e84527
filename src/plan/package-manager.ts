import { ConfigurationError, nearest, shown } from '../runtime/errors.ts';
import type { Manifest } from './manifest.ts';
import { inFolder, named } from './paths.ts';
import type { RepositoryFiles } from './repository-files.ts';
import type { PackageManagerName, PlannedPackageManager } from './types.ts';

const NAMES: readonly PackageManagerName[] = ['npm', 'pnpm', 'yarn', 'bun'];

/** Lockfiles in the order in which they decide where there are several. */
const LOCKFILES: readonly (readonly [string, PackageManagerName])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
];

/**
 * The package manager of a project, from the first of these that says it: `packageManager`, else
 * `devEngines.packageManager`, of the nearest package.json that has one; the nearest lockfile (pnpm's, npm's, Yarn's,
 * Bun's); pnpm-workspace.yaml; npm otherwise. The nearest is the one in the project's own folder, else above it.
 *
 * @param folders the project's folder and those above it, nearest first
 * @param manifests their package.json files, as far as they have one
 * @throws ConfigurationError PIPE-PLAN-009 when package.json names one that nobody knows
 */
export function packageManagerOf(
  files: RepositoryFiles,
  folders: readonly string[],
  manifests: readonly Manifest[],
): PlannedPackageManager {
  for (const manifest of manifests) {
    const declared = declaredBy(manifest);
    if (declared !== undefined) return declared;
  }
  const names = folders.flatMap((folder) => lockfilesIn(files, folder));
  const lockfile = LOCKFILES.find(([name]) => name === names[0]);
  if (lockfile !== undefined) return planned(lockfile[1], lockfile[0]);
  if (folders.some((folder) => files.has(inFolder(folder, 'pnpm-workspace.yaml'))))
    return planned('pnpm', 'pnpm-workspace.yaml');
  return planned('npm', 'default');
}

/** The lockfiles in a folder. */
export function lockfilesIn(files: RepositoryFiles, directory: string): readonly string[] {
  return LOCKFILES.map(([name]) => name).filter((name) => files.has(inFolder(directory, name)));
}

function declaredBy(manifest: Manifest): PlannedPackageManager | undefined {
  const { packageManager, devEngine } = manifest;
  if (packageManager !== undefined && packageManager !== '') {
    // name@version, and the hash of the archive behind a plus sign: nodejs.org/api/packages.html#packagemanager
    const [, name = '', version] = /^([^@]*)(?:@([^+]*))?/.exec(packageManager) ?? [];
    return planned(known(manifest, 'packageManager', name), 'packageManager', version);
  }
  if (devEngine === undefined) return undefined;
  return planned(known(manifest, 'devEngines.packageManager.name', devEngine.name), 'devEngines', devEngine.version);
}

function planned(name: PackageManagerName, source: string, version?: string): PlannedPackageManager {
  // One that is no version at all is left to the setup, which refuses it.
  const asked = /^[\w.^~<>=*|+ -]{1,64}$/.test(version ?? '') ? { version: version ?? '' } : {};
  return { name, ...asked, source, supported: true };
}

function known(manifest: Manifest, field: string, name: string): PackageManagerName {
  const found = NAMES.find((candidate) => candidate === name);
  if (found !== undefined) return found;
  const meant = nearest(name, NAMES);
  throw new ConfigurationError({
    code: 'PIPE-PLAN-009',
    what: `\`${field}\` in ${named(inFolder(manifest.directory, 'package.json'))} names a package manager that is not known`,
    given: shown(name),
    accepted: `${meant === undefined ? '' : `\`${meant}\` (nearest), or another of: `}${NAMES.join(', ')}`,
    example: '`"packageManager": "pnpm@10.34.8"`',
    state: 'nothing was planned',
  });
}
