import { describe, expect, test } from 'vitest';
import type { EventRequest, RunEvent } from '../../src/local/run.ts';
import { git, makeBundle, makeProject, runSample, workflow, writeTree } from './fixtures.ts';

/** A project on `feature`, one commit ahead of `main`, which has moved on. */
function divergedProject(): string {
  const project = makeProject({ 'a.txt': '' });
  git(project, 'checkout', '--quiet', '-b', 'feature');
  git(project, 'commit', '--quiet', '--allow-empty', '--message', 'the change');
  git(project, 'checkout', '--quiet', 'main');
  git(project, 'commit', '--quiet', '--allow-empty', '--message', 'meanwhile');
  git(project, 'checkout', '--quiet', 'feature');
  return project;
}

const NAMES = [
  'GITHUB_EVENT_NAME',
  'GITHUB_REF',
  'GITHUB_REF_NAME',
  'GITHUB_REF_TYPE',
  'GITHUB_HEAD_REF',
  'GITHUB_BASE_REF',
  'GITHUB_SHA',
  'GITHUB_ACTOR',
] as const;

const bundle = makeBundle({
  'w.yml': workflow(`
  a:
    runs-on: ubuntu-latest
    steps:
      - {uses: actions/checkout@0123456789abcdef0123456789abcdef01234567, with: {fetch-depth: 2}}
      - {uses: $/actions/probe, with: {show: "${NAMES.join(' ')}"}}
      - {run: 'git show -s --format="%H %P" HEAD'}
`),
});

/** What the job of a run sees: the variables, and the commit that a checkout gives with its parents. */
async function see(project: string, event: EventRequest) {
  const result = await runSample(bundle, project, { event });
  const steps = result.jobs[0]?.steps ?? [];
  const variables = Object.fromEntries((steps[1]?.log ?? '').split('\n').map((line) => line.split('=', 2)));
  const [commit, ...parents] = (steps[2]?.log ?? '').trim().split(' ');
  return { variables, commit, parents, event: result.event };
}

