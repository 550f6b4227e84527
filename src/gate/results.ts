import type { TestCounts } from '../report/results.ts';
import { countByKind } from './affected-tasks.ts';
import { typedCommand } from './command-line.ts';
import type { GateTask, TaskConclusion, TaskResult } from './task.ts';

/** What the output `results` holds at most, in bytes: it travels to `report` with those of other jobs. */
const LIMIT = 32_768;

export interface ReportedProblem {
  readonly file: string;
  readonly line?: number;
  readonly message: string;
  readonly tool: string;
  readonly rule?: string;
}

export interface ReportedTask {
  readonly id: string;
  readonly kind: string;
  readonly package: string;
  readonly directory: string;
  readonly command?: string;
  readonly result: TaskConclusion;
  /** Milliseconds. */
  readonly duration: number;
  readonly reason?: string;
  /** When it passed, where it was not run again, and the page of that run; empty outside of GitHub. */
  readonly reused?: { readonly at: string; readonly run?: string };
  /** On how many machines its tests ran, and how many test files there are, where they were divided. */
  readonly shards?: number;
  readonly files?: number;
  readonly tests?: TestCounts;
  readonly problems?: readonly ReportedProblem[];
}

/** The output `results`. */
export interface GateResults {
  readonly tasks: readonly ReportedTask[];
  /** Ids of planned tasks that the caller switched off. */
  readonly off?: readonly string[];
  /** How many tasks of each kind were not run because the change does not affect their packages. */
  readonly notAffected?: Readonly<Record<string, number>>;
  /** How many tasks had no room, red ones last. */
  readonly omitted?: number;
  /** How many of those left out passed, by kind. */
  readonly passed?: Readonly<Record<string, number>>;
}

/**
 * The results of all tasks, shortened step by step until they fit: fewer problems, no commands, and at last only what
 * did not pass, with the passed ones counted by kind.
 *
 * @param off ids of tasks that were switched off
 * @param left tasks that were not run because the change does not affect them
 */
export function reportedResults(
  results: readonly TaskResult[],
  off: readonly string[] = [],
  left: readonly GateTask[] = [],
): GateResults {
  const counts = [...countByKind(left)].slice(0, 100);
  const common = {
    ...(off.length === 0 ? {} : { off: off.slice(0, 200).map((id) => id.slice(0, 100)) }),
    ...(counts.length === 0 ? {} : { notAffected: Object.fromEntries(counts) }),
  };
  for (const [most, withCommand] of [
    [3, true],
    [1, true],
    [1, false],
  ] as const) {
    const value = { tasks: results.map((result) => reported(result, most, withCommand)), ...common };
    if (sizeOf(value) <= LIMIT) return value;
  }
  return onlyRed(results, common);
}

/** The results of all tasks without a limit, for what is no output. */
export function allResults(results: readonly TaskResult[]): GateResults {
  return { tasks: results.map((result) => reported(result, 3, true)) };
}

function onlyRed(results: readonly TaskResult[], common: Pick<GateResults, 'off' | 'notAffected'>): GateResults {
  const passed: Record<string, number> = {};
  for (const { task, result } of results) if (result === 'passed') passed[task.kind] = (passed[task.kind] ?? 0) + 1;
  const kinds = Object.entries(passed).slice(0, 250);
  const rest = { ...common, passed: Object.fromEntries(kinds) };
  const tasks: ReportedTask[] = [];
  let room = LIMIT - sizeOf(rest) - 64;
  for (const result of results.filter((candidate) => candidate.result !== 'passed')) {
    const task = reported(result, 1, false);
    room -= sizeOf(task) + 1;
    if (room < 0) break;
    tasks.push(task);
  }
  return { tasks, omitted: results.length - tasks.length, ...rest };
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function reported(
  { task, result, duration, reason, reused, divided, problems }: TaskResult,
  most: number,
  withCommand: boolean,
): ReportedTask {
  const { id, kind, directory } = task;
  return {
    id,
    kind,
    package: task.package,
    directory,
    ...(withCommand ? { command: typedCommand(task).slice(0, 300) } : {}),
    result,
    duration: Math.round(duration),
    ...(reason === undefined ? {} : { reason: reason.slice(0, 300) }),
    ...(reused === undefined ? {} : { reused: { at: reused.at, ...(reused.run === '' ? {} : { run: reused.run }) } }),
    ...(divided === undefined ? {} : { shards: divided.shards, files: divided.files }),
    ...(divided?.tests === undefined ? {} : { tests: divided.tests }),
    ...(problems.length === 0 ? {} : { problems: problems.slice(0, most).map(reportedProblem) }),
  };
}

function reportedProblem(problem: TaskResult['problems'][number]): ReportedProblem {
  const { file, line, message, tool, rule } = problem;
  return {
    file: file.slice(0, 1_000),
    ...(line === undefined ? {} : { line }),
    message: message.slice(0, 300),
    tool,
    ...(rule === undefined ? {} : { rule: rule.slice(0, 200) }),
  };
}
