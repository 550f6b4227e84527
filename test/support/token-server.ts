import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAuthority } from './certificates.ts';
import { REGISTRY_LOGIN, type TokenAccess } from './registry-server.ts';

/** The server that a registry sends its clients to for tokens (distribution, "Token Authentication Specification"). */
export interface TokenServer {
  readonly access: TokenAccess;
  /** What it was asked for: scope and whether a password came along. */
  readonly asked: { readonly scope: string; readonly signedIn: boolean }[];
  /** Seconds that the next tokens last. */
  life: number;
  /** What a client without the password may do; with it everything. */
  anonymous: readonly string[];
  readonly stop: () => Promise<void>;
}

const SERVICE = 'registry of the tests';
const ISSUER = 'token server of the tests';

export async function startTokenServer(): Promise<TokenServer> {
  const { certificate, key } = await createAuthority('token server');
  const privateKey = createPrivateKey(key);
  const chain = [new X509Certificate(certificate).raw.toString('base64')];
  const part = (value: unknown) => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
  const token = (scope: string, actions: readonly string[], life: number) => {
    const [type, name] = scope.split(':');
    const now = Math.floor(Date.now() / 1_000);
    const claims = {
      iss: ISSUER,
      aud: SERVICE,
      sub: '',
      iat: now,
      nbf: now - 5,
      exp: now + life,
      access: [{ type, name, actions }],
    };
    const text = `${part({ typ: 'JWT', alg: 'ES256', x5c: chain })}.${part(claims)}`;
    const signature = sign('sha256', Buffer.from(text, 'utf8'), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return `${text}.${signature.toString('base64url')}`;
  };
  const asked: TokenServer['asked'] = [];
  const password = Buffer.from(`${REGISTRY_LOGIN.username}:${REGISTRY_LOGIN.password}`).toString('base64');
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const { authorization } = request.headers;
    const scope = url.searchParams.get('scope') ?? '';
    const signedIn = authorization === `Basic ${password}`;
    asked.push({ scope, signedIn });
    const isRight = url.searchParams.get('service') === SERVICE && (authorization === undefined || signedIn);
    const wanted = (scope.split(':')[2] ?? '').split(',');
    const granted = signedIn ? wanted : wanted.filter((action) => tokens.anonymous.includes(action));
    response.writeHead(isRight ? 200 : 401, { 'content-type': 'application/json' });
    response.end(
      isRight
        ? JSON.stringify({ token: token(scope, granted, tokens.life), expires_in: tokens.life })
        : JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'wrong password' }] }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // By name: crane refuses a realm with a loopback address that is not the registry's own.
  const realm = `http://localhost:${(server.address() as AddressInfo).port}/token`;
  const tokens: TokenServer = {
    access: { realm, service: SERVICE, issuer: ISSUER, certificate },
    asked,
    life: 300,
    anonymous: ['pull'],
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return tokens;
}
