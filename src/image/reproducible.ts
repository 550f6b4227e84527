import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError } from '../runtime/errors.ts';
import { capture } from '../runtime/process.ts';

/**
 * The time that everything in an image gets, in seconds since the epoch, so that the same commit makes the same image:
 * SOURCE_DATE_EPOCH where it is set (https://reproducible-builds.org/specs/source-date-epoch/), else the commit's.
 *
 * @returns undefined where there is no commit
 */
export async function sourceDate(
  workspace: string,
  environment: Environment,
  signal: AbortSignal,
): Promise<string | undefined> {
  const given = environment['SOURCE_DATE_EPOCH'] ?? '';
  if (/^\d{1,12}$/.test(given)) return given;
  try {
    const args = ['-c', 'safe.directory=*', 'log', '-1', '--no-show-signature', '--format=%ct', 'HEAD'];
    const env = { ...environment, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
    const { exitCode, stdout } = await capture('git', args, { cwd: workspace, env, signal, timeout: 30_000 });
    return exitCode === 0 && /^\d+$/.test(stdout.trim()) ? stdout.trim() : undefined;
  } catch (error) {
    // No git: nothing to take the time from.
    if (error instanceof ConfigurationError && error.code === 'PIPE-PROCESS-001') return undefined;
    throw error;
  }
}
