import { beyond, malformed } from './faults.ts';
import { LONGEST_TOKEN, peek, refill, type Source } from './source.ts';

/**
 * JSON (RFC 8259) taken from a window byte by byte. Only what a reader asks for becomes a string or a number; all else
 * is walked over, however large, so memory does not depend on the file.
 */

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];
const [ZERO, NINE] = [0x30, 0x39];

/** Deepest nesting that is walked over: source maps in reports are shallow. */
const DEEPEST = 256;

export function wrongJson(source: Source, what: string): Error {
  return malformed(source.name, 'istanbul', { offset: source.base + source.at }, what);
}

/** The next byte that is no white space, not taken; -1 at the end. */
export function next(source: Source): number {
  for (;;) {
    const byte = source.at < source.end ? (source.bytes[source.at] as number) : peek(source);
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
    source.at += 1;
  }
}

/** Takes one byte that must come next. */
export function take(source: Source, byte: number): void {
  if (source.at < source.end && source.bytes[source.at] === byte) {
    source.at += 1;
    return;
  }
  if (next(source) !== byte) throw wrongJson(source, `${JSON.stringify(String.fromCharCode(byte))} is missing`);
  source.at += 1;
}

/** Makes sure that the window holds `length` more bytes where the file has them. */
export function ensure(source: Source, length: number): void {
  while (source.end - source.at < length && refill(source));
}

/** Takes a string, at most {@link LONGEST_TOKEN} bytes. */
export function takeString(source: Source): string {
  take(source, QUOTE);
  for (let scanned = 0; ; ) {
    const quote = source.bytes.indexOf(QUOTE, source.at + scanned);
    if (quote !== -1 && quote < source.end) {
      if (!isEscaped(source.bytes, source.at, quote)) return endString(source, quote);
      scanned = quote + 1 - source.at;
      continue;
    }
    scanned = source.end - source.at;
    if (!refill(source)) throw wrongJson(source, 'a string without an end');
  }
}

/** Whether the quote at `quote` belongs to a string that starts at `from`: after an odd number of backslashes. */
function isEscaped(bytes: Buffer, from: number, quote: number): boolean {
  let at = quote - 1;
  while (at >= from && bytes[at] === BACKSLASH) at -= 1;
  return (quote - at) % 2 === 0;
}

function endString(source: Source, quote: number): string {
  const text = source.bytes.toString('utf8', source.at, quote);
  const start = source.at;
  source.at = quote + 1;
  if (!/[\\\u0000-\u001f]/.test(text)) return text;
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    // The engine's message speaks of a position in this string: the place in the file is more use.
    source.at = start;
    throw wrongJson(source, 'a string with a wrong escape or a control character');
  }
}

/** Walks over a string of any length. */
function skipString(source: Source): void {
  take(source, QUOTE);
  let isOdd = false;
  for (;;) {
    const { bytes, end } = source;
    let at = source.at;
    while (at < end) {
      const byte = bytes[at++] as number;
      if (isOdd) isOdd = false;
      else if (byte === BACKSLASH) isOdd = true;
      else if (byte === QUOTE) {
        source.at = at;
        return;
      }
    }
    source.at = end;
    if (!refill(source)) throw wrongJson(source, 'a string without an end');
  }
}

/** Walks over any value. Of what it skips only strings, words and the nesting of brackets are checked. */
export function skipValue(source: Source): void {
  const first = next(source);
  if (first === QUOTE) skipString(source);
  else if (first === OPEN_OBJECT || first === OPEN_ARRAY) skipNested(source);
  else skipWord(source);
}

function skipNested(source: Source): void {
  const closing: number[] = [];
  do {
    const byte = next(source);
    if (byte === QUOTE) skipString(source);
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) open(source, closing, byte + 2);
    else if (closing.length > 0 && (byte === COMMA || byte === COLON)) source.at += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (closing.pop() !== byte) throw wrongJson(source, 'a bracket closes nothing');
      source.at += 1;
    } else skipWord(source);
  } while (closing.length > 0);
}

function open(source: Source, closing: number[], close: number): void {
  closing.push(close);
  if (closing.length > DEEPEST)
    throw beyond(source.name, { offset: source.base + source.at }, `values nested deeper than ${DEEPEST}`);
  source.at += 1;
}

/** Walks over a number, true, false or null. */
function skipWord(source: Source): void {
  ensure(source, 64);
  const { bytes, at, end } = source;
  let to = at;
  while (to < end && isDigit(bytes[to] as number)) to += 1;
  if (to > at && to < end && isEnd(bytes[to] as number)) {
    source.at = to;
    return;
  }
  const word = /^(?:-?\d[\d.eE+-]*|true|false|null)/.exec(bytes.toString('latin1', at, Math.min(end, at + 64)));
  if (word === null) throw wrongJson(source, 'a value is missing');
  source.at += word[0].length;
}

