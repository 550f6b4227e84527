import { shortName } from '../../../google/resource-name.ts';
import { ConfigurationError, OutsideFault, shown } from '../../../runtime/errors.ts';
import { placeText, type ReleaseReference } from '../../reference.ts';
import type { Platform, Reason, Release, Serving, Share } from '../../target.ts';
import { TrafficMoved } from '../../traffic-moved.ts';
import { channelOf, markOf, messageOf } from './mark.ts';
import { channelNamed, removeChannel, removeVersion } from './remove.ts';
import {
  type Channel,
  LIVE,
  listChannels,
  listReleases,
  listVersions,
  readChannel,
  readVersion,
  releaseIn,
  rolledBack,
  type Site,
  type SiteRelease,
  type Version,
} from './state.ts';

/** Guard of a site that serves nothing: no release has this name. */
const NO_RELEASE = 'none';

/** Releases of the live channel in which the previous one is looked for. */
export const HISTORY = 100;

export function createPlatform(site: Site): Platform {
  return {
    current: () => current(site),
    releases: async (limit = 100) => {
      const [versions, channels, history] = await Promise.all([
        listVersions(site, 'FINALIZED', limit),
        listChannels(site),
        listReleases(site, LIVE, HISTORY),
      ]);
      return releasesOf(site, versions, channels, history);
    },
    release: async (reference) => {
      const [version, channels, history] = await Promise.all([
        readVersion(site, versionId(reference)),
        listChannels(site),
        listReleases(site, LIVE, HISTORY),
      ]);
      return version === undefined ? undefined : releaseOf(site, version, channels, rolledBack(history));
    },
    shift: (shares, from, reason) => shift(site, shares, from, reason),
    remove: (reference) => {
      const channel = channelNamed(reference);
      return channel === undefined ? removeVersion(site, versionId(reference)) : removeChannel(site, channel);
    },
    commandFor: (reference) => {
      const name = `${site.project}:${site.site}`;
      return `firebase hosting:clone ${name}@${versionId(reference)} ${name}:live`;
    },
    pageFor: () => `https://console.firebase.google.com/project/${site.project}/hosting/sites/${site.site}`,
  };
}

/**
 * Candidates of a site, and what was one.
 *
 * @param versions that could serve, newest first
 * @param history releases of the live channel, newest first
 */
export function releasesOf(
  site: Site,
  versions: readonly Version[],
  channels: readonly Channel[],
  history: readonly SiteRelease[],
): readonly Release[] {
  const bad = rolledBack(history);
  const live = new Set(history.map(({ version }) => version?.id));
  // What was only ever a preview belongs to its pull request: it is no candidate, and is not tidied up as one.
  const candidates = versions.filter(({ id, labels }) => channelOf(labels) === '' || live.has(id));
  return candidates.map((version) => releaseOf(site, version, channels, bad));
}

/** Ids of versions are short; anything else would become part of an address that it does not belong to. */
function versionId({ parts }: ReleaseReference): string {
  const id = parts[2] ?? '';
  if (/^[A-Za-z0-9_-]{1,64}$/.test(id)) return id;
  throw new ConfigurationError({
    code: 'PIPE-FIREBASE-019',
    what: 'this is not the id of a version of Firebase Hosting',
    given: shown(id),
    accepted: 'the last part of the output `release` of deploy-firebase',
    example: 'firebase://acme-production/acme-shop/1a2b3c4d5e6f7a8b',
    state: 'nothing was sent',
  });
}

export function referenceTo({ project, site }: Site, version: string): ReleaseReference {
  return { scheme: 'firebase', parts: [project, site, version] };
}

/** @param channels of the site; the one on which the version serves gives it its address */
export function releaseOf(
  site: Site,
  version: Version,
  channels: readonly Channel[],
  bad: ReadonlySet<string>,
): Release {
  const showing = channels.filter(({ release }) => release?.version?.id === version.id);
  // The candidate's own address does not move on when the live one does.
  const channel = showing.find(({ id }) => id !== LIVE) ?? showing[0];
  const isReady = version.status === 'FINALIZED';
  return {
    reference: referenceTo(site, version.id),
    createdAt: version.createdAt,
    isReady,
    reason: isReady ? '' : `the version is ${version.status} and not FINALIZED`,
    url: channel?.url ?? '',
    probeHeaders: {},
    mark: markOf(version.labels),
    isRolledBack: bad.has(version.id),
    ...(channel?.expiresAt === undefined ? {} : { expiresAt: channel.expiresAt }),
  };
}

