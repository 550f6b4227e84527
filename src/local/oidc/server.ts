import { createServer, type IncomingMessage } from 'node:http';
import { listenOnLoopback } from '../loopback-server.ts';
import type { RecordedIdentityToken } from '../run-types.ts';
import { ISSUER, identityClaims, type JobClaims, type RunClaims } from './claims.ts';
import type { SigningKey } from './key.ts';

/** A job that may ask for identity tokens. */
export interface IdentityJob extends Omit<JobClaims, 'environment'> {
  readonly id: string;
}

/** The provider of identity tokens (OIDC) of a run. */
export interface IdentityProvider {
  /** `http://127.0.0.1:port`: the discovery document is below it. */
  readonly url: string;
  /** Where jobs ask, ready for `&audience=…`; `environment` is the job's own, as text or as an expression. */
  readonly requestUrl: (environment: string) => string;
  readonly tokens: readonly RecordedIdentityToken[];
  readonly close: () => Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** Before the job's environment in the address: what follows is its name, up to the audience. */
const ENVIRONMENT = '&environment=';

/**
 * Starts GitHub's provider of identity tokens on 127.0.0.1. The tokens say what GitHub's do, their issuer included, and
 * are signed by this run's key: no cloud but a stand-in that is told the key takes them.
 *
 * @param jobs ACTIONS_ID_TOKEN_REQUEST_TOKEN to the job; only those with `id-token: write` have one.
 * @param run what all tokens say; asked for at each request.
 */
export async function startIdentityProvider(
  key: SigningKey,
  jobs: ReadonlyMap<string, IdentityJob>,
  run: () => RunClaims | undefined,
): Promise<IdentityProvider> {
  const tokens: RecordedIdentityToken[] = [];
  let base = '';

  const answer = (request: IncomingMessage): Reply => {
    const address = request.url ?? '/';
    const { pathname } = new URL(address, base);
    if (pathname === '/.well-known/openid-configuration') return { status: 200, body: discovery(base) };
    if (pathname === '/.well-known/jwks') return { status: 200, body: key.keySet() };
    const job = jobs.get(/^bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '');
    const claims = run();
    if (pathname !== '/token') return { status: 404, body: { message: 'Not Found' } };
    if (job === undefined || claims === undefined) return { status: 401, body: { message: 'Unauthorized' } };
    const { audience, environment } = asked(address);
    const content = identityClaims(claims, { ...job, environment }, audience, Math.floor(Date.now() / 1_000));
    const texts = Object.entries(content).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    tokens.push({ job: job.id, audience: content.aud, claims: Object.fromEntries(texts) });
    return { status: 200, body: { count: 1, value: key.sign(content) } };
  };

  const server = createServer((request, response) => {
    request.resume();
    const { status, body } = answer(request);
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
  });
  const listening = await listenOnLoopback(server);
  base = listening.url;
  return {
    url: base,
    requestUrl: (environment) => `${base}/token?api-version=2.0${ENVIRONMENT}${environment}`,
    tokens,
    close: listening.close,
  };
}

/** Clients put the audience behind the address that they were given; an environment's name may hold anything. */
function asked(address: string): { readonly audience: string | undefined; readonly environment: string } {
  const start = address.indexOf(ENVIRONMENT);
  const end = address.lastIndexOf('&audience=');
  const environment = start === -1 ? '' : address.slice(start + ENVIRONMENT.length, end > start ? end : undefined);
  const audience = end === -1 ? undefined : decoded(address.slice(end + '&audience='.length));
  return { audience: audience === '' ? undefined : audience, environment: decoded(environment) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // A percent sign that escapes nothing stands for itself.
    return text;
  }
}

/** https://token.actions.githubusercontent.com/.well-known/openid-configuration, its keys at this address. */
function discovery(base: string) {
  return {
    issuer: ISSUER,
    jwks_uri: `${base}/.well-known/jwks`,
    subject_types_supported: ['public', 'pairwise'],
    response_types_supported: ['id_token'],
    claims_supported: [
      ...['sub', 'aud', 'exp', 'iat', 'iss', 'jti', 'nbf', 'ref', 'sha', 'repository', 'repository_id'],
      ...['repository_owner', 'repository_owner_id', 'run_id', 'run_number', 'run_attempt', 'actor', 'actor_id'],
      ...[
        'workflow',
        'workflow_ref',
        'workflow_sha',
        'head_ref',
        'base_ref',
        'event_name',
        'ref_type',
        'ref_protected',
      ],
      ...['environment', 'job_workflow_ref', 'job_workflow_sha', 'repository_visibility', 'runner_environment'],
      'check_run_id',
    ],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid'],
  };
}
