import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ecrRegistry } from '../../src/aws/ecr.ts';
import { type SignInRequest, signIn } from '../../src/registry/sign-in.ts';
import { capture } from '../../src/runtime/process.ts';
import { installAws } from '../../tools/registry/install.ts';
import { type AwsCloud, createAwsCloud, REGION } from '../support/aws-cloud.ts';
import { type CloudProxy, type CloudRequest, startCloudProxy } from '../support/cloud-proxy.ts';
import { type GithubIdentity, SUBJECT, startGithubIdentity } from '../support/github-identity.ts';
import { temporaryFolder } from '../support/temporary.ts';

const HOST = `123456789012.dkr.ecr.${REGION}.amazonaws.com`;
const ROLE = 'arn:aws:iam::123456789012:role/github-push';

let github: GithubIdentity;
let aws: AwsCloud;
let proxy: CloudProxy;

beforeAll(async () => {
  github = await startGithubIdentity();
  aws = createAwsCloud(github.keys);
  proxy = await startCloudProxy(aws.services);
});

afterAll(async () => {
  await proxy.stop();
  await github.stop();
});

beforeEach(() => {
  aws.roles.clear();
  aws.roles.set(ROLE, { trusts: (claims) => claims['sub'] === SUBJECT, maySignIn: true });
  aws.audiences = ['sts.amazonaws.com'];
  aws.passwords.length = 0;
  github.claims = {};
  proxy.requests.length = 0;
});

async function attempt(request: Omit<SignInRequest, 'registry'> = { awsRole: ROLE }, registry = `${HOST}/apps`) {
  const masked: string[] = [];
  const said: string[] = [];
  const login = await signIn(
    { registry, ...request },
    {
      environment: { ...proxy.environment, ...github.environment, GITHUB_RUN_ID: '42' },
      secrets: { add: (secret) => masked.push(secret) },
      signal: new AbortController().signal,
      log: { info: (text) => said.push(text) },
    },
  );
  return { login, masked, said };
}

describe('a job that may assume the role', () => {
  it('gets the login of the registry, for as long as AWS says', async () => {
    const { login } = await attempt();
    expect(login).toMatchObject({ host: HOST, username: 'AWS', password: aws.passwords[0] });
    expect(login?.expiresAt).toBeGreaterThan(Date.now() + 43_000_000);
    expect(github.audiences.at(-1)).toBe('sts.amazonaws.com');
  });

  it('masks every secret on the way, and says none', async () => {
    const { login, masked, said } = await attempt();
    expect(masked).toHaveLength(4);
    expect(masked).toContain(login?.password);
    expect(masked).toContain(github.last());
    for (const secret of masked) expect(said.join('\n')).not.toContain(secret);
    expect(said.join('\n')).toContain(ROLE);
  });

  it('says to AWS what its own command line says', async () => {
    const folder = await temporaryFolder();
    const url = new URL(github.environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '');
    url.searchParams.set('audience', 'sts.amazonaws.com');
    const headers = { authorization: `Bearer ${github.environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}` };
    const { value } = (await (await fetch(url, { headers })).json()) as { value: string };
    await writeFile(join(folder, 'token'), value);
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      AWS_CONFIG_FILE: join(folder, 'config'),
      AWS_REGION: REGION,
      AWS_STS_REGIONAL_ENDPOINTS: 'regional',
      AWS_ROLE_ARN: ROLE,
      AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'token'),
      AWS_ROLE_SESSION_NAME: 'pipelines-42',
      AWS_CA_BUNDLE: proxy.authorities,
      AWS_EC2_METADATA_DISABLED: 'true',
      HTTPS_PROXY: proxy.environment['HTTPS_PROXY'] ?? '',
    };
    const program = await installAws();
    const found = await capture(program, ['ecr', 'get-login-password', '--region', REGION], { cwd: folder, env });
    expect(found, found.stderr).toMatchObject({ exitCode: 0, stdout: `${aws.passwords[0]}\n` });
    const witness = proxy.requests.splice(0).map(meaning);
    await attempt();
    expect(proxy.requests.map(meaning)).toEqual(witness);
    expect(proxy.refused).toEqual([]);
  });
});

