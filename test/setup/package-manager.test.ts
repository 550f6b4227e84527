import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { versionForLockfile } from '../../src/setup/manager.ts';
import { findProject, lesserRequest } from '../../src/setup/package-manager.ts';
import { foldersUp } from '../../src/setup/version-files.ts';
import { faultsOf, workspaceWith } from './workspace.ts';

const HASH = 'a'.repeat(128);
const manifest = (fields: unknown) => JSON.stringify(fields);
const npmProject = { 'package.json': '{}', 'package-lock.json': '{}' };
const pnpmProject = { 'package.json': '{}', 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" };

interface Given {
  readonly directory?: string;
  readonly input?: string;
  readonly installs?: boolean;
}

async function find(files: Readonly<Record<string, string>>, { directory = '.', input, installs = true }: Given = {}) {
  const workspace = await workspaceWith(files);
  const project = await findProject({
    workspace,
    folders: foldersUp(workspace, join(workspace, directory)),
    input,
    installs,
  });
  const { name, version, source, hash } = project.request;
  return {
    name,
    version,
    source,
    hash,
    lockfile: project.lockfile?.place,
    release: project.release,
    folder: project.folder.slice(workspace.length + 1),
  };
}

describe('the package manager', () => {
  it.each([
    [
      'the input',
      { ...npmProject, ...pnpmProject, 'package.json': manifest({ packageManager: 'npm@11.0.0' }) },
      { input: 'pnpm@10' },
      'pnpm',
      'the input `package-manager`',
    ],
    [
      'packageManager',
      {
        ...pnpmProject,
        'package.json': manifest({ packageManager: 'pnpm@10.1.0', devEngines: { packageManager: { name: 'npm' } } }),
      },
      {},
      'pnpm',
      'package.json (packageManager)',
    ],
    [
      'devEngines',
      {
        ...pnpmProject,
        'package.json': manifest({ devEngines: { packageManager: { name: 'pnpm', version: '^10' } } }),
      },
      {},
      'pnpm',
      'package.json (devEngines.packageManager)',
    ],
    [
      'a list in devEngines',
      {
        ...npmProject,
        'package.json': manifest({
          devEngines: { packageManager: [{ name: 'yarn' }, { name: 'npm', version: '>=10', onFail: 'ignore' }] },
        }),
      },
      {},
      'npm',
      'package.json (devEngines.packageManager)',
    ],
    ['the lockfile of npm', npmProject, {}, 'npm', 'package-lock.json'],
    [
      'a shrinkwrap, which npm prefers',
      { ...npmProject, 'npm-shrinkwrap.json': '{}' },
      {},
      'npm',
      'npm-shrinkwrap.json',
    ],
    ['the lockfile of pnpm', pnpmProject, {}, 'pnpm', 'pnpm-lock.yaml'],
  ])('is decided by %s', async (_, files: Record<string, string>, given, name, source) => {
    expect(await find(files, given)).toMatchObject({ name, source });
  });

  it('of a package in a workspace is that of the root, where the install runs', async () => {
    const files = { ...pnpmProject, 'apps/api/package.json': '{}' };
    expect(await find(files, { directory: 'apps/api' })).toMatchObject({
      name: 'pnpm',
      lockfile: 'pnpm-lock.yaml',
      folder: '',
    });
  });

  it('of a project of its own inside the repository is its own', async () => {
    const files = { ...pnpmProject, 'tools/package.json': '{}', 'tools/package-lock.json': '{}' };
    expect(await find(files, { directory: 'tools' })).toMatchObject({ name: 'npm', folder: 'tools' });
  });

  it('keeps the version and hash of packageManager when the input names only the manager', async () => {
    const files = { ...pnpmProject, 'package.json': manifest({ packageManager: `pnpm@10.1.0+sha512.${HASH}` }) };
    expect(await find(files, { input: 'pnpm' })).toMatchObject({
      version: '10.1.0',
      hash: { algorithm: 'sha512', hex: HASH },
      source: 'the input `package-manager` and package.json (packageManager)',
    });
  });

  it('is npm without an install where nothing says otherwise', async () => {
    expect(await find({ 'package.json': '{}' }, { installs: false })).toMatchObject({
      name: 'npm',
      lockfile: undefined,
    });
    expect(await find({}, { installs: false })).toMatchObject({ name: 'npm' });
  });

  it.each([
    ['pnpm@10.1.0', '10.1.0'],
    [`pnpm@10.1.0+sha512.${HASH}`, '10.1.0'],
    [`pnpm@10.1.0+sha224.${'b'.repeat(56)}`, '10.1.0'],
    ['pnpm@11.0.0-rc.1', '11.0.0-rc.1'],
  ])('takes %s in packageManager', async (packageManager, version) => {
    expect(await find({ ...pnpmProject, 'package.json': manifest({ packageManager }) })).toMatchObject({ version });
  });

  it.each([
    'pnpm',
    'pnpm@10',
    'pnpm@^10.0.0',
    'pnpm@latest',
    'pnpm@https://registry.example.com/pnpm.tgz',
    `pnpm@10.1.0+sha512.${'a'.repeat(64)}`,
    `pnpm@10.1.0+sha512.${'A'.repeat(128)}`,
    `pnpm@10.1.0+md5.${'a'.repeat(32)}`,
    'cnpm@1.0.0',
    'pnpm@10.1.0\n::set-output name=a::b',
    'pnpm@10.1.0\u0000',
    'pnpm@$(id)',
    'pnpm@../../etc',
    `pnpm@${'1'.repeat(120_000)}`,
    42,
    ['pnpm@10.1.0'],
    null,
  ])('refuses %j in packageManager with a code', async (packageManager) => {
    const message = await faultsOf(find({ ...pnpmProject, 'package.json': manifest({ packageManager }) }));
    expect(message).toContain('ConfigurationError PIPE-SETUP-010');
    expect(message.length).toBeLessThan(1_000);
    expect(message).not.toMatch(/[\u0000-\u001f]/);
  });

  it.each([
    ['yarn in packageManager', { 'package.json': manifest({ packageManager: 'yarn@4.1.0' }), 'yarn.lock': '' }, 'yarn'],
    [
      'bun in devEngines',
      { 'package.json': manifest({ devEngines: { packageManager: { name: 'bun' } } }), 'bun.lock': '{}' },
      'bun',
    ],
    ['a yarn.lock', { 'package.json': '{}', 'yarn.lock': '' }, 'yarn'],
    ['a bun.lock', { 'package.json': '{}', 'bun.lock': '' }, 'bun'],
    ['a bun.lockb', { 'package.json': '{}', 'bun.lockb': '' }, 'bun'],
  ])('is known by %s', async (_, files: Record<string, string>, name) => {
    expect(await find(files)).toMatchObject({ name });
  });
});

describe("a project's own release of Yarn", () => {
  const yarn = { 'package.json': '{}', 'yarn.lock': '' };

  it.each([
    ['.yarnrc.yml', 'yarnPath: .yarn/releases/yarn-4.5.3.cjs\n', '.yarn/releases/yarn-4.5.3.cjs', '4.5.3'],
    ['.yarnrc.yml', 'yarnPath: ./tools/yarn-3.8.7.js\n', 'tools/yarn-3.8.7.js', '3.8.7'],
    ['.yarnrc', 'yarn-path ".yarn/releases/yarn-1.22.19.cjs"\n', '.yarn/releases/yarn-1.22.19.cjs', '1.22.19'],
  ])('is known by %s: %j', async (file, text, place, version) => {
    expect((await find({ ...yarn, [file]: text, [place]: '' })).release).toMatchObject({ place, version });
  });

  it.each(['.yarn/releases/yarn-4.5.3.cjs', '../outside.cjs', '../../../../../outside.cjs'])(
    'that is not in the repository is an error with a code: %s',
    async (path) => {
      const message = await faultsOf(find({ ...yarn, '.yarnrc.yml': `yarnPath: ${path}\n` }));
      expect(message).toContain('ConfigurationError PIPE-SETUP-011');
    },
  );

  it('is passed over where its name has no version, and where the settings are no YAML', async () => {
    const unnamed = { ...yarn, '.yarnrc.yml': 'yarnPath: bin/yarn.cjs\n', 'bin/yarn.cjs': '' };
    expect((await find(unnamed)).release).toBeUndefined();
    expect((await find({ ...yarn, '.yarnrc.yml': '{: -' })).release).toBeUndefined();
  });
});

describe('the lockfile', () => {
  it('missing is an error that names the command to write one', async () => {
    expect(await faultsOf(find({ 'package.json': '{}' }))).toMatch(/PIPE-SETUP-013.*`npm install --package-lock-only`/);
    const pnpm = { 'package.json': manifest({ packageManager: 'pnpm@10.1.0' }) };
    expect(await faultsOf(find(pnpm))).toMatch(/PIPE-SETUP-013.*`pnpm install --lockfile-only`/);
    const yarn = { 'package.json': manifest({ packageManager: 'yarn@4.1.0' }) };
    expect(await faultsOf(find(yarn))).toMatch(/PIPE-SETUP-013.*`yarn install`/);
  });

  it.each([
    ['without packageManager', '{}'],
    ['even with packageManager', manifest({ packageManager: 'pnpm@10.1.0' })],
  ])('of two managers is an error that names both, %s', async (_, packageJson) => {
    const message = await faultsOf(find({ ...npmProject, ...pnpmProject, 'package.json': packageJson }));
    expect(message).toContain('PIPE-SETUP-012');
    expect(message).toContain('"package-lock.json" and "pnpm-lock.yaml"');
  });

  it('of two managers is one when the caller says which counts', async () => {
    expect(await find({ ...npmProject, ...pnpmProject }, { input: 'npm' })).toMatchObject({
      lockfile: 'package-lock.json',
    });
  });

  it('of another manager than package.json asks for is an error', async () => {
    const files = { ...npmProject, 'package.json': manifest({ packageManager: 'pnpm@10.1.0' }) };
    expect(await faultsOf(find(files))).toMatch(/PIPE-SETUP-014.*asks for pnpm, but the lockfile is npm's/);
  });

  it('is not missed where there is nothing to install', async () => {
    expect(await faultsOf(find({}))).toContain('PIPE-SETUP-016');
    expect(await faultsOf(find({ 'package.json': '{}' }, { installs: false }))).toBe('no failure');
  });
});

describe('the version that nobody asks for', () => {
  it.each([
    ["lockfileVersion: '9.0'\n", undefined, '10'],
    ["lockfileVersion: '9.0'\n", '11.2.0', '11.2.0'],
    ["lockfileVersion: '9.0'\n", '8.1.0', '10'],
    ["lockfileVersion: '6.0'\n", undefined, '8'],
    ['lockfileVersion: 5.4\n', '10.0.0', '7'],
    ['lockfileVersion: 5.3\n', undefined, '6'],
    ['no lockfile at all', undefined, '10'],
  ])('of pnpm follows the lockfile %j (on PATH: %s)', (lockfile, own, version) => {
    expect(versionForLockfile('pnpm', lockfile, own).version).toBe(version);
  });

  it('of npm is whatever comes with Node', () => {
    expect(versionForLockfile('npm', '{}', '11.0.0').version).toBe('*');
  });

  it('is asked for by volta before engines, and by nothing that is not a range', async () => {
    const both = { file: 'package.json', fields: { volta: { npm: '10.2.0' }, engines: { npm: '>=9', pnpm: 'any' } } };
    expect(await lesserRequest('npm', [both])).toEqual({ version: '10.2.0', source: 'package.json (volta.npm)' });
    expect(await lesserRequest('pnpm', [both])).toBeUndefined();
  });
});
