import { PipelineError } from '../runtime/errors.ts';
import type { Applied } from './apply.ts';
import { readOnlyFault } from './apply-faults.ts';
import { connect, type Patience, waitForLock } from './connecting.ts';
import { readState } from './database-state.ts';
import { type DatabaseAddress, shownAddress } from './database-url.ts';
import type { Connection } from './postgres-client.ts';
import { begunFault, editedFault, lostFault, noRightFault, programFault, sqlFault, sqlWay } from './script-faults.ts';
import {
  acceptStatement,
  beginStatement,
  createTable,
  endStatement,
  noticeEnd,
  readRecords,
  type ScriptRecord,
  takeLock,
} from './script-table.ts';
import { editedOf, isSql, newestOf, type Script } from './scripts.ts';
import { ServerError } from './server-error.ts';

/** What applying scripts needs to know and to do. */
export interface ScriptApplication extends Patience {
  readonly address: DatabaseAddress;
  /** All scripts of the folder, in order. */
  readonly scripts: readonly Script[];
  /** Milliseconds for all of it. */
  readonly timeout: number;
  /** Names of those that may differ from what was applied. */
  readonly allowed: readonly string[];
  /** What has to happen before: live facts, a backup. Gets what is pending and an open connection. */
  readonly prepare: (pending: readonly string[], connection: Connection) => Promise<void>;
  /** Whether SQL commits by itself, or has to run outside of transactions. */
  readonly commitsItself: (script: Script) => Promise<boolean>;
  /** Runs a script that is no SQL; how it ended, `0` when well. */
  readonly run: (script: Script, timeout: number) => Promise<string>;
  /** A statement of a script by its place, from 0, with its line. */
  readonly statementAt: (script: Script, index: number) => Promise<string | undefined>;
}

/**
 * Applies pending scripts, each once, in order: SQL in a transaction with the line that notes it, other files by the
 * project's own command between two lines. One run at a time, by an advisory lock.
 *
 * @returns what was applied by this run; `failure` where not everything was
 * @throws PipelineError before anything was applied
 */
export async function applyScripts(application: ScriptApplication): Promise<Applied> {
  const { address, scripts, allowed, say } = application;
  const deadline = performance.now() + application.timeout;
  const guard = await connect(address, application, deadline);
  try {
    const { readOnly } = await readState(guard, address.schema);
    if (readOnly !== undefined) throw readOnlyFault(address, readOnly);
    await waitForLock(() => takeLock(guard), application, deadline);
    const records = await readRecords(guard, address.schema);
    const pending = pendingOf(scripts, records, address.schema, allowed);
    say(`${shownAddress(address)}: ${pending.length} of ${scripts.length} scripts pending`);
    const edited = editedOf(scripts, records);
    for (const script of edited) {
      say(`${script.name}: applied otherwise, allowed by its name; it counts as it is now`);
      await guard.query(acceptStatement(address.schema, script));
    }
    const names = pending.map(({ name }) => name);
    const known = records.filter(({ isApplied }) => isApplied).map(({ name }) => name);
    const before = newestOf(known);
    if (pending.length === 0) return { applied: [], before, pending: names, last: before };
    await application.prepare(names, guard);
    await createTable(guard, address.schema).catch((error: unknown) => {
      throw error instanceof ServerError ? noRightFault(address, error) : error;
    });
    const done = await applyAll(guard, application, pending, deadline);
    const left = names.slice(done.applied.length);
    return { ...done, before, pending: left, last: newestOf([...known, ...done.applied]) };
  } finally {
    guard.close();
  }
}

function pendingOf(
  scripts: readonly Script[],
  records: readonly ScriptRecord[],
  schema: string,
  allowed: readonly string[],
): readonly Script[] {
  const begun = records.filter(({ isApplied }) => !isApplied).map(({ name }) => name);
  if (begun.length > 0) throw begunFault(sqlWay(schema), begun);
  const edited = editedOf(scripts, records).filter(({ name }) => !allowed.includes(name));
  if (edited.length > 0) throw editedFault(edited.map(({ name }) => name));
  const known = new Set(records.map(({ name }) => name));
  return scripts.filter(({ name }) => !known.has(name));
}

/** Another connection than the one with the lock: what a script sets for its session is gone with it. */
async function applyAll(
  guard: Connection,
  application: ScriptApplication,
  pending: readonly Script[],
  deadline: number,
): Promise<Pick<Applied, 'applied' | 'failure' | 'failed'>> {
  const { address, signal } = application;
  const worker = await connect(address, application, deadline);
  const stop = () => worker.drop();
  signal.addEventListener('abort', stop, { once: true });
  const applied: string[] = [];
  try {
    for (const script of pending) {
      signal.throwIfAborted();
      const failure = await applyOne(guard, worker, application, script, deadline);
      if (failure !== undefined) return { applied, ...failure };
      applied.push(script.name);
    }
    return { applied };
  } finally {
    signal.removeEventListener('abort', stop);
    worker.close();
  }
}

type Failure = Required<Pick<Applied, 'failure' | 'failed'>>;

/** @returns why it failed; undefined when it was applied */
async function applyOne(
  guard: Connection,
  worker: Connection,
  application: ScriptApplication,
  script: Script,
  deadline: number,
): Promise<Failure | undefined> {
  const { address, signal } = application;
  const started = performance.now();
  const within = Math.max(1_000, deadline - started);
  const failed = (failure: PipelineError, statement?: string): Failure => {
    return { failure, failed: { name: script.name, statement } };
  };
  const isUndone = isSql(script.name) && !(await application.commitsItself(script));
  try {
    // Where this connection is gone, the lock is, too.
    await guard.query('SELECT 1');
    if (isSql(script.name)) return await applySql({ guard, worker, schema: address.schema }, script, isUndone, within);
    await guard.query(beginStatement(address.schema, script, false));
    const exit = await application.run(script, within);
    signal.throwIfAborted();
    if (exit !== '0') return failed(programFault(script.name, exit, sqlWay(address.schema)));
    await guard.query(endStatement(address.schema, script.name));
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof PipelineError) throw error;
    if (error instanceof ServerError && !/^(57P|08)/.test(error.state)) {
      const statement = await application.statementAt(script, error.completed);
      return failed(sqlFault(script.name, error, statement, { isUndone, schema: address.schema }), statement);
    }
    const reason = error instanceof ServerError ? error.state : codeOf(error);
    return failed(lostFault(script.name, address, { isUndone, elapsed: performance.now() - started, reason }));
  }
}

interface Sessions {
  /** The one with the lock. */
  readonly guard: Connection;
  readonly worker: Connection;
  readonly schema: string;
}

/** @throws ServerError what the script met; its own transaction ends with the connection */
async function applySql(
  { guard, worker, schema }: Sessions,
  script: Script,
  isUndone: boolean,
  within: number,
): Promise<undefined> {
  await worker.query('DISCARD ALL');
  await noticeEnd(worker);
  if (!isUndone) {
    await guard.query(beginStatement(schema, script, false));
    await worker.query(script.text, within);
    await guard.query(endStatement(schema, script.name));
    return undefined;
  }
  await worker.query('BEGIN');
  // First: the role and the path that the script may set are of no concern to this line.
  await worker.query(beginStatement(schema, script, true), within);
  await worker.query(script.text, within);
  await worker.query('COMMIT', within);
  return undefined;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error && 'code' in error)) throw error;
  return error.code === 'ETIMEDOUT' ? 'its time was up' : String(error.code);
}
