import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Environment } from '../runtime/environment.ts';
import { contains } from '../runtime/files.ts';
import type { OpenGroup } from '../runtime/log.ts';
import { type Dialect, dialectOf } from './dialect.ts';
import { type FetchPlan, fetchPlan } from './fetch-plan.ts';
import { frozenInstall, type Installed, installEnvironment, runInstall } from './install.ts';
import type { InstallFailure } from './install-failures.ts';
import { type Host, type LockedPackage, packagesOfNpm, packagesOfPnpm } from './locked-packages.ts';
import { packagesOfBun } from './locked-packages-bun.ts';
import { packagesOfYarn, packagesOfYarnClassic, yarnMetadata } from './locked-packages-yarn.ts';
import { lockfileText } from './lockfile-text.ts';
import { type Lockfile, pnpmLockfileVersion } from './lockfiles.ts';
import type { ManagerInstallation } from './manager-source.ts';
import { type RegistryToken, writeTokenFile } from './npm-token.ts';
import { fetchPrivate } from './private-fetch.ts';
import { privatePackages } from './private-packages.ts';
import { projectRegistries } from './registry-settings.ts';
import { unsetVariables } from './unset-variables.ts';
import { compressionLevel } from './yarn-settings.ts';

export interface ProjectInstall {
  readonly manager: ManagerInstallation;
  readonly lockfile: Lockfile;
  /** Further arguments of the install. */
  readonly args: readonly string[];
  /** Of project code, with the chosen Node and package manager first on PATH. */
  readonly environment: Environment;
  /** The token for private packages, where there is one. */
  readonly token: RegistryToken | undefined;
  /** The registry that is set up outside the project; asked only with a token. */
  readonly outsideRegistry: () => Promise<string>;
  /** Absolute path of the package store; undefined where it is not known. Asked only with a token. */
  readonly store: () => Promise<string | undefined>;
  /** Absolute path of a folder that does not exist yet, for the token; removed before the install starts. */
  readonly tokenFolder: string;
  readonly host: Host;
  readonly signal: AbortSignal;
  /** Opens a folded part of the log. */
  readonly openGroup: (title: string) => OpenGroup;
}

/** Where a token's folder goes: outside the workspace, so that no build and no artifact takes it along. */
export function tokenFolderIn(temp: string): string {
  return join(temp, `pipelines-npm-${randomUUID()}`);
}

/**
 * Fetches private packages with the token, then installs without it: project code, the install's scripts included,
 * never runs while the token is on the machine.
 */
export async function installProject(install: ProjectInstall): Promise<Installed | InstallFailure> {
  const { manager, args, environment, token, openGroup, lockfile, signal } = install;
  const dialect = dialectOf(manager);
  const program = join(manager.folder, manager.name);
  const env = await environmentFor(install, dialect, environment);
  if (token !== undefined) {
    const failure = await inGroup(openGroup, `fetch private packages from ${new URL(token.registry).host}`, (write) => {
      return fetchWithToken(install, { dialect, program, env, token, write });
    });
    if (failure !== undefined) return failure;
  }
  const command = frozenInstall(dialect, args);
  return inGroup(openGroup, `${manager.name} ${command.join(' ')}`, (write) => {
    return runInstall({ dialect, program, args: command, cwd: lockfile.folder, env, signal, write });
  });
}

/** The install's environment. With the token both runs need one store, which Yarn looks for in two places. */
async function environmentFor(install: ProjectInstall, dialect: Dialect, base: Environment): Promise<Environment> {
  const isYarn = dialect === 'yarn' || dialect === 'yarn-classic';
  const unset = isYarn ? await unsetVariables(install.lockfile.folder, base) : {};
  const env = installEnvironment({ ...base, ...unset }, dialect, install.token !== undefined);
  if (install.token === undefined || dialect !== 'yarn') return env;
  const store = await install.store();
  const isGlobal = store !== undefined && !contains(install.lockfile.folder, store);
  const folder = isGlobal ? dirname(store) : join(base['HOME'] ?? install.tokenFolder, '.yarn', 'berry');
  return { ...env, YARN_GLOBAL_FOLDER: folder, YARN_ENABLE_MIRROR: 'true' };
}

async function inGroup<T>(
  openGroup: ProjectInstall['openGroup'],
  title: string,
  work: (write: (text: string) => void) => Promise<T>,
): Promise<T> {
  const group = openGroup(title);
  try {
    return await work(group.write);
  } finally {
    group.close();
  }
}

interface TokenRun {
  readonly dialect: Dialect;
  readonly program: string;
  readonly env: Environment;
  readonly token: RegistryToken;
  readonly write: (text: string) => void;
}

async function fetchWithToken(install: ProjectInstall, run: TokenRun): Promise<InstallFailure | undefined> {
  const { dialect, program, env, token, write } = run;
  const plan = await planFor(install, run);
  if (plan === undefined) return undefined;
  const { tokenFolder, signal } = install;
  const writeToken = (folder: string) => writeTokenFile(folder, token, env);
  return fetchPrivate({ dialect, program, folder: tokenFolder, writeToken, plan, env, signal, write });
}

async function planFor(install: ProjectInstall, run: TokenRun): Promise<FetchPlan | undefined> {
  const { dialect, token } = run;
  const { folder } = install.lockfile;
  const { program, env } = run;
  const { tokenFolder, signal } = install;
  const text = await lockfileText(install.lockfile, { program, environment: env, temp: dirname(tokenFolder), signal });
  const settings = await projectRegistries(folder);
  const outside = await install.outsideRegistry();
  const packages = privatePackages(await packagesIn(text, install, dialect), token, settings, outside);
  if (packages.length === 0) return undefined;
  const metadata = dialect === 'yarn' ? yarnMetadata(text) : undefined;
  return fetchPlan(dialect, {
    packages,
    token,
    settings,
    outside,
    store: await install.store(),
    format: metadata?.version ?? pnpmLockfileVersion(text) ?? '',
    yarn: { cacheKey: metadata?.cacheKey, compressionLevel: await compressionLevel(folder) },
  });
}

async function packagesIn(
  text: string,
  { lockfile, host }: ProjectInstall,
  dialect: Dialect,
): Promise<readonly LockedPackage[]> {
  const { name, place } = lockfile;
  if (dialect === 'npm') return packagesOfNpm(text, place, host);
  if (dialect === 'pnpm') return packagesOfPnpm(text, place, host);
  if (dialect === 'yarn') return packagesOfYarn(text, place);
  return name === 'bun.lock' ? packagesOfBun(text, place) : packagesOfYarnClassic(text);
}
