import { ConfigurationError, shown } from '../../../runtime/errors.ts';
import type { ReleaseReference } from '../../reference.ts';

/** A service of Cloud Run, where it is. */
export interface Place {
  readonly project: string;
  readonly region: string;
  readonly service: string;
}

const SCHEME = 'cloud-run';

/** Names of projects (6 to 30 characters, or an old one of a domain), regions, services and revisions. */
export const PROJECT = /^(?:[a-z0-9.-]{1,63}:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
export const REGION = /^[a-z]{2,20}-[a-z]{2,20}\d{1,2}$/;
export const SERVICE = /^[a-z](?:[a-z0-9-]{0,47}[a-z0-9])?$/;
const REVISION = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** @throws ConfigurationError PIPE-CLOUDRUN-001 when the parts can't be those of a service here */
export function placeOf(reference: ReleaseReference): Place & { readonly revision: string } {
  const [project = '', region = '', service = '', revision = '', ...more] = reference.parts;
  const isPlace = PROJECT.test(project) && REGION.test(region) && SERVICE.test(service) && REVISION.test(revision);
  if (isPlace && more.length === 0) return { project, region, service, revision };
  throw new ConfigurationError({
    code: 'PIPE-CLOUDRUN-001',
    what: 'this reference does not name a release on Cloud Run',
    given: shown(`${reference.scheme}://${reference.parts.join('/')}`, 300),
    accepted: 'cloud-run://project/region/service/revision',
    example: 'cloud-run://acme-production/europe-west1/api/api-00042-kix',
    state: 'nothing was changed',
  });
}

export function referenceTo({ project, region, service }: Place, revision: string): ReleaseReference {
  return { scheme: SCHEME, parts: [project, region, service, revision] };
}

const API = 'https://run.googleapis.com/v2';

export function locationUrl({ project, region }: Place): string {
  return `${API}/projects/${project}/locations/${region}`;
}

export function serviceUrl(place: Place): string {
  return `${locationUrl(place)}/services/${place.service}`;
}

export function revisionUrl(place: Place, revision: string): string {
  return `${serviceUrl(place)}/revisions/${revision}`;
}

/** The name that Google's messages and commands use. */
export function placeName({ service, region, project }: Place): string {
  return `the service ${service} in ${region} of ${project}`;
}
