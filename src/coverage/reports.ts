import { realpath } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import { ConfigurationError, ProjectFailure, shown } from '../runtime/errors.ts';
import { readTextFile } from '../runtime/files.ts';
import type { Format, SourceFile } from './formats/format.ts';
import { formatOf, formats } from './formats/formats.ts';
import { istanbul } from './formats/istanbul.ts';
import { type Earlier, rememberEarlier } from './formats/istanbul-earlier.ts';
import { openSource, refill } from './formats/source.ts';
import { countsOf, type FileUnits, mergeFiles, sumCounts } from './merge.ts';
import { describeRepository, type Repository, resolvePaths } from './paths.ts';
import { type FoundFile, findReports, nameOf, requireFresh } from './reports-find.ts';
import type { Coverage, FileCoverage, ReadOptions, ReportFile } from './types.ts';

/** Bytes by which a format is recognised. */
const HEAD = 64 * 1024;

interface Report extends FoundFile {
  /** For messages. */
  readonly name: string;
  readonly format: Format;
}

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
  const repository = await repositoryOf(options);
  const isTracked = (path: string) => repository.tracked.has(nameOf(options.workspace, path));
  const found = await findReports({ ...options, reports: options.reports, isTracked });
  const reports: Report[] = [];
  for (const file of found) reports.push(await recognise(file, options));
  const merged = new Map<string, FileUnits>();
  const read: ReportFile[] = [];
  const shards = reports.filter(({ format }) => format === istanbul).length > 1 ? rememberEarlier() : undefined;
  try {
    for (const folder of inFolders(reports)) await readFolder(folder, repository, options, merged, read, shards);
  } finally {
    shards?.close();
  }
  return summed(read, merged);
}

/** Reads the reports of one folder into `merged`, and their names into `read`. */
async function readFolder(
  reports: readonly Report[],
  repository: Repository,
  options: ReadOptions,
  merged: Map<string, FileUnits>,
  read: ReportFile[],
  earlier: Earlier | undefined,
): Promise<void> {
  const rich: Richer[] = [];
  for (const report of reports) {
    const same = isOfIstanbul(report) && !report.isNamed ? await richer(report, rich, repository, options) : undefined;
    if (same !== undefined) {
      same.besides.push(report.name);
      continue;
    }
    const units = await readReport(report, repository, options, earlier);
    for (const [path, one] of units) add(merged, path, one);
    const besides: string[] = [];
    if (isOfIstanbul(report)) rich.push({ paths: new Set(units.keys()), besides });
    read.push({ path: report.name, format: report.format.name, files: units.size, besides });
  }
}

function add(merged: Map<string, FileUnits>, path: string, units: FileUnits): void {
  const known = merged.get(path);
  merged.set(path, known === undefined ? units : mergeFiles(known, units));
}

function summed(reports: readonly ReportFile[], merged: ReadonlyMap<string, FileUnits>): Coverage {
  const files = new Map<string, FileCoverage>();
  for (const path of [...merged.keys()].sort()) {
    const units = merged.get(path);
    if (units === undefined) continue;
    const { lines = new Uint32Array(0), hits, branches, statements } = units;
    files.set(path, { path, counts: countsOf(units), lines, hits, parts: { branches, statements } });
  }
  const totals = sumCounts([...files.values()].map(({ counts }) => counts));
  return { reports, files, totals };
}

async function repositoryOf({ workspace, workingDirectory, tracked }: ReadOptions): Promise<Repository> {
  const roots = [...new Set([workspace, await realpath(workspace)])].map((root) => root.replace(/(.)\/+$/, '$1'));
  const project = nameOf(workspace, workingDirectory);
  const modules: { module: string; folder: string }[] = [];
  for (const path of tracked.filter((file) => posix.basename(file) === 'go.mod')) {
    const text = await readTextFile(join(workspace, path), undefined, workspace);
    const module = /^[ \t]*module[ \t]+"?([^\s"]+)"?/m.exec(text ?? '')?.[1];
    if (module !== undefined) modules.push({ module, folder: posix.dirname(path) === '.' ? '' : posix.dirname(path) });
  }
  const isRoot = project === workspace || project === workingDirectory;
  return describeRepository({ roots, project: isRoot ? '' : project, tracked, modules });
}

