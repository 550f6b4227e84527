import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Environment } from './environment.ts';
import { ConfigurationError, shown } from './errors.ts';

export interface ExecuteOptions {
  /** Absolute folder in which the process starts. */
  readonly cwd: string;
  /** The whole environment of the process; nothing is inherited besides it. */
  readonly env: Environment;
  /** Ends the process group when aborted. */
  readonly signal?: AbortSignal;
  /** Longest run in milliseconds before the group is ended; none when left out. */
  readonly timeout?: number;
  /** Milliseconds between SIGTERM and SIGKILL, default 5,000. */
  readonly grace?: number;
  /** Receives output as it comes, both streams in the order of arrival. */
  readonly onOutput?: (chunk: Buffer, stream: 'stdout' | 'stderr') => void;
  /** Text for standard input; closed at once when left out. */
  readonly input?: string;
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
}

const TRACKING = 'PIPELINES_PROCESS';
const DEFAULT_GRACE = 5_000;

/**
 * Runs one program without a shell, in a process group of its own, and returns when it and everything it started have
 * ended. Children that outlive it are ended too: those of its group, and on Linux those that left the group (found by
 * a variable in their environment, the way the runner itself does).
 *
 * @throws ConfigurationError PIPE-PROCESS-001 when the program can't be started (not found, not executable).
 */
export async function execute(program: string, args: readonly string[], options: ExecuteOptions): Promise<Finished> {
  const tracking = randomUUID();
  const started = performance.now();
  if (options.signal?.aborted === true) {
    return { exitCode: null, signal: null, endedBy: 'cancellation', duration: 0, leftovers: 0 };
  }
  const child = spawn(program, [...args], {
    cwd: options.cwd,
    env: { ...options.env, [TRACKING]: tracking },
    detached: true,
    shell: false,
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', (error) => reject(cannotStart(program, options.cwd, error)));
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  child.stdout?.on('data', (chunk: Buffer) => options.onOutput?.(chunk, 'stdout'));
  child.stderr?.on('data', (chunk: Buffer) => options.onOutput?.(chunk, 'stderr'));
  if (options.input !== undefined) {
    // A program that ends without reading its input closes the pipe; its exit status tells the story.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input);
  }
  const drained = drain(child);
  const { ended: outcome, endedBy } = await supervise(child, ended, options);
  const leftovers = await endLeftovers(child.pid, tracking, options.grace ?? DEFAULT_GRACE);
  await Promise.race([drained, delay(1_000, undefined, { ref: false })]);
  child.stdout?.destroy();
  child.stderr?.destroy();
  return { ...outcome, endedBy, duration: performance.now() - started, leftovers };
}

interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

function cannotStart(program: string, cwd: string, error: NodeJS.ErrnoException): ConfigurationError {
  return new ConfigurationError(
    {
      code: 'PIPE-PROCESS-001',
      what: `the program ${shown(program)} could not be started in ${shown(cwd, 200)} (${error.code ?? error.message})`,
      accepted: 'a program on PATH or in node_modules/.bin that is executable',
      remedy: 'install it in a step before, or name its path',
      state: 'nothing of it ran',
    },
    { cause: error },
  );
}

function drain(child: ChildProcess): Promise<unknown> {
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  return Promise.all(streams.map((stream) => new Promise((resolve) => stream.once('close', resolve))));
}

async function supervise(
  child: ChildProcess,
  ended: Promise<Ended>,
  { signal, timeout, grace = DEFAULT_GRACE }: ExecuteOptions,
): Promise<{ ended: Ended; endedBy: Finished['endedBy'] }> {
  let endedBy: Finished['endedBy'] = 'itself';
  let killTimer: NodeJS.Timeout | undefined;
  const end = (reason: 'timeout' | 'cancellation') => {
    if (endedBy !== 'itself') return;
    endedBy = reason;
    signalGroup(child.pid, 'SIGTERM');
    killTimer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), grace);
  };
  const onAbort = () => end('cancellation');
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = timeout === undefined ? undefined : setTimeout(() => end('timeout'), timeout);
  try {
    const outcome = await ended;
    return { ended: outcome, endedBy };
  } finally {
    clearTimeout(timer);
    clearTimeout(killTimer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Signals a whole process group; a group that has ended already is no error. */
function signalGroup(pid: number | undefined, signal: NodeJS.Signals | 0): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Ends what is left of the group and of its escaped children; returns how many processes there were. */
async function endLeftovers(pid: number | undefined, tracking: string, grace: number): Promise<number> {
  const survivors = new Set(await survivorsOf(pid, tracking));
  const found = survivors.size;
  if (found === 0) return 0;
  for (const survivor of survivors) signalOne(survivor, 'SIGTERM');
  const deadline = performance.now() + grace;
  while (performance.now() < deadline) {
    if ((await survivorsOf(pid, tracking)).length === 0) return found;
    await delay(50);
  }
  for (const survivor of await survivorsOf(pid, tracking)) signalOne(survivor, 'SIGKILL');
  return found;
}

function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Living processes of the group, and those that carry the tracking variable (proc(5): /proc/PID/environ, stat). */
async function survivorsOf(group: number | undefined, tracking: string): Promise<number[]> {
  if (process.platform !== 'linux') return signalGroup(group, 0) && group !== undefined ? [group] : [];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const survivors = await Promise.all(pids.map(async (pid) => ((await belongs(pid, group, tracking)) ? [pid] : [])));
  return survivors.flat();
}

async function belongs(pid: number, group: number | undefined, tracking: string): Promise<boolean> {
  if (pid === process.pid) return false;
  const stat = await readProc(`/proc/${pid}/stat`);
  // After the command name in parentheses: state, parent, process group. A zombie has ended; it waits to be collected.
  const [state, , processGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (stat === '' || state === 'Z' || state === 'X') return false;
  if (Number(processGroup) === group) return true;
  return (await readProc(`/proc/${pid}/environ`)).includes(`${TRACKING}=${tracking}`);
}

/** A file of /proc; empty when the process has gone or belongs to somebody else. */
async function readProc(path: string): Promise<string> {
  try {
    return await readFile(path, 'latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM') return '';
    throw error;
  }
}

export interface Captured extends Finished {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program and returns what it printed, as UTF-8. Output past `limit` bytes a stream (default 16 MiB) is an
 * error: whoever expects more reads it as it comes, with `onOutput`.
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
      if (sizes[stream] <= limit) chunks[stream].push(chunk);
    },
  });
  if (sizes.stdout > limit || sizes.stderr > limit) {
    throw new ConfigurationError({
      code: 'PIPE-PROCESS-002',
      what: `${shown(program)} printed more than ${limit} bytes`,
      given: `${Math.max(sizes.stdout, sizes.stderr)} bytes`,
      accepted: `at most ${limit} bytes`,
      state: 'the program ran to its end; its output was not used',
    });
  }
  return {
    ...finished,
    stdout: Buffer.concat(chunks.stdout).toString('utf8'),
    stderr: Buffer.concat(chunks.stderr).toString('utf8'),
  };
}
