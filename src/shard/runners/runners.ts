import { rm } from 'node:fs/promises';
import type { TestRunner } from '../../plan/types.ts';
import { jestCommand, listJest } from './jest.ts';
import type { Listing, RunnerSurroundings } from './listing.ts';
import { listNode, nodeCommand } from './node.ts';
import { type RunnerRecord, readRecordFile } from './record.ts';
import { listVitest, vitestCommand } from './vitest.ts';

export type { Listing, RunnerSurroundings } from './listing.ts';
export type { RunnerRecord } from './record.ts';

/**
 * Asks a test runner which files it would run, with its own configuration and the filters of its command line. What
 * can't be divided safely, or does not answer, is `whole` with the reason: a fault of the project shows when its tests
 * run, and is no exception here.
 */
export function listTests(runner: TestRunner, surroundings: RunnerSurroundings): Promise<Listing> {
  const list = { vitest: listVitest, jest: listJest, node: listNode }[runner.program];
  return list(runner, surroundings);
}

/** What starts some files of a task. */
export interface ShardCommand {
  readonly command: readonly [string, ...string[]];
  /** Variables that it needs beside the task's environment. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The command that runs exactly these files and leaves a record of the time of each.
 *
 * @param files some of the units of {@link listTests}, at least one file
 * @param surroundings `record`: absolute path of the record, in a folder that exists; the reporter lies beside it.
 * `environment`: the task's
 * @throws RangeError for a task that `listTests` calls whole, and without files
 */
export async function shardCommand(
  runner: TestRunner,
  files: readonly string[],
  surroundings: Pick<RunnerSurroundings, 'workspace' | 'directory'> & {
    readonly record: string;
    readonly environment?: RunnerSurroundings['environment'];
  },
): Promise<ShardCommand> {
  await rm(surroundings.record, { force: true });
  const isOnGitHub = surroundings.environment?.['GITHUB_ACTIONS'] === 'true';
  const words = {
    vitest: () => vitestCommand(runner, files, surroundings, isOnGitHub),
    jest: () => jestCommand(runner, files, surroundings),
    node: () => nodeCommand(runner, files, surroundings),
  };
  const [program = runner.program, ...args] = [...runner.starter, ...(await words[runner.program]())];
  return { command: [program, ...args], environment: { ...runner.environment } };
}

/**
 * What the record of a run holds. Every file that ran is in it, also one that failed or crashed.
 *
 * @returns undefined where there is none: the runner was killed, or jest ended early by `--bail`
 */
export function readRecord(
  _runner: TestRunner,
  record: string,
  { workspace }: Pick<RunnerSurroundings, 'workspace' | 'directory'>,
): Promise<RunnerRecord | undefined> {
  return readRecordFile(record, workspace);
}
