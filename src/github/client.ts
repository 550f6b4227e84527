import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { createHttp, type HttpResponse, type Method, waitFor } from '../runtime/http.ts';
import { isLoopback } from '../runtime/loopback.ts';
import { type Asked, failureOf, rateLimitFault } from './answers.ts';
import { rateLimitOf } from './rate-limit.ts';

export interface Repository {
  readonly owner: string;
  readonly name: string;
}

export interface GitHubSettings {
  /** GITHUB_API_URL, GITHUB_REPOSITORY and the proxy's variables. */
  readonly environment: Environment;
  /** Sent to the API's host only; in no message and no log. */
  readonly token: string;
  readonly signal?: AbortSignal;
  /** Longest wait for rate limits in all, in milliseconds, for one request; default 120,000. */
  readonly patience?: number;
  /** Waits; replaced in tests. */
  readonly wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** Milliseconds since 1970; replaced in tests. */
  readonly now?: () => number;
}

/** A request that is ready to be sent. */
interface Ready extends Omit<Asked, 'tries' | 'elapsed'> {
  readonly method: Method;
  readonly body?: string;
  readonly idempotent?: boolean;
}

/** GitHub's API as one token sees it. The token is inside and does not come out. */
export interface GitHub {
  readonly repository: Repository;
  /** Where the REST API is, without a slash at the end. */
  readonly api: string;
  /** Sends a request; waits for rate limits; answers of 300 and above are thrown. */
  readonly send: (request: Ready) => Promise<HttpResponse>;
  /** Closes idle connections. */
  readonly close: () => void;
}

const PATIENCE = 120_000;
const LIMIT_TRIES = 4;
/** A page of 100 items with bodies of 65,536 characters of up to 4 bytes, JSON-escaped. */
const LARGEST_ANSWER = 64 * 1024 * 1024;

/**
 * A client of GitHub's REST API (version 2022-11-28) for the repository of the run.
 *
 * @throws ConfigurationError PIPE-GITHUB-007 no token, or GITHUB_API_URL or GITHUB_REPOSITORY are not what GitHub sets
 */
export function createGitHub(settings: GitHubSettings): GitHub {
  const { environment, token, signal, patience = PATIENCE, now = Date.now } = settings;
  const api = apiUrlOf(environment);
  const repository = repositoryOf(environment);
  if (!/^[\u0021-\u007e]+$/.test(token)) {
    throw new ConfigurationError({
      code: 'PIPE-GITHUB-007',
      what: 'there is no usable token for GitHub’s API',
      given: token === '' ? 'an empty one' : 'one with spaces, line ends or characters beyond ASCII (not shown)',
      accepted: 'a token of GitHub',
      example: '`github-token: ${{ github.token }}`, which is the default',
      state: 'GitHub was not asked',
    });
  }
  const wait = settings.wait ?? waitFor;
  const http = createHttp({ environment, service: 'GitHub', code: 'PIPE-GITHUB-005', wait });
  const headers = {
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${token}`,
    'x-github-api-version': '2022-11-28',
  };
  const exchange = ({ method, url, body, idempotent }: Ready) =>
    http.send({
      method,
      url,
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json; charset=utf-8' },
      limit: LARGEST_ANSWER,
      ...(body === undefined ? {} : { body }),
      ...(idempotent === undefined ? {} : { idempotent }),
      ...(signal === undefined ? {} : { signal }),
    });
  const pause: Pause = { patience, now, wait: (milliseconds) => wait(milliseconds, signal), signal };
  const send = (request: Ready) => sendWithinLimits(request, exchange, pause);
  return { repository, api, send, close: http.close };
}

interface Pause {
  readonly patience: number;
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly signal: AbortSignal | undefined;
}

/** Sends, and sends again when the limit that GitHub speaks of ends within our patience. */
async function sendWithinLimits(
  request: Ready,
  exchange: (request: Ready) => Promise<HttpResponse>,
  { patience, now, wait, signal }: Pause,
): Promise<HttpResponse> {
  const started = performance.now();
  let patienceLeft = patience;
  for (let tries = 1; ; tries += 1) {
    const response = await exchange(request);
    if (response.status < 300) return response;
    const asked: Asked = { ...request, tries, elapsed: performance.now() - started };
    const limit = rateLimitOf(response, now());
    if (limit === undefined) throw failureOf(response, asked);
    if (limit.wait > patienceLeft || tries >= LIMIT_TRIES || signal?.aborted === true) {
      throw rateLimitFault(limit, response.status, asked);
    }
    patienceLeft -= limit.wait;
    await wait(limit.wait);
  }
}

function apiUrlOf(environment: Environment): string {
  const given = environment['GITHUB_API_URL'] ?? '';
  if (given === '') return 'https://api.github.com';
  const url = URL.canParse(given) ? new URL(given) : undefined;
  // A token in clear text leaves this machine under no circumstances.
  const isSafe = url !== undefined && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.host)));
  if (isSafe && url.username === '' && url.search === '' && url.hash === '') return url.href.replace(/\/+$/, '');
  throw new ConfigurationError({
    code: 'PIPE-GITHUB-007',
    what: 'GITHUB_API_URL is not an address that a token may be sent to',
    given: shown(given),
    accepted: 'an https address',
    example: '`https://api.github.com`, which GitHub sets by itself',
    state: 'GitHub was not asked',
  });
}

/** @throws ConfigurationError PIPE-GITHUB-007 */
function repositoryOf(environment: Environment): Repository {
  const given = environment['GITHUB_REPOSITORY'] ?? '';
  const [, owner, name] = /^([A-Za-z0-9_-]{1,100})\/([A-Za-z0-9._-]{1,100})$/.exec(given) ?? [];
  if (owner !== undefined && name !== undefined && name !== '.' && name !== '..') return { owner, name };
  throw new ConfigurationError({
    code: 'PIPE-GITHUB-007',
    what: 'GITHUB_REPOSITORY does not name a repository',
    given: shown(given),
    accepted: 'owner and name with a slash between, as GitHub sets it',
    example: '`acme/shop`',
    state: 'GitHub was not asked',
  });
}
