import { setTimeout as delay } from 'node:timers/promises';
import { type DownloadChecks, type Downloaded, saveBody } from './download.ts';
import type { Environment } from './environment.ts';
import { type ErrorCode, OutsideFault, PipelineError, shown } from './errors.ts';
import { type Agents, createAgents } from './http-agents.ts';
import { exchange, type HttpRequest, type HttpResponse, LastFault, readBody } from './http-exchange.ts';
import { RETRIED, TRIES } from './tries.ts';

export type { HttpRequest, HttpResponse, Method } from './http-exchange.ts';

export interface HttpSettings {
  /** HTTPS_PROXY, HTTP_PROXY and NO_PROXY are read from it (Node 24.5 and newer). */
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
   * Retry-After, and connections that were refused (nothing was sent). Never tried again: what would fail the same way
   * (an address that is none, a certificate that is not accepted, an answer above the limit). GET and HEAD follow up to
   * 5 redirects; only headers that hold no credential go to another host.
   *
   * @throws OutsideFault with the code of the settings when no try was answered
   */
  readonly send: (request: HttpRequest) => Promise<HttpResponse>;
  /**
   * Downloads to a file, by GET with the tries of {@link send}. The file appears under its path whole and checked, or
   * not at all; its folder must exist.
   *
   * @throws OutsideFault with the code of the settings: no answer, another status than 200, a wrong checksum
   * @throws ConfigurationError PIPE-FILE-004 when the file can't be written
   */
  readonly download: (
    request: Omit<HttpRequest, 'method' | 'body' | 'limit'>,
    path: string,
    checks: DownloadChecks,
  ) => Promise<Downloaded>;
  /** Closes all connections, also those in use. */
  readonly close: () => void;
}

const LONGEST_WAIT = 60_000;

/** @throws ConfigurationError PIPE-HTTP-001 when the environment names a proxy that can't be used */
export function createHttp(settings: HttpSettings): HttpClient {
  const agents = createAgents(settings.environment);
  return {
    send: (request) => send(request, agents, settings),
    download: (request, path, checks) => download(request, path, checks, agents, settings),
    close: agents.destroy,
  };
}

function send(request: HttpRequest, agents: Agents, settings: HttpSettings): Promise<HttpResponse> {
  return withRetry(request, settings, 600_000, (until) => {
    return exchange(request, agents, until, (incoming) => readBody(incoming, request.limit ?? 64 * 1024 * 1024));
  });
}

async function download(
  request: HttpRequest,
  path: string,
  checks: DownloadChecks,
  agents: Agents,
  settings: HttpSettings,
): Promise<Downloaded> {
  const started = performance.now();
  let tries = 0;
  const answer = await withRetry(request, settings, 1_800_000, (until) => {
    tries += 1;
    return exchange(request, agents, until, async (incoming) => {
      if (incoming.statusCode !== 200) return readBody(incoming, 1024 * 1024);
      return { status: 200, headers: {}, saved: await saveBody(incoming, path, checks) };
    });
  });
  if ('saved' in answer) return answer.saved;
  throw new OutsideFault(
    { code: settings.code, what: `${settings.service} did not send the file ${shown(placeOf(request.url), 200)}` },
    {
      service: `${settings.service} at ${hostOf(request.url)}`,
      status: answer.status,
      tries,
      elapsed: performance.now() - started,
    },
  );
}

/** What a try ended with: an answer, or a fault that kept one from coming. */
type Outcome<T> = { readonly answer: T } | { readonly fault: Error & { readonly code?: string } };

type Answer = Pick<HttpResponse, 'status' | 'headers'>;

/** @param attempt one try; `until` is when it must have ended, on the clock of performance.now() */
async function withRetry<T extends Answer>(
  request: HttpRequest,
  settings: HttpSettings,
  deadline: number,
  attempt: (until: number) => Promise<T>,
): Promise<T> {
  const tries = Math.min(10, Math.max(1, Math.floor(request.tries ?? TRIES) || 1));
  const started = performance.now();
  const until = started + (request.deadline ?? deadline);
  const isAborted = () => request.signal?.aborted === true;
  for (let count = 1; ; count += 1) {
    const outcome = await outcomeOf(() => attempt(until));
    const pause = pauseBefore(outcome, count, isIdempotent(request), settings.random ?? Math.random);
    if (count < tries && pause !== undefined && performance.now() + pause < until && !isAborted()) {
      await (settings.wait ?? waitFor)(pause, request.signal);
      if (!isAborted()) continue;
    } else if ('answer' in outcome) return outcome.answer;
    const fault = 'fault' in outcome && !isAborted() ? outcome.fault : new Error('the request was cancelled');
    throw new OutsideFault(
      { code: settings.code, what: `${settings.service} did not answer: ${reasonOf(fault)}` },
      { service: `${settings.service} at ${hostOf(request.url)}`, tries: count, elapsed: performance.now() - started },
      { cause: fault },
    );
  }
}

function isIdempotent({ idempotent, method }: HttpRequest): boolean {
  return idempotent ?? (method !== 'POST' && method !== 'PATCH');
}

/** Waits; an aborted wait ends early, and whoever waited sees the signal. */
export async function waitFor(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    // An aborted wait ends early; the loop sees the signal.
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
  }
}

async function outcomeOf<T>(attempt: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { answer: await attempt() };
  } catch (error) {
    if (error instanceof PipelineError) throw error;
    return { fault: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** Codes of faults before anything was sent (getaddrinfo(3), connect(2)). */
const NOTHING_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** Codes of faults that the next try would meet again: what Node refuses to send, and certificates (OpenSSL's names). */
const SAME_AGAIN = /^(ERR_(INVALID|UNESCAPED|HTTP_INVALID|TLS|SSL)|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|HOSTNAME_)/;

/** Milliseconds to wait before the next try; undefined when there is no point in one. */
function pauseBefore(
  outcome: Outcome<Answer>,
  attempt: number,
  idempotent: boolean,
  random: () => number,
): number | undefined {
  const growing = Math.min(LONGEST_WAIT, 500 * 2 ** (attempt - 1)) * (0.5 + random() / 2);
  if ('fault' in outcome) {
    const { code = '' } = outcome.fault;
    if (outcome.fault instanceof LastFault || SAME_AGAIN.test(code)) return undefined;
    return idempotent || NOTHING_SENT.has(code) ? growing : undefined;
  }
  const { status, headers } = outcome.answer;
  if (!RETRIED.has(status)) return undefined;
  const asked = retryAfter(headers['retry-after']);
  if (!idempotent && (asked === undefined || (status !== 429 && status !== 503))) return undefined;
  if (asked === undefined || asked === 0) return growing;
  return asked <= LONGEST_WAIT ? asked : undefined;
}

/** Retry-After (RFC 9110, 10.2.3) in milliseconds: seconds or a date; undefined when it is neither. */
function retryAfter(header = ''): number | undefined {
  const value = header.trim();
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  const date = /^[A-Za-z]{3,9},? .*GMT$/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

function reasonOf(fault: Error & { readonly code?: string }): string {
  // Node reports a name with several addresses, none of which answers, without a message.
  return fault.message === '' ? (fault.code ?? fault.name) : fault.message;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : shown(url);
}

/** An address without its query, which may hold a signature. */
function placeOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin + new URL(url).pathname : url;
}
