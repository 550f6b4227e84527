import type { Units } from './file-units.ts';
import { LAST_LINE } from './formats/lines.ts';
import type { FileCoverage } from './types.ts';

/** What of a line can be missed while the line is run; JaCoCo counts instructions where others count statements. */
export type Part = 'branch' | 'statement' | 'instruction';

/** A line of which something was not run. */
export interface PartialLine {
  /** From 1. */
  readonly line: number;
  readonly part: Part;
  /** Below `total`. */
  readonly covered: number;
  readonly total: number;
}

/**
 * The lines of a file that were run and of which a branch was not, or, where no branch of the line was missed, a
 * statement; ascending. Branches and statements belong to the line on which they start. Also lines with a branch on
 * which no statement starts (defaults of parameters). Of several formats that know a line the one that saw the most of it
 * counts; formats that have only numbers of a file, Go's blocks of several lines and code without line numbers count
 * nothing.
 */
export function partialLines({ lines, hits, parts }: FileCoverage): readonly PartialLine[] {
  if (parts === undefined) return [];
  const found = missedOf(parts.branches, 'branch');
  for (const [line, missed] of missedOf(parts.statements, 'statement')) if (!found.has(line)) found.set(line, missed);
  if (found.size === 0) return [];
  // A line that no test runs is said to be one already.
  for (let index = 0; index < lines.length; index += 1) if (hits[index] === 0) found.delete(lines[index] as number);
  return [...found.values()].sort((left, right) => left.line - right.line);
}

/** The lines with something missed in every one of the lists that know the line. */
function missedOf(lists: readonly Units[], part: Part): Map<number, PartialLine> {
  const [first, ...others] = lists.map(sumsOf);
  const isJacoco = lists.some(({ scheme }) => scheme === 'jacoco');
  const found = new Map<number, PartialLine>();
  if (first === undefined) return found;
  // What one list does not know another may; what one saw whole is whole.
  const all = others.length === 0 ? first : new Map([...others.toReversed().flatMap((sums) => [...sums]), ...first]);
  for (const [line, { covered, total }] of all) {
    const best = others.reduce((least, sums) => Math.min(least, missedIn(sums.get(line))), total - covered);
    if (best === 0) continue;
    found.set(line, {
      line,
      part: part === 'statement' && isJacoco ? 'instruction' : part,
      covered: total - Math.min(best, total),
      total,
    });
  }
  return found;
}

interface Sum {
  covered: number;
  total: number;
}

const missedIn = (sum: Sum | undefined) => (sum === undefined ? Number.POSITIVE_INFINITY : sum.total - sum.covered);

/** Units by the line on which they start: the first number of every key of branches and statements. */
function sumsOf({ scheme, width, keys, covered, total }: Units): Map<number, Sum> {
  const sums = new Map<number, Sum>();
  let at = 0;
  for (let index = 0; index < covered.length; index += 1) {
    const line = numberAt(keys, at);
    let last = line;
    for (let number = 0; number < width; number += 1) {
      // Go's key: line and column of the start, line and column of the end.
      if (number === 2 && scheme === 'go') last = numberAt(keys, at);
      while ((keys[at] as number) > 127) at += 1;
      at += 1;
    }
    // istanbul's mark for a place that is not there lies beyond the last line.
    if (line === 0 || line > LAST_LINE || last !== line) continue;
    const known = sums.get(line);
    const [run, weight] = [covered[index] as number, total?.[index] ?? 1];
    if (known === undefined) sums.set(line, { covered: run, total: weight });
    else {
      known.covered += run;
      known.total += weight;
    }
  }
  return sums;
}

/** A number of a key: 7 bits a byte, lowest first. */
function numberAt(keys: Uint8Array, from: number): number {
  let value = 0;
  let factor = 1;
  for (let at = from; ; at += 1) {
    const byte = keys[at] as number;
    value += (byte & 127) * factor;
    if (byte < 128) return value;
    factor *= 128;
  }
}
