import { createGoogleClient, type GoogleClient } from '../../../google/client.ts';
import { ConfigurationError } from '../../../runtime/errors.ts';
import { isSameRelease, type ReleaseReference, referenceText } from '../../reference.ts';
import type { Platform, Reason, Release, Serving, Share, Surroundings } from '../../target.ts';
import { TrafficMoved } from '../../traffic-moved.ts';
import { probeHeadersFor } from './access.ts';
import { reasonOf } from './conditions.ts';
import { keepsChanging, outside, refused } from './faults.ts';
import { annotationsAfter, guardOf, historyOf, markOfRevision } from './history.ts';
import { ended } from './operations.ts';
import { type Place, placeName, placeOf, referenceTo, revisionUrl, serviceUrl } from './place.ts';
import { type Revision, readyCondition, type Service, shortName } from './resources.ts';
import { addressOf, sameShares, servingShares, sharesAt, tagsOf, targetsFor } from './traffic.ts';

/** How often a write is tried anew when something else wrote in between. */
const TRIES = 5;

/** @throws ConfigurationError PIPE-CLOUDRUN-009 without credentials, PIPE-CLOUDRUN-001 for a reference that is none here */
export function open(reference: ReleaseReference, surroundings: Surroundings): Platform {
  return platformAt(placeOf(reference), clientFor(surroundings));
}

/** @throws ConfigurationError PIPE-CLOUDRUN-009 when no credentials are given, PIPE-GOOGLE-001, 002 for bad ones */
export function clientFor(surroundings: Surroundings): GoogleClient {
  const client = createGoogleClient(surroundings);
  if (client !== undefined) return client;
  throw new ConfigurationError({
    code: 'PIPE-CLOUDRUN-009',
    what: 'there are no credentials for Google Cloud',
    given: 'nothing in `workload-identity-provider` and `credentials-json`',
    accepted:
      '`workload-identity-provider` (with `service-account` where the provider has no roles itself), or `credentials-json`',
    example: 'projects/123456789012/locations/global/workloadIdentityPools/github/providers/my-org',
    remedy:
      'see docs/google-identity.md for the commands that set it up; an environment’s variables reach a job that names the environment only',
    state: 'nothing was sent',
  });
}

export function platformAt(place: Place, client: GoogleClient): Platform {
  return {
    current: async () => {
      const service = await readService(client, place);
      return service === undefined ? undefined : await servingOf(client, place, service);
    },
    releases: (limit = 100) => releases(client, place, limit),
    release: async (reference) => {
      const { revision } = here(place, reference);
      const [service, found] = await Promise.all([readService(client, place), readRevision(client, place, revision)]);
      if (service === undefined || found === undefined) return undefined;
      return releaseOf(place, service, found, await probeHeadersFor(client, place, service));
    },
    shift: (shares, from, reason) => shift(client, place, shares, from, reason),
    remove: (reference) => remove(client, place, here(place, reference).revision),
    commandFor: (reference) => {
      const { project, region, service } = place;
      const { revision } = placeOf(reference);
      return `gcloud run services update-traffic ${service} --project=${project} --region=${region} --to-revisions=${revision}=100`;
    },
    pageFor: (reference) => {
      const { project, region, service } = place;
      const page = isSameRelease(reference, referenceTo(place, 'new')) ? 'metrics' : 'revisions';
      return `https://console.cloud.google.com/run/detail/${region}/${service}/${page}?project=${project}`;
    },
  };
}

/** @throws ConfigurationError PIPE-CLOUDRUN-001 for a release of another place */
function here(place: Place, reference: ReleaseReference): ReturnType<typeof placeOf> {
  const found = placeOf(reference);
  const isHere = found.project === place.project && found.region === place.region && found.service === place.service;
  if (isHere) return found;
  throw new ConfigurationError({
    code: 'PIPE-CLOUDRUN-001',
    what: `this release is not one of ${placeName(place)}`,
    given: referenceText(reference),
    accepted: 'a release of the service that is asked',
    state: 'nothing was changed',
  });
}

/** @returns undefined when there is no such service */
export async function readService(client: GoogleClient, place: Place): Promise<Service | undefined> {
  const answer = await client.send({ url: serviceUrl(place) });
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw refused(client, place, `show ${placeName(place)}`, answer, 'nothing was changed');
  return checked(answer.body, answer) as unknown as Service;
}

function checked(body: Readonly<Record<string, unknown>>, answer: Parameters<typeof outside>[1]): typeof body {
  if (typeof body['name'] === 'string') return body;
  throw outside(
    'Cloud Run gave an answer that is no resource',
    answer,
    'run the job again',
    'nothing was changed by it',
  );
}

async function readRevision(client: GoogleClient, place: Place, name: string): Promise<Revision | undefined> {
  const answer = await client.send({ url: revisionUrl(place, name) });
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw refused(client, place, `show the revision ${name}`, answer, 'nothing was changed');
  return checked(answer.body, answer) as unknown as Revision;
}

