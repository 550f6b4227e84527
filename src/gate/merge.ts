import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReportedTask } from '../report/results.ts';
import { type Fault, shown } from '../runtime/errors.ts';
import { readTextFile } from '../runtime/files.ts';
import { LARGEST_PART, PART_FILE, type Part, type Piece, readPart } from '../shard/part.ts';
import type { TaskTime, Times } from '../shard/times.ts';
import { parseCommandLine } from './command-line.ts';
import type { GateTask, TaskConclusion, TaskResult } from './task.ts';

/** What all machines together came to. */
export interface Merged {
  /** One for each task that was planned, in its order, and for each other one that a shard has run. */
  readonly results: readonly TaskResult[];
  /** Set where the parts are not the whole. */
  readonly incomplete: Fault | undefined;
  /** How long each took. */
  readonly times: Times;
}

/** Most folders that are looked into. */
const MOST_PARTS = 1_000;

/**
 * The results of all shards as if one machine had run everything. They are foreign: the jobs that left them ran project
 * code. Where a part is missing, or was made of another list of test files, nobody knows what was not run: that is red.
 *
 * @param folder absolute folder with one folder for each part
 * @param tasks what was planned
 * @param jobs how the jobs of the shards ended, as GitHub says; empty where nobody says
 */
export async function mergeParts(folder: string, tasks: readonly GateTask[], jobs = ''): Promise<Merged> {
  const { parts: all, faults } = await partsIn(folder);
  const parts = await newestOf(all);
  const problem = faults[0] ?? whatIsMissing(parts);
  const found = [...tasks, ...unplanned(tasks, parts)].map((task) => resultOf(task, parts, problem));
  const results = jobs === 'cancelled' ? found.map(asCancelled) : found;
  const whole = problem ?? whatWasNotGiven(tasks, parts) ?? whatJobsSay(jobs, results);
  const isCancelled =
    jobs === 'cancelled' && !results.some(isRed) && results.some(({ result }) => result === 'cancelled');
  const incomplete: Fault | undefined =
    whole === undefined || isCancelled
      ? undefined
      : {
          code: 'PIPE-GATE-016',
          what: `the shards do not make a whole: ${whole}`,
          accepted: 'one part of every shard, all of them made of the same list of test files',
          remedy:
            'the log of the job `test` of that number says how it ended; run the failed jobs again, or all jobs where lists differ',
          state: 'what the other shards found is shown; what is missing counts as not run',
        };
  return { results, incomplete, times: timesOf(tasks, parts) };
}

/** A part and the absolute folder that it was read from. */
interface Place extends Part {
  readonly folder: string;
}

/**
 * The parts of the last attempt of each shard. "Re-run failed jobs" leaves those of the attempts before beside them; they
 * are taken away, so that nobody after this reads their reports.
 */
async function newestOf(parts: readonly Place[]): Promise<readonly Place[]> {
  const last = new Map<number, number>();
  for (const { shard, attempt } of parts) last.set(shard, Math.max(attempt, last.get(shard) ?? 0));
  const isNewest = ({ shard, attempt }: Part) => last.get(shard) === attempt;
  for (const part of parts) if (!isNewest(part)) await rm(part.folder, { recursive: true });
  return parts.filter(isNewest);
}

async function partsIn(
  folder: string,
): Promise<{ readonly parts: readonly Place[]; readonly faults: readonly string[] }> {
  const parts: Place[] = [];
  const faults: string[] = [];
  const entries = (await isFolder(folder)) ? await readdir(folder) : [];
  for (const name of entries.sort().slice(0, MOST_PARTS)) {
    const inside = join(folder, name);
    if (!(await isFolder(inside))) continue;
    const text = await readTextFile(join(inside, PART_FILE), LARGEST_PART, inside);
    const part = text === undefined ? 'there is none' : readPart(text);
    if (typeof part === 'string') faults.push(`${PART_FILE} of ${shown(name, 100)} can’t be used (${part})`);
    else parts.push({ ...part, folder: inside });
  }
  return { parts, faults };
}

