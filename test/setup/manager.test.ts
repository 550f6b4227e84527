import { createHash } from 'node:crypto';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHttp } from '../../src/runtime/http.ts';
import { capture } from '../../src/runtime/process.ts';
import type { ManagerName } from '../../src/setup/lockfiles.ts';
import { managerOnPath, provideManager } from '../../src/setup/manager.ts';
import type { ManagerSource } from '../../src/setup/manager-source.ts';
import type { StatedHash } from '../../src/setup/package-manager.ts';
import { withPath } from '../../src/setup/programs.ts';
import { configuredRegistry } from '../../src/setup/registry.ts';
import { type RegistrySettings, startRegistry } from '../support/registry/registry.ts';
import type { Answer } from '../support/registry/server.ts';
import { nameOf, publishedAs } from './installation.ts';
import { NATIVE_PACKAGE, REAL, realPackage } from './real-packages.ts';
import { addFiles, faultsOf, workspaceWith } from './workspace.ts';

const nodeFolder = join(process.execPath, '..');
const nodeVersion = process.versions.node;

async function source(settings: Partial<RegistrySettings> = {}, token?: string) {
  const temp = await workspaceWith();
  const server = await startRegistry({ packages: [], ...settings });
  onTestFinished(() => server.close());
  const http = createHttp({
    environment: {},
    service: 'the npm registry',
    code: 'PIPE-SETUP-018',
    wait: async () => undefined,
  });
  onTestFinished(() => http.close());
  const signal = new AbortController().signal;
  const cache = { root: join(temp, 'tools'), arch: process.arch };
  const client = { http, signal, registry: { url: server.url, token } };
  const environment = withPath({ PATH: '/usr/bin:/bin', HOME: temp }, [nodeFolder]);
  const from: ManagerSource = { cache, client, environment, platform: process.platform, node: nodeVersion };
  return { server, from, temp, root: cache.root };
}

type Source = Awaited<ReturnType<typeof source>>;

function provide({ from }: Source, name: ManagerName, version: string, hash?: StatedHash) {
  return provideManager({ name, version, reason: '' }, hash, undefined, async () => from, from);
}

async function versionSaidBy(folder: string, name: string, { from, temp }: Source): Promise<string> {
  const env = withPath(from.environment, [folder]);
  const { stdout } = await capture(join(folder, name), ['--version'], { cwd: temp, env });
  return stdout.trim();
}

