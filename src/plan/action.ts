import { promisedBy } from '../report/promise.ts';
import { defineAction } from '../runtime/action.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { string, workspacePath } from '../runtime/kinds.ts';
import { affectedPackages, planOutput } from './output.ts';
import { planRepository } from './plan.ts';
import { planLog, planSummary } from './summary.ts';
import { checkWorkflowInputs, workflowInputsKind } from './workflow-inputs.ts';

export const action = defineAction({
  name: 'plan',
  description: 'Reads the repository and explains what the pipeline will do and why.',
  inputs: {
    'working-directory': {
      kind: workspacePath({ example: 'apps/api' }),
      description:
        'Folder of the project. A package of a workspace is planned with the builds of the packages it depends on.',
      default: '.',
    },
    'changed-since': {
      kind: string({ example: 'origin/main' }),
      description: 'Commit to compare with, so that only affected packages are planned. Not available yet.',
    },
    'workflow-inputs': {
      kind: workflowInputsKind(),
      description: 'Inputs of the workflow that plans, as `toJSON(inputs)`: what it can not do is refused at once.',
    },
  },
  outputs: {
    plan: {
      kind: 'json',
      description:
        'The plan, as docs/plan.schema.json describes it; at most 120,000 bytes, `leftOut` says what did not fit.',
    },
    affected: { kind: 'json', description: 'Folders of the affected packages, relative to the repository.' },
    promised: { kind: 'json', description: 'What `report` needs of the plan, 8 KiB at most.' },
  },
  run: async (
    { workingDirectory, changedSince, workflowInputs },
    { workspace, environment, signal, log, summarize },
  ) => {
    if (changedSince !== undefined) throw notAvailable(changedSince);
    if (workflowInputs !== undefined) checkWorkflowInputs(workflowInputs);
    const plan = await planRepository({ workspace, workingDirectory, environment, signal });
    for (const line of planLog(plan)) log.info(line);
    summarize(planSummary(plan));
    return { outputs: { plan: planOutput(plan), affected: affectedPackages(plan), promised: promisedBy(plan) } };
  },
});

function notAvailable(given: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-PLAN-001',
    what: 'the input `changed-since` is not available yet',
    given: shown(given),
    accepted: 'nothing: without it every package counts as affected',
    remedy: 'leave it out',
    state: 'nothing was planned',
  });
}
