import { createHash, randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CacheAccess, whyOff } from '../cache/access.ts';
import { restoreCache, saveCache } from '../cache/client.ts';
import { runIdentityOf } from '../github/run.ts';
import type { Environment } from '../runtime/environment.ts';
import { PipelineError, printable, shown } from '../runtime/errors.ts';
import { readTextFile } from '../runtime/files.ts';
import type { Log } from '../runtime/log.ts';
import { whyNotReused } from './allowed.ts';
import {
  isOutputPath,
  LARGEST_LEDGER,
  LEDGER_FILE,
  type Ledger,
  ledgerText,
  type Record,
  readLedger,
} from './ledger.ts';
import { outputsOf, putBack } from './outputs.ts';
import { type KeyQuestion, type ReusablePackage, type ReusableTask, surroundingsKey, taskKeys } from './task-keys.ts';
import { toolchainOf } from './toolchain.ts';
import { ignoredPathsOf, readWorkTree } from './work-tree.ts';

export interface ReuseWish {
  readonly tasks: readonly ReusableTask[];
  readonly packages: readonly ReusablePackage[];
  /** Folder of the project's root, from the workspace's. */
  readonly root: string;
  /** Program of the package manager. */
  readonly manager: string;
  /** Whether services run beside the tasks. */
  readonly compose: boolean;
  /** Whether what the tasks build is packed to be deployed. */
  readonly packs: boolean;
  /** Whether the tasks measure coverage. */
  readonly coverage: boolean;
  readonly workspace: string;
  /** What the tasks run in. */
  readonly taskEnvironment: Environment;
  readonly access: CacheAccess;
  readonly log: Log;
  /** Milliseconds since 1970; replaced in tests. */
  readonly now?: () => number;
}

/** A result of an earlier run. */
export type Reused = Pick<Record, 'at' | 'run'>;

/** Results of earlier runs, for one run of the gate. */
export interface Reuse {
  /** That a task passed before with the same inputs; what it wrote is in its place then. Undefined: run it. */
  readonly take: (task: ReusableTask) => Promise<Reused | undefined>;
  /** Keeps what passed now. @param passed tasks that ran and passed, with their milliseconds */
  readonly keep: (passed: ReadonlyMap<string, number>) => Promise<void>;
}

/** Tasks that write into installed packages: what they leave can't be told from what was installed. */
const NEVER = ['generate'];

/** Kinds of tasks that write nothing but reports. */
const CHECKS = ['format', 'lint', 'typecheck', 'test'];

/**
 * Opens the results of earlier runs. Every fault of the cache is a notice, and then the tasks run.
 *
 * @returns undefined where nothing may be reused; the log says why
 */
export async function openReuse(wish: ReuseWish): Promise<Reuse | undefined> {
  const opened = await noticed(wish.log, () => open(wish));
  if (opened === undefined) return undefined;
  return {
    take: (task) => noticed(wish.log, () => opened.take(task)),
    keep: async (passed) => void (await noticed(wish.log, () => opened.keep(passed))),
  };
}

/** It is a help, never a reason to fail: whatever is thrown is said, and the tasks run. */
async function noticed<T>(log: Log, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof PipelineError ? error.faults[0].what : String(error);
    log.annotate(
      'notice',
      `Results of earlier runs can’t be used: ${printable(reason).slice(0, 300)}. Every task runs.`,
    );
    return undefined;
  }
}

