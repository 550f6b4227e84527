import { installGoogleDocuments } from '../../tools/registry/install.ts';
import type { CloudAnswer, CloudRequest, CloudService } from './cloud-proxy.ts';
import { ISSUER } from './github-identity.ts';
import { type Description, readDescription } from './google-discovery.ts';
import { type Claims, createSigner, type Signer, verifyToken } from './jwt.ts';

/** A workload identity provider as its owner set it up. */
export interface Provider {
  /** Empty: its own name, with or without https. */
  readonly allowedAudiences: readonly string[];
  readonly isDisabled?: boolean;
  /** The attribute condition. */
  readonly condition: (claims: Claims) => boolean;
}

/** Google's services for signing in. It knows what was set up, and nothing else. */
export interface GoogleCloud {
  readonly services: Readonly<Record<string, CloudService>>;
  /** By name: `projects/…/providers/…`. */
  readonly providers: Map<string, Provider>;
  /** By e-mail address: who may act as the account. */
  readonly accounts: Map<string, (claims: Claims) => boolean>;
  /** Keys of accounts, by e-mail address. */
  readonly keys: Map<string, Signer>;
  /** Seconds that tokens last. */
  life: number;
  /** The claims or account that a token stands for; undefined for one that was not given out, or is over. */
  readonly holderOf: (token: string) => TokenHolder | undefined;
}

export interface TokenHolder {
  readonly who: string;
  readonly scopes: readonly string[];
  readonly claims: Claims;
  readonly expiresAt: number;
}

/** @param githubKeys by which tokens of jobs are known */
export async function createGoogleCloud(githubKeys: Signer['keys']): Promise<GoogleCloud> {
  const folder = await installGoogleDocuments();
  const [sts, iam] = await Promise.all([
    readDescription(folder, 'sts.v1'),
    readDescription(folder, 'iamcredentials.v1'),
  ]);
  const tokens = new Map<string, TokenHolder>();
  const give = (holder: Omit<TokenHolder, 'expiresAt'>) => {
    const token = `ya29.${crypto.randomUUID()}${crypto.randomUUID()}`;
    tokens.set(token, { ...holder, expiresAt: Date.now() + cloud.life * 1_000 });
    return token;
  };
  const holderOf = (token: string) => {
    const holder = tokens.get(token);
    return holder !== undefined && holder.expiresAt > Date.now() ? holder : undefined;
  };
  const cloud: GoogleCloud = {
    providers: new Map(),
    accounts: new Map(),
    keys: new Map(),
    life: 3_600,
    holderOf,
    services: {
      'sts.googleapis.com': (request) => exchange(request, sts, cloud, githubKeys, give),
      'iamcredentials.googleapis.com': (request) => impersonate(request, iam, cloud, give),
      'oauth2.googleapis.com': (request) => byKey(request, cloud, give),
    },
  };
  return cloud;
}

/** A key file of a new account, as Google makes it. */
export function addKey(cloud: GoogleCloud, email: string): Readonly<Record<string, string>> {
  const signer = createSigner(crypto.randomUUID().replaceAll('-', ''));
  cloud.keys.set(email, signer);
  return {
    type: 'service_account',
    project_id: 'acme-production',
    private_key_id: signer.keys.keys[0]?.kid ?? '',
    private_key: signer.privateKey,
    client_email: email,
    client_id: '123456789012345678901',
    auth_uri: 'https://accounts.google.com/o/oauth2/auth',
    token_uri: 'https://oauth2.googleapis.com/token',
    universe_domain: 'googleapis.com',
  };
}

type Give = (holder: Omit<TokenHolder, 'expiresAt'>) => string;

const oauthError = (error: string, error_description: string): CloudAnswer => ({
  status: 400,
  body: { error, error_description },
});

/** OAuth's names of the fields, which Google takes in forms. */
const FORM_NAMES: Readonly<Record<string, string>> = {
  grant_type: 'grantType',
  requested_token_type: 'requestedTokenType',
  subject_token: 'subjectToken',
  subject_token_type: 'subjectTokenType',
};

function fieldsOf({ headers, body }: CloudRequest): Readonly<Record<string, unknown>> {
  const text = body.toString('utf8');
  if (headers['content-type']?.startsWith('application/json') === true) {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  }
  return Object.fromEntries([...new URLSearchParams(text)].map(([name, value]) => [FORM_NAMES[name] ?? name, value]));
}

