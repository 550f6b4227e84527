import { StringDecoder } from 'node:string_decoder';
import type { Environment } from '../runtime/environment.ts';
import { execute } from '../runtime/process.ts';
import { type Dialect, programOf } from './dialect.ts';
import { explainFailure, type InstallFailure } from './install-failures.ts';

export interface InstallStep {
  readonly dialect: Dialect;
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

/** Settings that belong to an install here: no requests beside it, and no other version than the one chosen. */
const QUIET: Environment = {
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
};
const SETTINGS: Readonly<Record<Dialect, Environment>> = {
  npm: QUIET,
  pnpm: {
    ...QUIET,
    npm_config_manage_package_manager_versions: 'false',
    npm_config_package_manager_strict: 'false',
    pnpm_config_pm_on_fail: 'ignore',
  },
  'yarn-classic': { SKIP_YARN_COREPACK_CHECK: '1', NODE_OPTIONS: '--no-deprecation' },
  yarn: { YARN_ENABLE_TELEMETRY: '0', YARN_ENABLE_PROGRESS_BARS: '0', YARN_ENABLE_HYPERLINKS: '0' },
  bun: {},
};

/** The environment of a package manager: `base` and the settings above. */
export function installEnvironment(base: Environment, dialect: Dialect, usesFetched: boolean): Environment {
  const { NODE_OPTIONS: added, ...settings } = SETTINGS[dialect];
  const options = [base['NODE_OPTIONS'], added].filter((part) => part !== undefined && part !== '').join(' ');
  return {
    ...base,
    ...settings,
    ...(options === '' ? {} : { NODE_OPTIONS: options }),
    // What was fetched with the token is in the store; without this npm would ask the registry whether it is still new.
    ...(usesFetched ? { npm_config_prefer_offline: 'true' } : {}),
  };
}

/** The frozen install: it fails where package.json and the lockfile disagree, and changes neither. */
export function frozenInstall(dialect: Dialect, args: readonly string[]): readonly string[] {
  if (dialect === 'npm') return ['ci', ...args];
  if (dialect === 'yarn') {
    // Since 2 Yarn has another name for it.
    return ['install', '--immutable', ...args.map((arg) => (arg === '--ignore-scripts' ? '--mode=skip-build' : arg))];
  }
  return ['install', '--frozen-lockfile', ...(dialect === 'yarn-classic' ? ['--non-interactive'] : []), ...args];
}

/**
 * Runs a package manager to its end.
 *
 * @returns what was installed, or the failure with its reasons
 * @throws the signal's reason when the run was cancelled meanwhile
 */
export async function runInstall(step: InstallStep): Promise<Installed | InstallFailure> {
  const { dialect, program, args, cwd, env, signal, write } = step;
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
  const command = `${programOf(dialect)} ${args.join(' ')}`;
  if (endedBy === 'cancellation') throw signal.reason;
  if (exitCode === 0) return { command, duration, packages: packageCount(dialect, output) };
  return explainFailure({ dialect, command, output, exitCode, duration });
}

/** Where a package manager says how many packages it has installed; Yarn does not. */
const COUNTS: Readonly<Partial<Record<Dialect, RegExp>>> = {
  npm: /^(?:added|changed) (\d+) packages?/gm,
  pnpm: /^Packages: \+(\d+)/gm,
  bun: /^(\d+) packages? installed/gm,
};

function packageCount(dialect: Dialect, output: string): number | undefined {
  const pattern = COUNTS[dialect];
  const counts = pattern === undefined ? [] : [...output.matchAll(pattern)].map(([, count]) => Number(count));
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}
