import { expect, onTestFinished, test } from 'vitest';
import { createGitHub } from '../../src/github/client.ts';
import { loginOf } from '../../src/github/comments.ts';
import type { Route } from '../../src/local/github/api.ts';
import { commentRoutes } from '../../src/local/github/comments.ts';
import { identityRoutes } from '../../src/local/github/identities.ts';
import { startGitHub } from '../../src/local/github/server.ts';
import type { Permissions, PreparedComment } from '../../src/local/run-types.ts';
import { markerLine } from '../../src/report/marker.ts';
import { publish } from '../../src/report/publish.ts';

const HEAD = 'a'.repeat(40);
const KEY = { caller: 'ci.yml', workflow: 'check', folder: '.', service: '', environment: '' };

const PULL: Route = {
  method: 'GET',
  path: '/repos/{owner}/{repo}/pulls/{pull_number}',
  needs: [{ scope: 'pull-requests', level: 'read' }],
  page: 'pulls/pulls',
  handle: () => ({ status: 200, body: { number: 1, head: { sha: HEAD } } }),
};

/** The GitHub that local runs see, with one job and its permission block. */
async function start(permissions: Permissions, prepared: readonly PreparedComment[] = []) {
  const comments = commentRoutes(prepared, [1], () => new Date());
  const identities = identityRoutes({ environments: [], defaultBranch: 'main', now: '2026-11-21T00:00:00Z' });
  const standIn = await startGitHub({
    owner: 'acme',
    name: 'shop',
    tokens: new Map([['job-token', { id: 'report', permissions }]]),
    routes: () => [...comments.routes, ...identities, PULL],
    comments: comments.recorded,
  });
  onTestFinished(standIn.close);
  const environment = { GITHUB_API_URL: standIn.url, GITHUB_REPOSITORY: 'acme/shop', NO_PROXY: '127.0.0.1' };
  const github = createGitHub({ environment, token: 'job-token' });
  const write = (id: number) => {
    const writer = { id, attempt: 1, sha: HEAD };
    return publish({ github, pullRequest: 1, key: KEY, writer, text: `run ${id}`, creates: true });
  };
  return { github, write, comments: comments.recorded };
}

test('keeps one comment in the GitHub of local runs, with the permission that the workflow grants', async () => {
  const { write, comments, github } = await start({ 'pull-requests': 'write' });

  expect(await loginOf(github)).toBe('github-actions[bot]');
  expect(await write(1)).toMatchObject({ kind: 'created' });
  expect(await write(2)).toMatchObject({ kind: 'updated' });
  expect(await write(1)).toMatchObject({ kind: 'newer', run: 2 });
  expect(comments()).toMatchObject([{ issue: 1, author: 'github-actions[bot]', updates: 1 }]);
  expect(comments()[0]?.body).toBe(`${markerLine(KEY, { id: 2, attempt: 1, sha: HEAD })}\nrun 2`);
});

test('leaves comments of others there alone', async () => {
  const body = `${markerLine(KEY, { id: 9, attempt: 1, sha: HEAD })}\ncopied`;
  const { write, comments } = await start({ 'pull-requests': 'write' }, [{ author: 'mallory', body }]);

  expect(await write(1)).toMatchObject({ kind: 'created' });
  expect(comments().map(({ author }) => author)).toEqual(['mallory', 'github-actions[bot]']);
  expect(comments()[0]).toMatchObject({ body, updates: 0 });
});

test('says which permission the block lacks', async () => {
  const { write } = await start({ 'pull-requests': 'read' });
  await expect(write(1)).rejects.toThrow(/PIPE-GITHUB-002.*pull-requests: write/);
});
