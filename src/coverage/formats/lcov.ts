import type { FileUnits, Units } from '../file-units.ts';
import { byLine } from '../line-branches.ts';
import { joinUnits } from '../merge.ts';
import type { Count, Counts } from '../types.ts';
import { beyond, malformed } from './faults.ts';
import type { Format, Take } from './format.ts';
import { readBranchRecord } from './lcov-branches.ts';
import {
  clearFunctions,
  isNeverLoaded,
  readFunctionRecord,
  readFunctionText,
  takeFunctions,
} from './lcov-functions.ts';
import { type BranchOrder, type LcovState, newOrder, newState } from './lcov-state.ts';
import { clearLines, LAST_LINE, putLine, takeLines } from './lines.ts';
import type { Source } from './source.ts';
import { eachLines } from './text-lines.ts';
import { clearUnits, takeUnits } from './units.ts';

/**
 * lcov's tracefiles, as geninfo(1) describes them, with the FNL and FNA records of lcov 2.2. Lines are DA records;
 * branches BRDA, known by line, block and branch; functions FN with FNDA by name, in order where several have one name.
 * The numbers of LF and LH, BRF and BRH, FNF and FNH count only where a file has no records of their kind.
 */
export const lcov: Format = {
  name: 'lcov',
  title: 'lcov',
  recognises: startsRecord,
  read: readLcov,
};

/** Whether the first line that is neither empty nor a comment begins a record. */
function startsRecord(head: string): boolean {
  const first = head.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#'));
  return first !== undefined && /^(?:TN|SF):/.test(first);
}

const [LF, CR, COMMA, COLON, DASH, ZERO, NINE] = [10, 13, 44, 58, 45, 48, 57];
const [A, B, D, F, N, R] = [65, 66, 68, 70, 78, 82];

async function readLcov(source: Source, take: Take): Promise<void> {
  const state = newState(source.name);
  await eachLines(source, (bytes, from, to) => {
    for (let at = from; at < to; ) {
      state.lineNumber += 1;
      const next = readKnown(state, bytes, at, to);
      if (next !== -1) {
        at = next;
        continue;
      }
      const feed = bytes.indexOf(LF, at);
      const text = bytes.toString('utf8', at, feed > at && bytes[feed - 1] === CR ? feed - 1 : feed);
      at = feed + 1;
      if (text !== 'end_of_record') readText(state, text);
      else if (!take(endRecord(state))) return false;
    }
    return true;
  });
  if (state.path !== undefined) throw wrong(state, 'the file ends without end_of_record');
}

function wrong(state: LcovState, what: string): Error {
  return malformed(state.name, 'lcov', { line: state.lineNumber }, what);
}

/** Reads one of the frequent records from its bytes. @returns where the next line starts, -1 when it is none of them */
function readKnown(state: LcovState, bytes: Buffer, at: number, to: number): number {
  if (state.path === undefined) return -1;
  const first = bytes[at] as number;
  if (first === D && isLine(bytes, at)) return readLines(state, bytes, at, to);
  if (first === B && bytes[at + 1] === R && bytes[at + 2] === D && bytes[at + 3] === A && bytes[at + 4] === COLON)
    return readBranchRecord(state, bytes, at + 5);
  if (first === F && bytes[at + 1] === N) {
    if (bytes[at + 2] === COLON) return readFunctionRecord(state.functions, bytes, at + 3);
    if (bytes[at + 2] === D && bytes[at + 3] === A && bytes[at + 4] === COLON)
      return readFunctionRecord(state.runs, bytes, at + 5);
  }
  return -1;
}

const isLine = (bytes: Buffer, at: number) => bytes[at] === D && bytes[at + 1] === A && bytes[at + 2] === COLON;

/** As many DA records as follow each other. */
function readLines(state: LcovState, bytes: Buffer, from: number, to: number): number {
  let at = readLine(state, bytes, from + 3);
  while (at < to && isLine(bytes, at)) {
    state.lineNumber += 1;
    at = readLine(state, bytes, at + 3);
  }
  return at;
}

