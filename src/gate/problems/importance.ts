/** Which problems are shown where only a few can be: GitHub keeps ten annotations of each level from a step. */
import { distinct } from './distinct.ts';
import type { Kind, Problem } from './problem.ts';

const ranks: Readonly<Record<Kind, number>> = { compile: 0, test: 1, lint: 2, format: 3 };

/**
 * The `limit` most important problems, also of several tasks together (repetitions between them are taken out):
 * errors before warnings; compile errors, failed tests, lint, format; then by file and line, otherwise as given.
 */
export function mostImportant(problems: readonly Problem[], limit: number): Problem[] {
  return distinct(problems).sort(compare).slice(0, Math.max(0, limit));
}

function compare(one: Problem, other: Problem): number {
  return (
    levelOf(one) - levelOf(other) ||
    ranks[one.kind] - ranks[other.kind] ||
    compareText(one.file, other.file) ||
    (one.line ?? 0) - (other.line ?? 0) ||
    (one.column ?? 0) - (other.column ?? 0)
  );
}

function levelOf(problem: Problem): number {
  return problem.severity === 'error' ? 0 : 1;
}

/** By code units: the same order on every machine. */
function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
