import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { fetchPlan } from '../../src/setup/fetch-plan.ts';
import { packagesOfNpm, packagesOfPnpm } from '../../src/setup/locked-packages.ts';
import type { ManagerInstallation } from '../../src/setup/manager-source.ts';
import { registryToken, tokenLine } from '../../src/setup/npm-token.ts';
import { npmSpecs, pnpmLockfile, privatePackages } from '../../src/setup/private-packages.ts';
import { npmrcOf, projectRegistries, type RegistrySettings } from '../../src/setup/registry-settings.ts';
import { type SeenRequest, startServer, type TestServer } from '../support/registry/server.ts';
import { acmeRegistry, installIn, lockedProject, manager, runner, SPY, TOKEN } from './installation.ts';
import { addFiles, faultsOf, workspaceWith } from './workspace.ts';

const dependencies = { left: '1.0.0', scripted: '1.0.0', '@acme/secret': '^2.0.0' };
const spied = {
  'package.json': JSON.stringify({
    name: 'project',
    version: '1.0.0',
    private: true,
    scripts: { preinstall: 'node spy.cjs', postinstall: 'node spy.cjs', prepare: 'node spy.cjs' },
    dependencies,
    // bun runs scripts of dependencies only where they are named here.
    trustedDependencies: ['scripted'],
  }),
  'spy.cjs': SPY,
};
/** pnpm runs scripts of dependencies only where they are allowed. */
const allowed = 'onlyBuiltDependencies:\n  - scripted\nallowBuilds:\n  scripted: true\n';

const carriesToken = ({ headers, path }: SeenRequest) => JSON.stringify([headers, path]).includes(TOKEN);

async function otherServer(): Promise<TestServer> {
  const server = await startServer(() => ({ status: 404, body: '{}' }));
  onTestFinished(() => server.close());
  return server;
}

const kinds = ['npm', 'pnpm', 'nativePnpm', 'classicYarn', 'oldYarn', 'yarn', 'bun'] as const;
const installed: Partial<Record<(typeof kinds)[number], ManagerInstallation>> = {};
let tools: string;
beforeAll(async () => {
  tools = await mkdtemp(join(tmpdir(), 'setup-managers-'));
  for (const kind of kinds) installed[kind] = await manager(kind, tools);
});
afterAll(() => rm(tools, { recursive: true }));

function by(kind: (typeof kinds)[number]): ManagerInstallation {
  const found = installed[kind];
  if (found === undefined) throw new Error(`${kind} is not there`);
  return found;
}

function settingsOf(kind: (typeof kinds)[number]): Readonly<Record<string, string>> {
  if (/pnpm/i.test(kind)) return { 'pnpm-workspace.yaml': allowed };
  return /yarn/i.test(kind) ? { '.yarnrc.yml': 'nodeLinker: node-modules\nenableScripts: true\n' } : {};
}

