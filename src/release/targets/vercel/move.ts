import { OutsideFault, type PipelineError, ProjectFailure, shown } from '../../../runtime/errors.ts';
import { listOf, textOf } from '../../../runtime/json.ts';
import { placeText } from '../../reference.ts';
import type { Reason, Serving } from '../../target.ts';
import { TrafficMoved } from '../../traffic-moved.ts';
import { mapOf, type VercelApi } from './api.ts';
import { deploymentOf } from './deployment.ts';
import { type Refusal, refused, said, tookTooLong } from './faults.ts';
import { type Place, referenceIn } from './place.ts';
import type { Project } from './project.ts';

/** Longest time that Vercel may take to move production's domains, in milliseconds; its own command waits as long. */
const LONGEST_MOVE = 180_000;

/** Milliseconds between two looks at a move: the first and the longest. */
const FIRST_LOOK = 100;
const LONGEST_LOOK = 1_000;

/** Longest time that a project may take to show a move that was asked for, or that has ended, in milliseconds. */
const LONGEST_LAG = 15_000;

function nextLook(look: number): number {
  return Math.min(LONGEST_LOOK, look * 1.5);
}

export interface ProductionMove {
  readonly api: VercelApi;
  /** Reads the project. */
  readonly project: () => Promise<Project>;
  readonly place: Place;
  /** Id of the deployment that is to serve. */
  readonly deployment: string;
  /** What was serving when this was decided. */
  readonly from: Serving;
  readonly reason: Reason;
}

/**
 * The project when no move of its domains is under way; one that an earlier run began is waited for.
 *
 * @param first as it has just been read; left out: it is read
 */
export async function settled(api: VercelApi, project: () => Promise<Project>, first?: Project): Promise<Project> {
  let waited = 0;
  let known = first;
  for (let look = FIRST_LOOK; ; look = nextLook(look)) {
    const read = known ?? (await project());
    known = undefined;
    // One that nobody has heard of for longer is stuck: what serves is what serves.
    const isOld = Date.now() - (read.lastMove?.requestedAt ?? 0) > LONGEST_MOVE;
    if (read.lastMove?.status !== 'running' || isOld) return read;
    if (waited > LONGEST_MOVE) throw stillMoving(read.lastMove.to, waited);
    await api.pause(look);
    waited += look;
  }
}

/**
 * Gives production's domains to a deployment (POST /v10/projects/{id}/promote/{deployment}, POST
 * /v1/projects/{id}/rollback/{deployment}) and waits until they lead to it.
 *
 * @returns the project afterwards
 * @throws TrafficMoved when something else moved them since `from`
 * @throws ProjectFailure PIPE-VERCEL-012 a domain stayed behind; PIPE-VERCEL-013 a preview; PIPE-VERCEL-014 it can't
 * take the traffic; PIPE-VERCEL-015 another refusal
 */
export async function moveProduction(move: ProductionMove): Promise<Project> {
  const { api, project, place, deployment, from, reason } = move;
  const before = await settled(api, project);
  if (before.production?.id === deployment) return before;
  const serves = before.production?.id ?? 'nothing';
  const wasServing = from.shares[0] === undefined ? 'nothing' : from.shares[0].reference.parts.at(-1);
  const text = placeText(referenceIn(place, deployment));
  if (serves !== wasServing) throw new TrafficMoved(text, `${serves} serves`);
  const action = reason === 'promote' ? 'promote' : 'rollback';
  const path = `/${action === 'promote' ? 'v10' : 'v1'}/projects/${before.id}/${action}/${encodeURIComponent(deployment)}`;
  const { status, refusal } = await api.ask({ method: 'POST', path, body: {} });
  if (refusal !== undefined) return afterRefusal(move, refusal);
  if (status === 202) throw queued(deployment);
  try {
    return await ended(move, before.lastMove?.requestedAt);
  } catch (error) {
    const seen = error instanceof OutsideFault ? await seenAtDomain(move, before) : undefined;
    if (seen === undefined) throw error;
    return seen;
  }
}

/**
 * Waits for the move to a deployment to end.
 *
 * @param earlier when the move before it was asked for
 */
async function ended(
  { api, project, place, deployment }: ProductionMove,
  earlier: number | undefined,
): Promise<Project> {
  let waited = 0;
  const isEarly = ({ lastMove }: Project) => {
    const isDone = lastMove?.to === deployment && lastMove.status === 'succeeded';
    return (lastMove?.requestedAt === earlier || isDone) && waited < LONGEST_LAG;
  };
  let read = await settled(api, project);
  for (let look = FIRST_LOOK; read.production?.id !== deployment && isEarly(read); look = nextLook(look)) {
    await api.pause(look);
    waited += look;
    read = await settled(api, project);
  }
  if (read.production?.id === deployment) return read;
  const { lastMove } = read;
  const text = placeText(referenceIn(place, deployment));
  if (lastMove?.to !== deployment) throw new TrafficMoved(text, `${read.production?.id ?? 'nothing'} serves`);
  throw notAllMoved(deployment, lastMove.type, await failedDomains(api, read, lastMove.type));
}

