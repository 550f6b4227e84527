import { ConfigurationError, shown } from '../../../runtime/errors.ts';
import { type ReleaseReference, referenceText } from '../../reference.ts';
import type { Platform, Surroundings } from '../../target.ts';
import { enter } from './access.ts';
import { ALL_SITES, everySite } from './all-sites.ts';
import { createPlatform } from './platform.ts';
import { siteAt } from './state.ts';

const NAME = /^[a-z0-9](?:[a-z0-9.:-]{0,125}[a-z0-9])?$/;

/** @throws ConfigurationError PIPE-FIREBASE-003 for a reference that is none of Firebase's, 008 without a sign-in */
export async function open(reference: ReleaseReference, surroundings: Surroundings): Promise<Platform> {
  const [project = '', site = ''] = reference.parts;
  if (
    reference.scheme !== 'firebase' ||
    reference.parts.length !== 3 ||
    ![project, site].every((part) => NAME.test(part))
  ) {
    throw new ConfigurationError({
      code: 'PIPE-FIREBASE-003',
      what: 'this is not a release of Firebase Hosting',
      given: shown(referenceText(reference), 300),
      accepted: 'firebase://, the project, the site and the version',
      example: 'firebase://acme-production/acme-shop/1a2b3c4d5e6f7a8b',
      state: 'nothing was sent',
    });
  }
  const api = enter(project, surroundings);
  if (site === ALL_SITES) return everySite(api, surroundings.environment, surroundings.log);
  return createPlatform(siteAt(api, site));
}