describe.each(kinds)('npm-token with %s', (kind) => {
  const workspaceFile = settingsOf(kind);

  it('installs private packages, and is nowhere when a script of the project or of a package runs', async () => {
    const registry = await acmeRegistry();
    const at = await runner(registry.url);
    const folder = await lockedProject(by(kind), { ...spied, ...workspaceFile }, at, registry.url);
    const before = registry.requests.length;
    const { outcome, log } = await installIn(folder, by(kind), at, { token: TOKEN, registry: registry.url });
    expect(log).not.toContain(TOKEN);
    expect(outcome).not.toHaveProperty('error');
    expect(await readFile(join(folder, 'node_modules/@acme/secret/index.js'), 'utf8')).toBe('module.exports = 2');
    expect(registry.requests.slice(before).some(carriesToken)).toBe(true);
    const reports = await at.report();
    expect(reports.length).toBeGreaterThanOrEqual(2);
    expect(reports.filter((line) => line.includes(' '))).toEqual([]);
    expect(await readdir(at.temp)).toEqual(['keep']);
  });

  it('never reaches a server that the project names, whatever its files say', async () => {
    const registry = await acmeRegistry();
    const at = await runner(registry.url);
    const folder = await lockedProject(by(kind), { ...spied, ...workspaceFile }, at, registry.url);
    const evil = await otherServer();
    const { host } = evil;
    await addFiles(folder, {
      '.npmrc': [
        `@acme:registry=${evil.url}/`,
        `registry=${evil.url}/`,
        `//${host}/:_authToken=\${NPM_TOKEN}`,
        `//${host}/:_authToken=\${NODE_AUTH_TOKEN}`,
        `proxy=${evil.url}`,
        `https-proxy=${evil.url}`,
        'strict-ssl=false',
        'node-options=--require=./spy.cjs',
        'git=./spy.cjs',
        'script-shell=./spy.cjs',
        `userconfig=${folder}/.npmrc`,
        'always-auth=true',
        '',
      ].join('\n'),
      '.pnpmfile.cjs': SPY,
      'pnpm-workspace.yaml': `${allowed}registries:\n  default: ${evil.url}/\n  "@acme": ${evil.url}/\n`,
    });
    await installIn(folder, by(kind), at, { token: TOKEN, registry: registry.url });
    expect(evil.requests.filter(carriesToken)).toEqual([]);
    expect((await at.report()).filter((line) => line.includes(' '))).toEqual([]);
    expect(await readdir(at.temp)).toEqual(['keep']);
  });

  it('is not needed by a project that still has a line for it in its .npmrc', async () => {
    const registry = await acmeRegistry();
    const at = await runner(registry.url);
    const line = `registry=${registry.url}/\n//${registry.host}/:_authToken=\${NPM_TOKEN}\n`;
    const folder = await lockedProject(by(kind), { ...spied, ...workspaceFile }, at, registry.url);
    await writeFile(join(folder, '.npmrc'), line);
    const { outcome } = await installIn(folder, by(kind), at, { token: TOKEN, registry: registry.url });
    expect(outcome).not.toHaveProperty('error');
    expect((await at.report()).filter((report) => report.includes(' '))).toEqual([]);
  });

  it('that the registry refuses is an error before anything is installed, and gone', async () => {
    const registry = await acmeRegistry();
    const at = await runner(registry.url);
    const folder = await lockedProject(by(kind), { ...spied, ...workspaceFile }, at, registry.url);
    const { outcome } = await installIn(folder, by(kind), at, { token: 'another-token', registry: registry.url });
    expect(outcome).toMatchObject({ error: { name: 'ConfigurationError', code: 'PIPE-SETUP-032' } });
    expect(await at.report()).toEqual([]);
    expect(await readdir(at.temp)).toEqual(['keep']);
  });

  it('that is missing is named as the remedy', async () => {
    const registry = await acmeRegistry();
    const at = await runner(registry.url);
    const folder = await lockedProject(by(kind), { ...spied, ...workspaceFile }, at, registry.url);
    const { outcome } = await installIn(folder, by(kind), at, { registry: registry.url });
    const error = 'error' in outcome ? outcome.error : undefined;
    expect(error?.code).toBe('PIPE-SETUP-032');
    expect(error?.message).toContain('give `npm-token`');
  });
});

// Any of these would send a scope's token to the address that a lockfile names for a package of the scope.
it.each(['npm', 'pnpm', 'yarn-classic', 'yarn', 'bun'] as const)(
  'asks no address that a lockfile of %s names outside of the registry',
  (dialect) => {
    const registry = 'https://npm.acme.example';
    const integrity = dialect === 'yarn' ? undefined : `sha512-${'A'.repeat(86)}==`;
    const plan = fetchPlan(dialect, {
      packages: [
        {
          name: '@acme/own',
          version: '1.0.0',
          resolved: `${registry}/@acme/own/-/own-1.0.0.tgz`,
          integrity,
        },
        { name: '@acme/x', version: '1.0.0', resolved: 'https://evil.example/x.tgz', integrity },
      ],
      token: { registry, token: 'secret-of-the-registry' },
      settings: { fallback: undefined, scopes: new Map([['@acme', registry]]) },
      outside: 'https://registry.example',
      store: undefined,
      format: dialect === 'pnpm' ? '9.0' : '8',
      yarn: { cacheKey: undefined, compressionLevel: undefined },
    });
    const all = decodeURIComponent(JSON.stringify([plan.files, plan.commands]).replaceAll('%"', '"'));
    expect(all).toContain('own');
    expect(all).not.toContain('evil.example');
  },
);

