import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runInOrder } from '../../src/gate/schedule.ts';
import type { GateTask, TaskConclusion } from '../../src/gate/task.ts';

function task(id: string, ...needs: string[]): GateTask {
  return {
    id,
    kind: id,
    package: '',
    directory: '.',
    command: ['true'],
    path: [],
    environment: {},
    needs,
    timeout: 1_000,
  };
}

interface Trace {
  readonly events: string[];
  readonly most: number;
  readonly outcomes: readonly { readonly id: string; readonly result: TaskConclusion; readonly reason?: string }[];
}

/** Runs tasks that take `wait` turns each and records when each started and ended. */
async function trace(
  tasks: readonly GateTask[],
  options: { concurrency?: number; failFast?: boolean; red?: readonly string[]; signal?: AbortSignal } = {},
): Promise<Trace> {
  const events: string[] = [];
  let now = 0;
  let most = 0;
  const outcomes = await runInOrder(tasks, {
    concurrency: options.concurrency ?? 8,
    failFast: options.failFast ?? false,
    signal: options.signal ?? new AbortController().signal,
    run: async ({ id }, signal) => {
      events.push(`+${id}`);
      now += 1;
      most = Math.max(most, now);
      await turn();
      now -= 1;
      events.push(`-${id}`);
      if (signal.aborted) return { id, result: 'cancelled' as TaskConclusion };
      return { id, result: (options.red?.includes(id) === true ? 'failed' : 'passed') as TaskConclusion };
    },
    skip: ({ id }, result, reason) => ({ id, result: result as TaskConclusion, reason }),
  });
  return { events, most, outcomes };
}

const results = ({ outcomes }: Trace) => Object.fromEntries(outcomes.map(({ id, result }) => [id, result]));

describe('the gate', () => {
  it('runs tasks beside each other', async () => {
    const { most, outcomes } = await trace([task('a'), task('b'), task('c')]);
    expect(most).toBe(3);
    expect(outcomes.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('never runs more at once than it was told', async () => {
    expect(
      (
        await trace(
          ['a', 'b', 'c', 'd', 'e'].map((id) => task(id)),
          { concurrency: 2 },
        )
      ).most,
    ).toBe(2);
  });

  it('starts a task only after everything that it needs has passed', async () => {
    const { events } = await trace([task('test', 'build'), task('build', 'generate'), task('generate')]);
    expect(events).toEqual(['+generate', '-generate', '+build', '-build', '+test', '-test']);
  });

  it('starts first what most tasks wait for', async () => {
    const tasks = [task('lint'), task('format'), task('build'), task('test', 'build'), task('deploy', 'test')];
    expect((await trace(tasks, { concurrency: 1 })).events[0]).toBe('+build');
  });

  it('says of a task why it was not run, and runs the others', async () => {
    const run = await trace([task('build'), task('test', 'build'), task('lint'), task('e2e', 'test')], {
      red: ['build'],
    });
    expect(results(run)).toEqual({ build: 'failed', test: 'skipped', lint: 'passed', e2e: 'skipped' });
    expect(run.outcomes[1]?.reason).toBe('needs `build`, which did not pass');
  });

  it('ends the others at the first failure when told to', async () => {
    const run = await trace([task('a'), task('b'), task('c', 'b')], { concurrency: 1, failFast: true, red: ['b'] });
    expect(results(run)).toMatchObject({ b: 'failed', a: 'cancelled', c: 'skipped' });
  });

  it('starts nothing after it was cancelled', async () => {
    const run = await trace([task('a'), task('b', 'a')], { signal: AbortSignal.abort() });
    expect(results(run)).toEqual({ a: 'cancelled', b: 'cancelled' });
    expect(run.events).toEqual([]);
  });

  it('names the circle when tasks wait for each other, before it runs any', async () => {
    await expect(trace([task('a', 'c'), task('b', 'a'), task('c', 'b'), task('d')])).rejects.toThrow(
      /PIPE-GATE-003.*circle.*a needs c needs b needs a|PIPE-GATE-003.*needs/,
    );
  });

  it('names a need that is not there', async () => {
    await expect(trace([task('a', 'bild'), task('build')])).rejects.toThrow(/PIPE-GATE-004.*`a`.*bild.*build/);
  });

  it('keeps the order of needs in 200 random graphs', async () => {
    let seed = 20_261_121;
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed / 2_147_483_648;
    };
    for (let round = 0; round < 200; round += 1) {
      const count = 1 + Math.floor(random() * 12);
      const tasks = Array.from({ length: count }, (_, index) => {
        const needs = Array.from({ length: index }, (_unused, before) => before).filter(() => random() < 0.3);
        return task(`t${index}`, ...needs.map((before) => `t${before}`));
      });
      const concurrency = 1 + Math.floor(random() * 4);
      const { events, most, outcomes } = await trace(tasks, { concurrency });
      expect(most).toBeLessThanOrEqual(concurrency);
      expect(outcomes.every(({ result }) => result === 'passed')).toBe(true);
      for (const { id, needs } of tasks) {
        for (const need of needs) expect(events.indexOf(`-${need}`)).toBeLessThan(events.indexOf(`+${id}`));
      }
    }
  });
});
