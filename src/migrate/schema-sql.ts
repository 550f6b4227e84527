import { relative } from 'node:path';
import { type Environment, projectEnvironment } from '../runtime/environment.ts';
import { shown } from '../runtime/errors.ts';
import { capture } from '../runtime/process.ts';
import type { PrismaCli } from './prisma-cli.ts';

/** Longest time for the CLI to write the schema as SQL. */
const LONGEST = 120_000;

/**
 * The SQL that builds the whole schema from nothing, as the project's own CLI writes it. It needs no database; where a
 * configuration reads an address that is not there, one that leads nowhere is given.
 *
 * @param schema absolute path
 * @returns the SQL, or why there is none
 */
export async function schemaSql(
  cli: PrismaCli,
  schema: string,
  options: { readonly cwd: string; readonly environment: Environment; readonly signal: AbortSignal },
): Promise<{ readonly sql: string } | { readonly problem: string }> {
  const { cwd, environment, signal } = options;
  const flag = cli.major >= 7 ? '--to-schema' : '--to-schema-datamodel';
  const answer = await capture(
    cli.program,
    ['migrate', 'diff', '--from-empty', flag, relative(cwd, schema) || '.', '--script'],
    { cwd, env: { ...NOWHERE, ...QUIET, ...projectEnvironment(environment) }, signal, timeout: LONGEST },
  );
  if (answer.exitCode === 0) return { sql: answer.stdout };
  const lines = answer.stderr.split('\n').map((line) => line.trim());
  const reason = lines.find((line) => /error|P\d{4}/i.test(line)) ?? lines.find((line) => line !== '');
  return { problem: `prisma migrate diff ended with ${answer.exitCode ?? answer.signal}: ${shown(reason ?? '', 200)}` };
}

const ADDRESS = 'postgresql://nobody@127.0.0.1:1/nothing';

const NOWHERE: Environment = { DATABASE_URL: ADDRESS, DIRECT_URL: ADDRESS, DIRECT_DATABASE_URL: ADDRESS };

/** No colours, no news about updates. */
const QUIET: Environment = { NO_COLOR: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' };
