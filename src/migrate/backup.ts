import { join } from 'node:path';
import { parseCommandLine } from '../gate/command-line.ts';
import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError } from '../runtime/errors.ts';
import { execute } from '../runtime/process.ts';
import type { DatabaseAddress } from './database-url.ts';

/** `pg_dump`, or a command of the caller as program and arguments. */
export type Backup = 'pg_dump' | readonly [string, ...string[]];

export interface BackupRun {
  readonly cwd: string;
  readonly env: Environment;
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly timeout: number;
  /** Folder that the built-in backup is written to. */
  readonly temp: string;
  readonly say: (text: string) => void;
}

/**
 * Makes a backup before data is destroyed. The address reaches the program by PG* variables and DATABASE_URL, never by
 * an argument.
 *
 * @returns the file of the built-in backup
 * @throws ConfigurationError PIPE-MIGRATE-034 it failed: nothing is applied then
 */
export async function backUp(backup: Backup, address: DatabaseAddress, run: BackupRun): Promise<string | undefined> {
  const file = join(run.temp, `before-migration-${Date.now()}.dump`);
  const [program, ...args] =
    backup === 'pg_dump' ? (['pg_dump', '--format=custom', '--no-password', `--file=${file}`] as const) : backup;
  await runBackup([program, ...args], { ...run, env: { ...run.env, ...connectionVariables(address) } });
  return backup === 'pg_dump' ? file : undefined;
}

/** @throws ConfigurationError PIPE-MIGRATE-034 it failed: nothing is applied then */
export async function runBackup([program, ...args]: Exclude<Backup, 'pg_dump'>, run: BackupRun): Promise<void> {
  const { exitCode, signal, endedBy } = await execute(program, args, {
    cwd: run.cwd,
    env: run.env,
    signal: run.signal,
    timeout: run.timeout,
    onOutput: (chunk) => run.say(chunk.toString('utf8')),
  });
  run.signal.throwIfAborted();
  if (exitCode === 0) return;
  throw new ConfigurationError({
    code: 'PIPE-MIGRATE-034',
    what: `the backup failed: ${program} ended with ${endedBy === 'timeout' ? 'its time being up' : (exitCode ?? signal)}`,
    remedy: 'the group of the backup in the log says why; pg_dump has to be as new as the server',
    state: 'nothing was applied; running again is safe',
  });
}

/**
 * The backup that an input names.
 *
 * @throws ConfigurationError PIPE-MIGRATE-035 it is no command
 */
export function backupOf(given: string | undefined): Backup | undefined {
  if (given === undefined) return undefined;
  if (given === 'pg_dump') return given;
  const parsed = parseCommandLine(given);
  if ('argv' in parsed) return parsed.argv;
  throw new ConfigurationError({
    code: 'PIPE-MIGRATE-035',
    what: `\`backup\` is no command: ${parsed.problem}`,
    accepted: '`pg_dump`, or a command without anything that needs a shell',
    example: '`backup: ./scripts/backup.sh`',
    state: 'nothing was run',
  });
}

/** What libpq's programs read (PostgreSQL manual, "Environment Variables"). */
export function connectionVariables(address: DatabaseAddress): Environment {
  const { host, port, user, password, database, tls, authority } = address;
  return {
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGPASSWORD: password,
    PGDATABASE: database,
    PGSSLMODE: tls,
    ...(authority === undefined ? {} : { PGSSLROOTCERT: authority }),
  };
}
