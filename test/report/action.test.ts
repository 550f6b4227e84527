import { expect, test } from 'vitest';
import { type ApiServer, BOT, HEAD, startApi } from '../github/api-server.ts';
import { check, job, KINDS, plan, RED_TEST, results, task } from './needs-context.ts';
import { type ReportStep, runReport } from './run-report.ts';

const TOKEN = 'ghs_0123456789abcdefghijklmnopqrstuvwxyz';
const MAY_WRITE = { [TOKEN]: { login: BOT, may: 'write' } } as const;

function pullRequest(changes: { action?: string; fork?: boolean; sender?: string } = {}) {
  const repo = { full_name: changes.fork === true ? 'mona/shop' : 'acme/shop' };
  return {
    name: 'pull_request',
    payload: {
      action: changes.action ?? 'synchronize',
      pull_request: {
        number: 7,
        head: { sha: HEAD, ref: 'feature', repo },
        base: { sha: 'f'.repeat(40), ref: 'main', repo: { full_name: 'acme/shop' } },
      },
      sender: { login: changes.sender ?? 'mona' },
    },
  };
}

/** A step on a pull request, against the API server. */
function step(
  api: ApiServer,
  needs: unknown,
  inputs: Readonly<Record<string, string>> = {},
  event: { readonly name: string; readonly payload: unknown } = pullRequest(),
): ReportStep {
  return {
    needs,
    event,
    inputs: { 'github-token': TOKEN, comment: 'always', page: 'false', ...inputs },
    environment: { GITHUB_API_URL: api.url },
  };
}

