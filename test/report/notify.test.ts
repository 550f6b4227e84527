import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { messageOf, newsOf } from '../../src/report/notify.ts';
import { startApi } from '../github/api-server.ts';
import { check, define, job, plan, RED_TEST, results, task } from './needs-context.ts';
import { runReport } from './run-report.ts';
import { delivered, PREVIOUS, RELEASE, SUBJECT } from './story-needs.ts';

/** What takes messages as Slack does: JSON with a text, and nothing else. */
async function startWebhook(answers: readonly number[] = []) {
  const messages: string[] = [];
  let count = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const status = answers[count] ?? 200;
      count += 1;
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { text: string };
      if (request.headers['content-type'] !== 'application/json' || Object.keys(body).join() !== 'text') {
        response.writeHead(400).end('invalid_payload');
        return;
      }
      if (status === 200) messages.push(body.text);
      response.writeHead(status, { 'retry-after': '0' }).end(status === 200 ? 'ok' : 'no');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T000/B000/a-secret-path`;
  return { url, messages, asked: () => count };
}

const PUSH = { name: 'push', payload: { ref: 'refs/heads/main' } };
const RED = { check: check('failure', { test: RED_TEST }) };

test('is told of a failure with what failed, the commit and the run', async () => {
  const { url, messages } = await startWebhook();
  const outcome = await runReport({
    needs: RED,
    inputs: { 'webhook-url': url, workflow: 'node-service', service: 'api', environment: 'staging' },
    event: PUSH,
  });
  expect(outcome.exitCode).toBe(1);
  expect(messages).toEqual([
    [
      '*Red:* api → staging — Not done: test failed',
      '• test: test/health.test.ts:12 expected 200 to be 503',
      'commit ccccccc, <https://github.com/acme/shop/actions/runs/1001|run 57>',
    ].join('\n'),
  ]);
  expect(outcome.log.replace(/^::add-mask::.*$/gm, '')).not.toContain('a-secret-path');
});

test('is not told of pull requests, nor of green runs that release nothing', async () => {
  const red = await define(RED);
  const green = await define({ check: check('success') });
  expect(newsOf(red, 'pull_request', undefined)).toBeUndefined();
  expect(newsOf(red, 'merge_group', undefined)).toBeUndefined();
  expect(newsOf(green, 'push', 'success')).toBeUndefined();
  expect(newsOf(red, 'push', undefined)).toBe('failure');
  expect(newsOf(green, 'push', 'failure')).toBe('recovery');
});

test('is told of a release', async () => {
  const promised = { plan: plan(['test'], { delivery: ['promotion'] }), results: results([task('test')]) };
  const released = await define({ check: job('success', promised), promote: job('success') });
  expect(newsOf(released, 'push', 'success')).toBe('release');
  const text = (JSON.parse(messageOf('release', released, SUBJECT, ['serves: api-00002'])) as { text: string }).text;
  expect(text.split('\n').slice(0, 2)).toEqual(['*Released:* api → staging — Done', 'serves: api-00002']);
});

/** GitHub with the runs of this workflow on this branch, newest first. */
async function startRuns(conclusions: readonly string[]) {
  const token = 'ghs_0123456789abcdefghijklmnopqrstuvwxyz';
  const api = await startApi({ tokens: { [token]: { login: 'bot', may: 'write' } } });
  api.intercept = ({ path }) => {
    if (!path.startsWith('/repos/acme/shop/actions/workflows/ci.yml/runs?')) return undefined;
    const runs = conclusions.map((conclusion, index) => ({ id: 1_000 - index, conclusion }));
    return { status: 200, body: { total_count: runs.length, workflow_runs: runs } };
  };
  const environment = {
    GITHUB_API_URL: api.url,
    GITHUB_REF_NAME: 'main',
    GITHUB_WORKFLOW_REF: 'acme/shop/.github/workflows/ci.yml@refs/heads/main',
  };
  return { environment, inputs: { 'github-token': token, page: 'false', service: 'api' } };
}

test('is told of a recovery, by the run before that was red, whatever was cancelled between', async () => {
  const { url, messages } = await startWebhook();
  const { environment, inputs } = await startRuns(['cancelled', 'failure', 'success']);
  const wish = {
    needs: { check: check('success') },
    event: PUSH,
    environment,
    inputs: { ...inputs, 'webhook-url': url },
  };
  expect((await runReport(wish)).log).toContain('The webhook was told: recovery.');
  expect(messages[0]?.split('\n')[0]).toBe('*Green again:* api — Done');

  const calm = await startRuns(['success', 'failure']);
  const again = { ...wish, environment: calm.environment };
  expect((await runReport(again)).log).not.toContain('The webhook was told');
  expect(messages).toHaveLength(1);
});

test('is told of a release with what serves where, by push and by hand', async () => {
  const { url, messages } = await startWebhook();
  const inputs = { 'webhook-url': url, service: 'api', environment: 'staging', 'github-token': '' };
  await runReport({ needs: delivered(), event: PUSH, inputs });
  const commit = 'd'.repeat(40);
  const deploy = job('success', { release: RELEASE, url: 'https://api.example' });
  const byHand = { needs: { verify: job('success', { commit }), deploy }, inputs: { ...inputs, commit } };
  await runReport({ ...byHand, event: { name: 'workflow_dispatch', payload: { ref: 'refs/heads/main', inputs: {} } } });
  expect(messages.map((message) => message.split('\n'))).toEqual([
    [
      '*Released:* api → staging — Done',
      `• release ${RELEASE}, https://api.staging.example`,
      'commit ccccccc, <https://github.com/acme/shop/actions/runs/1001|run 57>',
    ],
    [
      expect.stringMatching(/^\*Released:\* api → staging — Done/),
      `• release ${RELEASE}, https://api.example`,
      // The commit that was released, not the one that the run works on.
      'commit ddddddd, <https://github.com/acme/shop/actions/runs/1001|run 57>',
    ],
  ]);
});

