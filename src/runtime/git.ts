import { type Environment, projectEnvironment } from './environment.ts';
import { ConfigurationError } from './errors.ts';
import { type Captured, capture, execute, type Finished } from './process.ts';

/** Where git works. */
export interface Repository {
  /** Absolute path of the checked-out repository. */
  readonly workspace: string;
  /** The step's environment. */
  readonly environment: Environment;
  readonly signal?: AbortSignal | undefined;
}

/** Bytes of file names that are read from git: a million files of ordinary names. */
const LARGEST_LIST = 128 * 1024 * 1024;

/** Longest time for one command, in milliseconds. */
const TIMEOUT = 300_000;

/** Exit status where there is no git, as a shell has it. */
export const NO_GIT = 127;

/** A checkout may belong to another user (containers); a repository's own configuration must not start programs. */
const GUARD = [
  ...['-c', 'safe.directory=*', '-c', 'core.fsmonitor=false', '-c', 'core.untrackedCache=false'],
  ...['-c', 'core.quotePath=true'],
];

/** Runs git and returns what it printed; where there is no git, {@link NO_GIT}. */
export async function captureGit(repository: Repository, args: readonly string[], input?: string): Promise<Captured> {
  const given = input === undefined ? {} : { input };
  try {
    return await capture('git', [...GUARD, ...args], { ...settings(repository), limit: LARGEST_LIST, ...given });
  } catch (error) {
    if (!(error instanceof ConfigurationError) || error.code !== 'PIPE-PROCESS-001') throw error;
    const ended = { exitCode: NO_GIT, signal: null, endedBy: 'itself', duration: 0, leftovers: 0 } as const;
    return { ...ended, stdout: '', stderr: error.message };
  }
}

/** Runs git and hands its output on as it comes. */
export function streamGit(
  repository: Repository,
  args: readonly string[],
  onOutput: (chunk: Buffer, stream: 'stdout' | 'stderr') => void,
): Promise<Finished> {
  return execute('git', [...GUARD, ...args], { ...settings(repository), onOutput });
}

function settings({ workspace, environment, signal }: Repository) {
  // What the job set for git (another index, an external diff) is not what the commits say.
  const own = Object.entries(projectEnvironment(environment)).filter(([name]) => !/^GIT_/i.test(name));
  const env = { ...Object.fromEntries(own), GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
  return { cwd: workspace, env, timeout: TIMEOUT, ...(signal === undefined ? {} : { signal }) };
}
