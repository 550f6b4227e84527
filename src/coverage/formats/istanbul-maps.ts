import { NO_NUMBER, readLocation } from './istanbul-location.ts';
import {
  continues,
  endsEmpty,
  next,
  skipValue,
  take,
  takeCount,
  takeHit,
  takeId,
  takeKey,
  takeString,
} from './json.ts';
import type { Source } from './source.ts';
import { longerBytes, longerNumbers } from './units.ts';

/** Places by number of the entry, in order of the report. */
export interface Places {
  ids: Int32Array;
  /** Start line, start column, end line, end column of each. */
  numbers: Uint32Array;
  length: number;
  /** Of branches: whether they are ranges of V8, whose `type` is `branch`; undefined while no type was met. */
  areRanges: boolean | undefined;
}

/** Whether each entry ran, in order of the report; branches have several numbers an entry. */
export interface Runs {
  ids: Int32Array;
  /** Where the numbers of the entry end in `hits`. */
  ends: Uint32Array;
  hits: Uint8Array;
  /** How often, for branches. */
  counts: Uint32Array;
  hitsLength: number;
  length: number;
}

/** Keys that are no small numbers, by the number given to them. */
export type Ids = Map<string, number>;

export const newPlaces = (): Places => ({
  ids: new Int32Array(512),
  numbers: new Uint32Array(2048),
  length: 0,
  areRanges: undefined,
});

export const newRuns = (): Runs => ({
  ids: new Int32Array(512),
  ends: new Uint32Array(512),
  hits: new Uint8Array(2048),
  counts: new Uint32Array(2048),
  hitsLength: 0,
  length: 0,
});

