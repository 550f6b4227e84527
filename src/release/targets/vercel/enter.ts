import { join } from 'node:path';
import type { Environment } from '../../../runtime/environment.ts';
import { ConfigurationError, PipelineError } from '../../../runtime/errors.ts';
import { readTextFile } from '../../../runtime/files.ts';
import type { InputValues } from '../../../runtime/inputs.ts';
import { textOf } from '../../../runtime/json.ts';
import { mapOf, type VercelApi } from './api.ts';
import type { Deployment } from './deployment.ts';
import { noProject, notNamed } from './faults.ts';
import type { inputs } from './inputs.ts';
import { listDeployments } from './list.ts';
import { ownerOf } from './owner.ts';
import { type Place, scopeOf } from './place.ts';
import { NEWEST } from './platform.ts';
import { type Project, readProject } from './project.ts';

type Given = InputValues<typeof inputs>;

/** Team and project as the inputs, the environment, or the folder's link name them. */
export async function namesOf(given: Given, environment: Environment): Promise<{ team: string; project: string }> {
  const text = await readTextFile(join(given.workingDirectory, '.vercel/project.json'));
  const link = linkOf(text);
  const project = given.project ?? (environment['VERCEL_PROJECT_ID'] || link.project);
  if (project === '') throw notNamed();
  return { team: given.team ?? (environment['VERCEL_ORG_ID'] || link.team), project };
}

function linkOf(text: string | undefined): { team: string; project: string } {
  try {
    const link = mapOf(text === undefined ? undefined : JSON.parse(text));
    return { team: textOf(link['orgId']), project: textOf(link['projectId']) };
  } catch {
    // A file that `vercel link` did not write says nothing.
    return { team: '', project: '' };
  }
}

/** A project that was found. */
export interface Entered {
  /** For its owner. */
  readonly api: VercelApi;
  readonly place: Place;
  readonly project: Project;
  /** The newest deployments of production, newest first, at most {@link NEWEST}; undefined when they are not known. */
  readonly newest: readonly Deployment[] | undefined;
}

/** The project, and the API for its owner. */
export async function enter(api: VercelApi, team: string, name: string): Promise<Entered> {
  const found = await throughTeam(api, team, name);
  const { owner, project, newest } = found ?? (await throughOwner(api, team, name));
  const scope = project.accountId.startsWith('team_') ? { teamId: project.accountId } : scopeOf(owner);
  return { api: api.as(scope), place: { owner, project: project.name }, project, newest };
}

type Found = Pick<Entered, 'project' | 'newest'> & { readonly owner: string };

/** The short way, where the team is named as it is; undefined: it has to be looked up to say what is wrong. */
async function throughTeam(api: VercelApi, team: string, name: string): Promise<Found | undefined> {
  if (team === '' || team.startsWith('user:')) return undefined;
  try {
    const scoped = api.as(scopeOf(team));
    const owner = team.startsWith('team_') ? ownerOf(api, team) : { name: team };
    const [found, { name: slug }] = await Promise.all([readBoth(scoped, name, team), owner]);
    return { ...found, owner: slug };
  } catch (error) {
    if (error instanceof ConfigurationError && error.code !== 'PIPE-VERCEL-001') return undefined;
    throw error;
  }
}

async function throughOwner(api: VercelApi, team: string, name: string): Promise<Found> {
  const owner = await ownerOf(api, team);
  const found = await readBoth(api.as(scopeOf(owner.name)), name, owner.name);
  if (found.project.id === '') throw noProject(name, owner.name);
  return { ...found, owner: owner.name };
}

async function readBoth(api: VercelApi, name: string, owner: string): Promise<Pick<Entered, 'project' | 'newest'>> {
  const [project, newest] = await Promise.all([readProject(api, name, owner), readNewest(api, name)]);
  return { project, newest };
}

async function readNewest(api: VercelApi, name: string): Promise<readonly Deployment[] | undefined> {
  try {
    const isMeant = ({ target }: Deployment) => target === 'production';
    return await listDeployments(api, name, { target: 'production' }, isMeant, NEWEST);
  } catch (error) {
    // Nothing depends on it: what is needed of it is asked again, and that failure is said.
    if (error instanceof PipelineError) return undefined;
    throw error;
  }
}
