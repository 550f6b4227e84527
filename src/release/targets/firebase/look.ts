import type { Found } from '../../target.ts';
import type { Api } from './api.ts';
import { HISTORY, releasesOf, servingOf } from './platform.ts';
import { siteOf } from './site.ts';
import { channelIn, LIVE, listChannels, listReleases, listVersions, type Site, type Version } from './state.ts';

/** A site before a deployment, looked at in one go. */
export interface LookedAt {
  readonly site: Site;
  readonly found: Found;
  /** Serving configuration of what is live; empty where nothing is. */
  readonly liveConfig: Readonly<Record<string, unknown>>;
  /** All its versions, also those that are not final, newest first; undefined where there are more than were read. */
  readonly versions: readonly Version[] | undefined;
}

/** Versions that are read at once: no page of Hosting is larger. */
const MOST = 100;

/**
 * @param name of the site; undefined: the default site of the project
 * @throws ConfigurationError PIPE-FIREBASE-003 there is no default site, PIPE-FIREBASE-011 there is no such site
 */
export async function lookAt(api: Api, name: string | undefined): Promise<LookedAt> {
  const site = await siteOf(api, name);
  const { path } = site;
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
    site,
    found: {
      serving: servingOf(site, { url, release: history[0] }, history),
      releases: releasesOf(site, final, channels, history),
    },
    liveConfig: release?.version?.config ?? {},
    versions: isWhole ? versions : undefined,
  };
}
