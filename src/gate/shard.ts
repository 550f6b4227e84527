import { mkdir, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { inBatches } from '../plan/batches.ts';
import type { ActionContext } from '../runtime/action.ts';
import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError } from '../runtime/errors.ts';
import { readTextFile } from '../runtime/files.ts';
import { divide, isWorthDividing, type Shard, type Work } from '../shard/divide.ts';
import { divisionKey, PART_FILE, type Piece, partText } from '../shard/part.ts';
import { listTests, readRecord, shardCommand } from '../shard/runners/runners.ts';
import { readTimes, type Times } from '../shard/times.ts';
import { allResults } from './results.ts';
import { taskEnvironment } from './run-task.ts';
import type { GateTask, TaskResult } from './task.ts';

/** Longest time for a runner to list its files, in milliseconds. */
const LIST_TIMEOUT = 120_000;

export interface ShardOptions extends Pick<ActionContext, 'workspace' | 'signal' | 'log'> {
  /** Attempt of the run, from 1. */
  readonly attempt: number;
  /** What the tasks run in. */
  readonly environment: Environment;
  /** Folder that is made for the part. */
  readonly folder: string;
  /** Folder for what is of no use afterwards; it exists. */
  readonly temp: string;
}

/** The work of one machine. */
export interface ShardWork {
  /** What it runs: its own tasks and pieces, and what they need. */
  readonly tasks: readonly GateTask[];
  /** Ids of the tasks of which only a piece runs here. */
  readonly divided: ReadonlySet<string>;
  /** Why a divided task can't run: its test files are others since what it needs has run. */
  readonly hindrance: (task: GateTask) => Promise<string | undefined>;
  /** Writes the part. @returns its folder */
  readonly leave: (ended: readonly TaskResult[]) => Promise<string>;
}

/**
 * One of several machines that run the tasks together: which is its own, by the recorded times. Every machine computes
 * the same division from the same files.
 *
 * @param given the input `shard`, `2/3`
 * @param times the input `times`, empty where nothing is recorded
 * @throws ConfigurationError PIPE-GATE-015 for a shard beyond the number of shards
 */
export async function shardWork(
  given: string,
  times: string,
  tasks: readonly GateTask[],
  options: ShardOptions,
): Promise<ShardWork> {
  const { workspace, folder, log, attempt } = options;
  const [shard = 0, of = 0] = given.split('/').map(Number);
  if (shard > of) throw beyond(given);
  const known = times === '' ? new Map() : readTimes(times);
  if (typeof known === 'string') log.annotate('notice', `The recorded times can’t be used: ${known}.`);
  const recorded: Times = typeof known === 'string' ? new Map() : known;
  const work = await workOf(tasks, recorded, of, options);
  const shards = divide(work, recorded, of);
  const own = shards[shard - 1];
  if (own === undefined) throw beyond(given);
  const listed = new Map(work.map(({ task, units }) => [task, units?.flat().length]));
  const pieces = new Map<string, Running>();
  for (const [index, task] of tasks.entries()) {
    if (!own.pieces.has(task.id)) continue;
    pieces.set(task.id, await pieceOf(task, index, own.pieces.get(task.id), listed.get(task.id) ?? 0, options));
  }
  say(shard, of, own, pieces, log);
  return {
    tasks: withNeeds(tasks, pieces),
    divided: new Set([...pieces.values()].flatMap(({ task, files }) => (files === undefined ? [] : [task.id]))),
    hindrance: async (task) => {
      const units = work.find((one) => one.task === task.id)?.units;
      if (units === undefined || task.needs.length === 0) return undefined;
      const now = await unitsOf(task, options);
      if (typeof now !== 'string' && JSON.stringify(now) === JSON.stringify(units)) return undefined;
      return 'it has other test files since what it needs has run, which nobody was given: name its command in `tasks`, then it is not divided';
    },
    leave: async (ended) => {
      const read = await Promise.all([...pieces.values()].map((piece) => left(piece, ended, workspace)));
      const results = allResults(ended);
      const part = { shard, of, attempt, division: divisionKey(shards), pieces: new Map(read), results };
      // Whatever the project has made of it meanwhile.
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, PART_FILE), partText(part));
      return folder;
    },
  };
}

/** A task or a piece of it that this machine runs. */
interface Running {
  readonly task: GateTask;
  /** Undefined for a task that runs whole. */
  readonly files: { readonly own: number; readonly all: number } | undefined;
  /** Where the runner records the time of each file. */
  readonly record: string;
}

/** Every task, with the test files of those that are worth to be divided. */
async function workOf(
  tasks: readonly GateTask[],
  times: Times,
  shards: number,
  options: ShardOptions,
): Promise<readonly Work[]> {
  const all = tasks.map(({ id }) => id);
  const divisible = tasks.flatMap(({ id, runner }) => (runner === undefined ? [] : [id]));
  const one = async (task: GateTask): Promise<Work> => {
    const isWorth = task.runner !== undefined && isWorthDividing(task.id, { all, divisible, times, shards });
    const units = isWorth ? await unitsOf(task, options) : undefined;
    if (typeof units !== 'string') return { task: task.id, units };
    options.log.info(`${task.id} is not divided: ${units}`);
    return { task: task.id, units: undefined };
  };
  return inBatches(tasks, one, availableParallelism());
}

