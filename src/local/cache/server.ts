import { randomBytes, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { listenOnLoopback } from '../loopback-server.ts';
import type { CacheMode } from '../plan.ts';
import type { RecordedCacheCall } from '../run-types.ts';
import type { CacheEntry, CacheStore } from './store.ts';
import { openUpload, type Upload } from './uploads.ts';

/**
 * What goes wrong with the service, for tests: nobody listens; every answer takes a minute; answers are no JSON; every
 * lookup hits and the archive is noise.
 */
export type CacheFault = 'down' | 'slow' | 'garbage' | 'corrupt';

export interface CacheJob {
  readonly id: string;
  readonly mode: CacheMode;
}

export interface CacheSettings {
  readonly store: CacheStore;
  /** Folder for archives that are being uploaded, on the same file system as the store. */
  readonly uploadFolder: string;
  /** ACTIONS_RUNTIME_TOKEN of each job. */
  readonly tokens: ReadonlyMap<string, CacheJob>;
  /** The ref that jobs save to, and those they read, in order. */
  readonly scope: string;
  readonly readableScopes: readonly string[];
  readonly fault?: CacheFault | undefined;
}

export interface CacheService {
  /** ACTIONS_RESULTS_URL, with a slash at the end. */
  readonly url: string;
  readonly calls: readonly RecordedCacheCall[];
  readonly close: () => Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly hit?: string;
}

interface Fields {
  readonly key: string;
  readonly version: string;
  readonly restoreKeys: readonly string[];
}

const SERVICE = '/twirp/github.actions.results.api.v1.CacheService/';
const SLOW = 60_000;

/** Starts GitHub's cache service, version 2, as @actions/cache speaks to it (toolkit: packages/cache). */
export async function startCache(settings: CacheSettings): Promise<CacheService> {
  const calls: RecordedCacheCall[] = [];
  const uploads = new Map<string, { readonly fields: Fields; readonly upload: Upload }>();
  const downloads = new Map<string, CacheEntry | undefined>();
  const stopping = new AbortController();
  let base = '';

  const create = async (fields: Fields): Promise<Reply> => {
    const id = randomUUID();
    const isTaken =
      [...uploads.values()].some(({ fields: { key, version } }) => key === fields.key && version === fields.version) ||
      (await settings.store.has({ scope: settings.scope, ...fields }));
    if (isTaken) {
      const message = 'cache entry with the same key, version, and scope already exists';
      return { status: 409, body: { code: 'already_exists', msg: message, ok: false, message } };
    }
    uploads.set(id, { fields, upload: await openUpload(settings.uploadFolder, id) });
    return { status: 200, body: { ok: true, signed_upload_url: `${base}blobs/cache/${id}?sig=${signature()}` } };
  };

  const finalize = async (fields: Fields): Promise<Reply> => {
    const found = [...uploads].find(([, { fields: f }]) => f.key === fields.key && f.version === fields.version);
    const finished = await found?.[1].upload.finished();
    if (found === undefined || finished === undefined)
      return { status: 200, body: { ok: false, message: 'no upload' } };
    uploads.delete(found[0]);
    const { key, version } = fields;
    const entry = await settings.store.add({ scope: settings.scope, key, version, size: finished.size }, finished.file);
    if (entry === undefined) return { status: 200, body: { ok: false, message: 'cache entry already exists' } };
    return { status: 200, body: { ok: true, entry_id: String(Number.parseInt(entry.id.slice(0, 8), 16)) } };
  };

  const lookUp = async (fields: Fields): Promise<Reply> => {
    const corrupt = settings.fault === 'corrupt';
    const entry = corrupt ? undefined : await settings.store.find({ scopes: settings.readableScopes, ...fields });
    if (entry === undefined && !corrupt) return { status: 200, body: { ok: false, signed_download_url: '' } };
    const id = randomUUID();
    downloads.set(id, entry);
    const matched = entry?.key ?? fields.key;
    const url = `${base}archives/${id}?sig=${signature()}`;
    return { status: 200, body: { ok: true, signed_download_url: url, matched_key: matched }, hit: matched };
  };

  const twirp = async (method: string, request: IncomingMessage): Promise<Reply> => {
    const fields = await readFields(request);
    const token = /^bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const job = settings.tokens.get(token);
    const reply = await permitted(method, job, fields);
    calls.push({
      job: job?.id ?? '(unknown token)',
      method,
      key: fields.key,
      status: reply.status,
      ...(reply.hit === undefined ? {} : { hit: reply.hit }),
    });
    return reply;
  };

  const permitted = async (method: string, job: CacheJob | undefined, fields: Fields): Promise<Reply> => {
    if (job === undefined) return { status: 401, body: { code: 'unauthenticated', msg: 'unknown token' } };
    if (method === 'GetCacheEntryDownloadURL') {
      if (job.mode === 'read' || job.mode === 'write') return lookUp(fields);
      const msg = `cache read denied: the job's cache-mode is ${job.mode}`;
      return { status: 403, body: { code: 'permission_denied', msg } };
    }
    if (method !== 'CreateCacheEntry' && method !== 'FinalizeCacheEntryUpload') {
      return { status: 404, body: { code: 'bad_route', msg: `no method ${method}` } };
    }
    if (job.mode === 'read' || job.mode === 'none') {
      const message = `cache write denied: the job's cache-mode is ${job.mode}`;
      return { status: 200, body: { ok: false, message } };
    }
    return method === 'CreateCacheEntry' ? create(fields) : finalize(fields);
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (settings.fault === 'slow') await delay(SLOW, undefined, { signal: stopping.signal });
    const url = new URL(request.url ?? '/', base);
    const [, area, folder, id] = url.pathname.split('/');
    if (settings.fault === 'garbage') return void response.writeHead(200).end('<html>\u0000not what you asked for');
    if (url.pathname.startsWith(SERVICE)) {
      const { status, body } = await twirp(url.pathname.slice(SERVICE.length), request);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    } else if (area === 'blobs' && request.method === 'PUT' && uploads.has(id ?? '')) {
      await takePart(request, response, uploads.get(id ?? '')?.upload, url.searchParams);
    } else if (area === 'archives' && downloads.has(folder ?? '')) {
      await sendArchive(request, response, downloads.get(folder ?? ''), settings.store);
    } else {
      request.resume();
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"code":"bad_route","msg":"not found"}');
    }
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      // The client went away, or the service is being closed: there is nobody to answer.
      if (!response.headersSent && !response.destroyed) response.writeHead(500).end(String(error));
      else response.destroy();
    });
  });
  const listening = await listenOnLoopback(server);
  base = `${listening.url}/`;
  const close = async () => {
    stopping.abort();
    await listening.close();
  };
  // The port of a server that has gone: connections are refused.
  if (settings.fault === 'down') await close();
  return { url: base, calls, close: settings.fault === 'down' ? async () => undefined : close };
}

