import { shortName } from '../../../google/resource-name.ts';
import type { Share } from '../../target.ts';
import { type Place, referenceTo } from './place.ts';
import { BY_REVISION, LATEST, type Service, type TrafficTarget } from './resources.ts';

/** Shares of traffic by revision, as the platform says they are now; a share of "the latest" belongs to its revision. */
export function servingShares(service: Service): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  for (const { type, revision, percent = 0 } of service.trafficStatuses ?? []) {
    const name = type === LATEST || revision === undefined ? shortName(service.latestReadyRevision) : revision;
    if (percent > 0 && name !== '') shares.set(name, (shares.get(name) ?? 0) + percent);
  }
  return shares;
}

export function sharesAt(place: Place, shares: ReadonlyMap<string, number>): readonly Share[] {
  return [...shares]
    .sort(([, left], [, right]) => right - left)
    .map(([revision, percent]) => ({ reference: referenceTo(place, revision), percent }));
}

export function sameShares(left: ReadonlyMap<string, number>, right: ReadonlyMap<string, number>): boolean {
  return left.size === right.size && [...left].every(([revision, percent]) => right.get(revision) === percent);
}

/**
 * Targets that give these shares, each revision named: "the latest" would move with the next template. Shares and tags
 * are targets of their own, as the vendor's command line writes them.
 */
export function targetsFor(
  shares: ReadonlyMap<string, number>,
  tags: readonly TrafficTarget[],
): readonly TrafficTarget[] {
  return [...[...shares].map(([revision, percent]) => ({ type: BY_REVISION, revision, percent })), ...tags];
}

/** Tags that the platform serves; one whose revision never became ready would keep the whole route from changing. */
export function tagsOf(service: Service): readonly TrafficTarget[] {
  return (service.trafficStatuses ?? []).flatMap(({ type, revision, tag = '' }) => {
    if (tag === '') return [];
    const name = type === LATEST || revision === undefined ? shortName(service.latestReadyRevision) : revision;
    return [{ type: BY_REVISION, revision: name, tag }];
  });
}

/** A revision's own address, by a tag; empty where none leads to it. */
export function addressOf(service: Service, revision: string): string {
  const tagged = (service.trafficStatuses ?? []).filter(({ tag = '', uri = '' }) => tag !== '' && uri !== '');
  const found = tagged.find((status) => {
    return status.type === LATEST || status.revision === undefined
      ? shortName(service.latestReadyRevision) === revision
      : status.revision === revision;
  });
  return found?.uri ?? '';
}

/** Tag and service share one label of a host name (cloud.google.com/run/docs/rollouts-rollbacks-traffic-migration). */
const LONGEST_TOGETHER = 46;

/** With a longer name there is no room for a tag that is different from others. */
export const LONGEST_SERVICE = 41;

/** A tag for a candidate: `c4d5e6f70`, a further attempt with its number. */
export function tagFor(service: string, fingerprint: string, attempt: number): string {
  const suffix = attempt === 1 ? '' : `-${attempt}`;
  const room = LONGEST_TOGETHER - service.length - suffix.length - 1;
  return `c${fingerprint.slice(0, Math.max(1, Math.min(8, room)))}${suffix}`;
}

/** Longest name of a revision. */
const LONGEST_NAME = 63;

/** A revision's name: `api-0a1b2c3-4d5e6f70`, from commit and settings; a further attempt has its number at the end. */
export function revisionName(service: string, commit: string, fingerprint: string, attempt: number): string {
  const suffix = attempt === 1 ? '' : `-${attempt}`;
  const room = LONGEST_NAME - service.length - suffix.length - 1;
  return `${service}-${`${commit.slice(0, 7)}-${fingerprint.slice(0, 8)}`.slice(0, room)}${suffix}`;
}
