import { type Git, gitOrNothing } from '../git.ts';
import { type Answer, type Call, notFound, type Route } from './api.ts';
import { type Addresses, type pullRequest, user } from './objects.ts';

const CONTENTS = [{ scope: 'contents', level: 'read' }] as const;
const PULLS = [{ scope: 'pull-requests', level: 'read' }] as const;

/** Most files that a comparison or a pull request lists, and most commits. */
const MOST_FILES = 300;
const MOST_COMMITS = 250;

type PullRequest = ReturnType<typeof pullRequest>;

/** Commits, comparisons and pull requests, read from the run's own repository. */
export function commitRoutes(git: Git, pull: PullRequest | undefined): readonly Route[] {
  const commit = async (call: Call): Promise<Answer> => {
    const sha = await commitId(git, call.params['ref'] ?? '');
    if (sha === undefined) return notFound('commits/commits#get-a-commit');
    const body = await commitObject(git, sha, call.addresses);
    const parent = body.parents[0]?.sha;
    const files = parent === undefined ? [] : await changedFiles(git, parent, sha, call.addresses);
    const stats = {
      additions: sum(files.map(({ additions }) => additions)),
      deletions: sum(files.map(({ deletions }) => deletions)),
      total: sum(files.map(({ changes }) => changes)),
    };
    return { status: 200, body: { ...body, stats, files } };
  };

  const compare = async (call: Call): Promise<Answer> => {
    const page = 'commits/commits#compare-two-commits';
    const [base, head] = (call.params['basehead'] ?? '').split('...');
    const from = await commitId(git, base ?? '');
    const to = await commitId(git, head ?? '');
    if (from === undefined || to === undefined) return notFound(page);
    const fork = await gitOrNothing(git, ['merge-base', from, to]);
    if (fork === undefined) return notFound(page);
    return { status: 200, body: await comparison(git, { from, to, fork }, call.addresses) };
  };

  const one = (call: Call): Answer => {
    if (pull === undefined || Number(call.params['pull_number']) !== pull.number) {
      return notFound('pulls/pulls#get-a-pull-request');
    }
    return { status: 200, body: pull };
  };

  const files = async (call: Call): Promise<Answer> => {
    const page = 'pulls/pulls#list-pull-requests-files';
    if (pull === undefined || Number(call.params['pull_number']) !== pull.number) return notFound(page);
    const fork = (await gitOrNothing(git, ['merge-base', pull.base.sha, pull.head.sha])) ?? pull.base.sha;
    return { status: 200, list: { items: await changedFiles(git, fork, pull.head.sha, call.addresses) } };
  };

  const repo = '/repos/{owner}/{repo}';
  return [
    { method: 'GET', path: `${repo}/commits/{ref}`, needs: CONTENTS, page: 'commits/commits', handle: commit },
    { method: 'GET', path: `${repo}/compare/{basehead}`, needs: CONTENTS, page: 'commits/commits', handle: compare },
    { method: 'GET', path: `${repo}/pulls/{pull_number}/files`, needs: PULLS, page: 'pulls/pulls', handle: files },
    { method: 'GET', path: `${repo}/pulls/{pull_number}`, needs: PULLS, page: 'pulls/pulls', handle: one },
  ];
}

