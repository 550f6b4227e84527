import { describe, expect, test } from 'vitest';
import { check, job } from './needs-context.ts';
import { runReport } from './run-report.ts';
import {
  checkFailed,
  PREVIOUS as DELIVERED_BEFORE,
  delivered,
  RELEASE as RELEASED,
  smokeFailed,
} from './story-needs.ts';

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
    // What the jobs handed over otherwise is said instead.
    expect(seen(summary)).toContain('**serving now:** what served before, if anything did: no traffic was moved');
  }
});

describe('where no job could say the five lines, they come from what the jobs handed over', () => {
  const told = async (needs: unknown) => {
    const { summary } = await runReport({ needs, event: PUSH });
    return Object.fromEntries(
      [...seen(summary).matchAll(/^- \*\*([^*:]+):\*\* (.*)$/gm)].map(([, name, line]) => [name, line]),
    );
  };
  const rerun = 'nothing has to be moved; repair the cause and push, or `gh run rerun 1001 --failed --repo acme/shop`';

  test('a smoke test that said no: nothing was moved, the candidate can be looked at', async () => {
    expect(await told(smokeFailed())).toEqual({
      'serving now': `${DELIVERED_BEFORE}, as before: no traffic was moved`,
      'what happened': 'PIPE-SMOKE-002: 1 of 12 tests failed: e2e/notes.spec.ts:14 a note can be written',
      database: 'has all migrations up to 20260301000000_note_title; what serves was made for an earlier state of it',
      'what to run': `${rerun} (the candidate is at \`https://c--api.example\`)`,
      again: 'safe: what is done already is found and not done twice',
    });
  });

  test('a migration that stopped: which, where, and what the database has', async () => {
    const migrate = job('failure', {
      failure: 'PIPE-MIGRATE-012: the migration failed',
      'failed-migration': '20260302000000_drop',
      'failed-statement': 'line 3: DROP TABLE notes',
      'last-migration': '20260301000000_note_title',
    });
    const skipped = { stage: job('skipped'), smoke: job('skipped'), promote: job('skipped') };
    expect(await told({ ...delivered(), migrate, ...skipped })).toEqual({
      'serving now': 'what served before, if anything did: no traffic was moved',
      'what happened': 'PIPE-MIGRATE-012: the migration failed',
      database:
        '20260302000000_drop stopped at line 3: DROP TABLE notes; has all migrations up to 20260301000000_note_title',
      'what to run': rerun,
      again: 'what is applied is not applied twice; a migration that stopped in the middle has to be resolved first',
    });
  });

  test('a runner that was lost while traffic moved: what served before, and how to go back', async () => {
    const lost = await told({ ...delivered(), promote: job('cancelled') });
    expect(lost['serving now']).toBe(
      `not known: a job that moves traffic ended without saying; ${DELIVERED_BEFORE} served before`,
    );
    expect(lost['what to run']).toBe(
      `see what serves; to go back: \`gh workflow run rollback.yml --field release=${DELIVERED_BEFORE} --repo acme/shop\``,
    );
    const rollback = job('success', { release: DELIVERED_BEFORE, moved: 'true' });
    const back = await told({ ...delivered(), promote: job('cancelled'), rollback });
    expect(back['serving now']).toBe(
      `${DELIVERED_BEFORE} has all the traffic again: the job \`rollback\` moved it back`,
    );
    expect(back['what happened']).toBe(
      'the job `promote` ended without a word: its runner was lost, or it was cancelled',
    );
    expect(back['what to run']).toBe(
      'nothing has to be moved; a new commit is deployed, this release only with `force`',
    );
    expect(back['database']).toBe('has all migrations up to 20260301000000_note_title; moving traffic undid none');
    expect(back['again']).toBe('safe: a release that was rolled back is refused, a new commit is deployed');
  });

  test('a first release: it may have the traffic, and there is nothing to go back to', async () => {
    const stage = job('success', { release: RELEASED, 'candidate-url': 'https://c--api.example' });
    const first = await told({ ...smokeFailed(), stage });
    expect(first['serving now']).toBe(
      `${RELEASED} may serve: it is the first release here, and nothing served before it`,
    );
    expect(first['what to run']).toMatch(
      /^there is nothing to go back to; repair the cause and push, or `gh run rerun/,
    );
  });

  test('not where the run did not come as far as a delivery, nor where it is done', async () => {
    expect(await told(checkFailed())).toEqual({});
    expect(await told(delivered())).toEqual({});
  });
});

test('listens to the job that ran, not to what a skipped one would have said', async () => {
  const raw = '${{ steps.promote.outputs.night }}';
  const needs = {
    check: check('success'),
    stage: job('failure', { night: JSON.stringify(NIGHT), failure: NIGHT.happened.text }),
    promote: job('skipped', { night: raw, release: '${{ steps.promote.outputs.release }}' }),
    rollback: job('skipped', { night: raw, moved: 'true' }),
  };
  expect(seen((await runReport({ needs, event: PUSH })).summary)).toContain('**serving now:** api-00001-good has 100%');
  const unreadable = { ...needs, promote: job('failure', { night: raw }) };
  expect(seen((await runReport({ needs: unreadable, event: PUSH })).summary)).toContain(
    '**serving now:** api-00001-good',
  );
});

test.each([
  ['promote', { ...delivered(), promote: job('failure', { promoted: 'true', release: RELEASED }) }],
  [
    'deploy',
    {
      verify: job('success'),
      deploy: job('failure', { promotion: 'success', release: RELEASED, 'previous-release': DELIVERED_BEFORE }),
      rollback: job('skipped'),
    },
  ],
])('says that a release serves where only a later step of the job %s failed', async (name, needs) => {
  const { summary, exitCode } = await runReport({ needs, event: PUSH });
  expect(exitCode).toBe(1);
  expect(seen(summary)).toContain(`**serving now:** ${RELEASED} has the traffic: it was promoted, and answered`);
  expect(seen(summary)).toContain(
    `**what happened:** the release serves; a step of the job \`${name}\` after that failed`,
  );
  expect(seen(summary)).toMatch(/\*\*what to run:\*\* to go back: `gh workflow run rollback\.yml/);
});
