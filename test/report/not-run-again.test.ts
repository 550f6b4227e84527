import { describe, expect, test } from 'vitest';
import { failureOf, headlineOf } from '../../src/report/verdict.ts';
import { check, define, job, packageTask, plan, results, states, task } from './needs-context.ts';

describe('what the gate did not run again', () => {
  const run = 'https://github.com/acme/shop/actions/runs/12';
  const reused = { at: '2026-11-21T20:15:03Z', run };

  test('says of a reused task when it passed, with its run', async () => {
    const outputs = { plan: plan(['test']), results: results([task('test', { reused })]) };
    const { lines } = await define({ check: job('success', outputs) });
    expect(lines.find(({ name }) => name === 'test')).toMatchObject({
      state: 'done',
      detail: 'reused, passed 2026-11-21 20:15 UTC',
      evidence: expect.arrayContaining([{ name: 'reused from', kind: 'link', value: run }]),
    });
  });

  test('counts reused tasks and those that the change does not affect', async () => {
    const tasks = ['packages/api', 'packages/web'].map((folder) =>
      packageTask(folder, 'test', folder.endsWith('api') ? { reused } : {}),
    );
    const outputs = { plan: plan(['test', 'lint']), results: results(tasks, { notAffected: { test: 12, lint: 1 } }) };
    const definition = await define({ check: job('success', outputs) });
    const detail = (kind: string) => definition.lines.find(({ name }) => name === kind)?.detail;
    expect(detail('test')).toBe('2 packages, 1 of them reused, 12 not affected');
    expect(detail('lint')).toBe('not affected by the change (1 package)');
    expect(states(definition)).toMatchObject({ test: 'done', lint: 'nothing-to-do' });
    expect(headlineOf(definition)).toBe('Done');
    // What the change does not touch is not missed.
    expect((await define({ check: job('success', outputs) }, ['lint'])).isDone).toBe(true);
  });

  test.each([
    ['another host', { at: '2026-11-21T20:15:03Z', run: 'https://evil.example/actions/runs/12' }],
    ['a time that is none', { at: 'yesterday' }],
  ])('is refused with %s', async (_name, wrong) => {
    const outputs = { plan: plan(['test']), results: results([task('test', { reused: wrong })]) };
    expect(failureOf(await define({ check: job('success', outputs) }))?.code).toBe('PIPE-REPORT-005');
  });
});

test('says whether one build is promoted or each environment has its own', async () => {
  const decision = 'once: no value of build-env differs between environments: what is tried is what is promoted';
  const { lines } = await define({
    check: check('success', {}, { 'builds-passed': 'true', 'builds-decision': decision }),
  });
  const names = lines.map(({ name }) => name);
  expect(lines.find(({ name }) => name === 'builds')).toMatchObject({ state: 'done', detail: decision });
  expect(names.indexOf('builds')).toBe(names.indexOf('build') + 1);
});

test('does not call the browser tests unchecked where the job smoke has run them', async () => {
  const notChecked = [{ subject: 'playwright', reason: 'found, run by `smoke`, not by the checks' }];
  const outputs = { plan: plan(['test'], { notChecked }), results: results([task('test')]) };
  const beside = async (smoke: object) => headlineOf(await define({ check: job('success', outputs), smoke }));
  expect(await beside(job('success', { failed: '0', flaky: '0' }))).toBe('Done');
  expect(await beside(job('skipped'))).toBe('Done, not checked: playwright');
});

describe('tests that were divided among machines', () => {
  const divided = { shards: 3, files: 87, tests: { passed: 1_204, failed: 0, skipped: 2 } };
  const lineOf = async (more: object, result: 'passed' | 'failed' = 'passed') => {
    const outputs = { plan: plan(['test']), results: results([task('test', { ...divided, ...more, result })]) };
    return define({ check: job(result === 'passed' ? 'success' : 'failure', outputs) });
  };

  test('are one line that says on how many, with the tests of all', async () => {
    const { lines } = await lineOf({});
    expect(lines.find(({ name }) => name === 'test')).toMatchObject({
      state: 'done',
      detail: '3 shards, 87 files, 1204 tests passed, 2 skipped',
    });
  });

  test('say which machine was red', async () => {
    const definition = await lineOf({ reason: 'shard 2: exit status 1' }, 'failed');
    expect(headlineOf(definition)).toBe('Not done: test failed');
    const [failing] = definition.lines.find(({ name }) => name === 'test')?.failing ?? [];
    expect(failing?.reason).toBe('shard 2: exit status 1');
  });

  test('are refused with a count that is none', async () => {
    expect(failureOf(await lineOf({ shards: 'many' }))?.code).toBe('PIPE-REPORT-005');
  });
});
