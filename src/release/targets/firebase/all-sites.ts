import { runIdentityOf } from '../../../github/run.ts';
import type { Environment } from '../../../runtime/environment.ts';
import { ConfigurationError, shown } from '../../../runtime/errors.ts';
import type { Log } from '../../../runtime/log.ts';
import { referenceText } from '../../reference.ts';
import type { Platform } from '../../target.ts';
import type { Api } from './api.ts';
import { inParallel } from './content.ts';
import { markOf } from './mark.ts';
import { channelNamed, removeChannel } from './remove.ts';
import { listSites } from './site.ts';
import { readChannel, siteAt, type Version } from './state.ts';

/** In the place of a site: every site of the project. No site has a colon in its name. */
export const ALL_SITES = 'sites:all';

/** Sites that are looked at together. */
const AT_ONCE = 4;

/**
 * Every site of a project, for a preview whose site nobody names: firebase.json said it when it was deployed, and is not
 * there when its pull request closes. Nothing but previews can be removed here, and only what this repository made: a
 * pull request of the same number in another repository may have a channel of the same name.
 */
export function everySite(api: Api, environment: Environment, log: Pick<Log, 'info'>): Platform {
  const isOurs = ownVersions(environment);
  const refused = () => Promise.reject(noSingleSite(api.project));
  return {
    current: async () => undefined,
    releases: async () => [],
    release: async () => undefined,
    shift: refused,
    remove: async (reference) => {
      const channel = channelNamed(reference);
      if (channel === undefined) throw noSingleSite(api.project, referenceText(reference));
      const found = { isRemoved: false };
      await inParallel(await listSites(api), AT_ONCE, async (name) => {
        const site = siteAt(api, name);
        const version = (await readChannel(site, channel))?.release?.version;
        if (version !== undefined && !isOurs(version)) {
          log.info(`${name}: its channel ${channel} was not made by this repository and stays`);
          return;
        }
        if (!(await removeChannel(site, channel, isOurs))) return;
        log.info(`${name}: the channel ${channel} is removed`);
        found.isRemoved = true;
      });
      return found.isRemoved;
    },
    commandFor: () => `firebase hosting:sites:list --project ${api.project}`,
    pageFor: () => `https://console.firebase.google.com/project/${api.project}/hosting/sites`,
  };
}

/** Whether a version was made by a run of this repository; outside of GitHub, by this bundle outside of GitHub. */
function ownVersions(environment: Environment): (version: Version) => boolean {
  const { repositoryPage } = runIdentityOf(environment);
  return ({ labels }) => {
    const { commit, run } = markOf(labels);
    return repositoryPage === undefined ? run === '' && commit !== '' : run.startsWith(`${repositoryPage}/`);
  };
}

function noSingleSite(project: string, given = `firebase://${project}/${ALL_SITES}`): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-FIREBASE-003',
    what: `\`${ALL_SITES}\` stands for every site, and only previews can be removed by their name there`,
    given: shown(given, 300),
    accepted: 'the name of a site, or `channel` with `delete-preview`',
    example: `firebase://${project}/acme-shop`,
    state: 'nothing was changed',
  });
}
