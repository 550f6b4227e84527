import { next, skipValue, takeObject, takeWhole } from './json.ts';
import type { Source } from './source.ts';

/** What stands for a number that is not there (an end at the end of the line is null) or is below 0. */
export const NO_NUMBER = 0xffffffff;

/**
 * Takes a location (`{"start":{"line":1,"column":0},"end":{"line":1,"column":9}}`) into four numbers of `into`. Numbers
 * that are null, below 0 or not there are NO_NUMBER.
 */
export function readLocation(source: Source, into: Uint32Array, at: number): void {
  if (source.end - source.at > LONGEST && readPlain(source, into, at)) return;
  into.fill(NO_NUMBER, at, at + 4);
  if (source.end - source.at > LONGEST && takeEmpty(source)) return;
  if (next(source) !== OPEN) {
    skipValue(source);
    return;
  }
  takeObject(source, (key) => {
    if (key === 'start') readPosition(source, into, at);
    else if (key === 'end') readPosition(source, into, at + 2);
    else skipValue(source);
  });
}

const [OPEN, CLOSE, ZERO, NINE] = [0x7b, 0x7d, 0x30, 0x39];

/** Bytes of the longest location that is read at once: four numbers of nine digits. */
const LONGEST = 128;

/** A piece of the form in which JSON.stringify writes locations, as words of four bytes that the engine compares fast. */
function wordsOf(text: string): readonly number[] {
  const bytes = Buffer.from(text, 'latin1');
  return Array.from({ length: text.length >> 2 }, (_, index) => bytes.readUInt32LE(index * 4));
}

const [START_0, START_1, START_2, START_3] = wordsOf('{"start":{"line":');
const [END_0, END_1, END_2, END_3] = wordsOf('},"end":{"line":');
const [COLUMN_0, COLUMN_1] = wordsOf(',"column":');
const [COLUMN_2] = wordsOf('mn":');
const [NULL] = wordsOf('null');
const COLON = 0x3a;

/** Where {@link readDigits} stopped. A field: for a variable of the module the engine makes an object at each reading. */
const stopped = { at: 0 };

function readDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  let value = 0;
  let byte = bytes[at] as number;
  while (byte >= ZERO && byte <= NINE) {
    value = value * 10 + byte - ZERO;
    byte = bytes[++at] as number;
  }
  stopped.at = at;
  return at > start && at - start < 10 ? value : -1;
}

/**
 * The same for locations without white space, whose fields come in the usual order: nearly all of them. Nothing is
 * taken of others.
 */
function readPlain(source: Source, into: Uint32Array, at: number): boolean {
  const { bytes, view } = source;
  let from = source.at;
  const isStart =
    view.getUint32(from, true) === START_0 &&
    view.getUint32(from + 4, true) === START_1 &&
    view.getUint32(from + 8, true) === START_2 &&
    view.getUint32(from + 12, true) === START_3 &&
    bytes[from + 16] === COLON;
  if (!isStart || !readPair(source, from + 17, into, at)) return false;
  from = stopped.at;
  const isEnd =
    view.getUint32(from, true) === END_0 &&
    view.getUint32(from + 4, true) === END_1 &&
    view.getUint32(from + 8, true) === END_2 &&
    view.getUint32(from + 12, true) === END_3;
  if (!isEnd || !readPair(source, from + 16, into, at + 2)) return false;
  if (bytes[stopped.at] !== CLOSE || bytes[stopped.at + 1] !== CLOSE) return false;
  source.at = stopped.at + 2;
  return true;
}

/** A location without numbers: istanbul's for an `else` that is not written. Nothing is taken of others. */
function takeEmpty(source: Source): boolean {
  for (let index = 0; index < EMPTY.length; index += 1)
    if (source.bytes[source.at + index] !== EMPTY[index]) return false;
  source.at += EMPTY.length;
  return true;
}

const EMPTY = Buffer.from('{"start":{},"end":{}}', 'latin1');

/** `1,"column":0`, or null for the column. */
function readPair({ bytes, view }: Source, from: number, into: Uint32Array, at: number): boolean {
  const line = readDigits(bytes, from);
  const comma = stopped.at;
  if (line < 0) return false;
  const isColumn =
    view.getUint32(comma, true) === COLUMN_0 &&
    view.getUint32(comma + 4, true) === COLUMN_1 &&
    view.getUint32(comma + 6, true) === COLUMN_2;
  if (!isColumn) return false;
  let column = readDigits(bytes, comma + 10);
  if (column < 0) {
    if (view.getUint32(comma + 10, true) !== NULL) return false;
    stopped.at = comma + 14;
    column = NO_NUMBER;
  }
  into[at] = line;
  into[at + 1] = column;
  return true;
}

function readPosition(source: Source, into: Uint32Array, at: number): void {
  if (next(source) !== OPEN) {
    skipValue(source);
    return;
  }
  takeObject(source, (key) => {
    if (key !== 'line' && key !== 'column') {
      skipValue(source);
      return;
    }
    const number = takeWhole(source);
    into[key === 'line' ? at : at + 1] = number < 0 || number > NO_NUMBER ? NO_NUMBER : number;
  });
}