function exchange(
  request: CloudRequest,
  description: Description,
  cloud: GoogleCloud,
  githubKeys: Signer['keys'],
  give: Give,
): CloudAnswer {
  if (request.method !== 'POST' || request.path !== '/v1/token') return { status: 404 };
  if (request.headers['authorization'] !== undefined) return oauthError('invalid_request', 'no Authorization header');
  const fields = fieldsOf(request);
  const fault = description.valueFault('GoogleIdentityStsV1ExchangeTokenRequest', fields);
  if (fault !== undefined) return status(400, 'INVALID_ARGUMENT', fault);
  const fixed = {
    grantType: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requestedTokenType: 'urn:ietf:params:oauth:token-type:access_token',
    subjectTokenType: 'urn:ietf:params:oauth:token-type:jwt',
  };
  for (const [name, value] of Object.entries(fixed)) {
    if (fields[name] !== value) return oauthError('invalid_request', `Invalid ${name}`);
  }
  const name = /^\/\/iam\.googleapis\.com\/(.*)$/.exec(String(fields['audience']))?.[1];
  if (name === undefined) return oauthError('invalid_request', 'Invalid value for "audience".');
  const provider = cloud.providers.get(name);
  if (provider === undefined || provider.isDisabled === true) {
    return oauthError('invalid_target', 'The target service indicated by the "audience" parameters is invalid.');
  }
  const verified = verifyToken(String(fields['subjectToken']), githubKeys);
  if ('problem' in verified) return oauthError('invalid_grant', `The ID Token is ${verified.problem}.`);
  const { claims } = verified;
  if (claims['iss'] !== ISSUER) return oauthError('invalid_grant', 'The issuer in ID Token does not match.');
  const own = [`//iam.googleapis.com/${name}`, `https://iam.googleapis.com/${name}`];
  const audiences = provider.allowedAudiences.length === 0 ? own : provider.allowedAudiences;
  if (!audiences.includes(String(claims['aud']))) {
    return oauthError(
      'invalid_grant',
      `The audience in ID Token [${claims['aud']}] does not match the expected audience.`,
    );
  }
  if (!provider.condition(claims)) {
    return oauthError('unauthorized_client', 'The given credential is rejected by the attribute condition.');
  }
  const scopes = String(fields['scope'] ?? '')
    .split(' ')
    .filter((scope) => scope !== '');
  if (scopes.length === 0) return oauthError('invalid_scope', 'scope is required');
  return {
    status: 200,
    body: {
      access_token: give({ who: String(claims['sub']), scopes, claims }),
      issued_token_type: fixed.requestedTokenType,
      token_type: 'Bearer',
      expires_in: cloud.life,
    },
  };
}

const status = (code: number, name: string, message: string): CloudAnswer => ({
  status: code,
  body: { error: { code, message, status: name } },
});

function impersonate(request: CloudRequest, description: Description, cloud: GoogleCloud, give: Give): CloudAnswer {
  const path = /^\/v1\/projects\/-\/serviceAccounts\/([^/:]+):generateAccessToken$/.exec(
    decodeURIComponent(request.path),
  );
  if (request.method !== 'POST' || path === null) return status(404, 'NOT_FOUND', 'no such method');
  const holder = cloud.holderOf((request.headers['authorization'] ?? '').replace(/^Bearer /, ''));
  if (holder === undefined) return status(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.');
  const body = fieldsOf(request);
  const fault = description.valueFault('GenerateAccessTokenRequest', body);
  if (fault !== undefined) return status(400, 'INVALID_ARGUMENT', fault);
  const email = path[1] ?? '';
  if (cloud.accounts.get(email)?.(holder.claims) !== true) {
    const message = "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).";
    return status(403, 'PERMISSION_DENIED', message);
  }
  const scopes = body['scope'] as readonly string[];
  const life = Number(/^(\d+)s$/.exec(String(body['lifetime'] ?? '3600s'))?.[1]);
  if (!(life > 0 && life <= 3_600)) return status(400, 'INVALID_ARGUMENT', 'lifetime is out of range');
  const token = give({ who: email, scopes, claims: holder.claims });
  const expiresAt = cloud.holderOf(token)?.expiresAt ?? 0;
  // Whole seconds, as Google has them: gcloud reads no others.
  return {
    status: 200,
    body: { accessToken: token, expireTime: new Date(expiresAt).toISOString().replace(/\.\d+Z$/, 'Z') },
  };
}

function byKey(request: CloudRequest, cloud: GoogleCloud, give: Give): CloudAnswer {
  if (request.method !== 'POST' || request.path !== '/token') return { status: 404 };
  const form = new URLSearchParams(request.body.toString('utf8'));
  if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
    return oauthError('unsupported_grant_type', 'Invalid grant_type');
  }
  const assertion = form.get('assertion') ?? '';
  const payload = Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString('utf8');
  const email = String((JSON.parse(payload === '' ? '{}' : payload) as Claims)['iss']);
  const signer = cloud.keys.get(email);
  if (signer === undefined) return oauthError('invalid_grant', 'Invalid grant: account not found');
  const verified = verifyToken(assertion, signer.keys);
  if ('problem' in verified) return oauthError('invalid_grant', 'Invalid JWT Signature.');
  const { aud, exp, iat, scope } = verified.claims;
  if (aud !== 'https://oauth2.googleapis.com/token') return oauthError('invalid_grant', 'Invalid JWT: wrong audience');
  if (Number(exp) - Number(iat) > 3_600)
    return oauthError('invalid_grant', 'Invalid JWT: Token must be a short-lived token');
  const token = give({ who: email, scopes: String(scope).split(' '), claims: verified.claims });
  return { status: 200, body: { access_token: token, expires_in: cloud.life, token_type: 'Bearer' } };
}
