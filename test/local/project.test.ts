import { chmodSync, lstatSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { takeSnapshot } from '../../src/local/project.ts';
import { git, makeBundle, makeProject, runSample, temporaryFolder, workflow, writeTree } from './fixtures.ts';

function snapshot(project: string, more: Partial<Parameters<typeof takeSnapshot>[0]> = {}) {
  const gitFolder = join(temporaryFolder('snapshot'), 'repository.git');
  return takeSnapshot({ project, gitFolder, environment: process.env, againstDefaultBranch: false, ...more });
}

const files = (gitFolder: string, commit: string) => git(gitFolder, 'ls-tree', '-r', '--name-only', commit).split('\n');

/** Every file of a tree, .git and ignored ones included: path, kind, mode, size, time of change, content. */
function fingerprint(folder: string): Record<string, string> {
  const result: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, entry);
    const { mode, size, mtimeMs, ctimeMs } = lstatSync(path);
    const content = lstatSync(path).isFile() ? readFileSync(path, 'base64') : '';
    result[entry] = [mode, size, mtimeMs, ctimeMs, content].join(' ');
  }
  return result;
}

describe('a snapshot', () => {
  test('holds the working tree: changes and untracked files, no ignored ones, modes and links as they are', async () => {
    const project = makeProject({ 'a.txt': 'old', 'gone.txt': '', '.gitignore': 'ignored*\n', 'sub/b.txt': '' });
    const first = git(project, 'rev-parse', 'HEAD');
    writeTree(project, { 'a.txt': 'new', 'ignored.txt': 'i', 'excluded.txt': 'e', 'new/run.sh': '#!/bin/sh' });
    writeTree(project, { '.git/info/exclude': 'excluded.txt\n' });
    chmodSync(join(project, 'new/run.sh'), 0o755);
    symlinkSync('../a.txt', join(project, 'new/link'));
    git(project, 'rm', '--quiet', 'gone.txt');
    const { gitFolder, head, base, isDirty } = await snapshot(project);
    expect(isDirty).toBe(true);
    expect(base).toBe(first);
    expect(git(gitFolder, 'rev-parse', `${head}^`)).toBe(first);
    expect(files(gitFolder, head)).toEqual(['.gitignore', 'a.txt', 'new/link', 'new/run.sh', 'sub/b.txt']);
    expect(git(gitFolder, 'show', `${head}:a.txt`)).toBe('new');
    expect(git(gitFolder, 'ls-tree', '-r', head, 'new')).toMatch(/^120000 .*link\n100755 .*run\.sh$/);
  });

  test('is the commit itself where nothing was changed, with its history', async () => {
    const project = makeProject({ 'a.txt': '1' });
    const first = git(project, 'rev-parse', 'HEAD');
    writeFileSync(join(project, 'a.txt'), '2');
    git(project, 'commit', '--quiet', '--all', '--message', 'second');
    git(project, 'tag', 'v1', first);
    git(project, 'branch', 'other', first);
    const { gitFolder, head, base, isDirty, branch } = await snapshot(project);
    expect({ head, base, isDirty, branch }).toEqual({
      ...{ head: git(project, 'rev-parse', 'HEAD'), base: first, isDirty: false, branch: 'main' },
    });
    expect(git(gitFolder, 'rev-parse', 'refs/tags/v1', 'refs/heads/other')).toBe(`${first}\n${first}`);
  });

  test('has the same id for the same content', async () => {
    const project = makeProject();
    writeFileSync(join(project, 'new.txt'), '');
    const one = await snapshot(project);
    utimesSync(join(project, 'new.txt'), 1, 1);
    expect((await snapshot(project)).head).toBe(one.head);
  });

  test('makes a repository of a folder inside a larger one', async () => {
    const project = makeProject({ 'outside.txt': '', 'apps/api/package.json': '{}' });
    writeTree(project, { 'apps/api/new.txt': '' });
    const { gitFolder, head, base, isFolderOfRepository, name } = await snapshot(join(project, 'apps/api'));
    expect({ isFolderOfRepository, name }).toEqual({ isFolderOfRepository: true, name: 'api' });
    expect(files(gitFolder, head)).toEqual(['new.txt', 'package.json']);
    expect(files(gitFolder, String(base))).toEqual(['package.json']);
  });

  test('takes a project without commits, one in a linked work tree, and a shallow one', async () => {
    const empty = writeTree(temporaryFolder('empty'), { 'a.txt': '' });
    git(empty, 'init', '--quiet', '--initial-branch=trunk');
    const unborn = await snapshot(empty);
    expect(unborn).toMatchObject({ base: undefined, branch: 'trunk', isDirty: true });
    expect(files(unborn.gitFolder, unborn.head)).toEqual(['a.txt']);

    const project = makeProject({ 'a.txt': '' });
    git(project, 'commit', '--quiet', '--allow-empty', '--message', 'second');
    const linked = join(temporaryFolder('linked'), 'tree');
    git(project, 'worktree', 'add', '--quiet', '-b', 'feature', linked);
    writeTree(linked, { 'b.txt': '' });
    const inLinked = await snapshot(linked);
    expect(inLinked).toMatchObject({ branch: 'feature', isDirty: true });
    expect(files(inLinked.gitFolder, inLinked.head)).toEqual(['a.txt', 'b.txt']);

    const shallow = join(temporaryFolder('shallow'), 'clone');
    git(project, 'clone', '--quiet', '--depth=1', `file://${project}`, shallow);
    writeTree(shallow, { 'c.txt': '' });
    const ofShallow = await snapshot(shallow);
    expect(git(ofShallow.gitFolder, 'rev-list', '--count', ofShallow.head)).toBe('2');
  });

  test('knows the repository by its origin, and the default branch', async () => {
    const project = makeProject();
    git(project, 'remote', 'add', 'origin', 'git@github.com:acme/shop.git');
    git(project, 'update-ref', 'refs/remotes/origin/develop', 'HEAD');
    git(project, 'symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/develop');
    git(project, 'checkout', '--quiet', '-b', 'feature');
    const found = await snapshot(project, { againstDefaultBranch: true });
    expect(found).toMatchObject({
      owner: 'acme',
      name: 'shop',
      defaultBranch: 'develop',
      branch: 'feature',
      baseBranch: 'develop',
    });
    await expect(snapshot(project, { repository: 'no slash' })).rejects.toThrow(
      '"no slash" is no repository: write owner/name',
    );
  });

  test('refuses a folder that is not there, one without git, and a base that is not there', async () => {
    const folder = temporaryFolder('bare');
    await expect(snapshot(join(folder, 'nowhere'))).rejects.toThrow('nowhere is not a folder');
    await expect(snapshot(folder)).rejects.toThrow('is in no git work tree');
    await expect(snapshot(makeProject(), { base: 'v9' })).rejects.toThrow(
      'the project has no commit "v9" to compare with',
    );
  });

  test('says that a pull request with conflicts starts no run', async () => {
    const project = makeProject({ 'a.txt': 'start' });
    git(project, 'checkout', '--quiet', '-b', 'feature');
    writeFileSync(join(project, 'a.txt'), 'feature');
    git(project, 'commit', '--quiet', '--all', '--message', 'feature');
    git(project, 'checkout', '--quiet', 'main');
    writeFileSync(join(project, 'a.txt'), 'main');
    git(project, 'commit', '--quiet', '--all', '--message', 'main');
    git(project, 'checkout', '--quiet', 'feature');
    const bundle = makeBundle({ 'w.yml': workflow('  a: {runs-on: ubuntu-latest, steps: [{run: "true"}]}') });
    await expect(runSample(bundle, project, { event: { name: 'pull_request' } })).rejects.toThrow(
      'does not merge into its base without conflicts',
    );
  });
});