/** DA:<line>,<count>[,<checksum>] */
function readLine(state: LcovState, bytes: Buffer, start: number): number {
  let at = start;
  let line = 0;
  let byte = bytes[at] as number;
  while (byte >= ZERO && byte <= NINE) {
    line = line * 10 + byte - ZERO;
    byte = bytes[++at] as number;
  }
  if (at === start || byte !== COMMA) throw wrong(state, 'DA is not followed by a line and a count');
  if (line > LAST_LINE) throw beyond(state.name, { line: state.lineNumber }, `line ${line} of a file`);
  byte = bytes[++at] as number;
  // A count below 0 is a fault of some compilers: it says that the line did not run.
  const isNegative = byte === DASH;
  if ((byte < ZERO || byte > NINE) && !isNegative) throw wrong(state, 'DA without a count');
  let hit = 0;
  while (byte !== LF && byte !== COMMA) {
    if (byte > ZERO && byte <= NINE) hit = 1;
    byte = bytes[++at] as number;
  }
  while (byte !== LF) byte = bytes[++at] as number;
  state.hasLines = true;
  if (line > 0) putLine(state.lines, line, isNegative ? 0 : hit);
  return at + 1;
}

/** Every record that is rare. */
function readText(state: LcovState, text: string): void {
  const colon = text.indexOf(':');
  const [tag, rest] = [text.slice(0, Math.max(colon, 0)), text.slice(colon + 1)];
  if (tag === 'SF') {
    if (state.path !== undefined) throw wrong(state, 'SF before the end_of_record of the file before');
    if (rest === '') throw wrong(state, 'SF without a path');
    beginRecord(state, rest);
  } else if (text.trim() === '' || text.startsWith('#') || FREE.has(tag)) return;
  else if (state.path === undefined) throw wrong(state, 'a record outside of SF and end_of_record');
  else if (NUMBERS.has(tag)) {
    if (!/^\d{1,10}$/.test(rest)) throw wrong(state, `${tag} without a number`);
    state.numbers.set(tag, Number(rest));
  } else if (tag === '') throw wrong(state, 'a line that is no record');
  else if (DETAILED.has(tag) && !readFunctionText(state, tag, rest)) throw wrong(state, `${tag} without its fields`);
}

const NUMBERS: ReadonlySet<string> = new Set(['LF', 'LH', 'BRF', 'BRH', 'FNF', 'FNH']);
/** Records that may stand before SF. */
const FREE: ReadonlySet<string> = new Set(['VER', 'TN']);
/** Records with fields that are read as text: rare ones, and frequent ones of an unusual form. */
const DETAILED: ReadonlySet<string> = new Set(['FN', 'FNDA', 'FNL', 'FNA', 'BRDA']);

function beginRecord(state: LcovState, path: string): void {
  state.path = path;
  state.hasLines = false;
  state.numbers.clear();
  clearLines(state.lines);
  clearUnits(state.branches);
  clearFunctions(state);
  state.order = newOrder();
}

function endRecord(state: LcovState): { path: string; roots: readonly string[]; units: FileUnits } {
  const { path, numbers, branches, order } = state;
  if (path === undefined) throw wrong(state, 'end_of_record without SF');
  const hasBranches = branches.length > 0;
  const arms: Units[] = hasBranches || numbers.get('BRF') === 0 ? [takeUnits(branches, 'lcov', 'once')] : [];
  const isPlaceholder = isNeverLoaded(state);
  const functions = takeFunctions(state, numbers.get('FNF') === 0);
  const units: FileUnits = {
    isPlaceholder,
    ...(state.hasLines || numbers.get('LF') === 0
      ? takeLines(state.lines)
      : { lines: undefined, hits: new Uint8Array(0) }),
    branches: branchesOf(arms, order),
    functions,
    statements: [],
    counts: numbersOf(state, hasBranches, functions.length > 0),
  };
  state.path = undefined;
  return { path, roots: [], units };
}

function branchesOf(arms: readonly Units[], order: BranchOrder): readonly Units[] {
  if (order.isSequence) return arms.map(byLine);
  return order.isByLine || order.isByBlock ? arms : arms.map((list) => joinUnits([list]));
}

/** Numbers for what the file has no records of. */
function numbersOf({ numbers, hasLines }: LcovState, hasBranches: boolean, hasFunctions: boolean): Counts {
  const count = (found: string, hit: string, hasRecords: boolean): Count | undefined => {
    const total = numbers.get(found) ?? 0;
    return total === 0 || hasRecords ? undefined : { total, covered: Math.min(total, numbers.get(hit) ?? 0) };
  };
  const lines = count('LF', 'LH', hasLines);
  const branches = count('BRF', 'BRH', hasBranches);
  const functions = count('FNF', 'FNH', hasFunctions);
  return {
    ...(lines === undefined ? {} : { lines }),
    ...(branches === undefined ? {} : { branches }),
    ...(functions === undefined ? {} : { functions }),
  };
}
