import type { FileUnits, Units } from './file-units.ts';
import { BY_LINE, mergeByLine } from './line-branches.ts';
import { type Count, type Counts, METRICS, type Metric } from './metrics.ts';
import { besideEachOther, RANGES } from './range-merge.ts';

const NO_HITS = new Uint8Array(0);

/** A file of which nothing is known yet: merging with it changes nothing. */
export const NOTHING: FileUnits = {
  isPlaceholder: false,
  lines: undefined,
  hits: NO_HITS,
  branches: [],
  functions: [],
  statements: [],
  counts: {},
};

/**
 * Two reports about one file as one. What either covered is covered: lines by number, units by place. Numbers without
 * places can't be joined: the larger one is taken, which the true one is never below. Commutative, associative and
 * idempotent as far as {@link countsOf} and the lines can tell.
 */
export function mergeFiles(one: FileUnits, other: FileUnits): FileUnits {
  if (one.isPlaceholder !== other.isPlaceholder) return one.isPlaceholder ? other : one;
  return {
    isPlaceholder: one.isPlaceholder,
    ...mergeLines(one, other),
    branches: mergeSchemes(one.branches, other.branches, (a, b) => mergeBranches(a, b, one, other)),
    functions: mergeSchemes(one.functions, other.functions),
    statements: mergeSchemes(one.statements, other.statements),
    counts: mergeCounts(one.counts, other.counts),
  };
}

function mergeLines(one: FileUnits, other: FileUnits): Pick<FileUnits, 'lines' | 'hits'> {
  const [a, b] = [one.lines, other.lines];
  if (a === undefined || b === undefined) return a === undefined ? pickLines(other) : pickLines(one);
  if (isEqual(a, b)) return { lines: a, hits: larger(one.hits, other.hits) };
  const lines = new Uint32Array(a.length + b.length);
  const hits = new Uint8Array(lines.length);
  let length = 0;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = a[i] ?? Number.POSITIVE_INFINITY;
    const right = b[j] ?? Number.POSITIVE_INFINITY;
    const line = Math.min(left, right);
    lines[length] = line;
    const hit = (left === line ? (one.hits[i++] as number) : 0) | (right === line ? (other.hits[j++] as number) : 0);
    hits[length++] = hit;
  }
  return { lines: lines.slice(0, length), hits: hits.slice(0, length) };
}

const pickLines = ({ lines, hits }: FileUnits) => ({ lines, hits });

function isEqual(a: Uint32Array | Uint8Array, b: Uint32Array | Uint8Array): boolean {
  if (a.length !== b.length) return false;
  const left = Buffer.from(a.buffer, a.byteOffset, a.byteLength);
  return left.equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));
}

function larger<T extends Uint8Array | Uint32Array>(a: T, b: T): T {
  const all = a.slice() as T;
  for (let index = 0; index < b.length; index += 1)
    if ((b[index] as number) > (all[index] as number)) all[index] = b[index] as number;
  return all;
}

function mergeBranches(a: Units, b: Units, one: FileUnits, other: FileUnits): Units {
  if (a.scheme === BY_LINE) return mergeByLine(a, b, one, other);
  const union = mergeUnits(a, b);
  return a.scheme === RANGES ? besideEachOther(union, { file: one, ranges: a }, { file: other, ranges: b }) : union;
}

function mergeSchemes(one: readonly Units[], other: readonly Units[], join = mergeUnits): readonly Units[] {
  if (one.length === 0) return other;
  if (other.length === 0) return one;
  const merged = new Map(one.map((units) => [units.scheme, units]));
  for (const units of other) {
    const known = merged.get(units.scheme);
    merged.set(units.scheme, known === undefined ? units : join(known, units));
  }
  return [...merged.values()].sort((a, b) => (a.scheme < b.scheme ? -1 : 1));
}

function mergeUnits(one: Units, other: Units): Units {
  if (isEqual(one.keys, other.keys)) {
    const total = one.total === undefined || other.total === undefined ? one.total : larger(one.total, other.total);
    return { ...one, covered: larger(one.covered, other.covered), total };
  }
  return joinUnits([one, other]);
}

/** The units of all lists, each key once (or as often as the list has it that has it most often). */
export function joinUnits(lists: readonly [Units, ...Units[]]): Units {
  const [first] = lists;
  const found = new Map<string, number>();
  const keys: Uint8Array[] = [];
  const covered: number[] = [];
  const total: number[] = [];
  for (const list of lists) {
    const seen = new Map<string, number>();
    eachKey(list, (key, from, to, index) => {
      const nth = first.isSame === 'once' ? 0 : (seen.get(key) ?? 0);
      seen.set(key, nth + 1);
      const name = nth === 0 ? key : `${key}#${nth}`;
      const place = found.get(name);
      const [run, weight] = [list.covered[index] as number, list.total?.[index] ?? 1];
      if (place === undefined) {
        found.set(name, covered.length);
        keys.push(list.keys.subarray(from, to));
        covered.push(run);
        total.push(weight);
      } else {
        covered[place] = Math.max(covered[place] as number, run);
        total[place] = Math.max(total[place] as number, weight);
      }
    });
  }
  const isWeighted = lists.some((list) => list.total !== undefined);
  return {
    ...first,
    keys: Buffer.concat(keys),
    covered: isWeighted ? Uint32Array.from(covered) : Uint8Array.from(covered),
    total: isWeighted ? Uint32Array.from(total) : undefined,
  };
}

