import { type AgentOptions, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Environment } from './environment.ts';
import { type ErrorCode, OutsideFault, shown } from './errors.ts';

export type Method = 'GET' | 'HEAD' | 'PUT' | 'DELETE' | 'POST' | 'PATCH';

export interface HttpRequest {
  readonly method?: Method;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Milliseconds without progress before a try is given up, default 30,000. */
  readonly timeout?: number;
  /** How often it is tried at most, 1 to 10, default 4. */
  readonly tries?: number;
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

export interface HttpSettings {
  readonly environment: Environment;
  /** The service by the name its users know, for messages. */
  readonly service: string;
  /** Code of the fault when the service does not answer. */
  readonly code: ErrorCode;
  /** Waits between tries; replaced in tests. */
  readonly wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** 0 to 1, spreads the waits of many runners; replaced in tests. */
  readonly random?: () => number;
}

export interface HttpClient {
  /**
   * Sends a request and returns the answer, whatever its status. Tried again, with growing waits or as Retry-After
   * says: connection faults and 408, 429, 500, 502, 503, 504 of idempotent requests; of others only 429 and 503 with
   * Retry-After, and connections that were refused (nothing was sent). GET and HEAD follow up to 5 redirects;
   * `authorization` is not sent to another host.
   *
   * @throws OutsideFault with the code of the settings when no try was answered
   */
  readonly send: (request: HttpRequest) => Promise<HttpResponse>;
  /** Closes idle connections. */
  readonly close: () => void;
}

const RETRIED = new Set([408, 429, 500, 502, 503, 504]);
const LONGEST_WAIT = 60_000;

export function createHttp(settings: HttpSettings): HttpClient {
  const options: AgentOptions & { proxyEnv: Environment } = { keepAlive: true, proxyEnv: settings.environment };
  const agents: Agents = { http: new HttpAgent(options), https: new HttpsAgent(options) };
  return {
    send: (request) => sendWithRetry(request, agents, settings),
    close: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

async function sendWithRetry(request: HttpRequest, agents: Agents, settings: HttpSettings): Promise<HttpResponse> {
  const tries = Math.min(10, Math.max(1, request.tries ?? 4));
  const idempotent = request.idempotent ?? (request.method !== 'POST' && request.method !== 'PATCH');
  const started = performance.now();
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await attemptOnce(request, agents);
    const pause = pauseBefore(outcome, attempt, idempotent, settings.random ?? Math.random);
    const last = attempt >= tries || pause === undefined || request.signal?.aborted === true;
    if (!last) {
      await (settings.wait ?? waitFor)(pause, request.signal);
      continue;
    }
    if ('response' in outcome) return outcome.response;
    const { host } = new URL(request.url);
    throw new OutsideFault(
      { code: settings.code, what: `${settings.service} did not answer: ${outcome.fault.message}` },
      { service: `${settings.service} at ${host}`, tries: attempt, elapsed: performance.now() - started },
      { cause: outcome.fault },
    );
  }
}

async function waitFor(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    // An aborted wait ends early; the loop sees the signal and makes its last try fail at once.
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
  }
}

type Outcome = { readonly response: HttpResponse } | { readonly fault: Error & { readonly code?: string } };

/** Milliseconds to wait before the next try; undefined when there is no point in one. */
function pauseBefore(outcome: Outcome, attempt: number, idempotent: boolean, random: () => number): number | undefined {
  const growing = Math.min(LONGEST_WAIT, 500 * 2 ** (attempt - 1)) * (0.5 + random() / 2);
  if ('fault' in outcome) {
    const nothingSent = outcome.fault.code === 'ECONNREFUSED' || outcome.fault.code === 'ENOTFOUND';
    return idempotent || nothingSent ? growing : undefined;
  }
  const { status, headers } = outcome.response;
  if (!RETRIED.has(status)) return undefined;
  const asked = retryAfter(headers['retry-after']);
  if (!idempotent && (asked === undefined || (status !== 429 && status !== 503))) return undefined;
  if (asked !== undefined) return asked <= LONGEST_WAIT ? asked : undefined;
  return growing;
}

/** Retry-After (RFC 9110, 10.2.3) in milliseconds: seconds or a date. */
function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,6}$/.test(header.trim())) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

async function attemptOnce(request: HttpRequest, agents: Agents): Promise<Outcome> {
  try {
    return { response: await followRedirects(request, agents) };
  } catch (error) {
    return { fault: error instanceof Error ? error : new Error(String(error)) };
  }
}

async function followRedirects(request: HttpRequest, agents: Agents): Promise<HttpResponse> {
  let current = request;
  for (let hops = 0; ; hops += 1) {
    const response = await sendOnce(current, agents);
    const { location } = response.headers;
    const follows = (request.method ?? 'GET') === 'GET' || request.method === 'HEAD';
    if (!follows || ![301, 302, 303, 307, 308].includes(response.status) || location === undefined) return response;
    if (hops >= 5) throw new Error(`more than 5 redirects, the last to ${shown(location, 120)}`);
    const next = new URL(location, current.url);
    const from = new URL(current.url);
    if (from.protocol === 'https:' && next.protocol !== 'https:') throw new Error('a redirect from https to http');
    const headers = Object.entries(current.headers ?? {}).filter(([name]) => {
      return next.host === from.host || !/^(authorization|cookie)$/i.test(name);
    });
    current = { ...current, url: next.href, headers: Object.fromEntries(headers) };
  }
}

function sendOnce(request: HttpRequest, agents: Agents): Promise<HttpResponse> {
  const url = new URL(request.url);
  const secure = url.protocol === 'https:';
  const start = secure ? httpsRequest : httpRequest;
  const body = request.body === undefined ? undefined : Buffer.from(request.body);
  const headers = { 'user-agent': 'pipelines', 'accept-encoding': 'identity', ...request.headers };
  return new Promise((resolve, reject) => {
    const outgoing = start(url, {
      method: request.method ?? 'GET',
      agent: secure ? agents.https : agents.http,
      headers: body === undefined ? headers : { ...headers, 'content-length': String(body.length) },
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    const timeout = request.timeout ?? 30_000;
    outgoing.setTimeout(timeout, () => outgoing.destroy(new Error(`nothing came for ${timeout / 1_000} s`)));
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => readBody(incoming, request.limit ?? 64 * 1024 * 1024).then(resolve, reject));
    outgoing.end(body);
  });
}

async function readBody(incoming: IncomingMessage, limit: number): Promise<HttpResponse> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new Error(`the answer is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  if (!incoming.complete) throw new Error('the connection closed before the whole answer came');
  const headers = Object.entries(incoming.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return { status: incoming.statusCode ?? 0, headers: Object.fromEntries(headers), body: Buffer.concat(chunks) };
}
