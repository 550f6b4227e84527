import { describe, expect, test } from 'vitest';
import { failureOf, headlineOf } from '../../src/report/verdict.ts';
import { ConfigurationError, ProjectFailure } from '../../src/runtime/errors.ts';
import { check, define, job, KINDS, packageTask, plan, RED_TEST, results, states, task } from './needs-context.ts';

test('is done when everything that the plan promised passed', async () => {
  const definition = await define({ check: check('success') });

  expect(definition.isDone).toBe(true);
  expect(states(definition)).toEqual({
    setup: 'done',
    format: 'done',
    lint: 'done',
    typecheck: 'done',
    test: 'done',
    build: 'done',
  });
  expect(headlineOf(definition)).toBe('Done');
  expect(failureOf(definition)).toBeUndefined();
});

test('names the red kind, its first error with file and line, and the command', async () => {
  const definition = await define({ check: check('failure', { test: RED_TEST }) });
  const failure = failureOf(definition);
  expect(definition.isDone).toBe(false);
  expect(headlineOf(definition)).toBe('Not done: test failed');
  expect(failure).toBeInstanceOf(ProjectFailure);
  expect(failure?.message).toBe(
    'PIPE-REPORT-002: not done: test failed: test/health.test.ts:12 expected 200 to be 503. ' +
      'Remedy: run `npm run test`; it is the same command.',
  );
});

test('adds up the packages of a workspace and names those that failed', async () => {
  const red = { ...RED_TEST, problems: [{ ...RED_TEST.problems[0], file: 'packages/api/a.test.ts' }] };
  const tasks = ['packages/api', 'packages/web', 'packages/db', '.'].map((folder) => {
    return packageTask(folder, 'test', folder === 'packages/api' ? red : { duration: 5_000 });
  });
  const definition = await define({ check: job('failure', { plan: plan(['test']), results: results(tasks) }) });
  const [line] = definition.lines.filter(({ name }) => name === 'test');

  expect(line).toMatchObject({ state: 'failed', detail: '3 of 4 packages passed', duration: 5_000 });
  expect(headlineOf(definition)).toBe('Not done: test failed in packages/api');
  expect(failureOf(definition)?.message).toContain('run `npm run test` in packages/api');
});

describe('every result of a task', () => {
  const expected = {
    passed: ['done', true],
    failed: ['failed', false],
    'timed-out': ['failed', false],
    cancelled: ['cancelled', false],
    skipped: ['not-run', false],
  } as const;
  for (const [result, [state, isDone]] of Object.entries(expected)) {
    for (const jobResult of ['success', 'failure', 'cancelled']) {
      test(`${result} in a job that is ${jobResult} is ${state}`, async () => {
        const definition = await define({ check: check(jobResult, { lint: { result } }) });
        expect(states(definition)['lint']).toBe(state);
        expect(definition.isDone).toBe(isDone && jobResult === 'success');
        expect(failureOf(definition) === undefined).toBe(definition.isDone);
        expect(headlineOf(definition)).toMatch(definition.isDone ? /^Done$/ : /^Not done: \S/);
      });
    }
  }
});

describe('every pair of results of a check and a job beside it', () => {
  for (const left of ['success', 'failure', 'cancelled', 'skipped']) {
    for (const right of ['success', 'failure', 'cancelled', 'skipped']) {
      test(`${left} and ${right}`, async () => {
        const first = left === 'skipped' ? job('skipped') : check(left);
        const definition = await define({ check: first, image: job(right) });
        const isRed = [left, right].some((result) => result === 'failure' || result === 'cancelled');
        expect(definition.isDone).toBe(!isRed);
        expect(failureOf(definition) === undefined).toBe(!isRed);
        if (isRed) expect(headlineOf(definition)).toMatch(/^Not done: \S/);
      });
    }
  }
});

test('is green when path filters left nothing to do, also for what is required', async () => {
  const definition = await define({ check: job('skipped'), image: job('skipped') }, ['test', 'image', 'deployment']);

  expect(definition).toMatchObject({ isDone: true, missing: [], isNothingToDo: true });
  expect(states(definition)).toEqual({ check: 'nothing-to-do', image: 'nothing-to-do' });
  expect(headlineOf(definition)).toBe('Nothing to do: no job of this run had any work');
});

