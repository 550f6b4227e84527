import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PreparedRun } from '../../src/local/run-types.ts';
import { type ChangeBase, findChangeBase } from '../../src/plan/change-base.ts';
import { PipelineError } from '../../src/runtime/errors.ts';
import { serveGitHub } from '../support/github/serve.ts';
import { machine } from '../support/run-dist.ts';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';
import { bareOf, serveGit } from './git-server.ts';
import { commit, committed, git } from './monorepo.ts';

const ZERO = '0'.repeat(40);

/** A repository whose `main` has three commits, published, and how its clones ask for their base. */
async function published() {
  const folder = await committed({ 'a.txt': '0' });
  const commits = [git(folder, 'rev-parse', 'HEAD')];
  for (const text of ['1', '2']) {
    await writeFile(join(folder, 'a.txt'), text);
    commits.push(commit(folder));
  }
  const parent = await temporaryFolder();
  const bare = join(parent, 'acme/api');
  bareOf(folder, bare);
  git(folder, 'remote', 'add', 'origin', `file://${bare}`);
  return { folder, bare, parent, commits: commits as [string, string, string] };
}

/** What actions/checkout leaves: one commit, `depth` deep, on no branch. */
async function checkout(bare: string, commitId: string, depth = 1, address = `file://${bare}`): Promise<string> {
  const clone = await temporaryFolder();
  git(clone, 'init', '--quiet');
  git(clone, 'fetch', '--quiet', '--no-tags', `--depth=${depth}`, `file://${bare}`, commitId);
  git(clone, 'remote', 'add', 'origin', address);
  git(clone, 'checkout', '--quiet', '--detach', commitId);
  return clone;
}

