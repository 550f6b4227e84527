import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Reuse } from '../reuse/reuse.ts';
import type { ActionContext } from '../runtime/action.ts';
import { PipelineError } from '../runtime/errors.ts';
import { durationText } from '../runtime/kinds.ts';
import type { Log } from '../runtime/log.ts';
import { typedCommand } from './command-line.ts';
import { projectName, startServices } from './compose.ts';
import { type EndedTask, piecesOf, runTask } from './run-task.ts';
import { runInOrder } from './schedule.ts';
import type { GateTask, TaskResult } from './task.ts';

/** Milliseconds between the lines that say what is still running. */
const HEARTBEAT = 30_000;
/** Longest wait for compose services to be healthy, in milliseconds. */
const SERVICES_TIMEOUT = 300_000;

export interface GateOptions
  extends Pick<ActionContext, 'workspace' | 'temp' | 'environment' | 'signal' | 'log' | 'saveState'> {
  /** Folders of the workspace's packages by name, from its root. */
  readonly packages: ReadonlyMap<string, string>;
  readonly concurrency: number;
  readonly failFast: boolean;
  /** Absolute path of a compose file. */
  readonly compose: string | undefined;
  /** Why a task can't run, asked when all that it needs has passed; undefined where it can. */
  readonly hindrance?: ((task: GateTask) => Promise<string | undefined>) | undefined;
  /** Results of earlier runs; undefined where every task runs. */
  readonly reuse?: Pick<Reuse, 'take'> | undefined;
}

/** Runs the tasks with the services they need, shows each as it ends, and leaves nothing running. */
export async function runGate(tasks: readonly GateTask[], options: GateOptions): Promise<readonly TaskResult[]> {
  if (options.compose === undefined) return runTasks(tasks, options);
  const project = projectName(`gate-${basename(options.workspace)}`);
  const services = await startServices({
    file: options.compose,
    workspace: options.workspace,
    project,
    environment: options.environment,
    timeout: SERVICES_TIMEOUT,
    signal: options.signal,
    say: options.log.info,
    onStart: () => options.saveState('compose-project', project),
  });
  try {
    const results = await runTasks(tasks, options);
    if (results.some(({ result }) => result !== 'passed')) {
      await warnInstead(options.log, async () => options.log.group('compose services', [await services.logs()]));
    }
    return results;
  } finally {
    // The tasks' results stand, whatever becomes of the services; `post` tries again what did not end well.
    await warnInstead(options.log, async () => {
      await services.stop();
      options.saveState('compose-project', '');
    });
  }
}

/** A fault of what is done beside the tasks is a warning: it must not hide what the tasks came to. */
async function warnInstead(log: Log, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    log.annotate('warning', error.message);
  }
}

async function runTasks(tasks: readonly GateTask[], options: GateOptions): Promise<readonly TaskResult[]> {
  const { log, workspace, environment, packages } = options;
  const parent = options.temp === '' ? tmpdir() : options.temp;
  await mkdir(parent, { recursive: true });
  const temp = await mkdtemp(join(parent, 'gate-'));
  const started = performance.now();
  const running = new Map<string, number>();
  const heartbeat = setInterval(() => sayRunning(log, running), HEARTBEAT);
  try {
    return await runInOrder<EndedTask>(tasks, {
      ...options,
      run: async (task, signal) => {
        const known = await taken(task, started, options);
        if (known !== undefined) return known;
        const hindered = await hindrance(task, started, options);
        if (hindered !== undefined) return hindered;
        running.set(task.id, performance.now());
        const ended = await runTask(task, tasks.indexOf(task), signal, {
          workspace,
          temp,
          environment,
          packages,
          started,
        });
        running.delete(task.id);
        show(ended, log);
        return ended;
      },
      skip: (task, result, reason) => {
        const start = performance.now() - started;
        const skipped = { task, result, reason, start, duration: 0, problems: [], tail: [] };
        log.info(`${result === 'skipped' ? 'not run' : result}: ${task.id} (${reason})`);
        return skipped;
      },
    });
  } finally {
    clearInterval(heartbeat);
    await rm(temp, { recursive: true, force: true });
  }
}

/** The result of an earlier run, where the task passed there with the same inputs. */
async function taken(task: GateTask, started: number, { reuse, log }: GateOptions): Promise<EndedTask | undefined> {
  const start = performance.now() - started;
  const reused = await reuse?.take(task);
  if (reused === undefined) return undefined;
  const where = reused.run === '' ? '' : ` in ${reused.run}`;
  log.info(`reused ${task.id} (passed ${reused.at.replace('T', ' ').replace(/:\d\dZ$/, ' UTC')}${where})`);
  const duration = performance.now() - started - start;
  return { task, result: 'passed', start, duration, reused, problems: [], tail: [] };
}

async function hindrance(task: GateTask, started: number, options: GateOptions): Promise<EndedTask | undefined> {
  const reason = await options.hindrance?.(task);
  if (reason === undefined) return undefined;
  options.log.info(`failed ${task.id}: ${reason}`);
  return { task, result: 'failed', reason, start: performance.now() - started, duration: 0, problems: [], tail: [] };
}

function show(ended: EndedTask, log: Log): void {
  const { task, result, duration, reason } = ended;
  const where = task.directory === '.' ? '' : ` in ${task.directory}`;
  const why = reason === undefined ? '' : `: ${reason}`;
  const title = `${result} ${task.id} (${durationText(duration)}) ${typedCommand(task)}${where}${why}`;
  log.group(title, ended.outputFile === undefined ? [] : piecesOf(ended.outputFile));
}

function sayRunning(log: Log, running: ReadonlyMap<string, number>): void {
  const now = performance.now();
  const each = [...running].map(([id, since]) => `${id} (${durationText(now - since)})`);
  if (each.length > 0) log.info(`running: ${each.join(', ')}`);
}
