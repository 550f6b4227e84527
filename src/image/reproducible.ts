import type { Environment } from '../runtime/environment.ts';
import { captureGit } from '../runtime/git.ts';

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
  const args = ['log', '-1', '--no-show-signature', '--format=%ct', 'HEAD'];
  const { exitCode, stdout } = await captureGit({ workspace, environment, signal }, args);
  return exitCode === 0 && /^\d+$/.test(stdout.trim()) ? stdout.trim() : undefined;
}
