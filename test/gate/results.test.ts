import { describe, expect, it } from 'vitest';
import { gateFailure } from '../../src/gate/failure.ts';
import type { Problem } from '../../src/gate/problems/problem.ts';
import { reportedResults } from '../../src/gate/results.ts';
import { gateSummary } from '../../src/gate/summary.ts';
import type { TaskConclusion, TaskResult } from '../../src/gate/task.ts';

function result(id: string, conclusion: TaskConclusion, problems: readonly Partial<Problem>[] = []): TaskResult {
  return {
    task: {
      id,
      kind: id.split(':').at(-1) ?? id,
      package: 'a',
      directory: '.',
      command: ['npm', 'run', id],
      path: [],
      environment: {},
      needs: [],
      timeout: 1,
    },
    result: conclusion,
    start: 10,
    duration: 1_234.5,
    ...(conclusion === 'passed' ? {} : { reason: 'exit status 1' }),
    problems: problems.map((problem) => ({
      tool: 'tsc',
      kind: 'compile',
      severity: 'error',
      file: 'src/a.ts',
      message: 'wrong',
      ...problem,
    })),
    tail: [],
  };
}

describe('the results of a gate', () => {
  it('carry task, command, result, time and the first problems', () => {
    const problems = [{ line: 3, rule: 'TS2322' }, { line: 4 }, { line: 5 }, { line: 6 }];
    expect(reportedResults([result('typecheck', 'failed', problems)])).toEqual({
      tasks: [
        {
          id: 'typecheck',
          kind: 'typecheck',
          package: 'a',
          directory: '.',
          command: 'npm run typecheck',
          result: 'failed',
          duration: 1_235,
          reason: 'exit status 1',
          problems: [
            { file: 'src/a.ts', line: 3, message: 'wrong', tool: 'tsc', rule: 'TS2322' },
            { file: 'src/a.ts', line: 4, message: 'wrong', tool: 'tsc' },
            { file: 'src/a.ts', line: 5, message: 'wrong', tool: 'tsc' },
          ],
        },
      ],
    });
  });

  it.each([1, 50, 200, 1_000, 20_000])('of %i tasks fit into 32 KiB, and the red ones are in them', (count) => {
    const many = Array.from({ length: count }, (_, index) =>
      result(`packages/p${index}:test`, index % 97 === 1 ? 'failed' : 'passed', [{ message: 'x'.repeat(1_000) }]),
    );
    const reported = reportedResults(many);
    expect(Buffer.byteLength(JSON.stringify(reported))).toBeLessThanOrEqual(32_768);
    const red = reported.tasks.filter((task) => task.result === 'failed');
    expect(red.length > 0).toBe(count > 1);
    expect(reported.tasks.length + (reported.omitted ?? 0)).toBe(count);
    if (reported.omitted !== undefined) {
      const passed = many.filter((each) => each.result === 'passed').length;
      expect(Object.values(reported.passed ?? {}).reduce((sum, each) => sum + each, 0)).toBe(passed);
    }
  });

  it('are no failure when every task passed', () => {
    expect(gateFailure([result('lint', 'passed')])).toBeUndefined();
  });

  it('name the place of the first problem and the command to run', () => {
    const failure = gateFailure([
      result('lint', 'passed'),
      result('test', 'failed', [{ file: 'test/a.test.ts', line: 7, message: 'expected 1\nto be 2' }]),
      result('e2e', 'skipped'),
    ]);
    expect(failure?.message).toBe(
      'PIPE-GATE-010: 1 of 3 tasks failed: test (test/a.test.ts:7 expected 1) (1 not run). Remedy: run `npm run test`: it is the same command.',
    );
  });

  it('tell a task that took too long from one that failed', () => {
    expect(gateFailure([result('test', 'timed-out')])?.code).toBe('PIPE-GATE-011');
    expect(gateFailure([result('test', 'timed-out'), result('lint', 'failed')])?.code).toBe('PIPE-GATE-010');
  });

  it('tell a cancelled run from a failed one', () => {
    expect(gateFailure([result('test', 'cancelled'), result('lint', 'passed')])?.code).toBe('PIPE-GATE-012');
  });
});

describe('the summary of a red gate', () => {
  it('shows hostile names and messages as text', () => {
    const hostile = '</code></td><img src=x onerror=alert(1)> | ``` [x](javascript:1) @everyone';
    const summary = gateSummary(
      [result(hostile, 'failed', [{ file: hostile, message: `${hostile}\n\`\`\`\n## not a title` }])],
      hostile,
    );
    const outsideFences = summary.replace(/^(`{3,})[^`\n]*\n[\s\S]*?^\1$/gm, '');
    expect(outsideFences).not.toMatch(/<img|## not a title|@everyone/);
    expect(outsideFences).toContain('&lt;img src=x');
    const rows = outsideFences.split('\n').filter((line) => line.startsWith('|'));
    expect(rows.map((row) => row.split('|').length - 2)).toEqual([5, 5, 5]);
  });

  it('draws when each task ran', () => {
    expect(gateSummary([result('lint', 'passed'), result('test', 'failed')], 'red')).toContain(
      '  lint (1.2s) :done, 10, 1235ms\n  test (1.2s) :crit, 10, 1235ms',
    );
  });
});
