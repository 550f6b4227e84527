import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { signingKey } from '../../src/local/oidc/key.ts';
import type { RunOptions, RunResult } from '../../src/local/run.ts';
import { git, makeBundle, makeProject, runSample, workflow } from './fixtures.ts';

/** Asks through GitHub's own client, and looks up the provider's documents. The token goes out in pieces: it is masked. */
const ASK = `import { appendFileSync } from 'node:fs';
import { getIDToken } from ${JSON.stringify(import.meta.resolve('@actions/core'))};
const { env } = process;
const address = env.ACTIONS_ID_TOKEN_REQUEST_URL;
console.log('address ' + (address !== undefined) + ', token ' + (env.ACTIONS_ID_TOKEN_REQUEST_TOKEN !== undefined));
if (address !== undefined) {
  const token = await getIDToken(env.INPUT_SAY || undefined);
  appendFileSync(env.GITHUB_OUTPUT, 'said=' + token.split('.').map((part) => [...part].join(' ')).join('.') + '\\n');
  const configuration = await (await fetch(new URL('/.well-known/openid-configuration', address))).json();
  console.log('keys ' + JSON.stringify(await (await fetch(configuration.jwks_uri)).json()));
  console.log('stranger ' + (await fetch(address, { headers: { authorization: 'Bearer x' } })).status);
}
`;

const job = (id: string, lines: string, audience = '') => `
  ${id}:
    ${lines}
    runs-on: ubuntu-latest
    steps: [{uses: $/actions/probe, with: {say: '${audience}'}}]
`;

/** What a cloud makes of the token: the signature checked with the published keys. */
function opened(result: RunResult, id: string): Record<string, unknown> {
  const step = result.jobs.find((candidate) => candidate.id === id)?.steps[0];
  const [head = '', claims = '', signature = ''] = (step?.outputs['said'] ?? '').replaceAll(' ', '').split('.');
  const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  const { kid, alg } = decode(head);
  const published = JSON.parse(/^keys (.*)$/m.exec(step?.log ?? '')?.[1] ?? '{}');
  const jwk = published.keys.find((key: { kid: string }) => key.kid === kid);
  const key = createPublicKey({ format: 'jwk', key: jwk });
  const isSigned = verify('sha256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url'));
  expect({ alg, isSigned }).toEqual({ alg: 'RS256', isSigned: true });
  return decode(claims);
}

const bundle = makeBundle(
  {
    'w.yml': workflow(
      job('plain', 'permissions: {id-token: write}', 'https://cloud.example/pool?a=1&b=2') +
        job('named', "permissions: {id-token: write}\n    environment: '${{ inputs.place }}'") +
        job('mapped', "permissions: {id-token: write}\n    environment: {name: production, url: 'https://x'}") +
        job('none', 'permissions: {contents: read}') +
        `
  command:
    permissions: {id-token: write}
    runs-on: ubuntu-latest
    steps: [{run: 'curl -sS -H "authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=x" | cut -c1-20; env | grep -c ACTIONS_RUNTIME || true'}]
  refused:
    runs-on: ubuntu-latest
    steps: [{run: 'env | grep -c ACTIONS_ID_TOKEN || true'}]
`,
      "    inputs: {place: {type: string, default: ''}}",
    ),
  },
  { 'dist/probe.js': ASK },
);

const see = (more: Partial<RunOptions> = {}) => runSample(bundle, makeProject(), { repository: 'acme/api', ...more });

describe('identity tokens', () => {
  test('say what those of GitHub say, and only to jobs with `id-token: write`', async () => {
    const project = makeProject();
    const result = await see({ project, inputs: { place: 'live: eu & us' } });
    const sha = git(project, 'rev-parse', 'HEAD');
    const plain = opened(result, 'plain');
    expect(plain).toMatchObject({
      iss: 'https://token.actions.githubusercontent.com',
      aud: 'https://cloud.example/pool?a=1&b=2',
      sub: 'repo:acme/api:ref:refs/heads/main',
      ...{ repository: 'acme/api', repository_owner: 'acme', repository_id: expect.stringMatching(/^\d+$/) },
      ...{ ref: 'refs/heads/main', ref_type: 'branch', sha, event_name: 'push', actor: 'octocat' },
      ...{ run_id: '1000000001', run_number: '1', run_attempt: '1', runner_environment: 'github-hosted' },
      workflow_ref: 'acme/api/.github/workflows/ci.yml@refs/heads/main',
      job_workflow_ref: 'org/pipelines/.github/workflows/w.yml@refs/tags/v1',
    });
    expect(plain).not.toHaveProperty('environment');
    const now = Date.now() / 1_000;
    expect(Number(plain['exp'])).toBeGreaterThan(now);
    expect(Number(plain['nbf'])).toBeLessThan(now);

    expect(opened(result, 'named')).toMatchObject({
      sub: 'repo:acme/api:environment:live%3A eu & us',
      environment: 'live: eu & us',
      aud: 'https://github.com/acme',
    });
    expect(opened(result, 'mapped')['sub']).toBe('repo:acme/api:environment:production');
    const log = (id: string) => result.jobs.find((candidate) => candidate.id === id)?.steps[0]?.log;
    expect(log('plain')).toContain('stranger 401');
    expect(log('none')).toBe('address false, token false');
    // A command may ask, too; what only actions have, it does not get (actions/runner: ScriptHandler).
    expect(log('command')).toBe('{"count":1,"value":"\n0');
    expect(log('refused')).toBe('0');
    const asked = result.identityTokens.map(({ job: of, audience }) => `${of} ${audience}`);
    expect(asked.sort()).toEqual([
      'command x',
      'mapped https://github.com/acme',
      'named https://github.com/acme',
      'plain https://cloud.example/pool?a=1&b=2',
    ]);
    const named = result.identityTokens.find(({ job: of }) => of === 'named');
    expect(named?.claims['sub']).toBe('repo:acme/api:environment:live%3A eu & us');
  });

  test('have the subject of a pull request, or with ids where the repository is newer', async () => {
    const result = await see({ event: { name: 'pull_request' }, oidcSubject: 'ids' });
    expect(opened(result, 'plain')['sub']).toMatch(/^repo:acme@\d+\/api@\d+:pull_request$/);
    expect(opened(result, 'named')).toMatchObject({ ref: 'refs/pull/1/merge', base_ref: 'main' });
  });

  test('are none on a pull request of a fork', async () => {
    const result = await see({ event: { name: 'pull_request', from: 'fork' } });
    expect(result).toMatchObject({ identityTokens: [], jwks: { keys: [] } });
    expect(result.jobs[0]?.steps[0]?.log).toBe('address false, token false');
  });

  test('are signed by the key that a test hands to its cloud, and are never shown', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const oidcKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const shown: string[] = [];
    const result = await see({ oidcKey, onEvent: (event) => shown.push(JSON.stringify(event)) });
    const [key] = signingKey(oidcKey).keySet().keys;
    expect(result.jwks.keys).toEqual([key]);
    expect(result.jobs[0]?.steps[0]?.log).toContain(`"n":"${key?.n}"`);
    expect(opened(result, 'plain')['aud']).toBe('https://cloud.example/pool?a=1&b=2');
    expect(shown.join('\n')).not.toMatch(/eyJ[\w-]{30,}\.eyJ/);
    await expect(see({ oidcKey: 'none' })).rejects.toThrow('oidcKey is no private key in PEM form');
  });
});