describe('a downloaded package manager', () => {
  it.each([
    ['npm', REAL.npm, ['npm', 'npx']],
    ['pnpm', REAL.pnpm, ['pnpm', 'pnpx']],
    ['pnpm', REAL.oldPnpm, ['pnpm', 'pnpx']],
  ] as const)('runs: %s %s', async (name, version, programs) => {
    const setting = await source({ packages: [await realPackage(name, version)] });
    const found = await provide(setting, name, version);
    expect(found).toMatchObject({ name, version, origin: 'download' });
    expect(found.folder).toBe(join(setting.root, name, version, process.arch, 'bin'));
    expect(await versionSaidBy(found.folder, name, setting)).toBe(version);
    expect(await readdir(found.folder)).toEqual(programs);
    expect(await provide(setting, name, version)).toMatchObject({ origin: 'tool cache' });
  });

  it('runs where its program is in a package of its own (pnpm 12)', async () => {
    const packages = [await realPackage('pnpm', REAL.nativePnpm), await realPackage(NATIVE_PACKAGE, REAL.nativePnpm)];
    const setting = await source({ packages });
    const found = await provide(setting, 'pnpm', REAL.nativePnpm);
    expect(await versionSaidBy(found.folder, 'pnpm', setting)).toBe(REAL.nativePnpm);
    expect(await managerOnPath('pnpm', { PATH: found.folder }, setting.temp, setting.from.client.signal)).toMatchObject(
      {
        version: REAL.nativePnpm,
      },
    );
  });

  const small = (version: string, rest: object = {}) => ({
    name: 'pnpm',
    version,
    manifest: { bin: { pnpm: 'bin/pnpm.cjs' }, ...rest },
    files: { 'bin/pnpm.cjs': `#!/usr/bin/env node\nconsole.log('${version}')\n` },
  });

  it.each(['classicYarn', 'oldYarn', 'yarn', 'oldBun', 'bun'] as const)('runs: %s', async (kind) => {
    const setting = await source({ packages: await publishedAs(kind) });
    const name = nameOf(kind);
    const found = await provide(setting, name, REAL[kind]);
    expect(found).toMatchObject({ name, version: REAL[kind], origin: 'download' });
    expect(await versionSaidBy(found.folder, name, setting)).toBe(REAL[kind]);
    expect(await provide(setting, name, REAL[kind])).toMatchObject({ origin: 'tool cache' });
  });

  it('of Yarn since 2 is checked by the hash of its one file, as Corepack states it', async () => {
    const setting = await source({ packages: await publishedAs('yarn') });
    // Written by `corepack use yarn@4.12.0`.
    const hex =
      'f45ab632439a67f8bc759bf32ead036a1f413287b9042726b7cc4818b7b49e14e9423ba49b18f9e06ea4941c1ad062385b1d8760a8d5091a1a31e5f6219afca8';
    const stated: StatedHash = { algorithm: 'sha512', hex };
    expect(await provide(setting, 'yarn', REAL.yarn, stated)).toMatchObject({ origin: 'download' });
    expect(await provide(setting, 'yarn', REAL.yarn, stated)).toMatchObject({ origin: 'tool cache' });
    const other: StatedHash = { algorithm: 'sha512', hex: hex.replace(/^f/, '0') };
    expect(await faultsOf(provide(setting, 'yarn', REAL.yarn, other))).toContain('OutsideFault PIPE-SETUP-019');
  });

  it('of Yarn 1 is checked by the hash of its archive, as Corepack states it', async () => {
    const setting = await source({ packages: await publishedAs('classicYarn') });
    const hex =
      'a6b2f7906b721bba3d67d4aff083df04dad64c399707841b7acf00f6b133b7ac24255f2652fa22ae3534329dc6180534e98d17432037ff6fd140556e2bb3137e';
    const stated: StatedHash = { algorithm: 'sha512', hex };
    expect(await provide(setting, 'yarn', REAL.classicYarn, stated)).toMatchObject({ origin: 'download' });
    const other: StatedHash = { algorithm: 'sha512', hex: hex.replace(/^a/, '0') };
    expect(await faultsOf(provide(setting, 'yarn', REAL.classicYarn, other))).toContain('PIPE-SETUP-019');
  });

  it('is the newest in the range, and what the registry calls latest where that is in it', async () => {
    const setting = await source({
      packages: [small('10.1.0'), small('10.20.0'), small('10.3.0'), small('11.0.0-rc.1')],
    });
    expect(await provide(setting, 'pnpm', '^10')).toMatchObject({ version: '10.20.0' });
    const tagged = await source({ packages: [small('10.20.0'), small('10.3.0')] });
    expect(await provide(tagged, 'pnpm', '10')).toMatchObject({ version: '10.3.0' });
  });

  it('comes from the tool cache where a fitting one is there, without a request', async () => {
    const setting = await source({ packages: [small('10.20.0')] });
    const entry = `pnpm/10.9.0/${process.arch}`;
    await addFiles(setting.root, { [`${entry}/bin/pnpm`]: '', [`${entry}.complete`]: '' });
    expect(await provide(setting, 'pnpm', '10')).toMatchObject({ version: '10.9.0', origin: 'tool cache' });
    expect(setting.server.requests).toEqual([]);
  });

  it('is checked against the hash that the project states, also when it is in the tool cache already', async () => {
    const item = small('10.1.0');
    const setting = await source({ packages: [item] });
    await provide(setting, 'pnpm', '10.1.0');
    const address = `${setting.server.url}/pnpm/-/pnpm-10.1.0.tgz`;
    const archive = Buffer.from(await (await fetch(address)).arrayBuffer());
    const hex = (algorithm: string) => createHash(algorithm).update(archive).digest('hex');
    const right: StatedHash = { algorithm: 'sha224', hex: hex('sha224') };
    expect(await provide(setting, 'pnpm', '10.1.0', right)).toMatchObject({ origin: 'tool cache' });
    const wrong: StatedHash = {
      algorithm: 'sha512',
      hex: hex('sha512').replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    };
    const message = await faultsOf(provide(setting, 'pnpm', '10.1.0', wrong));
    expect(message).toContain('OutsideFault PIPE-SETUP-019');
    expect(message).toContain(`Given: ${hex('sha512')}`);
    expect(message).toContain(`Accepted: ${wrong.hex}`);
  });

  it('is not the one on PATH where the project states a hash that nobody checked there', async () => {
    const setting = await source({ packages: [small('10.1.0')] });
    const own = { name: 'pnpm', version: '10.1.0', folder: '/usr/bin', origin: 'runner' } as const;
    const wish = { name: 'pnpm', version: '10.1.0', reason: '' } as const;
    expect(await provideManager(wish, undefined, own, async () => setting.from, setting.from)).toBe(own);
    const stated: StatedHash = { algorithm: 'sha1', hex: '0'.repeat(40) };
    expect(await faultsOf(provideManager(wish, stated, own, async () => setting.from, setting.from))).toContain(
      'PIPE-SETUP-019',
    );
  });

  it.each<[string, object, string]>([
    [
      'an archive that the registry gives another hash for',
      { dist: { integrity: `sha512-${'A'.repeat(86)}==` } },
      'OutsideFault PIPE-SETUP-019',
    ],
    ['no SHA-512', { dist: { integrity: 'sha1-AAAA' } }, 'OutsideFault PIPE-SETUP-018'],
    ['no archive', { dist: { tarball: 'file:///etc/passwd' } }, 'OutsideFault PIPE-SETUP-018'],
    ['no program', { manifest: {} }, 'ConfigurationError PIPE-SETUP-021'],
    [
      'a program outside of it',
      { manifest: { bin: { pnpm: '../../../../../../bin/sh' } } },
      'ConfigurationError PIPE-SETUP-021',
    ],
    [
      'a name outside of it',
      { manifest: { bin: { '../../pnpm': 'bin/pnpm.cjs' } } },
      'ConfigurationError PIPE-SETUP-021',
    ],
    ['something that is no archive', { archive: Buffer.from('<html>') }, 'ConfigurationError PIPE-SETUP-021'],
  ])('is refused for %s, and leaves nothing in the tool cache', async (_, change, expected) => {
    const setting = await source({ packages: [{ ...small('10.1.0'), ...change }] });
    expect(await faultsOf(provide(setting, 'pnpm', '10.1.0'))).toContain(expected);
    expect(await readdir(setting.root).catch(() => [])).toEqual([]);
  });

  it.each<[string, Answer, string]>([
    ['is down', { status: 503 }, 'status 503, 4 tries'],
    ['asks for a sign-in', { status: 401 }, 'status 401, 1 try'],
    ['answers with a page', { body: '<html>' }, 'metadata that is not JSON'],
    ['answers with a list', { body: '[]' }, 'metadata that is not an object'],
    ['answers with nothing', { body: '{}' }, 'without a version'],
  ])('is an outside fault when the registry %s', async (_, answer, expected) => {
    const setting = await source({ packages: [small('10.1.0')], fault: () => answer });
    const message = await faultsOf(provide(setting, 'pnpm', '10.1.0'));
    expect(message).toContain('OutsideFault PIPE-SETUP-018');
    expect(message).toContain(expected);
  });

  it.each(['10.99.0', '^99'])('in a version that is not published (%s) is an error with a code', async (version) => {
    const setting = await source({ packages: [small('10.1.0')] });
    expect(await faultsOf(provide(setting, 'pnpm', version))).toContain('ConfigurationError PIPE-SETUP-017');
  });

  it('that does not run on the chosen Node is an error before anything is installed', async () => {
    const setting = await source({ packages: [small('11.0.0', { engines: { node: '>=99' } })] });
    const message = await faultsOf(provide(setting, 'pnpm', '11'));
    expect(message).toContain(`PIPE-SETUP-020: pnpm 11.0.0 does not run on Node ${nodeVersion}`);
  });

  it('is asked for with the token at its own registry, and nowhere else', async () => {
    const other = await startRegistry({ packages: [small('10.1.0')] });
    onTestFinished(() => other.close());
    const elsewhere = { ...small('10.1.0'), dist: { tarball: `${other.url}/pnpm/-/pnpm-10.1.0.tgz` } };
    const setting = await source({ packages: [elsewhere], isPrivate: () => true, token: 'tokenvalue' }, 'tokenvalue');
    expect(await provide(setting, 'pnpm', '10.1.0')).toMatchObject({ origin: 'download' });
    expect(setting.server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer tokenvalue']);
    expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });
});

describe('a package manager on PATH', () => {
  const signal = new AbortController().signal;

  it('is known by the package that it belongs to, without being started', async () => {
    const temp = await workspaceWith({
      'lib/pnpm/package.json': '{"name":"pnpm","version":"10.2.3"}',
      'path/none': '',
    });
    await mkdir(join(temp, 'lib/pnpm/bin'));
    await writeFile(join(temp, 'lib/pnpm/bin/pnpm.cjs'), '#!/bin/sh\ntouch started\n', { mode: 0o755 });
    await symlink('../lib/pnpm/bin/pnpm.cjs', join(temp, 'path/pnpm'));
    expect(await managerOnPath('pnpm', { PATH: join(temp, 'path') }, temp, signal)).toMatchObject({
      version: '10.2.3',
      origin: 'runner',
    });
    expect(await readdir(temp)).toEqual(['lib', 'path']);
  });

  it('is asked for its version where it belongs to none', async () => {
    const temp = await workspaceWith({});
    await writeFile(join(temp, 'pnpm'), '#!/bin/sh\necho 9.9.9\n', { mode: 0o755 });
    expect(await managerOnPath('pnpm', { PATH: temp }, temp, signal)).toMatchObject({ version: '9.9.9' });
  });

  it("is not Corepack's stand-in, which downloads what nobody checked", async () => {
    const temp = await workspaceWith({
      'corepack/package.json': '{"name":"corepack","version":"0.34.0"}',
      'path/none': '',
    });
    await mkdir(join(temp, 'corepack/dist'));
    await writeFile(join(temp, 'corepack/dist/pnpm.js'), '#!/bin/sh\necho 9.9.9\n', { mode: 0o755 });
    await symlink('../corepack/dist/pnpm.js', join(temp, 'path/pnpm'));
    expect(await managerOnPath('pnpm', { PATH: join(temp, 'path') }, temp, signal)).toBeUndefined();
  });

  it('is not there where PATH has none', async () => {
    const temp = await workspaceWith({});
    expect(await managerOnPath('npm', { PATH: `${temp}:relative` }, temp, signal)).toBeUndefined();
  });
});

describe('the registry', () => {
  it('is the one that npm is set up for outside the project, whatever the project says', async () => {
    const home = await workspaceWith({ '.npmrc': 'registry=http://127.0.0.1:4873/npm/\n' });
    const project = await workspaceWith({ '.npmrc': 'registry=http://127.0.0.1:6666/\n', 'package.json': '{}' });
    const environment = withPath({ PATH: process.env['PATH'] ?? '', HOME: home, INIT_CWD: project }, [nodeFolder]);
    expect(await configuredRegistry(environment, home, new AbortController().signal)).toBe('http://127.0.0.1:4873/npm');
  });

  it('that is no address is an error with a code', async () => {
    const home = await workspaceWith({});
    await writeFile(join(home, 'npm'), '#!/bin/sh\necho undefined\n', { mode: 0o755 });
    const signal = new AbortController().signal;
    expect(await faultsOf(configuredRegistry({ PATH: home }, home, signal))).toContain('PIPE-SETUP-022');
    expect(await faultsOf(configuredRegistry({ PATH: '/nowhere' }, home, signal))).toContain('there is no npm');
  });
});
