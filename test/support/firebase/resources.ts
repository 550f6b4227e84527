import { Refusal } from './refusal.ts';
import {
  type Channel,
  type Hosting,
  newId,
  type Project,
  type Release,
  type Site,
  stamp,
  type Version,
} from './state.ts';

/** Resources as the API writes them. Names say the project's number where it was asked for by project. */

export function versionBody(project: Project, site: Site, version: Version): object {
  const isFinal = version.finalizeTime !== undefined;
  const sizes = [...version.files.values()].map((hash) => site.blobs.get(hash)?.length ?? 0);
  return {
    name: `projects/${project.number}/sites/${site.id}/versions/${version.id}`,
    status: version.status,
    config: version.config,
    ...(Object.keys(version.labels).length === 0 ? {} : { labels: version.labels }),
    createTime: version.createTime,
    createUser: { email: 'deploy@example.com' },
    ...(isFinal ? { finalizeTime: version.finalizeTime, finalizeUser: { email: 'deploy@example.com' } } : {}),
    ...(version.deleteTime === undefined ? {} : { deleteTime: version.deleteTime }),
    ...(isFinal
      ? { fileCount: String(version.files.size), versionBytes: String(sizes.reduce((sum, size) => sum + size, 0)) }
      : {}),
  };
}

export function releaseBody(project: Project, site: Site, channel: Channel, release: Release): object {
  return {
    name: `projects/${project.number}/sites/${site.id}/channels/${channel.id}/releases/${release.id}`,
    ...(release.version === undefined ? {} : { version: versionBody(project, site, release.version) }),
    type: release.type,
    releaseTime: release.releaseTime,
    releaseUser: { email: 'deploy@example.com' },
    ...(release.message === '' ? {} : { message: release.message }),
  };
}

export function channelBody(project: Project, site: Site, channel: Channel): object {
  const [release] = channel.releases;
  return {
    name: `projects/${project.number}/sites/${site.id}/channels/${channel.id}`,
    url: `https://${channel.host}`,
    ...(release === undefined ? {} : { release: releaseBody(project, site, channel, release) }),
    createTime: channel.createTime,
    updateTime: channel.updateTime,
    retainedReleaseCount: channel.retained,
    ...(channel.expires === undefined
      ? {}
      : { expireTime: `${new Date(channel.expires).toISOString().slice(0, -1)}000000Z` }),
    ...(Object.keys(channel.labels).length === 0 ? {} : { labels: channel.labels }),
  };
}

export function siteBody(project: Project, site: Site): object {
  return {
    name: `projects/${project.number}/sites/${site.id}`,
    defaultUrl: `https://${site.id}.web.app`,
    type: site.type,
  };
}

export function newVersion(hosting: Hosting, status: Version['status']): Version {
  return { id: newId(hosting, 16), status, config: {}, labels: {}, createTime: stamp(hosting), files: new Map() };
}

/**
 * One page of a list. Tokens belong to the list that they came from.
 *
 * @param list what was asked for, without size and token
 */
export function page<T>(
  items: readonly T[],
  query: URLSearchParams,
  list: string,
  defaultSize: number,
): { readonly items: readonly T[]; readonly next?: string } {
  const asked = Number(query.get('pageSize') ?? 0);
  if (asked < 0) throw new Refusal('INVALID_ARGUMENT', 'Page size must not be negative.');
  const size = Math.min(100, asked || defaultSize);
  const token = query.get('pageToken') ?? '';
  const start = token === '' ? 0 : startOf(token, list);
  const end = start + size;
  const next = Buffer.from(JSON.stringify([list, end])).toString('base64');
  return { items: items.slice(start, end), ...(end < items.length ? { next } : {}) };
}

function startOf(token: string, list: string): number {
  try {
    const [of, start] = JSON.parse(Buffer.from(token, 'base64').toString('utf8')) as [string, number];
    if (of === list && Number.isInteger(start)) return start;
  } catch {
    // The same refusal for whatever is no token.
  }
  throw new Refusal('INVALID_ARGUMENT', 'Request contains an invalid argument.');
}
