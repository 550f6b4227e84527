import { createHash } from 'node:crypto';
import { type CacheAccess, whyOff } from '../cache/access.ts';
import { runIdentityOf } from '../github/run.ts';
import type { Environment } from '../runtime/environment.ts';
import { PipelineError, printable, shown } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import { whyNotReused } from './allowed.ts';
import { restoreLedger, restoreOutput, saveLedger, saveOutputs, type TaskOutput } from './entries.ts';
import { isOutputPath, type Record } from './ledger.ts';
import { outputsOf } from './outputs.ts';
import { patience } from './patience.ts';
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
  /** Its time is for all that is read, and again for all that is kept. */
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

/** Longest time for the list of results, in milliseconds: it is small, and without it nothing is lost but time. */
const LIST = 10_000;

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
  const reading = patience(access.timeout);
  const list = Math.min(LIST, Math.ceil(access.timeout / 4));
  const { known, isSlow } = await reading.during(() => {
    return restoreLedger(prefix, now(), { access: { ...access, timeout: list }, log });
  });
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
      if (record.paths.length > 0 && !(await restoreOutput(key, record, { ...wish, patience: reading })))
        return undefined;
      return { at: record.at, run: record.run };
    },
    keep: async (passed) => {
      const own = wish.tasks.filter(({ id, kind }) => passed.has(id) && !NEVER.includes(kind));
      if (own.length === 0) return;
      const tooSlow = isSlow ? 'the cache service was too slow before the tasks' : undefined;
      const refused = whyOff(environment, 'save') ?? tooSlow;
      if (refused !== undefined) return void off(`nothing is kept, ${refused}`);
      const written = await ignoredPathsOf(repository);
      if (typeof written === 'string') return void off(`nothing is kept, ${written} after the tasks`);
      const folders = ['.', ...wish.packages.map(({ directory }) => directory)];
      const outputs = outputsOf(wish.tasks, written, { earlier: tree.ignoredPaths, folders });
      const keepable = keepableOf(own, outputs, tracked, log).map((one) => ({ ...one, key: keys.get(one.id) ?? '' }));
      const at = `${new Date(now()).toISOString().slice(0, 19)}Z`;
      const run = runIdentityOf(environment).page ?? '';
      const kept = await saveOutputs(keepable, {
        workspace,
        access: { ...access, timeout: access.timeout - list },
        log,
      });
      const fresh = kept.map(({ id, key, paths }): [string, Record] => {
        return [key, { at, run, duration: Math.round(passed.get(id) ?? 0), paths, place }];
      });
      if (fresh.length > 0)
        await saveLedger(prefix, new Map([...known, ...fresh]), fresh.length, {
          access: { ...access, timeout: list },
          log,
        });
    },
  };
}

/** Of tasks that passed those whose output is known; the log names the others. */
function keepableOf(
  tasks: readonly ReusableTask[],
  { byTask, stray }: ReturnType<typeof outputsOf>,
  tracked: ReadonlySet<string>,
  log: Log,
): readonly Omit<TaskOutput, 'key'>[] {
  if (stray !== undefined) log.info(`reuse: builds are not kept, ${shown(stray, 120)} can’t be told to be theirs`);
  return tasks.flatMap(({ id, kind }) => {
    const paths = (byTask.get(id) ?? []).filter((path) => !tracked.has(path));
    if ((kind === 'build' && stray !== undefined) || !paths.every(isOutputPath)) return [];
    if (paths.length > 0 || CHECKS.includes(kind)) return [{ id, paths }];
    // Who has no output of its own may have written what counts for another: checks alone are known to write nothing.
    log.info(`reuse: ${id} is not kept, it left no file that git ignores`);
    return [];
  });
}
