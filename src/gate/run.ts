import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { runIdentityOf } from '../github/run.ts';
import type { Change } from '../plan/changed-files.ts';
import { type Plan, planChange } from '../plan/plan.ts';
import type { Reuse } from '../reuse/reuse.ts';
import type { ActionContext, ActionResult } from '../runtime/action.ts';
import { type Environment, projectEnvironment } from '../runtime/environment.ts';
import { ConfigurationError, PipelineError } from '../runtime/errors.ts';
import { affectedTasks, sayNotAffected, withBuildValues } from './affected-tasks.ts';
import { takeDown } from './compose.ts';
import { annotateProblems, gateFailure } from './failure.ts';
import { runGate } from './gate.ts';
import type { GateInputs, outputs } from './inputs.ts';
import { checkPreconditions } from './preconditions.ts';
import { reportedResults } from './results.ts';
import type { ShardWork } from './shard.ts';
import { gateSummary } from './summary.ts';
import type { GateTask, TaskResult } from './task.ts';
import { selectTasks, switchedOff } from './tasks.ts';

/** Plans the project, runs its tasks and says what is red. */
export async function run(inputs: GateInputs, context: ActionContext): Promise<ActionResult<typeof outputs>> {
  const { workspace, log } = context;
  refuseTogether(inputs);
  const { plan, notAffected } = await planChange(
    { workspace, workingDirectory: inputs.workingDirectory, coverage: inputs.coverage },
    changeFor(inputs.changedSince, context),
  );
  const planned = [...plan.tasks, ...notAffected];
  // What the caller says about tasks is said about all of them, also about those that this change does not affect.
  const chosen = selectTasks(planned, inputs.tasks, { ...inputs, workspace });
  const intention = { planned: planned.length, tasks: chosen, decisions: plan.decisions };
  await checkPreconditions(inputs.merge === '' ? resolve(workspace, plan.root) : undefined, intention);
  const { tasks, left } = affectedTasks(chosen, notAffected);
  sayNotAffected(left, log);
  const off = switchedOff(planned, chosen);
  if (inputs.merge !== '') return (await import('./run-merge.ts')).runMerge(inputs, tasks, { off, left }, context);
  const environment = projectEnvironment(context.environment, Object.fromEntries(inputs.env ?? []));
  const ready = withBuildValues(tasks, inputs.buildEnv);
  const shard = inputs.shard === '' ? undefined : await shardFor(inputs, ready, environment, context);
  const running = shard?.tasks ?? ready;
  // Of a task that is divided a piece has passed, which is no result of the task.
  const reusable = running.filter(({ id }) => shard?.divided.has(id) !== true);
  const reuse = inputs.reuse
    ? await reuseFor(plan, reusable, inputs, { ...context, taskEnvironment: environment })
    : undefined;
  const results = await runGate(running, {
    ...context,
    environment,
    packages: new Map(plan.packages.map(({ name, directory }) => [name, directory])),
    concurrency: inputs.concurrency ?? Math.max(4, availableParallelism()),
    failFast: inputs.failFast,
    compose: inputs.compose,
    hindrance: shard?.hindrance,
    reuse,
  });
  await reuse?.keep(newlyPassed(results));
  annotateProblems(results, log);
  const failure = gateFailure(results);
  if (failure !== undefined) context.summarize(gateSummary(results, failure.faults[0].what));
  const reported = reportedResults(results, off, left);
  const reused = results.filter((result) => result.reused !== undefined).length;
  const part = await shard?.leave(results);
  const artifact = part === undefined ? undefined : artifactOf(inputs, context.environment);
  const found = { results: reported, reused, part, 'part-artifact': artifact, times: undefined };
  if (failure !== undefined) return { outputs: { ...found, passed: false, packed: undefined }, failure };
  const { packed, failure: unpackable } = await packOutput(inputs.pack ?? [], context);
  return { outputs: { ...found, passed: unpackable === undefined, packed }, failure: unpackable };
}

/** Name for the part: of its number and the attempt, so that a shard that is run again hides none. */
function artifactOf({ shard, partName }: GateInputs, environment: Environment): string {
  const [number = ''] = shard.split('/');
  return partName.replace('*', `${number}-attempt-${runIdentityOf(environment).attempt}`);
}

