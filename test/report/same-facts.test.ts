import { readFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { ReportFacts } from '../../src/report/facts.ts';
import { startFront } from '../alerts/servers.ts';
import { startApi } from '../github/api-server.ts';
import { runReport } from './run-report.ts';
import { smokeFailed } from './story-needs.ts';

const TOKEN = 'ghs_0123456789abcdefghijklmnopqrstuvwxyz';

/** As a reader sees it: no entities, no markup, no zero-width spaces, one kind of space. */
function seen(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll(/<[^>]*>|[`*\u200b]/g, '')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll('\u00a0', ' ');
}

const FIVE = [
  /serving now:?\s*cloud-run:\/\/acme\/europe-west1\/api\/api-00041-kid, as before: no traffic was moved/,
  /what happened:?\s*PIPE-SMOKE-002: 1 of 12 tests failed: e2e\/notes\.spec\.ts:14 a note can be written/,
  /database:?\s*has all migrations up to 20260301000000_note_title; what serves was made for an earlier state of it/,
  /what to run:?\s*nothing has to be moved; repair the cause and push, or gh run rerun 1001 --failed --repo acme\/shop/,
  /again:?\s*safe: what is done already is found and not done twice/,
];

/** Each once or more, in their order, behind the verdict. */
function expectFive(text: string): void {
  let from = text.indexOf('smoke failed');
  expect(from).toBeGreaterThanOrEqual(0);
  for (const line of FIVE) {
    const at = text.slice(from).search(line);
    expect({ line, isThere: at >= 0 }).toEqual({ line, isThere: true });
    from += at;
  }
}

test('summary, log, error, message, page and JSON say the same five lines, the verdict first', async () => {
  const messages: string[] = [];
  const webhook = await startFront(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    messages.push((JSON.parse(Buffer.concat(chunks).toString('utf8')) as { text: string }).text);
    response.end('ok');
  });
  onTestFinished(webhook.close);
  const run = await runReport({
    needs: smokeFailed(),
    event: { name: 'push', payload: { ref: 'refs/heads/main' } },
    inputs: { service: 'api', 'webhook-url': `${webhook.url}/a-secret-path`, 'github-token': '' },
  });
  expectFive(seen(run.summary));
  expectFive(seen(messages[0] ?? ''));
  const page = await readFile(`${run.value('folder')}/report.html`, 'utf8');
  expectFive(seen(page.slice(page.indexOf('<h1>')).replaceAll('</dt>', ': ')));
  const error = run.log.split('\n').find((line) => line.startsWith('::error::')) ?? '';
  expectFive(seen(error));
  const facts = JSON.parse(run.value('json')) as ReportFacts;
  expectFive(`${facts.headline} ${seen(facts.night.map(({ name, text }) => `${name}: ${text}`).join('\n'))}`);
  for (const line of FIVE) expect(seen(run.log)).toMatch(line);
});

test('the comment of a pull request has the rows, the first error and the page of the summary', async () => {
  const head = 'a'.repeat(40);
  const repo = { full_name: 'acme/shop' };
  const side = { sha: head, ref: 'feature', repo };
  const payload = { action: 'opened', pull_request: { number: 7, head: side, base: side }, sender: { login: 'mona' } };
  const api = await startApi({ tokens: { [TOKEN]: { login: 'bot', may: 'write' } } });
  const run = await runReport({
    needs: smokeFailed(),
    event: { name: 'pull_request', payload },
    inputs: { 'github-token': TOKEN },
    environment: { GITHUB_API_URL: api.url },
  });
  const [, ...comment] = (api.comments[0]?.body ?? '').trim().split('\n');
  expect(comment).toEqual(run.summary.trim().split('\n'));
  expect(comment.at(-1)).toContain(
    '[page with the timeline](https://github.com/acme/shop/actions/runs/1001#artifacts)',
  );
});

test('`commit` is the one that links and the table show', async () => {
  const commit = 'd'.repeat(40);
  const run = await runReport({ needs: smokeFailed(), inputs: { commit } });
  expect(run.summary).toContain('commit <code>ddddddd</code>');
  expect(JSON.parse(run.value('json'))).toMatchObject({ subject: { commit } });
  expect(await readFile(`${run.value('folder')}/report.html`, 'utf8')).toContain(`/commit/${commit}"`);
  const short = await runReport({ needs: smokeFailed(), inputs: { commit: 'ddddddd' } });
  expect(short.log).toMatch(/^::error::PIPE-INPUT-001:.*commit/m);
});