/** Walks over the keys of a list: each as text of one character a byte, with where it lies. */
export function eachKey(
  { keys, width }: Pick<Units, 'keys' | 'width'>,
  visit: (key: string, from: number, to: number, index: number) => void,
): void {
  const bytes = Buffer.from(keys.buffer, keys.byteOffset, keys.byteLength);
  let from = 0;
  for (let index = 0; from < bytes.length; index += 1) {
    let to = from;
    for (let numbers = 0; numbers < width; to += 1) if ((bytes[to] as number) < 128) numbers += 1;
    visit(bytes.toString('latin1', from, to), from, to, index);
    from = to;
  }
}

function mergeCounts(one: Counts, other: Counts): Counts {
  const counts: Partial<Record<Metric, Count>> = {};
  for (const metric of METRICS) {
    const both = [one[metric], other[metric]].filter((count) => count !== undefined);
    if (both.length > 0)
      counts[metric] = {
        covered: Math.max(...both.map(({ covered }) => covered)),
        total: Math.max(...both.map(({ total }) => total)),
      };
  }
  return counts;
}

/** Richest first: which scheme a metric is counted by when reports of different formats know one file. */
const SCHEMES: readonly string[] = ['istanbul', 'v8', 'go', 'jacoco', 'lcov', 'lcov-lines', 'cobertura', 'clover'];

/**
 * The counts of one file. A metric that several schemes know is counted by the richest of them; what the others say
 * raises it only where they see as many units, since then they are the same ones.
 */
export function countsOf(file: FileUnits): Counts {
  const counts: Partial<Record<Metric, Count>> = {};
  for (const metric of METRICS) {
    const known = metric === 'lines' ? lineCount(file) : file[metric].map(sumUnits);
    const numbers = file.counts[metric];
    const count = known.length === 1 && numbers === undefined ? known[0] : richestOf(known, numbers);
    if (count !== undefined) counts[metric] = { covered: count.covered, total: count.total };
  }
  return counts;
}

function richestOf(known: readonly SchemeCount[], numbers: Count | undefined): Count | undefined {
  const sorted: readonly Count[] = [...known].sort(byScheme);
  const all = numbers === undefined ? sorted : [...sorted, numbers];
  const [first] = all;
  if (first === undefined) return undefined;
  const same = all.filter(({ total }) => total === first.total);
  return { covered: Math.max(...same.map(({ covered }) => covered)), total: first.total };
}

interface SchemeCount extends Count {
  readonly scheme: string;
}

function byScheme(one: SchemeCount, other: SchemeCount): number {
  return SCHEMES.indexOf(one.scheme) - SCHEMES.indexOf(other.scheme);
}

function lineCount({ lines, hits }: FileUnits): SchemeCount[] {
  if (lines === undefined) return [];
  return [{ scheme: 'lines', covered: sum(hits), total: lines.length }];
}

function sumUnits({ scheme, covered, total }: Units): SchemeCount {
  return { scheme, covered: sum(covered), total: total === undefined ? covered.length : sum(total) };
}

/** One loop for each kind of array: a loop that meets both is several times slower in the engine. */
function sum(numbers: Uint8Array | Uint32Array): number {
  return numbers instanceof Uint8Array ? sumBytes(numbers) : sumNumbers(numbers);
}

function sumBytes(numbers: Uint8Array): number {
  let result = 0;
  for (let index = 0; index < numbers.length; index += 1) result += numbers[index] as number;
  return result;
}

function sumNumbers(numbers: Uint32Array): number {
  let result = 0;
  for (let index = 0; index < numbers.length; index += 1) result += numbers[index] as number;
  return result;
}

/** Sums over files; a metric that no file has is left out. */
export function sumCounts(all: Iterable<Counts>): Counts {
  const sums: Partial<Record<Metric, { covered: number; total: number }>> = {};
  for (const counts of all)
    for (const metric of METRICS) {
      const count = counts[metric];
      if (count === undefined) continue;
      const so = sums[metric] ?? { covered: 0, total: 0 };
      sums[metric] = { covered: so.covered + count.covered, total: so.total + count.total };
    }
  return sums;
}
