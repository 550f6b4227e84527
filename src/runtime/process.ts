import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Environment } from './environment.ts';
import { ConfigurationError, shown } from './errors.ts';
import { endLeftovers, type Family, familyOf, signalGroup, TRACKING, terminateEscaped } from './leftovers.ts';

export interface ExecuteOptions {
  /** Absolute folder in which the process starts. */
  readonly cwd: string;
  /** The whole environment of the process; nothing is inherited besides it. */
  readonly env: Environment;
  /** Ends the process group when aborted. */
  readonly signal?: AbortSignal;
  /** Longest run in milliseconds before the group is ended; none when left out. */
  readonly timeout?: number;
  /** Milliseconds between SIGTERM and SIGKILL, default 5,000: the runner gives a cancelled action 7.5 s. */
  readonly grace?: number;
  /**
   * Receives output as it comes, both streams in the order of arrival. When it throws, the group is ended and the
   * error passed on.
   */
  readonly onOutput?: (chunk: Buffer, stream: 'stdout' | 'stderr') => void;
  /**
   * Text or bytes for standard input; closed at once when left out. Bytes are taken as fast as the program reads them;
   * when their source throws, the group is ended and the error passed on.
   */
  readonly input?: string | AsyncIterable<Buffer>;
}

export interface Finished {
  /** Exit status 0 to 255, or null when a signal ended the process. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why we ended it, where we did. */
  readonly endedBy: 'itself' | 'timeout' | 'cancellation';
  /** Wall time in milliseconds. */
  readonly duration: number;
  /** How many processes it left running that had to be ended. */
  readonly leftovers: number;
  /** How many of those could not be ended, because they run as another user; left out when none. */
  readonly remaining?: number;
}

const DEFAULT_GRACE = 5_000;

/** What is left after the deadline for processes that are only found then, in milliseconds. */
const LAST_WORD = 250;

/** setTimeout's longest wait (24.8 days); a longer one would end at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Runs one program without a shell, in a process group of its own, and returns when it and everything it started have
 * ended. Children that outlive it are ended too: those of its group and session, and on Linux those that left both
 * (found by a variable in their environment, the way the runner itself does). What also drops its environment is
 * beyond this: the job is the boundary.
 *
 * @throws ConfigurationError PIPE-PROCESS-001 when the program can't be started (not found, not executable, too large
 * an argument or environment).
 */
