import { describe, expect, it } from 'vitest';
import { findDiffBase } from '../../../src/coverage/diff-base.ts';
import { type Event, eventOf } from '../../../src/github/event.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { repositoryIn, shallowClone, testRepository } from './repository.ts';

const ZERO = '0'.repeat(40);

function pullRequest(head: string, base: string): Event {
  const side = (sha: string, ref: string) => ({ sha, ref, repo: { full_name: 'acme/shop' } });
  const pull = { number: 7, head: side(head, 'feature'), base: side(base, 'main') };
  return eventOf('pull_request', { action: 'opened', pull_request: pull });
}

function push(before: string, after: string): Event {
  return eventOf('push', { ref: 'refs/heads/main', before, after });
}

/** main: one - two; feature, from one: work; refs/pull/7/merge: main and feature. */
async function history() {
  const tested = await testRepository();
  const one = await tested.commit({ 'a.ts': 'a();\n' });
  tested.git('checkout', '-q', '-b', 'feature');
  const work = await tested.commit({ 'b.ts': 'b();\n' });
  tested.git('checkout', '-q', 'main');
  const two = await tested.commit({ 'c.ts': 'c();\n' });
  tested.git('checkout', '-q', '-b', 'merge');
  tested.git('merge', '-q', '--no-ff', '-m', 'merge', 'feature');
  return { ...tested, one, work, two, merge: tested.git('rev-parse', 'HEAD') };
}

describe('what a change is counted from', () => {
  it('is the first parent of the merge of a pull request, also in a clone of two commits', async () => {
    const { folder, work, two, one } = await history();
    const event = pullRequest(work, one);
    expect(await findDiffBase(event, repositoryIn(folder))).toEqual({ commit: two });
    expect(await findDiffBase(event, repositoryIn(await shallowClone(folder, 'merge', 2)))).toEqual({ commit: two });
  });

  it('is not known in a clone of one commit, and says what to do', async () => {
    const { folder, work, one, merge } = await history();
    const alone = repositoryIn(await shallowClone(folder, 'merge', 1));
    const reason = { reason: expect.stringContaining('`fetch-depth: 2`') };
    expect(await findDiffBase(pullRequest(work, one), alone)).toEqual(reason);
    expect(await findDiffBase(push(one, merge), alone)).toEqual(reason);
    const head = repositoryIn(await shallowClone(folder, 'feature', 1));
    expect(await findDiffBase(pullRequest(work, one), head)).toEqual(reason);
  });

  it('is the common ancestor where the head itself is checked out, a merge or not', async () => {
    const { folder, git, work, one, two, commit } = await history();
    git('checkout', '-q', 'feature');
    expect(await findDiffBase(pullRequest(work, two), repositoryIn(folder))).toEqual({ commit: one });
    git('merge', '-q', '--no-ff', '-m', 'update', 'main');
    const updated = git('rev-parse', 'HEAD');
    expect(await findDiffBase(pullRequest(updated, two), repositoryIn(folder))).toEqual({ commit: two });
    expect(await commit({})).not.toBe(updated);
  });

  it('is the commit that a merge group is built on', async () => {
    const { folder, one, merge } = await history();
    const side = { head_sha: merge, head_ref: 'refs/heads/gh-readonly-queue/main/pr-7', base_ref: 'refs/heads/main' };
    const event = (base: string) =>
      eventOf('merge_group', { action: 'checks_requested', merge_group: { ...side, base_sha: base } });
    expect(await findDiffBase(event(one), repositoryIn(folder))).toEqual({ commit: one });
    const { commit } = (await findDiffBase(event('e'.repeat(40)), repositoryIn(folder))) as { commit: string };
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
  });

  it('is what a branch was before a push, when the clone holds it', async () => {
    const { folder, one, two, merge } = await history();
    expect(await findDiffBase(push(one, merge), repositoryIn(folder))).toEqual({ commit: one });
    expect(await findDiffBase(push(two, merge), repositoryIn(await shallowClone(folder, 'merge', 2)))).toEqual({
      commit: two,
    });
    expect(await findDiffBase(push(one, merge), repositoryIn(await shallowClone(folder, 'main', 1)))).toHaveProperty(
      'reason',
    );
    expect(await findDiffBase(push(ZERO, merge), repositoryIn(folder))).toEqual({ reason: 'the branch or tag is new' });
  });

  it('is nothing for an event that changes nothing, and without git', async () => {
    const { folder, one, two } = await history();
    const schedule = eventOf('schedule', { schedule: '0 3 * * *' });
    expect(await findDiffBase(schedule, repositoryIn(folder))).toEqual({ reason: 'this event changes nothing' });
    const empty = repositoryIn(await temporaryFolder());
    expect(await findDiffBase(push(one, two), empty)).toEqual({ reason: 'there is no git repository with a commit' });
  });
});
