import { ConfigurationError, shown } from '../../../runtime/errors.ts';
import { isMap } from '../../../runtime/yaml.ts';
import type { Api } from './api.ts';
import { noAnswer, notAccepted } from './faults.ts';
import type { Route } from './serving-config.ts';

/** A Cloud Run service whose newest revision a rewrite is pinned to. */
export interface PinnedService {
  readonly region: string;
  readonly id: string;
  /** The newest revision that is ready. */
  readonly revision: string;
}

/** Where the rewrites of a section lead, before a version is there to pin them to. */
export interface Routes {
  readonly routes: readonly Route[];
  /** The service of each rewrite that is pinned, by its place in the list. */
  readonly pinned: ReadonlyMap<number, PinnedService>;
}

const RUN = 'run.googleapis.com';
const ROLE = 'roles/run.developer';

/** Longest wait for Cloud Run to take a tag over, in milliseconds. */
const LONGEST = 300_000;

interface Service extends PinnedService {
  readonly name: string;
  readonly traffic: readonly Readonly<Record<string, unknown>>[];
  readonly etag: string;
}

/**
 * The service of a rewrite with `pinTag` (Cloud Run Admin API v2, projects.locations.services).
 *
 * @throws ConfigurationError PIPE-FIREBASE-014 when there is none, or nothing in it is ready
 */
export async function readService(api: Api, region: string, id: string): Promise<PinnedService> {
  const { revision } = await read(api, region, id);
  return { region, id, revision };
}

async function read(api: Api, region: string, id: string): Promise<Service> {
  const name = `projects/${api.project}/locations/${encodeURIComponent(region)}/services/${encodeURIComponent(id)}`;
  const what = `read the Cloud Run service ${shown(id)} that a rewrite is pinned to`;
  const { value, status } = await api.call({ host: RUN, path: `/v2/${name}`, also: [404], what, role: ROLE });
  const revision =
    String(value['latestReadyRevision'] ?? '')
      .split('/')
      .at(-1) ?? '';
  if (status === 404 || revision === '') {
    throw new ConfigurationError({
      code: 'PIPE-FIREBASE-014',
      what: `a rewrite is pinned to the Cloud Run service ${shown(id)} in ${shown(region)}, which ${status === 404 ? 'is not there' : 'has no revision that is ready'}`,
      accepted: 'a service that is deployed before the site',
      remedy: 'deploy the service first, or correct `serviceId` and `region` in firebase.json',
      state: 'nothing was changed',
    });
  }
  const traffic = (Array.isArray(value['traffic']) ? value['traffic'] : []).filter(isMap);
  return { name, region, id, revision, traffic, etag: String(value['etag'] ?? '') };
}

/**
 * The routes with their tags. A service whose newest revision has no tag gets one, named after the version as
 * Firebase's own program names it; traffic of the service stays as it is.
 *
 * @param version id of the version that is being made
 * @throws ConfigurationError PIPE-FIREBASE-015 when Cloud Run does not take it, as when something else changed it
 */
export async function pinRoutes(api: Api, { routes, pinned }: Routes, version: string): Promise<readonly Route[]> {
  const tags = new Map<string, string>();
  for (const { region, id, revision } of pinned.values()) {
    const key = `${region}/${id}`;
    if (!tags.has(key)) tags.set(key, await tagOf(api, region, id, revision, `fh-${version}`));
  }
  return routes.map((route, index) => {
    const service = pinned.get(index);
    const tag = service === undefined ? undefined : tags.get(`${service.region}/${service.id}`);
    return tag === undefined || !('run' in route) ? route : { run: { ...route.run, tag } };
  });
}

/** @param wanted the revision that was newest when the deployment was looked at: that one is pinned */
async function tagOf(api: Api, region: string, id: string, wanted: string, fresh: string): Promise<string> {
  const service = await read(api, region, id);
  const existing = tagIn(service, wanted);
  if (existing !== undefined) return existing;
  const all = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';
  const before = service.traffic.length === 0 ? [{ type: all, percent: 100 }] : service.traffic;
  const target = { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: wanted, tag: fresh };
  const what = `tag the revision ${shown(wanted)} of the Cloud Run service ${shown(id)}`;
  const { status, value, response } = await api.call({
    host: RUN,
    method: 'PATCH',
    path: `/v2/${service.name}?updateMask=traffic`,
    body: { name: service.name, traffic: [...before, target], etag: service.etag },
    // With the etag a second one changes nothing.
    idempotent: true,
    also: [409, 412],
    what,
    role: ROLE,
  });
  if (status === 200) {
    await finished(api, RUN, '/v2/', value, what, LONGEST);
    return fresh;
  }
  // Somebody was faster: perhaps we ourselves, whose first answer was lost.
  const now = tagIn(await read(api, region, id), wanted);
  if (now === undefined) throw notAccepted(response, { project: api.project, what, host: RUN, role: ROLE });
  return now;
}

function tagIn({ traffic }: Service, revision: string): string | undefined {
  const tagged = traffic.find((share) => share['revision'] === revision && typeof share['tag'] === 'string');
  const tag = tagged?.['tag'];
  return typeof tag === 'string' && tag !== '' ? tag : undefined;
}

/**
 * Waits for a long-running operation (google.longrunning.Operation).
 *
 * @param prefix of the API's version: `/v2/`
 * @returns what it made
 * @throws ConfigurationError PIPE-FIREBASE-015 when it failed
 * @throws OutsideFault PIPE-FIREBASE-017 when it does not end in time
 */
export async function finished(
  api: Api,
  host: string,
  prefix: string,
  operation: Readonly<Record<string, unknown>>,
  what: string,
  longest: number,
): Promise<Readonly<Record<string, unknown>>> {
  const started = performance.now();
  let current = operation;
  for (let pause = 250; current['done'] !== true; pause = Math.min(5_000, pause * 2)) {
    const name = String(current['name'] ?? '');
    if (!/^[A-Za-z0-9._~%/:-]{1,400}$/.test(name) || performance.now() - started > longest) {
      const asked = { project: api.project, what, host, role: '' };
      throw noAnswer(asked, name === '' ? 'it gave no operation to wait for' : 'it did not end in time', 200, started);
    }
    await api.wait(pause);
    current = (await api.call({ host, path: prefix + name, what })).value;
  }
  const { error, response } = current;
  if (!isMap(error)) return isMap(response) ? response : {};
  throw new ConfigurationError({
    code: 'PIPE-FIREBASE-015',
    what: `Google could not do it: this job wanted to ${what}`,
    given: shown(error['message'], 400),
    remedy: "the quoted words are Google's own",
    state: 'no traffic was moved by this call',
  });
}
