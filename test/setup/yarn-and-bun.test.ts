import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { withPath } from '../../src/setup/programs.ts';
import { startRegistry } from '../support/registry/registry.ts';
import {
  lockedProject,
  type ManagerKind,
  manager,
  nameOf,
  packages,
  publishedAs,
  runner,
  SPY,
  TOKEN,
} from './installation.ts';
import { REAL } from './real-packages.ts';
import { startJob } from './run-action.ts';
import { addFiles } from './workspace.ts';

const run = promisify(execFile);

let tools: string;
beforeAll(async () => {
  tools = await mkdtemp(join(tmpdir(), 'setup-managers-'));
});
afterAll(() => rm(tools, { recursive: true }));

/** A registry with the package managers themselves, and a project of one with the lockfile that it writes. */
async function projectOf(kind: ManagerKind, files: Readonly<Record<string, string>>) {
  const published = await publishedAs(kind);
  const registry = await startRegistry({
    packages: [...packages, ...published],
    token: TOKEN,
    isPrivate: (name) => name.startsWith('@acme/'),
  });
  onTestFinished(() => registry.close());
  const at = await runner(registry.url);
  const by = await manager(kind, tools);
  const folder = await lockedProject(by, files, at, registry.url);
  const lockfile = nameOf(kind) === 'yarn' ? 'yarn.lock' : kind === 'oldBun' ? 'bun.lockb' : 'bun.lock';
  const job = await startJob(registry.url, {});
  await addFiles(job.home, {
    '.yarnrc.yml': `npmRegistryServer: ${registry.url}\nunsafeHttpWhitelist: [127.0.0.1]\n`,
  });
  await addFiles(job.workspace, { ...files, [lockfile]: await readFile(join(folder, lockfile)) });
  const environment = { YARN_CACHE_FOLDER: join(job.home, 'yarn-cache') };
  return { job, registry, environment };
}

/** What a project's own code sees after the install. */
async function inProject(folder: string, program: string, args: readonly string[], path: readonly string[]) {
  const env = withPath({ PATH: process.env['PATH'] ?? '', HOME: folder }, [join(process.execPath, '..'), ...path]);
  return (await run(program, [...args], { cwd: folder, env: withPath(env, path) })).stdout.trim();
}

const manifest = (more: object = {}) => {
  return JSON.stringify({ name: 'project', version: '1.0.0', private: true, dependencies: { left: '1.0.0' }, ...more });
};

describe.each(['classicYarn', 'oldYarn', 'yarn', 'oldBun', 'bun'] as const)('a project of %s', (kind) => {
  const name = nameOf(kind);
  const nodeModules = name === 'yarn' ? { '.yarnrc.yml': 'nodeLinker: node-modules\n' } : {};
  const spec = { packageManager: `${name}@${REAL[kind]}` };

  it('is installed by the version that it names, which the next steps find on PATH', async () => {
    const { job, environment } = await projectOf(kind, { ...nodeModules, 'package.json': manifest(spec) });
    const { exitCode, log, outputs, path } = await job.run({ cache: 'false' }, { environment });
    expect(exitCode, log).toBe(0);
    expect(log).toContain(`${name} ${REAL[kind]}: package.json (packageManager) asks for ${REAL[kind]}, downloaded`);
    expect(outputs['package-manager']).toBe(`${name}@${REAL[kind]}`);
    expect(path).toEqual([join(job.root, 'tools', name, REAL[kind], process.arch, 'bin')]);
    expect(await inProject(job.workspace, name, ['--version'], path)).toBe(REAL[kind]);
    expect(await readFile(join(job.workspace, 'node_modules/left/index.js'), 'utf8')).toBe('module.exports = 1');
  });

  it('installs its workspaces, with links between them', async () => {
    const { job, environment } = await projectOf(kind, {
      ...nodeModules,
      'package.json': manifest({ ...spec, workspaces: ['packages/*'] }),
      'packages/a/package.json': '{"name":"a","version":"1.0.0","main":"a.js"}',
      'packages/a/a.js': 'module.exports = "from a"',
      'packages/b/package.json': '{"name":"b","version":"1.0.0","dependencies":{"a":"1.0.0"}}',
    });
    const given = { cache: 'false', 'working-directory': 'packages/b' };
    const { exitCode, log } = await job.run(given, { environment });
    expect(exitCode, log).toBe(0);
    const said = await inProject(join(job.workspace, 'packages/b'), 'node', ['-p', 'require("a")'], []);
    expect(said).toBe('from a');
  });

  it('that disagrees with its lockfile is refused with the remedy', async () => {
    const { job, environment } = await projectOf(kind, { ...nodeModules, 'package.json': manifest(spec) });
    await addFiles(job.workspace, { 'package.json': manifest({ ...spec, dependencies: { left: '1.1.0' } }) });
    const { exitCode, log } = await job.run({ cache: 'false' }, { environment });
    expect(exitCode).toBe(1);
    expect(log).toContain('PIPE-SETUP-030: the lockfile does not agree with package.json');
  });
});

