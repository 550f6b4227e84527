import { setTimeout as delay } from 'node:timers/promises';
import type { PipelineError } from '../runtime/errors.ts';
import { cliFault, failedFault, noHistoryFault, readOnlyFault } from './apply-faults.ts';
import { connect, PAUSE, type Patience, waitForLock } from './connecting.ts';
import { type DatabaseState, type HistoryEntry, lockHolder, PRISMA_LOCK, readState } from './database-state.ts';
import { type DatabaseAddress, shownAddress } from './database-url.ts';
import type { Connection } from './postgres-client.ts';
import { prismaCode } from './prisma-errors.ts';

/** What applying needs to know and to do. */
export interface Application extends Patience {
  readonly address: DatabaseAddress;
  /** Names of the migrations in the folder, in order. */
  readonly names: readonly string[];
  /** Milliseconds for all of it. */
  readonly timeout: number;
  /** Runs the CLI; its output and how it ended. */
  readonly deploy: (timeout: number) => Promise<{ readonly output: string; readonly exit: string }>;
  /** The statement of a failed migration that its note is about, with its line; undefined when that can't be told. */
  readonly statementOf: (failed: HistoryEntry) => Promise<string | undefined>;
  /** What has to happen before: drift, live facts, a backup. Gets what is pending, what there is, an open connection. */
  readonly prepare: (pending: readonly string[], applied: readonly string[], connection: Connection) => Promise<void>;
}

export interface Applied {
  readonly applied: readonly string[];
  /** The last one that the database had before. */
  readonly before: string | undefined;
  /** What is still to be applied. */
  readonly pending: readonly string[];
  /** Last one that the database has. */
  readonly last: string | undefined;
  readonly failure?: PipelineError | undefined;
  /** The one that failed, now or in an earlier run. */
  readonly failed?: FailedMigration | undefined;
}

export interface FailedMigration {
  readonly name: string;
  /** Line and statement at which it stopped; undefined where that can't be told. */
  readonly statement: string | undefined;
}

export interface ApplyOutcome extends Applied {
  /** Those of what was pending at the start that destroy data. */
  readonly destructive: ReadonlySet<string>;
  /** File of the built-in backup, when there was one. */
  readonly backup: string | undefined;
}

/**
 * Applies what is pending: looks at the database first, waits while another migration holds Prisma's lock, lets the
 * CLI apply, and looks again. Run again it finds nothing to do.
 *
 * @returns what was applied by this run; `failure` where not everything was
 * @throws PipelineError PIPE-MIGRATE-023 to 027, 029, 030 before anything was applied
 */
export async function applyMigrations(application: Application): Promise<Applied> {
  const deadline = performance.now() + application.timeout;
  const connection = await connect(application.address, application, deadline);
  try {
    return await applyOver(connection, application, deadline);
  } finally {
    connection.close();
  }
}

async function applyOver(connection: Connection, application: Application, deadline: number): Promise<Applied> {
  const { address, names, say } = application;
  await waitForLock(() => lockHolder(connection, PRISMA_LOCK), application, deadline);
  const before = await readState(connection, address.schema);
  if (before.readOnly !== undefined) throw readOnlyFault(address, before.readOnly);
  const pending = pendingOf(before, names);
  const last = lastOf(before);
  const stuck = await failureIn(before, application, false);
  if (stuck !== undefined) return { applied: [], before: last, pending, last, ...stuck };
  if (before.history === undefined && before.tables > 0) throw noHistoryFault(address, before.tables);
  say(`${shownAddress(address)}: ${pending.length} of ${names.length} migrations pending`);
  if (pending.length === 0) return { applied: [], before: last, pending, last };
  await application.prepare(pending, appliedIn(before), connection);
  connection.close();
  return { ...(await deploy(application, pending, deadline)), before: last };
}

/** Runs the CLI until it has done its work: while another one holds the lock it is asked again. */
async function deploy(
  application: Application,
  pending: readonly string[],
  deadline: number,
): Promise<Omit<Applied, 'before'>> {
  const { address, names, say, signal } = application;
  for (;;) {
    const { output, exit } = await application.deploy(Math.max(1_000, deadline - performance.now()));
    signal.throwIfAborted();
    const connection = await connect(address, application, Math.max(deadline, performance.now() + 30_000));
    try {
      const after = await readState(connection, address.schema);
      const left = pendingOf(after, names);
      const applied = namedIn(output, pending);
      const done = { applied, pending: left, last: lastOf(after) };
      const stuck = await failureIn(after, application, true);
      if (stuck !== undefined) return { ...done, ...stuck };
      if (left.length === 0) return done;
      const code = prismaCode(output);
      const mayTryAgain = (code === 'P1002' || code === 'P1001') && performance.now() < deadline;
      if (!mayTryAgain) return { ...done, failure: cliFault(code, output, exit) };
      say(`${code}: the CLI is asked again`);
      await waitForLock(() => lockHolder(connection, PRISMA_LOCK), application, deadline);
      await delay(PAUSE, undefined, { signal });
    } finally {
      connection.close();
    }
  }
}

/** Migrations that were begun and not ended, as a failure; undefined without any. */
async function failureIn(
  { history = [] }: DatabaseState,
  { statementOf }: Application,
  justNow: boolean,
): Promise<Required<Pick<Applied, 'failure' | 'failed'>> | undefined> {
  const failed = history.filter(({ state }) => state === 'failed');
  const [first] = failed;
  if (first === undefined) return undefined;
  const statement = await statementOf(first);
  return { failure: failedFault(failed, justNow, statement), failed: { name: first.name, statement } };
}

function appliedIn({ history = [] }: DatabaseState): readonly string[] {
  return history.filter(({ state }) => state === 'applied').map(({ name }) => name);
}

function pendingOf(state: DatabaseState, names: readonly string[]): readonly string[] {
  const applied = new Set(appliedIn(state));
  return names.filter((name) => !applied.has(name));
}

function lastOf(state: DatabaseState): string | undefined {
  return appliedIn(state).at(-1);
}

/** Those of the pending ones that the CLI says it has applied: another applier may have done the others. */
function namedIn(output: string, pending: readonly string[]): readonly string[] {
  const [, list] = /following migrations?(?:\(s\))? have been applied([\s\S]*)$/i.exec(output) ?? [];
  return list === undefined ? [] : pending.filter((name) => list.includes(`${name}/`));
}