async function isFolder(path: string): Promise<boolean> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return found?.isDirectory() === true;
}

/** Why the parts are not all of one run over the same files; undefined when they are. */
function whatIsMissing(parts: readonly Part[]): string | undefined {
  const [first] = parts;
  if (first === undefined) return 'no shard has left its results';
  const other = parts.find(({ of, division }) => of !== first.of || division !== first.division);
  if (other !== undefined) {
    return `shard ${other.shard} of ${other.of} has seen other test files or times than shard ${first.shard} of ${first.of}`;
  }
  const there = new Set(parts.map(({ shard }) => shard));
  if (there.size < parts.length) return `there are ${parts.length} parts of ${there.size} shards`;
  const silent = parts.flatMap(unreported)[0];
  if (silent !== undefined) return silent;
  const numbers = Array.from({ length: first.of }, (_, index) => index + 1).filter((number) => !there.has(number));
  if (numbers.length === 0) return undefined;
  const names = numbers.slice(0, 10).join(', ');
  return `shard ${names} of ${first.of} ${numbers.length === 1 ? 'has' : 'have'} left no results`;
}

/** A piece that passed although its runner has told nothing of some of its files: they may not have been run. */
function unreported({ shard, of, pieces, results }: Part): readonly string[] {
  return [...pieces].flatMap(([id, { files, times }]) => {
    const hasPassed = results.tasks.some((task) => task.id === id && task.result === 'passed');
    const missing = (files?.own ?? 0) - times.size;
    if (!hasPassed || missing <= 0) return [];
    return [
      `shard ${shard} of ${of} was given ${files?.own} files of ${shown(id, 100)}, and its runner tells nothing of ${missing}`,
    ];
  });
}

/** Tasks that a shard has planned and this job has not: an install wrote a package, which only the shards have seen. */
function unplanned(tasks: readonly GateTask[], parts: readonly Part[]): readonly GateTask[] {
  const known = new Set(tasks.map(({ id }) => id));
  const others = parts.flatMap(({ results }) => results.tasks).filter(({ id }) => !known.has(id));
  return [...new Map(others.map((task) => [task.id, task])).values()].map((task) => {
    const { id, kind, directory, command = id } = task;
    const parsed = parseCommandLine(command);
    const argv = 'argv' in parsed ? parsed.argv : ([command] as const);
    const place = { package: task.package, directory, path: [], environment: {}, needs: [] };
    return { id, kind, command: argv, timeout: 0, ...place };
  });
}

function whatWasNotGiven(tasks: readonly GateTask[], parts: readonly Part[]): string | undefined {
  const lost = tasks.find(({ id }) => !parts.some(({ pieces }) => pieces.has(id)));
  return lost === undefined ? undefined : `no shard was given ${shown(lost.id, 100)}`;
}

/** A job that is not green has something to say that is in no part. */
function whatJobsSay(jobs: string, results: readonly TaskResult[]): string | undefined {
  if (jobs === '' || jobs === 'success' || results.some(isRed)) return undefined;
  return `every part is green, and of the jobs that left them one ended with ${jobs}`;
}

function isRed({ result }: TaskResult): boolean {
  return result === 'failed' || result === 'timed-out';
}

/** What nobody has run of a run that was cancelled. */
function asCancelled(result: TaskResult): TaskResult {
  return result.result === 'skipped' ? { ...result, result: 'cancelled', reason: 'the shards were cancelled' } : result;
}

interface Found {
  readonly shard: number;
  readonly task: ReportedTask;
  /** Undefined where the shard ran the task only because others need it. */
  readonly piece: Piece | undefined;
}

/** The worst first. */
const RANKS: readonly TaskConclusion[] = ['failed', 'timed-out', 'cancelled', 'skipped', 'passed'];

