import { signRequest } from '../../src/aws/signature.ts';
import type { CloudAnswer, CloudRequest, CloudService } from './cloud-proxy.ts';
import { ISSUER } from './github-identity.ts';
import { type Claims, type Signer, verifyToken } from './jwt.ts';

/** A role as its owner set it up. */
export interface Role {
  /** The conditions of the trust policy. */
  readonly trusts: (claims: Claims) => boolean;
  /** Whether its policy has ecr:GetAuthorizationToken. */
  readonly maySignIn: boolean;
}

/** AWS in one region, as far as signing in to ECR goes. It knows what was set up, and nothing else. */
export interface AwsCloud {
  readonly services: Readonly<Record<string, CloudService>>;
  /** By ARN. */
  readonly roles: Map<string, Role>;
  /** Audiences of the identity provider for GitHub; undefined: the account has none. */
  audiences: readonly string[] | undefined;
  /** Passwords for the registry that were given out. */
  readonly passwords: string[];
}

export const REGION = 'eu-west-1';

interface Session {
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly role: string;
}

/** @param githubKeys by which tokens of jobs are known */
export function createAwsCloud(githubKeys: Signer['keys']): AwsCloud {
  const sessions = new Map<string, Session>();
  const cloud: AwsCloud = {
    roles: new Map(),
    audiences: ['sts.amazonaws.com'],
    passwords: [],
    services: {
      [`sts.${REGION}.amazonaws.com`]: (request) => assumeRole(request, cloud, githubKeys, sessions),
      [`api.ecr.${REGION}.amazonaws.com`]: (request) => authorize(request, cloud, sessions),
    },
  };
  return cloud;
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function stsError(status: number, code: string, message: string): CloudAnswer {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${escaped(message)}</Message></Error>`;
  return {
    status,
    headers: { 'content-type': 'text/xml' },
    body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${error}<RequestId>1</RequestId></ErrorResponse>`,
  };
}

function assumeRole(
  request: CloudRequest,
  cloud: AwsCloud,
  githubKeys: Signer['keys'],
  sessions: Map<string, Session>,
): CloudAnswer {
  const form = new URLSearchParams(request.body.toString('utf8'));
  const value = (name: string) => form.get(name) ?? '';
  const isCall = request.method === 'POST' && value('Action') === 'AssumeRoleWithWebIdentity';
  if (!isCall || value('Version') !== '2011-06-15') return stsError(400, 'InvalidAction', 'Could not find operation');
  if (request.headers['authorization'] !== undefined) return stsError(403, 'AccessDenied', 'not to be signed');
  if (!/^[\w+=,.@-]{2,64}$/.test(value('RoleSessionName'))) return stsError(400, 'ValidationError', 'roleSessionName');
  const life = Number(form.get('DurationSeconds') ?? 3_600);
  if (!(life >= 900 && life <= 43_200)) return stsError(400, 'ValidationError', 'durationSeconds');
  if (cloud.audiences === undefined) {
    return stsError(400, 'InvalidIdentityToken', `No OpenIDConnect provider found in your account for ${ISSUER}`);
  }
  const verified = verifyToken(value('WebIdentityToken'), githubKeys);
  if ('problem' in verified) {
    const code = verified.problem === 'expired' ? 'ExpiredTokenException' : 'InvalidIdentityToken';
    return stsError(400, code, `Token is ${verified.problem}`);
  }
  const { claims } = verified;
  if (claims['iss'] !== ISSUER || !cloud.audiences.includes(String(claims['aud']))) {
    return stsError(400, 'InvalidIdentityToken', 'Incorrect token audience');
  }
  if (cloud.roles.get(value('RoleArn'))?.trusts(claims) !== true) {
    return stsError(403, 'AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity');
  }
  const keyId = `ASIA${crypto.randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase()}`;
  const session = {
    secretAccessKey: `${crypto.randomUUID()}/+${crypto.randomUUID()}`,
    sessionToken: `${crypto.randomUUID()}${crypto.randomUUID()}//+==`,
    role: value('RoleArn'),
  };
  sessions.set(keyId, session);
  const credentials = [
    `<AccessKeyId>${keyId}</AccessKeyId>`,
    `<SecretAccessKey>${session.secretAccessKey}</SecretAccessKey>`,
    `<SessionToken>${session.sessionToken}</SessionToken>`,
    `<Expiration>${new Date(Date.now() + life * 1_000).toISOString()}</Expiration>`,
  ].join('');
  const result = `<AssumeRoleWithWebIdentityResult><Credentials>${credentials}</Credentials></AssumeRoleWithWebIdentityResult>`;
  return {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${result}</AssumeRoleWithWebIdentityResponse>`,
  };
}

function authorize(request: CloudRequest, cloud: AwsCloud, sessions: Map<string, Session>): CloudAnswer {
  const session = signerOf(request, sessions);
  if (session === undefined) {
    return ecrError(
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided.',
    );
  }
  const target = request.headers['x-amz-target'];
  const isJson = request.headers['content-type'] === 'application/x-amz-json-1.1';
  if (target !== 'AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken' || !isJson) {
    return ecrError('UnknownOperationException', 'unknown operation');
  }
  if (cloud.roles.get(session.role)?.maySignIn !== true) {
    return ecrError(
      'AccessDeniedException',
      'User is not authorized to perform: ecr:GetAuthorizationToken on resource: *',
    );
  }
  const password = `${crypto.randomUUID()}${crypto.randomUUID()}`;
  cloud.passwords.push(password);
  const data = {
    authorizationToken: Buffer.from(`AWS:${password}`).toString('base64'),
    expiresAt: Math.floor(Date.now() / 1_000) + 43_200.5,
    proxyEndpoint: `https://123456789012.dkr.ecr.${REGION}.amazonaws.com`,
  };
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify({ authorizationData: [data] }),
  };
}

function ecrError(type: string, message: string): CloudAnswer {
  return {
    status: 400,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify({ __type: type, message }),
  };
}

/** Who signed a request; undefined when nobody known did, or the signature is not of this request. */
function signerOf(request: CloudRequest, sessions: Map<string, Session>): Session | undefined {
  const { headers } = request;
  const given = headers['authorization'] ?? '';
  const [, keyId = '', names = ''] =
    /^AWS4-HMAC-SHA256 Credential=([A-Z0-9]+)\/[^,]+, SignedHeaders=([^,]+), Signature=[0-9a-f]{64}$/.exec(given) ?? [];
  const session = sessions.get(keyId);
  const time = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(headers['x-amz-date'] ?? '');
  const signed = names.split(';');
  if (session === undefined || time === null || !signed.includes('host')) return undefined;
  if (headers['x-amz-security-token'] !== session.sessionToken) return undefined;
  const date = new Date(`${time[1]}-${time[2]}-${time[3]}T${time[4]}:${time[5]}:${time[6]}Z`);
  if (Math.abs(date.getTime() - Date.now()) > 300_000) return undefined;
  const own = ['host', 'x-amz-date', 'x-amz-security-token'];
  const rest = signed.filter((name) => !own.includes(name)).map((name) => [name, headers[name] ?? '']);
  const wanted = signRequest({
    method: request.method,
    url: `https://${request.host}${request.path}`,
    headers: Object.fromEntries(rest),
    body: request.body.toString('utf8'),
    region: REGION,
    service: 'ecr',
    credentials: { accessKeyId: keyId, ...session },
    date,
  })['authorization'];
  return wanted === given ? session : undefined;
}
