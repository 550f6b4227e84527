import { printable } from '../../../runtime/errors.ts';
import { textOf } from '../../../runtime/json.ts';
import type { Mark, Release } from '../../target.ts';
import { mapOf } from './api.ts';
import { type Place, referenceIn } from './place.ts';

/** A deployment, from the answer of one or from a list of them. */
export interface Deployment {
  readonly id: string;
  readonly projectId: string;
  /** Host name of its own. */
  readonly url: string;
  /** `production`, `preview`, or the slug of a custom environment. */
  readonly target: string;
  /** QUEUED, INITIALIZING, BUILDING, READY, ERROR, CANCELED, BLOCKED… */
  readonly state: string;
  /** Why it is in that state, in Vercel's words; empty when it says nothing. */
  readonly reason: string;
  /** Whether it has ever had production's domains. */
  readonly hasServed: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Whether the names that it was to have lead to it. */
  readonly isAliased: boolean;
  readonly aliasError: string;
  readonly meta: Readonly<Record<string, unknown>>;
}

export function deploymentOf(value: unknown): Deployment {
  const given = mapOf(value);
  const custom = textOf(mapOf(given['customEnvironment'])['slug']);
  const created = given['createdAt'];
  const words = [given['errorMessage'], given['readyStateReason'], mapOf(given['seatBlock'])['blockCode']];
  return {
    id: textOf(given['id']) || textOf(given['uid']),
    projectId: textOf(given['projectId']),
    url: textOf(given['url']),
    target: custom || textOf(given['target']) || 'preview',
    state: textOf(given['readyState']),
    reason: words
      .map(textOf)
      .filter((text) => text !== '')
      .join(': '),
    hasServed: given['readySubstate'] === 'PROMOTED' || given['isRollbackCandidate'] === true,
    createdAt: typeof created === 'number' ? created : 0,
    isAliased: given['aliasAssigned'] === true || typeof given['aliasAssigned'] === 'number',
    aliasError: textOf(mapOf(given['aliasError'])['message']),
    meta: mapOf(given['meta']),
  };
}

/** States in which Vercel still works on it. */
const UNDER_WAY = new Set(['QUEUED', 'INITIALIZING', 'BUILDING', 'ANALYZING', 'DEPLOYING', 'UPLOADING']);

export function isUnderWay({ state }: Deployment): boolean {
  return UNDER_WAY.has(state);
}

/** Names of what this bundle writes on a deployment; Vercel shows them with it. */
const META = {
  commit: 'pipelinesCommit',
  fingerprint: 'pipelinesFingerprint',
  lastMigration: 'pipelinesLastMigration',
  run: 'pipelinesRun',
} as const;

export const CHANNEL = 'pipelinesChannel';

/** What is written on a deployment. */
export function metaOf(mark: Mark, channel: string): Readonly<Record<string, string>> {
  return {
    [META.commit]: mark.commit,
    [META.fingerprint]: mark.fingerprint,
    ...(mark.lastMigration === '' ? {} : { [META.lastMigration]: mark.lastMigration }),
    ...(mark.run === '' ? {} : { [META.run]: mark.run }),
    ...(channel === '' ? {} : { [CHANNEL]: channel }),
  };
}

/** What has to be written on a deployment that is to be found again. */
export function metaQuery({ commit, fingerprint }: Mark): Readonly<Record<string, string>> {
  return { [`meta-${META.commit}`]: commit, [`meta-${META.fingerprint}`]: fingerprint };
}

/** Whether a deployment was made for this commit with these settings. */
export function isMarked({ meta }: Deployment, { commit, fingerprint }: Mark): boolean {
  return meta[META.commit] === commit && meta[META.fingerprint] === fingerprint;
}

function markOf(meta: Readonly<Record<string, unknown>>): Mark {
  return {
    commit: textOf(meta[META.commit]),
    fingerprint: textOf(meta[META.fingerprint]),
    lastMigration: textOf(meta[META.lastMigration]),
    run: textOf(meta[META.run]),
  };
}

/** @param rolledBack id of the deployment that the last rollback took the traffic from */
export function releaseOf(
  deployment: Deployment,
  place: Place,
  probeHeaders: Readonly<Record<string, string>>,
  rolledBack: string,
): Release {
  const isReady = deployment.state === 'READY';
  const reason = deployment.reason === '' ? '' : `: ${printable(deployment.reason)}`;
  return {
    reference: referenceIn(place, deployment.id),
    createdAt: deployment.createdAt,
    isReady,
    reason: isReady ? '' : `Vercel says ${deployment.state}${reason}`,
    url: deployment.url === '' ? '' : `https://${deployment.url}`,
    probeHeaders,
    mark: markOf(deployment.meta),
    isRolledBack: deployment.id === rolledBack,
  };
}
