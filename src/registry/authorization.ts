import type { OutsideFault } from '../runtime/errors.ts';
import type { HttpClient } from '../runtime/http.ts';
import { jsonMap } from '../runtime/json.ts';
import { isLoopback } from '../runtime/loopback.ts';
import { type Challenge, parseChallenge } from './challenge.ts';
import { type Asked, denied, refused, unexpected } from './faults.ts';
import { originOf } from './reference.ts';

/** What may be done to a repository. */
export type Access = 'pull' | 'pull,push';

export interface Authorization {
  /** The header for requests about a repository; undefined where the registry is open. */
  readonly header: (name: string, access: Access) => Promise<string | undefined>;
  /** Forgets a token that was not accepted; whether there was one, so that asking for another makes sense. */
  readonly forget: (name: string, access: Access) => boolean;
}

export interface AuthorizationOptions {
  readonly host: string;
  readonly login: { readonly username: string; readonly password: string } | undefined;
  readonly http: HttpClient;
  readonly signal: AbortSignal;
  /** Receives each token, so that it can be masked. */
  readonly onToken: (token: string) => void;
}

/** Seconds that a token lasts when the server does not say (distribution, "Token Authentication Specification"). */
const DEFAULT_LIFE = 60;

/** A token is renewed this long before its end, in milliseconds: it must last until the registry has read it. */
const MARGIN = 10_000;

/**
 * Credentials for the requests to one registry. What it wants is read from its answer to `/v2/` only: an answer to
 * another request can come from a place that it redirects to, and such a place must not say where the login goes.
 */
export function createAuthorization(options: AuthorizationOptions): Authorization {
  let asking: Promise<Challenge | undefined> | undefined;
  const tokens = new Map<string, { readonly header: string; readonly expiresAt: number }>();
  const header: Authorization['header'] = async (name, access) => {
    asking ??= askForChallenge(options, name);
    const challenge = await asking.catch((error: unknown) => {
      asking = undefined;
      throw error;
    });
    if (challenge === undefined) return undefined;
    if (challenge.kind === 'basic') return basic(options);
    const key = `${name} ${access}`;
    const known = tokens.get(key);
    if (known !== undefined && known.expiresAt - MARGIN > Date.now()) return known.header;
    const { token, life } = await askForToken(options, challenge, name, access);
    options.onToken(token);
    tokens.set(key, { header: `Bearer ${token}`, expiresAt: Date.now() + life * 1_000 });
    return `Bearer ${token}`;
  };
  return { header, forget: (name, access) => tokens.delete(`${name} ${access}`) };
}

function basic({ login }: AuthorizationOptions): string | undefined {
  if (login === undefined) return undefined;
  return `Basic ${Buffer.from(`${login.username}:${login.password}`, 'utf8').toString('base64')}`;
}

async function askForChallenge(options: AuthorizationOptions, name: string): Promise<Challenge | undefined> {
  const started = performance.now();
  const { http, host, signal } = options;
  const answer = await http.send({ url: `${originOf(host)}/v2/`, signal, limit: 1024 * 1024 });
  // Some registries answer 404 here, or 200 to everybody, and are used without credentials.
  if (answer.status === 200 || answer.status === 404) return undefined;
  if (answer.status !== 401) throw unexpected({ host, name }, 'say how to sign in to the repository', answer, started);
  const challenge = parseChallenge(answer.headers['www-authenticate'] ?? '');
  if (challenge === undefined)
    throw unexpected({ host, name }, 'say how to sign in to the repository', answer, started);
  return challenge;
}

async function askForToken(
  options: AuthorizationOptions,
  challenge: Extract<Challenge, { kind: 'bearer' }>,
  name: string,
  access: Access,
): Promise<{ token: string; life: number }> {
  const { http, host, signal } = options;
  const asked: Asked = { host, name, signedIn: options.login !== undefined };
  const started = performance.now();
  const url = tokenAddress(challenge, host, name, access);
  if (url === undefined) {
    const answer = { status: 401, headers: {}, body: Buffer.alloc(0) };
    throw unexpected(asked, 'name a safe address for the tokens', answer, started);
  }
  const authorization = basic(options);
  const headers = authorization === undefined ? {} : { authorization };
  const answer = await http.send({ url, headers, signal, limit: 1024 * 1024 });
  if (answer.status === 401) throw refused(asked, answer);
  if (answer.status === 403) throw denied(asked, access, answer);
  const found = answer.status === 200 ? tokenIn(answer.body) : undefined;
  if (found === undefined)
    throw unexpected(asked, 'give a token for the repository', answer, started) satisfies OutsideFault;
  return found;
}

/** undefined when the registry names a place where a password would travel in the open. */
function tokenAddress(
  { realm, service }: Extract<Challenge, { kind: 'bearer' }>,
  host: string,
  name: string,
  access: Access,
): string | undefined {
  if (!URL.canParse(realm)) return undefined;
  const url = new URL(realm);
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.host) && isLoopback(host));
  if (!isSafe) return undefined;
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.append('scope', `repository:${name}:${access}`);
  return url.href;
}

function tokenIn(body: Buffer): { token: string; life: number } | undefined {
  const value = jsonMap(body);
  if (value === undefined) return undefined;
  const token = value['token'] ?? value['access_token'];
  const life = value['expires_in'];
  if (typeof token !== 'string' || token === '') return undefined;
  return { token, life: typeof life === 'number' && life > 0 ? life : DEFAULT_LIFE };
}
