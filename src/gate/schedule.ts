import { ConfigurationError } from '../runtime/errors.ts';
import type { GateTask, TaskConclusion } from './task.ts';

/** What one run came to. */
export interface Outcome {
  readonly result: TaskConclusion;
}

export interface ScheduleOptions<T extends Outcome> {
  /** How many tasks run beside each other, 1 or more. */
  readonly concurrency: number;
  /** Whether the first failure ends the others. */
  readonly failFast: boolean;
  readonly signal: AbortSignal;
  readonly run: (task: GateTask, signal: AbortSignal) => Promise<T>;
  /** A task that was not run, with the reason. */
  readonly skip: (task: GateTask, result: 'skipped' | 'cancelled', reason: string) => T;
}

/**
 * Runs tasks beside each other, each after the tasks that it needs have passed. Of those that could start, the one
 * with the most tasks waiting behind it starts first.
 *
 * @returns one outcome a task, in the order in which the tasks were given
 * @throws ConfigurationError PIPE-GATE-003 when tasks wait for each other in a circle, PIPE-GATE-004 for an unknown need
 */
export async function runInOrder<T extends Outcome>(
  tasks: readonly GateTask[],
  options: ScheduleOptions<T>,
): Promise<T[]> {
  const weights = weigh(tasks);
  const outcomes = new Map<string, T>();
  const running = new Map<string, Promise<void>>();
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const waiting = [...tasks].sort((a, b) => (weights.get(b.id) ?? 0) - (weights.get(a.id) ?? 0));
  const settle = (task: GateTask, outcome: T) => {
    outcomes.set(task.id, outcome);
    if (outcome.result !== 'passed' && options.failFast) stop.abort();
  };
  while (waiting.length > 0 || running.size > 0) {
    for (const task of [...waiting]) {
      const verdict = readiness(task, outcomes, signal);
      if (verdict === 'waits') continue;
      if (verdict === 'ready' && running.size >= options.concurrency) continue;
      waiting.splice(waiting.indexOf(task), 1);
      if (verdict !== 'ready') settle(task, options.skip(task, verdict.result, verdict.reason));
      else {
        const ended = options.run(task, signal).then((outcome) => {
          settle(task, outcome);
          running.delete(task.id);
        });
        running.set(task.id, ended);
      }
    }
    if (running.size > 0) await Promise.race(running.values());
  }
  return tasks.map((task) => outcomes.get(task.id)).filter((outcome) => outcome !== undefined);
}

type Readiness = 'ready' | 'waits' | { readonly result: 'skipped' | 'cancelled'; readonly reason: string };

function readiness(task: GateTask, outcomes: ReadonlyMap<string, Outcome>, signal: AbortSignal): Readiness {
  const needed = task.needs.map((id) => ({ id, outcome: outcomes.get(id) }));
  const failed = needed.find(({ outcome }) => outcome !== undefined && outcome.result !== 'passed');
  if (failed?.outcome !== undefined && failed.outcome.result !== 'cancelled') {
    return { result: 'skipped', reason: `needs \`${failed.id}\`, which did not pass` };
  }
  if (signal.aborted) return { result: 'cancelled', reason: 'the gate ended before it could start' };
  return needed.every(({ outcome }) => outcome !== undefined) ? 'ready' : 'waits';
}

/** For each task how many tasks stand behind it in the longest line; finds circles and unknown needs. */
function weigh(tasks: readonly GateTask[]): ReadonlyMap<string, number> {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const dependents = new Map<string, GateTask[]>();
  for (const task of tasks) {
    for (const need of task.needs) {
      if (!byId.has(need)) throw unknownNeed(task, need, [...byId.keys()]);
      dependents.set(need, [...(dependents.get(need) ?? []), task]);
    }
  }
  const weights = new Map<string, number>();
  const open: string[] = [];
  const weightOf = (task: GateTask): number => {
    const known = weights.get(task.id);
    if (known !== undefined) return known;
    if (open.includes(task.id)) throw circle([...open.slice(open.indexOf(task.id)), task.id]);
    open.push(task.id);
    const behind = (dependents.get(task.id) ?? []).map(weightOf);
    open.pop();
    const weight = 1 + Math.max(0, ...behind);
    weights.set(task.id, weight);
    return weight;
  };
  for (const task of tasks) weightOf(task);
  return weights;
}

function circle(ids: readonly string[]): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-GATE-003',
    what: 'tasks wait for each other in a circle',
    given: ids.toReversed().join(' needs '),
    accepted: 'tasks whose `needs` lead to no circle',
    example: '`tasks: {e2e: {run: npm run e2e, needs: [build]}}`',
    state: 'no task was run',
  });
}

function unknownNeed(task: GateTask, need: string, known: readonly string[]): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-GATE-004',
    what: `the task \`${task.id}\` needs a task that is not there`,
    given: need,
    accepted: `one of ${known.join(', ')}`,
    example: '`tasks: {e2e: {run: npm run e2e, needs: [build]}}`',
    state: 'no task was run',
  });
}
