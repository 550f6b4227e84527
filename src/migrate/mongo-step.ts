import { randomUUID } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { ActionContext } from '../runtime/action.ts';
import { type Environment, projectEnvironment } from '../runtime/environment.ts';
import type { PipelineError } from '../runtime/errors.ts';
import { isMap } from '../runtime/yaml.ts';
import type { ApplyOutcome } from './apply.ts';
import { backupOf, runBackup } from './backup.ts';
import { waitForLock } from './connecting.ts';
import type { MigrateInputs } from './inputs.ts';
import type { MongoAddress } from './mongo-address.ts';
import { type Ask, ledgerOf } from './mongo-ask.ts';
import { lostLockFault, MONGO_LOCK_REMEDY, mongoWay, noDumpFault, notWritableFault } from './mongo-faults.ts';
import { inGroup } from './redacted-group.ts';
import { begunFault, editedFault, programFault, runnerFault } from './script-faults.ts';
import { type Runner, runnerOf, runScript } from './script-runner.ts';
import { editedOf, isSql, newestOf, readScript, SCRIPT_FORM, type Script } from './scripts.ts';

/** Seconds that the lock outlives its last renewal, and between two of them. */
const LEASE = 60;
const RENEW = 15;

interface Work {
  readonly context: ActionContext;
  readonly ask: Ask;
  readonly holder: string;
  readonly folder: string;
  readonly runner: Runner;
  readonly cwd: string;
  readonly env: Environment;
  /** By the clock of `performance.now()`. */
  readonly deadline: number;
}

/**
 * Applies pending programs to a MongoDB database, each once, in order. The collection pipelines_migrations notes them;
 * a document with a lease lets one run apply at a time. The project's own driver speaks with the database.
 *
 * @throws PipelineError before anything was applied
 */
export async function mongoStep(
  given: MigrateInputs,
  context: ActionContext,
  { address, folder }: { readonly address: MongoAddress; readonly folder: string },
): Promise<ApplyOutcome> {
  const { log, signal, environment, temp } = context;
  const deadline = performance.now() + given.timeout;
  const cwd = given.workingDirectory;
  const names = await SCRIPT_FORM.list(folder);
  const sql = names.find(isSql);
  if (sql !== undefined) throw runnerFault(sql);
  const runner = runnerOf(given.runner, names);
  const backup = backupOf(given.backup);
  if (backup === 'pg_dump') throw noDumpFault();
  const env = projectEnvironment(environment, { DATABASE_URL: address.url, MONGODB_URI: address.url });
  const workspace = await realpath(context.workspace);
  const scripts = await Promise.all(names.map((name) => readScript(workspace, folder, name)));
  const ask = ledgerOf(address, { context, cwd, env, deadline });
  const holder = `${environment['GITHUB_REPOSITORY'] ?? 'a run'} ${environment['GITHUB_RUN_ID'] ?? ''} ${randomUUID()}`;
  const take = async () => holderIn(await ask({ ask: 'take', holder, seconds: LEASE }));
  const state = await ask({ ask: 'read' });
  if (state['isWritable'] === false) throw notWritableFault(address.place);
  await waitForLock(take, { say: log.info, signal }, deadline, MONGO_LOCK_REMEDY);
  const work: Work = { context, ask, holder, folder, runner, cwd, env, deadline };
  try {
    return await whileHeld(work, async (held) => {
      const records = recordsIn(await ask({ ask: 'read' }));
      const begun = records.filter(({ isApplied }) => !isApplied).map(({ name }) => name);
      if (begun.length > 0) throw begunFault(mongoWay, begun);
      const edited = editedOf(scripts, records);
      const refused = edited.filter(({ name }) => !given.allowDestructive.includes(name));
      if (refused.length > 0) throw editedFault(refused.map(({ name }) => name));
      for (const { name, checksum } of edited) {
        log.info(`${name}: applied otherwise, allowed by its name; it counts as it is now`);
        await ask({ ask: 'accept', name, checksum });
      }
      const known = new Set(records.map(({ name }) => name));
      const before = newestOf([...known]);
      const pending = scripts.filter(({ name }) => !known.has(name));
      log.info(`${address.place}: ${pending.length} of ${scripts.length} scripts pending`);
      for (const { name } of pending) log.info(`pending: ${name}, a program: what it does is not known`);
      const about = { before, destructive: new Set<string>(), backup: undefined };
      if (pending.length === 0) return { ...about, applied: [], pending: [], last: before };
      // What a program does is not known: it may destroy.
      if (backup !== undefined) {
        await inGroup(context, 'Backup', (say) => {
          return runBackup(backup, { cwd, env, signal: held, timeout: given.timeout, temp, say });
        });
      }
      const done = await applyAll(work, pending, held);
      const left = pending.slice(done.applied.length).map(({ name }) => name);
      return { ...about, ...done, pending: left, last: newestOf([...known, ...done.applied]) };
    });
  } finally {
    await ask({ ask: 'release', holder });
  }
}

