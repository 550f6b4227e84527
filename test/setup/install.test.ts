import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { explainFailure } from '../../src/setup/install-failures.ts';
import type { ManagerInstallation } from '../../src/setup/manager-source.ts';
import { startRegistry } from '../support/registry/registry.ts';
import type { Answer, SeenRequest, TestServer } from '../support/registry/server.ts';
import { tarGz } from '../support/registry/tar.ts';
import { installIn, lockedProject, manager, nameOf, packages, type Runner, runner } from './installation.ts';
import { addFiles, workspaceWith } from './workspace.ts';

const kinds = ['npm', 'pnpm', 'nativePnpm', 'classicYarn', 'oldYarn', 'yarn', 'bun', 'oldBun'] as const;
type Kind = (typeof kinds)[number];
const installed: Partial<Record<Kind, ManagerInstallation>> = {};
let tools: string;
beforeAll(async () => {
  tools = await mkdtemp(join(tmpdir(), 'setup-managers-'));
  for (const kind of kinds) installed[kind] = await manager(kind, tools);
});
afterAll(() => rm(tools, { recursive: true }));

function by(kind: Kind): ManagerInstallation {
  const found = installed[kind];
  if (found === undefined) throw new Error(`${kind} is not there`);
  return found;
}

const manifest = (more: object = {}) => {
  return JSON.stringify({ name: 'project', version: '1.0.0', private: true, dependencies: { left: '1.0.0' }, ...more });
};

let registry: TestServer;
let fault: ((request: SeenRequest) => Answer | undefined) | undefined;
const locked: Partial<Record<Kind, Buffer>> = {};
beforeAll(async () => {
  registry = await startRegistry({ packages, fault: (request) => fault?.(request) });
});
afterAll(() => registry.close());

/** A project with its lockfile; after this the registry has the fault. */
async function project(kind: Kind, broken?: typeof fault) {
  fault = undefined;
  onTestFinished(() => {
    fault = undefined;
  });
  const at = await runner(registry.url);
  const name = lockfileOf(kind);
  locked[kind] ??= await lockfileOfProject(kind, at);
  const folder = await workspaceWith({ ...SETTINGS, 'package.json': manifest(), [name]: locked[kind] ?? '' });
  fault = broken;
  return { at, folder, registry };
}

/** Yarn's other linker has tests of its own. */
const SETTINGS = { '.yarnrc.yml': 'nodeLinker: node-modules\n' };

async function lockfileOfProject(kind: Kind, at: Runner): Promise<Buffer> {
  const folder = await lockedProject(by(kind), { ...SETTINGS, 'package.json': manifest() }, at, registry.url);
  return readFile(join(folder, lockfileOf(kind)));
}

type Project = Awaited<ReturnType<typeof project>>;

async function install(kind: Kind, { at, folder, registry }: Project, args: readonly string[] = []) {
  const { outcome, log, store } = await installIn(folder, by(kind), at, { registry: registry.url, args });
  const error = 'error' in outcome ? outcome.error : undefined;
  return { outcome, error, lines: 'error' in outcome ? outcome.lines : [], log, store };
}

const LOCKFILES = { npm: 'package-lock.json', pnpm: 'pnpm-lock.yaml', yarn: 'yarn.lock', bun: 'bun.lock' } as const;
const lockfileOf = (kind: Kind) => (kind === 'oldBun' ? 'bun.lockb' : LOCKFILES[nameOf(kind)]);

const COMMANDS: Partial<Record<Kind, string>> = {
  npm: 'npm ci',
  classicYarn: 'yarn install --frozen-lockfile --non-interactive',
  oldYarn: 'yarn install --immutable',
  yarn: 'yarn install --immutable',
  bun: 'bun install --frozen-lockfile',
  oldBun: 'bun install --frozen-lockfile',
};

