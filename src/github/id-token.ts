import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError, OutsideFault, shown } from '../runtime/errors.ts';
import type { HttpClient } from '../runtime/http.ts';
import { jsonMap } from '../runtime/json.ts';
import { isLoopback } from '../runtime/loopback.ts';
import type { Secrets } from '../runtime/secrets.ts';
import { triesOf } from '../runtime/tries.ts';

/** Gives a token that says which job this is, made for one audience. */
export type IdTokenSource = (audience: string) => Promise<string>;

export interface IdTokenOptions {
  /** ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN are read from it. */
  readonly environment: Environment;
  readonly http: HttpClient;
  readonly secrets: Pick<Secrets, 'add'>;
  readonly signal: AbortSignal;
}

/**
 * GitHub's OpenID Connect tokens (docs.github.com, "OpenID Connect reference"). Each call asks for a new one: it lasts
 * minutes only, and some services take each only once.
 *
 * @throws ConfigurationError PIPE-IDENTITY-001 when the job may not have one
 * @throws OutsideFault PIPE-IDENTITY-002 when GitHub does not give one
 */
export function githubIdTokens({ environment, http, secrets, signal }: IdTokenOptions): IdTokenSource {
  return async (audience) => {
    const address = environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '';
    const bearer = environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? '';
    if (address === '' || bearer === '') throw notPermitted(environment);
    const started = performance.now();
    const url = requestAddress(address, audience);
    const fault = (what: string, status: number, tries: number) =>
      new OutsideFault(
        { code: 'PIPE-IDENTITY-002', what, remedy: 'run the job again; https://www.githubstatus.com tells of outages' },
        { service: `GitHub's OpenID Connect service`, status, tries, elapsed: performance.now() - started },
      );
    if (url === undefined) throw fault('ACTIONS_ID_TOKEN_REQUEST_URL is no https address', 0, 0);
    const headers = { authorization: `Bearer ${bearer}`, accept: 'application/json' };
    const answer = await http.send({ url, headers, signal, limit: 1024 * 1024 });
    const token = answer.status === 200 ? tokenIn(answer.body) : undefined;
    if (token === undefined) throw fault('GitHub gave no token for this job', answer.status, triesOf(answer.status));
    secrets.add(token);
    return token;
  };
}

function notPermitted(environment: Environment): ConfigurationError {
  const isPullRequest = environment['GITHUB_EVENT_NAME'] === 'pull_request';
  return new ConfigurationError({
    code: 'PIPE-IDENTITY-001',
    what: 'this job may not ask GitHub for an OpenID Connect token',
    accepted: 'the permission `id-token: write`, in the workflow that calls this one as well',
    example: 'permissions: {contents: read, id-token: write}',
    remedy: isPullRequest
      ? 'add the permission; a pull request of a fork or of Dependabot never has it, whatever the workflow says'
      : 'add the permission to the job that calls this workflow',
    state: 'nothing was sent',
  });
}

function requestAddress(address: string, audience: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.protocol !== 'https:' && !isLoopback(url.host)) return undefined;
  url.searchParams.set('audience', audience);
  return url.href;
}

function tokenIn(body: Buffer): string | undefined {
  const token = jsonMap(body)?.['value'];
  return typeof token === 'string' && token !== '' ? token : undefined;
}

/** Claims of a GitHub token that decide whether somebody accepts it; none of them is secret. */
const TELLING = ['sub', 'aud', 'repository', 'ref', 'environment', 'event_name'];

/** What a token says about its job, for messages: `sub "repo:…"`, `aud "…"`. The token is not checked. */
export function claimsShown(token: string): string {
  const claims = jsonMap(Buffer.from(token.split('.')[1] ?? '', 'base64url'));
  if (claims === undefined) return 'a token that can not be read';
  const told = TELLING.filter((name) => claims[name] !== undefined);
  return told.map((name) => `${name} ${shown(claims[name], 200)}`).join(', ');
}
