import { displayCommand } from './command-line.ts';
import type { TaskConclusion, TaskResult } from './task.ts';

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
  readonly problems?: readonly ReportedProblem[];
}

/** The output `results`. `omitted` counts tasks that had no room; they are the ones that passed. */
export interface GateResults {
  readonly tasks: readonly ReportedTask[];
  readonly omitted?: number;
}

/** The results of all tasks, shortened step by step until they fit: fewer problems, no commands, only what failed. */
export function reportedResults(results: readonly TaskResult[]): GateResults {
  const attempts: (() => GateResults)[] = [
    () => ({ tasks: results.map((result) => reported(result, 3, true)) }),
    () => ({ tasks: results.map((result) => reported(result, 1, true)) }),
    () => ({ tasks: results.map((result) => reported(result, 1, false)) }),
  ];
  for (const attempt of attempts) {
    const value = attempt();
    if (Buffer.byteLength(JSON.stringify(value)) <= LIMIT) return value;
  }
  const failed = results.filter(({ result }) => result !== 'passed').map((result) => reported(result, 1, false));
  const kept: ReportedTask[] = [];
  let size = 64;
  for (const task of failed) {
    size += Buffer.byteLength(JSON.stringify(task)) + 1;
    if (size > LIMIT) break;
    kept.push(task);
  }
  return { tasks: kept, omitted: results.length - kept.length };
}

function reported(
  { task, result, duration, reason, problems }: TaskResult,
  most: number,
  withCommand: boolean,
): ReportedTask {
  const { id, kind, directory } = task;
  return {
    id,
    kind,
    package: task.package,
    directory,
    ...(withCommand ? { command: displayCommand(task.command).slice(0, 300) } : {}),
    result,
    duration: Math.round(duration),
    ...(reason === undefined ? {} : { reason: reason.slice(0, 300) }),
    ...(problems.length === 0 ? {} : { problems: problems.slice(0, most).map(reportedProblem) }),
  };
}

function reportedProblem(problem: TaskResult['problems'][number]): ReportedProblem {
  const { file, line, message, tool, rule } = problem;
  return {
    file,
    ...(line === undefined ? {} : { line }),
    message: message.slice(0, 300),
    tool,
    ...(rule === undefined ? {} : { rule }),
  };
}
