import { createRequire } from 'node:module';

// Firebase's own program as a library: a command by its name, with its options, and what it returns.
const [, , program = ''] = process.argv;
const client: unknown = createRequire(import.meta.url)(program);

/** What is asked of it. */
export interface Command {
  /** `hosting:channel:list`. */
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export type Answer = { readonly result: unknown } | { readonly error: string };

type Runner = (options: Readonly<Record<string, unknown>>) => Promise<unknown>;

process.on('message', async ({ name, options }: Command) => {
  const answer = await run(name, options).then(
    (result): Answer => ({ result }),
    (error: unknown): Answer => ({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
  process.send?.(answer);
});

async function run(name: string, options: Command['options']): Promise<unknown> {
  const found = name.split(':').reduce((at, part) => (at as Readonly<Record<string, unknown>>)[part], client);
  return await (found as Runner)({ ...options, nonInteractive: true });
}
