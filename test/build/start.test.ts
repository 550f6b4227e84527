import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { actions } from '../../src/actions.ts';
import { root } from '../../tools/install/root.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** What takes long to load, by Node's own names for it. */
const HEAVY = [
  'child_process',
  'crypto',
  'fs/promises',
  'http',
  'https',
  'module',
  'net',
  'stream',
  'tls',
  'tty',
  'zlib',
];

/** Modules of Node that an action loads until it has refused an input. */
async function loadedBy(action: string): Promise<readonly string[]> {
  const folder = await temporaryFolder();
  const hook = join(folder, 'hook.cjs');
  const report = "process.on('exit', () => process._rawDebug(`loaded ${process.moduleLoadList.join(',')}`));";
  await writeFile(hook, report);
  const { stderr, stdout, status } = spawnSync(process.execPath, ['-r', hook, join(root, 'dist', `${action}.js`)], {
    encoding: 'utf8',
    cwd: folder,
    env: { GITHUB_WORKSPACE: folder, RUNNER_TEMP: folder, 'INPUT_WORKING-DIRECTORY': '../outside' },
  });
  expect(stdout).toMatch(/^::error::PIPE-/m);
  expect(status).toBe(1);
  const list = /^loaded (.*)$/m.exec(stderr)?.[1] ?? '';
  return [...list.matchAll(/NativeModule ([\w/]+)/g)].map(([, name = '']) => name);
}

describe('the start of an action', () => {
  it.each(Object.keys(actions))('%s loads nothing of Node that takes long', async (action) => {
    const loaded = await loadedBy(action);
    expect(loaded).toContain('fs');
    expect(loaded.filter((name) => HEAVY.includes(name))).toEqual([]);
  });
});

it('GitHub’s own cache client is no part of the bundle', async () => {
  const folder = join(root, 'dist');
  const names = (await readdir(folder)).filter((name) => /\.(?:js|txt)$/.test(name));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  expect(texts.filter((text) => /@actions\/cache|@azure\//.test(text))).toEqual([]);
});
