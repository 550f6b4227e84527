import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type SignInRequest, signIn } from '../../src/registry/sign-in.ts';
import { type CloudProxy, startCloudProxy } from '../support/cloud-proxy.ts';
import { type GithubIdentity, startGithubIdentity } from '../support/github-identity.ts';
import { addKey, createGoogleCloud, type GoogleCloud } from '../support/google-cloud.ts';

const NUMBER = 'projects/123456789012/locations/global/workloadIdentityPools/github';
const PROVIDER = `${NUMBER}/providers/acme`;
const ACCOUNT = 'push@acme-production.iam.gserviceaccount.com';
const REGISTRY = 'europe-west1-docker.pkg.dev/acme/apps';
const AUDIENCE = `https://iam.googleapis.com/${PROVIDER}`;

let github: GithubIdentity;
let google: GoogleCloud;
let proxy: CloudProxy;

beforeAll(async () => {
  github = await startGithubIdentity();
  google = await createGoogleCloud(github.keys);
  proxy = await startCloudProxy(google.services);
});

afterAll(async () => {
  await proxy.stop();
  await github.stop();
});

beforeEach(() => {
  google.providers.clear();
  google.accounts.clear();
  google.providers.set(PROVIDER, { allowedAudiences: [], condition: (claims) => claims['repository'] === 'acme/apps' });
  google.accounts.set(ACCOUNT, () => true);
  google.life = 3_600;
  github.claims = {};
  github.status = 200;
  github.audiences.length = 0;
  proxy.requests.length = 0;
});

/** Signs in as a job with `id-token: write` does; also what was masked and said. */
async function attempt(request: Omit<SignInRequest, 'registry'>, environment: Record<string, string> = {}) {
  const masked: string[] = [];
  const said: string[] = [];
  const login = await signIn(
    { registry: REGISTRY, ...request },
    {
      environment: { ...proxy.environment, ...github.environment, ...environment },
      secrets: { add: (secret) => masked.push(secret) },
      signal: new AbortController().signal,
      log: { info: (text) => said.push(text) },
    },
  );
  return { login, masked, said };
}

describe('workload identity', () => {
  it('signs the job itself in, without any account', async () => {
    const { login, masked, said } = await attempt({ workloadIdentityProvider: PROVIDER });
    expect(login).toMatchObject({ host: 'europe-west1-docker.pkg.dev', username: 'oauth2accesstoken' });
    expect(google.holderOf(login?.password ?? '')).toMatchObject({
      who: 'repo:acme@1/apps@2:ref:refs/heads/main',
      scopes: ['https://www.googleapis.com/auth/cloud-platform'],
    });
    expect(login?.expiresAt).toBeGreaterThan(Date.now() + 3_500_000);
    expect(github.audiences).toEqual([AUDIENCE]);
    expect(masked).toEqual([github.last(), login?.password]);
    expect(said.join('\n')).not.toContain(login?.password);
  });

  it('acts as an account, and masks every token on the way', async () => {
    const { login, masked } = await attempt({ workloadIdentityProvider: PROVIDER, serviceAccount: ACCOUNT });
    expect(google.holderOf(login?.password ?? '')?.who).toBe(ACCOUNT);
    expect(masked).toHaveLength(3);
    expect(masked).toContain(login?.password);
  });

  it.each([['//iam.googleapis.com/'], ['https://iam.googleapis.com/'], ['']])(
    'takes the name with %j before it',
    async (start) => {
      expect((await attempt({ workloadIdentityProvider: start + PROVIDER })).login).toBeDefined();
    },
  );

  it('wins over a key that is given as well', async () => {
    const credentialsJson = JSON.stringify(addKey(google, 'old@acme-production.iam.gserviceaccount.com'));
    const { login } = await attempt({ workloadIdentityProvider: PROVIDER, credentialsJson });
    expect(google.holderOf(login?.password ?? '')?.who).toContain('repo:acme');
  });
});

