import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Exit status that counts as done, 0 when left out. */
  readonly status?: number;
}

/** Longest time of one run in milliseconds: what hangs ends the part, not the night. */
export const LONGEST_RUN = 300_000;

/** Wall time of one run in milliseconds. @throws Error when it ends with another status: a fast failure is no speed */
export async function timeOf(command: Command): Promise<number> {
  const started = performance.now();
  const child = spawn(command.program, [...command.args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST_RUN,
    killSignal: 'SIGKILL',
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
    env: { ...process.env, ...command.env },
  });
  let output = '';
  const hear = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-4_000);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (status !== (command.status ?? 0))
    throw new Error(`${command.program} ${command.args.join(' ')} ended with ${status}:\n${output}`);
  return performance.now() - started;
}

export interface Comparison {
  /** Median wall times in milliseconds. */
  readonly ours: number;
  readonly peer: number;
  /** Median of the ratios of each pair, ours to the peer's. */
  readonly ratio: number;
}

/** Runs two commands in turn, so that both meet the same machine, and compares pair by pair. */
export async function compare(ours: Command, peer: Command, pairs: number): Promise<Comparison> {
  await timeOf(ours);
  await timeOf(peer);
  const times: { ours: number; peer: number }[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const first = pair % 2 === 0;
    const one = await timeOf(first ? ours : peer);
    const other = await timeOf(first ? peer : ours);
    times.push(first ? { ours: one, peer: other } : { ours: other, peer: one });
  }
  return {
    ours: median(times.map((time) => time.ours)),
    peer: median(times.map((time) => time.peer)),
    ratio: median(times.map((time) => time.ours / time.peer)),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