/** Tree of a commit; undefined where the repository does not have it. */
export function treeOf(git: Git): (commit: string) => Promise<string | undefined> {
  return (commit) => gitOrNothing(git, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{tree}`]);
}

async function commitId(git: Git, ref: string): Promise<string | undefined> {
  // A ref that begins with a dash would be an option.
  if (ref === '' || ref.startsWith('-')) return undefined;
  return gitOrNothing(git, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
}

/** `commit`, without stats and files */
async function commitObject(git: Git, sha: string, addresses: Addresses) {
  const format = '%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B';
  const fields = (await git(['show', '-s', `--format=${format}`, sha])).split('\0');
  const [id = '', tree = '', parents = '', an = '', ae = '', ad = '', cn = '', ce = '', cd = '', message = ''] = fields;
  const repo = `${addresses.api}/repos/${addresses.owner}/${addresses.name}`;
  const html = `https://github.com/${addresses.owner}/${addresses.name}/commit`;
  return {
    sha: id,
    node_id: Buffer.from(`Commit:${id}`).toString('base64url'),
    url: `${repo}/commits/${id}`,
    html_url: `${html}/${id}`,
    comments_url: `${repo}/commits/${id}/comments`,
    commit: {
      author: { name: an, email: ae, date: ad },
      committer: { name: cn, email: ce, date: cd },
      message: message.trimEnd(),
      tree: { sha: tree, url: `${repo}/git/trees/${tree}` },
      url: `${repo}/git/commits/${id}`,
      comment_count: 0,
      verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
    },
    author: user(addresses, 'octocat'),
    committer: user(addresses, 'octocat'),
    parents: parents
      .split(' ')
      .filter((parent) => parent !== '')
      .map((parent) => ({ sha: parent, url: `${repo}/commits/${parent}`, html_url: `${html}/${parent}` })),
  };
}

/** `commit-comparison`; files are those of the merge base to the head, as with three dots. */
async function comparison(git: Git, at: { from: string; to: string; fork: string }, addresses: Addresses) {
  const count = async (range: string) => Number(await git(['rev-list', '--count', range]));
  const ahead = await count(`${at.from}..${at.to}`);
  const behind = await count(`${at.to}..${at.from}`);
  const listed = await git(['rev-list', '--reverse', `--max-count=${MOST_COMMITS}`, `${at.from}..${at.to}`]);
  const commits = [];
  for (const sha of listed.split('\n').filter((line) => line !== '')) {
    commits.push(await commitObject(git, sha, addresses));
  }
  const path = `${addresses.owner}/${addresses.name}/compare/${at.from}...${at.to}`;
  const html = `https://github.com/${path}`;
  return {
    url: `${addresses.api}/repos/${path}`,
    html_url: html,
    permalink_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: await commitObject(git, at.from, addresses),
    merge_base_commit: await commitObject(git, at.fork, addresses),
    status: ahead > 0 ? (behind > 0 ? 'diverged' : 'ahead') : behind > 0 ? 'behind' : 'identical',
    ahead_by: ahead,
    behind_by: behind,
    total_commits: ahead,
    commits,
    files: await changedFiles(git, at.fork, at.to, addresses),
  };
}

const STATUS: Readonly<Record<string, string>> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  C: 'copied',
  T: 'changed',
};

/** `diff-entry` for each file that differs, renames found; patches are left out. */
async function changedFiles(git: Git, from: string, to: string, addresses: Addresses) {
  const raw = (await git(['diff', '--raw', '-z', '--no-abbrev', '-M', from, to])).split('\0');
  const counts = await lineCounts(git, from, to);
  const repo = `${addresses.owner}/${addresses.name}`;
  const entries = [];
  for (let index = 0; index + 1 < raw.length && entries.length < MOST_FILES; ) {
    const [, , oldBlob = '', newBlob = '', status = ''] = (raw[index] ?? '').split(' ');
    const isPair = status.startsWith('R') || status.startsWith('C');
    const before = raw[index + 1] ?? '';
    const filename = isPair ? (raw[index + 2] ?? '') : before;
    index += isPair ? 3 : 2;
    const { additions, deletions } = counts.get(filename) ?? { additions: 0, deletions: 0 };
    const path = filename.split('/').map(encodeURIComponent).join('/');
    entries.push({
      sha: status.startsWith('D') ? oldBlob : newBlob,
      filename,
      status: STATUS[status[0] ?? ''] ?? 'changed',
      additions,
      deletions,
      changes: additions + deletions,
      blob_url: `https://github.com/${repo}/blob/${to}/${path}`,
      raw_url: `https://github.com/${repo}/raw/${to}/${path}`,
      contents_url: `${addresses.api}/repos/${repo}/contents/${path}?ref=${to}`,
      ...(isPair ? { previous_filename: before } : {}),
    });
  }
  return entries;
}

/** Lines added and deleted by file; `-` for a binary one counts as none. */
async function lineCounts(git: Git, from: string, to: string) {
  const parts = (await git(['diff', '--numstat', '-z', '-M', from, to])).split('\0');
  const counts = new Map<string, { additions: number; deletions: number }>();
  for (let index = 0; index < parts.length; ) {
    const [added = '', deleted = '', path = ''] = (parts[index] ?? '').split('\t');
    const filename = path === '' ? (parts[index + 2] ?? '') : path;
    index += path === '' ? 3 : 1;
    counts.set(filename, { additions: Number(added) || 0, deletions: Number(deleted) || 0 });
  }
  return counts;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
