import type { FileUnits, Units } from './file-units.ts';
import { firstOf } from './first-of.ts';
import { numbersOf, putNumber } from './varints.ts';

/** Scheme of branches that are known by their line only, with how many of the line came before. */
export const BY_LINE = 'lcov-lines';

/**
 * The branches of a file that are numbered one after the other (Node's test runner and other writers of V8's ranges): in
 * another report, that knows more of them or fewer, the same branch has another number. What stays is its line, and
 * mostly its place among those of the line.
 */
export function byLine(units: Units): Units {
  const seen = new Map<number, number>();
  const keys: number[] = [];
  numbersOf(units, ([line = 0]) => {
    const nth = seen.get(line) ?? 0;
    seen.set(line, nth + 1);
    for (const number of [line, nth, 0]) putNumber(keys, number);
  });
  return { ...units, scheme: BY_LINE, keys: Uint8Array.from(keys) };
}

/**
 * Branches by line of two reports about one file. V8 names a range only where it ran another number of times than the
 * code around it; so where one report has no branch in a line which it ran, all of the line ran as often, and what the
 * other has missed is covered, unless it stands in what may be a function that was not called. Where both know branches
 * in a line, but not equally many, which is which can't be told: the longer list counts, with as many covered as in
 * either. So the share can be too low.
 */
export function mergeByLine(a: Units, b: Units, one: FileUnits, other: FileUnits): Units {
  const [left, right] = [linesOf(a), linesOf(b)];
  const keys: number[] = [];
  const covered: number[] = [];
  for (const line of [...new Set([...left.keys(), ...right.keys()])].sort((x, y) => x - y)) {
    const hits = mergeLine({ own: left.get(line), file: one }, { own: right.get(line), file: other }, line);
    for (const [nth, hit] of hits.entries()) {
      for (const number of [line, nth, 0]) putNumber(keys, number);
      covered.push(hit);
    }
  }
  return { ...a, keys: Uint8Array.from(keys), covered: Uint8Array.from(covered) };
}

interface LineOf {
  readonly own: readonly number[] | undefined;
  readonly file: FileUnits;
}

function mergeLine(one: LineOf, other: LineOf, line: number): readonly number[] {
  if (one.own === undefined) return withWhole(other.own ?? [], one.file, line);
  if (other.own === undefined) return withWhole(one.own, other.file, line);
  const [long, short] = one.own.length >= other.own.length ? [one.own, other.own] : [other.own, one.own];
  if (long.length === short.length) return long.map((hit, nth) => hit | (short[nth] ?? 0));
  let missing = sum(short) - sum(long);
  return long.map((hit) => (hit === 0 && missing-- > 0 ? 1 : hit));
}

/** With what a report says that ran the line and knows no branch in it. */
function withWhole(hits: readonly number[], { lines, hits: run }: FileUnits, line: number): readonly number[] {
  const index = lines === undefined ? -1 : firstOf(lines.length, (at) => (lines[at] ?? 0) >= line);
  if (lines?.[index] !== line || run[index] !== 1) return hits;
  // Behind one that ran, which may be a function in this very line.
  const first = hits.indexOf(1);
  return hits.map((hit, nth) => (first === -1 || nth < first ? 1 : hit));
}

const sum = (hits: readonly number[]) => hits.reduce((all, hit) => all + hit, 0);

function linesOf(units: Units): ReadonlyMap<number, readonly number[]> {
  const lines = new Map<number, number[]>();
  numbersOf(units, ([line = 0], index) => {
    const hit = units.covered[index] ?? 0;
    const known = lines.get(line);
    if (known === undefined) lines.set(line, [hit]);
    else known.push(hit);
  });
  return lines;
}
