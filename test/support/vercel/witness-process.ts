import { pathToFileURL } from 'node:url';

// Vercel's own program, whose parts stay loaded: its main module is evaluated anew for each command, as if it was started.
const [, , program = ''] = process.argv;

/** Arguments of the program, as after `vercel`. */
export interface Command {
  readonly args: readonly string[];
}

export interface Answer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const written = { stdout: '', stderr: '' };
for (const name of ['stdout', 'stderr'] as const) {
  process[name].write = (chunk: string | Uint8Array) => {
    written[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    return true;
  };
}

class Exit extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`exit ${status}`);
    this.status = status;
  }
}

process.exit = (status) => {
  throw new Exit(Number(status ?? process.exitCode ?? 0));
};

let commands = 0;
process.on('message', async ({ args }: Command) => {
  written.stdout = '';
  written.stderr = '';
  process.exitCode = 0;
  process.argv = [process.execPath, program, ...args];
  commands += 1;
  const status = await run(commands);
  const answer: Answer = { status, ...written };
  process.send?.(answer);
});

async function run(count: number): Promise<number> {
  try {
    const main: unknown = await import(`${pathToFileURL(program).href}?command=${count}`);
    const { cliPromise } = main as { readonly cliPromise: Promise<number | undefined> };
    return (await cliPromise) ?? Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof Exit) return error.status;
    written.stderr += error instanceof Error ? (error.stack ?? error.message) : String(error);
    return -1;
  }
}
