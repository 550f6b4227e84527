import { captureGit, type Repository } from '../runtime/git.ts';

/** What differs between two commits, and how the older one is read. */
export interface Change {
  /** The older commit, 40 or 64 hexadecimal digits. */
  readonly base: string;
  /**
   * Paths from the repository's root, both sides of what was renamed, sorted. Of commits only: what lies in the work
   * tree and is not committed has not changed.
   */
  readonly paths: readonly string[];
  /** Text of a file as it was at the base; undefined where there was no such file. */
  readonly before: (path: string) => Promise<string | undefined>;
}

/**
 * Compares the trees of a commit and of HEAD (git-diff-tree(1)). Renames are not looked for: the old path counts as
 * deleted, the new one as added, so both count, and git compares no contents.
 *
 * @returns undefined when the clone does not hold the commit
 */
export async function changedSince(repository: Repository, base: string): Promise<Change | undefined> {
  const args = ['diff-tree', '-r', '-z', '--name-only', '--no-renames', '--no-ext-diff', base, 'HEAD', '--'];
  const listed = await captureGit(repository, args);
  if (listed.exitCode !== 0) return undefined;
  const paths = listed.stdout.split('\0').filter((path) => path !== '');
  const before = async (path: string) => {
    const { exitCode, stdout } = await captureGit(repository, ['cat-file', 'blob', `${base}:${path}`]);
    return exitCode === 0 ? stdout : undefined;
  };
  return { base, paths, before };
}
