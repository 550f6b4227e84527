import { shown } from '../../../runtime/errors.ts';
import { type HttpClient, type HttpResponse, type Method, waitFor } from '../../../runtime/http.ts';
import { jsonValue, textOf } from '../../../runtime/json.ts';
import { isMap } from '../../../runtime/yaml.ts';
import { invalidToken, noAnswer, type Refusal, rateLimited } from './faults.ts';

/** For whom the API is asked: a team by its id or slug; neither: the account of the token. */
export type Scope = Readonly<{ teamId: string } | { slug: string } | Record<never, never>>;

/** One call of the API. */
export interface Call {
  readonly method?: Method;
  /** With a slash before it: `/v9/projects/web`. Parts from outside are escaped already. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: Buffer | object;
  /** Whether sending it twice does no harm; default: GET and DELETE. */
  readonly idempotent?: boolean;
}

export interface Answer {
  readonly status: number;
  /** The body, read as JSON; an empty one is undefined. */
  readonly value: unknown;
  /** Of a status from 400 to 499. */
  readonly refusal: Refusal | undefined;
}

/** Vercel's REST API as one token sees it. The token is inside and does not come out. */
export interface VercelApi {
  /**
   * Sends a call and returns the answer or the refusal.
   *
   * @throws ConfigurationError PIPE-VERCEL-001 the token is not accepted
   * @throws OutsideFault PIPE-VERCEL-016 too many calls; PIPE-VERCEL-017 no usable answer; or that of the HTTP client
   */
  readonly ask: (call: Call) => Promise<Answer>;
  /** The same API for somebody else. */
  readonly as: (scope: Scope) => VercelApi;
  /** Waits between two looks at something. @throws the signal's reason when the run is cancelled */
  readonly pause: (milliseconds: number) => Promise<void>;
}

const HOST = 'api.vercel.com';

/** Longest wait for a rate limit to end, in milliseconds; Vercel counts most calls by the minute. */
const LONGEST_WAIT = 65_000;

/** @param wait replaced in tests */
export function vercelApi(
  http: HttpClient,
  token: string,
  scope: Scope,
  signal: AbortSignal,
  wait: typeof waitFor = waitFor,
): VercelApi {
  const send = ({ method = 'GET', path, query = {}, headers = {}, body, idempotent }: Call): Promise<HttpResponse> => {
    const parameters = new URLSearchParams({ ...query, ...scope }).toString();
    const isJson = body !== undefined && !Buffer.isBuffer(body);
    return http.send({
      method,
      url: `https://${HOST}${path}${parameters === '' ? '' : `?${parameters}`}`,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        ...(isJson ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : body }),
      ...(idempotent === undefined ? {} : { idempotent }),
      signal,
    });
  };
  const rest = async (milliseconds: number) => {
    await wait(milliseconds, signal);
    signal.throwIfAborted();
  };
  const ask = async (call: Call): Promise<Answer> => {
    const started = performance.now();
    let answer = await send(call);
    const pause = answer.status === 429 ? pauseOf(answer) : undefined;
    if (pause !== undefined) {
      // Nothing was done: a call that was refused for its number may be sent again, whatever it does.
      await rest(pause);
      answer = await send(call);
    }
    return read(answer, call, started);
  };
  return { ask, as: (other) => vercelApi(http, token, other, signal, wait), pause: rest };
}

/** Milliseconds until the limit of the endpoint ends, as the answer says it; undefined when that is too long. */
function pauseOf({ headers }: HttpResponse): number | undefined {
  const reset = Number(headers['x-ratelimit-reset']);
  if (!(reset > 0)) return undefined;
  const pause = Math.max(500, reset * 1_000 - Date.now());
  return pause <= LONGEST_WAIT ? pause : undefined;
}

function read(answer: HttpResponse, call: Call, started: number): Answer {
  const { status } = answer;
  const details = { service: `Vercel at ${HOST}`, status, tries: 1, elapsed: performance.now() - started };
  const text = answer.body.toString('utf8');
  const value = jsonValue(text);
  const error = isMap(value) && isMap(value['error']) ? value['error'] : {};
  const refusal = { status, code: textOf(error['code']), message: textOf(error['message']), details: error };
  if (status === 401 || error['invalidToken'] === true) throw invalidToken(refusal);
  if (status === 429) throw rateLimited(refusal, details);
  if (status >= 400 && status < 500 && refusal.code !== '') return { status, value, refusal };
  const isRead = status >= 200 && status < 300 && (text === '' || value !== undefined);
  if (isRead) return { status, value, refusal: undefined };
  const said = refusal.message === '' ? 'no answer that can be read' : shown(refusal.message, 300);
  throw noAnswer(`${call.method ?? 'GET'} ${call.path}`, said, details);
}

/** A map of an answer; what is none is empty. */
export function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return isMap(value) ? value : {};
}
