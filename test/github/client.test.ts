import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { ask } from '../../src/github/ask.ts';
import { createGitHub, type GitHub } from '../../src/github/client.ts';
import { createComment, headOf, listComments, loginOf, updateComment } from '../../src/github/comments.ts';
import { ConfigurationError, OutsideFault, PipelineError } from '../../src/runtime/errors.ts';
import { type ApiServer, BOT, HEAD, startApi } from './api-server.ts';

const TOKEN = 'job-token';

interface Setup {
  readonly waits: number[];
  readonly github: GitHub;
}

function client(api: ApiServer, token = TOKEN, more: { patience?: number; now?: () => number } = {}): Setup {
  const waits: number[] = [];
  const environment = { GITHUB_API_URL: api.url, GITHUB_REPOSITORY: 'acme/shop', NO_PROXY: '127.0.0.1' };
  const wait = async (milliseconds: number) => {
    waits.push(milliseconds);
  };
  return { waits, github: createGitHub({ environment, token, wait, ...more }) };
}

async function failure(work: Promise<unknown>): Promise<PipelineError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PipelineError) return error;
  throw new Error(`not a coded failure: ${inspect(error)}`);
}

test('asks as GitHub wants to be asked and reads typed answers', async () => {
  const api = await startApi({ comments: [{ author: 'mona', body: 'hello' }] });
  const { github } = client(api);

  expect(await headOf(github, 7)).toBe(HEAD);
  expect(await listComments(github, 7)).toEqual([{ id: 101, author: 'mona', body: 'hello' }]);
  expect(await loginOf(github)).toBe(BOT);
  const answer = await ask(github, 'GET', '/repos/{owner}/{repo}/issues/comments/{comment_id}', {
    doing: 'read a comment',
    permission: 'pull-requests: read',
    path: { comment_id: 101 },
  });
  expect(answer.body).toBe('hello');
  expect(api.violations).toEqual([]);
});

test('says what was asked, which permission is missing and how to grant it', async () => {
  const api = await startApi({ tokens: { [TOKEN]: { login: BOT, may: 'read' } } });
  const error = await failure(createComment(client(api).github, 7, 'text'));

  expect(error).toBeInstanceOf(ConfigurationError);
  expect(error.code).toBe('PIPE-GITHUB-002');
  expect(error.message).toContain('the token may not comment on pull request 7');
  expect(error.message).toContain('POST /repos/acme/shop/issues/7/comments answered 403');
  expect(error.message).toContain('Resource not accessible by integration');
  expect(error.message).toContain('`permissions: {pull-requests: write}`');
});

test('names the permission that GitHub names when it is another one', async () => {
  const api = await startApi();
  const headers = { 'x-accepted-github-permissions': 'actions=read' };
  api.intercept = () => ({ status: 403, headers, body: { message: 'Resource not accessible by integration' } });
  const error = await failure(headOf(client(api).github, 7));

  expect(error.message).toContain('`permissions: {actions: read}`');
});

test('tells an unknown token from a missing thing', async () => {
  const api = await startApi();

  const unknown = await failure(headOf(client(api, 'expired').github, 7));
  expect([unknown.code, unknown.kind]).toEqual(['PIPE-GITHUB-001', 'configuration']);
  const gone = await failure(updateComment(client(api).github, 999, 'text'));
  expect([gone.code, gone.kind]).toEqual(['PIPE-GITHUB-003', 'configuration']);
  expect(gone.message).toContain('change the comment 999');
});

test('never shows the token', async () => {
  const token = 'ghs_0123456789abcdefghij';
  const api = await startApi({ tokens: { [token]: { login: BOT, may: 'none' } } });
  const { github } = client(api, token);
  const error = await failure(headOf(github, 7));

  expect(inspect(github, { depth: 9 })).not.toContain(token);
  expect(JSON.stringify(github)).not.toContain(token);
  expect(`${inspect(error, { depth: 9 })}${error.stack}`).not.toContain(token);
});

test('asks again when GitHub fails for a moment, and says how often when it stays broken', async () => {
  const api = await startApi();
  let failures = 2;
  api.intercept = () => {
    failures -= 1;
    return failures >= 0 ? { status: 502, body: '<html>bad gateway</html>' } : undefined;
  };
  expect(await headOf(client(api).github, 7)).toBe(HEAD);
  expect(api.requests).toHaveLength(3);

  api.intercept = () => ({ status: 503, body: { message: 'No server is available' } });
  const error = await failure(headOf(client(api).github, 7));
  expect(error).toBeInstanceOf(OutsideFault);
  expect(error.code).toBe('PIPE-GITHUB-005');
  expect(error.message).toContain('GitHub failed to read pull request 7');
  expect(error.message).toContain('status 503');
});

