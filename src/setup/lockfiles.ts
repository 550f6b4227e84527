import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { exists, readTextFile } from '../runtime/files.ts';
import { placeOf } from './manifest.ts';

export type ManagerName = 'npm' | 'pnpm' | 'yarn' | 'bun';

/** Names of lockfiles; of two by the same manager the first one counts, as it does for npm. */
const LOCKFILES: readonly (readonly [string, ManagerName])[] = [
  ['npm-shrinkwrap.json', 'npm'],
  ['package-lock.json', 'npm'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
];

/** Largest lockfile read in bytes. */
const LARGEST = 128 * 1024 * 1024;

export interface Lockfile {
  readonly manager: ManagerName;
  /** Absolute path of the folder it is in: where the install runs. */
  readonly folder: string;
  readonly name: string;
  /** Path from the repository's root. */
  readonly place: string;
}

/**
 * The lockfiles of the nearest folder that has any, one a manager.
 *
 * @param folders nearest first
 */
export async function nearestLockfiles(workspace: string, folders: readonly string[]): Promise<readonly Lockfile[]> {
  for (const folder of folders) {
    const found: Lockfile[] = [];
    for (const [name, manager] of LOCKFILES) {
      const isFirst = found.every((other) => other.manager !== manager);
      if (!isFirst || !(await exists(join(folder, name)))) continue;
      found.push({ manager, folder, name, place: placeOf(workspace, join(folder, name)) });
    }
    if (found.length > 0) return found;
  }
  return [];
}

/** What a lockfile holds. @throws ConfigurationError PIPE-SETUP-015 when it has gone, and those of readTextFile */
export async function readLockfile({ folder, name, place }: Lockfile): Promise<string> {
  const text = await readTextFile(join(folder, name), LARGEST);
  if (text !== undefined) return text;
  throw brokenLockfile(place, 'it is not there');
}

/** SHA-256 of a lockfile, in hexadecimal. @throws ConfigurationError PIPE-SETUP-015 when it has gone */
export async function lockfileHash({ folder, name, place }: Lockfile): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(join(folder, name)), hash);
  } catch (error) {
    throw brokenLockfile(place, 'it is not there', error);
  }
  return hash.digest('hex');
}

export function brokenLockfile(place: string, problem: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError(
    {
      code: 'PIPE-SETUP-015',
      what: `the lockfile ${shown(place, 200)} can't be used: ${problem}`,
      accepted: 'a lockfile as its package manager wrote it',
      remedy: 'write it anew with the package manager (a merge often leaves conflict marks in it) and commit it',
      state: 'nothing was installed',
    },
    { cause },
  );
}

/** The format's version of a pnpm lockfile, from its first lines: `5.4`, `6.0`, `9.0`. */
export function pnpmLockfileVersion(text: string): string | undefined {
  return /^lockfileVersion: *['"]?(\d{1,3}(?:\.\d{1,3})?)/m.exec(text.slice(0, 4_096))?.[1];
}
