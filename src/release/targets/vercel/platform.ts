import type { Found, Platform, Release, Serving } from '../../target.ts';
import type { VercelApi } from './api.ts';
import { CHANNEL, type Deployment, deploymentOf, releaseOf } from './deployment.ts';
import { refused } from './faults.ts';
import { listDeployments } from './list.ts';
import { moveProduction, settled } from './move.ts';
import { channelOf, deploymentIn, type Place, pageOf, promoteCommand, referenceIn } from './place.ts';
import { type Project, readProject, rolledBackOf } from './project.ts';

/** One project of Vercel, as a place whose traffic can be moved. */
export interface PlatformSettings {
  readonly api: VercelApi;
  /** As references name it. */
  readonly place: Place;
  /** With the names that stand in addresses. */
  readonly names: Place;
  /** `production`, `preview`, or a custom environment: whose deployments are listed. */
  readonly target: string;
  /** What probes need beside an address. Values are secrets. */
  readonly probeHeaders: Readonly<Record<string, string>>;
  /** Left out where it is not known yet. */
  readonly projectId?: string | undefined;
  /** The domain that stands for the others; undefined: the project's first one of its own. */
  readonly domain?: string | undefined;
}

/** Deployments that are read beside a project, at most: as many as Vercel puts on one page. */
export const NEWEST = 100;

/** Most deployments that a preview's name removes at once. */
const MOST_REMOVED = 100;

export function platformOf(settings: PlatformSettings): Platform {
  const { api, place, names, probeHeaders, target } = settings;
  let id = settings.projectId;
  const project = async () => {
    const read = await readProject(api, place.project, names.owner);
    id = read.id;
    return read;
  };
  /** The project, and what is asked of it by its id: at the same time, where that is known. */
  const beside = async <T>(read: () => Promise<Project>, ask: (id: string) => Promise<T>): Promise<[Project, T]> => {
    if (id !== undefined) return Promise.all([read(), ask(id)]);
    const found = await read();
    return [found, await ask(found.id)];
  };
  const serving = async (read: () => Promise<Project>) => {
    const [found, served] = await beside(read, (known) => candidates(api, known));
    return servingOf(found, served, settings);
  };
  return {
    current: () => serving(() => settled(api, project)),
    releases: async (limit = 100) => {
      const query = target === 'production' ? { target } : {};
      const isWanted = (deployment: Deployment) => deployment.target === target;
      const [read, found] = await beside(project, (known) => listDeployments(api, known, query, isWanted, limit));
      return found.map((deployment) => releaseOf(deployment, place, probeHeaders, rolledBackOf(read)));
    },
    release: async (reference) => {
      if (channelOf(deploymentIn(reference)) !== undefined) return undefined;
      const [deployment, read] = await Promise.all([readDeployment(api, deploymentIn(reference)), project()]);
      if (deployment === undefined || deployment.projectId !== read.id) return undefined;
      return releaseOf(deployment, place, probeHeaders, rolledBackOf(read));
    },
    shift: async (shares, from, reason) => {
      const [share] = shares;
      if (share === undefined || share.percent !== 100) throw new TypeError('Vercel gives all traffic to one release');
      const deployment = deploymentIn(share.reference);
      const moved = await moveProduction({ api, project, place, deployment, from, reason });
      const [before] = from.shares;
      // It is done and known: nothing more is asked that could fail.
      const previous =
        reason === 'promote' && before?.reference.parts.at(-1) !== deployment ? before?.reference : undefined;
      return { ...servingOf(moved, [], settings), previous };
    },
    remove: async (reference) => {
      const deployment = deploymentIn(reference);
      const channel = channelOf(deployment);
      if (channel === undefined) return removeDeployment(api, deployment);
      const read = await project();
      const isPreview = (found: Deployment) => found.target !== 'production';
      const query = { [`meta-${CHANNEL}`]: channel };
      const previews = await listDeployments(api, read.id, query, isPreview, MOST_REMOVED);
      for (const { id } of previews) await removeDeployment(api, id);
      return previews.length > 0;
    },
    commandFor: (reference) => promoteCommand(names, deploymentIn(reference)),
    pageFor: (reference) => pageOf(names, deploymentIn(reference)),
  };
}

