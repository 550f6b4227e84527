import { createHash, randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CacheAccess } from '../cache/access.ts';
import { restoreCache, saveCache } from '../cache/client.ts';
import { runIdentityOf } from '../github/run.ts';
import type { Environment } from '../runtime/environment.ts';
import { readTextFile } from '../runtime/files.ts';
import type { Log } from '../runtime/log.ts';
import { LARGEST_LEDGER, LEDGER_FILE, type Ledger, ledgerText, type Record, readLedger } from './ledger.ts';
import { putBack } from './outputs.ts';
import { type Patience, patience } from './patience.ts';

/** Where entries come from and go to. Whatever fails is a notice. */
export interface Surroundings {
  readonly workspace: string;
  readonly access: CacheAccess;
  readonly log: Log;
}

/** Time in which an output may come, however fast its task was, in milliseconds. */
const FAST = 5_000;

/** The newest list of results. @returns also whether the service was too slow for it, so that it is left alone */
export async function restoreLedger(
  prefix: string,
  now: number,
  { access, log }: Omit<Surroundings, 'workspace'>,
): Promise<{ readonly known: Ledger; readonly isSlow: boolean }> {
  const folder = join(access.temp, 'pipelines-reuse');
  let text = '';
  const restored = await restoreCache(
    {
      ...{ folder, paths: [LEDGER_FILE], key: `${prefix}${ownName(access.environment)}`, restoreKeys: [prefix] },
      place: async (staging) => {
        text = (await readTextFile(join(staging, LEDGER_FILE), LARGEST_LEDGER, staging)) ?? '';
      },
    },
    access,
  );
  if (restored.kind !== 'fault') return { known: readLedger(text, now), isSlow: false };
  log.annotate('notice', `Results of earlier runs could not be read: ${restored.reason}. Every task runs.`);
  return { known: new Map(), isSlow: restored.isLate };
}

/** Entries can't be changed: each run and attempt has a ledger of its own, and the newest is taken. */
function ownName(environment: Environment): string {
  const { id, attempt } = runIdentityOf(environment);
  return `${id}-${attempt}`;
}

/** Keeps a list for later runs, and says so. @param fresh how many of its records are new */
export async function saveLedger(
  prefix: string,
  records: Ledger,
  fresh: number,
  { access, log }: Omit<Surroundings, 'workspace'>,
): Promise<void> {
  const folder = join(access.temp, `pipelines-reuse-${randomUUID()}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, LEDGER_FILE), ledgerText(records));
  // Two jobs of a run can have the same surroundings.
  const key = `${prefix}${ownName(access.environment)}-${randomUUID().slice(0, 8)}`;
  const saved = await saveCache({ folder, paths: [LEDGER_FILE], key }, access);
  if (saved.kind === 'fault') sayUnsaved('Results', saved.reason, log);
  else log.info(`reuse: ${fresh === 1 ? '1 result is' : `${fresh} results are`} kept for later runs`);
}

function outputKey(key: string): string {
  return `pipelines-reuse-output-${createHash('sha256').update(key).digest('hex')}`;
}

/** Puts back what a task had written, within the time that the run still waits. @returns whether it is there */
export async function restoreOutput(
  key: string,
  { paths, duration }: Record,
  { workspace, access, log, patience: waits }: Surroundings & { readonly patience: Patience },
): Promise<boolean> {
  const place = (staging: string) => putBack(staging, workspace, paths);
  // What takes longer to come than it took to make is no help.
  const timeout = Math.min(waits.left(), Math.max(FAST, Math.ceil(duration)));
  if (timeout === 0) return false;
  const wish = { folder: workspace, paths, key: outputKey(key), restoreKeys: [], place };
  const restored = await waits.during(() => restoreCache(wish, { ...access, timeout }));
  if (restored.kind === 'fault')
    log.annotate('notice', `What a task had written could not be restored: ${restored.reason}. It runs.`);
  return restored.kind === 'hit';
}

/** A task that later runs may take the result of. */
export interface TaskOutput {
  readonly id: string;
  readonly key: string;
  /** What it has written, from the workspace's root; nothing for a check. */
  readonly paths: readonly string[];
}

/** Sent at once: packing one takes a processor. */
const AT_ONCE = 4;

/**
 * Keeps what tasks have written, all within the time of one access.
 *
 * @returns those whose output later runs will find
 */
export async function saveOutputs(
  outputs: readonly TaskOutput[],
  { workspace, access, log }: Surroundings,
): Promise<readonly TaskOutput[]> {
  const waits = patience(access.timeout);
  const unsaved: string[] = [];
  const isSaved = async ({ key, paths }: TaskOutput): Promise<boolean> => {
    if (paths.length === 0) return true;
    const timeout = waits.left();
    const entry = { folder: workspace, paths, key: outputKey(key) };
    const saved = timeout === 0 ? LATE : await waits.during(() => saveCache(entry, { ...access, timeout }));
    // An entry that is there already is as good.
    if (saved.kind === 'fault') unsaved.push(saved.reason);
    return saved.kind !== 'fault';
  };
  const kept: TaskOutput[] = [];
  for (let start = 0; start < outputs.length; start += AT_ONCE) {
    const some = outputs.slice(start, start + AT_ONCE);
    const areSaved = await Promise.all(some.map(isSaved));
    kept.push(...some.filter((_, index) => areSaved[index]));
  }
  const [reason] = unsaved;
  const what = `What ${unsaved.length === 1 ? 'a task has' : `${unsaved.length} tasks have`} written`;
  if (reason !== undefined) sayUnsaved(what, reason, log);
  return kept;
}

const LATE = { kind: 'fault', reason: 'the cache service was too slow' } as const;

function sayUnsaved(what: string, reason: string, log: Log): void {
  log.annotate('notice', `${what} could not be kept: ${reason}. Nothing else is affected.`);
}
