import { createGoogleClient, type GoogleClient } from '../../../google/client.ts';
import { shortName } from '../../../google/resource-name.ts';
import { ConfigurationError } from '../../../runtime/errors.ts';
import { isSameRelease, type ReleaseReference, referenceText } from '../../reference.ts';
import type { Platform, Release, Serving, Surroundings } from '../../target.ts';
import { reasonOf } from './conditions.ts';
import { memberOf, refused } from './faults.ts';
import { guardOf, historyOf, markOfRevision } from './history.ts';
import { ended } from './operations.ts';
import { type Place, placeName, placeOf, referenceTo, revisionUrl } from './place.ts';
import { listRevisions, readRevision } from './read.ts';
import { type Revision, readyCondition, type Service } from './resources.ts';
import { shift, untag } from './shift.ts';
import { look, type Site, siteOf } from './site.ts';
import { addressOf, servingShares, sharesAt } from './traffic.ts';

/** @throws ConfigurationError PIPE-CLOUDRUN-009 without credentials, PIPE-CLOUDRUN-001 for a reference that is none here */
export function open(reference: ReleaseReference, surroundings: Surroundings): Platform {
  return platformAt(siteOf(placeOf(reference), clientFor(surroundings)));
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

export function platformAt(site: Site): Platform {
  const { place, client, access } = site;
  return {
    current: async () => {
      access.begin();
      const service = await look(site);
      return service === undefined ? undefined : await servingOf(site, service);
    },
    releases: async (limit = 100) => {
      access.begin();
      const [service, revisions] = await Promise.all([look(site), listRevisions(client, place, limit)]);
      return service === undefined ? [] : await releasesOf(site, service, revisions);
    },
    release: async (reference) => {
      const { revision } = here(place, reference);
      access.begin();
      const [service, found] = await Promise.all([look(site), readRevision(client, place, revision)]);
      if (service === undefined || found === undefined) return undefined;
      return releaseOf(place, service, found, await access.probeHeaders(service));
    },
    shift: (wanted, from, reason) => {
      const shares = new Map(wanted.map(({ reference, percent }) => [here(place, reference).revision, percent]));
      return shift(site, { shares, from, reason });
    },
    remove: (reference) => remove(site, here(place, reference).revision),
    commandFor: (reference) => {
      const { project, region, service } = place;
      const { revision } = placeOf(reference);
      return `gcloud run services update-traffic ${service} --project=${project} --region=${region} --to-revisions=${revision}=100`;
    },
    refusedProbe: refusedProbe(site),
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

/** The account is known to Google, and the service does not let it in. */
function refusedProbe({ place: { project, region, service }, client }: Site): string {
  return `the service is private: let the probes in by \`gcloud run services add-iam-policy-binding ${service} --project=${project} --region=${region} --member=${memberOf(client)} --role=roles/run.invoker\` (it takes a minute to count), or deploy with \`authentication: public\``;
}

/** @param revisions newest first */
export async function releasesOf(
  { place, access }: Site,
  service: Service,
  revisions: readonly Revision[],
): Promise<readonly Release[]> {
  const headers = await access.probeHeaders(service);
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

/** @param known revisions that were read already */
export async function servingOf(
  { client, place, access }: Site,
  service: Service,
  known: readonly Revision[] = [],
): Promise<Serving> {
  const shares = servingShares(service);
  const { previous, since } = historyOf(service, shares);
  const [probeHeaders, before] = await Promise.all([
    access.probeHeaders(service),
    known.find(({ name }) => shortName(name) === previous) ??
      (previous === '' ? undefined : readRevision(client, place, previous)),
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

/** Takes the tags off a revision, then deletes it. The newest one stays where the API wants to keep it: without a tag. */
async function remove(site: Site, revision: string): Promise<boolean> {
  const { client, place } = site;
  await untag(site, revision);
  const answer = await client.send({ method: 'DELETE', url: revisionUrl(place, revision) });
  if (answer.status === 404) return false;
  if (answer.status === 200) {
    await ended(client, place, answer);
    return true;
  }
  if (answer.error?.status === 'FAILED_PRECONDITION') return true;
  throw refused(client, place, `delete the revision ${revision}`, answer, 'no traffic was moved');
}
