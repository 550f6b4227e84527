import { ConfigurationError, shown } from '../../../runtime/errors.ts';
import { isMap } from '../../../runtime/yaml.ts';
import { type Api, listAll } from './api.ts';
import { siteAt } from './state.ts';

/** Sites of a project that are looked at; Hosting allows 36. */
const MOST_SITES = 1_000;

export interface FoundSite {
  readonly site: string;
  /** Serving configuration of what is live; empty where nothing is. */
  readonly liveConfig: Readonly<Record<string, unknown>>;
}

/**
 * Looks the site up.
 *
 * @param name undefined: the default site of the project
 * @throws ConfigurationError PIPE-FIREBASE-011 when there is none of this name, PIPE-FIREBASE-003 no default site
 */
export async function findSite(api: Api, name: string | undefined): Promise<FoundSite> {
  const site = name ?? (await defaultSite(api));
  const { value } = await api.call({
    path: `${siteAt(api, site).path}/channels/live`,
    what: `read the site "${site}"`,
  });
  const release = isMap(value['release']) ? value['release'] : {};
  const version = isMap(release['version']) ? release['version'] : {};
  return { site, liveConfig: isMap(version['config']) ? version['config'] : {} };
}

async function defaultSite(api: Api): Promise<string> {
  const call = { path: `/v1beta1/projects/${api.project}/sites?pageSize=100`, what: 'list the sites of the project' };
  const sites = await listAll(api, call, 'sites', MOST_SITES);
  const names = sites.map(
    (one) =>
      String(one['name'] ?? '')
        .split('/')
        .at(-1) ?? '',
  );
  const place = sites.findIndex(({ type }) => type === 'DEFAULT_SITE');
  const found = names[place];
  if (found !== undefined) return found;
  throw new ConfigurationError({
    code: 'PIPE-FIREBASE-003',
    what: `the project ${shown(api.project)} has no default site`,
    given: names.length === 0 ? 'it has no site at all' : `the sites ${names.map((name) => shown(name)).join(', ')}`,
    accepted: 'a site in `site`, or in firebase.json',
    example: `site: ${names[0] ?? 'acme-shop'}`,
    state: 'nothing was changed',
  });
}

/** @throws ConfigurationError PIPE-FIREBASE-013 for a name that means something else */
export function refuseChannel(channel: string | undefined): void {
  if (channel !== 'live' && !/^candidate-[0-9a-f]{16}$/.test(channel ?? '')) return;
  throw new ConfigurationError({
    code: 'PIPE-FIREBASE-013',
    what: `${shown(channel)} can not be the name of a preview channel`,
    accepted:
      channel === 'live'
        ? 'a preview channel; without `channel` the live site is deployed to'
        : 'another name: this one is of a candidate',
    example: 'channel: pr-42',
    state: 'nothing was sent',
  });
}
