import type { Affected } from './affected.ts';
import type { ChangeBase } from './change-base.ts';
import { named, namedList } from './paths.ts';
import type { ChangePlan } from './plan.ts';
import type { Decision, NotChecked, Plan, PlannedTask } from './types.ts';
import { TASK_KINDS } from './types.ts';

/** One package that a change affects. */
export interface AffectedPackage {
  /** Folder, relative to the repository. */
  readonly directory: string;
  readonly name: string;
  /** Why, as a phrase. */
  readonly reason: string;
}

/** Most packages that the log names one by one. */
const MOST_LINES = 500;

/** Bytes of the output, as it has to fit into one environment variable of a later step. */
const LARGEST_OUTPUT = 100_000;

/**
 * The packages that a change affects, for a matrix: in a workspace its checked packages without the root, else the
 * working directory. Reasons are left out when the list would be larger than {@link LARGEST_OUTPUT}.
 */
export function affectedPackages(plan: Plan, affected: Affected | undefined): readonly AffectedPackage[] {
  const checked = plan.packages.filter(({ checked: isChecked }) => isChecked);
  const members = checked.filter(({ directory }) => directory !== plan.root);
  const candidates = members.length > 0 ? members : checked;
  const reasonOf = (directory: string) =>
    affected === undefined ? 'everything counts' : affected.packages.get(directory);
  const found = candidates.flatMap(({ directory, name }) => {
    const reason = reasonOf(directory);
    return reason === undefined ? [] : [{ directory, name, reason }];
  });
  if (Buffer.byteLength(JSON.stringify(found)) <= LARGEST_OUTPUT) return found;
  return found.map((one) => ({ ...one, reason: '' }));
}

/** Whether the change affects neither the project of the working directory nor anything that it depends on. */
export function hasNothingToDo(plan: Plan, affected: Affected | undefined): boolean {
  if (affected === undefined) return false;
  return !plan.packages.some(({ directory, checked }) => checked && affected.packages.has(directory));
}

/** What was compared and what that affects, one line each. */
export function affectedDecisions(base: ChangeBase | undefined, { plan, affected }: ChangePlan): readonly Decision[] {
  if (base === undefined) return [];
  if (base.kind === 'everything' || affected === undefined) {
    const reason = base.kind === 'everything' ? base.reason : 'there are no npm packages';
    return [{ subject: 'affected', decision: 'everything', reason }];
  }
  const compared = { subject: 'compared with', decision: base.commit.slice(0, 12), reason: base.what };
  if (affected.everything !== undefined)
    return [compared, { subject: 'affected', decision: 'everything', reason: affected.everything }];
  const planned = new Set(plan.packages.filter(({ checked }) => checked).map(({ directory }) => directory));
  const lines = [...affected.packages].flatMap(([directory, reason]) =>
    planned.has(directory) ? [{ subject: 'affected', decision: named(directory), reason }] : [],
  );
  if (lines.length === 0) return [compared, { subject: 'affected', decision: 'nothing', reason: 'no package changed' }];
  const rest = lines.length - MOST_LINES;
  const more = rest > 0 ? [{ subject: 'affected', decision: `${rest} more packages`, reason: '' }] : [];
  return [compared, ...lines.slice(0, MOST_LINES), ...more];
}

/** What is not run because the change does not affect it, one line a kind. */
export function notAffectedEntries(tasks: readonly PlannedTask[]): readonly NotChecked[] {
  return TASK_KINDS.flatMap((kind) => {
    const folders = tasks.filter((task) => task.kind === kind).map(({ directory }) => directory);
    if (folders.length === 0) return [];
    return [{ subject: `${kind} in ${namedList([...new Set(folders)].sort())}`, reason: 'not affected by the change' }];
  });
}
