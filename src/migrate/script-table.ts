import { identifier, literal, lockHolder } from './database-state.ts';
import type { Connection } from './postgres-client.ts';
import { ServerError } from './server-error.ts';

/** The advisory lock of scripts: the letters `pipe` as a number. */
const LOCK = 0x70_69_70_65;

/** Name of the table that says which scripts a database has. */
const TABLE = 'pipelines_migrations';

/** What a database knows of a script. */
export interface ScriptRecord {
  readonly name: string;
  /** SHA-256 of the text that was applied. */
  readonly checksum: string;
  /** Begun and not ended otherwise: what was applying it was ended in the middle, or failed. */
  readonly isApplied: boolean;
}

/** The table with its schema, as SQL writes it. */
export function tableIn(schema: string): string {
  return `${identifier(schema)}.${identifier(TABLE)}`;
}

/** The scripts that a database has or has begun, as they were applied; none without the table. */
export async function readRecords(connection: Connection, schema: string): Promise<readonly ScriptRecord[]> {
  if (!(await hasTable(connection, schema))) return [];
  const rows = await connection.query(
    `SELECT name, checksum, applied_at IS NOT NULL FROM ${tableIn(schema)} ORDER BY applied_at, begun_at, name`,
  );
  return rows.map(([name, checksum, applied]) => {
    return { name: name ?? '', checksum: checksum ?? '', isApplied: applied === 't' };
  });
}

async function hasTable(connection: Connection, schema: string): Promise<boolean> {
  const [[there] = []] = await connection.query(`SELECT to_regclass(${literal(tableIn(schema))}) IS NOT NULL`);
  return there === 't';
}

/**
 * Creates the table where it is not there: who may not create tables may use one that somebody else has created.
 *
 * @throws ServerError 42501 where the user may not create it
 */
export async function createTable(connection: Connection, schema: string): Promise<void> {
  if (await hasTable(connection, schema)) return;
  await connection.query(`CREATE TABLE ${tableIn(schema)} (
    name text PRIMARY KEY, checksum text NOT NULL,
    begun_at timestamptz NOT NULL DEFAULT clock_timestamp(), applied_at timestamptz
  )`);
}

/** Notes a script as begun, and as applied in the same stroke where it runs in the same transaction. */
export function beginStatement(
  schema: string,
  { name, checksum }: Pick<ScriptRecord, 'name' | 'checksum'>,
  isApplied: boolean,
): string {
  const applied = isApplied ? 'clock_timestamp()' : 'NULL';
  return `INSERT INTO ${tableIn(schema)} (name, checksum, applied_at)
    VALUES (${literal(name)}, ${literal(checksum)}, ${applied})`;
}

export function endStatement(schema: string, name: string): string {
  return `UPDATE ${tableIn(schema)} SET applied_at = clock_timestamp() WHERE name = ${literal(name)}`;
}

/** Notes that a script that was edited after it was applied counts as it is now. */
export function acceptStatement(schema: string, { name, checksum }: Pick<ScriptRecord, 'name' | 'checksum'>): string {
  return `UPDATE ${tableIn(schema)} SET checksum = ${literal(checksum)} WHERE name = ${literal(name)}`;
}

/**
 * Takes the lock of scripts for as long as the connection lasts.
 *
 * @returns who has it, in words; undefined when it is ours
 */
export async function takeLock(connection: Connection): Promise<string | undefined> {
  // It is silent while scripts run; servers before 14 do not have the setting.
  await connection.query(`SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'idle_session_timeout'`);
  const [[taken] = []] = await connection.query(`SELECT pg_try_advisory_lock(${LOCK})`);
  return taken === 't' ? undefined : ((await lockHolder(connection, LOCK)) ?? 'a session that has just ended');
}

/**
 * Lets the server look twice a second whether the session is still there, so that a statement ends with whoever sent
 * it. Servers before 14 have no such setting; some systems can't.
 */
export async function noticeEnd(connection: Connection): Promise<void> {
  const name = 'client_connection_check_interval';
  await connection
    .query(`SELECT set_config(name, '500ms', false) FROM pg_settings WHERE name = '${name}'`)
    .catch((error: unknown) => {
      if (!(error instanceof ServerError)) throw error;
    });
}
