import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { ConfigurationError, shown } from '../../../runtime/errors.ts';
import type { SiteFile } from './files.ts';

const compress = promisify(gzip);

/** What Hosting stores of a file, by the hash that it is known by. */
export interface Content {
  /** SHA-256 of the compressed bytes, in hex. */
  readonly hash: string;
  readonly bytes: Buffer;
}

/**
 * A file as Hosting stores it: compressed by gzip at level 9 without name and time, so that the same file gives the
 * same bytes, here and in Firebase's own program, and is not uploaded twice.
 *
 * @throws ConfigurationError PIPE-FIREBASE-005 when it changes while it is read
 */
export async function contentOf(file: SiteFile): Promise<Content> {
  const bytes = await compress(await bytesOf(file), { level: 9 });
  return { hash: createHash('sha256').update(bytes).digest('hex'), bytes };
}

/** Reads what was looked at before, without following a link that was put in its place since. */
async function bytesOf({ file, path, size }: SiteFile): Promise<Buffer> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((error) => {
    throw changed(path, error);
  });
  try {
    const found = await handle.stat();
    if (!found.isFile() || found.size !== size) throw changed(path);
    const bytes = Buffer.alloc(size);
    for (let offset = 0; offset < size; ) {
      const { bytesRead } = await handle.read(bytes, offset, size - offset, offset);
      if (bytesRead === 0) throw changed(path);
      offset += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}

function changed(path: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError(
    {
      code: 'PIPE-FIREBASE-005',
      what: `the file ${shown(path, 200)} changed while it was deployed, or can not be read`,
      remedy: 'let nothing write to the folder at the same time',
      state: 'no traffic was moved',
    },
    { cause },
  );
}

/** Works through items, `width` at a time, in order of the list; the first failure ends it. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const failures: unknown[] = [];
  const lane = async () => {
    for (const item of queue) {
      if (failures.length > 0) return;
      await work(item);
    }
  };
  const lanes = Array.from({ length: Math.min(width, items.length) }, () =>
    lane().catch((error: unknown) => {
      failures.push(error);
    }),
  );
  await Promise.all(lanes);
  if (failures.length > 0) throw failures[0];
}

/** What is known of a folder's files after all of them were compressed once. */
export interface Contents {
  /** Hash by path, in order of the paths. */
  readonly hashes: ReadonlyMap<string, string>;
  /** A file for each hash. */
  readonly files: ReadonlyMap<string, SiteFile>;
  /** The bytes for a hash: kept from the first time, or made again. */
  readonly bytes: (hash: string) => Promise<Buffer>;
}

/** Compressed bytes that are kept for the upload, at most. */
const KEPT = 256 * 1024 * 1024;

/** Compression runs in four threads of Node's pool; a few more keep them busy while others are read. */
const WIDTH = 8;

/** Files of more bytes than this are compressed one after the other: each is in memory as a whole. */
const LARGE = 16 * 1024 * 1024;

export async function readContents(files: readonly SiteFile[]): Promise<Contents> {
  const found = new Map<string, string>();
  const byHash = new Map<string, SiteFile>();
  const kept = new Map<string, Buffer>();
  let room = KEPT;
  const read = async (file: SiteFile) => {
    const { hash, bytes } = await contentOf(file);
    found.set(file.path, hash);
    if (byHash.has(hash)) return;
    byHash.set(hash, file);
    room -= bytes.length;
    if (room >= 0) kept.set(hash, bytes);
  };
  await inParallel(
    files.filter(({ size }) => size <= LARGE),
    WIDTH,
    read,
  );
  await inParallel(
    files.filter(({ size }) => size > LARGE),
    1,
    read,
  );
  return {
    hashes: new Map(files.map(({ path }) => [path, found.get(path) ?? ''])),
    files: byHash,
    bytes: async (hash) => {
      const there = kept.get(hash);
      if (there !== undefined) {
        kept.delete(hash);
        return there;
      }
      const file = byHash.get(hash);
      const again = file === undefined ? undefined : await contentOf(file);
      if (again?.hash !== hash) throw changed(file?.path ?? hash);
      return again.bytes;
    },
  };
}
