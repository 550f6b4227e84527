import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { Environment } from '../runtime/environment.ts';
import { execute } from '../runtime/process.ts';
import { explainFailure, type InstallFailure } from './install-failures.ts';
import { removeTokenFolder } from './npm-token.ts';

export interface InstallStep {
  readonly manager: 'npm' | 'pnpm';
  /** Absolute path of its program. */
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Of project code: without tokens of the runner. */
  readonly env: Environment;
  readonly signal: AbortSignal;
  /** Receives what it prints, as it comes. */
  readonly write: (text: string) => void;
}

export interface Installed {
  /** The command as a person would type it. */
  readonly command: string;
  /** Milliseconds. */
  readonly duration: number;
  /** How many packages, where the package manager says. */
  readonly packages: number | undefined;
}

/** How much of the output is kept for the reasons of a failure, in UTF-16 units. */
const KEPT = 256 * 1024;

/** Settings that belong to an install here: no requests beside it, and no other version of pnpm than the one chosen. */
const QUIET: Environment = {
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
};
const THIS_PNPM: Environment = {
  npm_config_manage_package_manager_versions: 'false',
  npm_config_package_manager_strict: 'false',
  pnpm_config_pm_on_fail: 'ignore',
};

/** The environment of a package manager: `base` and the settings above. */
export function installEnvironment(base: Environment, manager: 'npm' | 'pnpm', usesFetched: boolean): Environment {
  const settings = manager === 'npm' ? QUIET : { ...QUIET, ...THIS_PNPM };
  // What was fetched with the token is in the store; without this npm would ask the registry whether it is still new.
  return { ...base, ...settings, ...(usesFetched ? { npm_config_prefer_offline: 'true' } : {}) };
}

/** The frozen install: it fails where package.json and the lockfile disagree, and changes neither. */
export function frozenInstall(manager: 'npm' | 'pnpm', args: readonly string[]): readonly string[] {
  return manager === 'npm' ? ['ci', ...args] : ['install', '--frozen-lockfile', ...args];
}

/**
 * Runs a package manager to its end.
 *
 * @returns what was installed, or the failure with its reasons
 * @throws the signal's reason when the run was cancelled meanwhile
 */
export async function runInstall(step: InstallStep): Promise<Installed | InstallFailure> {
  const { manager, program, args, cwd, env, signal, write } = step;
  let output = '';
  const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  const finished = await execute(program, args, {
    cwd,
    env,
    signal,
    onOutput: (chunk, stream) => {
      const text = decoders[stream].write(chunk);
      output = (output + text).slice(-KEPT);
      write(text);
    },
  });
  const { exitCode, duration, endedBy } = finished;
  const command = `${manager} ${args.join(' ')}`;
  if (endedBy === 'cancellation') throw signal.reason;
  if (exitCode === 0) return { command, duration, packages: packageCount(manager, output) };
  return explainFailure({ manager, command, output, exitCode, duration });
}

function packageCount(manager: 'npm' | 'pnpm', output: string): number | undefined {
  const pattern = manager === 'npm' ? /^(?:added|changed) (\d+) packages?/gm : /^Packages: \+(\d+)/gm;
  const counts = [...output.matchAll(pattern)].map(([, count]) => Number(count));
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}

export interface PrivateFetch {
  readonly manager: 'npm' | 'pnpm';
  readonly program: string;
  /** Absolute path of a folder outside the project that does not exist yet; it holds the token and is removed. */
  readonly folder: string;
  /** Writes the token's npmrc into a folder and returns its path. */
  readonly writeToken: (folder: string) => Promise<string>;
  /** An .npmrc with the project's registries, and nothing else of the project. */
  readonly npmrc: string;
  /** For npm: what to fetch. For pnpm: a lockfile of nothing else. */
  readonly wanted: { readonly archives: readonly string[] } | { readonly lockfile: string };
  /** The store that the install will use; its own default where it is not known. */
  readonly store: string | undefined;
  readonly env: Environment;
  readonly signal: AbortSignal;
  readonly write: (text: string) => void;
}

/** Archives fetched by one process: far below the limit of a command line. */
const AT_ONCE = 400;

/**
 * Fetches private packages into the package store with the token, in a folder of its own: the one process that can see
 * the token reads nothing of the project but its lockfile and the names of its registries. No script runs; a program,
 * proxy or registry that the project's files name gets neither the token nor a turn. The token is gone when this
 * returns.
 *
 * @returns a failure, or undefined
 */
export async function fetchPrivate(fetch: PrivateFetch): Promise<InstallFailure | undefined> {
  const { manager, program, folder, wanted, store, signal, write } = fetch;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const userconfig = await fetch.writeToken(join(folder, 'token'));
    const cwd = join(folder, 'fetch');
    await mkdir(cwd);
    await writeFile(join(cwd, '.npmrc'), fetch.npmrc);
    await writeFile(join(cwd, 'package.json'), '{"private":true}\n');
    const env = { ...withoutUserConfig(fetch.env), NPM_CONFIG_USERCONFIG: userconfig };
    if ('lockfile' in wanted) await writeFile(join(cwd, 'pnpm-lock.yaml'), wanted.lockfile);
    for (const args of fetchCommands(wanted, store)) {
      const outcome = await runInstall({ manager, program, args, cwd, env, signal, write });
      if ('error' in outcome) return outcome;
    }
    return undefined;
  } finally {
    await removeTokenFolder(join(folder, 'token'));
    await rm(folder, { recursive: true, force: true });
  }
}

function fetchCommands(wanted: PrivateFetch['wanted'], store: string | undefined): readonly (readonly string[])[] {
  if ('lockfile' in wanted) {
    return [['fetch', '--ignore-scripts', ...(store === undefined ? [] : ['--store-dir', store])]];
  }
  const cache = store === undefined ? [] : ['--cache', dirname(store)];
  const count = Math.ceil(wanted.archives.length / AT_ONCE);
  return Array.from({ length: count }, (_, index) => [
    'cache',
    'add',
    '--prefer-offline',
    ...cache,
    ...wanted.archives.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  ]);
}

function withoutUserConfig(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^npm_config_userconfig$/i.test(name)));
}
