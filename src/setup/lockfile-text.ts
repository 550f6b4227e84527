import { join } from 'node:path';
import type { Environment } from '../runtime/environment.ts';
import { capture } from '../runtime/process.ts';
import { brokenLockfile, type Lockfile, readLockfile } from './lockfiles.ts';

export interface LockfileReader {
  /** Absolute path of the package manager's program. */
  readonly program: string;
  /** Of project code. */
  readonly environment: Environment;
  /** Absolute folder that is not the project's: nothing of that is read but the lockfile. */
  readonly temp: string;
  readonly signal: AbortSignal;
}

/**
 * A lockfile as text: bun prints its binary one in Yarn's format.
 *
 * @throws ConfigurationError PIPE-SETUP-015 when there is nothing to read in it, and those of readTextFile
 */
export async function lockfileText(
  lockfile: Lockfile,
  { program, environment, temp, signal }: LockfileReader,
): Promise<string> {
  if (lockfile.name !== 'bun.lockb') return readLockfile(lockfile);
  const path = join(lockfile.folder, lockfile.name);
  const { stdout, exitCode } = await capture(program, [path], {
    cwd: temp,
    env: environment,
    signal,
    timeout: 60_000,
  });
  if (exitCode === 0 && stdout.includes('\n# yarn lockfile v1\n')) return stdout;
  throw brokenLockfile(lockfile.place, 'bun does not read it');
}
