import { join } from 'node:path';
import { parseCommandLine } from '../gate/command-line.ts';
import type { ActionContext } from '../runtime/action.ts';
import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError } from '../runtime/errors.ts';
import { execute } from '../runtime/process.ts';
import { inGroup } from './redacted-group.ts';
import { runnerFault } from './script-faults.ts';

/** Program and arguments that run a numbered file, which comes last. */
export type Runner = readonly [string, ...string[]];

/**
 * What runs the programs among numbered files: without a word of the caller, Node runs what it knows.
 *
 * @param programs names of the files that are no SQL
 * @throws ConfigurationError PIPE-MIGRATE-044
 */
export function runnerOf(given: string | undefined, programs: readonly string[]): Runner {
  if (given === undefined) {
    const strange = programs.find((name) => !/\.[cm]?[jt]s$/i.test(name));
    if (strange !== undefined) throw runnerFault(strange);
    return ['node'];
  }
  const parsed = parseCommandLine(given);
  if ('argv' in parsed) return parsed.argv;
  throw new ConfigurationError({
    code: 'PIPE-MIGRATE-044',
    what: `\`runner\` is no command: ${parsed.problem}`,
    accepted: 'a program with its arguments, without anything that needs a shell',
    example: '`runner: npx tsx`',
    state: 'nothing was run',
  });
}

/** Runs one numbered file in a group of the log; how it ended, `0` when well. */
export function runScript(
  context: ActionContext,
  [program, ...args]: Runner,
  { folder, name }: { readonly folder: string; readonly name: string },
  options: {
    readonly cwd: string;
    readonly env: Environment;
    readonly signal: AbortSignal;
    /** Milliseconds. */
    readonly timeout: number;
  },
): Promise<string> {
  return inGroup(context, name, async (say) => {
    const { exitCode, signal, endedBy } = await execute(program, [...args, join(folder, name)], {
      ...options,
      onOutput: (chunk) => say(chunk.toString('utf8')),
    });
    return endedBy === 'timeout' ? 'its time being up' : String(exitCode ?? signal);
  });
}
