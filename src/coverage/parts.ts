import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ProjectFailure, shown } from '../runtime/errors.ts';
import { readTextFile } from '../runtime/files.ts';
import { INDEX_FILE, LARGEST_INDEX, type PartIndex, REPORTS_FOLDER, readIndex } from './part-index.ts';
import type { Repository } from './paths.ts';
import { type EmptyFile, readOpened, repositoryOf } from './reports.ts';
import { noSuchReport, requireFresh } from './reports-find.ts';
import { type Piece, type Report, recognise } from './reports-read.ts';
import type { Coverage, ReadOptions } from './types.ts';

/** As many shards as the gate divides into. */
const MOST_PARTS = 1_000;

/** Bytes of all reports together. */
const LARGEST = 16 * 1024 * 1024 * 1024;

interface Part {
  /** Name of its folder. */
  readonly name: string;
  /** Absolute folder of the reports. */
  readonly folder: string;
  readonly index: PartIndex;
}

/** Reports of all shards, read as one. */
export interface Merged {
  readonly coverage: Coverage;
  readonly parts: number;
  /** Reports of several shards that hold numbers in place of what was run: they can't be joined exactly. */
  readonly inexact: readonly string[];
}

/**
 * Reads the reports of all shards as if one job had written them: what each shard wrote to one place is one report, and
 * reports that lay side by side still do. What the shards left is hostile: nothing is followed out of their folders.
 *
 * @param folder absolute, with a folder for each shard
 * @throws ProjectFailure PIPE-COVERAGE-051 for a part that is no such thing, and what readReports throws
 */
export async function readParts(options: Omit<ReadOptions, 'reports'>, folder: string): Promise<Merged> {
  const parts: Part[] = [];
  for (const name of await partNames(folder)) parts.push(await readPart(folder, name));
  requireNamed(parts);
  const repository = await repositoryOf(options);
  const { reports, empty } = await joined(parts, repository, options);
  const coverage = await readOpened(reports, empty, options.signal);
  const several = new Set(reports.filter(({ pieces }) => pieces.length > 1).map(({ name }) => name));
  const inexact = coverage.reports.filter(({ path, format }) => several.has(path) && !EXACT.has(format));
  return { coverage, parts: parts.length, inexact: inexact.map(({ path }) => path) };
}

/** Formats that say which line, branch and function was run. The others have numbers of branches, or only numbers. */
const EXACT: ReadonlySet<string> = new Set(['istanbul', 'lcov', 'go']);

/** Folders of the shards, sorted, so that every run reads them in one order. */
async function partNames(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).sort();
  if (names.length <= MOST_PARTS) return names;
  throw unusablePart(folder, `${names.length} entries lie there instead of at most ${MOST_PARTS}`);
}

async function readPart(folder: string, name: string): Promise<Part> {
  const place = join(folder, name, REPORTS_FOLDER);
  const index = join(place, INDEX_FILE);
  // Each on its own: a link at any of them could lead anywhere.
  if (!(await placed(join(folder, name), name)).isDirectory()) throw unusablePart(name, 'it is no folder');
  if (!(await placed(place, name)).isDirectory()) throw unusablePart(name, `its \`${REPORTS_FOLDER}\` is no folder`);
  if (!(await placed(index, name)).isFile()) throw unusablePart(name, `its \`${INDEX_FILE}\` is no file`);
  const text = await readTextFile(index, LARGEST_INDEX);
  const read = readIndex(text ?? '');
  if (typeof read === 'string') throw unusablePart(name, read);
  return { name, folder: place, index: read };
}

async function placed(path: string, name: string): Promise<Stats> {
  try {
    return await lstat(path);
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw unusablePart(name, code === 'ENOENT' ? 'it holds no collected reports' : code, error);
  }
}

/** A name or glob of `reports` that no shard has a file for. */
function requireNamed(parts: readonly Part[]): void {
  const [first, ...others] = parts.map(({ index }) => index.missing);
  const absent = first?.find((report) => others.every((missing) => missing.includes(report)));
  if (absent !== undefined) throw noSuchReport({ report: absent, near: undefined });
}

/** The reports of all parts by the place that each had in its shard, those that hold nothing for themselves. */
async function joined(
  parts: readonly Part[],
  own: Repository,
  { since, signal }: Pick<ReadOptions, 'since' | 'signal'>,
): Promise<{ readonly reports: readonly Report[]; readonly empty: readonly EmptyFile[] }> {
  const reports = new Map<string, Report>();
  const empty: EmptyFile[] = [];
  let size = 0;
  for (const part of parts) {
    const generated = new Set(part.index.generated);
    const isThere = async (path: string) => generated.has(path);
    const repository = { ...own, roots: part.index.roots, isThere };
    for (const [index, { path: name, isNamed }] of part.index.reports.entries()) {
      signal?.throwIfAborted();
      const path = join(part.folder, String(index + 1));
      const found = await placed(path, part.name);
      size += found.size;
      if (!found.isFile()) throw unusablePart(part.name, `report ${index + 1} is no file`);
      if (size > LARGEST) throw unusablePart(part.name, `with it the reports are larger than ${LARGEST} bytes`);
      const piece: Piece = { path, name: `${part.name}: ${name}`, repository };
      await requireFresh(path, piece.name, since);
      const format = recognise(path, piece.name);
      if ('nothing' in format) empty.push({ name, given: format.nothing });
      else put(reports, { name, isNamed, format, pieces: [piece] });
    }
  }
  return { reports: [...reports.values()], empty };
}

/** Adds the pieces to the report of the same place; one of another format is a report of its own. */
function put(reports: Map<string, Report>, report: Report): void {
  const key = `${report.format.name} ${report.name}`;
  const known = reports.get(key);
  const [first, ...others] = known?.pieces ?? report.pieces;
  const pieces: Report['pieces'] = known === undefined ? report.pieces : [first, ...others, ...report.pieces];
  reports.set(key, { ...report, isNamed: report.isNamed || known?.isNamed === true, pieces });
}

function unusablePart(name: string, reason: string, cause?: unknown): ProjectFailure {
  return new ProjectFailure(
    {
      code: 'PIPE-COVERAGE-051',
      what: `the reports of the shard ${shown(name, 200)} can’t be read: ${reason}`,
      accepted: 'what `coverage` with `collect` has put into the part of each shard',
      remedy: 'look at the job of this shard, which has to end its steps, and run it again',
      state: 'no coverage was decided',
    },
    { cause },
  );
}
