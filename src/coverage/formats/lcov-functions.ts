import type { Units } from '../file-units.ts';
import { beyond } from './faults.ts';
import { readBranchText } from './lcov-branches.ts';
import type { LcovState, NamedNumbers } from './lcov-state.ts';
import { LAST_LINE } from './lines.ts';
import { clearUnits, hashText, longerNumbers, putNumber, putUnit, SECOND_SEED, takeUnits } from './units.ts';

const [LF, CR, COMMA, ZERO, NINE] = [10, 13, 44, 48, 57];
const PRIME = 0x01000193;

/**
 * FN:<line>,<name> and FNDA:<count>,<name>, of which only the hashes of the name are kept.
 *
 * @returns where the next line starts, -1 for a form that {@link readFunctionText} has to read
 */
export function readFunctionRecord(list: NamedNumbers, bytes: Buffer, start: number): number {
  let at = start;
  let number = 0;
  let byte = bytes[at] as number;
  while (byte >= ZERO && byte <= NINE) {
    // A count may have any length: all that matters is whether it is 0.
    if (number < LAST_LINE) number = number * 10 + byte - ZERO;
    byte = bytes[++at] as number;
  }
  if (byte !== COMMA || at === start || number > LAST_LINE) return -1;
  byte = bytes[++at] as number;
  // FN:<line>,<end line>,<name>
  if (byte >= ZERO && byte <= NINE) return -1;
  let first = 0x811c9dc5;
  let second = SECOND_SEED;
  while (byte !== LF && byte !== CR) {
    if (byte > 127) return -1;
    first = Math.imul(first ^ byte, PRIME);
    second = Math.imul(second ^ byte, PRIME);
    byte = bytes[++at] as number;
  }
  while (byte !== LF) byte = bytes[++at] as number;
  putNamed(list, number, first >>> 0, second >>> 0);
  return at + 1;
}

function putNamed(list: NamedNumbers, number: number, first: number, second: number): void {
  const { length } = list;
  if (length === list.numbers.length) {
    list.numbers = longerNumbers(list.numbers);
    list.first = longerNumbers(list.first);
    list.second = longerNumbers(list.second);
  }
  list.numbers[length] = number;
  list.first[length] = first;
  list.second[length] = second;
  list.length = length + 1;
}

/** Records of functions and branches as text. @returns false when the fields are not those of the record */
export function readFunctionText(state: LcovState, tag: string, rest: string): boolean {
  const lineOf = (digits: string) => {
    const line = Number(digits);
    if (!(line <= LAST_LINE))
      throw beyond(state.name, { line: state.lineNumber }, `line ${digits.slice(0, 20)} of a file`);
    return line;
  };
  if (tag === 'BRDA') return readBranchText(state, rest, lineOf);
  if (tag === 'FNL') return readIndexed(state, rest, lineOf);
  if (tag === 'FNA') return readIndexedRun(state, rest);
  const match = (tag === 'FN' ? /^(\d+),(?:\d+,(?=.))?(.*)$/ : /^(-?\d+),(.*)$/).exec(rest);
  if (match === null) return false;
  const [, number = '', name = ''] = match;
  const [first, second] = [hashText(name), hashText(name, SECOND_SEED)];
  if (tag === 'FN') putNamed(state.functions, lineOf(number), first, second);
  else putNamed(state.runs, Number(number) > 0 ? 1 : 0, first, second);
  return true;
}

/** FNL:<index>,<line>[,<end line>] */
function readIndexed(state: LcovState, rest: string, lineOf: (digits: string) => number): boolean {
  const match = /^(\d+),(\d+)(?:,\d+)?$/.exec(rest);
  if (match === null) return false;
  state.indexed.set(match[1] ?? '', { line: lineOf(match[2] ?? ''), hit: 0, name: '' });
  return true;
}