test('is green when the plan says that no package is affected', async () => {
  const idle = job('success', {
    plan: plan([], { nothingToDo: 'no package is affected by the changes' }),
    results: results([]),
  });
  const alone = await define({ check: idle, image: job('skipped') }, ['test']);
  expect(alone).toMatchObject({ isDone: true, missing: [] });
  expect(headlineOf(alone)).toBe('Nothing to do: no package is affected by the changes');

  const outputs = { plan: plan([], { nothingToDo: 'no package is affected by the changes' }) };
  const skipped = job('success', { ...outputs, 'setup-outcome': 'skipped', 'gate-outcome': 'skipped' });
  const built = await define({ check: skipped, image: job('success') });
  expect(states(built)).toEqual({ check: 'nothing-to-do', image: 'done' });
  expect(headlineOf(built)).toBe('Done');

  const beside = await define({ check: idle, stage: job('success', { release: 'r' }) }, ['test', 'smoke']);
  expect(beside.missing).toEqual(['smoke']);
});

test('takes a required line that was skipped beside others that ran for missing', async () => {
  const definition = await define({ check: check('success'), stage: job('skipped') }, ['deployment', 'test']);

  expect(definition).toMatchObject({ isDone: false, missing: ['deployment'] });
  expect(headlineOf(definition)).toBe('Not done: deployment is required and not configured');
  expect(failureOf(definition)?.code).toBe('PIPE-REPORT-003');
});

test('takes a required line that nothing of the run is about for missing', async () => {
  const definition = await define({ check: check('success') }, ['coverage']);
  expect(definition).toMatchObject({ isDone: false, missing: ['coverage'] });
  expect(headlineOf(definition)).toBe('Not done: coverage has no result');
});

test('says what is not configured without making it red', async () => {
  const decisions = [{ subject: 'format', decision: 'none', reason: 'no script' }];
  const outputs = { plan: plan(['test'], { decisions }), results: results([task('test')]) };
  const definition = await define({ check: job('success', outputs), stage: job('skipped') });

  expect(definition.isDone).toBe(true);
  expect(states(definition)).toMatchObject({ lint: 'not-configured', deployment: 'not-configured' });
  expect(definition.lines.find(({ name }) => name === 'format')?.detail).toBe('none, no script');
});

test('shows what was found and not run as not checked, never as done', async () => {
  const notChecked = [{ subject: 'python', reason: 'pyproject.toml' }];
  const outputs = { plan: plan(['lint', 'test'], { notChecked }), results: results([task('test')], { off: ['lint'] }) };
  const definition = await define({ check: job('success', outputs) });

  expect(definition.isDone).toBe(true);
  expect(states(definition)['lint']).toBe('not-checked');
  expect(definition.notChecked).toEqual(notChecked);
  expect(headlineOf(definition)).toBe('Done, not checked: python and lint');
  const strict = await define({ check: job('success', outputs) }, ['lint']);
  expect(strict).toMatchObject({ isDone: false, missing: ['lint'] });
  expect(headlineOf(strict)).toBe('Not done: lint is required and not checked');
});

test('says so when nothing at all was checked', async () => {
  const off = job('success', { plan: plan(['lint']), results: '', 'gate-outcome': 'skipped' });
  const definition = await define({ check: off });
  expect(definition.isDone).toBe(true);
  expect(states(definition)['lint']).toBe('not-checked');
  expect(headlineOf(definition)).toBe('Done, and nothing was checked');
});

test('makes a promised kind without a result red, whatever the job says', async () => {
  const outputs = { plan: plan(KINDS), results: results(KINDS.slice(1).map((kind) => task(kind))) };
  const definition = await define({ check: job('success', outputs) });

  expect(definition).toMatchObject({ isDone: false, missing: ['format'] });
  expect(headlineOf(definition)).toBe('Not done: format has no result');
});

test('counts tasks that had no room in long results as what the gate says of them', async () => {
  const red = packageTask('packages/api', 'lint', RED_TEST);
  const passed = { omitted: 400, passed: { lint: 99, test: 100, build: 1 } };
  const known = await define({ check: job('failure', { plan: plan(KINDS), results: results([red], passed) }) });
  expect(states(known)).toMatchObject({ lint: 'failed', test: 'done', build: 'done', format: 'missing' });
  expect(known.lines.find(({ name }) => name === 'lint')?.detail).toBe('99 of 100 tasks passed');

  const unknown = { plan: plan(KINDS), results: results([], { omitted: 400 }) };
  expect((await define({ check: job('success', unknown) })).isDone).toBe(true);
  expect(states(await define({ check: job('failure', unknown) }))['test']).toBe('missing');
});

test.each([['plan'], ['results']])('names the cause when `%s` of a green check arrives empty', async (output) => {
  const definition = await define({ check: check('success', {}, { [output]: '' }) });
  const failure = failureOf(definition);
  expect(definition.isDone).toBe(false);
  expect(failure).toBeInstanceOf(ConfigurationError);
  expect(failure?.code).toBe('PIPE-REPORT-004');
  expect(failure?.message).toContain('GitHub drops an output that contains the text of a secret');
});

