import { artifactName } from '../github/artifact-name.ts';
import { promisedBy } from '../report/promise.ts';
import type { ActionContext, ActionResult } from '../runtime/action.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { asksFor, plannedDelivery } from './delivery.ts';
import type { outputs, PlanInputs } from './inputs.ts';
import { affectedPackages, planOutput } from './output.ts';
import { planRepository } from './plan.ts';
import { planLog, planSummary } from './summary.ts';
import type { WorkflowInputs } from './workflow-inputs.ts';

/** Workflows whose targets deploy what the build has written. */
const DEPLOYS_FILES = ['web-app'];

/** Reads the repository and says each decision in the log and the summary. */
export async function run(
  { workingDirectory, changedSince, coverage, workflow, workflowInputs }: PlanInputs,
  { workspace, environment, signal, log, summarize }: ActionContext,
): Promise<ActionResult<typeof outputs>> {
  if (changedSince !== undefined) throw notAvailable(changedSince);
  const trigger = { event: environment['GITHUB_EVENT_NAME'] ?? '', ref: environment['GITHUB_REF_NAME'] ?? '' };
  const delivery = plannedDelivery(workflowInputs ?? {}, workflow, trigger);
  const whole = await planRepository({ workspace, workingDirectory, coverage, environment, signal });
  const isLeft = ({ subject }: { subject: string }) => !asksFor(subject, workflowInputs ?? {});
  const plan = {
    ...whole,
    decisions: [...whole.decisions, ...delivery.decisions],
    notChecked: whole.notChecked.filter(isLeft),
  };
  // Only here: the rooms of the targets are not needed for anything else.
  const folders =
    workflowInputs === undefined || !DEPLOYS_FILES.includes(workflow)
      ? []
      : await (await import('./build-output.ts')).buildOutput(workflowInputs, workspace);
  for (const line of planLog(plan)) log.info(line);
  summarize(planSummary(plan));
  return {
    outputs: {
      plan: planOutput(plan),
      affected: affectedPackages(plan),
      prisma: plan.found.prismaSchemas.length > 0,
      promised: promisedBy(plan, { delivery: delivery.lines }),
      'build-output': folders.join('\n'),
      'build-artifact': folders.length === 0 ? '' : buildArtifact(workflow, workflowInputs ?? {}),
    },
  };
}

function buildArtifact(workflow: string, inputs: WorkflowInputs): string {
  const folder = String(inputs['working-directory'] ?? '.');
  return artifactName('build-output', { workflow, folder, service: String(inputs['service'] ?? '') });
}

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
