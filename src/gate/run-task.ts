import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError } from '../runtime/errors.ts';
import { durationText } from '../runtime/kinds.ts';
import { execute, type Finished } from '../runtime/process.ts';
import { mostImportant } from './problems/importance.ts';
import { findProblems } from './problems/problems.ts';
import type { GateTask, TaskConclusion, TaskResult } from './task.ts';

/** How much of the end of a task's output is looked through for problems, in bytes. */
const EXAMINED = 32 * 1024 * 1024;
/** Problems kept of one task. */
const KEPT = 200;
const TAIL_LINES = 20;

export interface TaskSurroundings {
  readonly workspace: string;
  /** Folder for the output while the task runs. */
  readonly temp: string;
  readonly environment: Environment;
  /** Folders of the workspace's packages by name, from its root. */
  readonly packages: ReadonlyMap<string, string>;
  /** `performance.now()` when the gate started. */
  readonly started: number;
}

/** A task that has ended, with the file that holds what it printed. */
export interface EndedTask extends TaskResult {
  readonly outputFile?: string;
}

/** Runs one task to its end; a red task is a result, not an exception. */
export async function runTask(
  task: GateTask,
  index: number,
  signal: AbortSignal,
  surroundings: TaskSurroundings,
): Promise<EndedTask> {
  const { workspace, temp, environment, packages, started } = surroundings;
  const directory = resolve(workspace, task.directory);
  const outputFile = join(temp, `task-${index}.log`);
  const file = openSync(outputFile, 'w+');
  const start = performance.now() - started;
  let size = 0;
  try {
    const [program, ...args] = task.command;
    const finished = await execute(program, args, {
      cwd: directory,
      env: taskEnvironment(task, workspace, environment),
      signal,
      timeout: task.timeout,
      onOutput: (chunk) => {
        size += writeSync(file, chunk);
      },
    });
    const output = readEnd(file, size);
    const passed = finished.exitCode === 0 && finished.endedBy === 'itself';
    const problems = mostImportant(findProblems(output, { workspace, directory, packages }), KEPT);
    const tail = passed || problems.length > 0 ? [] : tailOf(output);
    return {
      task,
      ...conclusion(finished, task, tail),
      start,
      duration: finished.duration,
      problems,
      tail,
      outputFile,
    };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const duration = performance.now() - started - start;
    return { task, result: 'failed', reason: error.message, start, duration, problems: [], tail: [], outputFile };
  } finally {
    closeSync(file);
  }
}

export function taskEnvironment(
  { path, environment: own }: Pick<GateTask, 'path' | 'environment'>,
  workspace: string,
  environment: Environment,
): Environment {
  const folders = [...path.map((folder) => resolve(workspace, folder)), environment['PATH'] ?? ''];
  return { ...environment, ...own, PATH: folders.join(delimiter) };
}

/** How programs begin the line that says why they ended: `Error: …`, `npm ERR! …`, `sh: 1: foo: not found`. */
const ERROR_LINE = /^\s*(?:\S+:? )?(?:[\w.]*error\b|err!|fatal\b|could not\b|cannot\b)|: (?:command )?not found$/i;

/** @param tail the last lines of what it printed, where nothing in them was recognised */
function conclusion(
  finished: Finished,
  task: GateTask,
  tail: readonly string[],
): { result: TaskConclusion; reason?: string } {
  const { endedBy, exitCode, signal, leftovers } = finished;
  const children =
    leftovers === 0
      ? ''
      : `; ${leftovers} process${leftovers === 1 ? '' : 'es'} that it left running ${leftovers === 1 ? 'was' : 'were'} ended`;
  if (endedBy === 'timeout') {
    return {
      result: 'timed-out',
      reason: `ended with everything it had started after ${durationText(task.timeout)}${children}`,
    };
  }
  if (endedBy === 'cancellation') return { result: 'cancelled', reason: `ended before it was done${children}` };
  if (exitCode === 0) return leftovers === 0 ? { result: 'passed' } : { result: 'passed', reason: children.slice(2) };
  const status = exitCode === null ? `ended by ${signal ?? 'a signal'}` : `exit status ${exitCode}`;
  const said = tail.find((line) => ERROR_LINE.test(line));
  return {
    result: 'failed',
    reason: `${status}${said === undefined ? '' : `: ${said.trim().slice(0, 200)}`}${children}`,
  };
}

/** The last {@link EXAMINED} bytes of an open file. */
function readEnd(file: number, size: number): string {
  const buffer = Buffer.alloc(Math.min(size, EXAMINED));
  const from = size - buffer.length;
  let filled = 0;
  while (filled < buffer.length) {
    const count = readSync(file, buffer, filled, buffer.length - filled, from + filled);
    if (count === 0) break;
    filled += count;
  }
  return buffer.toString('utf8', 0, filled);
}

function tailOf(output: string): string[] {
  const lines = stripVTControlCharacters(output.slice(-16_384)).split(/\r?\n/);
  return lines
    .map((line) => line.trimEnd().slice(0, 400))
    .filter((line) => line !== '')
    .slice(-TAIL_LINES);
}

/** The text of a file in pieces of 64 KiB, so that a log of any length needs little memory. */
export function* piecesOf(path: string): Generator<string> {
  const decoder = new TextDecoder();
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(65_536);
    for (;;) {
      const count = readSync(file, buffer);
      if (count === 0) break;
      yield decoder.decode(buffer.subarray(0, count), { stream: true });
    }
    yield decoder.decode();
  } finally {
    closeSync(file);
  }
}
