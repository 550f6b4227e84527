import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { type Captured, capture } from '../runtime/process.ts';

/** Runs git in the repository and returns what it printed, or undefined where it says no. */
export type Git = (...args: readonly string[]) => Promise<string | undefined>;

/** Bytes of answers: the names of a million files. */
const LARGEST = 128 * 1024 * 1024;

/**
 * git in a folder, without anything of the repository's own configuration that starts programs.
 *
 * @throws ConfigurationError PIPE-MIGRATE-003 when there is no git (from the function that comes back)
 */
export function gitIn(cwd: string, environment: Environment, signal: AbortSignal): Git {
  const guard = ['-c', 'safe.directory=*', '-c', 'core.fsmonitor=false', '-c', 'core.untrackedCache=false'];
  return async (...args) => {
    const env = { ...environment, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
    const options = { cwd, env, signal, limit: LARGEST, timeout: 60_000 };
    const answer = await captured([...guard, ...args], options);
    return answer.exitCode === 0 ? answer.stdout : undefined;
  };
}

async function captured(args: readonly string[], options: Parameters<typeof capture>[2]): Promise<Captured> {
  try {
    return await capture('git', args, options);
  } catch (error) {
    if (!(error instanceof ConfigurationError) || error.code !== 'PIPE-PROCESS-001') throw error;
    throw new ConfigurationError(
      {
        code: 'PIPE-MIGRATE-003',
        what: 'git could not be started, so it is not known which migrations are new',
        given: shown(options.cwd, 200),
        accepted: 'a runner with git, and a repository checked out by actions/checkout',
        state: 'nothing was run',
      },
      { cause: error },
    );
  }
}
