import { describe, expect, it, onTestFinished } from 'vitest';
import type { PreparedRun } from '../../src/local/run-types.ts';
import { openWitness } from '../support/github/openapi.ts';
import { serveGitHub } from '../support/github/serve.ts';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';
import { git } from './fixtures.ts';

const RUN: Omit<PreparedRun, 'headSha'> = {
  ...{ id: 7, runNumber: 3, path: '.github/workflows/ci.yml', event: 'push', headBranch: 'main' },
  ...{ status: 'completed', conclusion: 'success', jobs: [{ name: 'api / promote', conclusion: 'skipped' }] },
};

async function served(permissions: Record<string, 'read' | 'write'>) {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'a.txt': 'a\n' });
  const run = (...args: string[]) => git(folder, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args);
  run('init', '--quiet', '-b', 'main');
  run('add', '--all');
  run('commit', '--quiet', '--message', 'first');
  await writeFiles(folder, { '.github/workflows/ci.yml': 'on: push\n' });
  run('add', '--all');
  run('commit', '--quiet', '--message', 'workflow');
  run('tag', '--annotate', '--message', 'one', 'v1');
  const head = run('rev-parse', 'HEAD').trim();
  const environments = ['plain', { name: 'production', reviewers: ['octocat'] }];
  const runs = [{ ...RUN, headSha: head }];
  const github = await serveGitHub({ permissions, environments, runs, git: `${folder}/.git` });
  onTestFinished(() => github.close());
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${github.url}/repos/acme/api/${path}`, {
      ...{ method, headers: { authorization: `Bearer ${github.token}` } },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { github, ask, head, tree: run('rev-parse', 'HEAD^{tree}').trim(), tag: run('rev-parse', 'v1').trim() };
}

describe('tags and releases of the GitHub stand-in', () => {
  it('answer what GitHub describes', async () => {
    const { ask, github, head, tag } = await served({ contents: 'write', actions: 'read' });
    const asked: readonly (readonly [number, string, string, unknown?])[] = [
      [200, 'GET', 'git/ref/heads%2Fmain'],
      [404, 'GET', 'git/ref/heads%2Fmai'],
      [404, 'GET', 'git/ref/tags%2Fmain'],
      [200, 'GET', 'git/ref/tags%2Fv1'],
      [200, 'GET', `git/tags/${tag}`],
      [404, 'GET', `git/tags/${head}`],
      [404, 'GET', 'releases/tags/v2'],
      // The tag would have to be made with the release, on a commit that touches a workflow file.
      [403, 'POST', 'releases', { tag_name: 'v2', target_commitish: head }],
      [422, 'POST', 'git/refs', { ref: 'v2', sha: head }],
      [422, 'POST', 'git/refs', { ref: 'refs/tags/v2', sha: '0'.repeat(40) }],
      [201, 'POST', 'git/refs', { ref: 'refs/tags/v2', sha: head }],
      [422, 'POST', 'git/refs', { ref: 'refs/tags/v2', sha: head }],
      [201, 'POST', 'releases', { tag_name: 'v2', generate_release_notes: true }],
      [422, 'POST', 'releases', { tag_name: 'v2' }],
      [200, 'GET', 'releases/tags/v2'],
      [200, 'GET', 'environments/plain'],
      [200, 'GET', 'environments/production'],
      [200, 'GET', 'actions/runs/7/jobs?filter=latest&per_page=100&page=1'],
      [404, 'GET', 'actions/runs/8/jobs'],
      [200, 'GET', 'actions/runs/7/approvals'],
    ];
    for (const [status, method, path, body] of asked) {
      expect([method, path, (await ask(method, path, body)).status]).toEqual([method, path, status]);
    }
    const witness = await openWitness();
    expect(github.requests.flatMap((exchange) => witness(exchange))).toEqual([]);
  });

  it('want contents: write for what is made', async () => {
    const { ask, head } = await served({ contents: 'read' });
    expect((await ask('POST', 'git/refs', { ref: 'refs/tags/v2', sha: head })).status).toBe(403);
    expect((await ask('POST', 'releases', { tag_name: 'v1' })).status).toBe(403);
    expect((await ask('GET', 'git/ref/tags%2Fv1')).status).toBe(200);
  });

  it('come with runs that have their jobs and their tree, and environments that say who is asked', async () => {
    const { ask, head, tree } = await served({ actions: 'read' });
    expect((await ask('GET', 'actions/runs/7/jobs')).body).toMatchObject({
      total_count: 1,
      jobs: [{ name: 'api / promote', conclusion: 'skipped', status: 'completed', head_sha: head }],
    });
    expect((await ask('GET', 'actions/runs/7')).body).toMatchObject({ head_commit: { id: head, tree_id: tree } });
    expect((await ask('GET', 'environments/plain')).body['protection_rules']).toEqual([]);
    expect((await ask('GET', 'environments/production')).body['protection_rules']).toMatchObject([
      { type: 'required_reviewers', reviewers: [{ type: 'User', reviewer: { login: 'octocat' } }] },
    ]);
  });
});
