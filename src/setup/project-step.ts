import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Environment } from '../runtime/environment.ts';
import type { OpenGroup } from '../runtime/log.ts';
import { fetchPrivate, frozenInstall, type Installed, installEnvironment, runInstall } from './install.ts';
import type { InstallFailure } from './install-failures.ts';
import { type Host, packagesOfNpm, packagesOfPnpm } from './locked-packages.ts';
import { type Lockfile, pnpmLockfileVersion, readLockfile } from './lockfiles.ts';
import type { ManagerInstallation } from './manager-download.ts';
import { type RegistryToken, writeTokenFile } from './npm-token.ts';
import { npmSpecs, pnpmLockfile, privatePackages } from './private-packages.ts';
import { npmrcOf, projectRegistries } from './registry-settings.ts';

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
  const { manager, args, environment, token, openGroup } = install;
  const program = join(manager.folder, manager.name);
  const env = installEnvironment(environment, manager.name, token !== undefined);
  if (token !== undefined) {
    const failure = await inGroup(openGroup, `fetch private packages from ${new URL(token.registry).host}`, (write) => {
      return fetchWithToken(install, program, env, token, write);
    });
    if (failure !== undefined) return failure;
  }
  const command = frozenInstall(manager.name, args);
  return inGroup(openGroup, `${manager.name} ${command.join(' ')}`, (write) => {
    const { signal, lockfile } = install;
    return runInstall({ manager: manager.name, program, args: command, cwd: lockfile.folder, env, signal, write });
  });
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

async function fetchWithToken(
  install: ProjectInstall,
  program: string,
  env: Environment,
  token: RegistryToken,
  write: (text: string) => void,
): Promise<InstallFailure | undefined> {
  const { manager, lockfile, tokenFolder, host, signal } = install;
  const text = await readLockfile(lockfile);
  const settings = await projectRegistries(lockfile.folder);
  const isNpm = manager.name === 'npm';
  const locked = isNpm ? packagesOfNpm(text, lockfile.place, host) : await packagesOfPnpm(text, lockfile.place, host);
  const wanted = privatePackages(locked, token, settings, await install.outsideRegistry());
  if (wanted.length === 0) return undefined;
  return fetchPrivate({
    manager: manager.name,
    program,
    folder: tokenFolder,
    writeToken: (folder) => writeTokenFile(folder, token, env),
    npmrc: npmrcOf(settings),
    wanted: isNpm
      ? { archives: npmSpecs(wanted, token) }
      : { lockfile: pnpmLockfile(wanted, token, pnpmLockfileVersion(text) ?? '') },
    store: await install.store(),
    env,
    signal,
    write,
  });
}
