import { isMap } from '../runtime/yaml.ts';
import { partialLines } from './partial.ts';
import { type Count, type Counts, type Coverage, type FileCoverage, METRICS } from './types.ts';

/** What a run leaves for later ones: the figures of each file, and line by line where there is room. */
export interface CoverageRecord {
  /** Commit that was measured; empty where there is no git. */
  readonly commit: string;
  readonly totals: Counts;
  readonly files: ReadonlyMap<string, RecordedFile>;
}

export interface RecordedFile {
  readonly counts: Counts;
  /** Lines that were run, ascending; undefined where the record holds figures only. */
  readonly covered: readonly LineRange[] | undefined;
  /** How many branches (else statements) of a line that was run were not; undefined where the record does not say. */
  readonly missed: ReadonlyMap<number, number> | undefined;
}

/** From first to last, both included. */
export type LineRange = readonly [first: number, last: number];

/** What stands in the file beside the coverage: for readers, later runs do not use it. */
export interface RecordHead {
  readonly workflow: string;
  readonly workingDirectory: string;
  readonly service: string;
  readonly commit: string;
  readonly gates: readonly unknown[];
  readonly patch: unknown;
  readonly base: unknown;
  readonly reports: readonly unknown[];
}

/** Name of the file in the folder and in the artifact. */
export const RECORD_FILE = 'coverage.json';

/** Largest record in bytes. Beyond half of it, files are recorded without their lines. */
export const LARGEST_RECORD = 64 * 1024 * 1024;

/** Files that a record holds at most. */
const MOST_FILES = 500_000;

/**
 * The record as pieces of JSON text, one file a line: version 1, `lines` as `covered` and `uncovered` ranges
 * (`1-4,7`), where no line without code stands inside a range, and `partial` as line and how much of it was missed
 * (`3:1,9:2`).
 */
export function* recordText(head: RecordHead, coverage: Coverage, room = LARGEST_RECORD / 2): Generator<string> {
  yield `${JSON.stringify({ version: 1, ...head, totals: coverage.totals }).slice(0, -1)},"files":{`;
  let size = 0;
  let separator = '\n';
  for (const file of coverage.files.values()) {
    const lines = file.lines.length > 0 && size < room ? linesOf(file) : {};
    const text = `${separator}${JSON.stringify(file.path)}:${JSON.stringify({ counts: file.counts, ...lines })}`;
    size += Buffer.byteLength(text);
    separator = ',\n';
    yield text;
  }
  yield '\n}}\n';
}

function linesOf(file: FileCoverage) {
  const { lines, hits } = file;
  const parts: { covered: string[]; uncovered: string[] } = { covered: [], uncovered: [] };
  for (let index = 0; index < lines.length; index += 1) {
    const hit = hits[index];
    const first = lines[index] ?? 0;
    while (lines[index + 1] === (lines[index] ?? 0) + 1 && hits[index + 1] === hit) index += 1;
    const last = lines[index] ?? first;
    parts[hit === 1 ? 'covered' : 'uncovered'].push(first === last ? `${first}` : `${first}-${last}`);
  }
  const partial = partialLines(file).map(({ line, covered, total }) => `${line}:${total - covered}`);
  return {
    lines: { covered: parts.covered.join(','), uncovered: parts.uncovered.join(','), partial: partial.join(',') },
  };
}

/**
 * Reads a record of another run: foreign text, every field checked.
 *
 * @returns one sentence that says what is wrong with it
 */
export function readRecord(content: Buffer): CoverageRecord | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(content.toString('utf8'));
  } catch {
    return 'it is not JSON';
  }
  if (!isMap(parsed) || parsed['version'] !== 1) return 'it is of another version';
  const { commit, totals, files } = parsed;
  const read = countsOf(totals);
  if (read === undefined || typeof commit !== 'string' || !/^[0-9a-f]{0,64}$/.test(commit) || !isMap(files)) {
    return 'a field of it is missing or of another type';
  }
  const entries = Object.entries(files);
  if (entries.length > MOST_FILES) return `it holds ${entries.length} files, ${MOST_FILES} at most`;
  const known = new Map<string, RecordedFile>();
  for (const [path, value] of entries) {
    const file = fileOf(value);
    if (file === undefined) return 'the figures of a file are not acceptable';
    known.set(path, file);
  }
  return { commit, totals: read, files: known };
}

function fileOf(value: unknown): RecordedFile | undefined {
  if (!isMap(value)) return undefined;
  const counts = countsOf(value['counts']);
  const { lines } = value;
  if (counts === undefined) return undefined;
  if (lines === undefined) return { counts, covered: undefined, missed: undefined };
  if (!isMap(lines)) return undefined;
  const covered = rangesIn(lines['covered']);
  // A record of an earlier version has none.
  const missed = lines['partial'] === undefined ? undefined : missedIn(lines['partial']);
  const isSound = covered !== undefined && (missed !== undefined || lines['partial'] === undefined);
  return isSound ? { counts, covered, missed } : undefined;
}

function countsOf(value: unknown): Counts | undefined {
  if (!isMap(value)) return undefined;
  const counts: Partial<Record<(typeof METRICS)[number], Count>> = {};
  for (const metric of METRICS) {
    const count = value[metric];
    if (count === undefined) continue;
    if (!isMap(count)) return undefined;
    const { covered, total } = count;
    if (!isCount(covered) || !isCount(total) || covered > total) return undefined;
    counts[metric] = { covered, total };
  }
  return counts;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** `1-4,7` as ranges that ascend and do not touch. */
function rangesIn(value: unknown): readonly LineRange[] | undefined {
  if (typeof value !== 'string' || !/^(\d{1,8}(-\d{1,8})?(,\d{1,8}(-\d{1,8})?)*)?$/.test(value)) return undefined;
  const ranges = value === '' ? [] : value.split(',').map(rangeOf);
  const ascends = ranges.every(([first, last], index) => last >= first && first > (ranges[index - 1]?.[1] ?? 0));
  return ascends ? ranges : undefined;
}

/** `3:1,9:2` as a map from line to what was missed of it. */
function missedIn(value: unknown): ReadonlyMap<number, number> | undefined {
  if (typeof value !== 'string' || !/^(\d{1,8}:\d{1,10}(,\d{1,8}:\d{1,10})*)?$/.test(value)) return undefined;
  const entries = value === '' ? [] : value.split(',').map((entry) => entry.split(':').map(Number));
  return new Map(entries.map(([line = 0, missed = 0]) => [line, missed]));
}

function rangeOf(text: string): LineRange {
  const [first = '', last = first] = text.split('-');
  return [Number(first), Number(last)];
}