describe.each(kinds)('a frozen install with %s', (kind) => {
  it('installs what the lockfile names, says how much, and changes no file', async () => {
    const setting = await project(kind);
    const before = await readFile(join(setting.folder, lockfileOf(kind)));
    const { outcome, log } = await install(kind, setting);
    // Yarn does not say how many.
    expect(outcome, log).toMatchObject({ packages: nameOf(kind) === 'yarn' ? undefined : 1 });
    expect(await readFile(join(setting.folder, 'node_modules/left/index.js'), 'utf8')).toBe('module.exports = 1');
    expect(await readFile(join(setting.folder, lockfileOf(kind)))).toEqual(before);
    expect(log.split('\n')[0]).toBe(`# ${COMMANDS[kind] ?? 'pnpm install --frozen-lockfile'}`);
  });

  it('says where a lockfile disagrees with package.json, and how to make them agree', async () => {
    const setting = await project(kind);
    await addFiles(setting.folder, {
      'package.json': manifest({ dependencies: { left: '1.1.0', scripted: '1.0.0' } }),
    });
    const { error, lines } = await install(kind, setting);
    expect(error).toMatchObject({ name: 'ConfigurationError', code: 'PIPE-SETUP-030' });
    expect(error?.message).toContain('commit the lockfile');
    // Yarn 1 and bun do not say what differs.
    expect(lines.join('\n')).toContain(/^(?:classicYarn|bun|oldBun)$/.test(kind) ? 'lockfile' : 'scripted');
    expect(await readdir(setting.folder)).not.toContain('node_modules');
  });

  it('refuses a package that is not the one the lockfile names', async () => {
    const other = tarGz([{ path: 'package/package.json', content: '{"name":"left","version":"1.0.0"}' }]);
    const isLeft = (path: string) => path.endsWith('left-1.0.0.tgz');
    const setting = await project(kind, ({ path }) => (isLeft(path) ? { body: other } : undefined));
    const { error } = await install(kind, setting);
    expect(error).toMatchObject({ name: 'ProjectFailure', code: 'PIPE-SETUP-031' });
  });

  it('tells a registry that is down from a fault of the project', async () => {
    const setting = await project(kind, ({ path }) => (path.endsWith('.tgz') ? { status: 503 } : undefined));
    const { error } = await install(kind, setting);
    expect(error).toMatchObject({ name: 'OutsideFault', code: 'PIPE-SETUP-033' });
  });
});

describe.each(['npm', 'pnpm', 'nativePnpm', 'classicYarn'] as const)('a frozen install with %s', (kind) => {
  it('says that the project does not accept this Node', async () => {
    const setting = await project(kind);
    await addFiles(setting.folder, {
      'package.json': manifest({ engines: { node: '>=99' } }),
      '.npmrc': 'engine-strict=true\n',
      'pnpm-workspace.yaml': 'engineStrict: true\n',
    });
    const { error, lines } = await install(kind, setting);
    expect(error).toMatchObject({ name: 'ConfigurationError', code: 'PIPE-SETUP-034' });
    expect(lines.join('\n')).toContain('>=99');
  });
});

describe.each(['npm', 'nativePnpm', 'classicYarn', 'yarn', 'bun'] as const)('a frozen install with %s', (kind) => {
  it('tells a registry that is not there from a fault of the project', async () => {
    const setting = await project(kind);
    const nobody = await startRegistry({ packages });
    await nobody.close();
    const path = join(setting.folder, lockfileOf(kind));
    await writeFile(path, (await readFile(path, 'utf8')).replaceAll(registry.url, nobody.url));
    const yarn = `nodeLinker: node-modules\nnpmRegistryServer: ${nobody.url}\n`;
    await addFiles(setting.folder, { '.npmrc': `registry=${nobody.url}/\n`, '.yarnrc.yml': yarn });
    const { error } = await install(kind, setting);
    expect(error).toMatchObject({ name: 'OutsideFault', code: 'PIPE-SETUP-033' });
  });

  it('says that a package is not there or not for us', async () => {
    const setting = await project(kind, () => ({ status: 404, body: '{}' }));
    const { error, log } = await install(kind, setting);
    expect(error, log).toMatchObject({ name: 'ConfigurationError', code: 'PIPE-SETUP-032' });
  });

  it("gives a failing script as the project's own failure, with what it said", async () => {
    const setting = await project(kind);
    const script = 'node -e "console.error(\'connect ECONNREFUSED 127.0.0.1:5432\'); process.exit(3)"';
    await addFiles(setting.folder, { 'package.json': manifest({ scripts: { postinstall: script } }) });
    const { error, log } = await install(kind, setting);
    expect(error).toMatchObject({ name: 'ProjectFailure', code: 'PIPE-SETUP-035' });
    expect(log).toContain('connect ECONNREFUSED 127.0.0.1:5432');
  });

  it('runs no script with --ignore-scripts', async () => {
    const setting = await project(kind);
    await addFiles(setting.folder, { 'package.json': manifest({ scripts: { postinstall: 'exit 3' } }) });
    expect((await install(kind, setting, ['--ignore-scripts'])).error).toBeUndefined();
  });
});

