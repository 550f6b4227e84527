import { type Git, GitError } from './git.ts';
import type { EventRequest } from './run-types.ts';
import { shortened, UsageError } from './usage-error.ts';

/**
 * Refuses names that git does not take (git-check-ref-format(1)).
 *
 * @param git in any folder.
 * @throws UsageError naming the flag.
 */
export async function refuseBadNames(git: Git, { branch, tag }: EventRequest): Promise<void> {
  const given = [
    { flag: '--branch', kind: 'branch', folder: 'refs/heads', name: branch },
    { flag: '--tag', kind: 'tag', folder: 'refs/tags', name: tag },
  ];
  for (const { flag, kind, folder, name } of given) {
    if (name === undefined || (await isName(git, folder, name))) continue;
    throw new UsageError(
      `${flag} "${shortened(name)}" is no name of a ${kind}, by git's rules: no space, "..", "~", "^", ":", "?", "*", ` +
        '"[", "\\" or control character in it, and no dash, dot or slash at its ends',
    );
  }
}

async function isName(git: Git, folder: string, name: string): Promise<boolean> {
  // git takes these as refs, and as names of branches and tags it does not.
  if (name.startsWith('-') || name === 'HEAD') return false;
  try {
    await git(['check-ref-format', `${folder}/${name}`]);
    return true;
  } catch (error) {
    if (error instanceof GitError && error.status === 1) return false;
    throw error;
  }
}

/**
 * Sets refs of the run's own repository, by name.
 *
 * @throws UsageError where one is in the way of another (`main` and `main/x`).
 */
export async function setRefs(git: Git, refs: Iterable<readonly [string, string]>): Promise<void> {
  const input = [...refs].map(([name, commit]) => `update ${name} ${commit}\n`).join('');
  try {
    await git(['update-ref', '--stdin'], { input });
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new UsageError(`git cannot keep the branches and tags of this run beside each other: ${error.message}`);
  }
}
