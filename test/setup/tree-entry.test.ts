import { chmod, lstat, mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CacheAccess } from '../../src/cache/access.ts';
import { saveCache } from '../../src/cache/client.ts';
import { restoreTree, type TreePlace, takeSnapshot } from '../../src/setup/tree-cache.ts';
import { listTree } from '../../src/setup/tree-listing.ts';
import { writeManifest } from '../../src/setup/tree-manifest.ts';
import { serveCache } from '../support/cache/serve.ts';
import { addFiles, workspaceWith } from './workspace.ts';

/** A project with a tree, a snapshot of it to be damaged, and a cache to put that into. */
async function setting() {
  const folder = await workspaceWith({
    'work/project/node_modules/left/index.js': 'module.exports = 1',
    'work/project/node_modules/left/run.sh': '#!/bin/sh\n',
    'work/project/.git/hooks/keep': '',
    'work/outside/secret': 'secret',
    'temp/keep': '',
  });
  const root = join(folder, 'work/project');
  await chmod(join(root, 'node_modules/left/run.sh'), 0o775);
  const cache = await serveCache({ folder: join(folder, 'entries') });
  onTestFinished(() => cache.close());
  const temp = join(folder, 'temp');
  const environment = { PATH: process.env['PATH'] ?? '', ...cache.environment };
  const access: CacheAccess = { environment, temp, signal: new AbortController().signal, timeout: 60_000 };
  const place: TreePlace = {
    root,
    folders: ['node_modules', 'packages/a/node_modules'],
    files: ['.state/a.gz'],
    depth: '.',
  };
  const snapshot = join(temp, 'snapshot');
  expect(await takeSnapshot(place, snapshot, access)).toEqual({ folder: snapshot });
  // What follows is done to the entry alone.
  await rename(join(root, 'node_modules'), join(folder, 'gone'));
  const save = () => saveCache({ folder: snapshot, paths: ['.'], key: 'key' }, access);
  return { folder, root, snapshot, save, restore: () => restoreTree(place, 'key', access) };
}

/** The listing as it would be of what lies there now: what somebody would forge. */
async function forge(snapshot: string, folders: readonly string[]): Promise<void> {
  await writeManifest(snapshot, { paths: folders, entries: listTree(snapshot, folders) });
}