describe('a workspace of Yarn 1', () => {
  it('whose member disagrees with the lockfile is refused, which Yarn itself would pass over', async () => {
    const spec = { packageManager: `yarn@${REAL.classicYarn}`, workspaces: ['packages/*'] };
    const files = {
      'package.json': manifest(spec),
      'packages/a/package.json': '{"name":"a","version":"1.0.0","dependencies":{"left":"1.0.0"}}',
      'packages/b/package.json': '{"name":"b","version":"1.0.0","dependencies":{"a":"^1.0.0"}}',
    };
    const { job, environment } = await projectOf('classicYarn', files);
    expect((await job.run({ cache: 'false' }, { environment })).exitCode).toBe(0);
    await addFiles(job.workspace, {
      'packages/a/package.json': '{"name":"a","version":"1.0.0","dependencies":{"left":"^1.1.0"}}',
    });
    const { exitCode, log } = await job.run({ cache: 'false' }, { environment });
    expect(exitCode).toBe(1);
    expect(log).toContain('PIPE-SETUP-030');
    expect(log).toContain('left@^1.1.0 (packages/a/package.json)');
  });
});

describe("Plug'n'Play", () => {
  it.each(['oldYarn', 'yarn'] as const)('is installed by %s, and its programs find what they need', async (kind) => {
    const spec = { packageManager: `yarn@${REAL[kind]}`, scripts: { say: 'node say.cjs' } };
    const { job, environment } = await projectOf(kind, {
      'package.json': manifest(spec),
      'say.cjs': 'console.log(require("left"), require.resolve("left").includes(".zip"))',
    });
    const { exitCode, log, path } = await job.run({ cache: 'false' }, { environment });
    expect(exitCode, log).toBe(0);
    expect(await readdir(job.workspace)).toContain('.pnp.cjs');
    expect(await readdir(job.workspace)).not.toContain('node_modules');
    expect(await inProject(job.workspace, 'yarn', ['run', 'say'], path)).toBe('1 true');
  });
});

describe("a project's own release of Yarn", () => {
  it('is what installs, whatever packageManager says', async () => {
    const release = await projectRelease('yarn');
    const { job, environment } = await projectOf('yarn', {
      'package.json': manifest(),
      '.yarnrc.yml': `yarnPath: .yarn/releases/yarn-${REAL.yarn}.cjs\n`,
      [`.yarn/releases/yarn-${REAL.yarn}.cjs`]: release,
    });
    const { exitCode, log, outputs } = await job.run({ cache: 'false' }, { environment });
    expect(exitCode, log).toBe(0);
    expect(log).toContain(
      `yarn ${REAL.yarn}: the project brings it along, .yarn/releases/yarn-${REAL.yarn}.cjs, downloaded`,
    );
    expect(outputs['package-manager']).toBe(`yarn@${REAL.yarn}`);
  });
});

async function projectRelease(kind: ManagerKind): Promise<string> {
  const { folder } = await manager(kind, tools);
  return readFile(join(folder, 'yarn'), 'utf8');
}

describe('a lockfile without packageManager', () => {
  it.each([
    ['classicYarn', /yarn 1\.22\.22: yarn\.lock \(lockfile format 1;/],
    ['oldYarn', /yarn 3\.8\.7: yarn\.lock \(lockfile format 6;/],
    ['yarn', /yarn 4\.12\.0: yarn\.lock \(lockfile format 8;/],
    ['bun', /bun 1\.3\.5: bun\.lock \(no version is asked for/],
  ] as const)('chooses the version of %s that wrote it', async (kind, expected) => {
    const { job, environment } = await projectOf(kind, { 'package.json': manifest({ engines: { yarn: '>=1.22' } }) });
    const { exitCode, log } = await job.run({ cache: 'false' }, { environment });
    expect(exitCode, log).toBe(0);
    expect(log).toMatch(expected);
  });
});

describe('npm-token', () => {
  const spied = { scripts: { postinstall: 'node spy.cjs' }, dependencies: { '@acme/secret': '2.0.0' } };

  it('installs private packages from the binary lockfile of bun, read by a newer bun', async () => {
    const { job, environment } = await projectOf('oldBun', { 'package.json': manifest(spied), 'spy.cjs': SPY });
    const newer = await manager('bun', tools);
    const at = { ...withPath({ PATH: process.env['PATH'] ?? '' }, [newer.folder, join(process.execPath, '..')]) };
    const report = join(job.root, 'report');
    const { exitCode, log } = await job.run(
      { cache: 'false', 'npm-token': TOKEN },
      { environment: { ...environment, ...at, TEST_TEMP: job.temp, TEST_REPORT: report } },
    );
    expect(exitCode, log).toBe(0);
    expect(await readFile(join(job.workspace, 'node_modules/@acme/secret/index.js'), 'utf8')).toBe(
      'module.exports = 2',
    );
    // One script ran, and found the token nowhere.
    expect((await readFile(report, 'utf8')).trim()).toMatch(/^\w+$/);
  });

  it('is not missed by a project of Yarn whose settings name it, nor by the steps that follow', async () => {
    const { job, environment, registry } = await projectOf('yarn', {
      'package.json': manifest({ ...spied, packageManager: `yarn@${REAL.yarn}` }),
      '.yarnrc.yml': 'nodeLinker: node-modules\n',
      'spy.cjs': SPY,
    });
    const { host } = registry;
    await addFiles(job.workspace, {
      '.yarnrc.yml': `nodeLinker: node-modules\nnpmRegistries:\n  "//${host}":\n    npmAuthToken: \${NPM_TOKEN}\n`,
    });
    const report = join(job.root, 'report');
    const { exitCode, log } = await job.run(
      { cache: 'false', 'npm-token': TOKEN },
      { environment: { ...environment, TEST_TEMP: job.temp, TEST_REPORT: report } },
    );
    expect(exitCode, log).toBe(0);
    expect((await readFile(report, 'utf8')).trim()).toBe('postinstall');
    expect(await readFile(join(job.root, '1-env'), 'utf8')).toMatch(/^NPM_TOKEN/);
  });
});
