import { expect, test } from 'vitest';
import { runIdentityOf } from '../../src/github/run.ts';
import { type Timeline, timelineOf } from '../../src/report/timeline.ts';
import { type ApiServer, startApi } from '../github/api-server.ts';
import { serveGitHub } from '../support/github/serve.ts';
import { listedJobs } from './story-needs.ts';

const LISTED = [
  ...listedJobs(
    [
      ['check', 60],
      ['promote', 12, 'failure'],
    ],
    'api / ',
  ),
  ...listedJobs([['check', 30]], 'web / ').slice(0, 1),
];

function jobsOf(timeline: Timeline) {
  if (!('jobs' in timeline)) throw new Error(timeline.reason);
  return timeline.jobs;
}

async function read(api: ApiServer, more: Readonly<Record<string, string>> = {}) {
  const environment = {
    GITHUB_API_URL: api.url,
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_RUN_ID: '1001',
    GITHUB_RUN_ATTEMPT: '2',
    GITHUB_JOB: 'report',
    RUNNER_NAME: 'runner-7',
    NO_PROXY: '127.0.0.1',
    ...more,
  };
  const signal = new AbortController().signal;
  return await timelineOf(runIdentityOf(environment), { environment, token: 'job-token', signal });
}

function listing(api: ApiServer, jobs: readonly object[]) {
  api.intercept = ({ path }) => {
    const page = Number(new URL(path, api.url).searchParams.get('page'));
    return { status: 200, body: { total_count: jobs.length, jobs: jobs.slice((page - 1) * 100, page * 100) } };
  };
}

test('has the jobs of this call, in their order, with steps and the wait for a runner', async () => {
  const api = await startApi();
  listing(api, LISTED);
  const jobs = jobsOf(await read(api));
  expect(api.requests).toEqual(['GET /repos/acme/shop/actions/runs/1001/attempts/2/jobs?per_page=100&page=1']);
  expect(jobs.map(({ name, id, conclusion }) => [name, id, conclusion])).toEqual([
    ['api / check', 'check', 'success'],
    ['api / promote', 'promote', 'failure'],
  ]);
  const [check] = jobs;
  expect(check).toMatchObject({ page: 'https://github.com/acme/shop/actions/runs/1001/job/1' });
  expect((check?.started ?? 0) - (check?.queued ?? 0)).toBe(3_000);
  expect((check?.ended ?? 0) - (check?.started ?? 0)).toBe(60_000);
  expect(check?.steps.map(({ name }) => name)).toEqual(['Set up job', 'Check out', 'check']);
});

test('knows its call by the name of the job where runners have names in common, and has all jobs where it can not', async () => {
  const api = await startApi();
  listing(api, LISTED);
  expect(jobsOf(await read(api, { RUNNER_NAME: '' }))).toHaveLength(2);
  const all = jobsOf(await read(api, { RUNNER_NAME: '', GITHUB_JOB: '' }));
  expect(all.map(({ name, id }) => [name, id])).toEqual([
    // The one that ended first.
    ['web / check', undefined],
    ['api / check', undefined],
    ['api / promote', undefined],
  ]);
});

test('leaves out what was skipped or goes on, and pages of other hosts', async () => {
  const api = await startApi();
  const [first = {}, second = {}, own = {}] = LISTED;
  listing(api, [{ ...first, html_url: 'https://evil.example/' }, { ...second, conclusion: 'skipped' }, own]);
  const jobs = jobsOf(await read(api));
  expect(jobs.map(({ name, page }) => [name, page])).toEqual([['api / check', undefined]]);
});

test('reads 300 jobs at most', async () => {
  const api = await startApi();
  const many = listedJobs(Array.from({ length: 350 }, (_, index) => [`job-${index}`, 1] as const));
  listing(api, many.slice(0, 350));
  expect(jobsOf(await read(api))).toHaveLength(300);
  expect(api.requests).toHaveLength(3);
});

test('is a reason where the token may not, and where GitHub fails', async () => {
  const api = await startApi();
  api.intercept = () => ({ status: 403, body: { message: 'Resource not accessible by integration' } });
  const refused = await read(api);
  expect('reason' in refused && refused.reason).toMatch(
    /^PIPE-GITHUB-002: .*it takes `permissions: \{actions: read\}`$/,
  );
  api.intercept = () => ({ status: 200, body: 'a page to sign in at' });
  const strange = await read(api);
  expect('reason' in strange && strange.reason).toMatch(/^PIPE-GITHUB-00\d|^PIPE-/);
});

test('is read from the GitHub of local runs, with the permission that the workflows grant', async () => {
  const github = await serveGitHub({ permissions: { actions: 'read' } });
  const environment = {
    GITHUB_API_URL: github.url,
    GITHUB_REPOSITORY: github.repository,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_RUN_ID: '1000000001',
    GITHUB_RUN_ATTEMPT: '1',
    NO_PROXY: '127.0.0.1',
  };
  const signal = new AbortController().signal;
  const timeline = await timelineOf(runIdentityOf(environment), { environment, token: github.token, signal });
  await github.close();
  expect(timeline).toHaveProperty('jobs');
});
