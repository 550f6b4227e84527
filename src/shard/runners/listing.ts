import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestRunner } from '../../plan/types.ts';
import type { Environment } from '../../runtime/environment.ts';
import { ConfigurationError, printable } from '../../runtime/errors.ts';
import { type Captured, capture } from '../../runtime/process.ts';

/** Where a test task runs. */
export interface RunnerSurroundings {
  /** Root of the checkout, absolute. */
  readonly workspace: string;
  /** Where the task runs, absolute. */
  readonly directory: string;
  /** What the task runs in: no token of the runner, PATH with the folders of installed programs. */
  readonly environment: Environment;
  /** Folder for own files; it exists. */
  readonly temp: string;
  readonly signal: AbortSignal;
  /** Longest time for the runner to answer, in milliseconds. */
  readonly timeout: number;
}

/** The test files of a task, or why they can't be divided. */
export type Listing =
  | {
      readonly kind: 'files';
      /** Paths from the workspace with `/`, sorted; the files of one unit can't be separated. */
      readonly units: readonly (readonly string[])[];
    }
  | {
      readonly kind: 'whole';
      /** Half a sentence for a person: `it has coverage thresholds of its own`. */
      readonly reason: string;
    };

export function whole(reason: string): Listing {
  return { kind: 'whole', reason };
}

export const NO_FILES = 'it finds no test files';

export const OWN_THRESHOLDS =
  'it has coverage thresholds of its own, which need all tests in one run; put them into `coverage` of the workflow';

/**
 * Asks a runner something.
 *
 * @returns what it printed, whatever its exit status, or half a sentence that says why there is no answer
 */
export async function ask(
  runner: Pick<TestRunner, 'starter' | 'environment'>,
  words: readonly string[],
  { directory, environment, signal, timeout }: RunnerSurroundings,
): Promise<Captured | string> {
  const [program = '', ...args] = [...runner.starter, ...words];
  try {
    const env = { ...environment, ...runner.environment };
    const answer = await capture(program, args, { cwd: directory, env, signal, timeout });
    if (answer.endedBy === 'cancellation') return 'the run was cancelled while it listed its test files';
    if (answer.endedBy === 'timeout') return `it did not list its test files within ${Math.round(timeout / 1_000)} s`;
    return answer;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return `it could not list its test files: ${error.faults[0].what}`;
  }
}

/** Why a runner that was asked gave no list: its status and the first line that names an error. */
export function noList({ exitCode, signal, stdout, stderr }: Captured): string {
  const lines = `${stderr}\n${stdout}`.split('\n').map((line) => printable(line).trim());
  const said = lines.find((line) => /error: \S/i.test(line)) ?? lines.find((line) => line !== '');
  const status = exitCode === null ? `ended by ${signal ?? 'a signal'}` : `exit status ${exitCode}`;
  return `it could not list its test files (${status}${said === undefined ? '' : `: ${said.slice(0, 200)}`})`;
}

/** A new folder for one question. */
export function ownFolder({ temp }: Pick<RunnerSurroundings, 'temp'>): Promise<string> {
  return mkdtemp(join(temp, 'runner-'));
}
