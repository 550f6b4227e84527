import { appendFile, lstat, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Job, StepOptions } from './run-action.ts';
import {
  isBerry,
  manifest,
  packageJson,
  projectOf,
  pullRequest,
  restored,
  setting,
  stateOf,
  treeOf,
} from './tree-setting.ts';
import { addFiles } from './workspace.ts';

let tools: string;
beforeAll(async () => {
  tools = await mkdtemp(join(tmpdir(), 'setup-managers-'));
});
afterAll(() => rm(tools, { recursive: true }));

const KINDS = ['npm', 'pnpm', 'classicYarn', 'secondYarn', 'oldYarn', 'yarn', 'oldBun', 'bun'] as const;

describe.each(KINDS)('an installed tree of %s', (kind) => {
  const { more, files: allowed } = projectOf(kind);

  const workspace = {
    ...allowed,
    'package.json': manifest({
      ...more,
      dependencies: { '@acme/tool': '1.0.0', left: '1.0.0', native: '1.0.0' },
      scripts: { say: 'acme-tool' },
      ...(kind === 'pnpm' ? {} : { workspaces: ['packages/*'] }),
    }),
    'packages/a/package.json': packageJson({ name: 'a', version: '1.0.0', dependencies: { left: '2.0.0' } }),
  };
  const folders = ['node_modules', 'packages/a/node_modules'];

  it('is put back as it was, content, modes and links, and nothing is installed', async () => {
    const { job, registry, keep, again, take } = await setting(tools, workspace, { kind });
    expect(await keep()).toMatch(/^installed tree: saved in .* MB$/m);
    const before = await Promise.all(folders.map((folder) => treeOf(join(job.workspace, folder))));
    expect(before[0]?.join('\n')).toMatch(/^\.bin\/acme-tool /m);
    expect(before[0]?.join('\n')).toMatch(/native\/built 7\d\d /);
    const state = await take();
    const requests = registry.requests.length;
    const log = await again();
    expect(log).toMatch(restored);
    expect(log).not.toContain('::group::');
    expect(registry.requests.slice(requests)).toEqual([]);
    const after = await Promise.all(folders.map((folder) => treeOf(join(job.workspace, folder))));
    expect(after).toEqual(before);
    expect(await stateOf(job.workspace)).toEqual(state);
  });

  it('is what the package manager itself would leave: it runs its programs, and its install changes nothing', async () => {
    const { job, registry, keep, again, take, run } = await setting(tools, workspace, { kind });
    await keep();
    await take();
    expect(await again()).toMatch(restored);
    const before = await Promise.all(folders.map((folder) => treeOf(join(job.workspace, folder))));
    const state = await stateOf(job.workspace);
    const requests = registry.requests.length;
    expect(await run(['run', 'say'])).toContain('2\n');
    expect(registry.requests.slice(requests)).toEqual([]);
    // npm has no install that leaves alone what is there; of the others' own state pnpm notes the time.
    if (kind === 'npm') return;
    const file = await lstat(join(job.workspace, 'packages/a/node_modules/left'));
    await run(['install', isBerry(kind) ? '--immutable' : '--frozen-lockfile']);
    const after = await Promise.all(folders.map((folder) => treeOf(join(job.workspace, folder))));
    const stable = (trees: readonly (readonly string[])[]) =>
      trees.map((tree) => tree.filter((entry) => !/^\.(?:modules\.yaml|pnpm-workspace-state)/.test(entry)));
    expect(stable(after)).toEqual(stable(before));
    expect((await lstat(join(job.workspace, 'packages/a/node_modules/left'))).ino).toBe(file.ino);
    expect(Object.keys(await stateOf(job.workspace))).toEqual(Object.keys(state));
  });
});

