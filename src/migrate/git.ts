import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { captureGit, NO_GIT } from '../runtime/git.ts';

/** Runs git in the repository and returns what it printed, or undefined where it says no. */
export type Git = (...args: readonly string[]) => Promise<string | undefined>;

/**
 * git in a folder.
 *
 * @throws ConfigurationError PIPE-MIGRATE-003 when there is no git (from the function that comes back)
 */
export function gitIn(cwd: string, environment: Environment, signal: AbortSignal): Git {
  return async (...args) => {
    const answer = await captureGit({ workspace: cwd, environment, signal }, args);
    if (answer.exitCode === NO_GIT) throw noGit(cwd);
    return answer.exitCode === 0 ? answer.stdout : undefined;
  };
}

function noGit(folder: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-MIGRATE-003',
    what: 'git could not be started, so it is not known which migrations are new',
    given: shown(folder, 200),
    accepted: 'a runner with git, and a repository checked out by actions/checkout',
    state: 'nothing was run',
  });
}