test("a run leaves the caller's folder as it was: files, times, repository, ignored files too", async () => {
  const bundle = makeBundle({
    'w.yml': workflow(`
  a:
    runs-on: ubuntu-latest
    steps:
      - {uses: actions/checkout@0123456789abcdef0123456789abcdef01234567, with: {fetch-depth: 0}}
      - {run: 'echo changed > a.txt; rm -rf sub; echo x > .git/description; git commit --quiet --allow-empty -am x || true'}
`),
  });
  const project = makeProject({ 'a.txt': 'a', 'sub/b.txt': 'b', '.gitignore': 'ignored/\n' });
  // Histories that have parted, and a merge that gives files and folders which are there already.
  git(project, 'checkout', '--quiet', '-b', 'feature');
  writeTree(project, { 'feature.txt': 'f' });
  git(project, 'add', '--all');
  git(project, 'commit', '--quiet', '--message', 'feature');
  git(project, 'checkout', '--quiet', 'main');
  writeTree(project, { 'sub/main.txt': 'm' });
  git(project, 'add', '--all');
  git(project, 'commit', '--quiet', '--message', 'main');
  git(project, 'checkout', '--quiet', 'feature');
  writeTree(project, { 'ignored/c.txt': 'c', 'untracked.txt': 'u', 'a.txt': 'changed by hand' });
  const before = fingerprint(project);
  await runSample(bundle, project);
  await runSample(bundle, project, { event: { name: 'pull_request' } });
  expect(fingerprint(project)).toEqual(before);
});
