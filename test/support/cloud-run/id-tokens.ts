import type { CloudAnswer, CloudRequest, CloudService } from '../cloud-proxy.ts';
import type { GoogleCloud } from '../google-cloud.ts';
import { type Claims, createSigner, type Signer, verifyToken } from '../jwt.ts';

/** Google's identity tokens: who somebody is, for an audience. Services on Cloud Run let in by them. */
export interface IdTokens {
  readonly keys: Signer['keys'];
  /** Google's services for signing in, which give identity tokens as well. */
  readonly services: Readonly<Record<string, CloudService>>;
}

const refused = (code: number, status: string, message: string): CloudAnswer => ({
  status: code,
  body: { error: { code, message, status } },
});

export function createIdTokens(google: GoogleCloud): IdTokens {
  const signer = createSigner('google');
  const give = (email: string, audience: string) => {
    const now = Math.floor(Date.now() / 1_000);
    return signer.sign({
      iss: 'https://accounts.google.com',
      aud: audience,
      email,
      email_verified: true,
      iat: now,
      exp: now + 3_600,
    });
  };
  const services = google.services;
  const ask = async (host: string, request: CloudRequest) => (await services[host]?.(request)) ?? { status: 404 };
  return {
    keys: signer.keys,
    services: {
      ...services,
      'iamcredentials.googleapis.com': async (request) => {
        const path = /^\/v1\/projects\/-\/serviceAccounts\/([^/:]+):generateIdToken$/.exec(
          decodeURIComponent(request.path),
        );
        if (path === null) return await ask('iamcredentials.googleapis.com', request);
        const holder = google.holderOf((request.headers['authorization'] ?? '').replace(/^Bearer /, ''));
        if (holder === undefined)
          return refused(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.');
        const email = path[1] ?? '';
        if (google.accounts.get(email)?.(holder.claims) !== true) {
          return refused(
            403,
            'PERMISSION_DENIED',
            "Permission 'iam.serviceAccounts.getOpenIdToken' denied on resource (or it may not exist).",
          );
        }
        const { audience } = JSON.parse(request.body.toString('utf8')) as { audience?: string };
        if (audience === undefined) return refused(400, 'INVALID_ARGUMENT', 'audience is required');
        return { status: 200, body: { token: give(email, audience) } };
      },
      'oauth2.googleapis.com': async (request) => {
        const assertion = new URLSearchParams(request.body.toString('utf8')).get('assertion') ?? '';
        const payload = Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString('utf8');
        const claims = JSON.parse(payload === '' ? '{}' : payload) as Claims;
        const audience = claims['target_audience'];
        if (audience === undefined) return await ask('oauth2.googleapis.com', request);
        const email = String(claims['iss']);
        const key = google.keys.get(email);
        if (key === undefined || 'problem' in verifyToken(assertion, key.keys)) {
          return { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } };
        }
        return { status: 200, body: { id_token: give(email, String(audience)) } };
      },
    },
  };
}