const [QUOTE, COMMA, COLON, ZERO, NINE] = [0x22, 0x2c, 0x3a, 0x30, 0x39];
const [OPEN, CLOSE, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Bytes that an entry of plain numbers has at most; what is longer is read the general way. */
const LONGEST = 64;

/** Room for one more place. @returns where its numbers go */
export function addPlace(places: Places, id: number): number {
  const { length } = places;
  if (length === places.ids.length) {
    places.ids = longerIds(places.ids);
    places.numbers = longerNumbers(places.numbers);
  }
  places.ids[length] = id;
  places.length = length + 1;
  return length * 4;
}

function longerIds(from: Int32Array): Int32Array {
  const longer = new Int32Array(from.length * 2);
  longer.set(from);
  return longer;
}

/** Takes the key of an entry and the colon; plain keys, nearly all, without the checks of takeId. */
function takeEntry(source: Source, ids: Ids): number {
  if (source.at + LONGEST < source.end) {
    const colon = plainId(source.bytes, source.at);
    if (colon !== -1) {
      source.at = colon + 1;
      return digits.value;
    }
  }
  const id = takeId(source, ids);
  take(source, COLON);
  return id;
}

/** @returns where the colon of `"12":` is, -1 for any other key; its number is in `digits.value` */
function plainId(bytes: Buffer, at: number): number {
  if (bytes[at] !== QUOTE) return -1;
  const quote = digits(bytes, at + 1);
  const length = quote - at - 1;
  const isId = length === 1 || (length > 1 && length < 9 && bytes[at + 1] !== ZERO);
  return isId && bytes[quote] === QUOTE && bytes[quote + 1] === COLON ? quote + 1 : -1;
}

export function readStatementMap(source: Source, ids: Ids, places: Places): void {
  places.length = 0;
  take(source, OPEN);
  if (endsEmpty(source, CLOSE)) return;
  do {
    const id = takeEntry(source, ids);
    readLocation(source, places.numbers, addPlace(places, id));
  } while (continues(source, CLOSE));
}

/** fnMap and branchMap: the place is `loc`, or what stands in for it in reports of old versions. */
export const readFunctionMap = (source: Source, ids: Ids, places: Places) => readMap(source, ids, places, 'decl');
export const readBranchMap = (source: Source, ids: Ids, places: Places) => readMap(source, ids, places, 'locations');

function readMap(source: Source, ids: Ids, places: Places, standIn: 'decl' | 'locations'): void {
  places.length = 0;
  take(source, OPEN);
  if (endsEmpty(source, CLOSE)) return;
  do {
    const id = takeEntry(source, ids);
    readEntry(source, places, addPlace(places, id), standIn);
  } while (continues(source, CLOSE));
}

function readEntry(source: Source, places: Places, at: number, standIn: 'decl' | 'locations'): void {
  places.numbers.fill(NO_NUMBER, at, at + 4);
  let hasPlace = false;
  take(source, OPEN);
  if (endsEmpty(source, CLOSE)) return;
  do {
    const key = takeKey(source);
    take(source, COLON);
    if (key === 'loc') {
      readLocation(source, places.numbers, at);
      hasPlace = true;
    } else if (key === 'type' && places.areRanges !== false && next(source) === QUOTE)
      places.areRanges = takeString(source) === 'branch';
    else if (key !== standIn) skipValue(source);
    else if (hasPlace) readLocations(source, nowhere, 0);
    else readLocations(source, places.numbers, at);
  } while (continues(source, CLOSE));
}

const nowhere = new Uint32Array(4);

/** One location, or the first of an array of them. */
function readLocations(source: Source, into: Uint32Array, at: number): void {
  if (next(source) !== OPEN_ARRAY) {
    readLocation(source, into, at);
    return;
  }
  take(source, OPEN_ARRAY);
  if (endsEmpty(source, CLOSE_ARRAY)) return;
  readLocation(source, into, at);
  while (continues(source, CLOSE_ARRAY)) readLocation(source, nowhere, 0);
}

/** `s` and `f`: a number for each entry. */
export function readHits(source: Source, ids: Ids, runs: Runs): void {
  runs.length = 0;
  runs.hitsLength = 0;
  take(source, OPEN);
  if (endsEmpty(source, CLOSE)) return;
  do {
    if (readPlainHits(source, runs)) return;
    const id = takeEntry(source, ids);
    addHit(runs, takeHit(source));
    endRun(runs, id);
  } while (continues(source, CLOSE));
}

/** Takes entries like `"12":3,` as long as they come without anything else. @returns whether the object ended */
function readPlainHits(source: Source, runs: Runs): boolean {
  const { bytes } = source;
  const last = source.end - LONGEST;
  while (source.at < last && bytes[source.at] === QUOTE) {
    const colon = plainId(bytes, source.at);
    const id = digits.value;
    const end = digits(bytes, colon + 1);
    const byte = bytes[end];
    if (colon === -1 || end === colon + 1 || end - colon > 16 || (byte !== COMMA && byte !== CLOSE)) return false;
    addHit(runs, digits.value > 0 ? 1 : 0);
    endRun(runs, id);
    source.at = end + 1;
    if (byte === CLOSE) return true;
  }
  return false;
}

/** @returns where the digits that start at `from` end; their number is in `digits.value` */
function digits(bytes: Buffer, from: number): number {
  let at = from;
  let value = 0;
  let byte = bytes[at] as number;
  while (byte >= ZERO && byte <= NINE) {
    value = value * 10 + byte - ZERO;
    byte = bytes[++at] as number;
  }
  digits.value = value;
  return at;
}
digits.value = 0;

/** `b`: numbers for the arms of each entry. */
export function readArms(source: Source, ids: Ids, runs: Runs): void {
  runs.length = 0;
  runs.hitsLength = 0;
  take(source, OPEN);
  if (endsEmpty(source, CLOSE)) return;
  do {
    if (readPlainArms(source, runs)) return;
    const id = takeEntry(source, ids);
    take(source, OPEN_ARRAY);
    if (!endsEmpty(source, CLOSE_ARRAY))
      do addCount(runs, takeCount(source));
      while (continues(source, CLOSE_ARRAY));
    endRun(runs, id);
  } while (continues(source, CLOSE));
}

/** Takes entries like `"12":[3,0],` as long as they come without anything else. @returns whether the object ended */
function readPlainArms(source: Source, runs: Runs): boolean {
  const { bytes, end } = source;
  while (source.at < end && bytes[source.at] === QUOTE) {
    const colon = plainId(bytes, source.at);
    const id = digits.value;
    if (colon === -1 || bytes[colon + 1] !== OPEN_ARRAY) return false;
    const after = addPlainArms(bytes, colon + 2, end, runs);
    if (after === -1) return false;
    endRun(runs, id);
    source.at = after;
    if (bytes[after - 1] === CLOSE) return true;
  }
  return false;
}

/** @returns the place behind `3,0],` or `3,0]}`; -1, and nothing is added, for anything else */
function addPlainArms(bytes: Buffer, from: number, end: number, runs: Runs): number {
  const before = runs.hitsLength;
  for (let at = from; ; at += 1) {
    const start = at;
    at = digits(bytes, start);
    // Behind the window there may be anything.
    if (at === start || at - start > 15 || at + 1 >= end) break;
    addCount(runs, digits.value);
    if (bytes[at] === COMMA) continue;
    const byte = bytes[at + 1];
    if (bytes[at] === CLOSE_ARRAY && (byte === COMMA || byte === CLOSE)) return at + 2;
    break;
  }
  runs.hitsLength = before;
  return -1;
}

function addHit(runs: Runs, hit: number): void {
  if (runs.hitsLength === runs.hits.length) runs.hits = longerBytes(runs.hits);
  runs.hits[runs.hitsLength++] = hit;
}

function addCount(runs: Runs, count: number): void {
  const { hitsLength: at } = runs;
  addHit(runs, count > 0 ? 1 : 0);
  if (runs.counts.length < runs.hits.length) runs.counts = longerNumbers(runs.counts);
  runs.counts[at] = count > MOST_RUNS ? MOST_RUNS : count;
}

const MOST_RUNS = 0xffffffff;

function endRun(runs: Runs, id: number): void {
  const { length } = runs;
  if (length === runs.ids.length) {
    runs.ids = longerIds(runs.ids);
    runs.ends = longerNumbers(runs.ends);
  }
  runs.ids[length] = id;
  runs.ends[length] = runs.hitsLength;
  runs.length = length + 1;
}
