import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError, ProjectFailure, printable, shown } from '../runtime/errors.ts';
import { capture } from '../runtime/process.ts';
import { cliFault } from './apply-faults.ts';
import { type Layout, LOCK_FILE } from './layout.ts';
import { PRISMA_FORM } from './migrations.ts';
import type { PrismaCli } from './prisma-cli.ts';
import { prismaCode } from './prisma-errors.ts';

export interface DriftQuestion {
  readonly cli: PrismaCli;
  readonly layout: Layout;
  /** Names of all migrations in the folder. */
  readonly names: readonly string[];
  /** Names of those that the database has. */
  readonly applied: readonly string[];
  readonly cwd: string;
  /** With the addresses of the database and of the shadow database. */
  readonly env: Environment;
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly timeout: number;
  /** Folder for the migrations that are compared. */
  readonly temp: string;
  /** Takes secrets out of what the CLI printed. */
  readonly redact: (text: string) => string;
}

/**
 * Compares a database with what its applied migrations build in the shadow database, by the project's own CLI
 * (prisma.io/docs, "migrate diff"). Pending migrations are left out: they differ on purpose.
 *
 * @returns why it was not compared; undefined when both are the same
 * @throws ProjectFailure PIPE-MIGRATE-045 they differ, 032 the CLI failed
 * @throws ConfigurationError PIPE-MIGRATE-046 the configuration names no shadow database
 */
export async function checkDrift(question: DriftQuestion): Promise<string | undefined> {
  const { cli, layout, names, applied, cwd, env, signal, timeout, temp, redact } = question;
  if (applied.length === 0) return 'the database has no migrations yet';
  if (cli.major < 7)
    return 'Prisma before 7 takes the address of a shadow database by an argument only, which others see';
  const gone = applied.find((name) => !names.includes(name));
  if (gone !== undefined) return `the folder has no ${gone}, which the database has`;
  if (!layout.namesShadow) throw noShadow();
  const folder = await mkdtemp(join(temp, 'applied-migrations-'));
  try {
    await copyFile(join(layout.migrations, LOCK_FILE), join(folder, LOCK_FILE));
    for (const name of applied) {
      await mkdir(join(folder, name));
      await copyFile(join(layout.migrations, PRISMA_FORM.pathOf(name)), join(folder, PRISMA_FORM.pathOf(name)));
    }
    const args = ['migrate', 'diff', '--from-migrations', folder, '--to-config-datasource', '--exit-code'];
    const {
      exitCode,
      signal: killed,
      stdout,
      stderr,
      endedBy,
    } = await capture(cli.program, args, {
      cwd,
      env: { ...env, NO_COLOR: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' },
      signal,
      timeout,
    });
    signal.throwIfAborted();
    if (exitCode === 0) return undefined;
    if (exitCode === 2) throw drifted(redact(stdout));
    const output = redact(`${stdout}\n${stderr}`);
    throw cliFault(
      prismaCode(output),
      output,
      endedBy === 'timeout' ? 'its time being up' : String(exitCode ?? killed),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Characters of the differences that the message has. */
const SHOWN = 600;

function drifted(summary: string): ProjectFailure {
  const lines = summary.split('\n').map((line) => line.trim());
  const found = lines.filter((line) => /^(\[[-+*]\]|-|\S+ )/.test(line) && !line.startsWith('Loaded '));
  return new ProjectFailure({
    code: 'PIPE-MIGRATE-045',
    what: `the database is not what its migrations build: ${shown(printable(found.join(' ')), SHOWN)}`,
    accepted: 'a database that only migrations change',
    remedy:
      'undo by hand what was done by hand, or write it into a migration and mark that as applied (`npx prisma migrate resolve --applied NAME`); without `shadow-database-url` this is not checked',
    state: 'nothing was applied',
  });
}

function noShadow(): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-MIGRATE-046',
    what: '`shadow-database-url` is given, and the configuration of Prisma does not use it: its CLI would create a database on the server itself',
    accepted: '`shadowDatabaseUrl` in the `datasource` of prisma.config, which reads SHADOW_DATABASE_URL',
    example: '`datasource: { url: process.env.DATABASE_URL, shadowDatabaseUrl: process.env.SHADOW_DATABASE_URL }`',
    state: 'nothing was applied',
  });
}
