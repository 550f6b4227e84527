import type { Event } from '../github/event.ts';
import type { Repository } from '../runtime/git.ts';
import { hasCommit, headCommit, mergeBase } from './git.ts';

/** The commit that a run's changes are counted from, or why there is none. */
export type DiffBase = { readonly commit: string } | { readonly reason: string };

const DEEPER = 'check out with `fetch-depth: 2`, or more';

/**
 * What the commit that is checked out is compared with:
 * - pull request: the first parent of the merge that GitHub made, which is the base branch as it was merged with; where
 *   the head itself is checked out, its common ancestor with the base branch;
 * - merge queue: the commit that the group is built on;
 * - push: what the branch was before, when the clone holds it;
 * - anything else changes nothing.
 */
export async function findDiffBase(event: Event, repository: Repository): Promise<DiffBase> {
  const head = await headCommit(repository);
  if (head === undefined) return { reason: 'there is no git repository with a commit' };
  const [first, ...others] = head.parents;
  const firstParent = async (): Promise<DiffBase> => {
    if (first !== undefined && (await hasCommit(repository, first))) return { commit: first };
    return { reason: `the clone does not hold the first parent of the merge commit: ${DEEPER}` };
  };
  switch (event.kind) {
    case 'pull_request': {
      // A pull request's own last commit can be a merge too: its first parent is not the base.
      if (others.length > 0 && head.commit !== event.head.sha) return firstParent();
      const ancestor = await mergeBase(repository, event.base.sha, head.commit);
      if (ancestor !== undefined) return { commit: ancestor };
      return {
        reason: `no merge with the base branch is checked out, and the clone does not reach back to it: ${DEEPER}`,
      };
    }
    case 'merge_group':
      if (await hasCommit(repository, event.base.sha)) return { commit: event.base.sha };
      if (others.length > 0) return firstParent();
      return { reason: `the clone does not hold the commit that the merge group is built on: ${DEEPER}` };
    case 'push':
      if (/^0+$/.test(event.before)) return { reason: 'the branch or tag is new' };
      if (await hasCommit(repository, event.before)) return { commit: event.before };
      return {
        reason: `the clone does not hold what the branch was before this push (${event.before.slice(0, 12)}): ${DEEPER}`,
      };
    default:
      return { reason: 'this event changes nothing' };
  }
}
