import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepareEvent } from '../../src/local/event-commits.ts';
import type { RunContext } from '../../src/local/events.ts';
import { gitIn } from '../../src/local/git.ts';
import { startSignedFiles } from '../../src/local/github/signed-files.ts';
import type { RunClaims } from '../../src/local/oidc/claims.ts';
import { signingKey } from '../../src/local/oidc/key.ts';
import type { PlannedJob } from '../../src/local/plan.ts';
import { type Snapshot, takeSnapshot } from '../../src/local/project.ts';
import type { Permissions, RunOptions } from '../../src/local/run.ts';
import { type Services, startServices } from '../../src/local/services.ts';
import { rememberRun } from '../../src/local/state/remember.ts';
import { readZip } from '../../src/local/state/zip.ts';
import { openWitness } from '../support/github/openapi.ts';
import { git, makeProject, temporaryFolder } from './fixtures.ts';

const job = (id: string, permissions: Permissions): PlannedJob => ({
  ...{ key: id, id, jobId: id, name: id, needs: [], condition: '', isCall: false, permissions },
  ...{ token: `token-${id}`, runtimeToken: `runtime-${id}`, cacheMode: 'write' },
  ...{ environment: '', workflowRef: 'acme/api/.github/workflows/ci.yml@refs/heads/feature', isOfBundle: false },
});

const EVERYTHING: Permissions = {
  ...{ actions: 'read', contents: 'read', issues: 'write', 'pull-requests': 'write' },
  'security-events': 'write',
};

let services: Services;
let snapshot: Snapshot;
let context: RunContext;

beforeAll(async () => {
  const project = makeProject({
    'kept.txt': 'kept\n',
    'old name.txt': 'some text\nof several\nlines\n',
    'gone.txt': 'x\n',
  });
  git(project, 'checkout', '--quiet', '-b', 'feature');
  git(project, 'mv', 'old name.txt', 'new name.txt');
  git(project, 'rm', '--quiet', 'gone.txt');
  mkdirSync(join(project, 'ü'));
  writeFileSync(join(project, 'ü', 'added.txt'), 'one\ntwo\n');
  git(project, 'add', '--all');
  git(project, 'commit', '--quiet', '--message', 'change');
  const folder = temporaryFolder('github');
  const gitFolder = join(folder, 'repository.git');
  const environment = { ...process.env };
  snapshot = await takeSnapshot({
    project,
    gitFolder,
    environment,
    againstDefaultBranch: true,
    repository: 'acme/api',
  });
  services = await startServices('acme', 'api');
  const inGit = gitIn(gitFolder, { ...environment, GIT_DIR: gitFolder });
  const addresses = { api: services.apiUrl, owner: 'acme', name: 'api' };
  const now = new Date('2026-01-02T03:04:05Z');
  context = await prepareEvent({ name: 'pull_request' }, snapshot, { git: inGit, addresses, inputs: {}, now });
  const other = {
    path: '.github/workflows/ci.yml',
    event: 'push',
    headBranch: 'main',
    headSha: snapshot.head,
  } as const;
  const options: RunOptions = {
    bundle: folder,
    project,
    event: { name: 'pull_request' },
    comments: [{ body: 'before', author: 'octocat' }],
    environments: ['production'],
    stateFolder: join(folder, 'state'),
    runs: [
      {
        ...{ id: 7, runNumber: 3, ...other, status: 'completed', conclusion: 'success' },
        artifacts: [
          { name: 'coverage', files: { 'totals.json': '{}', 'ü/lines.txt': 'lines\n'.repeat(1_000) } },
          { name: 'gone', files: { a: 'a' }, isExpired: true },
        ],
      },
      { id: 6, runNumber: 2, ...other, status: 'completed', conclusion: 'failure', headRepository: 'stranger/api' },
    ],
  };
  const workflow = { name: 'ci', path: '.github/workflows/ci.yml' };
  const started = { options, snapshot, context, repository: 'acme/api', folder, workflow, now };
  const memory = await rememberRun({ ...started, onNote: () => undefined });
  const claims: RunClaims = {
    ...{ repository: 'acme/api', actor: 'octocat', event: 'pull_request', ref: context.ref, refType: 'branch' },
    ...{ sha: context.sha, headRef: 'feature', baseRef: 'main', workflow: 'ci', workflowRef: '', subject: 'names' },
    ...{ runId: 1, runNumber: 1, attempt: 1 },
  };
  await services.open({
    ...{ options, snapshot, context, git: inGit, environment, memory, now },
    identity: { key: signingKey(), claims },
    cacheFolder: temporaryFolder('cache'),
    jobs: () => [
      {
        key: 'a',
        name: 'check',
        status: 'in_progress',
        conclusion: null,
        startedAt: now.toISOString(),
        completedAt: null,
        steps: [{ name: 'Set up', conclusion: null, startedAt: now.toISOString(), completedAt: null }],
      },
    ],
  });
  services.admit([job('all', EVERYTHING), job('none', {})], 'b'.repeat(40));
});

afterAll(() => services.close());