interface Asking {
  readonly event?: readonly [string, object];
  readonly given?: string;
  readonly delivers?: boolean;
  readonly token?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

async function baseOf(clone: string, asking: Asking = {}): Promise<ChangeBase> {
  const { event: [name, payload] = ['push', {}], given = 'auto', delivers = false, token = '', environment } = asking;
  const file = join(await temporaryFolder(), 'event.json');
  await writeFile(file, JSON.stringify(payload));
  const own = { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: file, ...environment };
  return findChangeBase({ given, delivers, token }, { workspace: clone, environment: { ...machine(), ...own } });
}

const pushTo = (branch: string, before: string, after: string, rest: object = {}) =>
  ['push', { ref: `refs/heads/${branch}`, before, after, repository: { default_branch: 'main' }, ...rest }] as const;

function pullRequest(base: string, head: string): readonly [string, object] {
  const side = (sha: string, ref: string) => ({ sha, ref, repo: { full_name: 'acme/api' } });
  const pull = { head: side(head, 'feature'), base: side(base, 'main'), draft: false, merged: false };
  return ['pull_request', { action: 'synchronize', number: 1, pull_request: { number: 1, ...pull }, sender: {} }];
}

const reasonOf = (base: ChangeBase) => (base.kind === 'everything' ? base.reason : `compared with ${base.commit}`);

describe('a push', () => {
  it('is compared with what the branch was before it, which a clone of one commit fetches, and no more', async () => {
    const { bare, commits } = await published();
    const clone = await checkout(bare, commits[2]);
    const found = await baseOf(clone, { event: pushTo('main', commits[1], commits[2]) });
    expect(found).toMatchObject({ kind: 'commit', commit: commits[1] });
    expect(git(clone, 'cat-file', '-t', commits[1])).toBe('commit');
    expect(() => git(clone, 'cat-file', '-t', commits[0])).toThrow('Command failed');
  });

  it('that was forced, with what was there gone, affects everything and says so', async () => {
    const { bare, commits } = await published();
    const clone = await checkout(bare, commits[2]);
    const gone = 'd'.repeat(40);
    const found = await baseOf(clone, { event: pushTo('main', gone, commits[2]) });
    expect(found.kind).toBe('everything');
    expect(reasonOf(found)).toMatch(
      /^what the branch was before this push \(dddddddddddd\) is not to be had: git said/,
    );
  });

  it('that was forced over commits the remote still has is compared with them', async () => {
    const { folder, bare, commits } = await published();
    git(folder, 'reset', '--quiet', '--hard', commits[0]);
    await writeFile(join(folder, 'b.txt'), '');
    const forced = commit(folder);
    git(folder, 'push', '--quiet', '--force', 'origin', 'main');
    const clone = await checkout(bare, forced);
    const found = await baseOf(clone, { event: pushTo('main', commits[2], forced) });
    expect(found).toMatchObject({ kind: 'commit', commit: commits[2] });
    // A clone with the whole history stays one.
    const whole = await temporaryFolder();
    git(whole, 'clone', '--quiet', '--single-branch', `file://${bare}`, '.');
    expect(await baseOf(whole, { event: pushTo('main', commits[2], forced) })).toMatchObject({ commit: commits[2] });
    expect(git(whole, 'rev-parse', '--is-shallow-repository')).toBe('false');
  });

  it('of a new branch is compared with where it left the default branch, however shallow the clone', async () => {
    const { folder, bare, commits } = await published();
    git(folder, 'checkout', '--quiet', '-b', 'feature', commits[1]);
    for (let count = 0; count < 60; count += 1) git(folder, 'commit', '--quiet', '--allow-empty', '-m', 'more');
    const head = git(folder, 'rev-parse', 'HEAD');
    git(folder, 'push', '--quiet', 'origin', 'feature');
    const clone = await checkout(bare, head);
    const found = await baseOf(clone, { event: pushTo('feature', ZERO, head) });
    expect(found).toMatchObject({ kind: 'commit', commit: commits[1], what: 'the common ancestor with "main"' });
  });

  it('of a new branch affects everything where it holds nothing new, is the default one, or shares no history', async () => {
    const { folder, bare, commits } = await published();
    const clone = await checkout(bare, commits[2]);
    expect(reasonOf(await baseOf(clone, { event: pushTo('release', ZERO, commits[2]) }))).toBe(
      'the branch is new and holds nothing that "main" lacks',
    );
    expect(reasonOf(await baseOf(clone, { event: pushTo('main', ZERO, commits[2]) }))).toBe('the branch is new');
    git(folder, 'checkout', '--quiet', '--orphan', 'pages');
    const orphan = commit(folder);
    git(folder, 'push', '--quiet', 'origin', 'pages');
    const other = await checkout(bare, orphan);
    expect(reasonOf(await baseOf(other, { event: pushTo('pages', ZERO, orphan) }))).toBe(
      'the common ancestor with "main" is not to be had: they have none',
    );
  });

  it('of a tag, a schedule and a dispatch affect everything', async () => {
    const { folder, commits } = await published();
    const tag = { ref: 'refs/tags/v1', before: ZERO, after: commits[2] };
    expect(reasonOf(await baseOf(folder, { event: ['push', tag] }))).toBe('a tag was pushed');
    expect(reasonOf(await baseOf(folder, { event: ['schedule', { schedule: '0 0 * * *' }] }))).toBe(
      'the event `schedule` has nothing to compare with',
    );
    const dispatch = ['workflow_dispatch', { ref: 'refs/heads/main', inputs: {} }] as const;
    expect((await baseOf(folder, { event: dispatch })).kind).toBe('everything');
  });
});

describe('a push after which GitHub can be asked for green runs', () => {
  const ranOn = (headSha: string, more: Partial<PreparedRun> & Pick<PreparedRun, 'id' | 'runNumber'>): PreparedRun => ({
    ...{ path: '.github/workflows/ci.yml', event: 'push', headBranch: 'main', headSha },
    ...{ status: 'completed', conclusion: 'success' },
    ...more,
  });

  async function asked(
    runs: readonly PreparedRun[],
    { attempt = '1', ...own }: Partial<Asking> & { readonly attempt?: string } = {},
  ) {
    const { bare, commits } = await published();
    const filled = runs.map((run) => ({ ...run, headSha: commits[Number(run.headSha)] ?? run.headSha }));
    const github = await serveGitHub({ permissions: { actions: 'read' }, runs: filled });
    onTestFinished(() => github.close());
    const environment = {
      ...{ GITHUB_API_URL: github.url, GITHUB_REPOSITORY: github.repository, NO_PROXY: '127.0.0.1' },
      ...{
        GITHUB_WORKFLOW_REF: 'acme/api/.github/workflows/ci.yml@refs/heads/main',
        GITHUB_RUN_ID: '950',
        GITHUB_RUN_ATTEMPT: attempt,
      },
    };
    const clone = await checkout(bare, commits[2]);
    const event = pushTo('main', commits[1], commits[2]);
    return { commits, found: await baseOf(clone, { event, token: github.token, environment, ...own }) };
  }

  it('is compared with the newest green one: what red pushes in between changed still counts', async () => {
    const red = ranOn('1', { id: 902, runNumber: 2, conclusion: 'failure' });
    const { commits, found } = await asked([red, ranOn('0', { id: 901, runNumber: 1 })], { delivers: true });
    expect(found).toEqual({ kind: 'commit', commit: commits[0], what: 'the commit of the newest green run, 1' });
  });

  it('is never compared with a run that came after it, of another event, branch or workflow', async () => {
    const none = [
      ranOn('1', { id: 960, runNumber: 9 }),
      ranOn('1', { id: 940, runNumber: 8, event: 'pull_request' }),
      ranOn('1', { id: 939, runNumber: 7, headBranch: 'feature' }),
      ranOn('1', { id: 938, runNumber: 6, path: '.github/workflows/other.yml' }),
    ];
    const { found } = await asked(none);
    expect(reasonOf(found)).toBe('there is no green run of ci.yml for a push to "main" yet');
  });

  it('of a commit that was green before affects everything: who runs it again wants to see it again', async () => {
    const { found } = await asked([ranOn('2', { id: 902, runNumber: 2 }), ranOn('0', { id: 901, runNumber: 1 })]);
    expect(reasonOf(found)).toBe('the newest green run, 2, was of this very commit');
  });

  it('that deploys and is run again affects everything: who starts it again wants it deployed', async () => {
    const again = { delivers: true, attempt: '2' };
    const { found } = await asked([ranOn('0', { id: 901, runNumber: 1 })], again);
    expect(reasonOf(found)).toBe('the run was started again');
  });

  it('affects everything where GitHub does not answer: what was red before must not count as seen', async () => {
    const { found } = await asked([ranOn('0', { id: 901, runNumber: 1 })], { token: 'no-token-of-this-server' });
    expect(found.kind).toBe('everything');
  });

  it('that deploys affects everything until a green run has deployed', async () => {
    const { found } = await asked([], { delivers: true });
    expect(reasonOf(found)).toBe('there is no green run of ci.yml for a push to "main" yet, and this run deploys');
  });
});

describe('a pull request and a merge queue', () => {
  it('are compared with what the change is merged into, from a clone of two commits', async () => {
    const { folder, bare, commits } = await published();
    git(folder, 'checkout', '--quiet', '-b', 'feature', commits[0]);
    await writeFiles(folder, { 'b.txt': 'b' });
    const head = commit(folder);
    git(folder, 'checkout', '--quiet', '--detach', commits[2]);
    git(folder, 'merge', '--quiet', '--no-ff', '--no-edit', head);
    const merge = git(folder, 'rev-parse', 'HEAD');
    git(folder, 'push', '--quiet', 'origin', `${merge}:refs/pull/1/merge`, 'feature');
    const clone = await checkout(bare, merge, 2);
    // The event's base can be older than what GitHub merged with.
    const found = await baseOf(clone, { event: pullRequest(commits[1], head) });
    expect(found).toEqual({ kind: 'commit', commit: commits[2], what: '"main" as it was merged with' });
    const shallow = await checkout(bare, merge, 1);
    expect(await baseOf(shallow, { event: pullRequest(commits[1], head) })).toMatchObject({ commit: commits[2] });
    const ofHead = await checkout(bare, head, 1);
    expect(await baseOf(ofHead, { event: pullRequest(commits[2], head) })).toMatchObject({ commit: commits[0] });
    const group = { head_sha: merge, head_ref: 'refs/heads/queue', base_sha: commits[2], base_ref: 'refs/heads/main' };
    const queue = ['merge_group', { action: 'checks_requested', merge_group: group }] as const;
    expect(await baseOf(shallow, { event: queue })).toMatchObject({ commit: commits[2] });
  });

  it('whose own last commit is a merge is not compared with its first parent', async () => {
    const { folder, bare, commits } = await published();
    git(folder, 'checkout', '--quiet', '-b', 'feature', commits[0]);
    await writeFiles(folder, { 'b.txt': 'b' });
    commit(folder);
    git(folder, 'merge', '--quiet', '--no-edit', commits[1]);
    const head = git(folder, 'rev-parse', 'HEAD');
    git(folder, 'push', '--quiet', 'origin', 'feature');
    const clone = await checkout(bare, head, 1);
    expect(await baseOf(clone, { event: pullRequest(commits[2], head) })).toMatchObject({ commit: commits[1] });
  });
});

describe('a name that is given', () => {
  it('is a commit, a tag, a branch of the remote, or refused with what is accepted', async () => {
    const { folder, bare, commits } = await published();
    git(folder, 'tag', '--annotate', 'v1', commits[0], '--message', 'v1');
    git(folder, 'push', '--quiet', 'origin', 'v1');
    const clone = await checkout(bare, commits[2], 1);
    for (const given of [commits[0], 'v1']) {
      expect(await baseOf(clone, { given }), given).toMatchObject({ commit: commits[0] });
    }
    for (const given of ['main', 'origin/main', 'HEAD']) {
      expect(await baseOf(clone, { given }), given).toMatchObject({ commit: commits[2] });
    }
    for (const given of ['nobody', '--output=x', 'a b']) {
      const refused = await baseOf(clone, { given }).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(PipelineError);
      expect((refused as PipelineError).message).toMatch(/^PIPE-PLAN-001: `changed-since` names no commit/);
    }
    const gone = await baseOf(clone, { given: 'd'.repeat(40) });
    expect(reasonOf(gone)).toMatch(/^the commit dddddddddddd is not to be had/);
  });

  it('is certain: a clone that is cut off between the branches is deepened first', async () => {
    const { folder, bare, commits } = await published();
    // main reaches the older commit by a short way and the newer one by a long way.
    git(folder, 'checkout', '--quiet', '-b', 'old', commits[0]);
    git(folder, 'commit', '--quiet', '--allow-empty', '-m', 'side');
    git(folder, 'checkout', '--quiet', 'main');
    for (let count = 0; count < 5; count += 1) git(folder, 'commit', '--quiet', '--allow-empty', '-m', 'main');
    git(folder, 'merge', '--quiet', '--no-ff', '--no-edit', 'old');
    const tip = git(folder, 'rev-parse', 'HEAD');
    git(folder, 'checkout', '--quiet', '-b', 'feature', commits[2]);
    const head = commit(folder);
    git(folder, 'push', '--quiet', 'origin', 'main', 'feature');
    // The clone knows the older one from both sides, and the newer one from one side only.
    const clone = await checkout(bare, head, 4);
    git(clone, 'fetch', '--quiet', '--depth=3', 'origin', tip);
    expect(git(clone, 'merge-base', tip, 'HEAD')).toBe(commits[0]);
    expect(await baseOf(clone, { given: tip })).toMatchObject({ commit: commits[2] });
  });
});

describe('a private repository', () => {
  it('gets the job’s token by environment, in place of one that the checkout left, and nowhere else', async () => {
    const { parent, bare, commits } = await published();
    const token = 'ghs_privateTokenOfTheJob00000000000000000';
    const server = await serveGit(parent, token);
    const clone = await checkout(bare, commits[2], 1, `${server.url}/acme/api`);
    git(clone, 'config', `http.${server.url}/.extraheader`, 'AUTHORIZATION: basic bGVmdDpiZWhpbmQ=');
    const before = await readFile(join(clone, '.git/config'), 'utf8');
    const event = pushTo('main', commits[0], commits[2]);
    const environment = { GITHUB_SERVER_URL: server.url, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' };
    const found = await baseOf(clone, { event, token, environment });
    expect(found).toMatchObject({ kind: 'commit', commit: commits[0] });
    expect(new Set(server.authorizations).size).toBe(1);
    expect(await readFile(join(clone, '.git/config'), 'utf8')).toBe(before);
    const elsewhere = { ...environment, GITHUB_SERVER_URL: 'https://github.example' };
    const other = await baseOf(await checkout(bare, commits[2], 1, `${server.url}/acme/api`), {
      ...{ event, token, environment: elsewhere },
    });
    expect(reasonOf(other)).toMatch(/is not to be had: git said/);
    expect(server.authorizations.at(-1)).toBeUndefined();
  });
});
