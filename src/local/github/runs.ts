import type { Conclusion, JobDeployment, PreparedJob } from '../run-types.ts';
import type { KnownRun } from '../state/memory.ts';
import { type Answer, type Call, notFound, type Route } from './api.ts';
import { type Addresses, idOf, repository, user } from './objects.ts';

/** A job of this run as GitHub would list it. */
export interface ListedJob {
  readonly key: string;
  readonly name: string;
  readonly status: 'queued' | 'in_progress' | 'completed';
  readonly conclusion: Conclusion | null;
  readonly startedAt: string;
  readonly completedAt: string | null;
  readonly deployment?: JobDeployment;
  /** Those that have run, in their order. */
  readonly steps: readonly ListedStep[];
}

export interface ListedStep {
  readonly name: string;
  readonly conclusion: Conclusion | null;
  readonly startedAt: string;
  readonly completedAt: string | null;
}

export interface RunFacts {
  /** The run that goes on. */
  readonly ownId: number;
  /** Every run that is known, the newest first. */
  readonly runs: () => Promise<readonly KnownRun[]>;
  readonly defaultBranch: string;
  readonly now: string;
  readonly jobs: () => readonly ListedJob[];
  /** Tree of a commit; undefined where the repository does not have it. */
  readonly treeOf?: (commit: string) => Promise<string | undefined>;
}

const ACTIONS = [{ scope: 'actions', level: 'read' }] as const;

/** Workflow runs and their jobs (https://docs.github.com/rest/actions/workflow-runs). */
export function runRoutes(facts: RunFacts): readonly Route[] {
  const list = async ({ query, addresses }: Call, among: readonly KnownRun[]): Promise<Answer> => {
    const fits = (name: string, ...values: readonly (string | null)[]) =>
      query.get(name) === null || values.includes(query.get(name));
    const fitting = among
      .filter((run) => fits('branch', run.headBranch) && fits('event', run.event) && fits('head_sha', run.headSha))
      .filter((run) => fits('status', run.status, run.conclusion));
    const items = await Promise.all(fitting.map((run) => workflowRun(run, facts, addresses)));
    return { status: 200, list: { items, name: 'workflow_runs' } };
  };

  const all = async (call: Call): Promise<Answer> => list(call, await facts.runs());

  const ofWorkflow = async (call: Call): Promise<Answer> => {
    const asked = call.params['workflow_id'] ?? '';
    const known = await facts.runs();
    const among = known.filter(({ path }) => path.endsWith(`/${asked}`) || String(idOf(path)) === asked);
    return among.length === 0 ? notFound('actions/workflow-runs') : list(call, among);
  };

  const one = async (call: Call): Promise<Answer> => {
    const run = (await facts.runs()).find(({ id }) => id === Number(call.params['run_id']));
    if (run === undefined) return notFound('actions/workflow-runs#get-a-workflow-run');
    return { status: 200, body: await workflowRun(run, facts, call.addresses) };
  };

  const jobs = async (call: Call): Promise<Answer> => {
    const run = (await facts.runs()).find(({ id }) => id === Number(call.params['run_id']));
    if (run === undefined) return notFound('actions/workflow-jobs');
    const listed = run.id === facts.ownId ? facts.jobs() : (run.jobs ?? []).map((job) => endedJob(job, run));
    const items = listed.map((job) => jobObject(job, run, call.addresses));
    return { status: 200, list: { items, name: 'jobs' } };
  };

  const base = '/repos/{owner}/{repo}/actions';
  const shared = { method: 'GET', needs: ACTIONS } as const;
  return [
    { ...shared, path: `${base}/runs`, page: 'actions/workflow-runs', handle: all },
    { ...shared, path: `${base}/workflows/{workflow_id}/runs`, page: 'actions/workflow-runs', handle: ofWorkflow },
    { ...shared, path: `${base}/runs/{run_id}`, page: 'actions/workflow-runs', handle: one },
    { ...shared, path: `${base}/runs/{run_id}/jobs`, page: 'actions/workflow-jobs', handle: jobs },
    {
      ...shared,
      path: `${base}/runs/{run_id}/attempts/{attempt_number}/jobs`,
      page: 'actions/workflow-jobs',
      handle: jobs,
    },
  ];
}