describe.each(['pnpm', 'nativePnpm'] as const)('a frozen install with %s', (kind) => {
  it('uses the version that was chosen, also where packageManager names another', async () => {
    const setting = await project(kind);
    await addFiles(setting.folder, { 'package.json': manifest({ packageManager: 'pnpm@9.15.8' }) });
    const before = registry.requests.length;
    const { error } = await install(kind, setting);
    expect(error).toBeUndefined();
    expect(
      registry.requests
        .slice(before)
        .map(({ path }) => path)
        .filter((path) => path.startsWith('/pnpm')),
    ).toEqual([]);
  });

  it('says that the lockfile is broken or of another version', async () => {
    for (const content of ['{: -', "lockfileVersion: '5.4'\n", '<<<<<<< HEAD\n']) {
      const setting = await project(kind);
      await addFiles(setting.folder, { 'pnpm-lock.yaml': content });
      const { error } = await install(kind, setting);
      expect(error).toMatchObject({ name: 'ConfigurationError', code: 'PIPE-SETUP-015' });
    }
  });

  it('ends with a code for a YAML bomb in pnpm-workspace.yaml', async () => {
    const setting = await project(kind);
    const levels = [...'abcdefghij'].map((name, index, names) => {
      const inner = index === 0 ? 'x' : `*${names[index - 1]}`;
      return `${name}: &${name} [${Array(9).fill(inner).join(', ')}]`;
    });
    await addFiles(setting.folder, { 'pnpm-workspace.yaml': `${levels.join('\n')}\npackages: *j\n` });
    const { error } = await install(kind, setting);
    expect(error?.code).toBe('PIPE-SETUP-035');
    expect(error?.message.length).toBeLessThan(1_500);
  });
});

describe('pnpm 12', () => {
  it('says that build scripts are not approved', async () => {
    const at = await runner(registry.url);
    const files = { 'package.json': manifest({ dependencies: { scripted: '1.0.0' } }) };
    const folder = await lockedProject(by('nativePnpm'), files, at, registry.url);
    const { error } = await install('nativePnpm', { at, folder, registry });
    expect(error).toMatchObject({ name: 'ConfigurationError', code: 'PIPE-SETUP-036' });
    expect(error?.message).toContain('pnpm approve-builds');
  });
});

describe('npm', () => {
  it('does not install what somebody has put into its store', async () => {
    const setting = await project('npm');
    const { store = '' } = await install('npm', setting);
    const contents = await readdir(join(store, 'content-v2'), { recursive: true, withFileTypes: true });
    const files = contents.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    expect(files).not.toEqual([]);
    const manifestOfLeft = { path: 'package/package.json', content: '{"name":"left","version":"1.0.0"}' };
    const poisoned = tarGz([manifestOfLeft, { path: 'package/index.js', content: 'module.exports = 666' }]);
    for (const file of files) await writeFile(file, poisoned);
    expect((await install('npm', setting)).error).toBeUndefined();
    expect(await readFile(join(setting.folder, 'node_modules/left/index.js'), 'utf8')).toBe('module.exports = 1');
  });

  it('says that the lockfile is not JSON', async () => {
    const setting = await project('npm');
    await addFiles(setting.folder, { 'package-lock.json': '<<<<<<< HEAD\n{}' });
    const { error } = await install('npm', setting);
    expect(error?.code).toMatch(/PIPE-SETUP-0(15|30)/);
    expect(error?.name).toBe('ConfigurationError');
  });
});