/** FNA:<index>,<count>,<name> */
function readIndexedRun(state: LcovState, rest: string): boolean {
  const match = /^(\d+),(\d+),(.*)$/.exec(rest);
  const one = state.indexed.get(match?.[1] ?? '');
  if (match === null || one === undefined) return false;
  if (Number(match[2]) > 0) one.hit = 1;
  if (one.name === '') one.name = match[3] ?? '';
  return true;
}

export function clearFunctions(state: LcovState): void {
  state.functions.length = 0;
  state.runs.length = 0;
  state.indexed.clear();
  clearUnits(state.functionList);
}

/** @param isKnownEmpty whether the file says that it has no functions, rather than saying nothing of them */
export function takeFunctions(state: LcovState, isKnownEmpty: boolean): readonly Units[] {
  const { functions, runs, indexed, functionList } = state;
  if (functions.length + runs.length + indexed.size === 0 && !isKnownEmpty) return [];
  const put = (line: number, first: number, second: number, hit: number) => {
    putNumber(functionList, line);
    putNumber(functionList, first);
    putNumber(functionList, second);
    putUnit(functionList, hit > 0 ? 1 : 0);
  };
  const hits = isParallel(functions, runs) ? runs.numbers : hitsByName(functions, runs);
  for (let index = 0; index < functions.length; index += 1) {
    const isNumbered = isNumberedByPlace(functions.first[index] as number, functions.second[index] as number, index);
    put(
      functions.numbers[index] as number,
      isNumbered ? ANONYMOUS[0] : (functions.first[index] as number),
      isNumbered ? ANONYMOUS[1] : (functions.second[index] as number),
      hits[index] as number,
    );
  }
  for (const { line, name, hit } of indexed.values()) put(line, hashText(name), hashText(name, SECOND_SEED), hit);
  return [takeUnits(functionList, 'lcov', 'twice')];
}

const hashesOf = (name: string) => [hashText(name), hashText(name, SECOND_SEED)] as const;
const ANONYMOUS = hashesOf('anonymous_');
const NEVER_LOADED = hashesOf('(empty-report)');

/**
 * Whether a function is called `anonymous_12` because it is the twelfth of the list, as Node's test runner does: in
 * another report, that knows more functions or fewer, the same one has another number.
 */
function isNumberedByPlace(first: number, second: number, index: number): boolean {
  const digits = String(index);
  return hashText(digits, ANONYMOUS[0]) === first && hashText(digits, ANONYMOUS[1]) === second;
}

/** Whether the file was loaded by no test, and its numbers are made up: v8-to-istanbul's mark. */
export function isNeverLoaded({ functions }: LcovState): boolean {
  return functions.length === 1 && functions.first[0] === NEVER_LOADED[0] && functions.second[0] === NEVER_LOADED[1];
}

/** Whether counts and functions come in one order, as most producers write them. */
function isParallel(functions: NamedNumbers, runs: NamedNumbers): boolean {
  if (functions.length !== runs.length) return false;
  for (let index = 0; index < functions.length; index += 1)
    if (functions.first[index] !== runs.first[index] || functions.second[index] !== runs.second[index]) return false;
  return true;
}

/** Counts by name: the nth count of a name belongs to the nth function of that name, later ones to the last. */
function hitsByName(functions: NamedNumbers, runs: NamedNumbers): Uint32Array {
  const name = (list: NamedNumbers, index: number) =>
    (list.first[index] as number) * 2 ** 21 + ((list.second[index] as number) & 0x1fffff);
  const places = new Map<number, { readonly indices: number[]; told: number }>();
  for (let index = 0; index < functions.length; index += 1) {
    const known = places.get(name(functions, index));
    if (known === undefined) places.set(name(functions, index), { indices: [index], told: 0 });
    else known.indices.push(index);
  }
  const hits = new Uint32Array(functions.length);
  for (let run = 0; run < runs.length; run += 1) {
    const place = places.get(name(runs, run));
    const index = place?.indices[Math.min(place.told, place.indices.length - 1)];
    if (place === undefined || index === undefined) continue;
    place.told += 1;
    hits[index] = Math.max(hits[index] as number, runs.numbers[run] as number);
  }
  return hits;
}
