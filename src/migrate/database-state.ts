import type { Connection, Row } from './postgres-client.ts';

/** Prisma's lock while it applies migrations (schema-engine, ADVISORY_LOCK_ID). */
export const PRISMA_LOCK = 72_707_369;

/** One line of Prisma's history, the table `_prisma_migrations`. */
export interface HistoryEntry {
  readonly name: string;
  /** SHA-256 of the file that was applied, hexadecimal. */
  readonly checksum: string;
  readonly state: 'applied' | 'failed' | 'rolled-back';
  /** What went wrong, as Prisma noted it. */
  readonly logs: string;
}

export interface DatabaseState {
  /** Undefined where no migration was ever applied. */
  readonly history: readonly HistoryEntry[] | undefined;
  /** Tables of the schema besides the history. */
  readonly tables: number;
  /** Why nothing can be written; undefined where it can. */
  readonly readOnly: 'a replica' | 'read only' | undefined;
}

export async function readState(connection: Connection, schema: string): Promise<DatabaseState> {
  const name = literal(schema);
  const [about] = await connection.query(
    `SELECT pg_is_in_recovery(), current_setting('transaction_read_only'),
       (SELECT count(*) FROM pg_tables WHERE schemaname = ${name} AND tablename <> '_prisma_migrations'),
       (SELECT count(*) FROM pg_tables WHERE schemaname = ${name} AND tablename = '_prisma_migrations')`,
  );
  const [inRecovery, readOnly, tables, history] = about ?? [];
  return {
    history: history === '1' ? await readHistory(connection, schema) : undefined,
    tables: Number(tables),
    readOnly: inRecovery === 't' ? 'a replica' : readOnly === 'on' ? 'read only' : undefined,
  };
}

async function readHistory(connection: Connection, schema: string): Promise<readonly HistoryEntry[]> {
  const rows = await connection.query(
    `SELECT migration_name, checksum, finished_at IS NOT NULL, rolled_back_at IS NOT NULL, left(coalesce(logs, ''), 4000)
     FROM ${identifier(schema)}."_prisma_migrations" ORDER BY started_at`,
  );
  return rows.map(entryOf);
}

function entryOf([name, checksum, finished, rolledBack, logs]: Row): HistoryEntry {
  const state = rolledBack === 't' ? 'rolled-back' : finished === 't' ? 'applied' : 'failed';
  return { name: name ?? '', checksum: checksum ?? '', state, logs: logs ?? '' };
}

/**
 * Who holds a lock on this database, in words; undefined when nobody does.
 *
 * @param lock number of an advisory lock, below 2^32
 */
export async function lockHolder(connection: Connection, lock: number): Promise<string | undefined> {
  const [row] = await connection.query(
    `SELECT a.pid, coalesce(nullif(a.application_name, ''), 'unnamed'), coalesce(host(a.client_addr), 'this machine'),
       date_trunc('second', now() - coalesce(a.xact_start, a.state_change, a.backend_start))
     FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND l.objid::bigint = ${lock} AND l.classid::bigint = 0
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  if (row === undefined) return undefined;
  const [pid, application, client, since] = row;
  return `process ${pid} (${application}, from ${client}, for ${since})`;
}

/** How many rows tables have, as the statistics estimate it; tables that are not there are left out. */
export async function estimatedRows(
  connection: Connection,
  schema: string,
  tables: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (tables.length === 0) return new Map();
  const wanted = tables.map((table) => {
    const [name = '', own = schema] = table.split('.').reverse();
    return `(${literal(table)}, ${literal(own)}, ${literal(name)})`;
  });
  const rows = await connection.query(
    `SELECT w.label, coalesce(nullif(c.reltuples::bigint, -1), s.n_live_tup, 0) FROM (VALUES ${wanted.join(', ')}) w(label, schema, name)
     JOIN pg_namespace n ON n.nspname = w.schema JOIN pg_class c ON c.relname = w.name AND c.relnamespace = n.oid
     LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid`,
  );
  return new Map(rows.map(([table, count]) => [table ?? '', Number(count)]));
}

/** A text as SQL writes it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''").replaceAll('\0', '')}'`;
}

/** A name as SQL writes it. */
export function identifier(text: string): string {
  return `"${text.replaceAll('"', '""').replaceAll('\0', '')}"`;
}
