import { analyse, follow } from './analyse.ts';
import { emptyCatalogue } from './catalogue.ts';
import { estimatedRows } from './database-state.ts';
import { isReadable, type MigrationForm, migrationOf, readSql } from './migrations.ts';
import type { SqlParser } from './parser.ts';
import type { Connection } from './postgres-client.ts';
import type { StatementEffect } from './rules.ts';

/** What is to be applied. */
export interface Pending {
  readonly workspace: string;
  /** Absolute folder of the migrations. */
  readonly folder: string;
  readonly form: MigrationForm;
  /** All migrations of the folder, in order. */
  readonly names: readonly string[];
  readonly pending: readonly string[];
}

/** What is known of pending migrations before they are applied. */
export interface LiveFacts {
  /** What each locks, with how many rows the tables have now, for the log. */
  readonly lines: readonly string[];
  /** Names of those that destroy data. */
  readonly destructive: ReadonlySet<string>;
  /** Whether one of them destroys data, or may fail halfway. */
  readonly wantsBackup: boolean;
}

/** Follows all migrations and looks up the tables that the pending ones touch. What is no SQL is passed over. */
export async function liveFacts(
  parser: SqlParser,
  { workspace, folder, form, names, pending }: Pending,
  connection: Connection,
  schema: string,
): Promise<LiveFacts> {
  const catalogue = emptyCatalogue();
  const lines: string[] = [];
  const destructive = new Set<string>();
  const waiting = new Set(pending);
  let wantsBackup = false;
  for (const name of names) {
    const migration = migrationOf(workspace, folder, name, form);
    const text = isReadable(migration, form) ? await readSql(workspace, migration, form) : undefined;
    const sql = text !== undefined && 'sql' in text ? text.sql : '';
    if (!waiting.has(name)) {
      await follow(parser, sql, catalogue, name);
      continue;
    }
    const { statements, findings } = await analyse(parser, sql, catalogue, name);
    if (findings.some(({ level }) => level === 'destructive')) destructive.add(name);
    wantsBackup ||= findings.some(({ level }) => level === 'destructive' || level === 'failing');
    lines.push(`pending: ${name}${text === undefined ? ', a program: what it does is not known' : ''}`);
    lines.push(...(await lockLines(statements, connection, schema)));
  }
  return { lines, destructive, wantsBackup };
}

async function lockLines(
  statements: readonly StatementEffect[],
  connection: Connection,
  schema: string,
): Promise<readonly string[]> {
  const touched = statements.filter(({ lock, on }) => lock !== undefined && on !== '');
  const rows = await estimatedRows(connection, schema, [...new Set(touched.map(({ on }) => on))]);
  return touched.map(({ lock, on, rewrites, line }) => {
    const size = rows.has(on) ? `, about ${rows.get(on)} rows` : '';
    return `  line ${line}: ${lock} on ${on}${rewrites ? ', written anew' : ''}${size}`;
  });
}
