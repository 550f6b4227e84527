import { spawn } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as delay } from 'node:timers/promises';
import { descendantsOf, endOrphans, type Orphan } from './orphans.ts';

export interface ActCall {
  readonly program: string;
  readonly args: readonly string[];
  /** The whole environment; jobs inherit it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly trackingId: string;
  readonly signal?: AbortSignal | undefined;
  readonly killSignal?: AbortSignal | undefined;
  readonly onLine: (line: string) => void;
}

export interface ActEnd {
  readonly exitCode: number | null;
  readonly stderr: string;
  readonly isInterrupted: boolean;
  readonly orphans: readonly Orphan[];
}

/** Milliseconds that steps with `always()` or `cancelled()` get after an interrupt. */
const CANCELLATION = 60_000;

/**
 * Runs act to its end, and ends what its steps leave behind. An abort lets act cancel the run (one SIGINT: steps with
 * `always()` and post steps still run); processes of the step that was cut off are ended at once. An abort of
 * `killSignal`, or a minute, ends everything.
 */
export async function runAct(call: ActCall): Promise<ActEnd> {
  const child = spawn(call.program, call.args, {
    cwd: call.folder,
    env: call.environment,
    // A process group of its own: Ctrl-C in the terminal reaches us, and we say how it goes on.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pid = child.pid ?? -1;
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-64 * 1024);
  });
  const lines = lineSplitter(call.onLine);
  child.stdout.on('data', (chunk: Buffer) => lines.push(chunk));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });

  let timer: NodeJS.Timeout | undefined;
  let isInterrupted = false;
  let sweeping: Promise<void> | undefined;
  const interrupt = (): void => {
    isInterrupted = true;
    child.kill('SIGINT');
    timer = setTimeout(() => kill(pid), CANCELLATION);
    // act kills the step's own process only; what that had started is ours to end.
    sweeping = delay(200).then(() => endOrphansOf(call));
  };
  if (call.signal?.aborted === true) interrupt();
  call.signal?.addEventListener('abort', interrupt, { once: true });
  // Whatever ends us ends act, too; what act had started is then found and ended as orphans.
  const onExit = (): void => kill(pid);
  call.killSignal?.addEventListener('abort', onExit, { once: true });
  process.once('exit', onExit);
  try {
    const exitCode = await ended;
    lines.end();
    await sweeping;
    const orphans = await endOrphans(call.trackingId, call.folder, []);
    return { exitCode, stderr, isInterrupted, orphans };
  } finally {
    clearTimeout(timer);
    process.off('exit', onExit);
    call.signal?.removeEventListener('abort', interrupt);
    call.killSignal?.removeEventListener('abort', onExit);
  }
}

async function endOrphansOf(call: ActCall): Promise<void> {
  // Steps that act starts now (always(), post) are its children and stay; so do processes of our own.
  const ours = await descendantsOf(process.pid);
  if (ours !== undefined) await endOrphans(call.trackingId, call.folder, ours);
}

function kill(group: number): void {
  if (group <= 0) return;
  try {
    process.kill(-group, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Cuts a stream of bytes into lines; a character may arrive in two pieces. */
function lineSplitter(onLine: (line: string) => void): { push: (chunk: Buffer) => void; end: () => void } {
  const decoder = new StringDecoder('utf8');
  let pieces: string[] = [];
  const push = (text: string): void => {
    const parts = text.split('\n');
    pieces.push(parts[0] ?? '');
    for (const part of parts.slice(1)) {
      onLine(pieces.join(''));
      pieces = [part];
    }
  };
  return {
    push: (chunk) => push(decoder.write(chunk)),
    end: () => {
      push(decoder.end());
      const rest = pieces.join('');
      if (rest !== '') onLine(rest);
    },
  };
}
