import { basename, dirname } from 'node:path';
import { ConfigurationError, ProjectFailure, shown } from '../runtime/errors.ts';
import type { FileUnits } from './file-units.ts';
import type { Format, SourceFile } from './formats/format.ts';
import { formatOf, formats } from './formats/formats.ts';
import type { Earlier } from './formats/istanbul-earlier.ts';
import { openSource, refill } from './formats/source.ts';
import { mergeFiles } from './merge.ts';
import { type Repository, resolvePaths } from './paths.ts';

/** Bytes by which a format is recognised. */
const HEAD = 64 * 1024;

/** A report's file: the whole report, or what one shard has written of it. */
export interface Piece {
  /** Absolute. */
  readonly path: string;
  /** For messages. */
  readonly name: string;
  /** What the paths in it are paths of. */
  readonly repository: Repository;
}

/** One report; of a run with shards as many pieces as shards have written it. */
export interface Report {
  /** For messages and results: from the workspace where it lies in it. */
  readonly name: string;
  /** Whether it was named by its very path. */
  readonly isNamed: boolean;
  readonly format: Format;
  readonly pieces: readonly [Piece, ...Piece[]];
}

/** Source files of a report by their path in the repository. */
export type ReadFiles = Map<string, FileUnits>;

export function add(merged: ReadFiles, path: string, units: FileUnits): void {
  const known = merged.get(path);
  merged.set(path, known === undefined ? units : mergeFiles(known, units));
}

/** The format of a file, or what it holds instead of a report. @throws ConfigurationError PIPE-COVERAGE-002, -008 */
export function recognise(path: string, name: string): Format | { readonly nothing: string } {
  const head = headOf(path, name);
  if (head.trim() === '') return { nothing: 'the file holds nothing' };
  const format = formatOf(head);
  if (format !== undefined) return format;
  if (/^\s*\{\s*\}\s*$/.test(head)) return { nothing: '{}' };
  throw new ConfigurationError({
    code: 'PIPE-COVERAGE-002',
    what: `${shown(name, 200)} is no coverage report of a known format`,
    given: `it starts with ${shown(head.trimStart().slice(0, 60))}`,
    accepted: formats.map(({ title }) => title).join(', '),
    remedy: 'name the right files in `reports`, or let the test runner write one of these formats',
    example: 'reports: coverage/lcov.info',
  });
}

function headOf(path: string, name: string): string {
  const source = openSource(path, name);
  try {
    refill(source);
    const start = source.bytes.subarray(0, 3).toString('hex') === 'efbbbf' ? 3 : 0;
    return source.bytes.toString('latin1', start, Math.min(source.end, HEAD));
  } finally {
    source.close();
  }
}

export const NAMES_NOTHING = 'it names no source file';

export function emptyReport(name: string, given: string): ProjectFailure {
  return new ProjectFailure({
    code: 'PIPE-COVERAGE-003',
    what: `the coverage report ${shown(name, 200)} is empty`,
    given,
    remedy: 'look whether the tests ran at all, and which files the test runner includes in its coverage',
    state: 'no coverage was decided',
  });
}

/** Reports by folder, the richest format first, folders in order. */
export function inFolders(reports: readonly Report[]): Report[][] {
  const folders = new Map<string, Report[]>();
  for (const report of reports) {
    const folder = dirname(report.name);
    const group = folders.get(folder);
    if (group === undefined) folders.set(folder, [report]);
    else group.push(report);
  }
  const rank = ({ format }: Report) => formats.indexOf(format);
  const order = (a: Report, b: Report) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1);
  return [...folders.values()].map((group) => group.sort(order));
}

/** A report that was read whole, and those beside it that were not. */
export interface Richer {
  readonly paths: ReadonlySet<string>;
  readonly besides: string[];
}

/** The names of istanbul's reporters, which jest, nyc, c8 and vitest use: files that one run writes side by side. */
const OF_ISTANBUL: ReadonlySet<string> = new Set([
  'coverage-final.json',
  'coverage-summary.json',
  'lcov.info',
  'clover.xml',
  'cobertura-coverage.xml',
]);

export const isOfIstanbul = ({ name }: Report) => OF_ISTANBUL.has(basename(name));

/**
 * Which of the reports read in this folder holds the same in more detail: the one that knows the first file of this
 * one, since one producer writes the same files into each format.
 */
export async function richer(
  { pieces, format }: Report,
  read: readonly Richer[],
  signal: AbortSignal | undefined,
): Promise<Richer | undefined> {
  if (read.length === 0) return undefined;
  for (const piece of pieces) {
    const first: SourceFile[] = [];
    await scan(piece, format, signal, (file) => {
      first.push(file);
      return false;
    });
    const [path] = await resolvePaths(first, piece.repository);
    if (path !== undefined) return read.find(({ paths }) => paths.has(path));
  }
  return undefined;
}

async function scan(
  { path, name }: Piece,
  format: Format,
  signal: AbortSignal | undefined,
  take: (file: SourceFile) => boolean,
  earlier?: Earlier,
): Promise<void> {
  const source = openSource(path, name, signal);
  try {
    refill(source);
    if (source.bytes.subarray(0, 3).toString('hex') === 'efbbbf') source.at = 3;
    await format.read(source, take, earlier);
  } finally {
    source.close();
  }
}

/**
 * The files of one piece of a report; none where it names none.
 *
 * @throws ProjectFailure PIPE-COVERAGE-005 a file outside of the repository, and what the format's reader throws
 */
export async function readPiece(
  piece: Piece,
  format: Format,
  signal: AbortSignal | undefined,
  earlier: Earlier | undefined,
): Promise<ReadFiles> {
  const files = new Map<string, SourceFile>();
  await scan(
    piece,
    format,
    signal,
    (file) => {
      const known = files.get(file.path);
      files.set(file.path, known === undefined ? file : { ...file, units: mergeFiles(known.units, file.units) });
      return true;
    },
    earlier,
  );
  const all = [...files.values()];
  const paths = await resolvePaths(all, piece.repository);
  const units: ReadFiles = new Map();
  const outside: string[] = [];
  for (const [index, file] of all.entries()) {
    const path = paths[index];
    if (path === undefined) outside.push(file.path);
    else add(units, path, file.units);
  }
  if (outside.length > 0) throw outsideFile(piece.name, outside);
  return units;
}

function outsideFile(name: string, [first = '', ...others]: readonly string[]): ProjectFailure {
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return new ProjectFailure({
    code: 'PIPE-COVERAGE-005',
    what: `the coverage report ${shown(name, 200)} holds a source file that is not in the repository`,
    given: `${shown(first, 200)}${more}`,
    accepted: 'paths of tracked files, or of files in the checkout',
    remedy: 'leave the file out of the coverage in the settings of the test runner, or name only the right reports',
    state: 'no coverage was decided',
  });
}
