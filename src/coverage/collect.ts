import { constants } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { INDEX_FILE, indexText, REPORTS_FOLDER } from './part-index.ts';
import { openReports, readOpened, repositoryOf, rootsOf } from './reports.ts';
import { type FoundFile, nameOf } from './reports-find.ts';
import { unusable } from './shard-folder.ts';
import type { ReadOptions, ReportFile } from './types.ts';

/**
 * Copies every report of this shard, as it is, to `<folder>/reports`, with what the job that reads them all needs to
 * know. They are read first, so that a damaged or an old one is refused where it was written; one that names no source
 * file is none the worse for it, since the tests of another shard may run some.
 *
 * @param folder absolute; made by somebody else
 * @param check what else a report has to pass
 * @returns how many were copied
 * @throws ConfigurationError PIPE-COVERAGE-050 the folder can't take them, and what readReports throws but -001 and -003
 */
export async function collectReports(
  options: ReadOptions,
  folder: string,
  check: (reports: readonly ReportFile[]) => Promise<void>,
): Promise<number> {
  const { workspace, tracked, signal } = options;
  const opened = await openReports(options, await repositoryOf(options), 'listed');
  const coverage = await readOpened(opened.reports, undefined, signal);
  const empty = opened.empty.map(({ name }) => ({ path: name, format: '', files: 0 }));
  await check([...coverage.reports, ...empty]);
  const known = new Set(tracked);
  const into = await reportsFolder(folder);
  const reports = opened.files.map(({ path, isNamed }) => ({ path: nameOf(workspace, path), isNamed }));
  const index = {
    roots: await rootsOf(workspace),
    generated: [...coverage.files.keys()].filter((path) => !known.has(path)),
    missing: opened.missing.map(({ report }) => report),
    reports,
  };
  await copyAll(opened.files, into, signal);
  await writeFile(join(into, INDEX_FILE), indexText(index), { flag: 'wx' });
  return reports.length;
}

/** A new folder: what lies there already, a link among it, was put there by the project's code. */
async function reportsFolder(folder: string): Promise<string> {
  const into = join(folder, REPORTS_FOLDER);
  try {
    await mkdir(into);
    return into;
  } catch (error) {
    throw unusable('collect', into, `\`${REPORTS_FOLDER}\` can’t be made in it (${codeOf(error)})`, error);
  }
}

async function copyAll(files: readonly FoundFile[], into: string, signal: AbortSignal | undefined): Promise<void> {
  for (const [index, { path }] of files.entries()) {
    signal?.throwIfAborted();
    try {
      await copyFile(path, join(into, String(index + 1)), constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    } catch (error) {
      throw unusable('collect', into, `a report could not be copied to it (${codeOf(error)})`, error);
    }
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? String(error);