/** Twirp's JSON, with the field names of the service's protocol buffers. */
async function readFields(request: IncomingMessage): Promise<Fields> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as Readonly<Record<string, unknown>>;
  const { key, version, restore_keys: snake, restoreKeys: camel } = body;
  const keys = snake ?? camel;
  return {
    key: typeof key === 'string' ? key : '',
    version: typeof version === 'string' ? version : '',
    restoreKeys: Array.isArray(keys) ? keys.map(String) : [],
  };
}

/** Takes a part of an archive in, and answers as Azure's storage does. */
async function takePart(
  request: IncomingMessage,
  response: ServerResponse,
  upload: Upload | undefined,
  query: URLSearchParams,
): Promise<void> {
  const isKept = (await upload?.put(request, query)) === true;
  response.writeHead(isKept ? 201 : 400, {
    ...(isKept ? { etag: '"0x1"', 'last-modified': new Date().toUTCString() } : { 'x-ms-error-code': 'Md5Mismatch' }),
    'x-ms-version': '2025-01-05',
    // Every answer of Azure's has one, and BuildKit 0.33 crashes without it.
    'x-ms-request-id': randomUUID(),
  });
  response.end();
}

/** An archive, or the piece of it that a client asks for, as Azure's storage gives it. */
async function sendArchive(
  request: IncomingMessage,
  response: ServerResponse,
  entry: CacheEntry | undefined,
  store: CacheStore,
): Promise<void> {
  request.resume();
  const known = {
    'content-type': 'application/octet-stream',
    'accept-ranges': 'bytes',
    'x-ms-request-id': randomUUID(),
  };
  if (entry === undefined) {
    const noise = randomBytes(4_096);
    response.writeHead(200, { ...known, 'content-length': noise.length }).end(noise);
    return;
  }
  const { size } = entry;
  const { start, end, isPart } = pieceOf(request, size);
  if (start >= size && isPart) {
    response.writeHead(416, { ...known, 'content-range': `bytes */${size}` }).end();
    return;
  }
  const part = isPart ? { 'content-range': `bytes ${start}-${end}/${size}` } : {};
  response.writeHead(isPart ? 206 : 200, { ...known, ...part, 'content-length': end - start + 1 });
  if (request.method === 'HEAD' || size === 0) response.end();
  else await pipeline(createReadStream(store.fileOf(entry), { start, end }), response);
}

/**
 * https://learn.microsoft.com/rest/api/storageservices/specifying-the-range-header-for-blob-service-operations: `bytes=`
 * with a first byte and, or not, a last one; anything else asks for all of it.
 */
function pieceOf({ headers }: IncomingMessage, size: number) {
  const asked = headers['x-ms-range'] ?? headers.range;
  const [, first, last] = /^bytes=(\d{1,15})-(\d{1,15})?$/.exec(typeof asked === 'string' ? asked : '') ?? [];
  const start = Number(first ?? 0);
  const end = Math.min(Number(last ?? size), size - 1);
  if (first === undefined || (last !== undefined && Number(last) < start))
    return { start: 0, end: size - 1, isPart: false };
  return { start, end, isPart: true };
}

function signature(): string {
  return randomBytes(12).toString('base64url');
}
