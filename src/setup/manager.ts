import { readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { capture } from '../runtime/process.ts';
import { isMap } from '../runtime/yaml.ts';
import { yarnMetadata } from './locked-packages-yarn.ts';
import { type ManagerName, pnpmLockfileVersion } from './lockfiles.ts';
import { cachedManager, downloadManager } from './manager-download.ts';
import type { ManagerInstallation, ManagerSource } from './manager-source.ts';
import type { ManagerRequest } from './package-manager.ts';
import { findProgram } from './programs.ts';
import { loadSemver } from './semver.ts';

/** What a project asks for, as a range or an exact version, with the reason for the log. */
export interface ManagerWish {
  readonly name: ManagerName;
  readonly version: string;
  readonly reason: string;
}

/** pnpm's major for each version of its lockfile's format (pnpm.io, release notes). */
const PNPM_FOR_LOCKFILE: Readonly<Record<string, string>> = { '5.3': '6', '5.4': '7', '6.0': '8', '6.1': '8' };

/**
 * Format 9.0 is written by pnpm 9 and all since. 10 reads every project of 9, runs on every Node that has support, and
 * does not yet fail installs over build scripts that nobody has approved, as 11 does.
 */
const PNPM_FOR_OTHERS = '10';

/** Yarn's major for each version of its lockfile's format (yarnpkg/berry, LOCKFILE_VERSION over its releases). */
const YARN_FOR_LOCKFILE: Readonly<Record<string, string>> = { '4': '2', '5': '3', '6': '3', '7': '4', '8': '4' };

/**
 * The version to use where nobody asks for one: any npm, any bun since 1; of pnpm and Yarn the major that writes the
 * lockfile's format.
 *
 * @param own version of the one on PATH, which is taken where it fits
 */
export function versionForLockfile(
  name: ManagerName,
  lockfile: string | undefined,
  own: string | undefined,
): ManagerWish {
  if (name === 'npm') return { name, version: '*', reason: 'no version is asked for' };
  if (name === 'bun') return { name, version: '>=1', reason: 'no version is asked for' };
  const format = (name === 'pnpm' ? pnpmLockfileVersion : yarnFormat)(lockfile ?? '');
  const because = `lockfile format ${format ?? 'unknown'}; \`packageManager\` in package.json would name the version`;
  if (name === 'yarn') {
    const major = format === '1' ? '1' : (YARN_FOR_LOCKFILE[format ?? ''] ?? '>=4');
    return { name, version: major, reason: because };
  }
  const major = PNPM_FOR_LOCKFILE[format ?? ''];
  if (major !== undefined) return { name, version: major, reason: because };
  const fits = own !== undefined && Number.parseInt(own, 10) >= 9;
  return { name, version: fits ? own : PNPM_FOR_OTHERS, reason: because };
}

/** The format of a yarn.lock: 1 is Yarn 1's, which an empty one is, too. */
function yarnFormat(lockfile: string): string {
  return yarnMetadata(lockfile)?.version ?? '1';
}

/**
 * A package manager for a request: the one on PATH (npm comes with Node) where it satisfies, else the tool cache, else
 * a download. Where the project states a hash, only what was checked against it is used.
 *
 * @param source asked only for a download
 * @throws ConfigurationError PIPE-SETUP-020 when it does not run on this Node, and those of downloadManager
 */
export async function provideManager(
  wish: ManagerWish,
  hash: ManagerRequest['hash'],
  own: ManagerInstallation | undefined,
  source: () => Promise<ManagerSource>,
  { cache, node }: Pick<ManagerSource, 'cache' | 'node'>,
): Promise<ManagerInstallation> {
  const { satisfies } = await loadSemver();
  const { name, version } = wish;
  if (hash === undefined && own !== undefined && satisfies(own.version, version)) return own;
  const cached = await cachedManager(name, version, hash, cache);
  const found = cached ?? (await downloadManager(name, version, hash, await source()));
  await assertRuns(found, node);
  return found;
}

async function assertRuns({ name, version, folder }: ManagerInstallation, node: string): Promise<void> {
  const manifest = await packageOf(join(folder, name));
  const engines = isMap(manifest?.['engines']) ? manifest['engines'] : {};
  const needed = engines['node'];
  const { satisfies } = await loadSemver();
  if (typeof needed !== 'string' || satisfies(node, needed)) return;
  throw new ConfigurationError({
    code: 'PIPE-SETUP-020',
    what: `${name} ${version} does not run on Node ${node}`,
    given: `Node ${node}`,
    accepted: `Node ${shown(needed)}`,
    remedy: `ask for a newer Node (.nvmrc, the input \`node-version\`) or an older ${name} (\`packageManager\`)`,
    state: 'nothing was installed',
  });
}

/**
 * The package manager on PATH, by the package.json it came with, else by what it says itself. Corepack's stand-ins do
 * not count: they download at their first start, unchecked.
 *
 * @param cwd folder outside the project
 */
export async function managerOnPath(
  name: ManagerName,
  environment: Environment,
  cwd: string,
  signal: AbortSignal,
): Promise<ManagerInstallation | undefined> {
  const program = await findProgram(name, environment);
  if (program === undefined) return undefined;
  const folder = dirname(program);
  const manifest = await packageOf(program);
  if (manifest?.['name'] === 'corepack') return undefined;
  const { version } = manifest ?? {};
  if (manifest?.['name'] === name && typeof version === 'string') return { name, version, folder, origin: 'runner' };
  const { stdout } = await capture(program, ['--version'], { cwd, env: environment, signal, timeout: 60_000 });
  const said = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/.exec(stdout.trim())?.[0];
  return said === undefined ? undefined : { name, version: said, folder, origin: 'runner' };
}

/** The package.json of the package that a program belongs to: beside it or one folder up, as `bin` fields have it. */
async function packageOf(program: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const folder = dirname(await realpath(program));
  const places = /^(bin|dist)$/.test(basename(folder)) ? [dirname(folder)] : [folder];
  for (const place of places) {
    try {
      const value: unknown = JSON.parse(await readFile(join(place, 'package.json'), 'utf8'));
      if (isMap(value)) return value;
    } catch {
      // A program that is no part of a package: it is asked for its version instead.
    }
  }
  return undefined;
}
