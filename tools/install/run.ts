import { spawn } from 'node:child_process';

/**
 * Runs a program of an installation, its output on this one's standard error.
 *
 * @throws Error with the remedy when it can't be started or fails
 */
export async function run(program: string, args: readonly string[], remedy: string, cwd?: string): Promise<void> {
  const child = spawn(program, [...args], { stdio: ['ignore', 2, 2], ...(cwd === undefined ? {} : { cwd }) });
  const status = await new Promise<number | string>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'a signal'));
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${remedy}`);
}