test.each([
  ['publish', 'digest'],
  ['stage', 'release'],
  ['deploy', 'release'],
])('names the cause when %s is green without its %s', async (name, output) => {
  const jobs = (value: string) => ({ check: check('success'), [name]: job('success', { [output]: value }) });
  expect((await define(jobs('x'))).isDone).toBe(true);
  const failure = failureOf(await define(jobs('')));
  expect(failure?.code).toBe('PIPE-REPORT-004');
  expect(failure?.message).toContain(`\`${output}\` arrived empty from the green job \`${name}\``);
});

test('asks for no results of a check that is red already', async () => {
  const early = await define({ check: job('failure', { plan: '', results: '' }) });
  expect(states(early)).toEqual({ setup: 'failed' });
  expect(headlineOf(early)).toBe('Not done: setup failed');

  const planned = await define({ check: job('failure', { plan: plan(KINDS), results: '' }) });
  expect(states(planned)).not.toHaveProperty('setup');
  expect(headlineOf(planned)).toBe('Not done: check failed');

  const failed = { 'setup-outcome': 'failure', plan: plan(KINDS), results: '', 'gate-outcome': 'skipped' };
  expect(headlineOf(await define({ check: job('failure', failed) }))).toBe('Not done: setup failed');

  const outcome = { 'setup-outcome': 'success', plan: plan(KINDS), results: '' };
  const later = await define({ check: job('failure', outcome) });
  expect(states(later)).toMatchObject({ setup: 'done', lint: 'not-run', test: 'not-run', check: 'failed' });
  expect(later.missing).toEqual([...KINDS]);
});

test('says in the table what a job failed of, as the job said it, and what was not come to', async () => {
  const failure = 'PIPE-PLAN-002: there is no `package.json` <b>here</b>';
  const early = await define({ check: job('failure', { 'setup-outcome': 'skipped', failure }) });
  expect(states(early)).toMatchObject({ setup: 'not-run', check: 'failed' });
  expect(early.lines.find(({ name }) => name === 'check')?.detail).toContain(failure);

  const setup = await define({ check: job('failure', { 'setup-outcome': 'failure', failure: 'PIPE-SETUP-013: x' }) });
  expect(setup.lines.find(({ name }) => name === 'setup')?.detail).toBe('PIPE-SETUP-013: x');

  const other = await define({ migrate: job('failure', { failure: 'PIPE-MIGRATE-001: y' }) });
  expect(other.lines.find(({ name }) => name === 'migration')?.detail).toBe('PIPE-MIGRATE-001: y');
});

test('stays red when a step beside the tasks failed', async () => {
  const definition = await define({ check: check('failure') });
  expect(definition.isDone).toBe(false);
  expect(states(definition)).toMatchObject({ test: 'done', check: 'failed' });
  const explained = await define({
    check: check('failure', {}, { 'coverage-passed': 'false', 'coverage-lines': '61' }),
  });
  expect(states(explained)).not.toHaveProperty('check');
  expect(headlineOf(explained)).toBe('Not done: coverage failed');
});

test('tells cancelled from failed, and does not list what the cancellation left without a result', async () => {
  const cancelled = job('cancelled', { plan: plan(KINDS), results: '' });
  const definition = await define({ check: cancelled, image: job('cancelled') });

  expect(headlineOf(definition)).toBe('Not done: check and image were cancelled');
  expect(failureOf(definition)?.faults.map(({ code }) => code)).toEqual(['PIPE-REPORT-006']);
});

test('says not run of what comes after a failure, and not configured of what was skipped before it', async () => {
  const definition = await define({
    check: check('success'),
    publish: job('success', { digest: 'sha256:1' }),
    migrate: job('skipped'),
    stage: job('failure'),
    smoke: job('skipped'),
    promote: job('skipped'),
    rollback: job('skipped'),
  });
  expect(states(definition)).toMatchObject({
    migration: 'not-configured',
    deployment: 'failed',
    smoke: 'not-run',
    promotion: 'not-run',
  });
  expect(states(definition)).not.toHaveProperty('rollback');
  expect(headlineOf(definition)).toBe('Not done: deployment failed');
});

test('counts the job that ran where two stand for one line', async () => {
  const onPullRequest = await define({ check: check('success'), image: job('success'), publish: job('skipped') });
  expect(states(onPullRequest)['image']).toBe('done');
  const red = await define({
    check: check('failure', { lint: RED_TEST }),
    image: job('success'),
    publish: job('skipped'),
  });
  expect(states(red)['image']).toBe('done');
  const onPush = await define({ check: check('success'), image: job('skipped'), publish: job('failure') });
  expect(states(onPush)['image']).toBe('failed');
});

