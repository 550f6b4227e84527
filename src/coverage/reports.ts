import { realpath } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { readTextFile } from '../runtime/files.ts';
import type { FileUnits } from './file-units.ts';
import { istanbul } from './formats/istanbul.ts';
import { type Earlier, rememberEarlier } from './formats/istanbul-earlier.ts';
import { countsOf, sumCounts } from './merge.ts';
import { describeRepository, type Repository } from './paths.ts';
import { settled } from './range-merge.ts';
import { type FoundFile, findReports, type Missing, nameOf, noSuchReport, requireFresh } from './reports-find.ts';
import {
  add,
  emptyReport,
  inFolders,
  isOfIstanbul,
  NAMES_NOTHING,
  type ReadFiles,
  type Report,
  type Richer,
  readPiece,
  recognise,
  richer,
} from './reports-read.ts';
import type { Coverage, FileCoverage, ReadOptions, ReportFile } from './types.ts';

/**
 * Reads every coverage report of a run as one: finds them (or takes those of `options.reports`), recognises each by its
 * content, reads it as a stream, brings its paths to the repository, merges and sums.
 *
 * When several formats of one producer lie in a folder, only the richest is read; the others are named in
 * `ReportFile.besides`. A report named by its very path is always read. No report at all is no error here: `reports` is
 * empty then.
 *
 * Memory: a window of 2 MiB, and what is kept of files, lines and units; no text of a report is ever held whole. Lines
 * take 5 bytes each, which for Go, where a block names a range of them, can be more than the report itself (at most
 * 20,000,000 lines). Measured by bench/coverage.ts for istanbul, lcov and cobertura: 500 MB, and 100,000 files, stay
 * below 768 MB resident.
 *
 * @throws ConfigurationError PIPE-COVERAGE-001 nothing matches, -002 unknown format, -008 not readable, -009 too many
 *   files to look through
 * @throws ProjectFailure PIPE-COVERAGE-003 empty, -004 not of this run, -005 a file outside the repository, -006
 *   damaged, -007 beyond a limit
 */
export async function readReports(options: ReadOptions): Promise<Coverage> {
  const { reports, empty, missing } = await openReports(options, await repositoryOf(options), 'refused');
  const [absent] = missing;
  if (absent !== undefined) throw noSuchReport(absent);
  return await readOpened(reports, empty, options.signal);
}

/** Reports that were found, and what was found in place of others. */
export interface Opened {
  readonly reports: readonly Report[];
  /** Files that hold nothing. */
  readonly empty: readonly EmptyFile[];
  readonly missing: readonly Missing[];
  /** All files that were found. */
  readonly files: readonly FoundFile[];
}

export interface EmptyFile {
  /** As in {@link Report}. */
  readonly name: string;
  /** What it holds instead. */
  readonly given: string;
}

/**
 * Finds the reports and recognises each.
 *
 * @param empty whether files that hold nothing are refused at once
 * @throws what {@link readReports} throws, without -001 and what is found in the reports themselves
 */
export async function openReports(
  options: Omit<ReadOptions, 'tracked'>,
  repository: Repository,
  empty: 'refused' | 'listed',
): Promise<Opened> {
  const { workspace, workingDirectory, since, signal } = options;
  const isTracked = (path: string) => repository.tracked.has(nameOf(workspace, path));
  const { files, missing } = await findReports({ workingDirectory, reports: options.reports, isTracked });
  const opened = { reports: [] as Report[], empty: [] as EmptyFile[], missing, files };
  // A name that is missing is told before anything that is wrong with the others.
  if (missing.length > 0 && empty === 'refused') return opened;
  for (const { path, isNamed } of files) {
    const name = nameOf(workspace, path);
    signal?.throwIfAborted();
    await requireFresh(path, name, since);
    const format = recognise(path, name);
    if (!('nothing' in format)) opened.reports.push({ name, isNamed, format, pieces: [{ path, name, repository }] });
    else if (empty === 'refused') throw emptyReport(name, format.nothing);
    else opened.empty.push({ name, given: format.nothing });
  }
  return opened;
}

