import { ProjectFailure } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import { typedCommand } from './command-line.ts';
import { mostImportant } from './problems/importance.ts';
import type { Problem } from './problems/problem.ts';
import type { TaskResult } from './task.ts';

/** GitHub keeps ten annotations of each level a step; one error is the verdict itself. */
const ERRORS = 9;
const WARNINGS = 10;
/** Failed tasks that the verdict names. */
const NAMED = 5;

/** Puts the most important problems on their lines. */
export function annotateProblems(results: readonly TaskResult[], log: Log): void {
  const problems = results.flatMap((result) =>
    result.problems.map((problem) => ({ ...problem, red: result.result !== 'passed' })),
  );
  // What a green task printed is at most a warning: its command decided that it is no error.
  const errors = problems.filter(({ red, severity }) => red && severity === 'error');
  const warnings = problems.filter(({ red, severity }) => !red || severity === 'warning');
  for (const problem of mostImportant(errors, ERRORS)) annotate(log, 'error', problem);
  for (const problem of mostImportant(warnings, WARNINGS)) annotate(log, 'warning', problem);
}

function annotate(log: Log, level: 'error' | 'warning', problem: Problem): void {
  const { file, line, column, endLine, endColumn, tool, rule, message } = problem;
  const place = { file, line, column, endLine, endColumn, title: rule === undefined ? tool : `${tool} ${rule}` };
  const given = Object.fromEntries(Object.entries(place).filter(([, value]) => value !== undefined));
  log.annotate(level, message, given);
}

/** The verdict when not every task passed, in one sentence that names what failed and where first. */
export function gateFailure(results: readonly TaskResult[]): ProjectFailure | undefined {
  const red = results.filter(({ result }) => result === 'failed' || result === 'timed-out');
  const notRun = results.filter(({ result }) => result === 'skipped' || result === 'cancelled');
  const [first] = red;
  if (first === undefined) {
    if (notRun.length === 0) return undefined;
    return new ProjectFailure({
      code: 'PIPE-GATE-012',
      what: `cancelled: ${notRun.map(({ task }) => task.id).join(', ')} did not end`,
      remedy: 'run it again',
      state: 'what was running was ended with everything it had started',
    });
  }
  const more = red.length > NAMED ? `, and ${red.length - NAMED} more` : '';
  const rest = notRun.length === 0 ? '' : ` (${notRun.length} not run)`;
  const onlySlow = red.every(({ result }) => result === 'timed-out');
  return new ProjectFailure({
    code: onlySlow ? 'PIPE-GATE-011' : 'PIPE-GATE-010',
    what: `${red.length} of ${results.length} tasks failed: ${red.slice(0, NAMED).map(cause).join('; ')}${more}${rest}`,
    remedy: `run \`${typedCommand(first.task)}\`${first.task.directory === '.' ? '' : ` in ${first.task.directory}`}: it is the same command`,
  });
}

function cause({ task, result, problems, reason }: TaskResult): string {
  const [first] = problems;
  if (first === undefined || result === 'timed-out') return `${task.id} (${reason ?? result})`;
  const place = first.line === undefined ? first.file : `${first.file}:${first.line}`;
  return `${task.id} (${place} ${first.message.split('\n', 1)[0]?.slice(0, 120) ?? ''})`;
}
