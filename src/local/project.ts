import { mkdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { historyOfFolder } from './folder-history.ts';
import { type Environment, type Git, GitError, gitIn, gitOrNothing } from './git.ts';
import { setRefs } from './ref-names.ts';
import {
  borrowObjects,
  commit,
  copyIfThere,
  mergedTree,
  type Source,
  treeIn,
  treeOfWorkingFolder,
} from './snapshot-tree.ts';
import { UsageError } from './usage-error.ts';

/** The caller's project as a commit in a repository of our own, and what is known of its history. */
export interface Snapshot {
  /** Bare repository that holds everything; the caller's objects are borrowed, not copied. */
  readonly gitFolder: string;
  /** The commit of the working tree as it is, untracked files included, ignored ones not. */
  readonly head: string;
  /** The project's own last commit, which `head` is or is based on; undefined where there is none. */
  readonly lastCommit: string | undefined;
  /** The commit to compare with: as asked, the default branch, or the commit before. Undefined for a first commit. */
  readonly base: string | undefined;
  readonly branch: string;
  readonly defaultBranch: string;
  readonly baseBranch: string;
  readonly owner: string;
  readonly name: string;
  /** Tree of the head merged into the base, for events that check out a merge. */
  readonly mergeTree: string;
  /** True when the working tree differs from HEAD. */
  readonly isDirty: boolean;
  /** The root of the project's repository, and the path of the project below it, ending in a slash, or empty. */
  readonly top: string;
  readonly prefix: string;
  /** True when the project is a folder inside a repository, so that the folder alone was made one. */
  readonly isFolderOfRepository: boolean;
}

/** Head of a pull request that is made on its base branch itself. */
export const LOCAL_BRANCH = 'local-change';

export interface SnapshotRequest {
  readonly project: string;
  readonly gitFolder: string;
  readonly environment: Environment;
  /** A commit-ish to compare with. */
  readonly base?: string | undefined;
  /** As a pull request does: compare with the default branch where the project is on another one, and merge. */
  readonly againstDefaultBranch: boolean;
  readonly branch?: string | undefined;
  readonly repository?: string | undefined;
}

/**
 * Takes the working tree of a project into a new bare repository. Nothing in the project's folder or repository is
 * written: the index is a copy, new objects go to the new repository, the project's are borrowed (git's alternates).
 *
 * @throws UsageError when the folder is not there, or in no git work tree, or `base` is not known, or cannot be merged.
 */
export async function takeSnapshot(request: SnapshotRequest): Promise<Snapshot> {
  const source = await openSource(request);
  const target = await createRepository(source, request);
  // Until the project's objects are borrowed, all that is written is new: git renews the time of a borrowed object that
  // it would write again.
  const tree = await treeOfWorkingFolder(source, target, request);
  const defaultBranch = await defaultBranchOf(source);
  const current = request.branch ?? source.current ?? defaultBranch;
  const headTree = source.head === undefined ? undefined : await treeIn(source, target, source.head);
  const isDirty = tree !== headTree;
  const base = await baseOf(source, request, { branch: current, defaultBranch, isDirty });
  const mergeTree = request.againstDefaultBranch
    ? await mergedTree(source, target, { tree, base: base.commit, gitFolder: request.gitFolder })
    : tree;
  await borrowObjects(source, request.gitFolder);

  const commits =
    source.prefix === ''
      ? { head: isDirty ? await commit(target, tree, source.head) : (source.head as string), base: base.commit }
      : await commitsOfFolder(source, target, { tree, isDirty, base });
  const baseBranch = base.branch ?? defaultBranch;
  // A pull request has two branches: what is changed on the base itself gets one of its own.
  const branch = request.againstDefaultBranch && current === baseBranch ? LOCAL_BRANCH : current;
  await copyRefs(source, target, branch, commits, baseBranch);
  const { owner, name } = await repositoryName(source, request);
  const isFolderOfRepository = source.prefix !== '';
  const { gitFolder } = request;
  return {
    gitFolder,
    ...commits,
    lastCommit: source.head,
    top: source.top,
    prefix: source.prefix,
    branch,
    defaultBranch,
    baseBranch,
    owner,
    name,
    mergeTree,
    isDirty,
    isFolderOfRepository,
  };
}

async function openSource(request: SnapshotRequest): Promise<Source> {
  const project = resolve(request.project);
  const folder = await stat(project).catch(() => undefined);
  if (folder?.isDirectory() !== true) throw new UsageError(`${request.project} is not a folder`);
  const git = gitIn(project, request.environment);
  let answer: string;
  try {
    answer = await git(['rev-parse', '--show-toplevel', '--absolute-git-dir', '--git-common-dir', '--show-prefix']);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    if (/not a git repository/.test(error.message)) {
      throw new UsageError(
        `${request.project} is in no git work tree, and a run needs one as GitHub has it: run "git init" there first`,
      );
    }
    throw new UsageError(`git cannot read ${request.project}: ${error.message}`);
  }
  const [top = project, gitFolder = '', common = '', prefix = ''] = answer.split('\n');
  const head = await gitOrNothing(git, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  const current = await gitOrNothing(git, ['symbolic-ref', '--short', '--quiet', 'HEAD']);
  const { environment } = request;
  return { git, top, prefix, gitFolder, commonFolder: resolve(project, common), head, current, environment };
}

async function createRepository(source: Source, request: SnapshotRequest): Promise<Git> {
  await mkdir(request.gitFolder, { recursive: true });
  const git = gitIn(request.gitFolder, { ...request.environment, GIT_DIR: request.gitFolder });
  await git(['init', '--quiet', '--bare', '--initial-branch=main', request.gitFolder]);
  // Fetches by commit, as a checkout does them, and of a shallow project too.
  await git(['config', 'uploadpack.allowAnySHA1InWant', 'true']);
  await mkdir(join(request.gitFolder, 'info'), { recursive: true });
  await copyIfThere(join(source.commonFolder, 'info/exclude'), join(request.gitFolder, 'info/exclude'));
  return git;
}

async function commitsOfFolder(
  source: Source,
  target: Git,
  at: { readonly tree: string; readonly isDirty: boolean; readonly base: Base },
) {
  const last = source.head === undefined ? undefined : await historyOfFolder(source, target, source.head);
  const head = last !== undefined && !at.isDirty ? last : await commit(target, at.tree, last);
  // The commit before is the one before in the folder: the one before in the repository may be about something else.
  const base = at.base.isBefore
    ? await gitOrNothing(target, ['rev-parse', '--verify', '--quiet', `${head}^`])
    : at.base.commit && (await historyOfFolder(source, target, at.base.commit));
  return { head, base };
}

async function defaultBranchOf(source: Source): Promise<string> {
  const remote = await gitOrNothing(source.git, ['symbolic-ref', '--short', '--quiet', 'refs/remotes/origin/HEAD']);
  if (remote !== undefined) return remote.replace(/^origin\//, '');
  for (const name of ['main', 'master']) {
    const ref = ['rev-parse', '--verify', '--quiet', `refs/heads/${name}`];
    if ((await gitOrNothing(source.git, ref)) !== undefined) return name;
  }
  return source.current ?? 'main';
}

interface Base {
  readonly commit: string | undefined;
  /** True for the commit before the head: nothing else was asked for. */
  readonly isBefore: boolean;
  readonly branch?: string;
}

async function baseOf(
  source: Source,
  request: SnapshotRequest,
  known: { branch: string; defaultBranch: string; isDirty: boolean },
): Promise<Base> {
  const find = (ref: string) => gitOrNothing(source.git, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
  if (request.base !== undefined) {
    const found = (await find(request.base)) ?? (await find(`origin/${request.base}`));
    if (found === undefined) throw new UsageError(`the project has no commit "${request.base}" to compare with`);
    const isBranch = await gitOrNothing(source.git, ['rev-parse', '--verify', '--quiet', `refs/heads/${request.base}`]);
    return { commit: found, isBefore: false, ...(isBranch === undefined ? {} : { branch: request.base }) };
  }
  if (request.againstDefaultBranch && known.branch !== known.defaultBranch) {
    const { defaultBranch } = known;
    const found = (await find(`refs/heads/${defaultBranch}`)) ?? (await find(`refs/remotes/origin/${defaultBranch}`));
    if (found !== undefined) return { commit: found, isBefore: false, branch: defaultBranch };
  }
  if (source.head === undefined) return { commit: undefined, isBefore: true };
  return { commit: known.isDirty ? source.head : await find('HEAD^'), isBefore: true };
}

/** Branches and tags as the repository on GitHub would have them, with the snapshot at the tip of its branch. */
async function copyRefs(
  source: Source,
  target: Git,
  branch: string,
  commits: { head: string; base: string | undefined },
  baseBranch: string,
): Promise<void> {
  const refs = new Map<string, string>();
  if (source.prefix === '') {
    const listed = await source.git([
      'for-each-ref',
      '--format=%(objectname) %(refname)',
      'refs/remotes/origin',
      'refs/heads',
      'refs/tags',
    ]);
    for (const line of listed.split('\n').filter((text) => text !== '')) {
      const [object = '', name = ''] = line.split(' ');
      if (name !== 'refs/remotes/origin/HEAD') refs.set(name.replace('refs/remotes/origin/', 'refs/heads/'), object);
    }
  }
  if (commits.base !== undefined) refs.set(`refs/heads/${baseBranch}`, commits.base);
  refs.set(`refs/heads/${branch}`, commits.head);
  await setRefs(target, refs);
  await target(['symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
}

async function repositoryName(source: Source, request: SnapshotRequest): Promise<{ owner: string; name: string }> {
  const origin = source.prefix === '' ? await gitOrNothing(source.git, ['remote', 'get-url', 'origin']) : undefined;
  const fromOrigin = /github\.com[:/]([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(origin ?? '');
  const given = request.repository?.split('/');
  if (given !== undefined && (given.length !== 2 || given.some((part) => !/^[\w.-]+$/.test(part)))) {
    throw new UsageError(`"${request.repository}" is no repository: write owner/name`);
  }
  const folder = basename(resolve(request.project)).replaceAll(/[^\w.-]+/g, '-') || 'project';
  return { owner: given?.[0] ?? fromOrigin?.[1] ?? 'octo-org', name: given?.[1] ?? fromOrigin?.[2] ?? folder };
}
