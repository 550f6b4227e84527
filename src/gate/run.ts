import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { planRepository } from '../plan/plan.ts';
import type { ActionContext, ActionResult } from '../runtime/action.ts';
import { projectEnvironment } from '../runtime/environment.ts';
import { PipelineError } from '../runtime/errors.ts';
import { takeDown } from './compose.ts';
import { annotateProblems, gateFailure } from './failure.ts';
import { runGate } from './gate.ts';
import type { GateInputs, outputs } from './inputs.ts';
import { checkPreconditions } from './preconditions.ts';
import { reportedResults } from './results.ts';
import { gateSummary } from './summary.ts';
import { selectTasks, switchedOff } from './tasks.ts';

/** Plans the project, runs its tasks and says what is red. */
export async function run(inputs: GateInputs, context: ActionContext): Promise<ActionResult<typeof outputs>> {
  const { workspace, log } = context;
  const plan = await planRepository({
    workspace,
    workingDirectory: inputs.workingDirectory,
    coverage: inputs.coverage,
  });
  const tasks = selectTasks(plan.tasks, inputs.tasks, { ...inputs, workspace });
  const { decisions } = plan;
  await checkPreconditions(resolve(workspace, plan.root), { planned: plan.tasks.length, tasks, decisions });
  const results = await runGate(tasks, {
    ...context,
    environment: projectEnvironment(context.environment, Object.fromEntries(inputs.env ?? [])),
    packages: new Map(plan.packages.map(({ name, directory }) => [name, directory])),
    concurrency: inputs.concurrency ?? Math.max(4, availableParallelism()),
    failFast: inputs.failFast,
    compose: inputs.compose,
  });
  annotateProblems(results, log);
  const failure = gateFailure(results);
  if (failure !== undefined) context.summarize(gateSummary(results, failure.faults[0].what));
  const reported = reportedResults(results, switchedOff(plan.tasks, tasks));
  if (failure !== undefined) return { outputs: { passed: false, results: reported, packed: undefined }, failure };
  const { packed, failure: unpackable } = await packOutput(inputs.pack ?? [], context);
  return { outputs: { passed: unpackable === undefined, results: reported, packed }, failure: unpackable };
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
