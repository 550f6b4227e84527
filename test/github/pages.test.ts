import { expect, test } from 'vitest';
import { createGitHub } from '../../src/github/client.ts';
import { listComments } from '../../src/github/comments.ts';
import { askAll, nextPage } from '../../src/github/pages.ts';
import { type ApiServer, startApi } from './api-server.ts';

function client(api: ApiServer) {
  const environment = { GITHUB_API_URL: api.url, GITHUB_REPOSITORY: 'acme/shop', NO_PROXY: '127.0.0.1' };
  return createGitHub({ environment, token: 'job-token' });
}

const many = (count: number) => Array.from({ length: count }, (_, index) => ({ author: 'mona', body: `${index}` }));

test('reads every page of a long list', async () => {
  const api = await startApi({ comments: many(257) });
  const comments = await listComments(client(api), 7);

  expect(comments.map(({ body }) => body)).toEqual(many(257).map(({ body }) => body));
  expect(api.requests).toHaveLength(3);
  expect(api.violations).toEqual([]);
});

test('makes a list that is longer than its bound an error, not a shorter list', async () => {
  const api = await startApi({ comments: many(21) });
  const call = {
    doing: 'list the comments',
    permission: 'pull-requests: read',
    path: { issue_number: 7 },
    query: { per_page: 10 },
  };
  const path = '/repos/{owner}/{repo}/issues/{issue_number}/comments';
  expect(await askAll(client(api), path, call, 3)).toHaveLength(21);
  await expect(askAll(client(api), path, call, 2)).rejects.toThrow(/PIPE-GITHUB-008.*more than 2 pages/);
});

test('does not follow a next page to another host', async () => {
  const api = await startApi();
  const stranger = await startApi();
  api.intercept = () => ({ status: 200, body: [], headers: { link: `<${stranger.url}/page/2>; rel="next"` } });

  await expect(listComments(client(api), 7)).rejects.toThrow('PIPE-GITHUB-008');
  expect(stranger.requests).toEqual([]);
});

test('takes an object where a list belongs for a fault', async () => {
  const api = await startApi();
  api.intercept = () => ({ status: 200, body: { message: 'hello' } });
  await expect(listComments(client(api), 7)).rejects.toThrow('PIPE-GITHUB-005');
});

test.each([
  ['<https://a.test/?page=2>; rel="next", <https://a.test/?page=9>; rel="last"', 'https://a.test/?page=2'],
  ['<https://a.test/?page=1>; rel="prev", <https://a.test/?page=3>; rel="next"', 'https://a.test/?page=3'],
  ['<https://a.test/?q=a,b;c>; title="rel=\\"next\\""; rel=next', 'https://a.test/?q=a,b;c'],
  ['<https://a.test/?page=1>; rel="first prev"', undefined],
  ['<https://a.test/?page=1>; title="; rel=next"; rel=last', undefined],
  ['<https://a.test/next>; rel="nextish"', undefined],
  ['', undefined],
])('reads the link header %s', (header, expected) => {
  expect(nextPage(header)).toBe(expected);
});