/** A job of a run that has ended. */
function endedJob({ name, conclusion }: PreparedJob, run: KnownRun): ListedJob {
  const times = { startedAt: run.createdAt, completedAt: run.updatedAt };
  return { key: name, name, status: 'completed', conclusion: conclusion as Conclusion | null, ...times, steps: [] };
}

/** `workflow-run` */
async function workflowRun(run: KnownRun, facts: RunFacts, addresses: Addresses) {
  const repo = `${addresses.api}/repos/${addresses.owner}/${addresses.name}`;
  const url = `${repo}/actions/runs/${run.id}`;
  const html = `https://github.com/${addresses.owner}/${addresses.name}/actions/runs/${run.id}`;
  const workflowId = idOf(run.path);
  const [headOwner = '', headName = ''] = run.headRepository.split('/');
  const described = { defaultBranch: facts.defaultBranch, now: facts.now };
  const head = { api: addresses.api, owner: headOwner, name: headName };
  const isFork = run.headRepository !== `${addresses.owner}/${addresses.name}`;
  return {
    id: run.id,
    name: run.name,
    node_id: Buffer.from(`WorkflowRun:${run.id}`).toString('base64url'),
    check_suite_id: run.id,
    check_suite_node_id: Buffer.from(`CheckSuite:${run.id}`).toString('base64url'),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.path,
    run_number: run.runNumber,
    run_attempt: run.attempt,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    display_title: run.name,
    workflow_id: workflowId,
    url,
    html_url: html,
    pull_requests: [],
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    run_started_at: run.createdAt,
    actor: user(addresses, 'octocat'),
    triggering_actor: user(addresses, 'octocat'),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${repo}/check-suites/${run.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    workflow_url: `${repo}/actions/workflows/${workflowId}`,
    head_commit: {
      id: run.headSha,
      tree_id: run.tree ?? (await facts.treeOf?.(run.headSha)) ?? run.headSha,
      message: run.name,
      timestamp: run.createdAt,
      author: { name: 'octocat', email: 'octocat@users.noreply.github.com' },
      committer: { name: 'octocat', email: 'octocat@users.noreply.github.com' },
    },
    repository: repository(addresses, described),
    head_repository: repository(head, { ...described, isFork }),
  };
}

/** `job` */
function jobObject(job: ListedJob, own: KnownRun, addresses: Addresses) {
  const repo = `${addresses.api}/repos/${addresses.owner}/${addresses.name}`;
  const run = `${repo}/actions/runs/${own.id}`;
  const id = idOf(`${own.id}/${job.key}`);
  return {
    id,
    run_id: own.id,
    run_url: run,
    run_attempt: own.attempt,
    node_id: Buffer.from(`CheckRun:${id}`).toString('base64url'),
    head_sha: own.headSha,
    head_branch: own.headBranch,
    workflow_name: own.name,
    name: job.name,
    url: `${repo}/actions/jobs/${id}`,
    html_url: `https://github.com/${addresses.owner}/${addresses.name}/actions/runs/${own.id}/job/${id}`,
    status: job.status,
    conclusion: job.conclusion,
    created_at: job.startedAt,
    started_at: job.startedAt,
    completed_at: job.completedAt,
    check_run_url: `${repo}/check-runs/${id}`,
    labels: ['ubuntu-latest'],
    runner_id: 1,
    runner_name: 'local',
    runner_group_id: 1,
    runner_group_name: 'Default',
    steps: job.steps.map(({ name, conclusion, startedAt, completedAt }, index) => ({
      ...{ name, status: conclusion === null ? 'in_progress' : 'completed', conclusion, number: index + 1 },
      ...{ started_at: startedAt, completed_at: completedAt },
    })),
  };
}
