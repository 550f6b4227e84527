import type { GoogleClient } from '../../../google/client.ts';
import { shortName } from '../../../google/resource-name.ts';
import { waitFor } from '../../../runtime/http.ts';
import { stagedBy } from '../../staged-by.ts';
import type { Mark, Prepared, Staged, Surroundings } from '../../target.ts';
import { baseOf } from './base.ts';
import { revisionFailed } from './conditions.ts';
import { keepsChanging, refused } from './faults.ts';
import { marked, markOfRevision } from './history.ts';
import { isPrivateRepository, showLastLines } from './logs.ts';
import { type Ended, ended } from './operations.ts';
import { locationUrl, type Place, placeName, serviceUrl } from './place.ts';
import { releaseOf, servingOf } from './platform.ts';
import { listRevisions, readRevision } from './read.ts';
import { BY_REVISION, type Revision, readyCondition, type Service, type TrafficTarget } from './resources.ts';
import { type SecretPlan, writeSecrets } from './secrets.ts';
import { type Desired, desiredSettings, type Wish } from './settings.ts';
import { serviceAfter, untag } from './shift.ts';
import { look, type Site } from './site.ts';
import { addressOf, revisionName, servingShares, tagFor, tagsOf, targetsFor } from './traffic.ts';

export interface Staging {
  readonly given: Wish;
  readonly site: Site;
  readonly surroundings: Surroundings;
  readonly plan: SecretPlan;
}

/** A service with the newest of its revisions, newest first. */
interface State {
  readonly service: Service | undefined;
  readonly revisions: readonly Revision[];
}

/** How often staging starts over when something else changed the service in between. */
const TRIES = 6;

/** How long a revision of an earlier try is waited for, in milliseconds. */
const LONGEST = 900_000;

/**
 * Stages from what was read when the deployment was looked at; where something was written since, the etag of that has
 * the platform refuse, and it is read again. A second call, after a try whose answer was lost, reads first.
 *
 * @throws ProjectFailure PIPE-CLOUDRUN-010 to 014 when the revision does not run
 */
export function stageOf(staging: Staging, looked: State): Prepared['stage'] {
  return stagedBy(looked, (mark, known) => stage(staging, mark, known));
}

/** Creates the candidate, or finds the one of an earlier try: it is known by its mark, whatever became of the answers. */
async function stage(staging: Staging, mark: Mark, looked: State | undefined): Promise<Staged> {
  const { site, plan } = staging;
  const { place, client } = site;
  const written = await writeSecrets(plan.pending, place, client, looked !== undefined);
  const secrets = { ...plan.resolved, main: new Map([...plan.resolved.main, ...written]) };
  for (let attempt = 1; ; attempt += 1) {
    const { service, revisions } = (attempt === 1 ? looked : undefined) ?? (await read(site));
    const earlier = await finished(
      staging,
      revisions.filter((revision) => isOf(revision, mark)),
    );
    const ready = earlier.find(isReady);
    if (service !== undefined && ready !== undefined && addressOf(service, shortName(ready.name)) !== '') {
      return await done(staging, service, ready, revisions);
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
    const staged = await outcome(staging, candidate, revisions, await ended(client, place, answer), attempt < TRIES);
    if (staged !== undefined) return staged;
  }
}

async function read(site: Site): Promise<State> {
  const [service, revisions] = await Promise.all([look(site), listRevisions(site.client, site.place, 1_000)]);
  return { service, revisions };
}

/**
 * The candidate when its operation has ended; undefined when it is ready and another hand, which did not see its address
 * yet, has written that away.
 *
 * @throws ProjectFailure when it does not run
 */
async function outcome(
  staging: Staging,
  { name }: Candidate,
  others: readonly Revision[],
  end: Ended,
  canRepeat: boolean,
): Promise<Staged | undefined> {
  const { client, place } = staging.site;
  const service = await serviceAfter(staging.site, end);
  const hasAddress = service !== undefined && addressOf(service, name) !== '';
  const revision = (hasAddress ? newestOf(service, name) : undefined) ?? (await readRevision(client, place, name));
  const runs = revision !== undefined && isReady(revision);
  if (hasAddress && runs) return await done(staging, service, revision, others);
  if (runs && canRepeat) return undefined;
  return await failed(
    staging,
    service,
    name,
    revision,
    'problem' in end ? end.problem : 'it has no address of its own',
  );
}

/** A revision as its service shows it: the template it was made from, and that it is ready. */
function newestOf({ template, latestReadyRevision, updateTime }: Service, name: string): Revision | undefined {
  if (template.revision !== name || shortName(latestReadyRevision) !== name) return undefined;
  const conditions = [{ type: 'Ready', state: 'CONDITION_SUCCEEDED' }];
  return { ...template, name, conditions, ...(updateTime === undefined ? {} : { createTime: updateTime }) };
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
  { site: { client, place }, surroundings }: Staging,
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
  { site: { client, place } }: Staging,
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

/** @param others revisions that were read before */
async function done(
  { site, given }: Staging,
  service: Service,
  revision: Revision,
  others: readonly Revision[],
): Promise<Staged> {
  const { access, place } = site;
  if (given.authentication !== undefined) await access.set(given.authentication);
  const serving = await servingOf(site, service, others);
  return { ...releaseOf(place, service, revision, await access.probeHeaders(service)), serving };
}

/** @throws ProjectFailure always: says why, shows the last lines, and takes the tag away that would block the route */
async function failed(
  { site, given, surroundings }: Staging,
  service: Service | undefined,
  name: string,
  revision: Revision | undefined,
  said: string,
): Promise<never> {
  const { client, place } = site;
  if (given.failureLogs ?? (await isPrivateRepository(surroundings.environment))) {
    await showLastLines(client, place, name, surroundings.log);
  }
  const serves = service === undefined ? [] : [...servingShares(service).keys()];
  if (serves.length > 0) await untag(site, name);
  const state =
    serves.length === 0 ? 'nothing serves yet' : `no traffic was moved: ${serves.join(', ')} serves as before`;
  throw revisionFailed(place, name, revision, said, state);
}
