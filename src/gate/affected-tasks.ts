import type { PlannedTask } from '../plan/plan.ts';
import type { Log } from '../runtime/log.ts';
import type { GateTask } from './task.ts';

/**
 * The tasks that run when a change affects some packages only: all but those that the plan left out, and of these what
 * one that runs needs (a task that the caller added may need a build of any package).
 *
 * @param chosen every task, as the caller wants them
 * @param notAffected what the plan left out
 */
export function affectedTasks(
  chosen: readonly GateTask[],
  notAffected: readonly PlannedTask[],
): { readonly tasks: readonly GateTask[]; readonly left: readonly GateTask[] } {
  const isLeft = new Set(notAffected.map(({ id }) => id));
  const byId = new Map(chosen.map((task) => [task.id, task]));
  const wanted = new Set<GateTask>();
  const open = chosen.filter(({ id }) => !isLeft.has(id));
  for (let task = open.pop(); task !== undefined; task = open.pop()) {
    if (wanted.has(task)) continue;
    wanted.add(task);
    open.push(...task.needs.map((need) => byId.get(need)).filter((need) => need !== undefined));
  }
  return { tasks: chosen.filter((task) => wanted.has(task)), left: chosen.filter((task) => !wanted.has(task)) };
}

/** Says what is not run, one line a kind. */
export function sayNotAffected(left: readonly GateTask[], log: Log): void {
  for (const [kind, count] of countByKind(left)) {
    log.info(`not affected by the change: ${kind} of ${count === 1 ? '1 package' : `${count} packages`}`);
  }
}

export function countByKind(tasks: readonly GateTask[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { kind } of tasks) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** The tasks, with variables that only builds see. */
export function withBuildValues(
  tasks: readonly GateTask[],
  values: ReadonlyMap<string, string> | undefined,
): readonly GateTask[] {
  if (values === undefined || values.size === 0) return tasks;
  const added = Object.fromEntries(values);
  return tasks.map((task) =>
    task.kind === 'build' ? { ...task, environment: { ...task.environment, ...added } } : task,
  );
}