/**
 * Reads reports as one.
 *
 * @param empty files that hold nothing, of which another piece has to hold something; undefined where a report may
 *   well be empty: a shard's, whose tests ran no line of the project
 */
export async function readOpened(
  reports: readonly Report[],
  empty: readonly EmptyFile[] | undefined,
  signal: AbortSignal | undefined,
): Promise<Coverage> {
  const merged: ReadFiles = new Map();
  const read: ReportFile[] = [];
  const pieces = reports.filter(({ format }) => format === istanbul).flatMap((report) => report.pieces);
  const earlier = pieces.length > 1 ? rememberEarlier() : undefined;
  const mayBeEmpty = empty === undefined;
  try {
    for (const folder of inFolders(reports)) await readFolder(folder, { merged, read, earlier, mayBeEmpty, signal });
  } finally {
    earlier?.close();
  }
  const names = new Set(reports.map(({ name }) => name));
  const nothing = empty?.find(({ name }) => !names.has(name));
  if (nothing !== undefined) throw emptyReport(nothing.name, nothing.given);
  return summed(read, merged);
}

/** What is known so far while reports are read. */
interface Reading {
  readonly merged: ReadFiles;
  readonly read: ReportFile[];
  readonly earlier: Earlier | undefined;
  readonly mayBeEmpty: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Reads the reports of one folder into `merged`, and their names into `read`. */
async function readFolder(reports: readonly Report[], reading: Reading): Promise<void> {
  const { merged, read, earlier, mayBeEmpty, signal } = reading;
  const rich: Richer[] = [];
  for (const report of reports) {
    const { name, format, pieces, isNamed } = report;
    const same = isOfIstanbul(report) && !isNamed ? await richer(report, rich, signal) : undefined;
    if (same !== undefined) {
      same.besides.push(name);
      continue;
    }
    const paths = new Set<string>();
    for (const piece of pieces)
      for (const [path, units] of await readPiece(piece, format, signal, earlier)) {
        add(merged, path, units);
        paths.add(path);
      }
    if (paths.size === 0 && !mayBeEmpty) throw emptyReport(name, NAMES_NOTHING);
    const besides: string[] = [];
    if (isOfIstanbul(report)) rich.push({ paths, besides });
    read.push({ path: name, format: format.name, files: paths.size, besides });
  }
}

function summed(reports: readonly ReportFile[], merged: ReadonlyMap<string, FileUnits>): Coverage {
  const files = new Map<string, FileCoverage>();
  for (const path of [...merged.keys()].sort()) {
    const open = merged.get(path);
    if (open === undefined) continue;
    const units = settled(open);
    const { lines = new Uint32Array(0), hits, branches, statements } = units;
    files.set(path, { path, counts: countsOf(units), lines, hits, parts: { branches, statements } });
  }
  const totals = sumCounts([...files.values()].map(({ counts }) => counts));
  return { reports, files, totals };
}

/** Absolute paths of a checkout: as given, and with links resolved. */
export async function rootsOf(workspace: string): Promise<readonly string[]> {
  return [...new Set([workspace, await realpath(workspace)])].map((root) => root.replace(/(.)\/+$/, '$1'));
}

/** What paths in reports are looked up in. */
export async function repositoryOf(
  given: Pick<ReadOptions, 'workspace' | 'workingDirectory' | 'tracked'>,
): Promise<Repository> {
  const { workspace, workingDirectory, tracked } = given;
  const project = nameOf(workspace, workingDirectory);
  const modules: { module: string; folder: string }[] = [];
  for (const path of tracked.filter((file) => posix.basename(file) === 'go.mod')) {
    const text = await readTextFile(join(workspace, path), undefined, workspace);
    const module = /^[ \t]*module[ \t]+"?([^\s"]+)"?/m.exec(text ?? '')?.[1];
    if (module !== undefined) modules.push({ module, folder: posix.dirname(path) === '.' ? '' : posix.dirname(path) });
  }
  const isRoot = project === workspace || project === workingDirectory;
  return describeRepository({ roots: await rootsOf(workspace), project: isRoot ? '' : project, tracked, modules });
}