test('is green with the table in the summary and in one comment', async () => {
  const api = await startApi({ tokens: MAY_WRITE });
  const { exitCode, log, summary, output } = await runReport(step(api, { check: check('success') }));

  expect(log).not.toContain('::error');
  expect(exitCode).toBe(0);
  expect(summary).toMatch(/^### ✅ Done\n/);
  expect(output).toMatch(/^done<<(\S+)\ntrue\n\1\nmissing<<(\S+)\n\[\]\n\2\njson<<(\S+)\n\{"version":1,.*\}\n\3\n/);
  expect(api.comments).toHaveLength(1);
  expect(api.comments[0]?.body).toMatch(
    /^<!-- pipelines-report \S+ .* run=1001 attempt=1 sha=a{40} -->\n### ✅ Done\n/,
  );
  expect(api.comments[0]?.body).toContain('commit <code>aaaaaaa</code>');
  expect(api.violations).toEqual([]);
});

test('is red with what failed, where, and the command to see it again', async () => {
  const api = await startApi({ tokens: MAY_WRITE });
  const needs = { check: check('failure', { test: RED_TEST }), stage: job('skipped') };
  const { exitCode, log, summary, output } = await runReport(step(api, needs, { require: 'deployment' }));

  expect(exitCode).toBe(1);
  expect(log).toContain(
    '::error::PIPE-REPORT-002: not done: test failed: test/health.test.ts:12 expected 200 to be 503.',
  );
  expect(log.match(/^::error/gm)).toHaveLength(1);
  expect(summary).toMatch(/^### ❌ Not done: test failed\n/);
  expect(api.comments[0]?.body).toContain('### ❌ Not done: test failed');
  expect(output).toContain('\nfalse\n');
  expect(output).toContain('\n["deployment"]\n');
});

test('never shows the token', async () => {
  const api = await startApi();
  api.intercept = () => ({ status: 403, body: { message: `the token ${TOKEN} may not` } });
  const { log, summary } = await runReport(
    step(api, { check: check('failure', { test: { ...RED_TEST, reason: TOKEN } }) }),
  );
  const said = log.split('\n').filter((line) => !line.startsWith('::add-mask::'));

  expect(said.join('\n')).not.toContain(TOKEN);
  expect(summary).not.toContain(TOKEN);
});

test.each([
  ['a fork', pullRequest({ fork: true }), 'it comes from a fork'],
  ['Dependabot', pullRequest({ sender: 'dependabot[bot]' }), 'Dependabot started the run'],
])('gives a notice, no failure, on a pull request of %s, and asks GitHub nothing', async (_name, event, said) => {
  const api = await startApi({ tokens: MAY_WRITE });
  const { exitCode, log, summary } = await runReport(step(api, { check: check('success') }, {}, event));

  expect(exitCode).toBe(0);
  expect(log).toMatch(new RegExp(`^::notice::No comment on the pull request: ${said}`, 'm'));
  expect(summary).toContain('### ✅ Done');
  expect(api.requests).toEqual([]);
});

test('gives a notice that names the permission, no failure, without it', async () => {
  const api = await startApi({ tokens: { [TOKEN]: { login: BOT, may: 'read' } } });
  const { exitCode, log } = await runReport(step(api, { check: check('success') }));

  expect(exitCode).toBe(0);
  expect(log).toMatch(/^::notice::The comment .* was not written; the verdict does not depend on it/m);
  expect(log).toContain('permissions: {pull-requests: write}');
});

test('keeps its verdict when GitHub is broken, and warns', async () => {
  const api = await startApi({ tokens: MAY_WRITE });
  api.intercept = () => ({ status: 401, body: { message: 'Bad credentials' } });
  const green = await runReport(step(api, { check: check('success') }));
  expect(green.exitCode).toBe(0);
  expect(green.log).toMatch(
    /^::warning::The comment on the pull request was not written; the verdict does not depend on it\. PIPE-GITHUB-001: /m,
  );

  const empty = await runReport(step(api, { check: check('success') }, { 'github-token': '' }));
  expect(empty.exitCode).toBe(0);
  expect(empty.log).toMatch(/^::notice::No comment on the pull request: the input `github-token` is empty/m);
});

interface Quiet {
  readonly event?: { readonly name: string; readonly payload: unknown };
  readonly inputs?: Readonly<Record<string, string>>;
}

const QUIET: readonly (readonly [string, Quiet])[] = [
  ['a closed pull request', { event: pullRequest({ action: 'closed' }) }],
  ['a push', { event: { name: 'push', payload: { ref: 'refs/heads/main', before: HEAD, after: HEAD } } }],
  ['a merge group', { event: { name: 'merge_group', payload: mergeGroup() } }],
  ['a schedule', { event: { name: 'schedule', payload: { schedule: '0 3 * * *' } } }],
  ['a release', { event: { name: 'release', payload: { action: 'published', release: { tag_name: 'v1' } } } }],
  ['`comment: never`', { inputs: { comment: 'never' } }],
  ['a green run with `comment: failure`', { inputs: { comment: 'failure' } }],
];

test.each(QUIET)('writes no comment for %s', async (_name, { event = pullRequest(), inputs = {} }) => {
  const api = await startApi({ tokens: MAY_WRITE });
  const { exitCode, log, summary } = await runReport(step(api, { check: check('success') }, inputs, event));

  expect(exitCode).toBe(0);
  expect(log).not.toMatch(/^::(notice|warning|error)/m);
  expect(summary).toContain('### ✅ Done');
  expect(api.comments).toEqual([]);
});

function mergeGroup() {
  const group = { head_sha: HEAD, head_ref: 'refs/heads/queue', base_sha: HEAD, base_ref: 'refs/heads/main' };
  return { action: 'checks_requested', merge_group: group };
}

test('shows the table also when the event can’t be read', async () => {
  const { exitCode, log, summary } = await runReport({
    needs: { check: check('success') },
    event: { name: 'pull_request', payload: { action: 'opened' } },
  });
  expect(exitCode).toBe(0);
  expect(log).toMatch(/^::warning::PIPE-GITHUB-009:/m);
  expect(summary).toContain('### ✅ Done');
});

test('writes a comment for each folder, service, environment and workflow', async () => {
  const api = await startApi({ tokens: MAY_WRITE });
  for (const inputs of [
    { service: 'api' },
    { environment: 'staging' },
    { 'working-directory': 'apps/web' },
    { workflow: 'check' },
    {},
  ]) {
    await runReport(step(api, { check: check('success') }, inputs));
  }
  expect(api.comments).toHaveLength(5);
  expect(api.comments.map(({ body }) => body.split('\n')[1])).toEqual([
    '### ✅ api · Done',
    '### ✅ → staging · Done',
    '### ✅ apps/web · Done',
    '### ✅ Done',
    '### ✅ Done',
  ]);
});

test('keeps a comment within GitHub’s 65,536 characters and points to the summary', async () => {
  const api = await startApi({ tokens: MAY_WRITE });
  const message = 'é🚀'.repeat(95);
  const problems = Array(3).fill({ file: `src/${'long-name/'.repeat(20)}a.ts`, line: 1, message });
  const tasks = Array.from({ length: 20 }, (_, index) => task(`kind-${index}`, { ...RED_TEST, problems }));
  const needs = { check: job('failure', { plan: plan([]), results: results(tasks) }) };
  const { summary } = await runReport(step(api, needs));
  const body = api.comments[0]?.body ?? '';

  expect(summary.length).toBeGreaterThan(60_000);
  expect(body.length).toBeLessThanOrEqual(65_536);
  expect(body).toContain('shortened: the log and the run’s summary have the rest');
  expect(body).toContain('[run 57](https://github.com/acme/shop/actions/runs/1001)');
  expect(api.violations).toEqual([]);
});

test('reports every wrong input at once, runs nothing and shows no stack trace', async () => {
  const { exitCode, log } = await runReport({
    needs: '{"check": ',
    inputs: { comment: 'sometimes', 'working-directory': '../..', service: 'a\nb', require: `${'x'.repeat(200)}` },
  });
  expect(exitCode).toBe(1);
  expect(log.match(/^::error::PIPE-INPUT-001:/gm)).toHaveLength(5);
  expect(log).toContain('needs: ${{ toJSON(needs) }}');
  expect(log).not.toMatch(/^\s+at /m);
});

test.each([
  ['120 kB of needs', 'x'.repeat(120_000)],
  ['nothing', ''],
  ['a YAML bomb', '[[[[[[[[[['.repeat(5_000)],
])('refuses %s with a code', async (_name, needs) => {
  const { exitCode, log } = await runReport({ needs });
  expect(exitCode).toBe(1);
  expect(log).toMatch(/^::error::PIPE-INPUT-00[12]:/m);
  expect(log).not.toMatch(/^\s+at /m);
  expect(log.length).toBeLessThan(2_000);
});

test('obeys no workflow command in what jobs hand over', async () => {
  const hostile = '\n::set-output name=done::true\n::stop-commands::x\n##[error]boo\n::add-path::/evil\u0000';
  const red = { result: 'failed', reason: hostile, command: hostile, problems: [{ file: hostile, message: hostile }] };
  const outputs = {
    plan: plan([...KINDS], { notChecked: [{ subject: hostile, reason: hostile }] }),
    results: results([task(hostile, red), task('lint', { ...red, problems: [] })]),
  };
  const { exitCode, log, output } = await runReport({ needs: { check: job('failure', outputs) } });

  expect(exitCode).toBe(1);
  expect(log).not.toMatch(/^\s*::(?!error|notice|add-mask)/m);
  const plainLines = log.split('\n').filter((line) => !line.startsWith('::'));
  expect(plainLines.join('\n')).not.toContain('##[');
  expect(output).toContain('\nfalse\n');
});
