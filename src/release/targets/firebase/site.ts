import { shortName } from '../../../google/resource-name.ts';
import { ConfigurationError, shown } from '../../../runtime/errors.ts';
import { type Api, listAll } from './api.ts';
import { type Site, siteAt } from './state.ts';

/** Sites of a project that are looked at; Hosting allows 36. */
const MOST_SITES = 1_000;

/**
 * The site by its name, or the default site of the project.
 *
 * @param name undefined: the default site
 * @throws ConfigurationError PIPE-FIREBASE-003 there is no default site
 */
export async function siteOf(api: Api, name: string | undefined): Promise<Site> {
  return siteAt(api, name ?? (await defaultSite(api)));
}

/** Names of the sites of a project. */
export async function listSites(api: Api): Promise<readonly string[]> {
  return (await readSites(api)).map(({ name }) => shortName(name));
}

function readSites(api: Api): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const call = { path: `/v1beta1/projects/${api.project}/sites?pageSize=100`, what: 'list the sites of the project' };
  return listAll(api, call, 'sites', MOST_SITES);
}

async function defaultSite(api: Api): Promise<string> {
  const sites = await readSites(api);
  const names = sites.map(({ name }) => shortName(name));
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
