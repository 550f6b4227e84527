import type { LcovState } from './lcov-state.ts';
import { LAST_LINE } from './lines.ts';
import { hashText, putNumber, putUnit } from './units.ts';

const [LF, CR, COMMA, DASH, ZERO, NINE] = [10, 13, 44, 45, 48, 57];

/** What {@link readDigits} read, and where it stopped: a record has three numbers, and no object is made for each. */
const digits = { value: 0, at: 0 };

/** @returns false unless there are one to eight digits and a comma, which are taken */
function readDigits(bytes: Buffer, start: number): boolean {
  let at = start;
  let value = 0;
  let byte = bytes[at] as number;
  while (byte >= ZERO && byte <= NINE) {
    value = value * 10 + byte - ZERO;
    byte = bytes[++at] as number;
  }
  digits.value = value;
  digits.at = at + 1;
  return byte === COMMA && at > start && at - start < 9;
}

/**
 * BRDA:<line>,<block>,<branch>,<taken>, where all are plain numbers (or `-` for a branch that was not reached).
 *
 * @returns where the next line starts, -1 for a form that {@link readBranchText} has to read
 */
export function readBranchRecord(state: LcovState, bytes: Buffer, start: number): number {
  if (!readDigits(bytes, start)) return -1;
  const line = digits.value;
  if (line > LAST_LINE || !readDigits(bytes, digits.at)) return -1;
  const block = digits.value;
  if (!readDigits(bytes, digits.at)) return -1;
  const branch = digits.value;
  const from = digits.at;
  let at = from;
  let hit = 0;
  let byte = bytes[at] as number;
  if (byte === DASH) byte = bytes[++at] as number;
  else
    while (byte >= ZERO && byte <= NINE) {
      if (byte !== ZERO) hit = 1;
      byte = bytes[++at] as number;
    }
  if (byte === CR) byte = bytes[++at] as number;
  if (byte !== LF || at === from) return -1;
  putBranch(state, line, block, branch, hit);
  return at + 1;
}

/**
 * BRDA:<line>,[e]<block>,<branch>,<taken>; the branch may be an expression of the language with commas in it.
 *
 * @returns false when the fields are not there
 */
export function readBranchText(state: LcovState, rest: string, lineOf: (digits: string) => number): boolean {
  const match = /^(\d+),e?([^,]*),(.*),(-|\d+)$/.exec(rest);
  if (match === null) return false;
  const [, line = '', block = '', branch = '', taken = ''] = match;
  putBranch(state, lineOf(line), keyOf(block), keyOf(branch), /[1-9]/.test(taken) ? 1 : 0);
  return true;
}

function putBranch({ branches, order }: LcovState, line: number, block: number, branch: number, hit: number): void {
  const isLater = block > order.block || (block === order.block && branch > order.branch);
  if (!isLater) order.isByBlock = false;
  if (line < order.line || (line === order.line && !isLater)) order.isByLine = false;
  if (block !== branches.length || branch !== 0) order.isSequence = false;
  order.line = line;
  order.block = block;
  order.branch = branch;
  putNumber(branches, line);
  putNumber(branches, block);
  putNumber(branches, branch);
  putUnit(branches, hit);
}

/** Blocks and branches are small numbers for most producers, and may be any text. */
function keyOf(text: string): number {
  return /^\d{1,8}$/.test(text) ? Number(text) : hashText(text);
}
