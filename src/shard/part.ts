import { createHash } from 'node:crypto';
import {
  fields,
  listUpTo,
  mapUpTo,
  matching,
  NotAsAgreed,
  numberUpTo,
  optional,
  readJson,
  textUpTo,
} from '../report/foreign.ts';
import { type ReportedResults, resultsUpTo, type TestCounts } from '../report/results.ts';
import type { Shard } from './divide.ts';

/** What one shard ran of a task. */
export interface Piece {
  /** How many of the task's test files, and how many there are in all; undefined for a task that ran whole. */
  readonly files: { readonly own: number; readonly all: number } | undefined;
  readonly tests: TestCounts | undefined;
  /** Milliseconds by test file, from the repository's root. */
  readonly times: ReadonlyMap<string, number>;
}

/** What one shard leaves for the job that puts all of them together. */
export interface Part {
  /** From 1 to `of`. */
  readonly shard: number;
  readonly of: number;
  /** Which attempt of the run, from 1: a shard that is run again leaves a newer part. */
  readonly attempt: number;
  /** See {@link divisionKey}: only parts of one division belong together. */
  readonly division: string;
  /** What this shard was given, by the task's id. */
  readonly pieces: ReadonlyMap<string, Piece>;
  /** What the gate has reported: the tasks it was given and those that they need. */
  readonly results: ReportedResults;
}

/** Name of the file in the part. */
export const PART_FILE = 'part.json';

/** Largest part in bytes, without reports. */
export const LARGEST_PART = 32 * 1024 * 1024;

/** A part as its shard writes it: the results as the gate reports them. */
export interface WrittenPart extends Omit<Part, 'results'> {
  readonly results: unknown;
}

const COUNT = numberUpTo(10_000_000);

const readAll = fields({
  version: numberUpTo(1),
  shard: numberUpTo(1_000),
  of: numberUpTo(1_000),
  attempt: numberUpTo(1_000_000),
  division: matching(/^[0-9a-f]{64}$/, 'a key of a division'),
  pieces: mapUpTo(
    20_000,
    /^[^\u0000-\u001f]{1,500}$/,
    fields({
      files: optional(fields({ own: COUNT, all: COUNT }), undefined),
      tests: optional(fields({ passed: COUNT, failed: COUNT, skipped: COUNT }), undefined),
      times: listUpTo(200_000, fields({ file: textUpTo(4_096), ms: numberUpTo(30 * 86_400_000) })),
    }),
  ),
  results: resultsUpTo(20_000),
});

export function partText({ pieces, ...part }: WrittenPart): string {
  const written = [...pieces].map(([id, { files, tests, times }]) => {
    const each = [...times].map(([file, ms]) => ({ file, ms: Math.round(ms) }));
    return [id, { files, tests, times: each }];
  });
  return JSON.stringify({ version: 1, ...part, pieces: Object.fromEntries(written) });
}

/**
 * Reads what another job left. It ran project code: every field is checked.
 *
 * @returns one sentence that says what is wrong with it
 */
export function readPart(text: string): Part | string {
  try {
    const { pieces, ...part } = readJson(text, 'part', readAll);
    const isNumbered = Number.isInteger(part.shard) && part.shard >= 1 && part.shard <= part.of;
    if (!isNumbered) return `part.shard is ${part.shard} of ${part.of}`;
    const read = [...pieces].map(([id, piece]) => {
      return [id, { ...piece, times: new Map(piece.times.map(({ file, ms }) => [file, ms])) }] as const;
    });
    return { ...part, pieces: new Map(read) };
  } catch (error) {
    if (error instanceof NotAsAgreed) return error.message;
    throw error;
  }
}

/**
 * A key of who runs what, and of all that is run. Each machine computes the division for itself, from the list of test
 * files that its runner gives: where two keys differ, somebody saw other files, and a test may have been run by nobody.
 */
export function divisionKey(shards: readonly Shard[]): string {
  const all = shards.map(({ pieces }) => [...pieces].map(([task, files]) => [task, files ?? null]));
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}
