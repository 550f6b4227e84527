import { type HttpClient, type HttpRequest, type HttpResponse, type Method, waitFor } from '../../../runtime/http.ts';
import { isMap } from '../../../runtime/yaml.ts';
import { type Asked, noAnswer, refusal } from './faults.ts';

/** How Firebase and its neighbours are asked (firebase.google.com/docs/reference/hosting/rest). */
export interface Api {
  readonly project: string;
  /** The same for another project, by the same sign-in. */
  readonly of: (project: string) => Api;
  /** Waits between two looks at an operation; ends early when the run is cancelled. */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Sends one call; statuses named in `also` are returned, every other failure is thrown. */
  readonly call: (call: Call) => Promise<ApiAnswer>;
}

export interface Call {
  readonly method?: Method;
  /** Default: firebasehosting.googleapis.com. */
  readonly host?: string;
  /** From the first slash on, with its query, escaped. */
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>> | Buffer;
  /** Whether sending it twice does no harm; default: every method but POST and PATCH. */
  readonly idempotent?: boolean;
  /** Statuses beside 200 that the caller reads itself. */
  readonly also?: readonly number[];
  /** What is to be done, as a phrase after "to". */
  readonly what: string;
  /** Default: roles/firebasehosting.admin. */
  readonly role?: string;
  /** Milliseconds without progress; the client's default when left out. */
  readonly timeout?: number;
}

export interface ApiAnswer {
  readonly status: number;
  /** The object in the body; empty for other statuses than 200. */
  readonly value: Readonly<Record<string, unknown>>;
  readonly response: HttpResponse;
}

export interface ApiParts {
  readonly project: string;
  readonly http: HttpClient;
  readonly token: () => Promise<{ readonly token: string }>;
  readonly signal: AbortSignal;
  readonly wait?: typeof waitFor;
}

export const HOSTING = 'firebasehosting.googleapis.com';

/** No answer of these APIs that we read is larger, in bytes. */
const LIMIT = 32 * 1024 * 1024;

export function createApi(parts: ApiParts): Api {
  const { project, http, token, signal, wait = waitFor } = parts;
  return {
    project,
    of: (other) => createApi({ ...parts, project: other }),
    wait: (milliseconds) => wait(milliseconds, signal),
    call: async (call) => {
      const { host = HOSTING, body, also = [], what, role = 'roles/firebasehosting.admin' } = call;
      const asked: Asked = { project, what, host, role };
      const started = performance.now();
      const response = await http.send(requestFor(call, host, (await token()).token, signal));
      if (response.status !== 200) {
        if (also.includes(response.status)) return { status: response.status, value: {}, response };
        throw refusal(response, asked, started);
      }
      // What is uploaded is answered with an empty body.
      const value = Buffer.isBuffer(body) ? {} : objectIn(response.body);
      if (value === undefined)
        throw noAnswer(asked, 'its answer is not the JSON object that it should be', 200, started);
      return { status: 200, value, response };
    },
  };
}

function requestFor(call: Call, host: string, token: string, signal: AbortSignal): HttpRequest {
  const { method = 'GET', path, body, idempotent, timeout } = call;
  const isBytes = Buffer.isBuffer(body);
  const type = { 'content-type': isBytes ? 'application/octet-stream' : 'application/json' };
  return {
    method,
    url: `https://${host}${path}`,
    headers: { authorization: `Bearer ${token}`, accept: 'application/json', ...(body === undefined ? {} : type) },
    ...(body === undefined ? {} : { body: isBytes ? body : JSON.stringify(body) }),
    ...(idempotent === undefined ? {} : { idempotent }),
    ...(timeout === undefined ? {} : { timeout }),
    limit: LIMIT,
    signal,
  };
}

function objectIn(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isMap(value) ? value : undefined;
  } catch {
    // The caller says what it wanted.
    return undefined;
  }
}

/**
 * All items of a list that comes in pages.
 *
 * @param path without a page token
 * @param field name of the list in an answer
 * @param limit how many are enough
 */
export async function listAll(
  api: Api,
  call: Omit<Call, 'method' | 'body'>,
  field: string,
  limit: number,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const found: Readonly<Record<string, unknown>>[] = [];
  const seen = new Set<string>();
  for (let token = ''; ; ) {
    const query = token === '' ? '' : `${call.path.includes('?') ? '&' : '?'}pageToken=${encodeURIComponent(token)}`;
    const { value, status } = await api.call({ ...call, path: call.path + query });
    const items: readonly unknown[] = Array.isArray(value[field]) ? value[field] : [];
    found.push(...items.filter(isMap));
    const next = value['nextPageToken'];
    // A token that comes again would lead round in a circle.
    if (status !== 200 || found.length >= limit || typeof next !== 'string' || next === '' || seen.has(next)) {
      return found.slice(0, limit);
    }
    seen.add(next);
    token = next;
  }
}
