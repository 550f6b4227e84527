import type { Units } from '../file-units.ts';
import { keepBytes, keepNumbers } from './slabs.ts';

/** Units of one metric while a file is read: keys as varints, and how much of each was covered. */
export interface Collected {
  /** Varints of a key, see {@link Units}. */
  readonly width: number;
  keys: Uint8Array;
  keysLength: number;
  covered: Uint32Array;
  /** undefined while each unit is one. */
  total: Uint32Array | undefined;
  length: number;
}

export function collect(width: number, weighted = false): Collected {
  return {
    width,
    keys: new Uint8Array(4096),
    keysLength: 0,
    covered: new Uint32Array(512),
    total: weighted ? new Uint32Array(512) : undefined,
    length: 0,
  };
}

/** Appends one number of a key: 7 bits a byte, lowest first, the eighth set on all but the last. */
export function putNumber(list: Collected, value: number): void {
  if (list.keysLength + 5 > list.keys.length) list.keys = longerBytes(list.keys);
  const { keys } = list;
  let length = list.keysLength;
  let rest = value >>> 0;
  while (rest > 127) {
    keys[length++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  keys[length++] = rest;
  list.keysLength = length;
}

/** Appends four numbers, which mostly fit one byte each. */
export function putFour(list: Collected, a: number, b: number, c: number, d: number): void {
  const { keysLength: at } = list;
  if ((a | b | c | d) >>> 0 > 127 || at + 4 > list.keys.length) {
    putNumber(list, a);
    putNumber(list, b);
    putNumber(list, c);
    putNumber(list, d);
    return;
  }
  const { keys } = list;
  keys[at] = a;
  keys[at + 1] = b;
  keys[at + 2] = c;
  keys[at + 3] = d;
  list.keysLength = at + 4;
}

/** Ends a unit whose key was put. */
export function putUnit(list: Collected, covered: number, total = 1): void {
  if (list.length === list.covered.length) {
    list.covered = longerNumbers(list.covered);
    if (list.total !== undefined) list.total = longerNumbers(list.total);
  }
  list.covered[list.length] = covered;
  if (list.total !== undefined) list.total[list.length] = total;
  list.length += 1;
}

/** What was collected, kept; the list is empty again. */
export function takeUnits(list: Collected, scheme: string, isSame: Units['isSame']): Units {
  const { length, width } = list;
  const units: Units = {
    scheme,
    isSame,
    width,
    keys: keepBytes(list.keys, list.keysLength),
    covered: list.total === undefined ? bytesOf(list.covered, length) : keepNumbers(list.covered, length),
    total: list.total === undefined ? undefined : keepNumbers(list.total, length),
  };
  clearUnits(list);
  return units;
}

/** How much was collected in all. */
export function sumOf({ covered, total, length }: Collected): { readonly covered: number; readonly missed: number } {
  let [run, all] = [0, 0];
  for (let index = 0; index < length; index += 1) {
    run += covered[index] ?? 0;
    all += total?.[index] ?? 0;
  }
  return { covered: run, missed: all - run };
}

export function clearUnits(list: Collected): void {
  list.keysLength = 0;
  list.length = 0;
}

let scratch = new Uint8Array(4096);

function bytesOf(numbers: Uint32Array, length: number): Uint8Array {
  if (scratch.length < length) scratch = new Uint8Array(length * 2);
  for (let index = 0; index < length; index += 1) scratch[index] = (numbers[index] as number) > 0 ? 1 : 0;
  return keepBytes(scratch, length);
}

export function longerBytes(from: Uint8Array): Uint8Array {
  const longer = new Uint8Array(from.length * 2);
  longer.set(from);
  return longer;
}

export function longerNumbers(from: Uint32Array): Uint32Array {
  const longer = new Uint32Array(from.length * 2);
  longer.set(from);
  return longer;
}

/** Numbers of up to 32 bits for a text, so that units with names have keys of numbers: FNV-1a, with another seed each. */
export function hashText(text: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** The second hash of a name, independent enough of the first. */
export const SECOND_SEED = 0x9e3779b9;
