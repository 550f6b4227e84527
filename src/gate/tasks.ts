import { relative, sep } from 'node:path';
import type { PlannedTask } from '../plan/plan.ts';
import { either, list, record, shape } from '../runtime/collections.ts';
import { ConfigurationError, type Fault, nearest, shown } from '../runtime/errors.ts';
import { duration, enumeration, string, type ValueOf, workspacePath } from '../runtime/kinds.ts';
import { parseCommandLine } from './command-line.ts';
import type { GateTask } from './task.ts';

const COMMAND = 'a command line without shell syntax';

/** One entry of the input `tasks`: off, a command, or more about the task. */
const taskKind = either(
  [
    enumeration(['off', 'false']),
    string({ example: 'npm run lint', accepted: COMMAND, limit: 4_096 }),
    shape(
      {
        run: string({ example: 'npm run e2e', accepted: COMMAND, limit: 4_096 }),
        needs: list(string({ example: 'build' }), { example: '[build]', max: 100 }),
        timeout: duration({ min: 1_000, max: 21_600_000, example: '10m' }),
        directory: workspacePath({ example: 'apps/web' }),
      },
      { example: '{run: npm run e2e, needs: [build], timeout: 10m}' },
    ),
  ],
  { example: 'npm run lint' },
);

/** The input `tasks`. */
export const tasksKind = record(taskKind, {
  example: 'lint: off\ntest: npm run test:ci\ne2e: {run: npm run e2e, needs: [build]}',
  accepted: 'a YAML map from task to `off`, to a command line, or to a map of `run`, `needs`, `timeout`, `directory`',
  names: /^[A-Za-z0-9@._/-]{1,200}(:[A-Za-z0-9._-]{1,60})?$/,
  max: 200,
});

type Wish = ValueOf<typeof taskKind>;

export interface TaskOptions {
  readonly workspace: string;
  /** Absolute folder in which added tasks run. */
  readonly workingDirectory: string;
  /** Milliseconds. */
  readonly timeout: number;
}

/**
 * The plan's tasks as the caller wants them. A key of `tasks` is a task (`packages/api:lint`), a kind (`lint`: every
 * task of it), or, with `run`, a new one. What needed a replaced task needs its replacement; what needed one that is
 * off waits for what that one waited for.
 *
 * @throws ConfigurationError PIPE-GATE-001 for a key that is neither a task nor has `run`, PIPE-GATE-002 for a command
 */
export function selectTasks(
  planned: readonly PlannedTask[],
  wishes: ReadonlyMap<string, Wish> | undefined,
  options: TaskOptions,
): readonly GateTask[] {
  const faults: Fault[] = [];
  let tasks: GateTask[] = planned.map((task) => ({ ...task, timeout: options.timeout }));
  for (const [key, wish] of wishes ?? []) {
    const matches = tasks.filter((task) => task.id === key || task.kind === key);
    tasks = apply(tasks, matches, key, wish, options, faults);
  }
  if (faults.length > 0) throw new ConfigurationError(faults);
  return tasks;
}

/** Ids of planned tasks of which, nor of their kind, nothing is left: the caller switched them off. */
export function switchedOff(planned: readonly PlannedTask[], tasks: readonly GateTask[]): readonly string[] {
  const left = new Set(tasks.flatMap(({ id, kind }) => [id, kind]));
  const replaced = new Set(tasks.filter(({ id, kind }) => id === kind).map(({ kind }) => kind));
  return planned.filter(({ id, kind }) => !left.has(id) && !replaced.has(kind)).map(({ id }) => id);
}

function apply(
  tasks: GateTask[],
  matches: readonly GateTask[],
  key: string,
  wish: Wish,
  options: TaskOptions,
  faults: Fault[],
): GateTask[] {
  const isOff = wish === 'off' || wish === 'false';
  const { run, ...change }: Change = typeof wish === 'string' ? (isOff ? {} : { run: wish }) : wish;
  if (run === undefined) {
    if (matches.length === 0) faults.push(unknownTask(key, tasks));
    if (isOff) return matches.reduce(without, tasks);
    return tasks.map((task) => (matches.includes(task) ? changed(task, change, options) : task));
  }
  const parsed = parseCommandLine(run);
  if ('problem' in parsed) {
    faults.push(badCommand(key, run, parsed.problem));
    return tasks;
  }
  return withCommand(tasks, matches, key, parsed.argv, change, options);
}

