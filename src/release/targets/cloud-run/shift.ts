import type { GoogleClient } from '../../../google/client.ts';
import type { OutsideFault } from '../../../runtime/errors.ts';
import { releaseName } from '../../reference.ts';
import type { Reason, Serving } from '../../target.ts';
import { TrafficMoved } from '../../traffic-moved.ts';
import type { Access } from './access.ts';
import { keepsChanging, outside, refused } from './faults.ts';
import { annotationsAfter, guardOf, historyOf } from './history.ts';
import { type Ended, ended } from './operations.ts';
import { type Place, placeName, serviceUrl } from './place.ts';
import { readService } from './read.ts';
import type { Service } from './resources.ts';
import { sameShares, servingShares, sharesAt, tagsOf, targetsFor } from './traffic.ts';

/** How often a write is tried anew when something else wrote in between. */
const TRIES = 5;

export interface Move {
  /** Percent by revision. */
  readonly shares: ReadonlyMap<string, number>;
  readonly from: Serving;
  readonly reason: Reason;
}

/**
 * Traffic and its history in one write, guarded by the etag of what was read just before.
 *
 * @throws TrafficMoved when something else moved traffic since `from` was read
 */
export async function shift(client: GoogleClient, place: Place, access: Access, move: Move): Promise<Serving> {
  for (let attempt = 1; ; attempt += 1) {
    const service = await readService(client, place);
    const before = service === undefined ? new Map<string, number>() : servingShares(service);
    if (service === undefined || guardOf(service, before) !== move.from.guard) {
      // An earlier send of this very write, whose answer was lost, is no foreign hand.
      if (service !== undefined && sameShares(before, move.shares)) {
        return await servingAfter(place, access, service, move.from);
      }
      throw new TrafficMoved(placeName(place), [...before].map(([name, share]) => `${name} ${share} %`).join(', '));
    }
    const answer = await client.send({
      method: 'PATCH',
      url: `${serviceUrl(place)}?updateMask=traffic,annotations`,
      body: {
        etag: service.etag,
        traffic: targetsFor(move.shares, tagsOf(service)),
        annotations: annotationsAfter(service, before, move.shares, move.reason, Date.now()),
      },
      // A second send meets another etag and is refused.
      idempotent: true,
    });
    if (answer.status === 409 && attempt < TRIES) continue;
    if (answer.status === 409) throw keepsChanging(place, answer);
    if (answer.status !== 200) {
      throw refused(client, place, `move traffic of ${placeName(place)}`, answer, 'no traffic was moved');
    }
    return await moved(client, place, access, move, await ended(client, place, answer));
  }
}

async function moved(client: GoogleClient, place: Place, access: Access, move: Move, end: Ended): Promise<Serving> {
  // An operation that failed may have moved traffic all the same.
  const service = 'response' in end ? (end.response as unknown as Service) : await readService(client, place);
  const isMoved = service !== undefined && sameShares(servingShares(service), move.shares);
  if (isMoved) return await servingAfter(place, access, service, move.from);
  throw notMoved(place, 'problem' in end ? end.problem : 'the operation ended well');
}

function notMoved(place: Place, message: string): OutsideFault {
  const answer = { status: 200, body: {}, error: { status: '', message }, started: performance.now() };
  return outside(
    `Cloud Run did not move traffic of ${placeName(place)}`,
    answer,
    'run again',
    'traffic is where it was',
  );
}

/** What serves after a move, without asking anything more: that could fail, and the move has happened. */
async function servingAfter(place: Place, access: Access, service: Service, from: Serving): Promise<Serving> {
  const shares = servingShares(service);
  const { previous, since } = historyOf(service, shares);
  const known = [
    ...from.shares.map(({ reference }) => reference),
    ...(from.previous === undefined ? [] : [from.previous]),
  ];
  return {
    url: from.url,
    probeHeaders: Object.keys(from.probeHeaders).length === 0 ? {} : await access.probeHeaders(service),
    shares: sharesAt(place, shares),
    since,
    previous: known.find((reference) => releaseName(reference) === previous),
    guard: guardOf(service, shares),
  };
}

/** Takes the tags off a revision. Traffic stays where it is, as the platform says it is. */
export async function untag(client: GoogleClient, place: Place, revision: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const service = await readService(client, place);
    if (service === undefined) return;
    const isTarget = (service.traffic ?? []).some(
      (target) => target.revision === revision && (target.tag ?? '') !== '',
    );
    if (!isTarget) return;
    const shares = servingShares(service);
    if (shares.size === 0) return;
    const kept = tagsOf(service).filter((target) => target.revision !== revision);
    const traffic = targetsFor(shares, kept);
    const answer = await client.send({
      method: 'PATCH',
      url: `${serviceUrl(place)}?updateMask=traffic`,
      body: { etag: service.etag, traffic },
      idempotent: true,
    });
    if (answer.status === 409 && attempt < TRIES) continue;
    if (answer.status === 409) throw keepsChanging(place, answer);
    if (answer.status !== 200)
      throw refused(client, place, `take the tag off ${revision}`, answer, 'no traffic was moved');
    await ended(client, place, answer);
    return;
  }
}