describe('npm-token with pnpm 8', () => {
  it('installs private packages from a lockfile of format 6', async () => {
    const registry = await acmeRegistry();
    const at = await runner(registry.url);
    const old = await manager('oldPnpm', at.home);
    const folder = await lockedProject(old, spied, at, registry.url);
    expect(await readFile(join(folder, 'pnpm-lock.yaml'), 'utf8')).toContain("lockfileVersion: '6.0'");
    const { outcome, log } = await installIn(folder, old, at, { token: TOKEN, registry: registry.url });
    expect(outcome, log).not.toHaveProperty('error');
    expect((await at.report()).filter((line) => line.includes(' '))).toEqual([]);
  });
});

describe("the user's own npmrc", () => {
  it('still counts beside the token', async () => {
    const registry = await acmeRegistry();
    const second = await acmeRegistry();
    const own = `@acme:registry=${second.url}/\n//${second.host}/:_authToken=${TOKEN}\n`;
    const at = await runner(registry.url, own);
    const folder = await lockedProject(by('npm'), spied, at, second.url);
    const { outcome } = await installIn(folder, by('npm'), at, { token: 'token-of-the-first', registry: registry.url });
    expect(outcome).not.toHaveProperty('error');
    expect(registry.requests.filter(carriesToken)).toEqual([]);
  });
});

describe('lockfiles of npm', () => {
  it.each([
    ['without addresses', (lockfile: string) => lockfile.replace(/ *"resolved": .*\n/g, '')],
    ['with addresses', (lockfile: string) => lockfile],
  ])('%s install private packages', async (_, change) => {
    const registry = await acmeRegistry();
    const at = await runner(registry.url);
    const folder = await lockedProject(by('npm'), spied, at, registry.url);
    const path = join(folder, 'package-lock.json');
    await writeFile(path, change(await readFile(path, 'utf8')));
    const { outcome } = await installIn(folder, by('npm'), at, { token: TOKEN, registry: registry.url });
    expect(outcome).not.toHaveProperty('error');
  });
});

describe('patches of pnpm', () => {
  it.each(['pnpm', 'nativePnpm'] as const)('are applied by the install (%s)', async (kind) => {
    const registry = await acmeRegistry();
    const at = await runner(registry.url);
    const patch = [
      'diff --git a/index.js b/index.js',
      '--- a/index.js',
      '+++ b/index.js',
      '@@ -1 +1 @@',
      '-module.exports = 2',
      '\\ No newline at end of file',
      '+module.exports = 3',
      '\\ No newline at end of file',
      '',
    ].join('\n');
    const files = {
      ...spied,
      'pnpm-workspace.yaml': `${allowed}patchedDependencies:\n  "@acme/secret@2.0.0": patches/secret.patch\n`,
      'patches/secret.patch': patch,
    };
    const folder = await lockedProject(by(kind), files, at, registry.url);
    const { outcome, log } = await installIn(folder, by(kind), at, { token: TOKEN, registry: registry.url });
    expect(outcome, log).not.toHaveProperty('error');
    expect(await readFile(join(folder, 'node_modules/@acme/secret/index.js'), 'utf8')).toBe('module.exports = 3');
  });
});

const host = { platform: 'linux', arch: 'x64' };
const none: RegistrySettings = { fallback: undefined, scopes: new Map() };
const acme: RegistrySettings = { fallback: undefined, scopes: new Map([['@acme', 'https://npm.example.com/acme']]) };
const everything: RegistrySettings = { fallback: 'https://npm.example.com/acme', scopes: new Map() };

