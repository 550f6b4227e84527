import { rm, writeFile } from 'node:fs/promises';
import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError, type ErrorCode, shown } from '../runtime/errors.ts';
import { capture } from '../runtime/process.ts';

export interface Unpacking {
  /** A tar archive, compressed with gzip or xz. */
  readonly archive: Buffer;
  /** Where it is written for tar to read, and removed afterwards. */
  readonly file: string;
  /** Empty folder that receives the content of the archive's top folder. */
  readonly folder: string;
  readonly environment: Environment;
  readonly signal: AbortSignal;
  /** Code of the fault, and the archive's name in it. */
  readonly code: ErrorCode;
  readonly name: string;
}

/**
 * Unpacks an archive whose checksum is known to be right with the system's tar, which by itself keeps members inside
 * the folder (absolute names and `..` are refused, links are made last).
 *
 * @throws ConfigurationError of the given code when tar refuses it
 */
export async function unpack({ archive, file, folder, environment, signal, code, name }: Unpacking): Promise<void> {
  try {
    await writeFile(file, archive, { mode: 0o600 });
    const args = ['-xf', file, '-C', folder, '--strip-components=1', '--no-same-owner'];
    const { exitCode, stderr } = await capture('tar', args, { cwd: folder, env: environment, signal });
    if (exitCode === 0) return;
    throw new ConfigurationError({
      code,
      what: `${name} can't be unpacked`,
      given: shown(stderr.trim().split('\n').at(-1) ?? '', 200),
      accepted: 'an archive as the publisher made it',
      remedy: 'run the job again; check that tar, gzip and xz work and that the disk has room',
      state: 'nothing was left in the tool cache',
    });
  } finally {
    await rm(file, { force: true });
  }
}
