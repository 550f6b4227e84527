import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { claimsShown, githubIdTokens } from '../../src/github/id-token.ts';
import { googleIdentity } from '../../src/google/identity.ts';
import { createGoogleTokens } from '../../src/google/token.ts';
import { createHttp } from '../../src/runtime/http.ts';
import { type CloudProxy, startCloudProxy } from '../support/cloud-proxy.ts';
import { type GithubIdentity, startGithubIdentity } from '../support/github-identity.ts';
import { createGoogleCloud, type GoogleCloud } from '../support/google-cloud.ts';

const PROVIDER = 'projects/123456789012/locations/global/workloadIdentityPools/github/providers/acme';
const ACCOUNT = 'deploy@acme-production.iam.gserviceaccount.com';

let github: GithubIdentity;
let google: GoogleCloud;
let proxy: CloudProxy;

beforeAll(async () => {
  github = await startGithubIdentity();
  google = await createGoogleCloud(github.keys);
  google.providers.set(PROVIDER, { allowedAudiences: [], condition: (claims) => claims['repository'] === 'acme/apps' });
  proxy = await startCloudProxy(google.services);
});

afterAll(async () => {
  await proxy.stop();
  await github.stop();
});

beforeEach(() => {
  google.accounts.set(ACCOUNT, () => true);
  github.audiences.length = 0;
  proxy.requests.length = 0;
});

describe('tokens for other services', () => {
  function tokensFor(scopes: readonly string[]) {
    const identity = googleIdentity({ workloadIdentityProvider: PROVIDER, serviceAccount: ACCOUNT });
    if (identity === undefined) throw new Error('no identity');
    const environment = { ...proxy.environment, ...github.environment };
    const http = createHttp({ environment, service: 'Google Cloud', code: 'PIPE-GOOGLE-009' });
    onTestFinished(http.close);
    const secrets = { add: () => undefined };
    const { signal } = new AbortController();
    const idToken = githubIdTokens({ environment, http, secrets, signal });
    return createGoogleTokens({ identity, scopes, idToken, describeIdToken: claimsShown, http, secrets, signal });
  }

  it('have the scopes that were asked for', async () => {
    const scope = 'https://www.googleapis.com/auth/firebase.hosting';
    const { token } = await tokensFor([scope])();
    expect(google.holderOf(token)?.scopes).toEqual([scope]);
  });

  it('are asked for once, also by many at the same time', async () => {
    const get = tokensFor(['https://www.googleapis.com/auth/cloud-platform']);
    const [first, second] = await Promise.all([get(), get()]);
    expect(await get()).toEqual(first);
    expect(second).toEqual(first);
    expect(proxy.requests).toHaveLength(2);
  });

  it('are renewed before they end, with a new token of the job', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const get = tokensFor(['https://www.googleapis.com/auth/cloud-platform']);
    const first = await get();
    vi.setSystemTime(first.expiresAt - 299_000);
    const second = await get();
    expect(second.token).not.toBe(first.token);
    expect(google.holderOf(second.token)).toBeDefined();
    expect(github.audiences).toHaveLength(2);
  });

  it('are asked for again after a failure', async () => {
    const get = tokensFor(['https://www.googleapis.com/auth/cloud-platform']);
    google.accounts.set(ACCOUNT, () => false);
    await expect(get()).rejects.toMatchObject({ code: 'PIPE-GOOGLE-007' });
    google.accounts.set(ACCOUNT, () => true);
    expect(google.holderOf((await get()).token)?.who).toBe(ACCOUNT);
  });
});
