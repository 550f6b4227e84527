import type { GoogleAnswer } from '../../../google/client.ts';
import type { OutsideFault } from '../../../runtime/errors.ts';
import { releaseName } from '../../reference.ts';
import type { Reason, Serving } from '../../target.ts';
import { TrafficMoved } from '../../traffic-moved.ts';
import { keepsChanging, outside, refused } from './faults.ts';
import { annotationsAfter, guardOf, historyOf } from './history.ts';
import { type Ended, ended } from './operations.ts';
import { type Place, placeName, serviceUrl } from './place.ts';
import type { Service } from './resources.ts';
import { look, type Site } from './site.ts';
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
 * Traffic and its history in one write, guarded by the etag of what was seen last: where that is not what there is, the
 * platform refuses, and it is read.
 *
 * @throws TrafficMoved when something else moved traffic since `from` was read
 */
export async function shift(site: Site, move: Move): Promise<Serving> {
  const { client, place } = site;
  for (let attempt = 1; ; attempt += 1) {
    const service = (attempt === 1 ? asDecided(site.seen, move.from) : undefined) ?? (await look(site));
    const before = service === undefined ? new Map<string, number>() : servingShares(service);
    if (service === undefined || guardOf(service, before) !== move.from.guard) {
      return await movedMeanwhile(site, service, before, move);
    }
    const answer = await write(site, service, before, move);
    if (answer.status === 409 && attempt < TRIES) continue;
    if (answer.status === 409) throw keepsChanging(place, answer);
    if (answer.status !== 200) {
      throw refused(client, place, `move traffic of ${placeName(place)}`, answer, 'no traffic was moved');
    }
    return await moved(site, move, await ended(client, place, answer));
  }
}

/** An earlier send of this very write, whose answer was lost, is no foreign hand. @throws TrafficMoved when one was there */
async function movedMeanwhile(
  site: Site,
  service: Service | undefined,
  before: ReadonlyMap<string, number>,
  { shares, from }: Move,
): Promise<Serving> {
  if (service !== undefined && sameShares(before, shares)) return await servingAfter(site, service, from);
  throw new TrafficMoved(placeName(site.place), [...before].map(([name, share]) => `${name} ${share} %`).join(', '));
}

function write(
  { client, place }: Site,
  service: Service,
  before: ReadonlyMap<string, number>,
  { shares, reason }: Move,
): Promise<GoogleAnswer> {
  return client.send({
    method: 'PATCH',
    url: `${serviceUrl(place)}?updateMask=traffic,annotations`,
    body: {
      etag: service.etag,
      traffic: targetsFor(shares, tagsOf(service)),
      annotations: annotationsAfter(service, before, shares, reason, Date.now()),
    },
    // A second send meets another etag and is refused.
    idempotent: true,
  });
}

/** What was seen last, when that is what `from` says. */
function asDecided(seen: Service | undefined, from: Serving): Service | undefined {
  return seen !== undefined && guardOf(seen, servingShares(seen)) === from.guard ? seen : undefined;
}

/** The service after an operation on it. An operation that failed may have changed it all the same. */
export async function serviceAfter(site: Site, end: Ended): Promise<Service | undefined> {
  if (!('response' in end)) return await look(site);
  // The operation's response is the service (google.cloud.run.v2.Service).
  site.seen = end.response as unknown as Service;
  return site.seen;
}

async function moved(site: Site, move: Move, end: Ended): Promise<Serving> {
  const service = await serviceAfter(site, end);
  const isMoved = service !== undefined && sameShares(servingShares(service), move.shares);
  if (isMoved) return await servingAfter(site, service, move.from);
  throw notMoved(site.place, 'problem' in end ? end.problem : 'the operation ended well');
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
async function servingAfter({ place, access }: Site, service: Service, from: Serving): Promise<Serving> {
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
export async function untag(site: Site, revision: string): Promise<void> {
  const { client, place } = site;
  for (let attempt = 1; ; attempt += 1) {
    const service = (attempt === 1 ? site.seen : undefined) ?? (await look(site));
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
    await serviceAfter(site, await ended(client, place, answer));
    return;
  }
}
