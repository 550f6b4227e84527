import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { ConfigurationError, nearest, ProjectFailure, shown } from '../runtime/errors.ts';
import { unreadable } from './formats/faults.ts';

/** A report's file, and whether it was named by its very path. */
export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  readonly isNamed: boolean;
}

/** Names that the producers give their reports when nobody tells them otherwise. */
const USUAL =
  /^(?:coverage-final\.json|coverage-summary\.json|lcov\.info|.*\.lcov|(?:cobertura(?:-coverage)?|coverage(?:\.cobertura)?|clover)\.xml|jacoco.*\.xml|(?:cover|coverage|c)\.out|coverage\.txt|.*\.coverprofile)$/i;

/** Folders in which no report of the project lies. */
const NOT_READ: ReadonlySet<string> = new Set(['node_modules', '.git', '.venv', 'site-packages', '__pycache__']);

const MOST_ENTRIES = 500_000;
const DEEPEST = 40;

/** What was found, and which names and globs have no file. */
export interface Found {
  readonly files: readonly FoundFile[];
  readonly missing: readonly Missing[];
}

/** A name or glob without a file. */
export interface Missing {
  readonly report: string;
  /** A report that is there and may be meant. */
  readonly near: string | undefined;
}

/**
 * The report files of a project: those that `reports` names (paths or globs from the working directory), or those with
 * a usual name anywhere below it. A usual name that git tracks is a fixture, no report.
 *
 * @throws ConfigurationError PIPE-COVERAGE-009 too many entries
 */
export async function findReports(given: {
  readonly workingDirectory: string;
  readonly reports: readonly string[] | undefined;
  /** Whether git tracks the file at an absolute path. */
  readonly isTracked: (path: string) => boolean;
}): Promise<Found> {
  const { workingDirectory, reports, isTracked } = given;
  if (reports !== undefined) return await named(workingDirectory, reports);
  const files = await filesBelow(workingDirectory);
  const usual = files.filter((file) => USUAL.test(file.slice(file.lastIndexOf('/') + 1)));
  const all = usual.map((file) => ({ path: join(workingDirectory, file), isNamed: false }));
  return { files: all.filter(({ path }) => !isTracked(path)), missing: [] };
}

async function named(folder: string, reports: readonly string[]): Promise<Found> {
  const found = new Map<string, FoundFile>();
  const missing: Missing[] = [];
  let files: readonly string[] | undefined;
  for (const report of reports) {
    const path = isAbsolute(report) ? report : join(folder, report);
    if (await isFile(path)) {
      found.set(path, { path, isNamed: true });
      continue;
    }
    files ??= await filesBelow(folder);
    const matches = await matching(files, report);
    if (matches.length === 0) missing.push({ report, near: nearReport(report, files) });
    for (const match of matches) {
      const place = join(folder, match);
      if (!found.has(place)) found.set(place, { path: place, isNamed: false });
    }
  }
  return { files: [...found.values()], missing };
}

async function matching(files: readonly string[], pattern: string): Promise<readonly string[]> {
  const { default: picomatch } = await import('picomatch');
  const isMatch = picomatch(pattern.replace(/^\.\//, ''), { dot: true });
  return files.filter((file) => isMatch(file));
}

function nearReport(report: string, files: readonly string[]): string | undefined {
  const usual = files.filter((file) => USUAL.test(file.slice(file.lastIndexOf('/') + 1)));
  return nearest(report, usual) ?? usual[0];
}

export function noSuchReport({ report, near }: Missing): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-COVERAGE-001',
    what: `no file matches ${shown(report)} in \`reports\``,
    accepted: 'paths or globs of report files, from the working directory',
    example: near ?? 'coverage/lcov.info',
    remedy: 'the tests write the report: look whether they ran with coverage switched on, and where it is written to',
  });
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return false;
    throw unreadable(path, error);
  }
}

/** Files below a folder, relative with `/`, sorted; links are not followed. */
async function filesBelow(root: string): Promise<readonly string[]> {
  const files: string[] = [];
  let seen = 0;
  let folders = [''];
  for (let depth = 0; folders.length > 0 && depth < DEEPEST; depth += 1) {
    const below: string[] = [];
    for (const folder of folders) {
      const entries = await entriesOf(join(root, folder));
      seen += entries.length;
      if (seen > MOST_ENTRIES) throw tooManyEntries(root);
      for (const entry of entries) if (entry.isFile()) files.push(`${folder}${entry.name}`);
      const inside = entries.filter((entry) => entry.isDirectory() && !NOT_READ.has(entry.name));
      for (const { name } of inside) below.push(`${folder}${name}/`);
    }
    folders = below;
  }
  return files.sort();
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw unreadable(folder, error);
  }
}

function tooManyEntries(root: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-COVERAGE-009',
    what: `${shown(root, 200)} holds too many files to look for coverage reports in`,
    given: `more than ${MOST_ENTRIES} files and folders`,
    remedy: 'name the reports by their paths in `reports`',
    example: 'coverage/lcov.info',
  });
}

/**
 * How much older than `since` a report may look, in milliseconds: kernels stamp files with the time of their last tick.
 */
const TICK = 20;

/** @throws ProjectFailure PIPE-COVERAGE-004 for a report that was last written before this run */
export async function requireFresh(path: string, name: string, since: number): Promise<void> {
  const { mtimeMs } = await stat(path).catch((error: unknown) => {
    throw unreadable(name, error);
  });
  if (mtimeMs + TICK >= since) return;
  throw new ProjectFailure({
    code: 'PIPE-COVERAGE-004',
    what: `the coverage report ${shown(name, 200)} was not written by this run`,
    given: `last written ${new Date(mtimeMs).toISOString()}, the run's tests started ${new Date(since).toISOString()}`,
    remedy:
      'let the tests of this run write it, name only fresh ones in `reports`, or keep old ones out of the checkout',
    state: 'no coverage was decided',
  });
}

/** A path for messages and results: from the workspace where it lies in it. */
export function nameOf(workspace: string, path: string): string {
  const way = relative(workspace, path);
  return way === '' || way.startsWith('..') || isAbsolute(way) ? path : way.split(sep).join('/');
}
