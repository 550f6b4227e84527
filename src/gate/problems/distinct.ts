/** One problem told twice is one problem: by a tool's text and its own workflow command, by a build and a typecheck. */
import { unknownTool } from './github-command.ts';
import type { Problem } from './problem.ts';

/** Reports of one line that are compared: beyond it a report counts as new, so hostile output costs no square of time. */
const mostCompared = 60;

/** The same problems without repetitions, in the order given; what only the later report of two knows is added. */
export function distinct(problems: readonly Problem[]): Problem[] {
  const byPlace = new Map<string, Problem[]>();
  const exact = new Map<string, Problem>();
  const kept: Problem[] = [];
  function remember(place: string, problem: Problem): void {
    const others = byPlace.get(place);
    if (others === undefined) byPlace.set(place, [problem]);
    else if (others.length < mostCompared) others.push(problem);
  }
  for (const problem of problems) {
    const key = JSON.stringify([problem.file, problem.line, problem.rule, problem.message]);
    const same = exact.get(key) ?? candidates(problem, byPlace).find((other) => isSame(other, problem));
    if (same !== undefined) {
      complete(same, problem);
      continue;
    }
    const own = { ...problem };
    exact.set(key, own);
    remember(placeOf(own), own);
    remember(own.file, own);
    kept.push(own);
  }
  return kept;
}

function placeOf(problem: Problem): string {
  return `${problem.file}\n${problem.line ?? 0}`;
}

/** What is known of the same line and of the file as a whole; of a problem without a line, all of its file. */
function candidates(problem: Problem, byPlace: ReadonlyMap<string, readonly Problem[]>): readonly Problem[] {
  if (problem.line === undefined) return byPlace.get(problem.file) ?? [];
  return [...(byPlace.get(placeOf(problem)) ?? []), ...(byPlace.get(`${problem.file}\n0`) ?? [])];
}

function isSame(one: Problem, other: Problem): boolean {
  const sameLine = one.line === other.line;
  if (!sameLine && one.line !== undefined && other.line !== undefined) return false;
  if (!isSameTool(one, other) || differ(one.rule, other.rule) || (sameLine && differ(one.column, other.column)))
    return false;
  // Two tests can fail on one line of a function that both call.
  if (sameLine && one.kind === 'test' && other.kind === 'test' && firstLine(one) !== firstLine(other)) return false;
  return normal(one.message).includes(gist(other)) || normal(other.message).includes(gist(one));
}

function differ<T>(one: T | undefined, other: T | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}

/** A compiler's error comes from the typecheck and from the build; a command may not tell whose it is. */
function isSameTool(one: Problem, other: Problem): boolean {
  if (one.tool === other.tool || one.tool === unknownTool || other.tool === unknownTool) return true;
  return one.kind === 'compile' && other.kind === 'compile';
}

/** What the error says: the second line where the first is a test's name. */
function gist(problem: Problem): string {
  const lines = problem.message.split('\n');
  return normal((problem.kind === 'test' ? lines[1] : undefined) ?? lines[0] ?? '');
}

function firstLine(problem: Problem): string {
  return normal(problem.message.split('\n', 1)[0] ?? '');
}

function normal(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function complete(kept: Problem, other: Problem): void {
  if (kept.tool === unknownTool && other.tool !== unknownTool) {
    kept.tool = other.tool;
    kept.kind = other.kind;
    kept.message = other.message;
  }
  if (other.severity === 'error') kept.severity = 'error';
  if (kept.line === undefined && other.line !== undefined) kept.line = other.line;
  if (kept.line !== other.line) return;
  if (kept.column === undefined && other.column !== undefined) kept.column = other.column;
  if (kept.rule === undefined && other.rule !== undefined) kept.rule = other.rule;
  if (kept.endLine !== undefined || other.endLine === undefined) return;
  kept.endLine = other.endLine;
  if (other.endColumn !== undefined) kept.endColumn = other.endColumn;
}