describe('hostile values in package.json', () => {
  it.each<[string, object]>([
    ['120 kB of name', { name: 'a'.repeat(120_000) }],
    ['a command in a version', { version: '$(touch owned)' }],
    ['newlines and workflow commands', { description: '\n::set-output name=a::b\n', name: 'a\n::error::b' }],
    ['a NUL byte', { name: 'a\u0000b' }],
    ['dependencies that are a text', { dependencies: '$(touch owned)' }],
    ['a path in a name', { dependencies: { '../../owned': '1.0.0' } }],
  ])('(%s) execute nothing and give a code or an install', async (_, more) => {
    const setting = await project('npm');
    await addFiles(setting.folder, { 'package.json': manifest(more) });
    const { error } = await install('npm', setting);
    if (error !== undefined) {
      expect(error.code).toMatch(/^PIPE-SETUP-03\d$/);
      expect(error.message).not.toMatch(/[\u0000-\u001f]/);
      expect(error.message.length).toBeLessThan(1_500);
    }
    expect(await readdir(setting.folder)).not.toContain('owned');
  });
});

describe('the reasons of a failure', () => {
  const failed = { command: 'npm ci', exitCode: 1, duration: 1_000 };

  it("are the package manager's last word, not what a script printed before", () => {
    const output =
      'npm error code ECONNREFUSED\nnpm error a script talking\nnpm error code 3\nnpm error command sh -c x\n';
    expect(explainFailure({ ...failed, dialect: 'npm', output }).error.code).toBe('PIPE-SETUP-035');
    const pnpm = ' ERR_PNPM_OUTDATED_LOCKFILE  said a script\n ELIFECYCLE  Command failed with exit code 3.\n';
    expect(explainFailure({ ...failed, dialect: 'pnpm', output: pnpm }).error.code).toBe('PIPE-SETUP-035');
  });

  it('are cut, without colours, and without the parts that help nobody', () => {
    const noise = Array.from({ length: 100 }, (_, index) => `npm error reason ${index} \u001b[31mred\u001b[0m`).join(
      '\n',
    );
    const output = `npm error code EUSAGE\n${noise}\nnpm error A complete log of this run can be found in: x\n`;
    const { lines, error } = explainFailure({ ...failed, dialect: 'npm', output });
    expect(lines).toHaveLength(12);
    expect(lines[0]).toBe('reason 0 red');
    expect(error.message.length).toBeLessThan(1_000);
  });

  it.each([
    ['E503', 'OutsideFault PIPE-SETUP-033'],
    ['E429', 'OutsideFault PIPE-SETUP-033'],
    ['EAI_AGAIN', 'OutsideFault PIPE-SETUP-033'],
    ['ERR_SOCKET_TIMEOUT', 'OutsideFault PIPE-SETUP-033'],
    ['E401', 'ConfigurationError PIPE-SETUP-032'],
    ['E403', 'ConfigurationError PIPE-SETUP-032'],
    ['EBADDEVENGINES', 'ConfigurationError PIPE-SETUP-034'],
    ['ENOSPC', 'ProjectFailure PIPE-SETUP-035'],
  ])('of npm with %s is %s', (code, expected) => {
    const { error } = explainFailure({ ...failed, dialect: 'npm', output: `npm error code ${code}\nnpm error why\n` });
    expect(`${error.name} ${error.code}`).toBe(expected);
  });

  it('are found where nothing was printed at all', () => {
    const { error, lines } = explainFailure({ ...failed, dialect: 'pnpm', output: '', exitCode: null });
    expect(error.message).toContain('was ended by a signal');
    expect(lines).toEqual([]);
  });
});