test('is told of a rollback by hand, and of no release where a newer one serves or it is held', async () => {
  const { url, messages } = await startWebhook();
  const inputs = { 'webhook-url': url, 'github-token': '', page: 'false' };
  await runReport({ needs: { rollback: job('success', { release: PREVIOUS, moved: 'true' }) }, event: PUSH, inputs });
  expect(messages[0]?.split('\n').slice(0, 2)).toEqual(['*Rolled back:* — Done', `• release ${PREVIOUS}`]);
  const deploy = job('success', { release: RELEASE, superseded: 'true' });
  await runReport({ needs: { verify: job('success'), deploy }, event: PUSH, inputs });
  const promote = job('success', { release: RELEASE, held: 'true' });
  const held = await runReport({ needs: { ...delivered(), promote }, event: PUSH, inputs });
  expect(held.summary.replaceAll('\u00a0', ' ')).toMatch(/^\| promotion \| ✅ nothing to do \| held for release/m);
  expect(messages).toHaveLength(1);
});

test('shows foreign text as text: no mention, no link, not without end', async () => {
  const detail = `<!channel> & <https://evil.example|here> ${'x'.repeat(9_000)}`;
  const failure = await define({ check: check('success'), stage: job('failure', { failure: detail }) });
  const text = (JSON.parse(messageOf('failure', failure, SUBJECT, [])) as { text: string }).text;
  expect(text).not.toContain('<!channel>');
  expect(text).toContain('&lt;!channel&gt; &amp; &lt;https');
  expect(text.length).toBeLessThanOrEqual(3_000);
});

test('is tried again where it is busy, and its fault is a notice without the address', async () => {
  const busy = await startWebhook([503]);
  expect((await runReport({ needs: RED, inputs: { 'webhook-url': busy.url }, event: PUSH })).log).toContain('was told');
  expect(busy.messages).toHaveLength(1);

  const gone = await startWebhook([404, 404, 404]);
  const { log, exitCode } = await runReport({ needs: RED, inputs: { 'webhook-url': gone.url }, event: PUSH });
  expect(log).toMatch(/^::notice::PIPE-REPORT-007: the webhook was not told of this failure/m);
  expect(log).toContain('it answered with status 404');
  expect(log.replace(/^::add-mask::.*$/gm, '')).not.toContain('a-secret-path');
  expect(gone.asked()).toBe(1);
  expect(exitCode).toBe(1);
});

test('refuses an address that is sent over an open line', async () => {
  const inputs = { 'webhook-url': 'http://hooks.example.com/services/a-secret-path' };
  expect((await runReport({ needs: RED, inputs, event: PUSH })).log).toContain('holds no address with https://');
});
