import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSigner, type Signer } from './jwt.ts';

/** GitHub's OpenID Connect service for one job (docs.github.com, "OpenID Connect reference"). */
export interface GithubIdentity {
  /** What a job with `id-token: write` has in its environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly keys: Signer['keys'];
  /** Audiences that tokens were made for. */
  readonly audiences: string[];
  /** Claims of the next tokens, laid over the usual ones. */
  claims: Readonly<Record<string, unknown>>;
  /** Status of the next answers. */
  status: number;
  /** The last token given. */
  readonly last: () => string;
  readonly stop: () => Promise<void>;
}

export const ISSUER = 'https://token.actions.githubusercontent.com';
export const SUBJECT = 'repo:acme@1/apps@2:ref:refs/heads/main';

export async function startGithubIdentity(): Promise<GithubIdentity> {
  const signer = createSigner('github');
  const requestToken = 'request-token-of-the-job';
  let last = '';
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const audience = url.searchParams.get('audience') ?? '';
    const isRight = request.headers.authorization === `Bearer ${requestToken}` && url.searchParams.has('api-version');
    if (identity.status !== 200 || !isRight) {
      response.writeHead(isRight ? identity.status : 401).end();
      return;
    }
    identity.audiences.push(audience);
    const now = Math.floor(Date.now() / 1_000);
    last = signer.sign({
      iss: ISSUER,
      aud: audience,
      sub: SUBJECT,
      repository: 'acme/apps',
      ref: 'refs/heads/main',
      event_name: 'push',
      jti: crypto.randomUUID(),
      iat: now,
      nbf: now,
      exp: now + 300,
      ...identity.claims,
    });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ count: last.length, value: last }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const identity: GithubIdentity = {
    environment: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
    },
    keys: signer.keys,
    audiences: [],
    claims: {},
    status: 200,
    last: () => last,
    stop: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
  return identity;
}