describe('a sign-in that fails says what to do:', () => {
  it('the permission is missing', async () => {
    const none = { ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' };
    await expect(attempt({ workloadIdentityProvider: PROVIDER }, none)).rejects.toMatchObject({
      code: 'PIPE-IDENTITY-001',
      message: expect.stringContaining('id-token: write'),
    });
    const pull = attempt({ workloadIdentityProvider: PROVIDER }, { ...none, GITHUB_EVENT_NAME: 'pull_request' });
    await expect(pull).rejects.toThrow('a pull request of a fork');
  });

  it("GitHub's service is down", async () => {
    github.status = 403;
    await expect(attempt({ workloadIdentityProvider: PROVIDER })).rejects.toMatchObject({ code: 'PIPE-IDENTITY-002' });
  });

  it.each([
    [NUMBER, '/providers/'],
    [PROVIDER.replace('123456789012', 'acme-production'), "project's number"],
    ['github', 'full name of a provider'],
  ])('the provider %s is no provider', async (workloadIdentityProvider, hint) => {
    await expect(attempt({ workloadIdentityProvider })).rejects.toMatchObject({
      code: 'PIPE-GOOGLE-001',
      message: expect.stringContaining(hint),
    });
    expect(github.audiences).toEqual([]);
  });

  it('there is no such provider, or it is disabled', async () => {
    const other = PROVIDER.replace('acme', 'acne');
    await expect(attempt({ workloadIdentityProvider: other })).rejects.toMatchObject({ code: 'PIPE-GOOGLE-003' });
    google.providers.set(PROVIDER, { allowedAudiences: [], isDisabled: true, condition: () => true });
    await expect(attempt({ workloadIdentityProvider: PROVIDER })).rejects.toMatchObject({ code: 'PIPE-GOOGLE-003' });
  });

  it('the provider wants another audience', async () => {
    google.providers.set(PROVIDER, { allowedAudiences: ['https://github.com/acme'], condition: () => true });
    await expect(attempt({ workloadIdentityProvider: PROVIDER })).rejects.toMatchObject({
      code: 'PIPE-GOOGLE-004',
      message: expect.stringContaining(`--allowed-audiences=${AUDIENCE}`),
    });
  });

  it('the condition does not hold, with the claims that it is about', async () => {
    github.claims = { repository: 'mallory/apps', sub: 'repo:mallory@9/apps@9:ref:refs/heads/main' };
    await expect(attempt({ workloadIdentityProvider: PROVIDER })).rejects.toMatchObject({
      code: 'PIPE-GOOGLE-005',
      message: expect.stringContaining('repo:mallory@9/apps@9:ref:refs/heads/main'),
    });
  });

  it.each([[{ iss: 'https://gitlab.com' }], [{ exp: 1 }]])('the token is not accepted at all: %j', async (claims) => {
    github.claims = claims;
    await expect(attempt({ workloadIdentityProvider: PROVIDER })).rejects.toMatchObject({ code: 'PIPE-GOOGLE-006' });
  });

  it('the job may not act as the account', async () => {
    google.accounts.set(ACCOUNT, () => false);
    const failure = await attempt({ workloadIdentityProvider: PROVIDER, serviceAccount: ACCOUNT }).catch(
      (error) => error,
    );
    expect(failure).toMatchObject({ code: 'PIPE-GOOGLE-007' });
    expect(failure.message).toContain('roles/iam.workloadIdentityUser');
    expect(failure.message).not.toContain('ya29.');
    expect(failure.message).not.toContain(github.last());
  });

  it('the account is none', async () => {
    const request = { workloadIdentityProvider: PROVIDER, serviceAccount: 'push' };
    await expect(attempt(request)).rejects.toMatchObject({ code: 'PIPE-GOOGLE-001' });
  });
});

it('asks again when a service of Google has a bad moment, and gives up when it stays', async () => {
  const services = google.services;
  let bad = 1;
  const moody = await startCloudProxy({
    ...services,
    'sts.googleapis.com': (request) => {
      bad -= 1;
      return bad >= 0 ? { status: 500 } : (services['sts.googleapis.com']?.(request) ?? { status: 404 });
    },
  });
  onTestFinished(moody.stop);
  const environment = { HTTPS_PROXY: moody.environment['HTTPS_PROXY'] ?? '' };
  expect((await attempt({ workloadIdentityProvider: PROVIDER }, environment)).login).toBeDefined();
  bad = 99;
  await expect(attempt({ workloadIdentityProvider: PROVIDER }, environment)).rejects.toMatchObject({
    code: 'PIPE-GOOGLE-009',
    kind: 'outside',
    details: { status: 500, tries: 4 },
  });
});

describe('a key', () => {
  const email = 'key@acme-production.iam.gserviceaccount.com';

  it.each([['as it is'], ['in base64']])('signs in, %s', async (form) => {
    const json = JSON.stringify(addKey(google, email));
    const credentialsJson = form === 'in base64' ? Buffer.from(json).toString('base64') : json;
    const { login, masked } = await attempt({ credentialsJson });
    expect(google.holderOf(login?.password ?? '')?.who).toBe(email);
    expect(masked).toContain(login?.password);
    expect(github.audiences).toEqual([]);
  });

  it('that was deleted is named, with the remedy', async () => {
    const deleted = JSON.stringify(addKey(google, email));
    addKey(google, email);
    await expect(attempt({ credentialsJson: deleted })).rejects.toMatchObject({
      code: 'PIPE-GOOGLE-008',
      message: expect.stringContaining(email),
    });
  });

  it.each([
    ['not json at all', 'not JSON'],
    [JSON.stringify({ type: 'external_account' }), 'workload-identity-provider'],
    [JSON.stringify({ type: 'authorized_user' }), "person's own login"],
    [JSON.stringify({ type: 'service_account', client_email: 'a@b.c' }), 'private_key'],
  ])('that is none is refused without a look at its secrets: %s', async (credentialsJson, hint) => {
    await expect(attempt({ credentialsJson })).rejects.toMatchObject({
      code: 'PIPE-GOOGLE-002',
      message: expect.stringContaining(hint),
    });
  });

  it('with broken line ends, or for another place than Google, is refused', async () => {
    const whole = addKey(google, email);
    const broken = { ...whole, private_key: whole['private_key']?.replaceAll('\n', ' ') };
    const failure = await attempt({ credentialsJson: JSON.stringify(broken) }).catch((error) => error);
    expect(failure).toMatchObject({ code: 'PIPE-GOOGLE-002' });
    expect(failure.message).not.toContain(String(broken.private_key).slice(60, 90));
    const elsewhere = JSON.stringify({ ...whole, token_uri: 'https://oauth2.googleapis.com.example.com/token' });
    await expect(attempt({ credentialsJson: elsewhere })).rejects.toMatchObject({ code: 'PIPE-GOOGLE-002' });
    expect(proxy.requests).toEqual([]);
  });
});

it('without provider and key uses the registry without a login, and says so', async () => {
  const { login, said } = await attempt({ githubToken: 'ghs_tokenForAnotherRegistry' });
  expect(login).toBeUndefined();
  expect(said.join()).toContain('without a login');
  expect(proxy.requests).toEqual([]);
});