/** What a request says, without what differs each time: tokens, times, the length of the session. */
function meaning({ method, host, path, headers, body }: CloudRequest) {
  const form = host.startsWith('sts.') ? new URLSearchParams(body.toString('utf8')) : undefined;
  form?.delete('WebIdentityToken');
  form?.delete('DurationSeconds');
  form?.sort();
  const signed = /SignedHeaders=([^,]+)/.exec(headers['authorization'] ?? '')?.[1];
  return {
    call: `${method} ${host}${path}`,
    target: headers['x-amz-target'],
    type: headers['content-type']?.replace(/;\s*charset/, '; charset'),
    signed: signed?.split(';').sort(),
    form: form?.toString(),
    body: form === undefined ? body.toString('utf8') : undefined,
  };
}

describe('a sign-in that fails says what to do:', () => {
  it.each([['github-push'], ['arn:aws:iam::123:role/x'], ['arn:aws:iam::123456789012:user/x']])(
    '%s is no role',
    async (awsRole) => {
      await expect(attempt({ awsRole })).rejects.toMatchObject({ code: 'PIPE-AWS-001' });
      expect(proxy.requests).toEqual([]);
    },
  );

  it('the trust policy has another subject, with the one that the job has', async () => {
    github.claims = { sub: 'repo:acme/apps:ref:refs/heads/main' };
    const failure = await attempt().catch((error) => error);
    expect(failure).toMatchObject({ code: 'PIPE-AWS-002', kind: 'configuration' });
    expect(failure.message).toContain('repo:acme/apps:ref:refs/heads/main');
    expect(failure.message).not.toContain(github.last());
  });

  it('there is no such role', async () => {
    await expect(attempt({ awsRole: `${ROLE}-2` })).rejects.toMatchObject({ code: 'PIPE-AWS-002' });
  });

  it('the account does not know GitHub, or wants another audience', async () => {
    aws.audiences = undefined;
    await expect(attempt()).rejects.toMatchObject({
      code: 'PIPE-AWS-003',
      message: expect.stringContaining('create-open-id-connect-provider'),
    });
    aws.audiences = ['https://github.com/acme'];
    await expect(attempt()).rejects.toMatchObject({ code: 'PIPE-AWS-003' });
  });

  it('the role may not sign in to the registry', async () => {
    aws.roles.set(ROLE, { trusts: () => true, maySignIn: false });
    await expect(attempt()).rejects.toMatchObject({
      code: 'PIPE-AWS-004',
      message: expect.stringContaining('ecr:GetAuthorizationToken'),
    });
  });

  it('AWS gives an answer that none of its services gives', async () => {
    aws.roles.set(ROLE, { trusts: () => true, maySignIn: true });
    const broken = await startCloudProxy({
      ...aws.services,
      [`api.ecr.${REGION}.amazonaws.com`]: () => ({ status: 200, body: '<html>' }),
    });
    const attempted = signIn(
      { registry: HOST, awsRole: ROLE },
      {
        environment: { ...broken.environment, ...github.environment },
        secrets: { add: () => undefined },
        signal: new AbortController().signal,
        log: { info: () => undefined },
      },
    );
    await expect(attempted).rejects.toMatchObject({ code: 'PIPE-AWS-005', kind: 'outside' }).finally(broken.stop);
  });
});

it('a role is not used for a registry that is not of AWS', async () => {
  expect((await attempt({ awsRole: ROLE }, 'registry.example.com/apps')).login).toBeUndefined();
  expect(proxy.requests).toEqual([]);
});

it.each([
  ['123456789012.dkr.ecr.us-east-1.amazonaws.com', 'api.ecr.us-east-1.amazonaws.com', 'amazonaws.com'],
  ['123456789012.dkr.ecr.us-gov-west-1.amazonaws.com', 'api.ecr.us-gov-west-1.amazonaws.com', 'amazonaws.com'],
  ['123456789012.dkr.ecr-fips.us-east-1.amazonaws.com', 'ecr-fips.us-east-1.amazonaws.com', 'amazonaws.com'],
  ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', 'api.ecr.cn-north-1.amazonaws.com.cn', 'amazonaws.com.cn'],
  ['123456789012.dkr-ecr.eu-west-1.on.aws', 'api.ecr.eu-west-1.amazonaws.com', 'amazonaws.com'],
])('%s is asked at %s', (host, api, domain) => {
  expect(ecrRegistry(host)).toMatchObject({ api, domain });
});

it.each([
  ['123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.com'],
  ['1234.dkr.ecr.eu-west-1.amazonaws.com'],
  ['public.ecr.aws'],
])('%s is no private registry of AWS', (host) => {
  expect(ecrRegistry(host)).toBeUndefined();
});
