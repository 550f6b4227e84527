import { type Event, readEvent } from '../github/event.ts';
import { runIdentityOf } from '../github/run.ts';
import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { captureGit, type Repository } from '../runtime/git.ts';
import { defaultBranch } from './default-branch.ts';
import { type CommitSource, commitSource } from './fetch-commits.ts';
import { type GreenRun, newestGreenRun } from './green-run.ts';

/** The commit that a run's changes are counted from, or why everything counts as changed. */
export type ChangeBase =
  | { readonly kind: 'commit'; readonly commit: string /** What it is, as a phrase. */; readonly what: string }
  | { readonly kind: 'everything'; readonly reason: string };

export interface BaseWish {
  /** `auto`, a branch, a tag or a commit. */
  readonly given: string;
  /** Whether this run deploys what it checks: then only what a green run of the branch has deployed is a base. */
  readonly delivers: boolean;
  /** With `contents: read` to fetch commits, and `actions: read` to find the last green run; empty for none. */
  readonly token: string;
}

/**
 * The commit to compare with.
 *
 * A branch, tag or commit: its best common ancestor with HEAD. `auto`, by what started the run:
 * - pull request: the first parent of the merge that GitHub made; where the head itself is checked out, its common
 *   ancestor with the base branch;
 * - merge queue: the commit that the group is built on;
 * - push to a branch: the commit of the newest green run of the same workflow file on the branch, because what the pushes
 *   in between changed was never found good. Where there is none: for a run that deploys everything; for a new branch its
 *   common ancestor with the default branch; where GitHub could not be asked, what the branch was before the push;
 * - anything else: everything.
 *
 * Commits that the clone lacks are fetched. Whatever stays unknown means everything, with the reason.
 *
 * @throws ConfigurationError PIPE-PLAN-001 what was given names no commit, PIPE-GITHUB-009 the event can't be read
 */
export async function findChangeBase(wish: BaseWish, repository: Repository): Promise<ChangeBase> {
  const source = await commitSource(repository, wish.token);
  if (typeof source === 'string') return everything(source);
  if (wish.given !== 'auto') return givenBase(wish.given, source, repository);
  const event = await readEvent(repository.environment);
  switch (event.kind) {
    case 'pull_request':
      return pullRequestBase(event, source);
    case 'merge_group': {
      const found = await source.fetched(event.base.sha);
      if (found === undefined)
        return { kind: 'commit', commit: event.base.sha, what: 'what the merge group is built on' };
      return everything(`the commit that the merge group is built on is not to be had: ${found}`);
    }
    case 'push':
      return pushBase(event, wish, source, repository.environment);
    default:
      return everything(`the event \`${nameOf(event)}\` has nothing to compare with`);
  }
}

function nameOf(event: Event): string {
  return event.kind === 'other' ? event.name.replace(/[^\w-]/g, '_').slice(0, 60) : event.kind;
}

function everything(reason: string): ChangeBase {
  return { kind: 'everything', reason };
}

async function givenBase(given: string, source: CommitSource, repository: Repository): Promise<ChangeBase> {
  if (given.startsWith('-')) throw notACommit(given);
  const resolve = async (name: string) => {
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
    const { exitCode, stdout } = await captureGit(repository, args);
    return exitCode === 0 ? stdout.trim() : undefined;
  };
  // A branch of the remote is meant where the name alone is unknown: a checkout has no other local branches.
  let commit = (await resolve(given)) ?? (await resolve(`refs/remotes/origin/${given}`));
  if (commit === undefined) {
    const isCommit = /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(given);
    const ref = given.replace(/^(refs\/remotes\/)?origin\//, '');
    const reason = isCommit ? await source.fetched(given) : undefined;
    commit = isCommit ? (reason === undefined ? given : undefined) : await source.tipOf(ref);
    if (isCommit && commit === undefined)
      return everything(`the commit ${given.slice(0, 12)} is not to be had: ${reason}`);
  }
  if (commit === undefined) throw notACommit(given);
  return commonAncestor(commit, shown(given, 120), source);
}

async function commonAncestor(commit: string, name: string, source: CommitSource): Promise<ChangeBase> {
  const found = await source.ancestorOf(commit);
  if ('commit' in found) return { kind: 'commit', commit: found.commit, what: `the common ancestor with ${name}` };
  return everything(`the common ancestor with ${name} is not to be had: ${found.reason}`);
}

async function pullRequestBase(
  event: Extract<Event, { kind: 'pull_request' }>,
  source: CommitSource,
): Promise<ChangeBase> {
  const [first, ...others] = source.head.parents;
  const { base, head } = event;
  // A pull request's own last commit can be a merge too: its first parent is not the base.
  if (first !== undefined && others.length > 0 && source.head.commit !== head.sha) {
    const reason = await source.fetched(first);
    if (reason === undefined)
      return { kind: 'commit', commit: first, what: `${shown(base.ref, 120)} as it was merged with` };
    return everything(`the first parent of the merge commit is not to be had: ${reason}`);
  }
  const reason = await source.fetched(base.sha);
  if (reason !== undefined) return everything(`the base of the pull request is not to be had: ${reason}`);
  return commonAncestor(base.sha, shown(base.ref, 120), source);
}

async function pushBase(
  event: Extract<Event, { kind: 'push' }>,
  { delivers, token }: BaseWish,
  source: CommitSource,
  environment: Environment,
): Promise<ChangeBase> {
  const { branch, before } = event;
  if (branch === undefined) return everything('a tag was pushed');
  if (delivers && runIdentityOf(environment).attempt > 1) return everything('the run was started again');
  const green = await newestGreenRun(branch, token, environment);
  if (green.kind === 'found') return greenBase(green, source);
  const why = green.reason;
  if (delivers) return everything(`${why}, and this run deploys`);
  const main = await defaultBranch(environment);
  if (/^0+$/.test(before)) {
    if (main === undefined || main === branch) return everything('the branch is new');
    const tip = await source.tipOf(main);
    if (tip === undefined) return everything(`the branch is new, and the tip of ${shown(main, 120)} is not to be had`);
    const found = await commonAncestor(tip, shown(main, 120), source);
    const isSame = found.kind === 'commit' && found.commit === source.head.commit;
    return isSame ? everything(`the branch is new and holds nothing that ${shown(main, 120)} lacks`) : found;
  }
  if (green.kind === 'none') return everything(why);
  const reason = await source.fetched(before);
  if (reason === undefined) {
    const what = `what ${shown(branch, 120)} was before this push; whether that was green is not known: ${why}`;
    return { kind: 'commit', commit: before, what };
  }
  return everything(`what the branch was before this push (${before.slice(0, 12)}) is not to be had: ${reason}`);
}

async function greenBase(
  { commit, number }: Extract<GreenRun, { kind: 'found' }>,
  source: CommitSource,
): Promise<ChangeBase> {
  // Who runs the same commit again wants to see it again; the comparison would find nothing.
  if (commit === source.head.commit) return everything(`the newest green run, ${number}, was of this very commit`);
  const reason = await source.fetched(commit);
  if (reason === undefined) return { kind: 'commit', commit, what: `the commit of the newest green run, ${number}` };
  return everything(
    `the commit of the newest green run (${commit.slice(0, 12)}, run ${number}) is not to be had: ${reason}`,
  );
}

function notACommit(given: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-PLAN-001',
    what: '`changed-since` names no commit of this repository',
    given: shown(given),
    accepted: '`auto`, a branch, a tag or a commit; empty, so that everything counts as changed',
    example: '`changed-since: auto`',
    state: 'nothing was planned',
  });
}
