import { realpath } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { fields, mapUpTo, NotAsAgreed, numberUpTo, readJson } from '../../report/foreign.ts';
import { ConfigurationError } from '../../runtime/errors.ts';
import { contains, readTextFile } from '../../runtime/files.ts';

/** What the reporters of this room leave: every test file that ran, and how its tests ended. */
export interface RunnerRecord {
  /** Milliseconds by file, from the workspace with `/`. */
  readonly times: ReadonlyMap<string, number>;
  /** Tests that are marked as to do count as skipped. */
  readonly tests: { readonly passed: number; readonly failed: number; readonly skipped: number };
}

/** Largest record in bytes. */
const LARGEST = 64 * 1024 * 1024;
const DAY = 86_400_000;

const readAll = fields({
  files: mapUpTo(200_000, /^[^\u0000-\u001f]{1,4096}$/, numberUpTo(30 * DAY)),
  passed: numberUpTo(1e9),
  failed: numberUpTo(1e9),
  skipped: numberUpTo(1e9),
});

/**
 * Reads what a reporter left. The file lay within reach of the tests, so it is as foreign as they are.
 *
 * @returns undefined where there is none, or something else
 */
export async function readRecordFile(record: string, workspace: string): Promise<RunnerRecord | undefined> {
  const text = await textOf(record);
  if (text === undefined) return undefined;
  const root = await realpath(workspace);
  try {
    const { files, passed, failed, skipped } = readJson(text, 'times', readAll);
    const inside = [...files].filter(([file]) => contains(root, file));
    const times = inside.map(([file, ms]) => [relative(root, file).split(sep).join('/'), ms] as const);
    return { times: new Map(times), tests: { passed, failed, skipped } };
  } catch (error) {
    if (error instanceof NotAsAgreed) return undefined;
    throw error;
  }
}

/** A file that is no text, or larger than any record, is none. */
async function textOf(record: string): Promise<string | undefined> {
  try {
    return await readTextFile(record, LARGEST);
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}