describe('what npm fetches with the token', () => {
  const token = registryToken('tokentoken', 'https://npm.example.com/acme/');
  const wanted = (lockfile: object, settings = none) => {
    const locked = packagesOfNpm(JSON.stringify(lockfile), 'package-lock.json', host);
    return npmSpecs(privatePackages(locked, token, settings, 'https://public.example.com'), token);
  };

  it.each([
    ['below its registry', 'https://npm.example.com/acme/a/-/a-1.0.0.tgz', true],
    ['beside it', 'https://npm.example.com/other/a/-/a-1.0.0.tgz', false],
    ['on a host that only starts like it', 'https://npm.example.com.evil.org/acme/a.tgz', false],
    ['behind a user name that looks like it', 'https://npm.example.com@evil.org/acme/a.tgz', false],
    ['on it, unencrypted', 'http://npm.example.com/acme/a.tgz', false],
    ['out of it by dots', 'https://npm.example.com/acme/../other/a.tgz', false],
    ['in a git repository', 'git+ssh://git@npm.example.com/acme/a.git#0123', false],
    ['in a file', 'file:../a', false],
  ])('is an archive %s: %s', (_, resolved, isWanted) => {
    const found = wanted({ packages: { 'node_modules/a': { version: '1.0.0', resolved } } });
    expect(found).toEqual(isWanted ? [resolved] : []);
  });

  it('is a package whose scope the project puts there', () => {
    const packages = {
      '': { name: 'project' },
      'node_modules/@acme/a': { version: '1.0.0' },
      'node_modules/b/node_modules/@acme/c': { version: '2.0.0-rc.1' },
      'node_modules/alias': { name: '@acme/real', version: '3.0.0', resolved: 'https://public.example.com/x.tgz' },
      'node_modules/b': { version: '1.0.0' },
      'node_modules/@acme/linked': { resolved: 'packages/linked', link: true },
      'packages/linked': { version: '1.0.0' },
    };
    expect(wanted({ packages }, acme)).toEqual(['@acme/a@1.0.0', '@acme/c@2.0.0-rc.1', '@acme/real@3.0.0']);
  });

  it('is nothing that this machine would not install', () => {
    const version = '1.0.0';
    const packages = {
      'node_modules/linux': { version, os: ['linux'], cpu: ['x64', 'arm64'] },
      'node_modules/windows': { version, os: ['win32'] },
      'node_modules/arm': { version, os: ['linux'], cpu: ['arm64'] },
      'node_modules/not-windows': { version, os: ['!win32'] },
      'node_modules/not-linux': { version, os: ['!linux'] },
    };
    expect(wanted({ packages }, everything)).toEqual(['linux@1.0.0', 'not-windows@1.0.0']);
  });

  it.each(['--registry=http://evil.org', '../../x', 'a b', '$(id)', 'a\nb'])('is never a name like %j', (name) => {
    expect(wanted({ packages: { [`node_modules/${name}`]: { version: '1.0.0' } } }, everything)).toEqual([]);
    expect(wanted({ packages: { 'node_modules/a': { version: name } } }, everything)).toEqual([]);
  });

  it('is found in the first format, too', () => {
    const old = {
      lockfileVersion: 1,
      dependencies: { a: { version: '1.0.0', dependencies: { b: { version: '2.0.0' } } } },
    };
    expect(wanted(old, everything)).toEqual(['a@1.0.0', 'b@2.0.0']);
  });

  it('cannot be known from a lockfile that is not JSON', async () => {
    const work = async () => packagesOfNpm('<<<<<<<', 'package-lock.json', host);
    expect(await faultsOf(work())).toContain('PIPE-SETUP-015');
  });
});

describe('what pnpm fetches with the token', () => {
  const token = registryToken('tokentoken', 'https://npm.example.com/acme/');
  const lockfile = (slash: string) => [
    "lockfileVersion: '9.0'",
    'packages:',
    `  '${slash}@acme/a@1.0.0':`,
    '    resolution: {integrity: sha512-AAAA==}',
    `  '${slash}@acme/peers@2.0.0(react@19.0.0)(patch_hash=abc)':`,
    '    resolution: {integrity: sha512-BBBB==, tarball: https://npm.example.com/acme/peers.tgz}',
    `  '${slash}@acme/elsewhere@2.0.0':`,
    '    resolution: {integrity: sha512-CCCC==, tarball: https://evil.example.org/peers.tgz}',
    `  '${slash}left@1.0.0':`,
    '    resolution: {integrity: sha512-DDDD==}',
    "  '@acme/git@https://codeload.github.com/acme/git/tar.gz/0123':",
    '    resolution: {tarball: https://codeload.github.com/acme/git/tar.gz/0123}',
    "  '@acme/repository@git+ssh://git@example.com/a.git#0123':",
    '    resolution: {commit: "0123", repo: "ssh://git@example.com/a.git", type: git, integrity: sha512-EEEE==}',
    "  '@acme/folder@file:../folder':",
    '    resolution: {directory: ../folder, type: directory}',
    `  '${slash}@acme/windows@1.0.0':`,
    '    resolution: {integrity: sha512-FFFF==}',
    '    os: [win32]',
    '',
  ];

  it.each([
    ['6.0', '/'],
    ['9.0', ''],
  ])('is what comes from its registry, by a lockfile of nothing else (format %s)', async (format, slash) => {
    const text = lockfile(slash).join('\n').replace('9.0', format);
    const locked = await packagesOfPnpm(text, 'pnpm-lock.yaml', host);
    const found = privatePackages(locked, token, acme, 'https://public.example.com');
    const written = JSON.parse(pnpmLockfile(found, token, format)) as { packages: object };
    expect(written.packages).toEqual({
      [`${slash}@acme/a@1.0.0`]: { resolution: { integrity: 'sha512-AAAA==' } },
      [`${slash}@acme/peers@2.0.0`]: {
        resolution: { integrity: 'sha512-BBBB==', tarball: 'https://npm.example.com/acme/peers.tgz' },
      },
      // Its address leads elsewhere; the token's registry is asked by name, and the hash decides.
      [`${slash}@acme/elsewhere@2.0.0`]: { resolution: { integrity: 'sha512-CCCC==' } },
    });
  });

  it.each([
    ['of pnpm 7', 'lockfileVersion: 5.4\n'],
    ['without a version', 'packages: {}\n'],
    ['that is not YAML', "lockfileVersion: '9.0'\n{: -"],
    ['with aliases', "lockfileVersion: '9.0'\na: &a [x]\npackages: *a\n"],
  ])('cannot be known from a lockfile %s', async (_, text) => {
    expect(await faultsOf(packagesOfPnpm(text, 'pnpm-lock.yaml', host))).toContain('PIPE-SETUP-015');
  });
});

