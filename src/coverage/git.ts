import { captureGit, type Repository } from '../runtime/git.ts';

/** Paths of all tracked files from the repository's root; undefined where git lists none. */
export async function trackedFiles(repository: Repository): Promise<readonly string[] | undefined> {
  const listed = await captureGit(repository, ['ls-files', '-z', '--cached', '--deduplicate']);
  return listed.exitCode === 0 ? listed.stdout.split('\0').filter((path) => path !== '') : undefined;
}

/** Those of some tracked files whose content is another than the one committed. */
export async function modifiedFiles(repository: Repository, paths: readonly string[]): Promise<ReadonlySet<string>> {
  const args = ['--literal-pathspecs', 'diff', '--name-only', '-z', '--no-renames', '--no-ext-diff', 'HEAD', '--'];
  const listed = await captureGit(repository, [...args, ...paths]);
  return new Set(listed.exitCode === 0 ? listed.stdout.split('\0') : paths);
}

/** Those files that `.gitattributes` calls generated (`linguist-generated`, as GitHub's own diff folds them). */
export async function generatedFiles(repository: Repository, paths: readonly string[]): Promise<ReadonlySet<string>> {
  if (paths.length === 0) return new Set();
  const args = ['check-attr', '-z', '--stdin', 'linguist-generated'];
  const { stdout } = await captureGit(repository, args, `${paths.join('\0')}\0`);
  const fields = stdout.split('\0');
  const generated = new Set<string>();
  for (let index = 0; index + 2 < fields.length; index += 3) {
    if (/^(set|true)$/.test(fields[index + 2] ?? '')) generated.add(fields[index] ?? '');
  }
  return generated;
}

/** The commit that is checked out and its parents, also those that a shallow clone leaves out; undefined without git. */
export async function headCommit(
  repository: Repository,
): Promise<{ readonly commit: string; readonly parents: readonly string[] } | undefined> {
  const head = await captureGit(repository, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  const body = await captureGit(repository, ['cat-file', 'commit', 'HEAD']);
  if (head.exitCode !== 0 || body.exitCode !== 0) return undefined;
  const [header = ''] = body.stdout.split('\n\n', 1);
  const parents = [...header.matchAll(/^parent ([0-9a-f]{40,64})$/gm)].map(([, parent]) => parent ?? '');
  return { commit: head.stdout.trim(), parents };
}

/** Whether the clone holds a commit. */
export async function hasCommit(repository: Repository, commit: string): Promise<boolean> {
  return (await captureGit(repository, ['cat-file', '-e', `${commit}^{commit}`])).exitCode === 0;
}

/** Best common ancestor of two commits; undefined where the clone holds none. */
export async function mergeBase(repository: Repository, left: string, right: string): Promise<string | undefined> {
  const { exitCode, stdout } = await captureGit(repository, ['merge-base', left, right]);
  return exitCode === 0 ? stdout.trim().split('\n', 1)[0] : undefined;
}
