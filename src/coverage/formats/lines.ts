import { keepBytes, keepNumbers } from './slabs.ts';
import { longerBytes, longerNumbers } from './units.ts';

/** Lines of one file while it is read. */
export interface CollectedLines {
  lines: Uint32Array;
  hits: Uint8Array;
  length: number;
  /** The last line put; -1 once a smaller one followed a larger. */
  last: number;
  largest: number;
}

/** Source files longer than this are none: the number of a line above it is refused by the readers. */
export const LAST_LINE = 50_000_000;

export function collectLines(): CollectedLines {
  return { lines: new Uint32Array(1024), hits: new Uint8Array(1024), length: 0, last: 0, largest: 0 };
}

/** Appends a line (from 1 to {@link LAST_LINE}); `hit` is 0 or 1. */
export function putLine(list: CollectedLines, line: number, hit: number): void {
  const { length } = list;
  if (line === list.last) {
    list.hits[length - 1] = (list.hits[length - 1] as number) | hit;
    return;
  }
  if (length === list.lines.length) {
    list.lines = longerNumbers(list.lines);
    list.hits = longerBytes(list.hits);
  }
  list.lines[length] = line;
  list.hits[length] = hit;
  list.length = length + 1;
  if (line > list.largest) {
    list.largest = line;
    if (list.last !== -1) list.last = line;
  } else list.last = -1;
}

export interface Lines {
  readonly lines: Uint32Array;
  readonly hits: Uint8Array;
}

/** What was collected, ascending and each line once, kept; the list is empty again. */
export function takeLines(list: CollectedLines): Lines {
  const length = list.last === -1 ? settle(list) : list.length;
  const taken = { lines: keepNumbers(list.lines, length), hits: keepBytes(list.hits, length) };
  clearLines(list);
  return taken;
}

export function clearLines(list: CollectedLines): void {
  list.length = 0;
  list.last = 0;
  list.largest = 0;
}

let marks = new Uint8Array(4096);

/** Sorts in place and joins equal lines. @returns how many are left */
function settle(list: CollectedLines): number {
  return list.largest <= 16 * list.length + 65_536 ? settleByMarks(list) : settleBySorting(list);
}

/** For lines as real code has them: one mark a line, read in order. */
function settleByMarks({ lines, hits, length, largest }: CollectedLines): number {
  if (marks.length <= largest) marks = new Uint8Array(largest * 2);
  for (let index = 0; index < length; index += 1) {
    const line = lines[index] as number;
    marks[line] = (marks[line] as number) | 1 | ((hits[index] as number) << 1);
  }
  let count = 0;
  for (let line = 1; line <= largest; line += 1) {
    const mark = marks[line] as number;
    if (mark === 0) continue;
    lines[count] = line;
    hits[count++] = mark >> 1;
    marks[line] = 0;
  }
  return count;
}

/** For few lines far apart, whose marks would be mostly empty. */
function settleBySorting({ lines, hits, length }: CollectedLines): number {
  const pairs = new Float64Array(length);
  for (let index = 0; index < length; index += 1) pairs[index] = (lines[index] as number) * 2 + (hits[index] as number);
  pairs.sort();
  let count = 0;
  for (const pair of pairs) {
    const line = Math.floor(pair / 2);
    if (count > 0 && lines[count - 1] === line) count -= 1;
    lines[count] = line;
    // Of two entries for a line the hit one sorts last.
    hits[count++] = pair % 2;
  }
  return count;
}
