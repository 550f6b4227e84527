import type { GoogleClient } from '../../../google/client.ts';
import { waitFor } from '../../../runtime/http.ts';
import type { Mark, Release, Surroundings } from '../../target.ts';
import type { Access } from './access.ts';
import { baseOf } from './base.ts';
import { revisionFailed } from './conditions.ts';
import { keepsChanging, refused } from './faults.ts';
import { marked, markOfRevision } from './history.ts';
import { isPrivateRepository, showLastLines } from './logs.ts';
import { type Ended, ended } from './operations.ts';
import { locationUrl, type Place, placeName, serviceUrl } from './place.ts';
import { releaseOf } from './platform.ts';
import { listRevisions, readRevision, readService } from './read.ts';
import {
  BY_REVISION,
  type Revision,
  readyCondition,
  type Service,
  shortName,
  type TrafficTarget,
} from './resources.ts';
import { type SecretPlan, writeSecrets } from './secrets.ts';
import { type Desired, desiredSettings, type Wish } from './settings.ts';
import { untag } from './shift.ts';
import { addressOf, revisionName, servingShares, tagFor, tagsOf, targetsFor } from './traffic.ts';

export interface Staging {
  readonly given: Wish;
  readonly place: Place;
  readonly client: GoogleClient;
  readonly access: Access;
  readonly surroundings: Surroundings;
  readonly plan: SecretPlan;
}

/** How often staging starts over when something else changed the service in between. */
const TRIES = 6;

/** How long a revision of an earlier try is waited for, in milliseconds. */
const LONGEST = 900_000;

/**
 * Creates the candidate, or finds the one of an earlier try: it is known by its mark, whatever became of the answers.
 *
 * @throws ProjectFailure PIPE-CLOUDRUN-010 to 014 when the revision does not run
 */
export async function stage(staging: Staging, mark: Mark): Promise<Release> {
  const { place, client, plan } = staging;
  const written = await writeSecrets(plan.pending, place, client);
  const secrets = { ...plan.resolved, main: new Map([...plan.resolved.main, ...written]) };
  for (let attempt = 1; ; attempt += 1) {
    const [service, revisions] = await Promise.all([readService(client, place), listRevisions(client, place, 1_000)]);
    const earlier = await finished(
      staging,
      revisions.filter((revision) => isOf(revision, mark)),
    );
    const ready = earlier.find(isReady);
    if (service !== undefined && ready !== undefined && addressOf(service, shortName(ready.name)) !== '') {
      return await done(staging, service, ready);
    }
    const candidate = candidateFor(place, mark, revisions, earlier, ready);
    const { template } = await baseOf(client, place, service);
    const answer = await write(staging, service, desiredSettings(staging.given, service, template, secrets), candidate);
    // Another hand, or an earlier send of this very write: what is there now decides.
    if (answer.status === 409 && attempt < TRIES) continue;
    if (answer.status === 409) throw keepsChanging(place, answer);
    if (answer.status !== 200) {
      throw refused(client, place, `take a revision of ${placeName(place)}`, answer, 'no traffic was moved');
    }
    return await outcome(staging, candidate.name, await ended(client, place, answer));
  }
}

/** The candidate when its operation has ended. @throws ProjectFailure when it does not run */
async function outcome(staging: Staging, name: string, end: Ended): Promise<Release> {
  const { client, place } = staging;
  const [service, revision] = await Promise.all([
    'response' in end ? (end.response as unknown as Service) : readService(client, place),
    readRevision(client, place, name),
  ]);
  const hasAddress = service !== undefined && addressOf(service, name) !== '';
  if (hasAddress && revision !== undefined && isReady(revision)) return await done(staging, service, revision);
  return await failed(
    staging,
    service,
    name,
    revision,
    'problem' in end ? end.problem : 'it has no address of its own',
  );
}

function isReady(revision: Revision): boolean {
  return readyCondition(revision)?.state === 'CONDITION_SUCCEEDED';
}

function isOf(revision: Revision, { commit, fingerprint }: Mark): boolean {
  const mark = markOfRevision(revision);
  return mark.commit === commit && mark.fingerprint === fingerprint;
}

