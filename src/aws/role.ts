import { ConfigurationError, OutsideFault, shown } from '../runtime/errors.ts';
import type { HttpClient, HttpResponse } from '../runtime/http.ts';
import type { Secrets } from '../runtime/secrets.ts';
import { triesOf } from '../runtime/tries.ts';
import type { AwsCredentials } from './signature.ts';

export interface AwsIdentityOptions {
  /** Gives a token of the job for an audience. */
  readonly idToken: (audience: string) => Promise<string>;
  /** What a token of the job says, for messages. */
  readonly describeIdToken: (token: string) => string;
  readonly http: HttpClient;
  readonly secrets: Pick<Secrets, 'add'>;
  readonly signal: AbortSignal;
}

/** Where a role is assumed. */
export interface AwsPlace {
  /** `eu-west-1`. */
  readonly region: string;
  /** End of the host names of the partition: `amazonaws.com`, in China `amazonaws.com.cn`. */
  readonly domain: string;
}

/** What the role's trust policy has to ask for, as aws-actions/configure-aws-credentials has it. */
const AUDIENCE = 'sts.amazonaws.com';

const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/;

/** The shortest session that AWS gives, in seconds: it is used for one call. */
const LIFE = 900;

/**
 * Credentials of a role for a job, without any stored secret (AWS Security Token Service API, AssumeRoleWithWebIdentity).
 *
 * @param sessionName appears in CloudTrail
 * @throws ConfigurationError PIPE-AWS-001 no ARN of a role, PIPE-AWS-002 the role's trust policy does not accept the
 * job, PIPE-AWS-003 the account does not know GitHub's tokens or their audience
 * @throws OutsideFault PIPE-AWS-005 AWS does not answer
 */
export async function assumeRole(
  role: string,
  place: AwsPlace,
  sessionName: string,
  options: AwsIdentityOptions,
): Promise<AwsCredentials> {
  if (!ROLE.test(role)) throw notARole(role);
  const token = await options.idToken(AUDIENCE);
  const started = performance.now();
  const host = `sts.${place.region}.${place.domain}`;
  const body = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: role,
    RoleSessionName: sessionName.replace(/[^\w+=,.@-]+/g, '-').slice(0, 64),
    DurationSeconds: String(LIFE),
    WebIdentityToken: token,
  }).toString();
  const answer = await options.http.send({
    method: 'POST',
    url: `https://${host}/`,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body,
    idempotent: true,
    limit: 1024 * 1024,
    signal: options.signal,
  });
  const text = answer.body.toString('utf8');
  if (answer.status !== 200) throw roleRefused(role, options.describeIdToken(token), host, answer, started);
  const [accessKeyId, secretAccessKey, sessionToken] = ['AccessKeyId', 'SecretAccessKey', 'SessionToken'].map((name) =>
    element(text, name),
  );
  if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined) {
    throw noAnswer(host, 'an answer without credentials', answer, started);
  }
  options.secrets.add(secretAccessKey);
  options.secrets.add(sessionToken);
  return { accessKeyId, secretAccessKey, sessionToken };
}

function notARole(role: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-AWS-001',
    what: 'the input `aws-role` is not the ARN of a role',
    given: shown(role),
    accepted: 'arn:aws:iam::<12 digits>:role/<name>',
    example: 'arn:aws:iam::123456789012:role/github-push',
    state: 'nothing was sent',
  });
}

function roleRefused(
  role: string,
  claims: string,
  host: string,
  answer: HttpResponse,
  started: number,
): ConfigurationError | OutsideFault {
  const text = answer.body.toString('utf8');
  const [code = '', message = ''] = [element(text, 'Code'), element(text, 'Message')];
  const said = shown([code, message].filter((part) => part !== '').join(': '), 300);
  // Its keys are fetched from GitHub; that this fails is nobody's configuration.
  const isTransient = code === 'IDPCommunicationError' || answer.status >= 500 || answer.status === 429;
  if (isTransient || code === '') return noAnswer(host, said, answer, started);
  if (code === 'InvalidIdentityToken' || code === 'IDPRejectedClaim') {
    return new ConfigurationError({
      code: 'PIPE-AWS-003',
      what: 'the AWS account does not accept tokens of GitHub, or not with this audience',
      given: `a token with ${claims}; its answer ${said}`,
      accepted: `an identity provider token.actions.githubusercontent.com with the audience ${AUDIENCE}`,
      remedy: `add it in the account of ${shown(role)}: \`aws iam create-open-id-connect-provider --url https://token.actions.githubusercontent.com --client-id-list ${AUDIENCE}\``,
      state: 'nobody was signed in',
    });
  }
  return new ConfigurationError({
    code: 'PIPE-AWS-002',
    what: `this job may not assume the role ${shown(role)}, or there is no such role`,
    given: `a token with ${claims}; the answer ${said}`,
    accepted: "a role whose trust policy allows sts:AssumeRoleWithWebIdentity for this token's `sub` and `aud`",
    remedy:
      "compare the policy's conditions with these values; since July 2026 new repositories' subjects carry ids (repo:owner@id/name@id:…)",
    state: 'nobody was signed in',
  });
}

/** @returns the failure when a service of AWS gave no usable answer */
export function noAnswer(host: string, what: string, answer: HttpResponse, started: number): OutsideFault {
  return new OutsideFault(
    {
      code: 'PIPE-AWS-005',
      what: `AWS gave no login: ${what}`,
      remedy: 'run the job again; https://health.aws.amazon.com/health/status tells of outages',
      state: 'nobody was signed in',
    },
    { service: host, status: answer.status, tries: triesOf(answer.status), elapsed: performance.now() - started },
  );
}

/** The text of the first element of a name in an answer of AWS's query protocol, which has no attributes there. */
function element(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text
    ?.replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
