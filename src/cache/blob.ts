import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { OutsideFault } from '../runtime/errors.ts';
import type { HttpClient, HttpResponse } from '../runtime/http.ts';
import { SERVICE } from './service.ts';

/** Bytes of one piece of a download, and of one block of an upload. */
const PIECE = 8 * 1024 * 1024;
const BLOCK = 16 * 1024 * 1024;

/** Requests under way at once: pieces that are waited for lie in memory. */
const DOWNLOADS = 8;
const UPLOADS = 4;

/** Milliseconds without a byte after which a try is given up, and tries of one piece. */
const SILENCE = 15_000;
const TRIES = 3;

/** What holds a blob: its storage's signed address, which is a credential. */
export interface BlobAccess {
  readonly url: string;
  readonly http: HttpClient;
  readonly signal: AbortSignal;
}

/**
 * The content of a blob in order, fetched in several pieces at once (Azure Storage, "Get Blob" and "Specifying the range
 * header"). Each piece is checked for its place and length, and all for being of the same blob.
 *
 * @throws OutsideFault PIPE-CACHE-001 when a piece does not come, or is another than was asked for
 */
export async function* readBlob(blob: BlobAccess): AsyncGenerator<Buffer, void, undefined> {
  const first = await piece(blob, 0, undefined);
  const starts: number[] = [];
  for (let start = PIECE; start < first.total; start += PIECE) starts.push(start);
  const waiting: Promise<Piece>[] = [];
  const fetchMore = () => {
    const start = waiting.length < DOWNLOADS ? starts.shift() : undefined;
    if (start === undefined) return false;
    const next = piece(blob, start, first);
    // Its reader hears of it in its turn, or has gone because of an earlier one.
    next.catch(() => undefined);
    waiting.push(next);
    return true;
  };
  while (fetchMore());
  yield first.body;
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { body } = await next;
    while (fetchMore());
    yield body;
  }
}

interface Piece {
  readonly body: Buffer;
  /** Bytes of the whole blob. */
  readonly total: number;
  readonly etag: string;
}

/** @param of the first piece: what comes now must be of the same blob */
async function piece({ url, http, signal }: BlobAccess, start: number, of: Piece | undefined): Promise<Piece> {
  const response = await http.send({
    url,
    headers: {
      range: `bytes=${start}-${start + PIECE - 1}`,
      ...(of === undefined || of.etag === '' ? {} : { 'if-match': of.etag }),
    },
    timeout: SILENCE,
    tries: TRIES,
    limit: PIECE,
    signal,
  });
  const { status, body, headers } = response;
  const etag = headers['etag'] ?? '';
  // Without ranges the whole came at once; it can only be one that fits.
  if (status === 200 && start === 0) return { body, total: body.length, etag };
  const [, from, total] = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15})$/.exec(headers['content-range'] ?? '') ?? [];
  const size = Number(total);
  const isAsked = status === 206 && Number(from) === start && body.length === Math.min(PIECE, size - start);
  if (isAsked && (of === undefined || (of.total === size && of.etag === etag))) return { body, total: size, etag };
  throw broken('a piece of the entry did not come as it was asked for', response);
}

/**
 * Sends a file as a block blob: small ones at once, others in blocks, several at a time, each with its checksum (Azure
 * Storage, "Put Blob", "Put Block", "Put Block List").
 *
 * @param size bytes of the file
 * @throws OutsideFault PIPE-CACHE-001 when the storage does not take a block or the list
 */
export async function writeBlob(file: string, size: number, blob: BlobAccess): Promise<void> {
  const handle = await open(file);
  try {
    const read = async (start: number) => {
      const wanted = Math.min(BLOCK, size - start);
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(wanted), 0, wanted, start);
      if (bytesRead !== wanted) throw new Error('the archive changed while it was sent');
      return buffer;
    };
    if (size <= BLOCK) return await put(blob, {}, await read(0), { 'x-ms-blob-type': 'BlockBlob' });
    const count = Math.ceil(size / BLOCK);
    // All names have the same length, as the storage wants it.
    const names = Array.from({ length: count }, (_, index) => {
      return Buffer.from(String(index).padStart(8, '0')).toString('base64');
    });
    const waiting = [...names.entries()];
    const sendSome = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [index, name] = next;
        await put(blob, { comp: 'block', blockid: name }, await read(index * BLOCK));
      }
    };
    await allOrNone(Array.from({ length: UPLOADS }, sendSome), waiting);
    const list = names.map((name) => `<Latest>${name}</Latest>`).join('');
    const xml = `<?xml version="1.0" encoding="utf-8"?><BlockList>${list}</BlockList>`;
    await put(blob, { comp: 'blocklist' }, Buffer.from(xml), { 'content-type': 'application/xml' });
  } finally {
    await handle.close();
  }
}

/** Waits for all; when one fails nothing new is begun, and what is under way comes to its end before that is thrown. */
async function allOrNone(workers: readonly Promise<void>[], waiting: unknown[]): Promise<void> {
  const stopped = workers.map((worker) => {
    return worker.catch((error: unknown) => {
      waiting.length = 0;
      throw error;
    });
  });
  const failed = (await Promise.allSettled(stopped)).find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function put(
  { url, http, signal }: BlobAccess,
  query: Readonly<Record<string, string>>,
  body: Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const target = new URL(url);
  for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
  const response = await http.send({
    method: 'PUT',
    url: target.href,
    headers: {
      'content-type': 'application/octet-stream',
      'content-md5': createHash('md5').update(body).digest('base64'),
      ...headers,
    },
    body,
    timeout: SILENCE,
    tries: TRIES,
    limit: 1024 * 1024,
    signal,
  });
  if (response.status !== 201) throw broken('its storage did not take a part of the entry', response);
}

function broken(what: string, { status }: HttpResponse): OutsideFault {
  return new OutsideFault({ code: SERVICE.code, what }, { service: SERVICE.service, status, tries: 1, elapsed: 0 });
}
