import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

export interface StepProcess {
  /** Program for Node. */
  readonly program: string;
  /** Its own arguments. */
  readonly args?: readonly string[] | undefined;
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Sends SIGINT, as the runner does on cancel, as soon as this comes in the log. */
  readonly cancelAt?: RegExp | undefined;
  /** The same, as soon as it is said that it has come to that. */
  readonly cancelOn?: AbortSignal | undefined;
  /** Milliseconds between that and the signal. */
  readonly delay?: number | undefined;
  /** Node itself; that of the tests when left out. */
  readonly node?: string | undefined;
}

/** Runs a step to its end, as the runner does: a process, whose two outputs are one log. */
export async function runProcess(step: StepProcess): Promise<{ exitCode: number | null; log: string }> {
  const { program, args = [], cwd, env, cancelAt, cancelOn, delay: wait = 0, node = process.execPath } = step;
  const child = spawn(node, [program, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  let isCancelled = false;
  const cancel = () => {
    if (isCancelled) return;
    isCancelled = true;
    if (wait === 0) child.kill('SIGINT');
    else void delay(wait).then(() => child.kill('SIGINT'));
  };
  const hear = (chunk: Buffer) => {
    log += chunk.toString('utf8');
    if (cancelAt?.test(log) === true) cancel();
  };
  cancelOn?.addEventListener('abort', cancel);
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { exitCode, log };
}

/** `name=value` and `name<<delimiter` entries, as the runner reads them. @throws Error for an entry without an end */
export function parseFileCommands(text: string): Record<string, string> {
  const entries: Record<string, string> = {};
  const lines = text.split('\n');
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const heredoc = /^([^=]+?)<<(.+)$/.exec(line);
    const plain = /^([^=<]+)=(.*)$/.exec(line);
    if (heredoc?.[1] !== undefined && heredoc[2] !== undefined) {
      const end = lines.indexOf(heredoc[2]);
      if (end === -1) throw new Error(`the entry ${heredoc[1]} has no end`);
      entries[heredoc[1]] = lines
        .splice(0, end + 1)
        .slice(0, -1)
        .join('\n');
    } else if (plain?.[1] !== undefined) entries[plain[1]] = plain[2] ?? '';
  }
  return entries;
}

/** Inputs as the runner hands them to a step: a variable for each. */
export function inputVariables(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
}

/** What the runner makes of GITHUB_STATE for the part after the job: a variable for each entry. */
export async function stateVariables(file: string): Promise<Record<string, string>> {
  const pairs = Object.entries(parseFileCommands(await readFile(file, 'utf8')));
  return Object.fromEntries(pairs.map(([name, value]) => [`STATE_${name}`, value]));
}