/** The test files of a task as its runner lists them, or why they can't be divided. */
async function unitsOf(task: GateTask, options: ShardOptions): Promise<readonly (readonly string[])[] | string> {
  const { runner } = task;
  if (runner === undefined) return 'it has no runner that lists files';
  const setting = await scriptSetting(task, options);
  if (setting !== undefined) return `the setting ${setting} of .npmrc holds for scripts only`;
  const listing = await listTests(runner, { ...surroundings(task, options), timeout: LIST_TIMEOUT });
  return listing.kind === 'files' ? listing.units : listing.reason;
}

/** A setting with which a package manager runs scripts otherwise than what they start. */
async function scriptSetting({ directory }: GateTask, { workspace }: ShardOptions): Promise<string | undefined> {
  for (const folder of new Set([directory, '.'])) {
    const text = await readTextFile(join(workspace, folder, '.npmrc'), undefined, workspace);
    const found = /^\s*(node-options|script-shell)\s*=/m.exec(text ?? '')?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

function surroundings(task: GateTask, { workspace, environment, temp, signal }: ShardOptions) {
  const place = resolve(workspace, task.directory);
  const own = { ...task.environment, ...scriptPlace(task, place), ...task.runner?.environment };
  const path = task.runner?.path ?? task.path;
  return {
    workspace,
    directory: place,
    environment: taskEnvironment({ path, environment: own }, workspace, environment),
    temp,
    signal,
  };
}

/** What package managers tell a script of where it is. */
function scriptPlace({ runner }: GateTask, directory: string): Readonly<Record<string, string>> {
  if (runner?.environment['npm_lifecycle_event'] === undefined) return {};
  return { INIT_CWD: directory, npm_package_json: join(directory, 'package.json') };
}

async function pieceOf(
  task: GateTask,
  index: number,
  files: readonly string[] | undefined,
  all: number,
  options: ShardOptions,
): Promise<Running> {
  const { runner } = task;
  if (files === undefined || runner === undefined) return { task, files: undefined, record: '' };
  const record = join(options.temp, `pipelines-times-${index}.json`);
  const { command, environment } = await shardCommand(runner, files, { ...surroundings(task, options), record });
  const piece = {
    ...task,
    command,
    typed: task.typed ?? task.command,
    path: runner.path,
    environment: {
      ...task.environment,
      ...scriptPlace(task, resolve(options.workspace, task.directory)),
      ...environment,
    },
  };
  return { task: piece, files: { own: files.length, all }, record };
}

/** The tasks of this machine in their order, and of the others those that they need. */
function withNeeds(tasks: readonly GateTask[], pieces: ReadonlyMap<string, Running>): readonly GateTask[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const wanted = new Set<string>();
  const open = [...pieces.keys()];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (wanted.has(id)) continue;
    wanted.add(id);
    open.push(...(byId.get(id)?.needs ?? []));
  }
  return tasks.flatMap((task) => (wanted.has(task.id) ? [pieces.get(task.id)?.task ?? task] : []));
}

function say(
  shard: number,
  of: number,
  { pieces }: Shard,
  running: ReadonlyMap<string, Running>,
  log: ShardOptions['log'],
) {
  const whole = [...pieces].filter(([, files]) => files === undefined).map(([id]) => id);
  log.info(`shard ${shard} of ${of}${pieces.size === 0 ? ': nothing is left for it' : ''}`);
  if (whole.length > 0) log.info(`runs ${whole.join(', ')}`);
  for (const [id, files] of pieces) {
    if (files !== undefined)
      log.group(`runs ${files.length} of ${running.get(id)?.files?.all ?? 0} files of ${id}`, [files.join('\n')]);
  }
}

/** What became of a piece. */
async function left(
  { task, files, record }: Running,
  ended: readonly TaskResult[],
  workspace: string,
): Promise<readonly [string, Piece]> {
  const result = ended.find((one) => one.task.id === task.id);
  const hasRun = result !== undefined && result.result !== 'skipped' && result.result !== 'cancelled';
  const directory = resolve(workspace, task.directory);
  const found =
    task.runner === undefined || record === '' || !hasRun
      ? undefined
      : await readRecord(task.runner, record, { workspace, directory });
  return [task.id, { files, tests: found?.tests, times: found?.times ?? new Map() }];
}

function beyond(given: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-GATE-015',
    what: 'there is no such shard',
    given,
    accepted: 'number and count as `<number>/<count>`, the number from 1 to the count',
    example: '`shard: ${{ matrix.shard }}`, from the output `shards` of the action `plan`',
    state: 'no task was run',
  });
}