describe('an event', () => {
  const project = divergedProject();
  const head = git(project, 'rev-parse', 'feature');
  const base = git(project, 'rev-parse', 'main');
  const first = git(project, 'rev-parse', 'main^');

  test('push: the tip of the branch, and the commit before it', async () => {
    const { variables, commit, event } = await see(project, { name: 'push' });
    expect(variables).toEqual({
      GITHUB_EVENT_NAME: 'push',
      GITHUB_REF: 'refs/heads/feature',
      GITHUB_REF_NAME: 'feature',
      GITHUB_REF_TYPE: 'branch',
      GITHUB_HEAD_REF: '',
      GITHUB_BASE_REF: '',
      GITHUB_SHA: head,
      GITHUB_ACTOR: 'octocat',
    });
    expect(commit).toBe(head);
    expect(event).toMatchObject({
      ref: 'refs/heads/feature',
      before: first,
      after: head,
      deleted: false,
      forced: false,
    });
  });

  test('pull_request: a merge commit whose first parent is the base', async () => {
    const { variables, commit, parents, event } = await see(project, { name: 'pull_request', action: 'synchronize' });
    expect(variables).toMatchObject({
      GITHUB_REF: 'refs/pull/1/merge',
      GITHUB_REF_NAME: '1/merge',
      GITHUB_HEAD_REF: 'feature',
      GITHUB_BASE_REF: 'main',
      GITHUB_SHA: commit,
    });
    expect(parents).toEqual([base, head]);
    expect(event).toMatchObject({
      action: 'synchronize',
      number: 1,
      pull_request: {
        number: 1,
        state: 'open',
        head: { ref: 'feature', sha: head, repo: { fork: false } },
        base: { ref: 'main', sha: base },
        merge_commit_sha: commit,
      },
    });
  });

  test('pull_request of a fork, of Dependabot, closed: who it is from, and what became of it', async () => {
    const fork = await see(project, { name: 'pull_request', from: 'fork' });
    expect(fork.event).toMatchObject({
      pull_request: { head: { repo: { fork: true, owner: { login: 'contributor' } } } },
    });
    const dependabot = await see(project, { name: 'pull_request', from: 'dependabot' });
    expect(dependabot.variables['GITHUB_ACTOR']).toBe('dependabot[bot]');
    expect(dependabot.event).toMatchObject({
      pull_request: { user: { login: 'dependabot[bot]', type: 'Bot', id: 49_699_333 } },
    });
    const closed = await see(project, {
      name: 'pull_request',
      action: 'closed',
      payload: { pull_request: { merged: false } },
    });
    expect(closed.event).toMatchObject({
      action: 'closed',
      pull_request: { state: 'closed', merged: false, number: 1 },
    });
  });

  test('merge_group: the queue branch with the merge', async () => {
    const { variables, commit, parents, event } = await see(project, { name: 'merge_group' });
    expect(parents).toEqual([base, head]);
    expect(variables).toMatchObject({
      GITHUB_REF: `refs/heads/gh-readonly-queue/main/pr-1-${base}`,
      GITHUB_SHA: commit,
      GITHUB_HEAD_REF: '',
    });
    expect(event).toMatchObject({ action: 'checks_requested', merge_group: { head_sha: commit, base_sha: base } });
  });

  test('release and a pushed tag: the tag; schedule: the default branch; workflow_dispatch: the branch', async () => {
    const release = await see(project, { name: 'release', tag: 'v2.0.0' });
    expect(release.variables).toMatchObject({
      GITHUB_REF: 'refs/tags/v2.0.0',
      GITHUB_REF_TYPE: 'tag',
      GITHUB_SHA: head,
    });
    expect(release.event).toMatchObject({ action: 'published', release: { tag_name: 'v2.0.0', draft: false } });
    const tag = await see(project, { name: 'push', tag: 'v3' });
    expect(tag.variables).toMatchObject({ GITHUB_REF: 'refs/tags/v3', GITHUB_REF_NAME: 'v3', GITHUB_REF_TYPE: 'tag' });
    const schedule = await see(project, { name: 'schedule' });
    expect(schedule.variables).toMatchObject({ GITHUB_REF: 'refs/heads/main', GITHUB_EVENT_NAME: 'schedule' });
    const dispatch = await see(project, { name: 'workflow_dispatch', branch: 'other' });
    expect(dispatch.variables).toMatchObject({ GITHUB_REF: 'refs/heads/other' });
    expect(dispatch.event).toMatchObject({ ref: 'refs/heads/other', inputs: null });
  });

  test('pull_request on the default branch itself: the working tree is the change', async () => {
    const single = makeProject({ 'a.txt': '' });
    const { event, parents } = await see(single, { name: 'pull_request' });
    const only = git(single, 'rev-parse', 'HEAD');
    expect(parents).toEqual([only]);
    expect(event).toMatchObject({ pull_request: { head: { ref: 'local-change' }, base: { ref: 'main' } } });
  });

  test('pull_request says what it compares with what', async () => {
    const notes: string[] = [];
    const noteOf = async (from: string) => {
      const onEvent = (event: RunEvent) => void (event.kind === 'note' && notes.push(event.text));
      await runSample(bundle, from, { event: { name: 'pull_request' }, onEvent });
      return notes.splice(0);
    };
    const single = makeProject({ 'a.txt': '' });
    const first = git(single, 'rev-parse', '--short=7', 'HEAD');
    expect(await noteOf(single)).toEqual([`the pull request changes nothing: there is only main at ${first}`]);
    writeTree(single, { 'a.txt': 'changed' });
    expect(await noteOf(single)).toEqual([
      'uncommitted and untracked files are part of this run, ignored ones are not',
      `the pull request is what is not committed, against main at ${first}`,
    ]);
    git(single, 'commit', '--quiet', '--all', '--message', 'second');
    expect(await noteOf(single)).toEqual([`the pull request is the last commit, against main at ${first}`]);
    const at = base.slice(0, 7);
    expect(await noteOf(project)).toEqual([`the pull request is feature, against main at ${at}`]);
  });
});
