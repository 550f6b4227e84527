import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runWorkflow } from '../../src/local/run.ts';
import { root } from '../../tools/install/root.ts';
import { exampleProject, GREEN, npmProject } from '../support/project.ts';
import { machine } from '../support/run-dist.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** Runs what `npm start` runs. */
function start(...args: string[]): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'dist/local.js'), ...args], {
      cwd: root,
      env: machine(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
    child.once('close', (status) => resolve({ status, output }));
  });
}

describe('npm start', () => {
  it('is green on the example and shows the table', async () => {
    const { status, output } = await start('--project', await exampleProject('node-service'));
    expect(status, output).toBe(0);
    for (const line of ['setup', 'format', 'lint', 'typecheck', 'test', 'build']) {
      expect(output).toMatch(new RegExp(`│ ${line} +│ ✅\\sdone`));
    }
  });

  it('is red with a failing test in the example, and names its file and line', async () => {
    const test = `import { expect, it } from 'vitest';

it('counts to three', () => {
  expect(1 + 1).toBe(3);
});
`;
    const { status, output } = await start(
      '--project',
      await exampleProject('node-service', { 'test/added.test.ts': test }),
    );
    expect(status).toBe(1);
    expect(output).toMatch(/error +test\/added\.test\.ts:4:\d+/);
    expect(output).toMatch(/Not done: test failed/);
  });
});

/** A workspace of npm: what is shared has to be built before those that use it can be checked. */
async function workspace(): Promise<string> {
  const uses = `node -e "require('@shop/shared')"`;
  const packages = {
    'packages/shared': { build: `node -e "require('fs').writeFileSync('built.js', '')"`, test: GREEN },
    'apps/backend': { typecheck: uses, test: uses },
    'apps/frontend': { typecheck: uses, build: uses },
  };
  const nameOf = (folder: string) => folder.replace(/^\w+/, '@shop');
  const files = Object.entries(packages).map(([folder, scripts]) => {
    const dependencies = folder === 'packages/shared' ? {} : { '@shop/shared': '1.0.0' };
    const manifest = { name: nameOf(folder), version: '1.0.0', private: true, main: 'built.js', scripts, dependencies };
    return [`${folder}/package.json`, JSON.stringify(manifest)] as const;
  });
  const root = { name: 'shop', version: '1.0.0', workspaces: ['packages/*', 'apps/*'] };
  const links = Object.keys(packages).flatMap((folder) => [
    [folder, { name: nameOf(folder), version: '1.0.0' }],
    [`node_modules/${nameOf(folder)}`, { resolved: folder, link: true }],
  ]);
  const lock = {
    name: 'shop',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: { '': root, ...Object.fromEntries(links) },
  };
  return npmProject(undefined, {
    ...Object.fromEntries(files),
    'package.json': JSON.stringify({ ...root, private: true }),
    'package-lock.json': JSON.stringify(lock),
    '.gitignore': 'node_modules/\nbuilt.js\n',
  });
}

describe('a workspace', () => {
  it('is checked package by package, in the order of its dependencies', async () => {
    const cacheFolder = await temporaryFolder();
    const result = await runWorkflow({ bundle: root, project: await workspace(), workflow: 'check.yml', cacheFolder });
    expect(result.exitCode, result.log).toBe(0);
    const ended = [...result.log.matchAll(/^.*passed (\S+:\S+) \(/gm)].map((match) => match[1] ?? '');
    const users = ['apps/backend:typecheck', 'apps/backend:test', 'apps/frontend:build'];
    expect(ended).toEqual(expect.arrayContaining(['packages/shared:build', 'packages/shared:test', ...users]));
    for (const user of users) expect(ended.indexOf('packages/shared:build')).toBeLessThan(ended.indexOf(user));
  });

  it('is checked for one package, with the builds of those that it depends on', async () => {
    const cacheFolder = await temporaryFolder();
    const inputs = { 'working-directory': 'apps/backend' };
    const options = { bundle: root, project: await workspace(), workflow: 'check.yml', inputs, cacheFolder };
    const result = await runWorkflow(options);
    expect(result.exitCode, result.log).toBe(0);
    expect(result.log).toMatch(/passed packages\/shared:build/);
    expect(result.log).not.toContain('frontend:build');
  });
});

describe('two calls in one caller', () => {
  it('do not collide: each has its own comment, also when they run again', async () => {
    const caller = `
on: pull_request
permissions: {}
jobs:
  one:
    uses: org/pipelines/.github/workflows/check.yml@v1
    permissions: {actions: read, contents: read, pull-requests: write}
    with: {working-directory: one}
  two:
    uses: org/pipelines/.github/workflows/check.yml@v1
    permissions: {actions: read, contents: read, pull-requests: write}
    with: {working-directory: two}
`;
    const manifest = (name: string) =>
      JSON.stringify({ name, version: '1.0.0', private: true, scripts: { test: 'node -e 0' } });
    const lock = (name: string) =>
      JSON.stringify({
        name,
        version: '1.0.0',
        lockfileVersion: 3,
        requires: true,
        packages: { '': { name, version: '1.0.0' } },
      });
    const project = await npmProject(undefined, {
      '.github/workflows/ci.yml': caller,
      'one/package.json': manifest('one'),
      'one/package-lock.json': lock('one'),
      'two/package.json': manifest('two'),
      'two/package-lock.json': lock('two'),
    });
    const options = {
      bundle: root,
      project,
      caller: '.github/workflows/ci.yml',
      event: { name: 'pull_request' as const },
      cacheFolder: await temporaryFolder(),
    };
    const first = await runWorkflow(options);
    expect(first.exitCode, first.log).toBe(0);
    expect(first.comments.map(({ body }) => /folder=(\w+)/.exec(body)?.[1]).sort()).toEqual(['one', 'two']);
    const second = await runWorkflow({
      ...options,
      runId: 1_000_000_002,
      comments: first.comments.map(({ body, author }) => ({ body, author })),
    });
    expect(second.comments.map(({ updates }) => updates)).toEqual([1, 1]);
    const older = await runWorkflow({
      ...options,
      runId: 999_999_999,
      comments: first.comments.map(({ body, author }) => ({ body, author })),
    });
    expect(older.comments.map(({ updates }) => updates)).toEqual([0, 0]);
  });
});
