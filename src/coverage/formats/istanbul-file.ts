import type { FileUnits, UnitMetric, Units } from '../file-units.ts';
import { RANGES } from '../range-merge.ts';
import { beyond } from './faults.ts';
import { type Earlier, knownMap, placesOf, type Span } from './istanbul-earlier.ts';
import { NO_NUMBER } from './istanbul-location.ts';
import {
  type Ids,
  newPlaces,
  newRuns,
  type Places,
  type Runs,
  readArms,
  readBranchMap,
  readFunctionMap,
  readHits,
  readStatementMap,
} from './istanbul-maps.ts';
import { next, skipValue, takeObject, takeString, wrongJson } from './json.ts';
import { type CollectedLines, collectLines, LAST_LINE, putLine, takeLines } from './lines.ts';
import { keepNumbers } from './slabs.ts';
import type { Source } from './source.ts';
import { type Collected, collect, putFour, putNumber, putUnit, takeUnits } from './units.ts';

export interface IstanbulFile {
  readonly path: string | undefined;
  readonly units: FileUnits;
}

/** Maps of one file, used again for the next. */
interface State {
  readonly source: Source;
  readonly ids: Ids;
  readonly places: Readonly<Record<UnitMetric, Places>>;
  readonly runs: Readonly<Record<UnitMetric, Runs>>;
  /** Which of the six maps were there. */
  readonly seen: Set<string>;
  /** Where maps lie that no earlier report has. */
  readonly spans: Partial<Record<UnitMetric, Span>>;
  readonly earlier: Earlier | undefined;
  /** The file's key in the report. */
  key: string;
  path: string | undefined;
  isPlaceholder: boolean;
}

const METRICS = ['statements', 'functions', 'branches'] as const;

const [QUOTE, LETTER_T] = [0x22, 0x74];

/** What is read of a file, by key; the value is taken. */
const FIELDS: ReadonlyMap<string, (state: State) => void> = new Map([
  ['path', readPath],
  ['all', readAll],
  ['statementMap', (state) => readPlaces(state, 'statements', readStatementMap)],
  ['fnMap', (state) => readPlaces(state, 'functions', readFunctionMap)],
  ['branchMap', (state) => readPlaces(state, 'branches', readBranchMap)],
  ['s', ({ source, ids, runs }) => readHits(source, ids, runs.statements)],
  ['f', ({ source, ids, runs }) => readHits(source, ids, runs.functions)],
  ['b', ({ source, ids, runs }) => readArms(source, ids, runs.branches)],
]);

const REQUIRED = ['statementMap', 'fnMap', 'branchMap', 's', 'f', 'b'];

/** Reads a map of places, or takes those of an earlier report with the same text. */
function readPlaces(
  { source, ids, places, spans, earlier, key }: State,
  metric: UnitMetric,
  read: (source: Source, ids: Ids, places: Places) => void,
): void {
  next(source);
  const known = earlier?.maps[metric].get(key);
  if (known !== undefined && earlier?.isNext(known, source) === true) {
    placesOf(known, places[metric]);
    source.at += known.length;
    return;
  }
  const from = source.base + source.at;
  read(source, ids, places[metric]);
  if (known === undefined) spans[metric] = { from, length: source.base + source.at - from };
}

function readPath(state: State): void {
  if (next(state.source) === QUOTE) state.path = takeString(state.source);
  else skipValue(state.source);
}

/** `all`: the file was loaded by no test, its maps are made up. */
function readAll(state: State): void {
  state.isPlaceholder = next(state.source) === LETTER_T;
  skipValue(state.source);
}

/**
 * Reads the value of one file of coverage-final.json after the other; what it needs meanwhile is used again.
 *
 * @param earlier of the reports before, when several are read
 */
export function fileReader(source: Source, earlier?: Earlier): (key: string) => IstanbulFile {
  const state: State = {
    source,
    ids: new Map(),
    places: { statements: newPlaces(), functions: newPlaces(), branches: newPlaces() },
    runs: { statements: newRuns(), functions: newRuns(), branches: newRuns() },
    seen: new Set(),
    spans: {},
    earlier,
    key: '',
    path: undefined,
    isPlaceholder: false,
  };
  const lists = { statements: collect(4), functions: collect(4), branches: collect(5) };
  const lines = collectLines();
  return (key) => {
    clear(state);
    state.key = key;
    takeObject(source, (name) => {
      const read = FIELDS.get(name) ?? skip;
      state.seen.add(name);
      read(state);
    });
    const missing = REQUIRED.filter((name) => !state.seen.has(name));
    if (missing.length > 0) throw wrongJson(source, `a file without ${missing.join(', ')}`);
    joinLines(state, lines);
    for (const metric of METRICS) join(state.places[metric], state.runs[metric], lists[metric]);
    const units = {
      isPlaceholder: state.isPlaceholder,
      ...takeLines(lines),
      statements: [takeUnits(lists.statements, 'istanbul', 'twice')],
      functions: [takeUnits(lists.functions, 'istanbul', 'twice')],
      branches: [branchesOf(state, lists.branches)],
      counts: {},
    } as const;
    remember(state, units);
    return { path: state.path, units };
  };
}

