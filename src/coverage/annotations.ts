import type { Log } from '../runtime/log.ts';
import type { Comparison } from './compare.ts';
import type { Patch, Range } from './patch.ts';
import { grouped } from './percent.ts';

/** GitHub keeps ten annotations of each level a step. */
const MOST = 10;

interface Placed extends Range {
  readonly file: string;
}

/**
 * Puts the uncovered lines of the change on their places: a warning for each range, the largest first. Lines that did
 * not change and are not covered any more are notices. What has no room is counted in the log.
 */
export function annotateLines(patch: Patch | undefined, comparison: Comparison | undefined, log: Log): void {
  const changed = (patch?.files ?? []).flatMap(({ path, uncovered }) =>
    uncovered.map((range) => ({ ...range, file: path })),
  );
  const lost = (comparison?.worse ?? []).flatMap(({ path, lost: ranges }) =>
    ranges.map((range) => ({ ...range, file: path })),
  );
  annotate(changed, 'warning', changedMessage, log);
  annotate(lost, 'notice', lostMessage, log);
}

function annotate(
  ranges: readonly Placed[],
  level: 'warning' | 'notice',
  say: (lines: number) => string,
  log: Log,
): void {
  const sorted = [...ranges].sort(
    (left, right) => right.lines - left.lines || compare(left.file, right.file) || left.first - right.first,
  );
  for (const { file, first, last, lines } of sorted.slice(0, MOST)) {
    log.annotate(level, say(lines), { file, line: first, endLine: last, title: 'coverage' });
  }
  const rest = sorted.slice(MOST);
  if (rest.length === 0) return;
  const places = rest.map(({ file, first, last }) => `${file}:${first === last ? first : `${first}-${last}`}`);
  const title = `${grouped(rest.length)} more places without an annotation: GitHub shows ${MOST} a step`;
  log.group(title, [`${places.slice(0, 1_000).join('\n')}\n`]);
}

function changedMessage(lines: number): string {
  return lines === 1 ? 'No test runs this changed line.' : `No test runs these ${lines} changed lines.`;
}

function lostMessage(lines: number): string {
  const what = lines === 1 ? 'This line was' : `These ${lines} lines were`;
  return `${what} covered on the base and ${lines === 1 ? 'is' : 'are'} not any more.`;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