/** All revisions, newest first. */
export async function listRevisions(client: GoogleClient, place: Place, limit: number): Promise<readonly Revision[]> {
  const found: Revision[] = [];
  let token = '';
  do {
    const page = token === '' ? '' : `&pageToken=${encodeURIComponent(token)}`;
    const answer = await client.send({ url: `${serviceUrl(place)}/revisions?pageSize=${Math.min(limit, 100)}${page}` });
    if (answer.status === 404) return [];
    if (answer.status !== 200)
      throw refused(client, place, `list the revisions of ${place.service}`, answer, 'nothing was changed');
    const { revisions, nextPageToken } = answer.body;
    if (Array.isArray(revisions)) found.push(...(revisions as Revision[]));
    token = typeof nextPageToken === 'string' ? nextPageToken : '';
  } while (token !== '' && found.length < limit);
  const time = ({ createTime = '' }: Revision) => Date.parse(createTime) || 0;
  return found.sort((left, right) => time(right) - time(left)).slice(0, limit);
}

async function releases(client: GoogleClient, place: Place, limit: number): Promise<readonly Release[]> {
  const [service, revisions] = await Promise.all([readService(client, place), listRevisions(client, place, limit)]);
  if (service === undefined) return [];
  const headers = await probeHeadersFor(client, place, service);
  return revisions.map((revision) => releaseOf(place, service, revision, headers));
}

export function releaseOf(
  place: Place,
  service: Service,
  revision: Revision,
  probeHeaders: Readonly<Record<string, string>>,
): Release {
  const name = shortName(revision.name);
  return {
    reference: referenceTo(place, name),
    createdAt: Date.parse(revision.createTime ?? '') || 0,
    isReady: readyCondition(revision)?.state === 'CONDITION_SUCCEEDED',
    reason: reasonOf(revision),
    url: addressOf(service, name),
    probeHeaders,
    mark: markOfRevision(revision),
    isRolledBack: historyOf(service, servingShares(service)).rolledBack.includes(name),
  };
}

async function servingOf(client: GoogleClient, place: Place, service: Service): Promise<Serving> {
  const shares = servingShares(service);
  const { previous, since } = historyOf(service, shares);
  const [probeHeaders, before] = await Promise.all([
    probeHeadersFor(client, place, service),
    previous === '' ? undefined : readRevision(client, place, previous),
  ]);
  const canServe = before !== undefined && readyCondition(before)?.state === 'CONDITION_SUCCEEDED';
  return {
    url: service.uri ?? service.urls?.[0] ?? '',
    probeHeaders,
    shares: sharesAt(place, shares),
    since,
    previous: canServe ? referenceTo(place, previous) : undefined,
    guard: guardOf(service, shares),
  };
}

/** Traffic and its history in one write, guarded by the etag of what was read just before. */
async function shift(
  client: GoogleClient,
  place: Place,
  wanted: readonly Share[],
  from: Serving,
  reason: Reason,
): Promise<Serving> {
  const after = new Map(wanted.map(({ reference, percent }) => [here(place, reference).revision, percent]));
  for (let attempt = 1; ; attempt += 1) {
    const service = await readService(client, place);
    const before = service === undefined ? new Map<string, number>() : servingShares(service);
    if (service === undefined || guardOf(service, before) !== from.guard) {
      // An earlier send of this very write, whose answer was lost, is no foreign hand.
      if (service !== undefined && sameShares(before, after)) return await servingOf(client, place, service);
      throw new TrafficMoved(placeName(place), [...before].map(([name, share]) => `${name} ${share} %`).join(', '));
    }
    const body = {
      etag: service.etag,
      traffic: targetsFor(service, after),
      annotations: annotationsAfter(service, before, after, reason, Date.now()),
    };
    const answer = await client.send({
      method: 'PATCH',
      url: `${serviceUrl(place)}?updateMask=traffic,annotations`,
      body,
      // A second send meets another etag and is refused.
      idempotent: true,
    });
    if (answer.status === 409 && attempt < TRIES) continue;
    if (answer.status === 409) throw keepsChanging(place, answer);
    if (answer.status !== 200)
      throw refused(client, place, `move traffic of ${placeName(place)}`, answer, 'no traffic was moved');
    return await shifted(client, place, after, await ended(client, place, answer));
  }
}

/** What serves after a move; an operation that failed may have moved traffic all the same. */
async function shifted(
  client: GoogleClient,
  place: Place,
  after: ReadonlyMap<string, number>,
  end: Awaited<ReturnType<typeof ended>>,
): Promise<Serving> {
  const service = await readService(client, place);
  if (service !== undefined && sameShares(servingShares(service), after))
    return await servingOf(client, place, service);
  const answer = {
    status: 200,
    body: {},
    error: { status: '', message: 'problem' in end ? end.problem : 'the operation ended well' },
    started: performance.now(),
  };
  throw outside(
    `Cloud Run did not move traffic of ${placeName(place)}`,
    answer,
    'run again',
    'traffic is where it was',
  );
}

/** Takes the tags off a revision, then deletes it. The newest one stays where the API wants to keep it: without a tag. */
async function remove(client: GoogleClient, place: Place, revision: string): Promise<boolean> {
  await untag(client, place, revision);
  const answer = await client.send({ method: 'DELETE', url: revisionUrl(place, revision) });
  if (answer.status === 404) return false;
  if (answer.status === 200) {
    await ended(client, place, answer);
    return true;
  }
  if (answer.error?.status === 'FAILED_PRECONDITION') return true;
  throw refused(client, place, `delete the revision ${revision}`, answer, 'no traffic was moved');
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
    const traffic = [...targetsFor({ ...service, trafficStatuses: [] }, shares), ...kept];
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

export { readRevision };