export async function execute(program: string, args: readonly string[], options: ExecuteOptions): Promise<Finished> {
  const started = performance.now();
  if (options.signal?.aborted === true) {
    return { exitCode: null, signal: null, endedBy: 'cancellation', duration: 0, leftovers: 0 };
  }
  const tracking = randomUUID();
  const child = start(program, args, options, tracking);
  const exited = new Promise<Ended>((resolve, reject) => {
    child.once('error', (error) => reject(cannotStart(program, options.cwd, error)));
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  const drained = drain(child);
  const supervision = supervise(child, familyOf(child.pid ?? 0, tracking), options);
  try {
    const outcome = await exited;
    const { endedBy, leftovers, remaining } = await supervision.settle();
    await Promise.race([drained, delay(1_000, undefined, { ref: false })]);
    const { broken } = supervision;
    if (broken.length > 0) throw broken[0];
    const finished = { ...outcome, endedBy, duration: performance.now() - started, leftovers };
    return remaining === 0 ? finished : { ...finished, remaining };
  } finally {
    supervision.stop();
    child.stdout?.destroy();
    child.stderr?.destroy();
  }
}

interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

function start(program: string, args: readonly string[], options: ExecuteOptions, tracking: string): ChildProcess {
  // A run inside a run carries the marks of both: ending the outer one ends the inner one's processes, too.
  const marks = [options.env[TRACKING], tracking].filter((mark) => mark !== undefined).join(' ');
  try {
    return spawn(program, [...args], {
      cwd: options.cwd,
      env: { ...options.env, [TRACKING]: marks },
      detached: true,
      shell: false,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
  } catch (error) {
    throw cannotStart(program, options.cwd, error as NodeJS.ErrnoException);
  }
}

function cannotStart(program: string, cwd: string, error: NodeJS.ErrnoException): ConfigurationError {
  const remedy = !existsSync(cwd)
    ? 'name a folder that exists: the program was to start in this one'
    : error.code === 'E2BIG'
      ? 'pass long values in a file: one argument or variable holds 131,072 bytes'
      : 'install it in a step before, or name its path';
  return new ConfigurationError(
    {
      code: 'PIPE-PROCESS-001',
      what: `the program ${shown(program)} could not be started in ${shown(cwd, 200)} (${error.code ?? error.message})`,
      accepted: 'a program on PATH or in node_modules/.bin that is executable',
      remedy,
      state: 'nothing of it ran',
    },
    { cause: error },
  );
}

function drain(child: ChildProcess): Promise<unknown> {
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  return Promise.all(streams.map((stream) => new Promise((resolve) => stream.once('close', resolve))));
}

interface Supervision {
  /** Errors of whoever receives the output, and of the streams themselves. */
  readonly broken: readonly unknown[];
  /** Ends what the program left, once it has exited. */
  readonly settle: () => Promise<{ endedBy: Finished['endedBy']; leftovers: number; remaining: number }>;
  readonly stop: () => void;
}

/** Feeds and hears a program, and ends it when it is cancelled, takes too long, or nobody can use its output. */
function supervise(child: ChildProcess, family: Family, options: ExecuteOptions): Supervision {
  const { signal, timeout, grace = DEFAULT_GRACE } = options;
  const broken: unknown[] = [];
  let endedBy: Finished['endedBy'] | 'output' = 'itself';
  let deadline: number | undefined;
  let killTimer: NodeJS.Timeout | undefined;
  const end = (reason: typeof endedBy) => {
    if (deadline !== undefined || child.pid === undefined) return;
    endedBy = reason;
    deadline = performance.now() + grace;
    signalGroup(family.group, 'SIGTERM');
    terminateEscaped(family);
    killTimer = setTimeout(() => signalGroup(family.group, 'SIGKILL'), grace);
  };
  const fail = (error: unknown) => {
    broken.push(error);
    end('output');
  };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('error', fail);
    child[name]?.on('data', (chunk: Buffer) => {
      if (broken.length > 0) return;
      try {
        options.onOutput?.(chunk, name);
      } catch (error) {
        fail(error);
      }
    });
  }
  // A program that ends without reading its input closes the pipe; its exit status tells the story.
  child.stdin?.on('error', () => undefined);
  if (child.stdin !== null) feed(child.stdin, options.input ?? '').catch(fail);
  const onAbort = () => end('cancellation');
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = timeout === undefined ? undefined : setTimeout(() => end('timeout'), Math.min(LONGEST_TIMER, timeout));
  return {
    broken,
    settle: async () => {
      const latest = Math.max(performance.now() + LAST_WORD, deadline ?? performance.now() + grace);
      const { found, remaining } = await endLeftovers(family, latest, deadline !== undefined);
      return { endedBy: endedBy === 'output' ? 'itself' : endedBy, leftovers: found, remaining };
    },
    stop: () => {
      clearTimeout(timer);
      clearTimeout(killTimer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

async function feed(stdin: Writable, input: string | AsyncIterable<Buffer>): Promise<void> {
  if (typeof input !== 'string') {
    for await (const chunk of input) {
      if (stdin.destroyed) return;
      if (!stdin.write(chunk)) await roomIn(stdin);
    }
  }
  stdin.end(typeof input === 'string' ? input : undefined);
}

/** Waits until a stream takes more, or takes nothing any more. */
function roomIn(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.removeListener('drain', done);
      stream.removeListener('close', done);
      resolve();
    };
    stream.on('drain', done);
    stream.on('close', done);
  });
}

export interface Captured extends Finished {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program and returns what it printed, as UTF-8. A program that prints more than `limit` bytes on a stream
 * (default 16 MiB) is ended: whoever expects more reads it as it comes, with `onOutput`.
 *
 * @throws ConfigurationError PIPE-PROCESS-001 not startable, PIPE-PROCESS-002 more output than `limit`.
 */
export async function capture(
  program: string,
  args: readonly string[],
  options: Omit<ExecuteOptions, 'onOutput'> & { readonly limit?: number },
): Promise<Captured> {
  const limit = options.limit ?? 16 * 1024 * 1024;
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const sizes = { stdout: 0, stderr: 0 };
  const finished = await execute(program, args, {
    ...options,
    onOutput: (chunk, stream) => {
      sizes[stream] += chunk.length;
      if (sizes[stream] > limit) throw tooMuch(program, limit);
      chunks[stream].push(chunk);
    },
  });
  return {
    ...finished,
    stdout: Buffer.concat(chunks.stdout).toString('utf8'),
    stderr: Buffer.concat(chunks.stderr).toString('utf8'),
  };
}

function tooMuch(program: string, limit: number): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-PROCESS-002',
    what: `${shown(program)} printed more than ${limit} bytes`,
    accepted: `at most ${limit} bytes`,
    state: 'the program was ended; its output was not used',
  });
}
