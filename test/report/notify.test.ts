import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { messageOf, newsOf } from '../../src/report/notify.ts';
import { check, define, job, plan, RED_TEST, results, task } from './needs-context.ts';
import { runReport } from './run-report.ts';

const SUBJECT = {
  name: 'api → staging',
  workflow: 'node-service',
  sha: 'c'.repeat(40),
  runNumber: 57,
  attempt: 1,
  repositoryPage: 'https://github.com/acme/shop',
  page: 'https://github.com/acme/shop/actions/runs/1001',
  night: [],
};

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

test('shows foreign text as text: no mention, no link, not without end', async () => {
  const detail = `<!channel> & <https://evil.example|here> ${'x'.repeat(9_000)}`;
  const failure = await define({ check: check('success'), stage: job('failure', { failure: detail }) });
  const text = (JSON.parse(messageOf('failure', failure, SUBJECT, [])) as { text: string }).text;
  expect(text).not.toContain('<!channel>');
  expect(text).toContain('&lt;!channel&gt; &amp; &lt;https');
  expect(text.length).toBeLessThanOrEqual(3_000);
});

test('is tried again where it is busy, and its fault is a warning without the address', async () => {
  const busy = await startWebhook([503]);
  expect((await runReport({ needs: RED, inputs: { 'webhook-url': busy.url }, event: PUSH })).log).toContain('was told');
  expect(busy.messages).toHaveLength(1);

  const gone = await startWebhook([404, 404, 404]);
  const { log, exitCode } = await runReport({ needs: RED, inputs: { 'webhook-url': gone.url }, event: PUSH });
  expect(log).toContain('PIPE-REPORT-007');
  expect(log).toContain('it answered with status 404');
  expect(log.replace(/^::add-mask::.*$/gm, '')).not.toContain('a-secret-path');
  expect(gone.asked()).toBe(1);
  expect(exitCode).toBe(1);
});

test('refuses an address that is sent over an open line', async () => {
  const inputs = { 'webhook-url': 'http://hooks.example.com/services/a-secret-path' };
  expect((await runReport({ needs: RED, inputs, event: PUSH })).log).toContain('holds no address with https://');
});