async function open(wish: ReuseWish): Promise<Reuse | undefined> {
  const { workspace, access, log, taskEnvironment, now = Date.now } = wish;
  const { environment, signal } = access;
  const off = (reason: string) => {
    log.info(`reuse: off, ${reason}`);
    return undefined;
  };
  const forbidden = whyOff(environment, 'restore') ?? (await whyNotReused(environment, wish));
  if (forbidden !== undefined) return off(forbidden);
  const repository = { workspace, environment, signal };
  const toolchain = await toolchainOf(wish.manager, workspace, taskEnvironment);
  if (typeof toolchain === 'string') return off(toolchain);
  const tree = await readWorkTree(repository);
  if (typeof tree === 'string') return off(tree);
  const question: KeyQuestion = { ...wish, tree, toolchain, environment: taskEnvironment };
  const keys = taskKeys(wish.tasks, question);
  const prefix = `pipelines-reuse-${surroundingsKey(question).slice(0, 32)}-`;
  const known = await restoreLedger(prefix, access, log, now());
  const tracked = new Set([...tree.folders.keys(), ...tree.files.map(([path]) => path)]);
  const place = createHash('sha256').update(workspace).digest('hex');
  return {
    take: async (task) => {
      const key = keys.get(task.id) ?? '';
      const record = known.get(key);
      if (record === undefined || NEVER.includes(task.kind) || signal.aborted) return undefined;
      // Reports and builds can name the folder that they were made in.
      if (record.paths.length > 0 && record.place !== place) return undefined;
      // What is committed is never replaced by what a cache holds.
      if (record.paths.some((path) => tracked.has(path))) return undefined;
      if (record.paths.length > 0 && !(await restoreOutput(key, record, wish))) return undefined;
      return { at: record.at, run: record.run };
    },
    keep: async (passed) => {
      const own = wish.tasks.filter(({ id, kind }) => passed.has(id) && !NEVER.includes(kind));
      if (own.length === 0) return;
      const refused = whyOff(environment, 'save');
      if (refused !== undefined) return void off(`nothing is kept, ${refused}`);
      const written = await ignoredPathsOf(repository);
      if (typeof written === 'string') return void off(`nothing is kept, ${written} after the tasks`);
      const folders = ['.', ...wish.packages.map(({ directory }) => directory)];
      const { byTask, stray } = outputsOf(wish.tasks, written, { earlier: tree.ignoredPaths, folders });
      if (stray !== undefined) log.info(`reuse: builds are not kept, ${shown(stray, 120)} can’t be told to be theirs`);
      const at = `${new Date(now()).toISOString().slice(0, 19)}Z`;
      const run = runIdentityOf(environment).page ?? '';
      const fresh = new Map<string, Record>();
      const keepOne = async (task: ReusableTask) => {
        const key = keys.get(task.id) ?? '';
        const paths = (byTask.get(task.id) ?? []).filter((path) => !tracked.has(path));
        if ((task.kind === 'build' && stray !== undefined) || !paths.every(isOutputPath)) return;
        // Who has no output of its own may have written what counts for another: checks alone are known to write nothing.
        if (paths.length === 0 && !CHECKS.includes(task.kind)) return;
        if (paths.length > 0 && !(await saveOutput(key, paths, wish))) return;
        fresh.set(key, { at, run, duration: Math.round(passed.get(task.id) ?? 0), paths, place });
      };
      for (let start = 0; start < own.length; start += 4) await Promise.all(own.slice(start, start + 4).map(keepOne));
      if (fresh.size === 0) return;
      await saveLedger(prefix, new Map([...known, ...fresh]), wish);
      log.info(`reuse: ${fresh.size === 1 ? '1 result is' : `${fresh.size} results are`} kept for later runs`);
    },
  };
}

async function restoreLedger(prefix: string, access: CacheAccess, log: Log, now: number): Promise<Ledger> {
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
  if (restored.kind === 'fault')
    log.annotate('notice', `Results of earlier runs could not be read: ${restored.reason}. Every task runs.`);
  return readLedger(text, now);
}

/** Entries can't be changed: each run and attempt has a ledger of its own, and the newest is taken. */
function ownName(environment: Environment): string {
  const { id, attempt } = runIdentityOf(environment);
  return `${id}-${attempt}`;
}

async function saveLedger(prefix: string, records: Ledger, { access, log }: ReuseWish): Promise<void> {
  const folder = join(access.temp, `pipelines-reuse-${randomUUID()}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, LEDGER_FILE), ledgerText(records));
  // Two jobs of a run can have the same surroundings.
  const key = `${prefix}${ownName(access.environment)}-${randomUUID().slice(0, 8)}`;
  const saved = await saveCache({ folder, paths: [LEDGER_FILE], key }, access);
  sayUnsaved('Results', saved, log);
}

function outputKey(key: string): string {
  return `pipelines-reuse-output-${createHash('sha256').update(key).digest('hex')}`;
}

async function restoreOutput(key: string, { paths }: Record, { workspace, access, log }: ReuseWish): Promise<boolean> {
  const place = (staging: string) => putBack(staging, workspace, paths);
  const restored = await restoreCache(
    { folder: workspace, paths, key: outputKey(key), restoreKeys: [], place },
    access,
  );
  if (restored.kind === 'fault')
    log.annotate('notice', `What a task had written could not be restored: ${restored.reason}. It runs.`);
  return restored.kind === 'hit';
}

/** Whether later runs will find it; an entry that is there already is as good. */
async function saveOutput(
  key: string,
  paths: readonly string[],
  { workspace, access, log }: ReuseWish,
): Promise<boolean> {
  const saved = await saveCache({ folder: workspace, paths, key: outputKey(key) }, access);
  sayUnsaved('What a task has written', saved, log);
  return saved.kind !== 'fault';
}

function sayUnsaved(what: string, saved: Awaited<ReturnType<typeof saveCache>>, log: Log): void {
  if (saved.kind === 'fault')
    log.annotate('notice', `${what} could not be kept: ${saved.reason}. Nothing else is affected.`);
}