/** The format of a file. @throws on one that is old, empty, or of no format */
async function recognise(file: FoundFile, { workspace, since, signal }: ReadOptions): Promise<Report> {
  const name = nameOf(workspace, file.path);
  signal?.throwIfAborted();
  await requireFresh(file.path, name, since);
  const head = headOf(file.path, name);
  if (head.trim() === '') throw emptyReport(name, 'the file holds nothing');
  const format = formatOf(head);
  if (format !== undefined) return { ...file, name, format };
  if (/^\s*\{\s*\}\s*$/.test(head)) throw emptyReport(name, '{}');
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

function emptyReport(name: string, given: string): ProjectFailure {
  return new ProjectFailure({
    code: 'PIPE-COVERAGE-003',
    what: `the coverage report ${shown(name, 200)} is empty`,
    given,
    remedy: 'look whether the tests ran at all, and which files the test runner includes in its coverage',
    state: 'no coverage was decided',
  });
}

/** Reports by folder, the richest format first, folders in order. */
function inFolders(reports: readonly Report[]): Report[][] {
  const folders = new Map<string, Report[]>();
  for (const report of reports) {
    const folder = dirname(report.path);
    const group = folders.get(folder);
    if (group === undefined) folders.set(folder, [report]);
    else group.push(report);
  }
  const rank = ({ format }: Report) => formats.indexOf(format);
  const order = (a: Report, b: Report) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1);
  return [...folders.values()].map((group) => group.sort(order));
}

/** A report that was read whole, and those beside it that were not. */
interface Richer {
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

const isOfIstanbul = ({ path }: Report) => OF_ISTANBUL.has(basename(path));

/**
 * Which of the reports read in this folder holds the same in more detail: the one that knows the first file of this
 * one, since one producer writes the same files into each format.
 */
async function richer(
  report: Report,
  read: readonly Richer[],
  repository: Repository,
  { signal }: ReadOptions,
): Promise<Richer | undefined> {
  if (read.length === 0) return undefined;
  const first: SourceFile[] = [];
  await scan(report, signal, (file) => {
    first.push(file);
    return false;
  });
  const [path] = await resolvePaths(first, repository);
  return path === undefined ? undefined : read.find(({ paths }) => paths.has(path));
}

async function scan(
  report: Report,
  signal: AbortSignal | undefined,
  take: (file: SourceFile) => boolean,
  earlier?: Earlier,
): Promise<void> {
  const source = openSource(report.path, report.name, signal);
  try {
    refill(source);
    if (source.bytes.subarray(0, 3).toString('hex') === 'efbbbf') source.at = 3;
    await report.format.read(source, take, earlier);
  } finally {
    source.close();
  }
}

/** The files of one report by their path in the repository. */
async function readReport(
  report: Report,
  repository: Repository,
  { signal }: ReadOptions,
  earlier: Earlier | undefined,
): Promise<ReadonlyMap<string, FileUnits>> {
  const files = new Map<string, SourceFile>();
  await scan(
    report,
    signal,
    (file) => {
      const known = files.get(file.path);
      files.set(file.path, known === undefined ? file : { ...file, units: mergeFiles(known.units, file.units) });
      return true;
    },
    earlier,
  );
  if (files.size === 0) throw emptyReport(report.name, 'it names no source file');
  const all = [...files.values()];
  const paths = await resolvePaths(all, repository);
  const units = new Map<string, FileUnits>();
  const outside: string[] = [];
  for (const [index, file] of all.entries()) {
    const path = paths[index];
    if (path === undefined) {
      outside.push(file.path);
      continue;
    }
    add(units, path, file.units);
  }
  if (outside.length > 0) throw outsideFile(report.name, outside);
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
