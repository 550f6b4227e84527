import { ConfigurationError, shown } from '../../../runtime/errors.ts';
import type { ReleaseReference } from '../../reference.ts';
import type { Scope } from './api.ts';

/** Where deployments of one project are: the first two parts of a reference. */
export interface Place {
  /** Slug of the team, or `user:` and the name of an account that owns projects itself. */
  readonly owner: string;
  /** Name of the project. */
  readonly project: string;
}

/** Before the name of an account that is no team: no slug has a colon. */
const PERSONAL = 'user:';

export function personalOwner(username: string): string {
  return `${PERSONAL}${username}`;
}

/** Whether this is the id of a team or of an account: slugs have no capitals. */
export function isOwnerId(owner: string): boolean {
  return owner.startsWith('team_') || (!owner.startsWith(PERSONAL) && /[A-Z]/.test(owner));
}

/** How the API is told for whom it is asked; of an account of its own it is told nothing. */
export function scopeOf(owner: string): Scope {
  if (owner.startsWith('team_')) return { teamId: owner };
  return owner.startsWith(PERSONAL) || isOwnerId(owner) ? {} : { slug: owner };
}

/**
 * The place of a reference; its last part does not matter.
 *
 * @throws ConfigurationError PIPE-VERCEL-005 when a part can't be what its place says
 */
export function placeOf(reference: ReleaseReference): Place {
  const [owner = '', project = ''] = reference.parts;
  const isOwner = /^(user:)?[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(owner);
  if (reference.parts.length === 3 && isOwner && /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(project)) {
    return { owner, project };
  }
  throw notOfVercel(reference);
}

/**
 * The deployment of a reference: its id, or `channel:` and the name of a preview.
 *
 * @throws ConfigurationError PIPE-VERCEL-005
 */
export function deploymentIn(reference: ReleaseReference): string {
  const [, , deployment = ''] = reference.parts;
  if (/^dpl_[A-Za-z0-9]{1,64}$/.test(deployment) || channelOf(deployment) !== undefined) return deployment;
  throw notOfVercel(reference);
}

function notOfVercel({ parts }: ReleaseReference): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-VERCEL-005',
    what: 'this names no deployment on Vercel',
    given: shown(`vercel://${parts.join('/')}`, 200),
    accepted: 'the slug of a team (or `user:` and a name), the name of a project, and the id of a deployment',
    example: 'vercel://acme/web/dpl_5WJWYSyB7BpgTj3EuwF37WMRBXBtPQ2iTMJHJBJyRfd',
    state: 'nothing was changed',
  });
}

/** Name of a preview, where it stands for a deployment: `channel:pr-12`. */
export function channelOf(deployment: string): string | undefined {
  return /^channel:([A-Za-z0-9][A-Za-z0-9._-]{0,99})$/.exec(deployment)?.[1];
}

export function referenceIn({ owner, project }: Place, deployment: string): ReleaseReference {
  return { scheme: 'vercel', parts: [owner, project, deployment] };
}

/** Page of the dashboard. */
export function pageOf({ owner, project }: Place, deployment: string): string {
  return `https://vercel.com/${owner.replace(PERSONAL, '')}/${project}/${deployment.replace(/^dpl_/, '')}`;
}

/** Vercel's own command that gives production's domains to a deployment. */
export function promoteCommand({ owner }: Place, deployment: string): string {
  const scope = owner.startsWith(PERSONAL) ? '' : ` --scope ${owner}`;
  return `vercel promote ${deployment}${scope} --yes`;
}