const isDigit = (byte: number) => byte >= ZERO && byte <= NINE;
const isEnd = (byte: number) => byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY;

/** Keys of istanbul's entries, each as the word of its first bytes with the quote, the rest with the quote, and its text. */
const KEYS = ['loc', 'decl', 'type', 'line', 'name', 'start', 'end', 'column', 'locations'].map((text) => {
  const bytes = Buffer.from(`"${text}"`, 'latin1');
  return { text, word: bytes.readUInt32LE(0), rest: bytes.subarray(4), length: bytes.length };
});

/** Takes a key; for the usual ones no string is made. */
export function takeKey(source: Source): string {
  if (next(source) === QUOTE && source.end - source.at > 16) {
    const word = source.view.getUint32(source.at, true);
    for (const { text, word: first, rest, length } of KEYS)
      if (word === first && hasBytes(source.bytes, source.at + 4, rest)) {
        source.at += length;
        return text;
      }
  }
  return takeString(source);
}

function hasBytes(bytes: Buffer, at: number, wanted: Buffer): boolean {
  for (let index = 0; index < wanted.length; index += 1) if (bytes[at + index] !== wanted[index]) return false;
  return true;
}

/** Takes an object: calls `entry` for each key, which takes the value. */
export function takeObject(source: Source, entry: (key: string) => void): void {
  take(source, OPEN_OBJECT);
  if (endsEmpty(source, CLOSE_OBJECT)) return;
  do {
    const key = takeKey(source);
    take(source, COLON);
    entry(key);
  } while (continues(source, CLOSE_OBJECT));
}

/** Takes a key that is a small number, as in istanbul's maps; other keys are numbered downwards from -1. */
export function takeId(source: Source, ids: Map<string, number>): number {
  if (next(source) !== QUOTE) throw wrongJson(source, 'a key is missing');
  ensure(source, 16);
  const { bytes, at } = source;
  let id = 0;
  let index = at + 1;
  let digit = bytes[index] as number;
  while (digit >= ZERO && digit <= NINE && index - at < 9 && index < source.end) {
    id = id * 10 + digit - ZERO;
    digit = bytes[++index] as number;
  }
  const length = index - at - 1;
  const isPlain = digit === QUOTE && index < source.end && (length === 1 || (length > 1 && bytes[at + 1] !== ZERO));
  if (isPlain) {
    source.at = index + 1;
    return id;
  }
  const key = takeString(source);
  const known = ids.get(key) ?? -1 - ids.size;
  ids.set(key, known);
  return known;
}

/** Whether an object or array ends right after its opening bracket; takes the closing one then. */
export function endsEmpty(source: Source, close: number): boolean {
  if (next(source) !== close) return false;
  source.at += 1;
  return true;
}

/** After a value: whether another follows; takes the comma or the closing bracket. */
export function continues(source: Source, close: number): boolean {
  const byte = source.at < source.end ? (source.bytes[source.at] as number) : -1;
  const found = byte === COMMA || byte === close ? byte : next(source);
  if (found !== COMMA && found !== close) throw wrongJson(source, 'a comma or a closing bracket is missing');
  source.at += 1;
  return found === COMMA;
}

/** Takes a number as a whole one, from 0 to 2^53-1; `null`, what is below 0 or has a fraction come out as -1. */
export function takeWhole(source: Source): number {
  next(source);
  ensure(source, 32);
  const { bytes, end } = source;
  let { at } = source;
  const start = at;
  let value = 0;
  let digit = bytes[at] as number;
  while (at < end && digit >= ZERO && digit <= NINE && at - start < 15) {
    value = value * 10 + digit - ZERO;
    digit = bytes[++at] as number;
  }
  if (at > start && at < end && (digit === COMMA || digit === CLOSE_OBJECT || digit === CLOSE_ARRAY)) {
    source.at = at;
    return value;
  }
  return takeOddNumber(source);
}

function takeOddNumber(source: Source): number {
  const text = source.bytes.toString('latin1', source.at, Math.min(source.end, source.at + 40));
  const match = /^(?:null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/.exec(text);
  if (match === null || match[0].length === 40) throw wrongJson(source, 'a number is missing');
  source.at += match[0].length;
  const value = match[0] === 'null' ? -1 : Number(match[0]);
  return Number.isSafeInteger(value) && value >= 0
    ? value
    : value > Number.MAX_SAFE_INTEGER
      ? Number.MAX_SAFE_INTEGER
      : -1;
}

/** Takes a count of runs; what is no number above 0 is 0. */
export function takeCount(source: Source): number {
  next(source);
  return Math.max(takeWhole(source), 0);
}

/** Takes a count of runs. @returns 1 when it is above 0, else 0 */
export const takeHit = (source: Source): number => (takeCount(source) > 0 ? 1 : 0);