interface Change {
  readonly run?: string;
  readonly needs?: readonly string[];
  readonly timeout?: number;
  readonly directory?: string;
}

function changed(task: GateTask, { needs, timeout, directory }: Change, options: TaskOptions): GateTask {
  return {
    ...task,
    needs: needs ?? task.needs,
    timeout: timeout ?? task.timeout,
    ...(directory === undefined ? {} : { directory: fromRoot(directory, options) }),
  };
}

/** A new task, or a new command for the tasks that match; one command stands for all of a kind. */
function withCommand(
  tasks: GateTask[],
  matches: readonly GateTask[],
  key: string,
  command: GateTask['command'],
  change: Change,
  options: TaskOptions,
): GateTask[] {
  const directory = fromRoot(options.workingDirectory, options);
  const [first, ...others] = matches;
  if (first === undefined) {
    const added = { id: key, kind: key, package: '', directory, command, path: [], environment: {}, needs: [] };
    return [...tasks, changed({ ...added, path: binFolders(directory), timeout: options.timeout }, change, options)];
  }
  const ids = new Set(matches.map(({ id }) => id));
  const needs = [...new Set(matches.flatMap((task) => task.needs))].filter((id) => !ids.has(id));
  const place = others.length === 0 ? {} : { id: key, package: '', directory, path: binFolders(directory) };
  const own = { path: binFolders(first.directory), environment: {}, command, needs };
  // What the caller runs instead is not the plan's runner any more.
  const { runner: _, ...rest } = first;
  const replacement = changed({ ...rest, ...own, ...place }, change, options);
  const renamed = matches.reduce((all, task) => rename(all, task.id, replacement.id), tasks);
  return renamed.map((task) => (task.id === replacement.id ? replacement : task)).filter(firstOfItsName);
}

/** Where programs are installed that a command in this folder may mean, as `npm run` looks for them. */
function binFolders(directory: string): string[] {
  const names = directory === '.' ? [] : directory.split('/');
  const folders = names.map((_, index) => names.slice(0, names.length - index).join('/'));
  return [...folders.map((folder) => `${folder}/node_modules/.bin`), 'node_modules/.bin'];
}

function fromRoot(directory: string, { workspace }: TaskOptions): string {
  return relative(workspace, directory).split(sep).join('/') || '.';
}

function without(tasks: GateTask[], gone: GateTask): GateTask[] {
  return tasks
    .filter((task) => task.id !== gone.id)
    .map((task) =>
      task.needs.includes(gone.id)
        ? { ...task, needs: [...new Set(task.needs.flatMap((id) => (id === gone.id ? gone.needs : [id])))] }
        : task,
    );
}

function rename(tasks: GateTask[], from: string, to: string): GateTask[] {
  return tasks.map((task) => ({
    ...task,
    id: task.id === from ? to : task.id,
    needs: [...new Set(task.needs.map((id) => (id === from ? to : id)))],
  }));
}

function firstOfItsName(task: GateTask, index: number, tasks: readonly GateTask[]): boolean {
  return tasks.findIndex(({ id }) => id === task.id) === index;
}

function unknownTask(key: string, tasks: readonly GateTask[]): Fault {
  const known = [...new Set([...tasks.map(({ kind }) => kind), ...tasks.map(({ id }) => id)])];
  const meant = nearest(key, known);
  return {
    code: 'PIPE-GATE-001',
    what: `\`tasks\` names a task that the plan does not have: ${shown(key)}`,
    given: shown(key),
    accepted: `${meant === undefined ? '' : `\`${meant}\` (nearest), or another of: `}${known.slice(0, 30).join(', ') || 'none, the plan is empty'}; a new task needs \`run\``,
    example: `\`tasks: {${/^[\w-]+$/.test(key) ? key : 'e2e'}: {run: npm run e2e}}\``,
    state: 'no task was run',
  };
}

function badCommand(key: string, run: string, problem: string): Fault {
  return {
    code: 'PIPE-GATE-002',
    what: `the command of the task \`${key}\` can't be run without a shell: ${problem}`,
    given: shown(run, 200),
    accepted: COMMAND,
    example: `\`tasks: {${/^[\w-]+$/.test(key) ? key : 'test'}: npm run test:ci}\``,
    state: 'no task was run',
  };
}