describe.each(['oldYarn', 'yarn', 'bun'] as const)('patches of %s', (kind) => {
  const { more, files } = projectOf(kind);
  const patch = (value: number) =>
    `diff --git a/index.js b/index.js\n--- a/index.js\n+++ b/index.js\n@@ -1 +1 @@\n-module.exports = 1\n+module.exports = ${value}\n`;
  const patched =
    kind === 'bun'
      ? { dependencies: { left: '1.0.0' }, patchedDependencies: { 'left@1.0.0': 'patches/left.patch' } }
      : { dependencies: { left: 'patch:left@1.0.0#./patches/left.patch' } };

  it('are in the tree, and another patch is never met with the tree of the old one', async () => {
    const { job, keep, again, environment } = await setting(
      tools,
      { ...files, 'package.json': manifest({ ...more, ...patched }), 'patches/left.patch': patch(41) },
      { kind },
    );
    const index = join(job.workspace, 'node_modules/left/index.js');
    expect(await keep()).toContain('installed tree: saved');
    await rm(join(job.workspace, 'node_modules'), { recursive: true });
    expect(await again()).toMatch(restored);
    expect(await readFile(index, 'utf8')).toBe('module.exports = 41\n');
    await writeFile(join(job.workspace, 'patches/left.patch'), patch(42));
    const { exitCode, log } = await job.run({}, { environment: { ...environment, ...pullRequest } });
    expect(log).toContain('installed tree: no entry of this very install yet');
    // Yarn's lockfile has the patch's hash.
    if (kind === 'bun') expect(await readFile(index, 'utf8')).toBe('module.exports = 42\n');
    else expect(log).toContain('PIPE-SETUP-030');
    expect(exitCode).toBe(kind === 'bun' ? 0 : 1);
  });
});

describe.each(['yarn', 'bun'] as const)('what is not the very same install of %s', (kind) => {
  const { more, files } = projectOf(kind);

  it.each<[string, (job: Job) => Promise<void>, StepOptions['environment']]>([
    [
      'a setting of the project',
      ({ workspace }) =>
        kind === 'yarn'
          ? appendFile(join(workspace, '.yarnrc.yml'), 'enableScripts: false\n')
          : addFiles(workspace, { 'bunfig.toml': '[install]\nproduction = true\n' }),
      {},
    ],
    [
      'a setting of the user',
      ({ home }) =>
        kind === 'yarn'
          ? appendFile(join(home, '.yarnrc.yml'), 'enableScripts: false\n')
          : addFiles(home, { '.bunfig.toml': '[install]\nproduction = true\n' }),
      {},
    ],
    ['a variable', async () => undefined, kind === 'yarn' ? { YARN_ENABLE_SCRIPTS: '0' } : { BUN_CONFIG_SKIP_X: '1' }],
    ['another compiler', async () => undefined, { CC: 'clang' }],
  ])('for %s is installed', async (_, change, environment) => {
    const { job, keep, again } = await setting(tools, { ...files, 'package.json': manifest(more) }, { kind });
    expect(await keep()).toContain('installed tree: saved');
    await change(job);
    const log = await again({}, { environment: environment ?? {} });
    expect(log).toMatch(/^installed tree: no entry of this very install yet$/m);
    expect(log).toMatch(/^install: \w+ install --/m);
  });

  it('because a script of a package writes elsewhere is not kept', async () => {
    const { job, keep } = await setting(
      tools,
      { ...files, 'package.json': manifest({ ...more, dependencies: { writes: '1.0.0' } }) },
      { kind },
    );
    const log = await keep({}, { environment: { WRITES_TO: join(job.workspace, 'generated/client.js') } });
    expect(log).toContain('installed tree: not kept, the install also wrote generated');
    expect(log).not.toContain('installed tree: saved');
  });

  it('because a later step has changed the tree is not kept', async () => {
    const { job, environment } = await setting(tools, { ...files, 'package.json': manifest(more) }, { kind });
    expect((await job.run({}, { environment })).exitCode).toBe(0);
    const changed = kind === 'yarn' ? '.yarn/install-state.gz' : 'node_modules/left/index.js';
    await appendFile(join(job.workspace, changed), '// evil\n');
    const post = await job.run({}, { environment, phase: 'post' });
    expect(post.log).toContain(`installed tree: not saved, ${changed} was changed after the install`);
  });
});

describe("Plug'n'Play", () => {
  it('keeps no tree, and the log says why', async () => {
    const { more } = projectOf('yarn');
    const { keep } = await setting(tools, { 'package.json': manifest(more) }, { kind: 'yarn' });
    const log = await keep();
    expect(log).toContain(
      "installed tree: off, not safe here, Plug'n'Play leaves no tree: the package store is all of it",
    );
    expect(log).not.toContain('installed tree: saved');
  });
});
