import { expect, test } from 'vitest';
import { check, job } from './needs-context.ts';
import { runReport } from './run-report.ts';

const RELEASE = 'cloud-run://acme/europe-west1/api/api-00002-bad';
const PREVIOUS = 'cloud-run://acme/europe-west1/api/api-00001-good';

const NIGHT = {
  version: 1,
  serving: {
    known: true,
    url: 'https://api.example',
    shares: [],
    since: null,
    text: 'api-00001-good has 100% of the traffic',
  },
  happened: { code: 'PIPE-RELEASE-007', text: 'PIPE-RELEASE-007: the candidate is not healthy' },
  database: 'has all migrations up to 20260301000000_note_title',
  command: { run: 'gh run rerun 1001 --failed', vendor: 'gcloud run services list', text: 'nothing has to be moved' },
  again: { safe: true, text: 'safe: what is done already is found and not done twice' },
};
/** Markdown as a reader sees it. */
function seen(markdown: string): string {
  return markdown
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/<\/?code>/g, '`');
}

const PUSH = { name: 'push', payload: { ref: 'refs/heads/main' } };

test('says first what serves and what to do when a deployment failed', async () => {
  const needs = {
    check: check('success'),
    stage: job('failure', { night: JSON.stringify(NIGHT), failure: NIGHT.happened.text }),
    promote: job('skipped'),
  };
  const { summary, exitCode, log } = await runReport({ needs, event: PUSH });
  const [first, ...rest] = seen(summary).trim().split('\n\n');
  expect(exitCode).toBe(1);
  expect(first).toContain('Not done: deployment failed');
  expect(rest[0]?.split('\n')).toEqual([
    '- **serving now:** api-00001-good has 100% of the traffic',
    '- **what happened:** PIPE-RELEASE-007: the candidate is not healthy',
    '- **database:** has all migrations up to 20260301000000_note_title',
    '- **what to run:** nothing has to be moved: `gh run rerun 1001 --failed` or `gcloud run services list`',
    '- **again:** safe: what is done already is found and not done twice',
  ]);
  expect(log).toContain('serving now: api-00001-good has 100% of the traffic');
});

test('says what serves after the job that moved the traffic back, not before it', async () => {
  const needs = {
    check: check('success'),
    stage: job('success', { release: RELEASE }),
    promote: job('failure', { night: JSON.stringify({ ...NIGHT, serving: { text: 'api-00002-bad has 100%' } }) }),
    rollback: job('success', { release: PREVIOUS, moved: 'true' }),
  };
  const summary = seen((await runReport({ needs, event: PUSH })).summary);
  expect(summary).toContain(`**serving now:** ${PREVIOUS} has all the traffic again`);
  expect(summary).not.toContain('api-00002-bad has 100%');
  expect(summary).toContain('nothing has to be moved; repair the cause and push');
});

test('shows the table when what a job says of the night is not of the agreed form', async () => {
  for (const night of [
    '{',
    '[]',
    JSON.stringify({ ...NIGHT, database: 5 }),
    JSON.stringify({ ...NIGHT, database: 'x'.repeat(5_000) }),
  ]) {
    const { summary, exitCode } = await runReport({
      needs: { check: check('success'), stage: job('failure', { night }) },
      event: PUSH,
    });
    expect(exitCode).toBe(1);
    expect(summary).toContain('Not done: deployment failed');
    expect(summary).not.toContain('serving now');
  }
});
