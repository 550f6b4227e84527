import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nearestLockfiles } from '../../src/setup/lockfiles.ts';
import { type TreeSurroundings, treeKey } from '../../src/setup/tree-key.ts';
import { treeProject } from '../../src/setup/tree-project.ts';
import { addFiles, workspaceWith } from './workspace.ts';

async function project() {
  const workspace = await workspaceWith({
    'package.json': '{"name":"project","workspaces":["packages/*"],"dependencies":{"left":"1.0.0"}}',
    'package-lock.json': '{"lockfileVersion":3}',
    'packages/a/package.json': '{"name":"a"}',
  });
  // What says which C library this is.
  const programs = await workspaceWith({ getconf: '' });
  await addProgram(programs, 'glibc 2.36');
  const around: TreeSurroundings = {
    node: '24.1.0',
    manager: { name: 'npm', version: '11.0.0' },
    args: [],
    platform: 'linux',
    arch: 'x64',
    environment: { PATH: `${programs}:${process.env['PATH'] ?? ''}`, HOME: programs },
    workspace,
    signal: new AbortController().signal,
  };
  return { workspace, programs, around };
}

async function addProgram(folder: string, says: string): Promise<void> {
  await addFiles(folder, { getconf: `#!/bin/sh\necho '${says}'\n` });
  await chmod(join(folder, 'getconf'), 0o755);
}

async function keyOf(workspace: string, around: TreeSurroundings): Promise<string> {
  const [lockfile] = await nearestLockfiles(workspace, [workspace]);
  if (lockfile === undefined) throw new Error('there is no lockfile');
  const found = await treeProject(workspace, lockfile, around.environment, around.signal);
  if (found === undefined) throw new Error('there is no project');
  return treeKey(found, lockfile, around);
}

describe('the key of an installed tree', () => {
  it('is the same for the same install', async () => {
    const { workspace, around } = await project();
    const key = await keyOf(workspace, around);
    expect(await keyOf(workspace, around)).toBe(key);
    expect(key).toMatch(/^pipelines-tree-linux-x64-npm11\.0\.0-node24\.1\.0-[0-9a-f]{40}$/);
  });

  it.each<[string, (around: TreeSurroundings) => Partial<TreeSurroundings>]>([
    ['Node', () => ({ node: '24.1.1' })],
    ['processor', () => ({ arch: 'arm64' })],
    ['system', () => ({ platform: 'darwin' })],
    ['package manager', () => ({ manager: { name: 'pnpm', version: '11.0.0' } })],
    ['version of the package manager', () => ({ manager: { name: 'npm', version: '11.0.1' } })],
    ['argument', () => ({ args: ['--ignore-scripts'] })],
    ['image of the runner', ({ environment }) => ({ environment: { ...environment, ImageOS: 'ubuntu24' } })],
    ['NODE_ENV', ({ environment }) => ({ environment: { ...environment, NODE_ENV: 'production' } })],
    ['folder', () => ({ workspace: '/elsewhere' })],
  ])('is another one for another %s', async (_, change) => {
    const { workspace, around } = await project();
    const key = await keyOf(workspace, around);
    expect(await keyOf(workspace, { ...around, ...change(around) })).not.toBe(key);
  });

  it('is another one for another C library', async () => {
    const { workspace, programs, around } = await project();
    const key = await keyOf(workspace, around);
    await addProgram(programs, 'glibc 2.41');
    expect(await keyOf(workspace, around)).not.toBe(key);
  });

  it.each<[string, Record<string, string>]>([
    ['a dependency of a package', { 'packages/a/package.json': '{"name":"a","dependencies":{"left":"2.0.0"}}' }],
    ['a package more', { 'packages/b/package.json': '{"name":"b"}' }],
    ['a setting in a package', { 'packages/a/.npmrc': 'omit=dev' }],
    [
      'a script of the install',
      {
        'package.json':
          '{"name":"project","workspaces":["packages/*"],"dependencies":{"left":"1.0.0"},"scripts":{"prepare":"husky"}}',
      },
    ],
    ['a patch', { 'patches/left+1.0.0.patch': '' }],
  ])('is another one for %s', async (_, files) => {
    const { workspace, around } = await project();
    const key = await keyOf(workspace, around);
    await addFiles(workspace, files);
    expect(await keyOf(workspace, around)).not.toBe(key);
  });

  it("does not hold the user's credentials, which are others in each run", async () => {
    const { workspace, programs, around } = await project();
    const key = await keyOf(workspace, around);
    await addFiles(programs, { '.npmrc': '//npm.example.com/:_authToken=abc\n' });
    expect(await keyOf(workspace, around)).toBe(key);
  });
});
