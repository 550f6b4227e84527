import { createPrivateKey, sign } from 'node:crypto';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import type { HttpClient, HttpResponse } from '../runtime/http.ts';
import { jsonMap } from '../runtime/json.ts';
import type { Secrets } from '../runtime/secrets.ts';
import { exchangeRefused, impersonationRefused, keyRefused, noToken } from './faults.ts';
import type { GoogleIdentity, KeyIdentity, WorkloadIdentity } from './identity.ts';

export interface AccessToken {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface GoogleTokenOptions {
  readonly identity: GoogleIdentity;
  /** OAuth 2.0 scopes; the whole of Google Cloud when left out, so that only the account's roles count. */
  readonly scopes?: readonly string[];
  /** Gives a token of the job for an audience; used for workload identity only. */
  readonly idToken: (audience: string) => Promise<string>;
  /** What a token of the job says, for messages. */
  readonly describeIdToken: (token: string) => string;
  readonly http: HttpClient;
  readonly secrets: Pick<Secrets, 'add'>;
  readonly signal: AbortSignal;
}

const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';

/** A token is renewed this long before its end, in milliseconds. */
const MARGIN = 300_000;

/** The longest life of a token without a special policy, in seconds. */
const LIFE = 3_600;

/**
 * Access tokens for Google's APIs. Each call returns one that lasts five more minutes at least; it is asked for anew
 * only when the last one does not. Calls at the same time share one exchange.
 *
 * Calls throw:
 *
 * @throws ConfigurationError PIPE-GOOGLE-003 to 008, what Google did not accept and what to do; what `idToken` throws
 * @throws OutsideFault PIPE-GOOGLE-009 when a service of Google does not answer
 */
export function createGoogleTokens(options: GoogleTokenOptions): () => Promise<AccessToken> {
  let last: AccessToken | undefined;
  let asking: Promise<AccessToken> | undefined;
  return async () => {
    if (last !== undefined && last.expiresAt - MARGIN > Date.now()) return last;
    asking ??= ask(options).finally(() => {
      asking = undefined;
    });
    last = await asking;
    return last;
  };
}

async function ask(options: GoogleTokenOptions): Promise<AccessToken> {
  const { identity, scopes = [CLOUD_PLATFORM] } = options;
  if (identity.kind === 'key') return await byKey(options, identity, scopes);
  const { serviceAccount } = identity;
  if (serviceAccount === undefined) return await exchange(options, identity, scopes);
  return await impersonate(options, identity, serviceAccount, scopes);
}

/** Security Token Service API v1, method token (cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token). */
async function exchange(
  options: GoogleTokenOptions,
  identity: WorkloadIdentity,
  scopes: readonly string[],
): Promise<AccessToken> {
  // The default of a provider is its own name with https; as its target the service wants it without.
  const audience = `https://iam.googleapis.com/${identity.provider}`;
  const subjectToken = await options.idToken(audience);
  const started = performance.now();
  const answer = await post(options, 'https://sts.googleapis.com/v1/token', {
    grantType: 'urn:ietf:params:oauth:grant-type:token-exchange',
    audience: `//iam.googleapis.com/${identity.provider}`,
    scope: scopes.join(' '),
    requestedTokenType: 'urn:ietf:params:oauth:token-type:access_token',
    subjectToken,
    subjectTokenType: 'urn:ietf:params:oauth:token-type:jwt',
  });
  if (answer.status !== 200) {
    throw exchangeRefused(identity, audience, options.describeIdToken(subjectToken), answer, started);
  }
  return tokenOf(options, answer, 'sts', started);
}

/** IAM Service Account Credentials API v1, method generateAccessToken. */
async function impersonate(
  options: GoogleTokenOptions,
  identity: WorkloadIdentity,
  account: string,
  scopes: readonly string[],
): Promise<AccessToken> {
  // This token is only good for becoming the account; what may be done then is for the scopes of the next one.
  const federated = await exchange(options, identity, [CLOUD_PLATFORM]);
  const started = performance.now();
  const answer = await post(
    options,
    `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${encodeURIComponent(account)}:generateAccessToken`,
    { scope: scopes, lifetime: `${LIFE}s` },
    { authorization: `Bearer ${federated.token}` },
  );
  if (answer.status !== 200) throw impersonationRefused(identity, account, answer, started);
  const body = jsonMap(answer.body) ?? {};
  const { accessToken: token, expireTime } = body;
  const expiresAt = typeof expireTime === 'string' ? Date.parse(expireTime) : Number.NaN;
  if (typeof token !== 'string' || Number.isNaN(expiresAt)) throw noToken('iamcredentials', answer, started);
  options.secrets.add(token);
  return { token, expiresAt };
}

/** A signed assertion for a token (RFC 7523; developers.google.com, "Using OAuth 2.0 for Server to Server"). */
async function byKey(options: GoogleTokenOptions, key: KeyIdentity, scopes: readonly string[]): Promise<AccessToken> {
  const started = performance.now();
  const answer = await assertByKey(options, key, { scope: scopes.join(' ') });
  return tokenOf(options, answer, 'oauth2', started);
}

/**
 * What Google's token endpoint answers to an assertion that is signed with a key.
 *
 * @param wish what is asked for: `scope` for an access token, `target_audience` for an identity token
 * @throws ConfigurationError PIPE-GOOGLE-002 the key can't be read, PIPE-GOOGLE-008 it is not accepted
 * @throws OutsideFault PIPE-GOOGLE-009 when there is no answer of use
 */
export async function assertByKey(
  { http, secrets, signal }: Pick<GoogleTokenOptions, 'http' | 'secrets' | 'signal'>,
  key: KeyIdentity,
  wish: Readonly<Record<string, string>>,
): Promise<HttpResponse> {
  const started = performance.now();
  const now = Math.floor(Date.now() / 1_000);
  const assertion = signedJwt(key, { iss: key.email, ...wish, aud: key.tokenAddress, iat: now, exp: now + LIFE });
  secrets.add(assertion);
  const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  const request = { method: 'POST' as const, url: key.tokenAddress, headers, body, idempotent: true };
  const answer = await http.send({ ...request, signal, limit: 1024 * 1024 });
  if (answer.status !== 200) throw keyRefused(key, answer, started);
  return answer;
}

function signedJwt(key: KeyIdentity, claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
  const text = `${part({ alg: 'RS256', typ: 'JWT', kid: key.keyId })}.${part(claims)}`;
  try {
    const privateKey = createPrivateKey(key.privateKey);
    return `${text}.${sign('RSA-SHA256', Buffer.from(text, 'utf8'), privateKey).toString('base64url')}`;
  } catch (error) {
    // OpenSSL's reason says nothing of the key itself.
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(
      {
        code: 'PIPE-GOOGLE-002',
        what: 'the private key in `credentials-json` can not be read',
        given: shown(reason),
        accepted: 'the file as Google made it: line ends inside the key are \\n in the JSON',
        remedy: 'paste the file again, or make a new key; better, use `workload-identity-provider`',
        state: 'nothing was sent',
      },
      { cause: error },
    );
  }
}

/** Asking twice for a token does no harm: each answer is another token. */
async function post(
  { http, signal }: GoogleTokenOptions,
  url: string,
  body: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpResponse> {
  return await http.send({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify(body),
    idempotent: true,
    limit: 1024 * 1024,
    signal,
  });
}

/** A token in OAuth's form (RFC 6749, 5.1). */
function tokenOf(options: GoogleTokenOptions, answer: HttpResponse, service: string, started: number): AccessToken {
  const { access_token: token, expires_in: life } = jsonMap(answer.body) ?? {};
  if (typeof token !== 'string' || token === '') throw noToken(service, answer, started);
  options.secrets.add(token);
  return { token, expiresAt: Date.now() + (typeof life === 'number' ? life : LIFE) * 1_000 };
}
