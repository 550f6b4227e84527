import { ConfigurationError, shown } from '../../../runtime/errors.ts';
import type { ReleaseReference } from '../../reference.ts';
import { channelOf } from './mark.ts';
import {
  type Channel,
  LIVE,
  listChannels,
  listReleases,
  listVersions,
  readChannel,
  readVersion,
  type Site,
  type Version,
} from './state.ts';

/** Live releases whose versions are kept when a preview goes: what could be rolled back to. */
const KEPT_RELEASES = 1_000;

/** Versions of a preview that are removed with it, at most. */
const MOST_VERSIONS = 1_000;

/** Last part of a reference that names a preview channel and no version: `channel:pr-42`. */
const CHANNEL_PART = /^channel:([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)$/;

/** Name of the preview channel that a reference stands for; undefined when it stands for a version. */
export function channelNamed({ parts }: ReleaseReference): string | undefined {
  return CHANNEL_PART.exec(parts.at(-1) ?? '')?.[1];
}

/**
 * Deletes a preview channel and the versions that were made for it, except those that served live or serve elsewhere.
 *
 * @param isOurs which of the versions may be deleted; all when left out
 * @returns false when there was no such channel
 * @throws ConfigurationError PIPE-FIREBASE-020 for the live channel
 */
export async function removeChannel(
  site: Site,
  id: string,
  isOurs: (version: Version) => boolean = () => true,
): Promise<boolean> {
  if (id === LIVE) throw serves(site, 'the live channel');
  const channel = await readChannel(site, id);
  const wasThere = channel !== undefined && (await deleteChannel(site, id));
  const [versions, channels, live] = await Promise.all([
    listVersions(site, 'FINALIZED', MOST_VERSIONS),
    listChannels(site),
    listReleases(site, LIVE, KEPT_RELEASES),
  ]);
  const inUse = new Set([...live, ...channels.map(({ release }) => release)].map((release) => release?.version?.id));
  for (const version of versions) {
    const isMeant = channelOf(version.labels) === id && isOurs(version);
    if (isMeant && !inUse.has(version.id)) await deleteVersion(site, version.id);
  }
  return wasThere;
}

/**
 * Deletes a version, and before it the channels that show it.
 *
 * @returns false when it was gone
 * @throws ConfigurationError PIPE-FIREBASE-020 when it serves the live site
 */
export async function removeVersion(site: Site, id: string): Promise<boolean> {
  const [version, channels] = await Promise.all([readVersion(site, id), listChannels(site)]);
  const showing = channels.filter(({ release }) => release?.version?.id === id);
  if (showing.some((channel) => channel.id === LIVE)) throw serves(site, `the version ${shown(id)}`);
  for (const channel of showing) await deleteChannel(site, channel.id);
  return version === undefined ? false : await deleteVersion(site, id);
}

/** @returns false when it was gone */
export async function deleteChannel({ api, path, site }: Site, id: Channel['id']): Promise<boolean> {
  const what = `delete the channel "${id}" of the site "${site}"`;
  const { status } = await api.call({ method: 'DELETE', path: `${path}/channels/${id}`, also: [404], what });
  return status === 200;
}

async function deleteVersion({ api, path, site }: Site, id: string): Promise<boolean> {
  const what = `delete the version "${id}" of the site "${site}"`;
  const { status } = await api.call({ method: 'DELETE', path: `${path}/versions/${id}`, also: [404], what });
  return status === 200;
}

function serves({ site }: Site, what: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-FIREBASE-020',
    what: `${what} serves the site ${shown(site)} and is not removed`,
    accepted: 'a preview channel, or a version that does not serve',
    remedy: 'promote another release first',
    state: 'nothing was removed',
  });
}
