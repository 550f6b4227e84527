import type { Log } from '../runtime/log.ts';
import type { Comparison } from './compare.ts';
import type { PartialLine } from './partial.ts';
import type { Patch, Range } from './patch.ts';
import { grouped } from './percent.ts';

/** GitHub keeps ten annotations of each level a step. */
const MOST = 10;

interface Place {
  readonly file: string;
  readonly first: number;
  readonly last: number;
  /** Lines that are not run at all. */
  readonly lines: number;
  readonly message: string;
}

/**
 * Puts what the change leaves uncovered on its places: a warning for each range of lines that no test runs, the largest
 * first, then for each line of which a test runs a part. What did not change and is not covered any more is a notice.
 * What has no room is counted in the log.
 */
export function annotateLines(patch: Patch | undefined, comparison: Comparison | undefined, log: Log): void {
  const changed = (patch?.files ?? []).flatMap(({ path, uncovered, partial }) => [
    ...uncovered.map((range) => placeOf(path, range, changedMessage(range.lines))),
    ...partial.map((line) => partOf(path, line, (missed) => `${missed} of this changed line`)),
  ]);
  const lost = (comparison?.worse ?? []).flatMap(({ path, lost: ranges, weakened }) => [
    ...ranges.map((range) => placeOf(path, range, lostMessage(range.lines))),
    ...weakened.map((line) => partOf(path, line, (missed) => `More was covered on the base: ${missed} of this line`)),
  ]);
  annotate(changed, 'warning', log);
  annotate(lost, 'notice', log);
}

function placeOf(file: string, { first, last, lines }: Range, message: string): Place {
  return { file, first, last, lines, message };
}

/** @param say the start of the sentence, from `1 of 2 branches` */
function partOf(file: string, { line, part, covered, total }: PartialLine, say: (missed: string) => string): Place {
  const missed = total - covered;
  const plural = part === 'branch' ? 'branches' : `${part}s`;
  const count = `${grouped(missed)} of ${grouped(total)} ${total === 1 ? part : plural}`;
  const message = `${say(count)} ${missed === 1 ? 'is' : 'are'} not covered.`;
  return { file, first: line, last: line, lines: 0, message };
}

function annotate(places: readonly Place[], level: 'warning' | 'notice', log: Log): void {
  const sorted = [...places].sort(
    (left, right) => right.lines - left.lines || compare(left.file, right.file) || left.first - right.first,
  );
  for (const { file, first, last, message } of sorted.slice(0, MOST)) {
    log.annotate(level, message, { file, line: first, endLine: last, title: 'coverage' });
  }
  const rest = sorted.slice(MOST);
  if (rest.length === 0) return;
  const named = rest.map(({ file, first, last }) => `${file}:${first === last ? first : `${first}-${last}`}`);
  const title = `${grouped(rest.length)} more places without an annotation: GitHub shows ${MOST} a step`;
  log.group(title, [`${named.slice(0, 1_000).join('\n')}\n`]);
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
