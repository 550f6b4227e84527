import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TOKEN } from './installation.ts';
import { REAL } from './real-packages.ts';
import type { Job, StepOptions } from './run-action.ts';
import { manifest, pullRequest, restored, setting } from './tree-setting.ts';
import { addFiles } from './workspace.ts';

let tools: string;
beforeAll(async () => {
  tools = await mkdtemp(join(tmpdir(), 'setup-managers-'));
});
afterAll(() => rm(tools, { recursive: true }));

describe('an installed tree', () => {
  it.each<[string, (job: Job) => Promise<void>, StepOptions['environment']]>([
    ['another setting of npm', ({ workspace }) => writeFile(join(workspace, '.npmrc'), 'legacy-peer-deps=true\n'), {}],
    [
      'another field of package.json',
      ({ workspace }) => writeFile(join(workspace, 'package.json'), manifest({ overrides: {} })),
      {},
    ],
    ['a lockfile with another line end', ({ workspace }) => appendFile(join(workspace, 'package-lock.json'), '\n'), {}],
    ['another patch', ({ workspace }) => addFiles(workspace, { 'patches/left+1.0.0.patch': 'x' }), {}],
    ['another schema of Prisma', ({ workspace }) => addFiles(workspace, { 'prisma/schema.prisma': 'x' }), {}],
    ['another compiler', async () => undefined, { CC: 'clang' }],
    ["another setting of the user's", ({ home }) => appendFile(join(home, '.npmrc'), 'omit=dev\n'), {}],
  ])('is not put back for %s', async (_, change, environment) => {
    const { job, keep, again } = await setting(tools, { 'package.json': manifest() });
    await keep();
    await change(job);
    const log = await again({}, { environment: environment ?? {} });
    expect(log).toMatch(/^installed tree: no entry of this very install yet$/m);
    expect(log).toMatch(/^install: npm ci, /m);
  });

  it('is put back after a change of what no install reads', async () => {
    const { job, keep, again } = await setting(tools, { 'package.json': manifest() });
    await keep();
    await addFiles(job.workspace, { 'package.json': manifest({ scripts: { test: 'node --test' } }), 'src/a.js': '' });
    expect(await again()).toMatch(restored);
  });

  it('takes the place of what lies there, as an install does', async () => {
    const { job, keep, again } = await setting(tools, { 'package.json': manifest() });
    await keep();
    await addFiles(job.workspace, { 'node_modules/stale/index.js': '', 'node_modules/left/index.js': 'changed' });
    expect(await again()).toMatch(restored);
    expect(await readdir(join(job.workspace, 'node_modules'))).not.toContain('stale');
    expect(await readFile(join(job.workspace, 'node_modules/left/index.js'), 'utf8')).toBe('module.exports = 1\n');
  });

  it('has patches in it, and another patch makes another tree', async () => {
    const patch = (value: number) =>
      `--- a/node_modules/left/index.js\n+++ b/node_modules/left/index.js\n@@ -1 +1 @@\n-module.exports = 1\n+module.exports = ${value}\n`;
    const { job, keep, again } = await setting(tools, {
      'package.json': manifest({
        scripts: { postinstall: 'patch-package' },
        dependencies: { left: '1.0.0', 'patch-package': '8.0.0' },
      }),
      'patches/left+1.0.0.patch': patch(41),
    });
    const index = join(job.workspace, 'node_modules/left/index.js');
    await keep();
    await rm(join(job.workspace, 'node_modules'), { recursive: true });
    expect(await again()).toMatch(restored);
    expect(await readFile(index, 'utf8')).toBe('module.exports = 41\n');
    await writeFile(join(job.workspace, 'patches/left+1.0.0.patch'), patch(42));
    expect(await again()).toMatch(/^install: npm ci/m);
    expect(await readFile(index, 'utf8')).toBe('module.exports = 42\n');
  });

  it('has patches of pnpm in it, and another patch makes another tree', async () => {
    const patch = (value: number) =>
      `diff --git a/index.js b/index.js\n--- a/index.js\n+++ b/index.js\n@@ -1 +1 @@\n-module.exports = 1\n+module.exports = ${value}\n`;
    const files = {
      'package.json': manifest({ packageManager: `pnpm@${REAL.pnpm}` }),
      'pnpm-workspace.yaml': 'patchedDependencies:\n  left@1.0.0: patches/left.patch\n',
      'patches/left.patch': patch(41),
    };
    const { job, keep, again } = await setting(tools, files, { kind: 'pnpm' });
    await keep();
    await rm(join(job.workspace, 'node_modules'), { recursive: true });
    expect(await again()).toMatch(restored);
    expect(await readFile(join(job.workspace, 'node_modules/left/index.js'), 'utf8')).toBe('module.exports = 41\n');
    await writeFile(join(job.workspace, 'patches/left.patch'), patch(42));
    const { exitCode, log } = await job.run({ cache: 'false' }, { environment: pullRequest });
    // pnpm's lockfile has the patch's hash, too.
    expect(log).toContain('PIPE-SETUP-030');
    expect(exitCode).toBe(1);
  });
});

