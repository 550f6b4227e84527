import { mkdir, readFile, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { moveTrees } from '../../src/cache/trees.ts';
import { exists } from '../../src/runtime/files.ts';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';

let staging: string;
let folder: string;

beforeEach(async () => {
  const root = await temporaryFolder();
  [staging, folder] = [join(root, 'staging'), join(root, 'work')];
  await mkdir(staging);
  await mkdir(folder);
});

describe('restored trees', () => {
  it('stand in the place of what was there, links and all', async () => {
    await writeFiles(staging, { 'node_modules/a': 'new', 'apps/b/node_modules/c': 'c' });
    await symlink('a', join(staging, 'node_modules/link'));
    await writeFiles(folder, { 'node_modules/a': 'old', 'node_modules/gone': 'x', 'src/kept': 'kept' });
    await moveTrees(staging, folder, ['node_modules', 'apps/b/node_modules', 'apps/missing/node_modules']);
    expect(await readFile(join(folder, 'node_modules/a'), 'utf8')).toBe('new');
    expect(await readlink(join(folder, 'node_modules/link'))).toBe('a');
    expect(await exists(join(folder, 'node_modules/gone'))).toBe(false);
    expect(await readFile(join(folder, 'apps/b/node_modules/c'), 'utf8')).toBe('c');
    expect(await readFile(join(folder, 'src/kept'), 'utf8')).toBe('kept');
  });

  it.each<[string, () => Promise<unknown>]>([
    ['a path that leads up', () => moveTrees(staging, folder, ['node_modules', '../outside'])],
    ['the folder itself', () => moveTrees(staging, folder, ['node_modules', '.'])],
    [
      'a link in the place of a tree',
      async () => {
        await symlink(join(staging, '../outside'), join(staging, 'link'));
        await moveTrees(staging, folder, ['node_modules', 'link']);
      },
    ],
    [
      'a way through a link of the entry',
      async () => {
        await mkdir(join(staging, '../outside/tree'), { recursive: true });
        await symlink(join(staging, '../outside'), join(staging, 'link'));
        await moveTrees(staging, folder, ['node_modules', 'link/tree']);
      },
    ],
    [
      'a way through a link of the project',
      async () => {
        const outside = await temporaryFolder();
        await symlink(outside, join(folder, 'apps'));
        await writeFiles(staging, { 'apps/tree/x': 'x' });
        await moveTrees(staging, folder, ['node_modules', 'apps/tree']);
      },
    ],
    [
      'a file',
      async () => {
        await writeFiles(staging, { file: 'x' });
        await moveTrees(staging, folder, ['node_modules', 'file']);
      },
    ],
  ])('are refused as a whole for %s', async (_, move) => {
    await writeFiles(join(staging, '..'), { 'outside/x': 'x' });
    await writeFiles(staging, { 'node_modules/a': 'new' });
    await writeFiles(folder, { 'node_modules/a': 'old' });
    await expect(move()).rejects.toThrow(/is no folder of its own/);
    expect(await readFile(join(folder, 'node_modules/a'), 'utf8')).toBe('old');
  });
});
