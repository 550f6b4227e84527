import { shortName } from '../../../google/resource-name.ts';
import { textOf } from '../../../runtime/json.ts';
import { isMap } from '../../../runtime/yaml.ts';
import { type Api, HOSTING, listAll } from './api.ts';
import type { Asked } from './faults.ts';
import type { Labels } from './mark.ts';
import { rolledBackFrom } from './mark.ts';

/** The channel that users see. */
export const LIVE = 'live';

/** A version as Hosting has it (sites.versions). */
export interface Version {
  readonly id: string;
  /** `CREATED`, `FINALIZED`, `DELETED`, `ABANDONED`, `EXPIRED`, `CLONING`. */
  readonly status: string;
  readonly labels: Labels;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Serving configuration; empty where the answer has none. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** A release: when a version began to serve on a channel (sites.channels.releases). */
export interface SiteRelease {
  readonly name: string;
  /** `DEPLOY`, `ROLLBACK`, `SITE_DISABLE`. */
  readonly type: string;
  readonly message: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Undefined for a release that takes the site down. */
  readonly version: Version | undefined;
}

export interface Channel {
  readonly id: string;
  readonly url: string;
  /** Milliseconds since the epoch; undefined for one that stays. */
  readonly expiresAt: number | undefined;
  readonly createdAt: number;
  readonly labels: Labels;
  readonly release: SiteRelease | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** A moment as Google writes it (RFC 3339, up to nanoseconds), in milliseconds; 0 when there is none. */
function timeOf(value: unknown): number {
  const time = Date.parse(textOf(value).replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(time) ? 0 : time;
}

function labelsIn(value: unknown): Labels {
  const entries = isMap(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

export function versionIn(value: Fields): Version {
  return {
    id: shortName(value['name']),
    status: textOf(value['status']),
    labels: labelsIn(value['labels']),
    createdAt: timeOf(value['createTime']),
    config: isMap(value['config']) ? value['config'] : {},
  };
}

export function releaseIn(value: Fields): SiteRelease {
  const { version } = value;
  return {
    name: textOf(value['name']),
    type: textOf(value['type']),
    message: textOf(value['message']),
    at: timeOf(value['releaseTime']),
    version: isMap(version) && typeof version['name'] === 'string' ? versionIn(version) : undefined,
  };
}

export function channelIn(value: Fields): Channel {
  const { release, expireTime } = value;
  return {
    id: shortName(value['name']),
    url: textOf(value['url']).replace(/\/$/, ''),
    expiresAt: expireTime === undefined ? undefined : timeOf(expireTime),
    createdAt: timeOf(value['createTime']),
    labels: labelsIn(value['labels']),
    release: isMap(release) ? releaseIn(release) : undefined,
  };
}

/** One site of a project, read. */
export interface Site {
  readonly project: string;
  readonly site: string;
  /** `/v1beta1/projects/acme/sites/shop`. */
  readonly path: string;
  readonly api: Api;
}

export function siteAt(api: Api, site: string): Site {
  return { project: api.project, site, path: `/v1beta1/projects/${api.project}/sites/${site}`, api };
}

/** For messages about a call to this site. */
export function askedOf({ project }: Site, what: string): Asked {
  return { project, what, host: HOSTING, role: 'roles/firebasehosting.admin' };
}

const LIST_SIZE = 100;

/** Channels of a site that are looked at, at most; Hosting has a limit of 50 or so. */
const MOST_CHANNELS = 1_000;

/** @returns undefined when there is no such channel */
export async function readChannel({ api, path, site }: Site, id: string): Promise<Channel | undefined> {
  const what = `read the channel "${id}" of the site "${site}"`;
  const { status, value } = await api.call({ path: `${path}/channels/${id}`, also: [404], what });
  return status === 404 ? undefined : channelIn(value);
}

export async function listChannels({ api, path, site }: Site): Promise<readonly Channel[]> {
  const call = { path: `${path}/channels?pageSize=${LIST_SIZE}`, what: `list the channels of the site "${site}"` };
  return (await listAll(api, call, 'channels', MOST_CHANNELS)).map(channelIn);
}

/** Newest first. */
export async function listReleases(
  { api, path, site }: Site,
  channel: string,
  limit: number,
): Promise<readonly SiteRelease[]> {
  const size = Math.min(LIST_SIZE, limit);
  const what = `list the releases of the site "${site}"`;
  const found = await listAll(
    api,
    { path: `${path}/channels/${channel}/releases?pageSize=${size}`, what },
    'releases',
    limit,
  );
  return found.map(releaseIn).sort((left, right) => right.at - left.at);
}

/** Newest first. @param status only those, when given */
export async function listVersions(
  { api, path, site }: Site,
  status: string | undefined,
  limit: number,
): Promise<readonly Version[]> {
  const filter = status === undefined ? '' : `&filter=${encodeURIComponent(`status="${status}"`)}`;
  const call = {
    path: `${path}/versions?pageSize=${LIST_SIZE}${filter}`,
    what: `list the versions of the site "${site}"`,
  };
  const found = (await listAll(api, call, 'versions', limit)).map(versionIn);
  return found.sort((left, right) => right.createdAt - left.createdAt);
}

/** @returns undefined when it was never there, or its files are gone */
export async function readVersion({ api, path, site }: Site, id: string): Promise<Version | undefined> {
  const what = `read the version "${id}" of the site "${site}"`;
  const { status, value } = await api.call({ path: `${path}/versions/${id}`, also: [404], what });
  if (status === 404) return undefined;
  const version = versionIn(value);
  return version.status === 'DELETED' || version.status === 'EXPIRED' ? undefined : version;
}

/**
 * Versions that traffic was taken away from because they were bad, and that were not released since: by what this
 * bundle writes on a release, or by a release that Firebase's console or program calls a rollback.
 *
 * @param releases of the live channel, newest first
 */
export function rolledBack(releases: readonly SiteRelease[]): ReadonlySet<string> {
  const bad = new Set<string>();
  const settled = new Set<string>();
  for (const [index, { version, type, message }] of releases.entries()) {
    if (version !== undefined) settled.add(version.id);
    const before = releases[index + 1]?.version?.id;
    const left = rolledBackFrom(message) ?? (type === 'ROLLBACK' && message === '' ? before : undefined);
    if (left !== undefined && !settled.has(left)) bad.add(left);
    if (left !== undefined) settled.add(left);
  }
  return bad;
}
