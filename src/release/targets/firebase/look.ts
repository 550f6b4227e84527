import type { Found } from '../../target.ts';
import { HISTORY, releasesOf, servingOf } from './platform.ts';
import { channelIn, LIVE, listChannels, listReleases, listVersions, type Site, type Version } from './state.ts';

/** A site before a deployment, looked at in one go. */
export interface LookedAt {
  readonly found: Found;
  /** Serving configuration of what is live; empty where nothing is. */
  readonly liveConfig: Readonly<Record<string, unknown>>;
  /** All its versions, also those that are not final, newest first; undefined where there are more than were read. */
  readonly versions: readonly Version[] | undefined;
}

/** Versions that are read at once: no page of Hosting is larger. */
const MOST = 100;

/** @throws ConfigurationError PIPE-FIREBASE-011 when there is no such site */
export async function lookAt(site: Site): Promise<LookedAt> {
  const { api, path } = site;
  const [live, history, channels, versions] = await Promise.all([
    api.call({ path: `${path}/channels/${LIVE}`, what: `read the site "${site.site}"` }),
    listReleases(site, LIVE, HISTORY),
    listChannels(site),
    listVersions(site, undefined, MOST),
  ]);
  const isWhole = versions.length < MOST;
  const final = isWhole
    ? versions.filter(({ status }) => status === 'FINALIZED')
    : await listVersions(site, 'FINALIZED', MOST);
  const { url, release } = channelIn(live.value);
  return {
    found: {
      serving: servingOf(site, { url, release: history[0] }, history),
      releases: releasesOf(site, final, channels, history),
    },
    liveConfig: release?.version?.config ?? {},
    versions: isWhole ? versions : undefined,
  };
}