/** Revisions of earlier tries, when the platform is done with them. */
async function finished(
  { client, place, surroundings }: Staging,
  revisions: readonly Revision[],
): Promise<readonly Revision[]> {
  const until = performance.now() + LONGEST;
  const ends: Revision[] = [];
  for (const revision of revisions) {
    let current: Revision | undefined = revision;
    let pause = 250;
    while (current?.reconciling === true && performance.now() < until) {
      await (surroundings.wait ?? waitFor)(pause, surroundings.signal);
      pause = Math.min(5_000, pause * 2);
      current = await readRevision(client, place, shortName(revision.name));
    }
    if (current !== undefined) ends.push(current);
  }
  return ends;
}

/** A candidate under a name that no revision has: a failed one keeps its own. */
function candidateFor(
  { service }: Place,
  mark: Mark,
  revisions: readonly Revision[],
  earlier: readonly Revision[],
  ready: Revision | undefined,
): Candidate {
  const { commit, fingerprint } = mark;
  if (ready !== undefined)
    return { name: shortName(ready.name), isMade: true, mark, attempt: Math.max(1, earlier.length) };
  const taken = new Set(revisions.map(({ name }) => shortName(name)));
  for (let attempt = earlier.length + 1; ; attempt += 1) {
    const name = revisionName(service, commit, fingerprint, attempt);
    if (!taken.has(name)) return { name, isMade: false, mark, attempt };
  }
}

interface Candidate {
  readonly name: string;
  /** The revision is there and lacks an address only. */
  readonly isMade: boolean;
  readonly mark: Mark;
  readonly attempt: number;
}

async function write(
  { client, place }: Staging,
  service: Service | undefined,
  desired: Desired,
  { name, isMade, mark, attempt }: Candidate,
): ReturnType<GoogleClient['send']> {
  const tag = tagFor(place.service, mark.fingerprint, attempt);
  const { ingress, labels } = desired.service;
  const settings = { ...(ingress === undefined ? {} : { ingress }), labels };
  const candidate: TrafficTarget = { type: BY_REVISION, revision: name, tag };
  if (service === undefined) {
    const body = {
      ...settings,
      template: marked(desired.template, name, mark),
      traffic: [{ ...candidate, percent: 100 }],
    };
    const url = `${locationUrl(place)}/services?serviceId=${place.service}`;
    // A second send finds the service there.
    return await client.send({ method: 'POST', url, body, idempotent: true });
  }
  const shares = servingShares(service);
  // A service that never served: nothing is protected by keeping traffic from the candidate.
  const isFirst = shares.size === 0;
  const tags = tagsOf(service).filter((target) => target.revision !== name && target.tag !== tag);
  const traffic = isFirst ? [...tags, { ...candidate, percent: 100 }] : targetsFor(shares, [...tags, candidate]);
  const made = isMade ? {} : { template: marked(desired.template, name, mark), ...changed(service, settings) };
  const body = { ...made, traffic };
  const url = `${serviceUrl(place)}?updateMask=${Object.keys(body).join(',')}`;
  return await client.send({ method: 'PATCH', url, body: { ...body, etag: service.etag }, idempotent: true });
}

/** Settings of the service that are not as they should be. */
function changed(
  service: Service,
  { ingress, labels }: { readonly ingress?: string; readonly labels: object },
): object {
  const isSame = (left: unknown, right: unknown) => JSON.stringify(left ?? {}) === JSON.stringify(right ?? {});
  return {
    ...(ingress === undefined || ingress === service.ingress ? {} : { ingress }),
    ...(isSame(labels, service.labels) ? {} : { labels }),
  };
}

async function done({ access, place, given }: Staging, service: Service, revision: Revision): Promise<Release> {
  if (given.authentication !== undefined) await access.set(given.authentication);
  return releaseOf(place, service, revision, await access.probeHeaders(service));
}

/** @throws ProjectFailure always: says why, shows the last lines, and takes the tag away that would block the route */
async function failed(
  { client, place, given, surroundings }: Staging,
  service: Service | undefined,
  name: string,
  revision: Revision | undefined,
  said: string,
): Promise<never> {
  if (given.failureLogs ?? (await isPrivateRepository(surroundings.environment))) {
    await showLastLines(client, place, name, surroundings.log);
  }
  const serves = service === undefined ? [] : [...servingShares(service).keys()];
  if (serves.length > 0) await untag(client, place, name);
  const state =
    serves.length === 0 ? 'nothing serves yet' : `no traffic was moved: ${serves.join(', ')} serves as before`;
  throw revisionFailed(place, name, revision, said, state);
}
