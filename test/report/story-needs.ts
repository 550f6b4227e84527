import type { Subject } from '../../src/report/render.ts';
import { check, job, KINDS, plan, RED_TEST, results, task } from './needs-context.ts';

export const PREVIOUS = 'cloud-run://acme/europe-west1/api/api-00041-kid';
export const RELEASE = 'cloud-run://acme/europe-west1/api/api-00042-wot';
export const DIGEST = `sha256:${'4f2a'.repeat(16)}`;

export const SUBJECT: Subject = {
  name: 'api → staging',
  workflow: 'node-service',
  sha: 'c'.repeat(40),
  runNumber: 57,
  attempt: 1,
  repositoryPage: 'https://github.com/acme/shop',
  page: 'https://github.com/acme/shop/actions/runs/1001',
  night: [],
};

const DELIVERY = ['image', 'tag', 'migration', 'deployment', 'smoke', 'promotion'];

/** A push that went from its checks to the promotion. */
export function delivered() {
  const decisions = [
    { subject: 'deployment', decision: 'cloud-run, environment staging', reason: '`environments` maps main' },
    { subject: 'test', decision: '`npm run test`', reason: 'the script `test` of package.json' },
  ];
  const outputs = {
    plan: plan(KINDS, { delivery: DELIVERY, decisions }),
    results: results(KINDS.map((kind) => task(kind))),
  };
  return {
    check: job('success', {
      ...outputs,
      'node-version': '24.11.1',
      'package-manager': 'npm 11.6.2',
      'setup-outcome': 'success',
      'coverage-passed': 'true',
      'coverage-lines': '91.4',
      'coverage-branches': '84.2',
    }),
    image: job('skipped'),
    publish: job('success', {
      digest: DIGEST,
      'scan-passed': 'true',
      'scan-critical': '0',
      'scan-high': '0',
      'scan-new': '0',
    }),
    tag: job('success', { tags: 'ghcr.io/acme/api:main\nghcr.io/acme/api:sha-ccccccc' }),
    migrate: job('success', { status: 'up-to-date', applied: '1', 'last-migration': '20260301000000_note_title' }),
    stage: job('success', {
      release: RELEASE,
      'previous-release': PREVIOUS,
      'candidate-url': 'https://c--api.example',
      'health-passed': 'true',
      'health-attempts': '3',
      'health-latency-p95': '41',
    }),
    smoke: job('success', { failed: '0', flaky: '1' }),
    promote: job('success', { release: RELEASE, url: 'https://api.staging.example' }),
    rollback: job('skipped'),
  };
}

/** The same, and the smoke test said no. */
export function smokeFailed() {
  const failure = 'PIPE-SMOKE-002: 1 of 12 tests failed: e2e/notes.spec.ts:14 a note can be written';
  return { ...delivered(), smoke: job('failure', { failed: '1', flaky: '0', failure }), promote: job('skipped') };
}

/** A red test: nothing was delivered. */
export function checkFailed() {
  const skipped = Object.fromEntries(
    ['publish', 'tag', 'migrate', 'stage', 'smoke', 'promote', 'rollback'].map((name) => [name, job('skipped')]),
  );
  return { check: check('failure', { test: RED_TEST }), image: job('skipped'), ...skipped };
}

/** Names that whoever runs code in a job can choose. */
export const HOSTILE = `"><script>document.title='owned'</script><img src=x onerror="document.title='owned'">\`<b onclick="x">\`'\`${'wide'.repeat(80)}`;

/** Hostile texts wherever a job can put one. */
export function hostile() {
  const problems = [{ file: `src/${HOSTILE}.ts`, line: 3, message: HOSTILE, rule: HOSTILE.slice(0, 200) }];
  const red = task('test', {
    command: HOSTILE,
    reason: HOSTILE,
    directory: `packages/${HOSTILE}`,
    result: 'failed',
    problems,
  });
  const outputs = {
    plan: plan(['test'], {
      notChecked: [{ subject: HOSTILE, reason: HOSTILE }],
      decisions: [{ subject: HOSTILE, decision: HOSTILE, reason: HOSTILE }],
    }),
    results: results([red]),
  };
  return {
    check: job('failure', outputs),
    migrate: job('failure', { failure: HOSTILE, 'failed-migration': HOSTILE, status: HOSTILE }),
    stage: job('failure', {
      failure: HOSTILE,
      release: HOSTILE,
      'previous-release': HOSTILE,
      url: `https://x"${HOSTILE}`,
    }),
    smoke: job('failure', { failure: HOSTILE, failed: HOSTILE }),
  };
}

/** Jobs as GitHub lists them, each with its steps, one behind the other. */
export function listedJobs(
  names: readonly (readonly [name: string, seconds: number, conclusion?: string])[],
  prefix = '',
) {
  const started = Date.parse('2026-11-21T21:03:00Z');
  let at = started;
  const time = (milliseconds: number) => new Date(milliseconds).toISOString().replace('.000Z', 'Z');
  const jobs = names.map(([name, seconds, conclusion = 'success'], index) => {
    const [queued, begin, end] = [at, at + 3_000, at + 3_000 + seconds * 1_000];
    at = end;
    const third = Math.floor((end - begin) / 3_000) * 1_000;
    const step = (number: number, title: string, result: string) => ({
      name: title,
      number,
      status: 'completed',
      conclusion: result,
      started_at: time(begin + (number - 1) * third),
      completed_at: time(number === 3 ? end : begin + number * third),
    });
    const page = `https://github.com/acme/shop/actions/runs/1001/job/${index + 1}`;
    return {
      ...listedJob(index + 1, `${prefix}${name}`, page),
      conclusion,
      created_at: time(queued),
      started_at: time(begin),
      completed_at: time(end),
      steps: [step(1, 'Set up job', 'success'), step(2, 'Check out', 'success'), step(3, name, conclusion)],
    };
  });
  const own = {
    ...listedJob(99, `${prefix}report`, 'https://github.com/acme/shop/actions/runs/1001/job/99'),
    status: 'in_progress',
    conclusion: null,
    created_at: time(at),
    started_at: time(at),
    completed_at: null,
    runner_name: 'runner-7',
    steps: [],
  };
  return [...jobs, own];
}

function listedJob(id: number, name: string, page: string) {
  return {
    id,
    run_id: 1001,
    run_attempt: 1,
    name,
    html_url: page,
    status: 'completed',
    runner_name: `runner-${id + 20}`,
  };
}
