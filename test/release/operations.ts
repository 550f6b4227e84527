import { action as deletePreviewAction } from '../../src/release/delete-preview/action.ts';
import { run as deletePreview } from '../../src/release/delete-preview/run.ts';
import { deployAction } from '../../src/release/deploy/action.ts';
import { type DeployInputs, outputs as deployOutputs } from '../../src/release/deploy/inputs.ts';
import { run as deploy } from '../../src/release/deploy/run.ts';
import { action as promoteAction } from '../../src/release/promote/action.ts';
import { run as promote } from '../../src/release/promote/run.ts';
import { action as rollbackAction } from '../../src/release/rollback/action.ts';
import { run as rollback } from '../../src/release/rollback/run.ts';
import type { Replaced } from '../../src/release/surroundings.ts';
import type { Target } from '../../src/release/target.ts';
import { type Action, defineAction } from '../../src/runtime/action.ts';

export type ActionName = 'deploy' | 'promote' | 'rollback' | 'delete-preview';

/** An action as it runs for one target, with what tests replace. */
export function operation(name: ActionName, target: Target, replaced: Replaced = {}): Action {
  const all: Replaced = { ...replaced, targets: { [target.scheme]: async () => ({ target }) } };
  switch (name) {
    case 'deploy':
      return defineAction({
        ...deployAction(target),
        outputs: deployOutputs,
        run: (given, context) => deploy(target, given as typeof given & DeployInputs, context, all),
      });
    case 'promote':
      return defineAction({ ...promoteAction, run: (given, context) => promote(given, context, all) });
    case 'rollback':
      return defineAction({ ...rollbackAction, run: (given, context) => rollback(given, context, all) });
    case 'delete-preview':
      return defineAction({ ...deletePreviewAction, run: (given, context) => deletePreview(given, context, all) });
    default:
      throw new TypeError(`no such operation: ${String(name satisfies never)}`);
  }
}