test('does not send a new comment twice when the answer is lost', async () => {
  const api = await startApi();
  api.intercept = () => ({ status: 502, body: '' });
  const error = await failure(createComment(client(api).github, 7, 'text'));

  expect(error.code).toBe('PIPE-GITHUB-005');
  expect(api.requests).toEqual(['POST /repos/acme/shop/issues/7/comments']);
});

test.each([
  ['retry-after', 403, { 'retry-after': '3' }, {}, 3_000],
  ['the reset of a used-up limit', 403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1010' }, {}, 11_000],
  ['a minute when only the message tells', 403, {}, { message: 'You have exceeded a secondary rate limit.' }, 60_000],
  ['a minute after a bare 429', 429, {}, { message: 'Too many requests' }, 60_000],
] as const)('waits for %s and goes on', async (_name, status, headers, body, expected) => {
  const api = await startApi();
  let limited = true;
  api.intercept = ({ method }) => {
    if (method !== 'POST' || !limited) return undefined;
    limited = false;
    return { status, headers, body };
  };
  const { github, waits } = client(api, TOKEN, { now: () => 1_000_000 });

  expect((await createComment(github, 7, 'text')).author).toBe(BOT);
  expect(waits).toEqual([expected]);
});

test('does not wait longer than its patience, and says when GitHub takes requests again', async () => {
  const api = await startApi();
  const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '4600' };
  api.intercept = () => ({ status: 403, headers, body: { message: 'API rate limit exceeded' } });
  const { github, waits } = client(api, TOKEN, { now: () => 1_000_000 });
  const error = await failure(createComment(github, 7, 'text'));

  expect(waits).toEqual([]);
  expect([error.code, error.kind]).toEqual(['PIPE-GITHUB-004', 'outside']);
  expect(error.message).toContain('it takes requests again in 3601 s');
  expect(error.message).toContain('run it again in 61 min');
});

test('adds up its waits', async () => {
  const api = await startApi();
  api.intercept = () => ({ status: 403, headers: { 'retry-after': '3' }, body: {} });
  const { github, waits } = client(api, TOKEN, { patience: 7_000 });
  expect((await failure(createComment(github, 7, 'text'))).code).toBe('PIPE-GITHUB-004');
  expect(waits).toEqual([3_000, 3_000]);
});

test('gives up on a limit that never ends', async () => {
  const api = await startApi();
  api.intercept = () => ({ status: 403, headers: { 'retry-after': '1' }, body: {} });
  const { github, waits } = client(api);
  const error = await failure(createComment(github, 7, 'text'));

  expect(error.code).toBe('PIPE-GITHUB-004');
  expect(waits).toEqual([1_000, 1_000, 1_000]);
});

test('takes nothing for an answer that is not GitHub’s', async () => {
  const api = await startApi();
  api.intercept = () => ({ status: 200, body: '<html>Log in to the hotel network</html>' });
  const error = await failure(headOf(client(api).github, 7));
  expect(error.code).toBe('PIPE-GITHUB-005');
  expect(error.message).toContain('is not GitHub’s');

  api.intercept = () => ({ status: 422, body: { message: 'Validation Failed', errors: [{ field: 'data' }] } });
  const refused = await failure(createComment(client(api).github, 7, 'text'));
  expect(refused.code).toBe('PIPE-GITHUB-006');
  expect(refused.message).toContain('Validation Failed; {\\"field\\":\\"data\\"}');

  api.intercept = () => ({ status: 301, body: { message: 'Moved Permanently' } });
  expect((await failure(createComment(client(api).github, 7, 'text'))).code).toBe('PIPE-GITHUB-006');
});

test('sends no token to an address that is not https', () => {
  const environment = { GITHUB_REPOSITORY: 'acme/shop' };
  const create = (more: Record<string, string>, token = TOKEN) => {
    return () => createGitHub({ environment: { ...environment, ...more }, token }).api;
  };
  expect(create({})()).toBe('https://api.github.com');
  expect(create({ GITHUB_API_URL: 'https://github.example.org/api/v3/' })()).toBe('https://github.example.org/api/v3');
  expect(create({ GITHUB_API_URL: 'http://api.github.com' })).toThrow('PIPE-GITHUB-007');
  expect(create({ GITHUB_API_URL: 'https://user:pass@api.github.com' })).toThrow('PIPE-GITHUB-007');
  expect(create({ GITHUB_API_URL: 'no address' })).toThrow('PIPE-GITHUB-007');
  expect(create({}, '')).toThrow('PIPE-GITHUB-007');
  expect(create({}, 'a\r\nb')).toThrow('PIPE-GITHUB-007');
  expect(create({ GITHUB_REPOSITORY: 'acme/../../evil' })).toThrow('PIPE-GITHUB-007');
  expect(create({ GITHUB_REPOSITORY: 'acme/..' })).toThrow('PIPE-GITHUB-007');
});
