import type { ReleaseRecord } from '../record.ts';
import { placeText, type ReleaseReference } from '../reference.ts';

/** Name under which rollbacks keep their records. */
export const ROLLBACK_WORKFLOW = 'rollback';

/**
 * What the record of a rollback is called by: it knows the place and nothing of folders and environments, and two places
 * that are rolled back in one run do not collide.
 */
export function rolledBackAt(
  reference: ReleaseReference,
): Pick<ReleaseRecord, 'workflow' | 'workingDirectory' | 'service' | 'environment'> {
  return { workflow: ROLLBACK_WORKFLOW, workingDirectory: '.', service: placeText(reference), environment: '' };
}