/** V8's ranges are kept with how often each ran, which is what they are joined by. */
function branchesOf({ places }: State, list: Collected): Units {
  if (places.branches.areRanges !== true) return takeUnits(list, 'istanbul', 'twice');
  const runs = keepNumbers(list.covered, list.length);
  return { ...takeUnits(list, RANGES, 'twice'), runs };
}

/** For the reports that follow. */
function remember(
  { source, spans, earlier, places, runs, key }: State,
  units: Readonly<Record<UnitMetric, readonly Units[]>>,
) {
  if (earlier === undefined || source.path === undefined) return;
  for (const metric of METRICS) {
    const [span, [list]] = [spans[metric], units[metric]];
    const known = span && list && knownMap(source.path, span, places[metric], runs[metric], list);
    if (known !== undefined) earlier.maps[metric].set(key, known);
  }
}

const skip = ({ source }: State) => skipValue(source);

function clear(state: State): void {
  for (const metric of METRICS) {
    delete state.spans[metric];
    state.places[metric].length = 0;
    state.places[metric].areRanges = undefined;
    state.runs[metric].length = 0;
    state.runs[metric].hitsLength = 0;
  }
  state.ids.clear();
  state.seen.clear();
  state.path = undefined;
  state.isPlaceholder = false;
}

/** Lines of statements: where each starts, hit when it was. */
function joinLines({ source, places, runs }: State, lines: CollectedLines): void {
  const { numbers } = places.statements;
  const order = orderOf(places.statements, runs.statements);
  for (let index = 0; index < runs.statements.length; index += 1) {
    const place = order === undefined ? index : (order[index] as number);
    const line = place < 0 ? NO_NUMBER : (numbers[place * 4] as number);
    if (line === NO_NUMBER || line === 0) continue;
    if (line > LAST_LINE) throw beyond(source.name, { offset: source.base + source.at }, `line ${line} of a file`);
    putLine(lines, line, runs.statements.hits[index] as number);
  }
}

/** Brings places and runs together: a unit for each number of runs, for branches with the number of the arm. */
function join(places: Places, runs: Runs, list: Collected): void {
  const order = orderOf(places, runs);
  const { numbers } = places;
  const hasArms = list.width === 5;
  let from = 0;
  for (let index = 0; index < runs.length; index += 1) {
    const place = order === undefined ? index : (order[index] as number);
    const to = hasArms ? (runs.ends[index] as number) : from + 1;
    for (let hit = from; hit < to; hit += 1) {
      putPlace(list, numbers, place);
      if (hasArms) putNumber(list, hit - from);
      putUnit(list, hasArms ? (runs.counts[hit] as number) : (runs.hits[hit] as number));
    }
    from = to;
  }
}

/** The place of each run, -1 for none; undefined when both have the same entries in the same order, as they mostly do. */
function orderOf(places: Places, runs: Runs): Int32Array | undefined {
  let isParallel = places.length === runs.length;
  for (let index = 0; isParallel && index < runs.length; index += 1) isParallel = places.ids[index] === runs.ids[index];
  if (isParallel) return undefined;
  const byId = new Map<number, number>();
  for (let index = 0; index < places.length; index += 1) byId.set(places.ids[index] as number, index);
  return Int32Array.from({ length: runs.length }, (_, index) => byId.get(runs.ids[index] as number) ?? -1);
}

function putPlace(list: Collected, numbers: Uint32Array, place: number): void {
  if (place < 0) putFour(list, NO_NUMBER, NO_NUMBER, NO_NUMBER, NO_NUMBER);
  else {
    const at = place * 4;
    putFour(
      list,
      numbers[at] as number,
      numbers[at + 1] as number,
      numbers[at + 2] as number,
      numbers[at + 3] as number,
    );
  }
}
