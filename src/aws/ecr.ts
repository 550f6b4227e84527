import { ConfigurationError, shown } from '../runtime/errors.ts';
import { jsonMap } from '../runtime/json.ts';
import { isMap } from '../runtime/yaml.ts';
import { type AwsIdentityOptions, type AwsPlace, assumeRole, noAnswer } from './role.ts';
import { signRequest } from './signature.ts';

/** A private registry of Amazon ECR. */
export interface EcrRegistry extends AwsPlace {
  /** 12 digits. */
  readonly account: string;
  /** Where its API answers. */
  readonly api: string;
}

export interface EcrLogin {
  readonly username: string;
  readonly password: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const HOST = /^(\d{12})\.dkr[.-]ecr(-fips)?\.([a-z]{2}(?:-[a-z]+)+-\d)\.(amazonaws\.com(?:\.cn)?|on\.aws)$/;

/** Hours that a login lasts when the answer does not say (Amazon ECR user guide, "Private registry authentication"). */
const LIFE = 12 * 3_600_000;

/** @returns undefined when a host is no registry of ECR */
export function ecrRegistry(host: string): EcrRegistry | undefined {
  const [, account, fips = '', region, end] = HOST.exec(host) ?? [];
  if (account === undefined || region === undefined) return undefined;
  const domain = end === 'amazonaws.com.cn' ? end : 'amazonaws.com';
  const api = fips === '' ? `api.ecr.${region}.${domain}` : `ecr-fips.${region}.${domain}`;
  return { account, region, domain, api };
}

/**
 * A login for a registry of ECR, for the time that AWS says, 12 hours usually (Amazon ECR API 2015-09-21,
 * GetAuthorizationToken).
 *
 * @param role ARN of the role to assume
 * @throws ConfigurationError PIPE-AWS-001 to 003 of {@link assumeRole}, PIPE-AWS-004 the role may not sign in
 * @throws OutsideFault PIPE-AWS-005 AWS does not answer
 */
export async function ecrLogin(
  registry: EcrRegistry,
  role: string,
  sessionName: string,
  options: AwsIdentityOptions,
): Promise<EcrLogin> {
  const credentials = await assumeRole(role, registry, sessionName, options);
  const started = performance.now();
  const url = `https://${registry.api}/`;
  const body = '{}';
  const headers = signRequest({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken',
    },
    body,
    region: registry.region,
    service: 'ecr',
    credentials,
    date: new Date(),
  });
  const request = { method: 'POST' as const, url, headers, body, idempotent: true, limit: 1024 * 1024 };
  const answer = await options.http.send({ ...request, signal: options.signal });
  const value = jsonMap(answer.body) ?? {};
  if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) throw notAllowed(role, value);
  const list = Array.isArray(value['authorizationData']) ? value['authorizationData'] : [];
  const data: unknown = list[0];
  const token = isMap(data) && typeof data['authorizationToken'] === 'string' ? data['authorizationToken'] : '';
  const [username = '', password = ''] = Buffer.from(token, 'base64').toString('utf8').split(/:(.*)/s, 2);
  if (answer.status !== 200 || username === '' || password === '') {
    throw noAnswer(registry.api, shown(value['message'] ?? 'an answer without a login', 200), answer, started);
  }
  options.secrets.add(password);
  const end = isMap(data) ? data['expiresAt'] : undefined;
  return { username, password, expiresAt: typeof end === 'number' ? end * 1_000 : Date.now() + LIFE };
}

function notAllowed(role: string, answer: Readonly<Record<string, unknown>>): ConfigurationError {
  const said = [answer['__type'], answer['message'] ?? answer['Message']].filter((part) => typeof part === 'string');
  return new ConfigurationError({
    code: 'PIPE-AWS-004',
    what: `the role ${shown(role)} may not sign in to Amazon ECR`,
    given: `the answer ${shown(said.join(': '), 300)}`,
    accepted: 'a role with ecr:GetAuthorizationToken on *, and the pushing actions on the repository',
    remedy: 'attach a policy with these actions; AmazonEC2ContainerRegistryPowerUser has them, and no right to delete',
    state: 'the role was assumed; nobody was signed in to the registry',
  });
}
