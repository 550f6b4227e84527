import { describeEvent, type RunContext } from './events.ts';
import type { Git } from './git.ts';
import type { Addresses } from './github/objects.ts';
import type { Snapshot } from './project.ts';
import { setRefs } from './ref-names.ts';
import type { EventRequest } from './run-types.ts';
import { mergeCommit } from './snapshot-tree.ts';

/** Events whose checkout is a merge of the head into the base. */
export const MERGED: readonly EventRequest['name'][] = ['pull_request', 'merge_group'];

/**
 * Makes what GitHub makes when an event happens: the merge commit and the refs; and tells the run's context.
 *
 * @param git of the run's own repository.
 */
export async function prepareEvent(
  request: EventRequest,
  snapshot: Snapshot,
  {
    git,
    addresses,
    inputs,
    now,
  }: { git: Git; addresses: Addresses; inputs: Readonly<Record<string, string>>; now: Date },
): Promise<RunContext> {
  const { head, base, branch, defaultBranch, baseBranch, mergeTree } = snapshot;
  const merge = MERGED.includes(request.name) ? await mergeCommit(git, mergeTree, base ?? head, head) : head;
  const message = await git(['show', '-s', '--format=%B', head]);
  const tree = await git(['rev-parse', `${head}^{tree}`]);
  const context = describeEvent(request, {
    addresses,
    branch,
    defaultBranch,
    baseBranch,
    head,
    base,
    merge,
    message: message.trim(),
    tree,
    inputs,
    now: now.toISOString().replace(/\.\d+Z$/, 'Z'),
  });
  await setRefs(git, Object.entries(context.refs));
  return context;
}