function resultOf(task: GateTask, parts: readonly Part[], problem: string | undefined): TaskResult {
  const all = parts.flatMap(({ shard, pieces, results }): Found[] => {
    const found = results.tasks.find(({ id }) => id === task.id);
    return found === undefined ? [] : [{ shard, task: found, piece: pieces.get(task.id) }];
  });
  const own = all.filter(({ piece }) => piece !== undefined);
  // What others need is red where it failed, whoever it was given to.
  const counted = all.filter(({ piece, task: { result } }) => piece !== undefined || result !== 'passed');
  const divided = dividedInto(own);
  const isWhole = own.length > 0 && (divided === undefined || divided.left === 0);
  const none = { task, start: 0, problems: [], tail: [] };
  if (!isWhole && !counted.some(({ task: { result } }) => result === 'failed' || result === 'timed-out')) {
    const reason = problem ?? 'no shard has reported it';
    return { ...none, result: own.length === 0 ? 'skipped' : 'cancelled', reason, duration: 0 };
  }
  const result = RANKS.find((rank) => counted.some((one) => one.task.result === rank)) ?? 'passed';
  const worst = counted.filter((one) => one.task.result === result);
  const [reused] = own.flatMap(({ task: { reused: before } }) => (before === undefined ? [] : [before]));
  const reasons = worst.flatMap(({ shard, task: { reason } }) =>
    reason === undefined ? [] : [divided === undefined ? reason : `shard ${shard}: ${reason}`],
  );
  return {
    ...none,
    result,
    duration: Math.max(...counted.map((one) => one.task.duration)),
    ...(reasons.length === 0 ? {} : { reason: [...new Set(reasons)].join('; ') }),
    ...(reused === undefined || divided !== undefined ? {} : { reused: { at: reused.at, run: reused.run ?? '' } }),
    ...(divided === undefined ? {} : { divided }),
    problems: counted
      .flatMap((one) => one.task.problems)
      .map(({ file, line, message, rule }) => ({
        ...{ tool: task.kind, kind: 'test', severity: 'error', file, message },
        ...(line === undefined ? {} : { line }),
        ...(rule === undefined ? {} : { rule }),
      })),
  };
}

/** How a task was divided, and how many of its files nobody has reported; undefined for one that ran whole. */
function dividedInto(own: readonly Found[]) {
  const pieces = own.flatMap(({ piece, task: { result } }) => {
    if (piece?.files === undefined) return [];
    // What passed has told of each of its files.
    const ran = result === 'passed' ? Math.min(piece.files.own, piece.times.size) : piece.files.own;
    return [{ ...piece, files: piece.files, ran }];
  });
  const [first] = pieces;
  if (first === undefined) return undefined;
  const counts = pieces.flatMap(({ tests }) => (tests === undefined ? [] : [tests]));
  const sum = (name: 'passed' | 'failed' | 'skipped') => counts.reduce((total, count) => total + count[name], 0);
  return {
    shards: pieces.length,
    files: first.files.all,
    left: first.files.all - pieces.reduce((total, { ran }) => total + ran, 0),
    // A count that one shard does not know is none.
    tests:
      counts.length < pieces.length
        ? undefined
        : { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') },
  };
}

/** What is recorded for the next run: of passed tasks only, what was ended early has no time. */
function timesOf(tasks: readonly GateTask[], parts: readonly Part[]): Times {
  const times = new Map<string, TaskTime>();
  for (const { id } of tasks) {
    const own = parts.flatMap(({ pieces, results }) => {
      const piece = pieces.get(id);
      const result = results.tasks.find((task) => task.id === id);
      return piece === undefined || result === undefined ? [] : [{ piece, result }];
    });
    if (own.length === 0 || !own.every(({ result }) => result.result === 'passed' && result.reused === undefined))
      continue;
    const files = new Map(own.flatMap(({ piece }) => [...piece.times]));
    times.set(id, { ms: own.reduce((sum, { result }) => sum + result.duration, 0), files, others: undefined });
  }
  return times;
}