async function ask(method: string, path: string, body?: unknown, token = 'token-all') {
  const response = await fetch(services.apiUrl + path, {
    method,
    redirect: 'manual',
    headers: { authorization: `token ${token}`, accept: 'application/vnd.github+json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

const REPO = '/repos/acme/api';

describe('the GitHub stand-in', () => {
  test('answers what GitHub describes, for every path it knows', async () => {
    const created = await ask('POST', `${REPO}/issues/1/comments`, { body: 'hello' });
    expect(created).toMatchObject({ status: 201, body: { user: { login: 'github-actions[bot]', id: 41_898_282 } } });
    const comment = `${REPO}/issues/comments/${created.body.id}`;
    const asked: readonly (readonly [number, string, string, unknown?])[] = [
      [200, 'GET', comment],
      [200, 'PATCH', comment, { body: 'changed' }],
      [422, 'PATCH', comment, { body: 'x'.repeat(65_537) }],
      [422, 'POST', `${REPO}/issues/1/comments`, {}],
      [404, 'PATCH', `${REPO}/issues/comments/1`, { body: 'x' }],
      [404, 'POST', `${REPO}/issues/99/comments`, { body: 'x' }],
      [200, 'GET', `${REPO}/issues/1/comments?per_page=100&page=1`],
      [204, 'DELETE', comment],
      [200, 'GET', REPO],
      [200, 'GET', `${REPO}/pulls/1`],
      [404, 'GET', `${REPO}/pulls/2`],
      [200, 'GET', `${REPO}/pulls/1/files?per_page=100`],
      [200, 'GET', `${REPO}/commits/${snapshot.head}`],
      [200, 'GET', `${REPO}/commits/heads%2Ffeature`],
      [404, 'GET', `${REPO}/commits/${'0'.repeat(40)}`],
      [200, 'GET', `${REPO}/compare/main...feature`],
      [404, 'GET', `${REPO}/compare/main...nothing`],
      [200, 'GET', `${REPO}/actions/runs?event=push&branch=main&status=success`],
      [200, 'GET', `${REPO}/actions/runs/1000000001`],
      [404, 'GET', `${REPO}/actions/runs/1`],
      [200, 'GET', `${REPO}/actions/workflows/ci.yml/runs?per_page=1`],
      [200, 'GET', `${REPO}/actions/runs/1000000001/jobs`],
      [200, 'GET', `${REPO}/actions/runs/1000000001/attempts/1/jobs`],
      [
        200,
        'GET',
        `${REPO}/actions/workflows/ci.yml/runs?branch=main&event=push&status=success&head_sha=${snapshot.head}`,
      ],
      [404, 'GET', `${REPO}/actions/workflows/other.yml/runs`],
      [200, 'GET', `${REPO}/actions/runs/7/artifacts?name=coverage&per_page=1&page=1`],
      [404, 'GET', `${REPO}/actions/runs/8/artifacts`],
      [200, 'GET', `${REPO}/actions/artifacts?name=coverage`],
      [200, 'GET', `${REPO}/actions/artifacts/7001`],
      [404, 'GET', `${REPO}/actions/artifacts/1`],
      [302, 'GET', `${REPO}/actions/artifacts/7001/zip`],
      [410, 'GET', `${REPO}/actions/artifacts/7002/zip`],
      [200, 'GET', `${REPO}/environments/production`],
      [404, 'GET', `${REPO}/environments/staging`],
      [200, 'GET', '/users/github-actions%5Bbot%5D'],
      [403, 'GET', '/user'],
      [401, 'GET', '/app'],
    ];
    for (const [status, method, path, body] of asked) {
      expect([method, path, (await ask(method, path, body)).status]).toEqual([method, path, status]);
    }
    const witness = await openWitness();
    expect(services.recorded().requests.flatMap((exchange) => witness(exchange))).toEqual([]);
  });

  test('has a witness that sees what is wrong', async () => {
    const witness = await openWitness();
    const exchange = { job: 'a', requestBody: undefined, status: 200 };
    const path = `${REPO}/issues/comments/1`;
    expect(witness({ ...exchange, method: 'GET', path, responseBody: { id: 'x' } }).join('\n')).toMatch(
      /answer\/id must be integer/,
    );
    expect(witness({ ...exchange, method: 'GET', path: '/nowhere', responseBody: {} })).toHaveLength(1);
    expect(witness({ ...exchange, method: 'GET', path: `${REPO}/pulls/1/files?size=3`, responseBody: [] })).toEqual([
      'GET /repos/{owner}/{repo}/pulls/{pull_number}/files 200: no parameter size',
    ]);
  });

  test('refuses tokens it does not know, other repositories, and what the job may not', async () => {
    expect(await ask('GET', REPO, undefined, 'other')).toMatchObject({
      status: 401,
      body: { message: 'Bad credentials' },
    });
    expect((await ask('GET', '/repos/acme/web')).status).toBe(404);
    const refused = await ask('GET', `${REPO}/pulls/1`, undefined, 'token-none');
    expect(refused).toMatchObject({
      status: 403,
      body: { message: 'Resource not accessible by integration', status: '403' },
    });
    expect(refused.headers.get('x-accepted-github-permissions')).toBe('pull_requests=read');
    const actions = ['runs', 'runs/7', 'runs/7/artifacts', 'artifacts', 'artifacts/7001', 'artifacts/7001/zip'];
    const paths = [...actions.map((path) => `actions/${path}`), 'actions/workflows/ci.yml/runs'];
    for (const path of paths) {
      const answer = await ask('GET', `${REPO}/${path}`, undefined, 'token-none');
      expect([path, answer.status]).toEqual([path, 403]);
      expect(answer.headers.get('x-accepted-github-permissions')).toBe('actions=read');
    }
    expect(services.recorded().requests.at(-1)).toMatchObject({ job: 'none', status: 403 });
  });

  test('hands an artifact out at a signed address: on another origin, without a token, for a minute', async () => {
    const answer = await ask('GET', `${REPO}/actions/artifacts/7001/zip`);
    const address = new URL(answer.headers.get('location') ?? '');
    expect(address.origin).not.toBe(services.apiUrl);
    const archive = await fetch(address);
    expect([archive.status, archive.headers.get('content-type')]).toEqual([200, 'application/zip']);
    const found: Record<string, number> = {};
    for await (const { path, bytes } of readZip(Buffer.from(await archive.arrayBuffer()))) found[path] = bytes.length;
    expect(found).toEqual({ 'totals.json': 2, 'ü/lines.txt': 6_000 });
    expect((await fetch(address, { headers: { authorization: 'Bearer token-all' } })).status).toBe(400);
    address.searchParams.set('sig', 'other');
    expect((await fetch(address)).status).toBe(403);

    let now = Date.now();
    const files = await startSignedFiles(() => now);
    const signed = files.sign('a', async () => Buffer.from('a'));
    expect((await fetch(signed)).status).toBe(200);
    now += 61_000;
    expect((await fetch(signed)).status).toBe(403);
    await files.close();
  });

  test('tells runs by what they were for, and where a fork comes from', async () => {
    const list = async (query: string) => {
      const { body } = await ask('GET', `${REPO}/actions/workflows/ci.yml/runs?${query}`);
      return body.workflow_runs.map(({ id }: { id: number }) => id);
    };
    const own = 1_000_000_001;
    expect(await list('')).toEqual([own, 7, 6]);
    expect(await list('event=push')).toEqual([7, 6]);
    expect(await list('event=push&status=success')).toEqual([7]);
    expect(await list('status=in_progress')).toEqual([own]);
    expect(await list(`head_sha=${'0'.repeat(40)}`)).toEqual([]);
    expect(await list('branch=feature')).toEqual([own]);
    expect(await list('per_page=1&page=2')).toEqual([7]);
    const { body } = await ask('GET', `${REPO}/actions/runs/6`);
    expect(body).toMatchObject({ head_repository: { full_name: 'stranger/api', fork: true }, conclusion: 'failure' });
    const all = await ask('GET', `${REPO}/actions/artifacts?name=gone`);
    expect(all.body).toMatchObject({
      total_count: 1,
      artifacts: [{ id: 7002, expired: true, workflow_run: { id: 7 } }],
    });
  });

  test('gives lists in pages with links to the next, and counts requests', async () => {
    for (let index = 0; index < 4; index++)
      await ask('POST', `${REPO}/issues/1/comments`, { body: `comment ${index}` });
    const seen: string[] = [];
    let address: string | undefined = `${REPO}/issues/1/comments?per_page=2`;
    while (address !== undefined) {
      const page: Awaited<ReturnType<typeof ask>> = await ask('GET', address);
      seen.push(...page.body.map(({ body }: { body: string }) => body));
      const next: string | undefined = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
      address = next?.replace(services.apiUrl, '');
      expect(Number(page.headers.get('x-ratelimit-remaining'))).toBeLessThan(1_000);
    }
    expect(seen).toEqual(['before', 'comment 0', 'comment 1', 'comment 2', 'comment 3']);
  });

  test('tells the changed files with their lines, renames found', async () => {
    const { body } = await ask('GET', `${REPO}/pulls/1/files`);
    const told = body.map(({ status, filename, additions, deletions }: Record<string, unknown>) => [
      status,
      filename,
      additions,
      deletions,
    ]);
    expect(told).toEqual([
      ['removed', 'gone.txt', 0, 1],
      ['renamed', 'new name.txt', 0, 0],
      ['added', 'ü/added.txt', 2, 0],
    ]);
  });

  test('knows who a token is, where GitHub tells a job: through GraphQL', async () => {
    const { body } = await ask('POST', '/graphql', { query: 'query { viewer { login databaseId } }' });
    expect(body).toEqual({ data: { viewer: { login: 'github-actions[bot]', databaseId: 41_898_282 } } });
    const other = await ask('POST', '/graphql', { query: '{ repository { id } }' });
    expect(other.body.errors).toHaveLength(1);
  });
});
