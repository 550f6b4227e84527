import { parseArgs } from 'node:util';
import { nearest } from '../../src/runtime/errors.ts';

/** What can be broken. */
export const BREAKS = ['health', 'migration', 'smoke', 'promote', 'runner'] as const;
export type Break = (typeof BREAKS)[number];

export interface Flags {
  readonly broken: Break | undefined;
  readonly wantsHelp: boolean;
}

export const HELP = `Tells how a change goes from a pull request to production, and back: whole workflows on this machine, over
stand-ins for GitHub and the clouds, with a real database, registry and browser. Every sentence is read from what is
there afterwards.

npm run story                        a pull request, staging, production, a bad release, a rollback by hand
npm run story -- --break ${BREAKS.join('|').padEnd(0)}
                                     another story: what goes wrong, what serves then, and what the table says

  --break WHAT  health: a version that is not well      migration: one that PostgreSQL refuses
                smoke: a page that shows nothing        promote: the cloud does not let the traffic be moved
                runner: the runner is lost while the traffic moves
  -h, --help    this text

Exit status: 0 told to its end, 1 a story with --break, 2 a wrong call, 3 it did not go as told.`;

/** @throws UsageError in one line */
export function parseFlags(args: readonly string[]): Flags {
  let values: { readonly break?: string; readonly help?: boolean };
  try {
    const options = { break: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
    ({ values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false }));
  } catch (error) {
    const [said = ''] = (error instanceof Error ? error.message : String(error)).split(/\. |\n/);
    throw new UsageError(`${said.replace(/\.$/, '')}: there are --break WHAT and --help`);
  }
  const { break: what, help = false } = values;
  const broken = BREAKS.find((name) => name === what);
  if (what !== undefined && broken === undefined) {
    const near = nearest(what, BREAKS);
    const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
    throw new UsageError(`--break ${JSON.stringify(what)} is none${hint}: there are ${BREAKS.join(', ')}`);
  }
  return { broken, wantsHelp: help };
}

export class UsageError extends Error {}
