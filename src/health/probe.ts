import type { HttpClient, HttpResponse } from '../runtime/http.ts';
import { LastFault } from '../runtime/http-exchange.ts';
import type { ProbeKind } from './answer.ts';
import { bodyText } from './body.ts';
import { type Expectation, judge } from './expectation.ts';
import { networkFault } from './network-fault.ts';
import { isRedirect, nextAddress } from './redirect.ts';

/** One look at a service. */
export interface Probe {
  readonly kind: ProbeKind;
  /** What was seen, in a few words without secrets of ours: `status 503`, `certificate expired`. */
  readonly text: string;
  /** When it began, in milliseconds since the epoch. */
  readonly at: number;
  /** Milliseconds from the start of the connection to the last byte, redirects included. */
  readonly latency: number;
  /** Of the last answer; undefined when there was none. */
  readonly status: number | undefined;
}

/** What is asked, and what has to answer. */
export interface ProbeWish {
  /** Address of http or https, see {@link probeAddress}. */
  readonly url: string;
  /** Sent to the host of `url` only. Values are secrets. */
  readonly headers: Readonly<Record<string, string>>;
  readonly expectation: Expectation;
  /** Milliseconds for the whole probe. */
  readonly timeout: number;
}

const MOST_REDIRECTS = 5;

/** Largest answer that is read, in bytes. */
const LARGEST = 8 * 1024 * 1024;

/**
 * Asks once, on a connection of its own (a kept one can lead to the instance that answered before), and judges the
 * answer. A redirect whose status is not expected is followed on the same host only.
 *
 * @returns what was seen; a service that does not answer is a result, not an error
 * @throws the signal's reason when it was aborted
 */
export async function probe(wish: ProbeWish, http: HttpClient, signal?: AbortSignal): Promise<Probe> {
  const at = Date.now();
  const started = performance.now();
  const { kind, text, status } = await look(wish, http, started + wish.timeout, signal);
  signal?.throwIfAborted();
  return { kind, text, status, at, latency: performance.now() - started };
}

type Look = Pick<Probe, 'kind' | 'text' | 'status'>;

async function look(wish: ProbeWish, http: HttpClient, until: number, signal?: AbortSignal): Promise<Look> {
  let url = wish.url;
  const seen = new Set([url]);
  for (;;) {
    const answer = await ask(url, wish, http, until, signal);
    if ('kind' in answer) return answer;
    if (!isRedirect(answer.status) || wish.expectation.status.some((range) => contains(range, answer.status))) {
      return { ...judge({ ...answer, text: bodyText(answer) }, wish.expectation), status: answer.status };
    }
    const next = nextAddress(url, answer, wish.expectation.redirects);
    if ('refused' in next) return { kind: 'redirect', text: next.refused, status: answer.status };
    if (seen.has(next.url) || seen.size > MOST_REDIRECTS) {
      const text = seen.has(next.url) ? 'redirects in a circle' : `more than ${MOST_REDIRECTS} redirects`;
      return { kind: 'redirect', text: `${text} (${seen.size} addresses)`, status: answer.status };
    }
    seen.add(next.url);
    url = next.url;
  }
}

function contains([from, to]: readonly [number, number], status: number): boolean {
  return from <= status && status <= to;
}

async function ask(
  url: string,
  { headers, timeout }: ProbeWish,
  http: HttpClient,
  until: number,
  signal: AbortSignal | undefined,
): Promise<HttpResponse | Look> {
  const rest = Math.max(1, until - performance.now());
  try {
    return await http.send({
      url,
      // No kept connection, and no answer out of a cache on the way.
      headers: { accept: '*/*', 'cache-control': 'no-cache', ...headers, connection: 'close' },
      redirects: 'answer',
      tries: 1,
      timeout: rest,
      deadline: rest,
      limit: LARGEST,
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    // Anything else is a fault of ours.
    if (!(cause instanceof Error)) throw error;
    if (cause instanceof LastFault) return { kind: 'content', text: cause.message, status: undefined };
    return { ...networkFault(cause, performance.now() >= until - 1 ? timeout : undefined), status: undefined };
  }
}

/**
 * The address that is probed: the path is put behind the one of the URL.
 *
 * @param path with its query; empty: the URL as it is
 * @returns undefined when it is no address of http or https, or holds a password
 */
export function probeAddress(url: string, path: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const base = new URL(url);
  if (!/^https?:$/.test(base.protocol) || base.username !== '' || base.password !== '') return undefined;
  if (path === '') return base.href;
  const [pathname = '', ...query] = path.split('#', 1)[0]?.split('?') ?? [];
  const joined = new URL(base.origin);
  joined.pathname = `${base.pathname.replace(/\/+$/, '')}/${pathname.replace(/^\/+/, '')}`;
  joined.search = query.length === 0 ? base.search : `?${query.join('?')}`;
  return joined.href;
}
