import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { signIn } from '../../src/registry/sign-in.ts';
import { capture } from '../../src/runtime/process.ts';
import { requireGcloud } from '../../tools/registry/install.ts';
import { type CloudProxy, type CloudRequest, startCloudProxy } from '../support/cloud-proxy.ts';
import { gcloudEnvironment } from '../support/gcloud.ts';
import { type GithubIdentity, startGithubIdentity } from '../support/github-identity.ts';
import { addKey, createGoogleCloud, type GoogleCloud } from '../support/google-cloud.ts';
import { temporaryFolder } from '../support/temporary.ts';

const PROVIDER = 'projects/123456789012/locations/global/workloadIdentityPools/github/providers/acme';
const ACCOUNT = 'push@acme-production.iam.gserviceaccount.com';

let github: GithubIdentity;
let google: GoogleCloud;
let proxy: CloudProxy;

beforeAll(async () => {
  github = await startGithubIdentity();
  google = await createGoogleCloud(github.keys);
  google.providers.set(PROVIDER, { allowedAudiences: [], condition: (claims) => claims['repository'] === 'acme/apps' });
  google.accounts.set(ACCOUNT, () => true);
  proxy = await startCloudProxy(google.services);
});

afterAll(async () => {
  await proxy.stop();
  await github.stop();
});

beforeEach(() => {
  proxy.requests.length = 0;
});

/** An access token by Google's own program, with a credential file. */
async function tokenByGcloud(credentials: object): Promise<string> {
  const gcloud = await requireGcloud();
  const folder = await temporaryFolder();
  const file = join(folder, 'credentials.json');
  await writeFile(file, JSON.stringify(credentials));
  const env = gcloudEnvironment(folder, file, proxy);
  const { exitCode, stdout, stderr } = await capture(gcloud, ['auth', 'print-access-token'], { cwd: folder, env });
  if (exitCode !== 0) throw new Error(`gcloud ended with ${exitCode}: ${stderr}`);
  return stdout.trim();
}

/** What a request says, whichever of the two forms it has; the tokens in it by what they are for. */
function meaning({ method, host, path, headers, body }: CloudRequest) {
  const names: Readonly<Record<string, string>> = {
    grant_type: 'grantType',
    requested_token_type: 'requestedTokenType',
    subject_token: 'subjectToken',
    subject_token_type: 'subjectTokenType',
  };
  const text = body.toString('utf8');
  const fields: [string, unknown][] = text.startsWith('{')
    ? Object.entries(JSON.parse(text) as object)
    : [...new URLSearchParams(text)].map(([name, value]) => [names[name] ?? name, value]);
  const said = fields
    // gcloud asks for some more scopes, for its own commands, and says which program it is.
    .filter(([name]) => !['scope', 'options', 'delegates'].includes(name))
    .map(([name, value]) => [name, name === 'subjectToken' || name === 'assertion' ? 'a token' : value]);
  const isSigned = headers['authorization']?.startsWith('Bearer ya29.') === true;
  return { call: `${method} ${host}${decodeURIComponent(path)}`, isSigned, said: Object.fromEntries(said) };
}

/** gcloud asks twice when it starts with new credentials. */
function distinct<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

async function tokenOfJob(audience: string): Promise<string> {
  const url = new URL(github.environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '');
  url.searchParams.set('audience', audience);
  const headers = { authorization: `Bearer ${github.environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}` };
  const { value } = (await (await fetch(url, { headers })).json()) as { value: string };
  return value;
}

async function bySignIn(request: object): Promise<string> {
  const login = await signIn(
    { registry: 'europe-west1-docker.pkg.dev/acme/apps', ...request },
    {
      environment: { ...proxy.environment, ...github.environment },
      secrets: { add: () => undefined },
      signal: new AbortController().signal,
      log: { info: () => undefined },
    },
  );
  return login?.password ?? '';
}

it('says to Google what gcloud says, for a job that acts as an account', async () => {
  // From a file: gcloud would ask the proxy for an address of http as well.
  const file = join(await temporaryFolder(), 'token');
  await writeFile(file, await tokenOfJob(`https://iam.googleapis.com/${PROVIDER}`));
  const audience = `//iam.googleapis.com/${PROVIDER}`;
  const token = await tokenByGcloud({
    type: 'external_account',
    audience,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: 'https://sts.googleapis.com/v1/token',
    service_account_impersonation_url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${ACCOUNT}:generateAccessToken`,
    credential_source: { file },
  });
  expect(google.holderOf(token)?.who).toBe(ACCOUNT);
  const witness = distinct(proxy.requests.splice(0).map(meaning));
  expect(google.holderOf(await bySignIn({ workloadIdentityProvider: PROVIDER, serviceAccount: ACCOUNT }))?.who).toBe(
    ACCOUNT,
  );
  expect(proxy.requests.splice(0).map(meaning)).toEqual(witness);
  expect(proxy.refused).toEqual([]);
});

it('says to Google what gcloud says, for a key', async () => {
  const key = addKey(google, 'key@acme-production.iam.gserviceaccount.com');
  expect(google.holderOf(await tokenByGcloud(key))?.who).toBe(key['client_email']);
  const witness = distinct(proxy.requests.splice(0).map(meaning));
  expect(google.holderOf(await bySignIn({ credentialsJson: JSON.stringify(key) }))?.who).toBe(key['client_email']);
  expect(proxy.requests.splice(0).map(meaning)).toEqual(witness);
});