/**
 * The project can't be read any more, and the domains may have moved: what the first of them leads to says so as well.
 *
 * @returns the project as it has to be when the deployment serves; undefined when that can't be seen
 */
async function seenAtDomain(
  { api, deployment, reason }: ProductionMove,
  before: Project,
): Promise<Project | undefined> {
  const domains = before.production?.domains ?? before.domains;
  const [domain] = domains.length === 0 ? before.domains : domains;
  if (domain === undefined) return undefined;
  let waited = 0;
  for (let look = FIRST_LOOK; waited < LONGEST_LAG; look = nextLook(look)) {
    waited += look;
    const leadsTo = await deploymentAt(api, domain);
    if (leadsTo === undefined) return undefined;
    if (leadsTo === deployment) {
      const type = reason === 'promote' ? 'promote' : 'rollback';
      const from = before.production?.id ?? '';
      const lastMove = { type, from, to: deployment, status: 'succeeded', requestedAt: Date.now() } as const;
      return { ...before, production: { id: deployment, domains, url: domain, readyAt: 0 }, lastMove };
    }
    await api.pause(look);
  }
  return undefined;
}

/** Id of the deployment that a host name leads to (GET /v4/aliases/{alias}); undefined when it can't be read. */
async function deploymentAt(api: VercelApi, domain: string): Promise<string | undefined> {
  try {
    const { value } = await api.ask({ path: `/v4/aliases/${encodeURIComponent(domain)}` });
    return textOf(mapOf(value)['deploymentId']) || undefined;
  } catch (error) {
    // The failure that led here says more.
    if (error instanceof OutsideFault) return undefined;
    throw error;
  }
}

/** A refusal may come because it is done already, or because it can't be: the state says which. */
async function afterRefusal(move: ProductionMove, refusal: Refusal): Promise<Project> {
  const { api, project, place, deployment, reason } = move;
  const now = await settled(api, project);
  if (now.production?.id === deployment) return now;
  if (refusal.status === 409) {
    throw new TrafficMoved(placeText(referenceIn(place, deployment)), said(refusal));
  }
  const { value, refusal: gone } = await api.ask({ path: `/v13/deployments/${encodeURIComponent(deployment)}` });
  if (gone === undefined) {
    const { target, state, hasServed } = deploymentOf(value);
    if (target !== 'production') throw isPreview(deployment, target);
    if (state !== 'READY') throw cannotServe(deployment, `its state is ${state}`, refusal);
    if (reason === 'roll-back' && !hasServed) throw cannotServe(deployment, 'it has never served', refusal);
  }
  throw refused(`let ${deployment} serve`, refusal, 'no traffic was moved');
}

async function failedDomains(
  api: VercelApi,
  { id }: Project,
  type: 'promote' | 'rollback',
): Promise<readonly string[]> {
  const query = { failedOnly: 'true', limit: '20' };
  const { value } = await api.ask({ path: `/v1/projects/${id}/${type}/aliases`, query });
  return listOf(mapOf(value)['aliases'])
    .map((entry) => textOf(mapOf(entry)['alias']))
    .filter((name) => name !== '');
}

function stillMoving(deployment: string, waited: number): PipelineError {
  const what = `Vercel has not finished moving the domains to ${deployment}`;
  return tookTooLong(what, waited, 'Vercel may still move them');
}

/** Loud, though most of it may have worked: a domain that leads elsewhere is the outage that nobody sees. */
function notAllMoved(deployment: string, type: string, domains: readonly string[]): PipelineError {
  return new ProjectFailure({
    code: 'PIPE-VERCEL-012',
    what: `Vercel could not let all domains lead to ${deployment}`,
    given: domains.length === 0 ? `the job "${type}" failed` : `left behind: ${shown(domains.join(', '), 400)}`,
    remedy: 'repair these domains (vercel.com, the project, Settings, Domains), then run again',
    state: 'domains may lead to different deployments',
  });
}

function isPreview(deployment: string, target: string): PipelineError {
  return new ProjectFailure({
    code: 'PIPE-VERCEL-013',
    what: `${deployment} was built for ${shown(target)}: Vercel can't give it the traffic, it would build it again`,
    accepted: 'a deployment of the target production',
    remedy: 'stage one with `target: production`: it takes no traffic until it is promoted, and is what was verified',
    state: 'no traffic was moved',
  });
}

function cannotServe(deployment: string, reason: string, refusal: Refusal): PipelineError {
  return new ProjectFailure({
    code: 'PIPE-VERCEL-014',
    what: `${deployment} can't take the traffic: ${reason}`,
    given: `Vercel's answer ${said(refusal)}`,
    remedy:
      'a deployment that has never served is promoted, not rolled back to; one that is not ready is deployed again',
    state: 'no traffic was moved',
  });
}

function queued(deployment: string): PipelineError {
  return new ProjectFailure({
    code: 'PIPE-VERCEL-019',
    what: `a rolling release is under way: Vercel promotes ${deployment} when that has ended`,
    remedy: 'complete or abort the rolling release (`vercel rolling-release`), then run again',
    state: 'no traffic was moved yet; Vercel will move it by itself',
  });
}
