import type { HttpResponse } from '../runtime/http.ts';
import { jsonMap } from '../runtime/json.ts';
import { impersonationRefused, noToken } from './faults.ts';
import type { GoogleIdentity } from './identity.ts';
import { type AccessToken, assertByKey, type GoogleTokenOptions } from './token.ts';

export interface IdTokenOptions extends Pick<GoogleTokenOptions, 'http' | 'secrets' | 'signal'> {
  readonly identity: GoogleIdentity;
  /** Access tokens of the job itself, before it acts as an account. */
  readonly federated: () => Promise<AccessToken>;
}

/** A token of this age is not handed out any more, in milliseconds: Google's last an hour, and probes go on for long. */
const OLDEST = 300_000;

/**
 * Identity tokens of Google: by them a private service knows who asks (cloud.google.com/run/docs/authenticating). Each
 * is handed out for five minutes, so that whoever has it can use it for most of its hour.
 *
 * Calls return undefined for a job that is in without a service account: Google gives identity tokens to accounts only.
 *
 * @throws ConfigurationError PIPE-GOOGLE-007, PIPE-GOOGLE-008 what was not accepted
 * @throws OutsideFault PIPE-GOOGLE-009 when a service of Google does not answer
 */
export function createIdTokens(options: IdTokenOptions): (audience: string) => Promise<string | undefined> {
  const kept = new Map<string, { readonly token: string; readonly since: number }>();
  return async (audience) => {
    const known = kept.get(audience);
    if (known !== undefined && performance.now() - known.since < OLDEST) return known.token;
    const since = performance.now();
    const token = await ask(options, audience);
    if (token === undefined) return undefined;
    options.secrets.add(token);
    kept.set(audience, { token, since });
    return token;
  };
}

async function ask(options: IdTokenOptions, audience: string): Promise<string | undefined> {
  const { identity } = options;
  const started = performance.now();
  if (identity.kind === 'key') {
    const answer = await assertByKey(options, identity, { target_audience: audience });
    return textIn(answer, 'id_token', 'oauth2', started);
  }
  const { serviceAccount } = identity;
  if (serviceAccount === undefined) return undefined;
  // IAM Service Account Credentials API v1, method generateIdToken. Asking twice does no harm.
  const answer = await options.http.send({
    method: 'POST',
    url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${encodeURIComponent(serviceAccount)}:generateIdToken`,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      authorization: `Bearer ${(await options.federated()).token}`,
    },
    body: JSON.stringify({ audience, includeEmail: true }),
    idempotent: true,
    limit: 1024 * 1024,
    signal: options.signal,
  });
  if (answer.status !== 200) throw impersonationRefused(identity, serviceAccount, answer, started);
  return textIn(answer, 'token', 'iamcredentials', started);
}

function textIn(answer: HttpResponse, field: string, service: string, started: number): string {
  const token = jsonMap(answer.body)?.[field];
  if (typeof token === 'string' && token !== '') return token;
  throw noToken(service, answer, started);
}