describe('what is not safe is installed, and the log says why:', () => {
  it.each<[string, object, RegExp]>([
    [
      'a script of the project',
      { scripts: { prepare: 'node build.js' } },
      /not safe here, "package\.json" runs a script at every install \(`prepare`: "node build\.js"\)/,
    ],
    [
      'a script behind a known one',
      { scripts: { postinstall: 'patch-package && node gen.js' } },
      /not safe here, "package\.json" runs a script/,
    ],
  ])('%s', async (_, more, expected) => {
    const { keep, again } = await setting(tools, { 'package.json': manifest(more), 'build.js': '', 'gen.js': '' });
    const first = await keep({ install: '--ignore-scripts' });
    expect(first).toMatch(expected);
    expect(first).not.toContain('installed tree: saved');
    expect(await again({ install: '--ignore-scripts' })).toMatch(/^install: npm ci/m);
  });

  it('a script of a package of the workspace', async () => {
    const { keep } = await setting(tools, {
      'package.json': manifest({ workspaces: ['packages/*'] }),
      'packages/a/package.json': '{"name":"a","version":"1.0.0","scripts":{"postinstall":"node x.js"}}',
      'packages/a/x.js': '',
    });
    expect(await keep()).toMatch(/not safe here, "packages\/a\/package\.json" runs a script at every install/);
  });

  it('a package from a folder', async () => {
    const { keep } = await setting(tools, {
      'package.json': manifest({ dependencies: { own: 'file:./own' } }),
      'own/package.json': '{"name":"own","version":"1.0.0"}',
    });
    expect(await keep()).toMatch(/not safe here, "package\.json" installs "own" from "file:\.\/own"/);
  });

  it.each([
    ['in the repository', (job: Job) => join(job.workspace, 'generated/client.js'), 'generated'],
    ['in the home folder', (job: Job) => join(job.home, '.cache/Browser/1.0/program'), '~/.cache'],
  ])('a script of a package that writes %s', async (_, to, named) => {
    const { job, keep, again } = await setting(tools, {
      'package.json': manifest({ dependencies: { writes: '1.0.0' } }),
    });
    const environment = { WRITES_TO: to(job) };
    const log = await keep({}, { environment });
    expect(log).toContain(`installed tree: not kept, the install also wrote ${named}`);
    expect(log).not.toContain('installed tree: saved');
    await rm(to(job));
    const second = await again({}, { environment });
    expect(second).toMatch(/^install: npm ci/m);
    expect(await readFile(to(job), 'utf8')).toBe('x');
  });

  it('a tree that a later step has changed', async () => {
    const { job, again, environment } = await setting(tools, { 'package.json': manifest() });
    expect((await job.run({}, { environment })).exitCode).toBe(0);
    await appendFile(join(job.workspace, 'node_modules/left/index.js'), '// evil\n');
    const post = await job.run({}, { environment, phase: 'post' });
    expect(post.log).toContain('installed tree: not saved, node_modules/left/index.js was changed after the install');
    expect(await again()).toMatch(/^install: npm ci/m);
  });
});

describe('what later steps add to the tree', () => {
  it('is not part of the entry', async () => {
    const { job, again, environment } = await setting(tools, { 'package.json': manifest() });
    expect((await job.run({}, { environment })).exitCode).toBe(0);
    await addFiles(job.workspace, { 'node_modules/.cache/tool/state.json': '{}' });
    const post = await job.run({}, { environment, phase: 'post' });
    expect(post.log).toContain('installed tree: saved in');
    expect(await again()).toMatch(restored);
    expect(await readdir(join(job.workspace, 'node_modules'))).not.toContain('.cache');
  });
});

describe('a job that delivers, or holds credentials, installs:', () => {
  it.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>, string]>([
    ['a push', { GITHUB_EVENT_NAME: 'push' }, {}, 'only for pull requests and the merge queue'],
    ['a release', { GITHUB_EVENT_NAME: 'release' }, {}, 'only for pull requests and the merge queue'],
    [
      'pull_request_target',
      { GITHUB_EVENT_NAME: 'pull_request_target' },
      {},
      'only for pull requests and the merge queue',
    ],
    [
      'identity tokens',
      { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x.example' },
      {},
      'this job can ask for identity tokens',
    ],
    ['a token for packages', {}, { 'npm-token': TOKEN }, 'this job has `npm-token`'],
    ['switched off', {}, { 'warm-install': 'never' }, 'switched off'],
    ['no cache at all', {}, { cache: 'false' }, 'switched off'],
  ])('%s', async (_, environment, inputs, reason) => {
    const { keep, again } = await setting(tools, { 'package.json': manifest() });
    await keep();
    const log = await again(inputs, { environment });
    expect(log).toContain(`installed tree: ${reason === 'switched off' ? 'off, ' : ''}${reason}`);
    expect(log).toMatch(/^install: npm ci/m);
  });

  it('unless somebody bears it everywhere', async () => {
    const { keep, again } = await setting(tools, { 'package.json': manifest() });
    await keep();
    const log = await again({ 'warm-install': 'always' }, { environment: { GITHUB_EVENT_NAME: 'push' } });
    expect(log).toMatch(restored);
  });
});
