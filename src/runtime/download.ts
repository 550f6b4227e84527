import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { ConfigurationError, shown } from './errors.ts';
import { LastFault } from './http-exchange.ts';

/** What a downloaded file must be. */
export interface DownloadChecks {
  /** In hexadecimal or base64. */
  readonly sha256?: string;
  /** In hexadecimal or base64 (as in an npm integrity value, after `sha512-`). */
  readonly sha512?: string;
  /** Largest size in bytes, default 512 MiB. */
  readonly limit?: number;
}

export interface Downloaded {
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

const LIMIT = 512 * 1024 * 1024;

/**
 * Writes an answer to a file that appears only when it is whole and passes its checks.
 *
 * @throws LastFault too large, or a wrong checksum
 * @throws ConfigurationError PIPE-FILE-004 when the file can't be written
 */
export async function saveBody(incoming: IncomingMessage, path: string, checks: DownloadChecks): Promise<Downloaded> {
  const part = `${path}.${randomUUID()}.part`;
  const handle = await writing(path, () => open(part, 'wx'));
  let isWhole = false;
  try {
    const saved = await saveTo(handle, incoming, path, checks);
    await writing(path, () => handle.close());
    await writing(path, () => rename(part, path));
    isWhole = true;
    return saved;
  } finally {
    if (!isWhole) {
      incoming.destroy();
      await handle.close();
      await rm(part, { force: true });
    }
  }
}

async function saveTo(
  handle: FileHandle,
  incoming: IncomingMessage,
  path: string,
  { sha256, sha512, limit = LIMIT }: DownloadChecks,
): Promise<Downloaded> {
  const hashes = { sha256: createHash('sha256'), sha512: createHash('sha512') };
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limit) throw new LastFault(`the file is larger than ${limit} bytes`);
    hashes.sha256.update(chunk);
    if (sha512 !== undefined) hashes.sha512.update(chunk);
    await writing(path, () => handle.writeFile(chunk));
  }
  if (!incoming.complete) throw new Error('the connection closed before the whole file came');
  const found = hashes.sha256.digest();
  if (sha256 !== undefined) compare('sha256', sha256, found);
  if (sha512 !== undefined) compare('sha512', sha512, hashes.sha512.digest());
  return { bytes, sha256: found.toString('hex') };
}

function compare(name: string, expected: string, found: Buffer): void {
  const hex = found.toString('hex');
  if (expected.toLowerCase() === hex || expected === found.toString('base64')) return;
  throw new LastFault(`the file has the wrong checksum (${name} ${hex}, expected ${shown(expected, 128)})`);
}

async function writing<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw new ConfigurationError(
      {
        code: 'PIPE-FILE-004',
        what: `${shown(path, 200)} could not be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
        accepted: 'a folder that exists and has room',
        state: 'nothing is left of the file',
      },
      { cause: error },
    );
  }
}
