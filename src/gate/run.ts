import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { planRepository } from '../plan/plan.ts';
import type { ActionContext, ActionResult } from '../runtime/action.ts';
import { projectEnvironment } from '../runtime/environment.ts';
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
  return {
    outputs: { passed: failure === undefined, results: reportedResults(results, switchedOff(plan.tasks, tasks)) },
    failure,
  };
}

/** Takes down the compose services that a cancelled main part left. */
export async function post({ state, environment, log }: ActionContext): Promise<void> {
  const project = state('compose-project');
  if (project !== '') await takeDown(project, { environment, interrupted: true, say: log.info });
}
