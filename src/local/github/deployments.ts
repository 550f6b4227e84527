import type { JobDeployment } from '../prepared-types.ts';
import type { KnownRun } from '../state/memory.ts';
import { type Answer, type Call, notFound, type Route } from './api.ts';
import { BOT } from './comments.ts';
import { type Addresses, idOf, user } from './objects.ts';
import type { ListedJob } from './runs.ts';

/** A job's deployment, as GitHub makes one of each job that names an environment. */
interface Deployed extends JobDeployment {
  readonly id: number;
  readonly run: KnownRun;
  /** Of the last status first; ISO 8601. */
  readonly states: readonly { readonly state: string; readonly at: string }[];
}

export interface DeploymentFacts {
  readonly ownId: number;
  /** Every run that is known, the newest first. */
  readonly runs: () => Promise<readonly KnownRun[]>;
  /** Jobs of the run that goes on. */
  readonly jobs: () => readonly ListedJob[];
}

const READS = [{ scope: 'deployments', level: 'read' }] as const;
const PAGE = 'deployments/deployments#';

/**
 * Deployments and their statuses (https://docs.github.com/rest/deployments), read only: jobs make them by naming an
 * environment. One appears when its job has ended; on GitHub it is there, in progress, from the job's start.
 */
export function deploymentRoutes(facts: DeploymentFacts): readonly Route[] {
  const list = async ({ query, addresses }: Call): Promise<Answer> => {
    const fits = (name: string, value: string) => query.get(name) === null || query.get(name) === value;
    const found = (await deployments(facts)).filter(({ run, environment }) => {
      return (
        fits('sha', run.headSha) &&
        fits('ref', run.headBranch) &&
        fits('environment', environment) &&
        fits('task', 'deploy')
      );
    });
    return { status: 200, list: { items: found.map((one) => deploymentObject(one, addresses)) } };
  };
  const withOne =
    (page: string, answer: (found: Deployed, call: Call) => Answer) =>
    async (call: Call): Promise<Answer> => {
      const found = (await deployments(facts)).find(({ id }) => String(id) === call.params['deployment_id']);
      return found === undefined ? notFound(`${PAGE}${page}`) : answer(found, call);
    };
  const base = '/repos/{owner}/{repo}/deployments';
  const shared = { method: 'GET', needs: READS } as const;
  return [
    { ...shared, path: base, page: `${PAGE}list-deployments`, handle: list },
    {
      ...{ ...shared, path: `${base}/{deployment_id}`, page: `${PAGE}get-a-deployment` },
      handle: withOne('get-a-deployment', (found, { addresses }) => ({
        status: 200,
        body: deploymentObject(found, addresses),
      })),
    },
    {
      ...{ ...shared, path: `${base}/{deployment_id}/statuses`, page: 'deployments/statuses' },
      handle: withOne('list-deployment-statuses', (found, { addresses }) => {
        return { status: 200, list: { items: found.states.map((_, index) => statusObject(found, index, addresses)) } };
      }),
    },
  ];
}

/** The newest first. A success makes the ones before it in the same environment inactive. */
async function deployments({ ownId, runs, jobs }: DeploymentFacts): Promise<readonly Deployed[]> {
  const all = (await runs()).flatMap((run) => {
    const ended: readonly Ended[] =
      run.id === ownId
        ? jobs().map((job) => ({ ...job, at: job.completedAt ?? run.updatedAt }))
        : (run.jobs ?? []).map((job) => ({ ...job, at: run.updatedAt }));
    return [...ended].reverse().flatMap((job) => deployed(job, run));
  });
  const isOld = ({ environment, states }: Deployed, index: number) => {
    const newer = all.slice(0, index).some((other) => other.environment === environment && isGood(other));
    return newer && states[0]?.state === 'success';
  };
  return all.map((one, index) => {
    if (!isOld(one, index)) return one;
    return { ...one, states: [{ state: 'inactive', at: one.states[0]?.at ?? '' }, ...one.states] };
  });
}

const isGood = ({ states }: Deployed): boolean => states[0]?.state === 'success';

/** A job that has ended, or goes on. */
interface Ended {
  readonly name: string;
  readonly conclusion: string | null;
  readonly deployment?: JobDeployment;
  readonly at: string;
}

function deployed({ name, conclusion, deployment, at }: Ended, run: KnownRun): readonly Deployed[] {
  if (deployment === undefined) return [];
  const begun = { state: 'in_progress', at: run.createdAt };
  const states =
    conclusion === null ? [begun] : [{ state: conclusion === 'success' ? 'success' : 'failure', at }, begun];
  return [{ id: idOf(`${run.id}/${name}/deployment`), run, ...deployment, states }];
}

/** `deployment` */
function deploymentObject({ id, run, environment, states }: Deployed, addresses: Addresses) {
  const repository = `${addresses.api}/repos/${addresses.owner}/${addresses.name}`;
  const url = `${repository}/deployments/${id}`;
  return {
    ...{ url, id, node_id: Buffer.from(`Deployment:${id}`).toString('base64url'), sha: run.headSha },
    ...{ ref: run.headBranch, task: 'deploy', payload: {}, original_environment: environment, environment },
    ...{ description: null, creator: user(addresses, BOT), created_at: run.createdAt },
    ...{ updated_at: states[0]?.at ?? run.updatedAt, statuses_url: `${url}/statuses`, repository_url: repository },
    ...{ transient_environment: false, production_environment: environment === 'production' },
  };
}

/** `deployment-status` */
function statusObject({ id, run, environment, url: page, states }: Deployed, index: number, addresses: Addresses) {
  const repository = `${addresses.api}/repos/${addresses.owner}/${addresses.name}`;
  const deployment = `${repository}/deployments/${id}`;
  const status = idOf(`${id}/${states.length - index}`);
  const log = `https://github.com/${addresses.owner}/${addresses.name}/actions/runs/${run.id}`;
  const { state = '', at = '' } = states[index] ?? {};
  return {
    ...{ url: `${deployment}/statuses/${status}`, id: status, state, creator: user(addresses, BOT) },
    ...{ node_id: Buffer.from(`DeploymentStatus:${status}`).toString('base64url'), description: '', environment },
    ...{ target_url: log, log_url: log, environment_url: page, created_at: at, updated_at: at },
    ...{ deployment_url: deployment, repository_url: repository },
  };
}
