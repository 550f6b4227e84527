import { hash } from 'node:crypto';
import { constants, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { ConfigurationError, shown } from '../../../runtime/errors.ts';

/** A file as Vercel knows it. */
export interface Digest {
  /** SHA-1 of its content, in hex; of a link, of where it leads. */
  readonly sha: string;
  /** In bytes. */
  readonly size: number;
  /** As lstat(2) has it. */
  readonly mode: number;
}

/** Digests of files that were read already, by their absolute paths. */
export type Digests = Map<string, Digest>;

/** A file's content that is held in memory while it is hashed, in bytes. */
const LARGEST = 2 ** 31 - 1;

/** Files up to this size, in bytes, are read at once: that takes less than the way through the thread pool and back. */
const SMALL = 256 * 1_024;

/** Larger files that are read at once. */
const AT_ONCE = 16;

/** Longest time without a look at what else there is to do, in milliseconds. */
const LONGEST_BREATH = 10;

/**
 * Hashes files, also while answers of Vercel are awaited.
 *
 * @param base folder that the paths are from
 * @param known is used and filled
 * @returns in the order of the paths
 * @throws ConfigurationError PIPE-VERCEL-011 a file of 2 GiB or more
 */
export async function digestsOf(base: string, paths: readonly string[], known: Digests): Promise<readonly Digest[]> {
  const digests = new Array<Digest>(paths.length);
  let next = 0;
  let since = performance.now();
  const work = async () => {
    for (let index = next++; index < paths.length; index = next++) {
      const path = paths[index] ?? '';
      const full = join(base, path);
      const digest = known.get(full) ?? smallDigest(full) ?? (await largeDigest(full, path));
      known.set(full, digest);
      digests[index] = digest;
      if (performance.now() - since < LONGEST_BREATH) continue;
      await breathe();
      since = performance.now();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return digests;
}

/** @returns undefined when the file is too large for it */
function smallDigest(full: string): Digest | undefined {
  const found = lstatSync(full);
  const { mode, size } = found;
  if (found.isSymbolicLink()) return digest(Buffer.from(readlinkSync(full), 'utf8'), mode);
  if (size > SMALL) return undefined;
  // What a link was put in the place of since is not followed.
  return digest(readFileSync(full, { flag: constants.O_RDONLY | constants.O_NOFOLLOW }), mode);
}

async function largeDigest(full: string, path: string): Promise<Digest> {
  const { mode, size } = lstatSync(full);
  if (size > LARGEST) {
    throw new ConfigurationError({
      code: 'PIPE-VERCEL-011',
      what: `the file ${shown(path, 200)} is too large to be deployed`,
      given: `${size} bytes`,
      accepted: 'less than 2 GiB',
      state: 'nothing was staged',
    });
  }
  return digest(await readFile(full, { flag: constants.O_RDONLY | constants.O_NOFOLLOW }), mode);
}

function digest(content: Buffer, mode: number): Digest {
  return { sha: hash('sha1', content), size: content.length, mode };
}