/**
 * What there is before a deployment.
 *
 * @param read the project as it has just been read
 * @param newest of its production's deployments, newest first: all, or {@link NEWEST}
 */
export async function foundAt(
  settings: PlatformSettings,
  read: Project,
  newest: readonly Deployment[],
): Promise<Found> {
  const { api, place, names, probeHeaders } = settings;
  const again = () => readProject(api, place.project, names.owner);
  const project = await settled(api, again, read);
  const releases = newest.map((deployment) => releaseOf(deployment, place, probeHeaders, rolledBackOf(project)));
  const served = newest.length < NEWEST ? newest.filter(couldServe) : await candidates(api, project.id);
  return { serving: servingOf(project, served, settings), releases };
}

/** @returns undefined when it is gone */
async function readDeployment(api: VercelApi, id: string): Promise<Deployment | undefined> {
  const { value, refusal } = await api.ask({ path: `/v13/deployments/${encodeURIComponent(id)}` });
  if (refusal?.status === 404 || refusal?.status === 400) return undefined;
  if (refusal !== undefined) throw refused(`read the deployment ${id}`, refusal, 'nothing was changed');
  return deploymentOf(value);
}

async function removeDeployment(api: VercelApi, id: string): Promise<boolean> {
  const { refusal } = await api.ask({ method: 'DELETE', path: `/v13/deployments/${encodeURIComponent(id)}` });
  if (refusal?.status === 404) return false;
  if (refusal !== undefined) throw refused(`remove the deployment ${id}`, refusal, 'the deployment is still there');
  return true;
}

/** Deployments that production's domains have led to and could lead to again, newest first. */
function candidates(api: VercelApi, id: string): Promise<readonly Deployment[]> {
  const query = { target: 'production', rollbackCandidate: 'true', state: 'READY' };
  return listDeployments(api, id, query, couldServe, 20);
}

function couldServe({ hasServed, state }: Deployment): boolean {
  return hasServed && state === 'READY';
}

function servingOf(
  project: Project,
  served: readonly Deployment[],
  { place, probeHeaders, domain }: PlatformSettings,
): Serving {
  const { production, lastMove } = project;
  if (production === undefined) return nothingServes(project, probeHeaders, place);
  const last = lastMove?.to === production.id && lastMove.status === 'succeeded' ? lastMove : undefined;
  return {
    url: `https://${domain ?? domainOf(production.domains) ?? production.url}`,
    probeHeaders,
    shares: [{ reference: referenceIn(place, production.id), percent: 100 }],
    since: last?.requestedAt ?? (production.readyAt === 0 ? undefined : production.readyAt),
    previous: previousOf(
      production.id,
      last?.type === 'promote' ? last.from : '',
      rolledBackOf(project),
      served,
      place,
    ),
    guard: guardOf(project),
  };
}

/** A project whose production was never deployed, or was removed. */
function nothingServes(project: Project, probeHeaders: Serving['probeHeaders'], place: Place): Serving {
  const url = `https://${place.project}.vercel.app`;
  return { url, probeHeaders, shares: [], since: undefined, previous: undefined, guard: guardOf(project) };
}

/** The project's own domain, where it has one beside those of vercel.app. */
function domainOf(domains: readonly string[]): string | undefined {
  return domains.find((name) => !name.endsWith('.vercel.app')) ?? domains[0];
}

/** What had the traffic before, as the last promotion says; else the newest that had it and is older. */
function previousOf(
  now: string,
  from: string,
  rolledBack: string,
  served: readonly Deployment[],
  place: Place,
): Release['reference'] | undefined {
  const others = served.filter(({ id }) => id !== now && id !== rolledBack);
  const created = served.find(({ id }) => id === now)?.createdAt ?? Number.POSITIVE_INFINITY;
  const found = others.find(({ id }) => id === from) ?? others.find(({ createdAt }) => createdAt < created);
  return found === undefined ? undefined : referenceIn(place, found.id);
}

/** Names what serves and the move that made it so. */
function guardOf({ production, lastMove }: Project): string {
  return `${production?.id ?? 'none'} ${lastMove?.requestedAt ?? 0}`;
}
