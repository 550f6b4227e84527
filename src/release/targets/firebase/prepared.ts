import type { Prepared } from '../../target.ts';
import type { FirebaseInputs } from './inputs.ts';
import type { LookedAt } from './look.ts';
import { createPlatform, referenceTo } from './platform.ts';
import { type Staging, stager } from './stage.ts';

/** A deployment to a site that was looked at, however its version comes to be. */
export function preparedAt(
  { channel, expires }: Pick<FirebaseInputs, 'channel' | 'expires'>,
  { site, found, versions }: LookedAt,
  { fingerprint, changes, make }: Pick<Prepared, 'fingerprint' | 'changes'> & Pick<Staging, 'make'>,
): Prepared {
  return {
    place: referenceTo(site, 'new'),
    platform: createPlatform(site),
    isPreview: channel !== undefined,
    found,
    fingerprint,
    changes,
    stage: stager({ site, channel, life: expires, serving: found.serving, versions, make }),
  };
}