test('shows what a job made: a digest as far as people compare it, the release, the address', async () => {
  const definition = await define({
    check: check('success'),
    publish: job('success', { digest: `sha256:${'ab'.repeat(32)}` }),
    stage: job('success', { release: 'cloud-run://p/r/s/rev', url: 'https://rev.example.org' }),
  });
  const details = Object.fromEntries(definition.lines.map(({ name, detail }) => [name, detail]));
  expect(details['image']).toBe('sha256:abababababab…');
  expect(details['deployment']).toBe('release cloud-run://p/r/s/rev');
  expect(definition.lines.find(({ name }) => name === 'deployment')?.address).toBe('https://rev.example.org');
});

test('shows the line of a step beside that of its job', async () => {
  const outputs = { digest: 'sha256:1', 'scan-passed': 'false', 'scan-critical': '2', 'scan-high': '5' };
  const definition = await define({ check: check('success'), publish: job('failure', outputs) });

  expect(states(definition)).toMatchObject({ image: 'done', scan: 'failed' });
  expect(failureOf(definition)?.message).toContain('scan failed: 2 critical, 5 high');
});

test('takes jobs of other names for lines of their own', async () => {
  const definition = await define({ unit: check('success'), e2e: job('failure'), docs: job('success') }, ['docs']);
  expect(states(definition)).toMatchObject({ test: 'done', e2e: 'failed', docs: 'done' });

  const two = await define({ api: check('success'), web: check('failure', { lint: RED_TEST }) });
  expect(states(two)).toMatchObject({ 'lint (api)': 'done', 'lint (web)': 'failed' });
});

test('refuses unknown names in `require`, all together, each with the nearest known one', async () => {
  const error = await define({ check: check('success') }, ['tets', 'lint', 'deployments']).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConfigurationError);
  const faults = error instanceof ConfigurationError ? error.faults : [];
  expect(faults.map(({ code }) => code)).toEqual(['PIPE-REPORT-001', 'PIPE-REPORT-001']);
  expect(faults.map(({ example }) => example)).toEqual(['`require: test`', '`require: deployment`']);
});

describe('a delivery that the plan promised', () => {
  const promising = {
    plan: plan(['test'], { delivery: ['deployment', 'smoke', 'promotion'] }),
    results: results([task('test')]),
  };

  test('is not done while one of its lines has no result', async () => {
    const definition = await define({ check: job('success', promising), stage: job('skipped'), smoke: job('skipped') });
    expect(definition.isDone).toBe(false);
    expect(definition.missing).toEqual(['deployment', 'smoke', 'promotion']);
  });

  test('is done when each has', async () => {
    const stage = job('success', { release: 'cloud-run://acme/europe-west1/api/api-00002-abc' });
    const definition = await define({
      check: job('success', promising),
      stage,
      smoke: job('success'),
      promote: job('success'),
    });
    expect(definition.missing).toEqual([]);
    expect(definition.isDone).toBe(true);
  });

  test('has nothing more to do when a newer commit serves already', async () => {
    const stage = job('success', { release: 'cloud-run://acme/europe-west1/api/api-00003-def', superseded: 'true' });
    const jobs = {
      check: job('success', promising),
      stage,
      smoke: job('skipped'),
      promote: job('skipped'),
      rollback: job('skipped'),
    };
    const definition = await define(jobs);
    expect(states(definition)).toMatchObject({
      deployment: 'nothing-to-do',
      smoke: 'nothing-to-do',
      promotion: 'nothing-to-do',
    });
    expect(definition.isDone).toBe(true);
  });
});

test('says of a release by hand that took itself back that it failed, also where it was staged well', async () => {
  const outputs = {
    release: 'cloud-run://a/b/c/d',
    promotion: 'failure',
    'health-passed': 'false',
    failure: 'PIPE-RELEASE-007: not healthy',
  };
  const jobs = {
    verify: job('success'),
    deploy: job('failure', outputs),
    rollback: job('success', { moved: 'false' }),
  };
  const definition = await define(jobs, ['deployment']);
  expect(states(definition)).toMatchObject({ deployment: 'failed', health: 'failed', rollback: 'done' });
  expect(definition.lines.find(({ name }) => name === 'deployment')?.detail).toBe(
    'taken back: PIPE-RELEASE-007: not healthy',
  );
  expect(headlineOf(definition)).toBe('Not done: deployment failed and health failed');
});

test('says nothing of a cleanup that was not needed', async () => {
  const definition = await define({ check: check('success'), promote: job('failure'), cleanup: job('skipped') });
  expect(states(definition)).not.toHaveProperty('cleanup');
});