/** Renews the lock until the work is done; a lock that somebody else has taken ends the work. */
async function whileHeld<T>({ context, ask, holder }: Work, work: (held: AbortSignal) => Promise<T>): Promise<T> {
  const lost = new AbortController();
  const over = new AbortController();
  const renewal = (async () => {
    while (!over.signal.aborted) {
      await delay(RENEW * 1_000, undefined, { signal: over.signal });
      const { isHeld } = await ask({ ask: 'renew', holder, seconds: LEASE });
      if (isHeld !== true) lost.abort();
    }
  })().catch(() => {
    // Ended with the work, or the database is gone: then the lock is as good as lost.
    if (!over.signal.aborted) lost.abort();
  });
  try {
    return await work(AbortSignal.any([context.signal, lost.signal]));
  } finally {
    over.abort();
    await renewal;
  }
}

async function applyAll(
  work: Work,
  pending: readonly Script[],
  held: AbortSignal,
): Promise<Pick<ApplyOutcome, 'applied' | 'failure' | 'failed'>> {
  const applied: string[] = [];
  for (const script of pending) {
    const failure = await applyOne(work, script, held);
    work.context.signal.throwIfAborted();
    if (failure !== undefined) return { applied, failure, failed: { name: script.name, statement: undefined } };
    applied.push(script.name);
  }
  return { applied };
}

/** @returns why it failed; undefined when it was applied */
async function applyOne(
  { context, ask, holder, folder, runner, cwd, env, deadline }: Work,
  { name, checksum }: Script,
  held: AbortSignal,
): Promise<PipelineError | undefined> {
  const { isHeld } = await ask({ ask: 'begin', holder, name, checksum });
  if (isHeld !== true) return lostLockFault(name, false);
  const timeout = Math.max(1_000, deadline - performance.now());
  const exit = await runScript(context, runner, { folder, name }, { cwd, env, signal: held, timeout });
  if (held.aborted) return lostLockFault(name, true);
  if (exit !== '0') return programFault(name, exit, mongoWay);
  await ask({ ask: 'end', name });
  return undefined;
}

function holderIn({ isHeld, other }: Readonly<Record<string, unknown>>): string | undefined {
  if (isHeld === true) return undefined;
  return isMap(other) ? `${other['holder']}, since ${other['since']}` : 'somebody who has just given it back';
}

interface LedgerRecord {
  readonly name: string;
  readonly checksum: string;
  readonly isApplied: boolean;
}

function recordsIn({ records }: Readonly<Record<string, unknown>>): readonly LedgerRecord[] {
  const list: readonly unknown[] = Array.isArray(records) ? records : [];
  return list.flatMap((record) => {
    if (!isMap(record)) return [];
    const { name, checksum, isApplied } = record;
    return [{ name: String(name), checksum: String(checksum), isApplied: isApplied === true }];
  });
}