describe('an entry of an installed tree', () => {
  it('is put back with the permissions that the job would take from it', async () => {
    const { root, save, restore } = await setting();
    await save();
    expect(await restore()).toMatchObject({ kind: 'hit', files: 2 });
    expect((await lstat(join(root, 'node_modules/left/run.sh'))).mode & 0o777).toBe(0o775);
  });

  it.each<[string, (snapshot: string) => Promise<unknown>]>([
    ['a file is shorter', (at) => writeFile(join(at, 'node_modules/left/index.js'), 'module')],
    ['a file is missing', (at) => rename(join(at, 'node_modules/left/index.js'), join(at, 'elsewhere'))],
    ['a file is there too many', (at) => addFiles(at, { 'node_modules/evil/index.js': '' })],
    ['there is no listing', (at) => rename(join(at, 'pipelines-tree.json'), join(at, 'elsewhere'))],
    ['the listing is no listing', (at) => writeFile(join(at, 'pipelines-tree.json'), '[1, 2')],
  ])('is not put back where %s', async (_, damage) => {
    const { root, snapshot, save, restore } = await setting();
    await damage(snapshot);
    await save();
    await addFiles(root, { 'node_modules/own/index.js': 'kept' });
    expect(await restore()).toMatchObject({ kind: 'fault' });
    expect(await readdir(join(root, 'node_modules'))).toEqual(['own']);
  });

  it.each<[string, (snapshot: string, folder: string) => Promise<unknown>]>([
    ['a folder', (at) => addFiles(at, { '.state/a.gz/evil': '' })],
    [
      'a link',
      async (at) => {
        await mkdir(join(at, '.state'));
        await symlink('../node_modules/left/index.js', join(at, '.state/a.gz'));
      },
    ],
  ])('whose single file is %s is not put back', async (_, change) => {
    const { folder, root, snapshot, save, restore } = await setting();
    await change(snapshot, folder);
    await forge(snapshot, ['node_modules', '.state/a.gz']);
    await save();
    expect(await restore()).toMatchObject({ kind: 'fault', reason: expect.stringMatching(/no file of its own/) });
    expect((await readdir(root, { recursive: true })).sort()).toEqual([
      '.git',
      '.git/hooks',
      '.git/hooks/keep',
      '.state',
    ]);
  });

  it('brings its single files along', async () => {
    const { root, snapshot, save, restore } = await setting();
    await addFiles(snapshot, { '.state/a.gz': 'new' });
    await forge(snapshot, ['node_modules', '.state/a.gz']);
    await save();
    await addFiles(root, { '.state/a.gz': 'old', '.state/b.gz': 'own' });
    expect(await restore()).toMatchObject({ kind: 'hit', files: 3 });
    expect(await readFile(join(root, '.state/a.gz'), 'utf8')).toBe('new');
    expect(await readFile(join(root, '.state/b.gz'), 'utf8')).toBe('own');
  });

  it.each<[string, readonly string[], (snapshot: string) => Promise<unknown>]>([
    ['git hooks', ['.git'], (at) => addFiles(at, { '.git/hooks/post-checkout': 'evil' })],
    ['sources', ['src'], (at) => addFiles(at, { 'src/index.js': 'evil' })],
    ['a folder above', ['..'], async () => undefined],
    [
      'a package that the workspace does not have',
      ['packages/b/node_modules'],
      (at) => addFiles(at, { 'packages/b/node_modules/x': '' }),
    ],
  ])('never reaches %s, whatever its listing says', async (_, folders, change) => {
    const { root, snapshot, save, restore } = await setting();
    await change(snapshot);
    await (folders[0] === '..' ? writeManifest(snapshot, { paths: folders, entries: [] }) : forge(snapshot, folders));
    await save();
    expect(await restore()).toMatchObject({ kind: 'fault', reason: expect.stringMatching(/of other folders/) });
    expect((await readdir(root)).sort()).toEqual(['.git']);
    expect(await readdir(join(root, '.git/hooks'))).toEqual(['keep']);
  });

  it.each<[string, (snapshot: string, folder: string) => Promise<unknown>]>([
    ['a link out of the repository', (at) => symlink('../../../outside/secret', join(at, 'node_modules/left/link'))],
    ['an absolute link', (at, folder) => symlink(join(folder, 'work/outside'), join(at, 'node_modules/left/link'))],
  ])('with %s is refused, though its listing has it', async (_, change) => {
    const { folder, root, snapshot, save, restore } = await setting();
    await change(snapshot, folder);
    await forge(snapshot, ['node_modules']);
    await save();
    expect(await restore()).toMatchObject({ kind: 'fault', reason: expect.stringMatching(/leads out/) });
    expect(await readdir(root)).not.toContain('node_modules');
  });

  it('that is itself a link changes nothing where it leads', async () => {
    const { folder, root, snapshot, save, restore } = await setting();
    await rename(join(snapshot, 'node_modules'), join(snapshot, 'moved'));
    await symlink(join(folder, 'work/outside'), join(snapshot, 'node_modules'));
    await forge(snapshot, ['node_modules']);
    await save();
    expect(await restore()).toMatchObject({ kind: 'fault' });
    expect(await readFile(join(folder, 'work/outside/secret'), 'utf8')).toBe('secret');
    expect(await readdir(root)).not.toContain('node_modules');
  });
});

describe('a snapshot', () => {
  it.each<[string, (tree: string) => Promise<unknown>, RegExp]>([
    ['a link that leads out', (tree) => symlink('../../../outside', join(tree, 'left/out')), /left\/out leads out/],
    [
      'a program with the rights of another user',
      (tree) => chmod(join(tree, 'left/run.sh'), 0o4755),
      /rights of another user/,
    ],
  ])('is not taken of %s', async (_, change, reason) => {
    const folder = await workspaceWith({ 'w/p/node_modules/left/run.sh': '', 'w/outside/x': '' });
    const root = join(folder, 'w/p');
    await change(join(root, 'node_modules'));
    const access = {
      environment: { PATH: '/usr/bin:/bin' },
      temp: folder,
      signal: new AbortController().signal,
      timeout: 1,
    };
    const place = { root, folders: ['node_modules'], files: [], depth: '.' };
    await mkdir(join(folder, 'temp'));
    const taken = await takeSnapshot(place, join(folder, 'temp/s'), access);
    expect(taken).toEqual({ reason: expect.stringMatching(reason) });
  });
});