describe("the project's registries", () => {
  it('are its registry and its scopes, and nothing else of its files', async () => {
    const folder = await workspaceWith({
      '.npmrc': [
        '; registry=https://commented.example.com/',
        'registry = "https://mirror.example.com/npm/"',
        '@acme:registry=https://acme.example.com',
        '@evil:registry=https://${NPM_TOKEN}.example.com/',
        '@user:registry=https://user:password@example.com/',
        '//acme.example.com/:_authToken=${NPM_TOKEN}',
        'proxy=http://proxy.example.com',
        'git=./evil.sh',
        '',
      ].join('\r\n'),
      'pnpm-workspace.yaml': 'registries:\n  "@other": https://other.example.com/\n',
    });
    const settings = await projectRegistries(folder);
    expect(npmrcOf(settings)).toBe(
      [
        'registry=https://mirror.example.com/npm/',
        '@acme:registry=https://acme.example.com/',
        '@other:registry=https://other.example.com/',
        '',
      ].join('\n'),
    );
  });

  it('are none where the files are hostile', async () => {
    const bomb = `a: &a [x, x]\nb: &b [*a, *a]\nregistries: *b\n`;
    expect(npmrcOf(await projectRegistries(await workspaceWith({ 'pnpm-workspace.yaml': bomb })))).toBe('');
    expect(npmrcOf(await projectRegistries(await workspaceWith({ '.npmrc': 'x'.repeat(120_000) })))).toBe('');
    expect(await faultsOf(projectRegistries(await workspaceWith({ '.npmrc': 'a\u0000b' })))).toContain('PIPE-FILE-002');
  });
});

describe('a token', () => {
  it('is bound to the address of its registry', () => {
    expect(tokenLine(registryToken('abc', 'https://npm.example.com'))).toBe('//npm.example.com/:_authToken=abc');
    expect(tokenLine(registryToken('abc', 'https://npm.example.com:8443/a/b/'))).toBe(
      '//npm.example.com:8443/a/b/:_authToken=abc',
    );
  });

  it.each([
    '',
    'two words',
    '//npm.example.com/:_authToken=abc;x',
    'a\nregistry=https://evil.org',
    '${HOME}',
    'a#b',
    '"a"',
  ])('like %j is refused without being shown', async (value) => {
    const message = await faultsOf((async () => registryToken(value, 'https://npm.example.com'))());
    expect(message).toContain('ConfigurationError PIPE-SETUP-040');
    if (value !== '') expect(message).not.toContain(value);
  });

  it.each([
    'http://npm.example.com/',
    'npm.example.com',
    'https://user:pass@example.com/',
    'ftp://example.com',
    '$(id)',
  ])('for %s is refused', async (registry) => {
    const message = await faultsOf((async () => registryToken('abcdefgh', registry))());
    expect(message).toContain('ConfigurationError PIPE-SETUP-041');
  });
});