/** Inputs that ask for two things at once. */
function refuseTogether({ shard, merge, pack }: GateInputs): void {
  const given = [shard === '' ? '' : 'shard', merge === '' ? '' : 'merge', (pack ?? []).length === 0 ? '' : 'pack'];
  const together = given.filter((name) => name !== '').map((name) => `\`${name}\``);
  if (together.length < 2) return;
  throw new ConfigurationError({
    code: 'PIPE-GATE-017',
    what: `${together.join(' and ')} can’t be used together`,
    given: together.join(', '),
    accepted: 'one of `shard` (runs a share), `merge` (puts shares together) and `pack` (packs what one machine built)',
    example: '`shard: ${{ matrix.shard }}`',
    state: 'no task was run',
  });
}

/** The share of this machine. What divides is only loaded where it is asked for. */
async function shardFor(
  { shard, times }: GateInputs,
  tasks: readonly GateTask[],
  environment: Environment,
  context: ActionContext,
): Promise<ShardWork> {
  const { workspace, signal, log } = context;
  const { shardWork } = await import('./shard.ts');
  const { ownTemp } = await import('./own-temp.ts');
  const temp = await ownTemp(context);
  const folder = join(temp, 'pipelines-shard');
  const { attempt } = runIdentityOf(context.environment);
  return shardWork(shard, times, tasks, { workspace, environment, signal, log, temp, folder, attempt });
}

/** Longest time of one restore or save of the cache, in milliseconds. */
const CACHE_TIMEOUT = 60_000;

/** Results of earlier runs. What knows the cache is only loaded where it is asked for. */
async function reuseFor(
  { packages, root, packageManager }: Plan,
  tasks: readonly GateTask[],
  { compose, pack, coverage }: GateInputs,
  context: ActionContext & { readonly taskEnvironment: Environment },
): Promise<Reuse | undefined> {
  const { openReuse } = await import('../reuse/reuse.ts');
  const { cacheAccess } = await import('../cache/access.ts');
  const { workspace, log, taskEnvironment } = context;
  return openReuse({
    ...{ tasks, packages, root, workspace, log, taskEnvironment },
    manager: packageManager?.name ?? 'npm',
    compose: compose !== undefined,
    packs: (pack ?? []).length > 0,
    coverage,
    access: cacheAccess(context, CACHE_TIMEOUT),
  });
}

/** Tasks that ran and passed without a word to say about them, with their milliseconds. */
function newlyPassed(results: readonly TaskResult[]): ReadonlyMap<string, number> {
  const passed = results.filter(
    ({ result, reason, reused }) => result === 'passed' && reason === undefined && reused === undefined,
  );
  return new Map(passed.map(({ task, duration }) => [task.id, duration]));
}

/** What differs from the commit that the plan compared with; a clone without it has lost it since. */
async function changeFor(base: string, { workspace, environment, signal }: ActionContext): Promise<Change | undefined> {
  if (base === '') return undefined;
  const { changedSince } = await import('../plan/changed-files.ts');
  const change = await changedSince({ workspace, environment, signal }, base);
  if (change !== undefined) return change;
  throw new ConfigurationError({
    code: 'PIPE-GATE-014',
    what: 'the clone does not hold the commit of `changed-since`',
    given: base,
    accepted: 'the output `changed-since` of the action `plan` in the same job, which fetches the commit',
    example: '`changed-since: ${{ steps.plan.outputs.changed-since }}`',
    state: 'no task was run',
  });
}

/** Packs the build output for a job that deploys it. That it can't is an answer: the results of the tasks stand. */
async function packOutput(
  folders: readonly string[],
  { workspace, temp, environment, signal, log }: ActionContext,
): Promise<{ readonly packed: string | undefined; readonly failure: PipelineError | undefined }> {
  if (folders.length === 0) return { packed: undefined, failure: undefined };
  const file = join(temp, 'pipelines-build-output.tar');
  try {
    const { packSite } = await import('../archive/pack.ts');
    const packed = await packSite(folders, workspace, file, { environment: projectEnvironment(environment), signal });
    log.info(packed.length === 0 ? 'The build left nothing to pack.' : `Packed for deployment: ${packed.join(', ')}`);
    return { packed: packed.length === 0 ? undefined : file, failure: undefined };
  } catch (error) {
    if (!(error instanceof PipelineError) || signal.aborted) throw error;
    return { packed: undefined, failure: error };
  }
}

/** Takes down the compose services that a cancelled main part left. */
export async function post({ state, environment, log }: ActionContext): Promise<void> {
  const project = state('compose-project');
  if (project !== '') await takeDown(project, { environment, interrupted: true, say: log.info });
}