async function current(site: Site): Promise<Serving | undefined> {
  const [live, history] = await Promise.allSettled([readChannel(site, LIVE), listReleases(site, LIVE, HISTORY)]);
  if (live.status === 'fulfilled' && live.value === undefined) return undefined;
  const releases = settledTo(history);
  // The newest release of the live channel is what serves: the channel itself says no more than that and the address.
  const url = live.status === 'fulfilled' ? live.value?.url : addressWithout(live.reason, site);
  return servingOf(site, { url: url ?? '', release: releases[0] }, releases);
}

function settledTo<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

/** The address that every site has, where its channel can't be read for now. */
function addressWithout(reason: unknown, { site }: Site): string {
  if (!(reason instanceof OutsideFault)) throw reason;
  return `https://${site}.web.app`;
}

/** @param history releases of the live channel, newest first */
export function servingOf(
  site: Site,
  live: Pick<Channel, 'url' | 'release'>,
  history: readonly SiteRelease[],
): Serving {
  const { release, url } = live;
  // The release that takes a site down has no version.
  const version = release?.version;
  const bad = rolledBack(history);
  const past = history.slice(history.findIndex(({ name }) => name === release?.name) + 1);
  const previous = past.find((one) => {
    return one.version?.status === 'FINALIZED' && one.version.id !== version?.id && !bad.has(one.version.id);
  });
  return {
    url,
    probeHeaders: {},
    shares: version === undefined ? [] : [{ reference: referenceTo(site, version.id), percent: 100 }],
    since: release === undefined || release.at === 0 ? undefined : release.at,
    previous: previous?.version === undefined ? undefined : referenceTo(site, previous.version.id),
    guard: release?.name ?? NO_RELEASE,
  };
}

async function shift(site: Site, shares: readonly Share[], from: Serving, reason: Reason): Promise<Serving> {
  const [share, ...others] = shares;
  if (share === undefined || share.percent !== 100 || others.length > 0) {
    throw new Error('Firebase Hosting serves one version to everybody: one share of 100 percent');
  }
  const id = versionId(share.reference);
  const [live, version] = await Promise.all([readChannel(site, LIVE), readVersion(site, id)]);
  if ((live?.release?.name ?? NO_RELEASE) !== from.guard) throw moved(site, live?.release);
  if (version?.status !== 'FINALIZED') throw gone(site, id, version?.status);
  const before = from.shares[0]?.reference.parts.at(-1) ?? '';
  const { value } = await site.api.call({
    method: 'POST',
    path: `${site.path}/channels/${LIVE}/releases?versionName=${encodeURIComponent(`sites/${site.site}/versions/${id}`)}`,
    body: { message: messageOf(reason, id, before, markOf(version.labels)) },
    what: `release the version "${id}" on the site "${site.site}"`,
  });
  return await readBack(site, from, releaseIn({ ...value, version: undefined }), version);
}

/**
 * What serves after a release was made. Releases have no etag: two writers show afterwards, by what stands on both sides
 * of this one. Where the history can't be read for now, the channel has to do.
 */
async function readBack(site: Site, from: Serving, made: SiteRelease, version: Version): Promise<Serving> {
  const [live, history] = await Promise.allSettled([readChannel(site, LIVE), listReleases(site, LIVE, HISTORY)]);
  if (history.status === 'fulfilled') {
    const [newest, before] = history.value;
    const isAlone = isSame(newest, made.name) && shortName(before?.name ?? NO_RELEASE) === shortName(from.guard);
    if (!isAlone) throw moved(site, newest);
    return servingOf(site, { url: from.url, release: newest }, history.value);
  }
  if (!(history.reason instanceof OutsideFault)) throw history.reason;
  const channel = settledTo(live);
  if (!isSame(channel?.release, made.name)) throw moved(site, channel?.release);
  const serving = servingOf(site, { url: from.url, release: { ...made, version } }, []);
  return { ...serving, previous: from.shares[0]?.reference };
}

function isSame(release: SiteRelease | undefined, name: string): boolean {
  return release !== undefined && shortName(release.name) === shortName(name);
}

function moved(site: Site, release: SiteRelease | undefined): TrafficMoved {
  const said = `the version ${release?.version?.id ?? 'of nobody'} serves, released ${new Date(release?.at ?? 0).toISOString()}`;
  return new TrafficMoved(placeText(referenceTo(site, 'x')), said);
}

function gone(site: Site, id: string, status: string | undefined): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-FIREBASE-019',
    what: `the version ${shown(id)} of the site ${shown(site.site)} can not serve`,
    given: status === undefined ? 'its files are gone, or it never was' : `it is ${status}`,
    accepted: 'a version that Hosting still has: those on the release history page of the console',
    remedy: 'deploy the commit again; how many versions are kept is a setting of the site',
    state: 'nothing was changed',
  });
}
