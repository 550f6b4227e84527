import { notNamed } from '../faults.ts';
import { placeWith } from '../find-target.ts';
import { parseReference, type ReleaseReference } from '../reference.ts';
import type { RollbackInputs } from './inputs.ts';

/**
 * What is to serve again, as the inputs name it: the door asks this before it loads the rest.
 *
 * @throws ConfigurationError PIPE-RELEASE-015 neither way of naming it, or both
 */
export function wantedOf({ release, target, to }: Pick<RollbackInputs, 'release' | 'target' | 'to'>): ReleaseReference {
  if ((release === undefined) === (target === undefined)) throw notNamed('rollback', '`target` with `to`');
  return release === undefined ? placeWith(target ?? '', to) : parseReference(release);
}
