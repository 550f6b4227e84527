import type { ActionContext, ActionResult } from '../../runtime/action.ts';
import { removeOnce } from '../converge.ts';
import { notNamed, servesTraffic } from '../faults.ts';
import { placeWith, targetOf } from '../find-target.ts';
import { parseReference, type ReleaseReference, releaseName } from '../reference.ts';
import { shareOf } from '../shares.ts';
import { type Replaced, toolsOf } from '../surroundings.ts';
import type { DeletePreviewInputs, outputs } from './inputs.ts';

/** Removes a preview. */
export async function run(
  given: DeletePreviewInputs,
  context: ActionContext,
  replaced?: Replaced,
): Promise<ActionResult<typeof outputs>> {
  const preview = previewOf(given);
  const target = await targetOf(preview, replaced?.targets);
  const { surroundings, patience, wait, close } = toolsOf(target.title, given, context, replaced);
  try {
    const platform = await target.open(preview, surroundings);
    const serving = await platform.current();
    if (serving !== undefined && shareOf(preview, serving.shares) > 0) throw servesTraffic(preview);
    const pace = { signal: patience.signal, ...(wait === undefined ? {} : { wait }) };
    const deleted = await removeOnce(platform, preview, pace);
    context.log.info(`${releaseName(preview)}: ${deleted ? 'removed' : 'was gone already'}`);
    return { outputs: { deleted } };
  } finally {
    close();
  }
}

/** @throws ConfigurationError PIPE-RELEASE-015 neither way of naming it, or both */
function previewOf({ release, target, channel }: DeletePreviewInputs): ReleaseReference {
  const isByName = target !== undefined && channel !== undefined;
  if ((release === undefined) !== isByName || (release !== undefined && (target ?? channel) !== undefined)) {
    throw notNamed('delete-preview', '`target` with `channel`');
  }
  return release === undefined ? placeWith(target ?? '', `channel:${channel}`) : parseReference(release);
}
