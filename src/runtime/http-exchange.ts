import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { shown } from './errors.ts';
import type { Agents } from './http-agents.ts';

export type Method = 'GET' | 'HEAD' | 'PUT' | 'DELETE' | 'POST' | 'PATCH';

export interface HttpRequest {
  readonly method?: Method;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Milliseconds without progress before a try is given up, default 30,000. */
  readonly timeout?: number;
  /** Milliseconds for all tries and the waits between them, default 600,000 (a download: 1,800,000). */
  readonly deadline?: number;
  /** How often it is tried at most, 1 to 10, default 4. */
  readonly tries?: number;
  /** What a redirect of GET and HEAD comes to: the next address is asked (default), or it is the answer itself. */
  readonly redirects?: 'follow' | 'answer';
  /** Whether sending it twice does no harm; default: every method but POST and PATCH. */
  readonly idempotent?: boolean;
  /** Largest body accepted in bytes, default 64 MiB. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A fault that the next try would meet again. */
export class LastFault extends Error {}

const MOST_REDIRECTS = 5;

/** Headers that may go to another host than the one they were meant for (none can hold a credential). */
const OPEN_HEADERS = new Set(['accept', 'accept-encoding', 'accept-language', 'range', 'user-agent']);

/**
 * Sends a request once, follows the redirects of GET and HEAD, and reads the last answer.
 *
 * @param until when it must have ended, on the clock of performance.now()
 * @param read takes the answer in; it must read it to its end or throw
 */
export async function exchange<T>(
  request: HttpRequest,
  agents: Agents,
  until: number,
  read: (incoming: IncomingMessage) => Promise<T>,
): Promise<T> {
  const isRead = (request.method ?? 'GET') === 'GET' || request.method === 'HEAD';
  const follows = isRead && request.redirects !== 'answer';
  let current = request;
  for (let hops = 0; ; hops += 1) {
    const answer = await sendOnce<{ value: T } | { location: string }>(current, agents, until, async (incoming) => {
      const { location } = incoming.headers;
      const isRedirect = [301, 302, 303, 307, 308].includes(incoming.statusCode ?? 0);
      if (!follows || !isRedirect || location === undefined) return { value: await read(incoming) };
      await readBody(incoming, 1024 * 1024);
      return { location };
    });
    if ('value' in answer) return answer.value;
    if (hops >= MOST_REDIRECTS) throw new LastFault(`more than ${MOST_REDIRECTS} redirects`);
    current = redirected(current, answer.location);
  }
}

function redirected(request: HttpRequest, location: string): HttpRequest {
  if (!URL.canParse(location, request.url)) {
    throw new LastFault(`a redirect to what is no address: ${shown(location.split('?', 1)[0])}`);
  }
  const from = new URL(request.url);
  const next = new URL(location, from);
  if (from.protocol === 'https:' && next.protocol !== 'https:') throw new LastFault('a redirect from https to http');
  if (next.origin === from.origin) return { ...request, url: next.href };
  const headers = Object.entries(request.headers ?? {}).filter(([name]) => OPEN_HEADERS.has(name.toLowerCase()));
  return { ...request, url: next.href, headers: Object.fromEntries(headers) };
}

async function sendOnce<T>(
  request: HttpRequest,
  agents: Agents,
  until: number,
  read: (incoming: IncomingMessage) => Promise<T>,
): Promise<T> {
  const { signal, timeout = 30_000 } = request;
  if (!URL.canParse(request.url) || !/^https?:$/.test(new URL(request.url).protocol)) {
    throw new LastFault('its address is not one of http or https');
  }
  if (signal?.aborted === true) throw new LastFault('the request was cancelled');
  const url = new URL(request.url);
  const secure = url.protocol === 'https:';
  const body = request.body === undefined ? undefined : Buffer.from(request.body);
  const headers = { 'user-agent': 'pipelines', 'accept-encoding': 'identity', ...request.headers };
  const outgoing = (secure ? httpsRequest : httpRequest)(url, {
    method: request.method ?? 'GET',
    agent: secure ? agents.https : agents.http,
    headers: body === undefined ? headers : { ...headers, 'content-length': String(body.length) },
    // As an option it also counts while the connection is being made.
    timeout,
  });
  let incoming: IncomingMessage | undefined;
  let giveUp: (reason: string) => void = () => undefined;
  const onAbort = () => giveUp('the request was cancelled');
  const timer = setTimeout(() => giveUp('it did not end in time'), Math.max(1, until - performance.now()));
  signal?.addEventListener('abort', onAbort, { once: true });
  const answered = new Promise<T>((resolve, reject) => {
    giveUp = (reason) => (incoming ?? outgoing).destroy(new Error(reason));
    // From the answer on its reader has the last word: it may have to clean up first.
    const fail = (error: Error) => {
      if (incoming === undefined) reject(error);
    };
    outgoing.on('timeout', () => giveUp(`nothing came for ${timeout / 1_000} s`));
    outgoing.on('error', fail);
    outgoing.on('response', (response) => {
      incoming = response;
      read(response).then(resolve, (error: unknown) => reject(broken(error)));
    });
    // Where nothing else was said, as after an answer that switches to another protocol.
    outgoing.on('close', () => fail(new Error('the connection closed without an answer')));
  });
  outgoing.end(body);
  try {
    return await answered;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Node says "aborted" of an answer that ended before its end. */
function broken(error: unknown): unknown {
  const isCut = error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
  return isCut ? new Error('the connection closed before the whole answer came', { cause: error }) : error;
}

/** Reads a whole answer into memory. */
export async function readBody(incoming: IncomingMessage, limit: number): Promise<HttpResponse> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new LastFault(`the answer is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  if (!incoming.complete) throw new Error('the connection closed before the whole answer came');
  const headers = Object.entries(incoming.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return { status: incoming.statusCode ?? 0, headers: Object.fromEntries(headers), body: Buffer.concat(chunks) };
}
