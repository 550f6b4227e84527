import type { Event } from '../github/event.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import type { Git } from './git.ts';

/** The commit that a change is compared with. */
export interface Base {
  /** Undefined for the first commit of a repository: everything is new. */
  readonly commit: string | undefined;
  /** How it was found, for the log. */
  readonly reason: string;
}

const NO_COMMIT = /^0+$/;

/**
 * What counts as there already: for a pull request the first parent of its merge commit, for a push what the branch was
 * before it, otherwise the parent of the commit that is checked out.
 *
 * @param changedSince a commit by the caller
 * @throws ConfigurationError PIPE-MIGRATE-002 the clone does not have that commit, PIPE-MIGRATE-003 no repository
 */
export async function findBase(git: Git, event: Event, changedSince: string | undefined): Promise<Base> {
  // Shallow clones hide parents from everything but the commit's own text.
  const head = await git('cat-file', 'commit', 'HEAD');
  if (head === undefined) throw noRepository();
  const [, header = ''] = /^([\s\S]*?)\n\n/.exec(head) ?? [];
  const parents = [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, parent = '']) => parent);
  const wanted = wantedBase(event, parents, changedSince);
  if (wanted.commit === undefined) return wanted;
  const commit = await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${wanted.commit}^{commit}`);
  if (commit === undefined) throw notInClone(wanted.commit, wanted.reason);
  return { commit: commit.trim(), reason: wanted.reason };
}

function wantedBase(event: Event, parents: readonly string[], changedSince: string | undefined): Base {
  if (changedSince !== undefined) return { commit: changedSince, reason: '`changed-since`' };
  const [first, second] = parents;
  if (event.kind === 'pull_request' && second === undefined) {
    return { commit: event.base.sha, reason: 'the base of the pull request' };
  }
  if (event.kind === 'pull_request') return { commit: first, reason: 'first parent of the merge commit' };
  if (event.kind === 'merge_group') return { commit: event.base.sha, reason: 'the base of the merge group' };
  if (event.kind === 'push' && event.branch !== undefined && !NO_COMMIT.test(event.before)) {
    return { commit: event.before, reason: 'the branch before the push' };
  }
  return first === undefined
    ? { commit: undefined, reason: 'the first commit of the repository: everything is new' }
    : { commit: first, reason: 'the commit before' };
}

function notInClone(commit: string, reason: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-MIGRATE-002',
    what: `the commit to compare with is not in this clone, so it is not known which migrations are new (${reason})`,
    given: shown(commit, 64),
    accepted: 'a clone that has it: depth 2 for a pull request, the whole history for a push of several commits',
    example: '`fetch-depth: 0` of actions/checkout',
    state: 'nothing was run',
  });
}

function noRepository(): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-MIGRATE-003',
    what: 'the workspace is no git repository with a commit, so it is not known which migrations are new',
    accepted: 'a repository checked out by actions/checkout, which leaves its .git folder in place',
    state: 'nothing was run',
  });
}
