import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Environment, type Git, GitError, gitOrNothing } from './git.ts';
import { UsageError } from './usage-error.ts';

/** The caller's repository, read and never written. */
export interface Source {
  readonly git: Git;
  /** The root of its work tree. */
  readonly top: string;
  /** Path of the project below `top`, ending in a slash, or empty. */
  readonly prefix: string;
  readonly gitFolder: string;
  readonly commonFolder: string;
  readonly head: string | undefined;
  readonly current: string | undefined;
  readonly environment: Environment;
}

export async function copyIfThere(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Lets the new repository read the project's objects from where they are, and of a shallow project too. */
export async function borrowObjects(source: Source, gitFolder: string): Promise<void> {
  await writeFile(join(gitFolder, 'objects/info/alternates'), `${join(source.commonFolder, 'objects')}\n`);
  await copyIfThere(join(source.commonFolder, 'shallow'), join(gitFolder, 'shallow'));
}

/**
 * Writes the working tree as a tree object. The copied index spares hashing what has not changed; what it names need
 * not be in the new repository yet.
 */
export async function treeOfWorkingFolder(
  source: Source,
  target: Git,
  request: { readonly project: string; readonly gitFolder: string },
): Promise<string> {
  const index = join(request.gitFolder, 'snapshot-index');
  const env = { GIT_WORK_TREE: source.top, GIT_INDEX_FILE: index };
  const settings = ['-c', 'core.bare=false', '-c', 'core.splitIndex=false', '-c', 'advice.addEmbeddedRepo=false'];
  const inTop: Git = (args, more = {}) => target([...settings, ...args], { env: { ...env, ...more.env } });
  const inFolder = ['-C', source.top];
  const add = [...inFolder, 'add', '--all', '--', source.prefix === '' ? '.' : source.prefix];
  const copied = await copyIfThere(join(source.gitFolder, 'index'), index);
  const isAdded = copied && (await gitOrNothing(inTop, add)) !== undefined;
  if (!isAdded) {
    // No index yet, or one that depends on other files: start from HEAD.
    await rm(index, { force: true });
    await rm(`${index}.lock`, { force: true });
    const borrowed = { GIT_ALTERNATE_OBJECT_DIRECTORIES: join(source.commonFolder, 'objects') };
    if (source.head !== undefined) await inTop(['read-tree', source.head], { env: borrowed });
    await inTop(add).catch(async (error: Error) => {
      const isIgnored = await gitOrNothing(source.git, ['check-ignore', '--quiet', join(source.top, source.prefix)]);
      if (source.prefix !== '' && isIgnored !== undefined) throw nothingIn(request.project);
      throw new UsageError(`git cannot read the files of ${request.project}: ${error.message}`);
    });
  }
  const prefix = source.prefix === '' ? [] : [`--prefix=${source.prefix}`];
  if (source.prefix !== '' && (await inTop([...inFolder, 'ls-files', '--', source.prefix])) === '')
    throw nothingIn(request.project);
  const tree = await inTop(['write-tree', '--missing-ok', ...prefix]);
  await rm(index, { force: true });
  return tree;
}

function nothingIn(project: string): UsageError {
  return new UsageError(`${project} has no file that git would keep (it is empty, or everything in it is ignored)`);
}

/** Tree of the project in a commit; the empty tree where the folder is not in it yet. */
export async function treeIn(source: Source, target: Git, commitish: string): Promise<string> {
  const path = source.prefix === '' ? `${commitish}^{tree}` : `${commitish}:${source.prefix.replace(/\/$/, '')}`;
  const tree = await gitOrNothing(source.git, ['rev-parse', '--verify', '--quiet', path]);
  return tree ?? target(['hash-object', '-w', '-t', 'tree', '--stdin'], { input: '' });
}

/** A commit whose id depends on its content only: one second after its parent, by nobody in particular. */
export async function commit(git: Git, tree: string, parent: string | undefined): Promise<string> {
  const before = parent === undefined ? 1_750_000_000 : Number(await git(['show', '-s', '--format=%ct', parent]));
  const env = identity('Working tree', 'working-tree@localhost', before + 1);
  return git(['commit-tree', tree, ...(parent === undefined ? [] : ['-p', parent]), '-m', 'Working tree'], { env });
}

/** The commit GitHub makes of a pull request: the base is its first parent. */
export async function mergeCommit(git: Git, tree: string, base: string, head: string): Promise<string> {
  const time = Number(await git(['show', '-s', '--format=%ct', head]));
  const env = identity('GitHub', 'noreply@github.com', time + 1);
  return git(['commit-tree', tree, '-p', base, '-p', head, '-m', `Merge ${head} into ${base}`], { env });
}

function identity(name: string, email: string, time: number): Environment {
  const fields = { NAME: name, EMAIL: email, DATE: `${time} +0000` };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => [
      [`GIT_AUTHOR_${key}`, value],
      [`GIT_COMMITTER_${key}`, value],
    ]),
  );
}

/**
 * The tree that merging the working tree into the base gives. Where histories have parted, the three trees are copied
 * into the new repository and merged there, under commits of their own.
 *
 * @throws UsageError when they conflict, or have no commit in common; GitHub starts no run then.
 */
export async function mergedTree(
  source: Source,
  target: Git,
  at: { readonly tree: string; readonly base: string | undefined; readonly gitFolder: string },
): Promise<string> {
  const { tree, base } = at;
  if (base === undefined || source.head === undefined || source.prefix !== '') return tree;
  const fork = await gitOrNothing(source.git, ['merge-base', base, source.head]);
  if (fork === base) return tree;
  if (fork === undefined) throw new UsageError('the head and the base of this pull request have no commit in common');
  const trees = await Promise.all([source.head, base, fork].map((id) => source.git(['rev-parse', `${id}^{tree}`])));
  await copyTrees(source, target, trees, at.gitFolder);
  const [, baseTree = '', forkTree = ''] = trees;
  const below = await commit(target, forkTree, undefined);
  try {
    const answer = await target([
      'merge-tree',
      '--write-tree',
      await commit(target, baseTree, below),
      await commit(target, tree, below),
    ]);
    return answer.split('\n', 1)[0] ?? answer;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new UsageError(
      'the head of this pull request does not merge into its base without conflicts, and GitHub starts no run then: ' +
        'merge by hand, or give another --base',
    );
  }
}

/** Everything in the trees as one pack: git writes it to its output, so that it makes no file of its own beside. */
async function copyTrees(source: Source, target: Git, trees: readonly string[], gitFolder: string): Promise<void> {
  await mkdir(join(gitFolder, 'objects/pack'), { recursive: true });
  const pack = join(gitFolder, 'objects/pack/pack-merge.pack');
  const file = await open(pack, 'w');
  try {
    const child = spawn('git', ['pack-objects', '--revs', '--quiet', '--stdout'], {
      cwd: source.top,
      env: { ...source.environment, GIT_OPTIONAL_LOCKS: '0' },
      stdio: ['pipe', file.fd, 'inherit'],
    });
    child.stdin?.end(trees.map((id) => `${id}\n`).join(''));
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new GitError(`git pack-objects ended with status ${code}`, code ?? undefined);
  } finally {
    await file.close();
  }
  await target(['index-pack', pack]);
}
