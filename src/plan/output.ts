import type { Found, Plan } from './types.ts';

/** The plan as the output holds it: complete, or cut so that it fits. */
export interface PlanOutput extends Plan {
  /** How many entries were left out at the end of each list; all 0 for a complete plan. */
  readonly leftOut: {
    readonly packages: number;
    readonly tasks: number;
    readonly decisions: number;
    readonly notChecked: number;
    readonly found: number;
  };
}

/** Largest output in bytes: what fits into one environment variable of a later step (131,072 with its name). */
export const LARGEST_OUTPUT = 120_000;

/** Bytes of a cut plan for each list; what is left is for the tasks. */
const SHARES = { packages: 25_000, decisions: 20_000, notChecked: 8_000, found: 1_500 } as const;

/**
 * The plan for the output. A larger one than {@link LARGEST_OUTPUT} is cut: the lists end earlier, and `leftOut` says
 * by how much. The tasks that remain are complete in themselves: none needs one that was left out. (The gate plans for
 * itself and has all of them.)
 */
export function planOutput(plan: Plan): PlanOutput {
  const complete = { ...plan, leftOut: { packages: 0, tasks: 0, decisions: 0, notChecked: 0, found: 0 } };
  if (size(complete) <= LARGEST_OUTPUT) return complete;
  const found = cutFound(plan.found);
  const packages = fitting(plan.packages, SHARES.packages);
  const decisions = fitting(plan.decisions, SHARES.decisions);
  const notChecked = fitting(plan.notChecked, SHARES.notChecked);
  const rest = { ...plan, found, packages, decisions, notChecked, tasks: [] };
  const tasks = fitting(plan.tasks, LARGEST_OUTPUT - size(rest) - 200);
  const leftOut = {
    packages: plan.packages.length - packages.length,
    tasks: plan.tasks.length - tasks.length,
    decisions: plan.decisions.length - decisions.length,
    notChecked: plan.notChecked.length - notChecked.length,
    found: entries(plan.found) - entries(found),
  };
  return { ...rest, tasks, leftOut };
}

function size(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** The first entries of a list that take at most `budget` bytes. */
function fitting<T>(list: readonly T[], budget: number): readonly T[] {
  let left = budget;
  const end = list.findIndex((entry) => {
    left -= size(entry) + 1;
    return left < 0;
  });
  return end === -1 ? list : list.slice(0, end);
}

function cutFound(found: Found): Found {
  const cut = (list: readonly string[]) => fitting(list, SHARES.found);
  return {
    dockerfiles: cut(found.dockerfiles),
    composeFiles: cut(found.composeFiles),
    prismaSchemas: cut(found.prismaSchemas),
    firebase: cut(found.firebase),
    vercel: cut(found.vercel),
    playwright: cut(found.playwright),
    python: cut(found.python),
    other: found.other.map(({ language, files }) => ({ language, files: cut(files) })),
  };
}

function entries(found: Found): number {
  const { other, ...lists } = found;
  return [...Object.values(lists), ...other.map(({ files }) => files)].reduce((sum, list) => sum + list.length, 0);
}
