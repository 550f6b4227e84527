import { artifactName, type RecordKey } from '../github/artifact-name.ts';
import { promisedBy } from '../report/promise.ts';
import type { ActionContext, ActionResult } from '../runtime/action.ts';
import type { Repository } from '../runtime/git.ts';
import { affectedDecisions, affectedPackages, hasNothingToDo, notAffectedEntries } from './affected-lines.ts';
import type { BuildValues } from './build-values.ts';
import type { BaseWish, ChangeBase } from './change-base.ts';
import { changedSince as changesSince } from './changed-files.ts';
import { plainDecision, plainEntry } from './decisions.ts';
import { asksFor, plannedDelivery } from './delivery.ts';
import type { outputs, PlanInputs } from './inputs.ts';
import { planOutput } from './output.ts';
import { planChange } from './plan.ts';
import type { PlannedShards, ShardsWish } from './shards.ts';
import { planLog, planSummary } from './summary.ts';
import type { WorkflowInputs } from './workflow-inputs.ts';

/** Workflows whose targets deploy what the build has written. */
const DEPLOYS_FILES = ['web-app'];

/** Reads the repository and says each decision in the log and the summary. */
export async function run(
  { workingDirectory, changedSince, coverage, shards, summary, workflow, workflowInputs, githubToken }: PlanInputs,
  { workspace, environment, signal, log, summarize }: ActionContext,
): Promise<ActionResult<typeof outputs>> {
  const trigger = { event: environment['GITHUB_EVENT_NAME'] ?? '', ref: environment['GITHUB_REF_NAME'] ?? '' };
  const delivery = plannedDelivery(workflowInputs ?? {}, workflow, trigger);
  const built = await (await import('./build-values.ts')).buildValues(workflowInputs ?? {}, trigger);
  const repository = { workspace, environment, signal };
  const compared = { given: changedSince.trim(), delivers: delivery.lines.length > 0, token: githubToken ?? '' };
  const base = await baseOf(compared, repository);
  const change = base?.kind === 'commit' ? changesSince(repository, base.commit) : undefined;
  const planned = await planChange({ workspace, workingDirectory, coverage, environment, signal }, change);
  const { plan: whole, affected } = planned;
  const nothingToDo = hasNothingToDo(whole, affected);
  const key = recordKey(workflow, workflowInputs ?? {}, whole.workingDirectory);
  const wish = { shards: nothingToDo ? 1 : shards, tasks: whole.tasks, key, token: compared.token };
  const divided = await shardsOf({ ...wish, environment, signal });
  const isLeft = ({ subject }: { subject: string }) => !asksFor(subject, workflowInputs ?? {});
  const promisedPlan = {
    ...whole,
    decisions: [
      ...affectedDecisions(base, planned).map(plainDecision),
      ...whole.decisions,
      ...(divided === undefined ? [] : [plainDecision(divided.decision)]),
      ...delivery.decisions,
      ...(built.decision === undefined ? [] : [plainDecision(built.decision)]),
    ],
    notChecked: whole.notChecked.filter(isLeft),
  };
  // What the change does not affect travels to the table in the gate's results: it needs no look, as what is not checked does.
  const notAffected = notAffectedEntries(planned.notAffected).map(plainEntry);
  const plan = { ...promisedPlan, notChecked: [...promisedPlan.notChecked, ...notAffected] };
  // Only here: the rooms of the targets are not needed for anything else.
  const folders =
    workflowInputs === undefined || !DEPLOYS_FILES.includes(workflow)
      ? []
      : await (await import('./build-output.ts')).buildOutput(workflowInputs, workspace);
  for (const line of planLog(plan)) log.info(line);
  if (summary) summarize(planSummary(plan));
  return {
    outputs: {
      plan: planOutput(plan),
      affected: affectedPackages(plan, affected),
      'nothing-to-do': nothingToDo,
      // What is deployed as files is built, checked and measured whole.
      'changed-since': DEPLOYS_FILES.includes(workflow) ? '' : (affected?.base ?? ''),
      prisma: plan.found.prismaSchemas.length > 0,
      promised: promisedBy(promisedPlan, nothingToDo ? { affected: [] } : { delivery: delivery.lines }),
      'build-output': folders.join('\n'),
      ...buildOutputs(built),
      'build-artifact': folders.length === 0 ? '' : artifactName('build-output', key),
      ...shardOutputs(divided),
    },
  };
}

function buildOutputs({ values, told, builtFor }: BuildValues) {
  const given = Object.keys(values).length === 0 ? '' : JSON.stringify(values);
  return { 'build-env': given, builds: told, 'built-for': builtFor };
}

/** What to compare with; undefined without `changed-since`. What compares is only loaded where something is compared. */
async function baseOf(wish: BaseWish, repository: Repository): Promise<ChangeBase | undefined> {
  if (wish.given === '') return undefined;
  return (await import('./change-base.ts')).findChangeBase(wish, repository);
}

/** Machines for the tasks; undefined for one machine. What divides is only loaded where it is asked for. */
async function shardsOf(wish: ShardsWish): Promise<PlannedShards | undefined> {
  return wish.shards < 2 ? undefined : (await import('./shards.ts')).plannedShards(wish);
}

function shardOutputs(planned: PlannedShards | undefined) {
  const { matrix, times, parts, timesArtifact } = planned ?? {};
  return { shards: matrix, times, 'shard-parts': parts, 'times-artifact': timesArtifact };
}

/** What the records and artifacts of this call are known by. */
function recordKey(workflow: string, inputs: WorkflowInputs, planned: string): RecordKey {
  const folder = String(inputs['working-directory'] ?? planned);
  return { workflow, folder, service: String(inputs['service'] ?? '') };
}
