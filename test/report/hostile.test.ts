import { describe, expect, test } from 'vitest';
import { failureOf, headlineOf } from '../../src/report/verdict.ts';
import { check, define, job, plan, RED_TEST, results, task } from './needs-context.ts';

describe('outputs of a job that ran hostile code', () => {
  test.each([
    ['no JSON', 'results', 'passed!'],
    ['a list', 'results', '[]'],
    ['a result that is none', 'results', results([task('test', { result: 'PASSED' })])],
    ['a negative time', 'results', results([task('test', { duration: -1 })])],
    ['a time that is no number', 'results', '{"tasks":[{"id":"a","kind":"a","result":"passed","duration":1e999}]}'],
    ['a text of 120 kB', 'results', results([task('test', { reason: 'x'.repeat(120_000) })])],
    [
      '3,000 tasks',
      'results',
      results(Array.from({ length: 3_000 }, () => ({ id: 'a', kind: 'a', result: 'passed' }))),
    ],
    ['100 problems', 'results', results([task('test', { problems: Array(100).fill({ file: 'a', message: 'b' }) })])],
    ['a plan of another form', 'plan', '{"kinds": "all"}'],
    ['a plan with a map for a kind', 'plan', '{"kinds": [{"toString": "lint"}]}'],
  ])('%s makes the run red with a code and is not shown at length', async (_name, output, value) => {
    const definition = await define({ check: check('success', {}, { [output]: value }) });
    const failure = failureOf(definition);

    expect(definition.isDone).toBe(false);
    expect(failure?.code).toBe('PIPE-REPORT-005');
    expect(failure?.message.length).toBeLessThan(1_000);
  });

  test('keeps every message on one line, short and without control characters', async () => {
    const hostile = `a\n::set-output name=done::true\r\n\u001b[31m\u0000\u202e${'@team '.repeat(300)}`;
    const problems = [{ file: hostile.slice(0, 500), line: 1, message: hostile.slice(0, 1_900) }];
    const red = { result: 'failed', command: hostile.slice(0, 1_900), reason: hostile.slice(0, 1_900), problems };
    const tasks = [task(hostile.slice(0, 90), red), task('lint', { ...red, problems: [] })];
    const definition = await define({ check: job('failure', { plan: plan(['lint']), results: results(tasks) }) });
    const texts = [
      headlineOf(definition),
      ...(failureOf(definition)?.faults ?? []).flatMap((fault) => Object.values(fault)),
    ];

    expect(texts.length).toBeGreaterThan(4);
    for (const text of texts) {
      expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/);
      expect(text.length).toBeLessThan(1_500);
    }
  });

  test('shows at most as many errors as GitHub keeps', async () => {
    const tasks = Array.from({ length: 40 }, (_, index) => task(`task-${index}`, RED_TEST));
    const definition = await define({ check: job('failure', { plan: plan([]), results: results(tasks) }) });
    const failure = failureOf(definition);

    expect(failure?.faults).toHaveLength(9);
    expect(failure?.message).toContain('(and 31 more, in the summary)');
    expect(headlineOf(definition)).toBe('Not done: task-0 failed, task-1 failed, task-2 failed and 37 more');
  });
});
