import { lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CacheAccess } from '../../src/cache/access.ts';
import { type CacheFault, type CacheSettings, startCache } from '../../src/local/cache/server.ts';
import { type CacheStore, openStore } from '../../src/local/cache/store.ts';
import type { Environment } from '../../src/runtime/environment.ts';
import { packageStore } from '../../src/setup/store.ts';
import { cacheKeys, restoreStore, saveStore } from '../../src/setup/store-cache.ts';
import { mergeStore } from '../../src/setup/store-merge.ts';
import { startServer } from '../support/registry/server.ts';
import { type TarEntry, tarGz } from '../support/registry/tar.ts';
import { addFiles, workspaceWith } from './workspace.ts';

const key = 'pipelines-setup-linux-x64-npm11-0123456789ab-aaaa';
const restoreKeys = ['pipelines-setup-linux-x64-npm11-0123456789ab-'];

interface Given {
  readonly fault?: CacheFault;
  readonly mode?: 'read' | 'write' | 'write-only' | 'none';
  readonly timeout?: number;
  readonly environment?: Environment;
  /** Serves this archive for every key. */
  readonly archive?: Buffer;
}

async function service({ fault, mode = 'write', timeout = 60_000, environment = {}, archive }: Given = {}) {
  const folder = await workspaceWith({ 'uploads/keep': '', 'temp/keep': '', blob: archive ?? '' });
  const entry = { id: 'x', scope: 'refs/heads/main', key, version: '', createdAt: 0, size: archive?.length ?? 0 };
  const hostile: CacheStore = {
    find: async () => entry,
    has: async () => false,
    add: async () => undefined,
    fileOf: () => join(folder, 'blob'),
  };
  const settings: CacheSettings = {
    store: archive === undefined ? await openStore(join(folder, 'entries')) : hostile,
    uploadFolder: join(folder, 'uploads'),
    tokens: new Map([['token', { id: 'check', mode }]]),
    scope: 'refs/heads/main',
    readableScopes: ['refs/heads/main'],
    fault,
  };
  const cache = await startCache(settings);
  onTestFinished(() => cache.close());
  const access: CacheAccess = {
    environment: {
      PATH: archive === undefined ? `${nodeFolder}:/usr/bin:/bin` : await pathWithoutZstd(folder),
      ACTIONS_RESULTS_URL: cache.url,
      ACTIONS_RUNTIME_TOKEN: 'token',
      ACTIONS_CACHE_SERVICE_V2: 'true',
      ...environment,
    },
    temp: join(folder, 'temp'),
    signal: new AbortController().signal,
    timeout,
  };
  return { cache, access, folder };
}

const nodeFolder = join(process.execPath, '..');

/** Without zstd the archives are compressed with gzip, which a test can make. */
async function pathWithoutZstd(folder: string): Promise<string> {
  await mkdir(join(folder, 'path'));
  for (const name of ['tar', 'gzip', 'sh']) await symlink(join('/bin', name), join(folder, 'path', name));
  return `${join(folder, 'path')}:${nodeFolder}`;
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

describe('the package store', () => {
  it('comes back on another machine, wherever its store lies', async () => {
    const { access, cache, folder } = await service();
    const store = join(folder, 'one/.npm/_cacache');
    await addFiles(store, { 'content-v2/sha512/ab/cd': 'tarball', 'index-v5/01/02': 'index' });
    expect(await restoreStore({ key, restoreKeys, store }, access)).toEqual({ kind: 'miss' });
    expect(await saveStore({ key, restoreKeys, store }, access)).toMatchObject({ kind: 'saved' });
    const other = join(folder, 'two/elsewhere/_cacache');
    expect(await restoreStore({ key, restoreKeys, store: other }, access)).toMatchObject({
      kind: 'hit',
      isExact: true,
      key,
    });
    expect(await filesIn(other)).toEqual(['content-v2/sha512/ab/cd', 'index-v5/01/02']);
    expect(await readFile(join(other, 'content-v2/sha512/ab/cd'), 'utf8')).toBe('tarball');
    expect(await readdir(join(folder, 'two/elsewhere'))).toEqual(['_cacache']);
    expect(await readdir(access.temp)).toEqual(['keep']);
    expect(cache.calls.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it('of an earlier lockfile comes back, and is no exact hit', async () => {
    const { access, folder } = await service();
    const store = join(folder, '.npm/_cacache');
    await addFiles(store, { a: 'a' });
    await saveStore({ key, restoreKeys, store }, access);
    const newer = { key: `${restoreKeys[0]}bbbb`, restoreKeys, store: join(folder, 'new/_cacache') };
    expect(await restoreStore(newer, access)).toMatchObject({ kind: 'hit', isExact: false, key });
  });

  it('keeps what it has where an entry has something else', async () => {
    const { access, folder } = await service();
    await addFiles(join(folder, 'one/_cacache'), { 'a/old': 'from the cache', 'a/new': 'new', 'b/c/d': 'deep' });
    await saveStore({ key, restoreKeys, store: join(folder, 'one/_cacache') }, access);
    const store = join(folder, 'two/_cacache');
    await addFiles(store, { 'a/old': 'own' });
    await restoreStore({ key, restoreKeys, store }, access);
    expect(await readFile(join(store, 'a/old'), 'utf8')).toBe('own');
    expect(await filesIn(store)).toEqual(['a/new', 'a/old', 'b/c/d']);
  });

  it('that another job has just saved is not saved again, and nobody is bothered', async () => {
    const { access, folder } = await service();
    const store = join(folder, '_cacache');
    await addFiles(store, { a: 'a' });
    expect(await saveStore({ key, restoreKeys, store }, access)).toMatchObject({ kind: 'saved' });
    expect(await saveStore({ key, restoreKeys, store }, access)).toMatchObject({ kind: 'off' });
  });
});

describe('an install that left no package store', () => {
  it('is nothing to save, and no fault', async () => {
    const { access, folder, cache } = await service();
    const saved = await saveStore({ key, restoreKeys, store: join(folder, '_cacache') }, access);
    expect(saved).toEqual({ kind: 'off', reason: 'the install left nothing in the package store' });
    expect(cache.calls).toEqual([]);
  });
});

describe('a job without a cache', () => {
  it.each<[string, Environment]>([
    ['without a service', { ACTIONS_RESULTS_URL: '' }],
    ['without a token', { ACTIONS_RUNTIME_TOKEN: '' }],
    ['with `cache-mode: none`', { ACTIONS_CACHE_MODE: 'none' }],
  ])('(%s) is no fault, and asks nobody', async (_, environment) => {
    const { access, cache, folder } = await service({ environment });
    await addFiles(join(folder, '_cacache'), { a: 'a' });
    const plan = { key, restoreKeys, store: join(folder, '_cacache') };
    expect(await restoreStore(plan, access)).toMatchObject({ kind: 'off' });
    expect(await saveStore(plan, access)).toMatchObject({ kind: 'off' });
    expect(cache.calls).toEqual([]);
  });

  it('that may only read does not save', async () => {
    const { access, folder } = await service({ environment: { ACTIONS_CACHE_MODE: 'read' }, mode: 'read' });
    const plan = { key, restoreKeys, store: join(folder, '_cacache') };
    expect(await restoreStore(plan, access)).toEqual({ kind: 'miss' });
    expect(await saveStore(plan, access)).toEqual({ kind: 'off', reason: '`cache-mode: read`' });
  });

  it('whose service denies what its mode allows is no fault of the run either', async () => {
    const { access, folder } = await service({ mode: 'none' });
    await addFiles(join(folder, '_cacache'), { a: 'a' });
    const plan = { key, restoreKeys, store: join(folder, '_cacache') };
    expect(await restoreStore(plan, access)).toMatchObject({ kind: 'off', reason: expect.stringMatching(/denied/) });
    expect(await saveStore(plan, access)).toMatchObject({ kind: 'off', reason: expect.stringMatching(/denied/) });
  });
});

describe('a cache service that is broken', () => {
  it.each<[CacheFault]>([['down'], ['slow'], ['garbage'], ['corrupt']])(
    '(%s) leaves the store as it was, with a reason',
    async (fault) => {
      const { access, folder } = await service({ fault, timeout: fault === 'slow' ? 1_500 : 60_000 });
      const store = join(folder, 'own/_cacache');
      await addFiles(store, { a: 'a' });
      const restored = await restoreStore({ key, restoreKeys, store }, access);
      expect(restored.kind).toBe('fault');
      expect('reason' in restored && restored.reason.length).toBeGreaterThan(10);
      expect(await filesIn(join(folder, 'own'))).toEqual(['_cacache/a']);
      expect(await readdir(access.temp)).toEqual(['keep']);
    },
  );

  it('(slow) does not hold up the end of the job', async () => {
    const { access, folder } = await service({ fault: 'slow', timeout: 1_000 });
    await addFiles(join(folder, '_cacache'), { a: 'a' });
    const saved = await saveStore({ key, restoreKeys, store: join(folder, '_cacache') }, access);
    expect(saved).toEqual({ kind: 'fault', reason: 'the cache service took longer than 1 s', isLate: true });
  }, 10_000);

  it('(down, when the job ends) is no more than a line in the log', async () => {
    const { access, folder } = await service({ fault: 'down' });
    await addFiles(join(folder, '_cacache'), { a: 'a' });
    expect(await saveStore({ key, restoreKeys, store: join(folder, '_cacache') }, access)).toMatchObject({
      kind: 'fault',
      reason: expect.stringMatching(/^GitHub's cache service did not answer: .*2 tries/),
    });
  });

  it('(an archive that ends too early) leaves the store as it was', async () => {
    const whole = tarGz([
      { path: './a', content: 'a'.repeat(100_000) },
      { path: './b', content: 'b' },
    ]);
    const { access, folder } = await service({ archive: whole.subarray(0, whole.length - 20) });
    const store = join(folder, 'own/_cacache');
    expect(await restoreStore({ key, restoreKeys, store }, access)).toMatchObject({ kind: 'fault' });
    expect(await filesIn(join(folder, 'own'))).toEqual([]);
  });

  it('(failing) is asked twice, not for half a minute', async () => {
    const { access, folder } = await service();
    const failing = await startServer(() => ({ status: 500, body: '{}' }));
    onTestFinished(() => failing.close());
    const environment = { ...access.environment, ACTIONS_RESULTS_URL: `${failing.url}/` };
    const plan = { key, restoreKeys, store: join(folder, '_cacache') };
    expect(await restoreStore(plan, { ...access, environment })).toMatchObject({ kind: 'fault' });
    expect(failing.requests).toHaveLength(2);
  });

  it('(whose download hangs) is given up', async () => {
    const { access, folder } = await service({ timeout: 3_000 });
    const hanging = await startServer(({ path }) => {
      return path.startsWith('/twirp/')
        ? { body: JSON.stringify({ ok: true, matched_key: key, signed_download_url: `${hanging.url}/archive` }) }
        : { silent: true };
    });
    onTestFinished(() => hanging.close());
    const environment = { ...access.environment, ACTIONS_RESULTS_URL: `${hanging.url}/` };
    const plan = { key, restoreKeys, store: join(folder, '_cacache') };
    expect(await restoreStore(plan, { ...access, environment })).toMatchObject({ kind: 'fault' });
  });
});

describe('a hostile entry', () => {
  it.each<[string, (outside: string) => readonly TarEntry[]]>([
    ['an absolute name', (outside) => [{ path: `${outside}/owned`, content: 'owned' }]],
    ['a name with dots', () => [{ path: './../../owned', content: 'owned' }]],
    [
      'a link out of the store and a file through it',
      (outside) => [
        { path: './link', linkTo: outside },
        { path: './link/owned', content: 'owned' },
      ],
    ],
    [
      'a link up and a file through it',
      () => [
        { path: './link', linkTo: '../..' },
        { path: './link/owned', content: 'owned' },
      ],
    ],
  ])('with %s writes nothing outside of the store', async (_, entries) => {
    const outside = await workspaceWith({ keep: '' });
    const archive = tarGz([{ path: './first', content: 'x' }, ...entries(outside), { path: './last', content: 'y' }]);
    const { access, folder } = await service({ archive });
    const store = join(folder, 'own/_cacache');
    await restoreStore({ key, restoreKeys, store }, access);
    expect(await readdir(outside)).toEqual(['keep']);
    const found = await filesIn(join(folder, 'own'));
    expect(found.filter((path) => !path.startsWith('_cacache/'))).toEqual([]);
    for (const path of found) expect((await lstat(join(folder, 'own', path))).isFile()).toBe(true);
  });

  it('with links brings none into the store', async () => {
    const folder = await workspaceWith({ 'from/a': 'a', 'from/b/c': 'c', 'outside/x': 'x' });
    await symlink(join(folder, 'outside'), join(folder, 'from/b/link'));
    await mergeStore(join(folder, 'from'), join(folder, 'store'));
    expect(await filesIn(join(folder, 'store'))).toEqual(['a', 'b/c']);
    expect(await filesIn(join(folder, 'outside'))).toEqual(['x']);
  });
});

describe('the key', () => {
  const parts = {
    platform: 'linux',
    arch: 'x64',
    image: 'ubuntu24',
    manager: 'pnpm',
    managerVersion: '10.34.9',
    directory: 'apps/api',
    lockfileHash: 'ab'.repeat(32),
  } as const;

  it('is the same for the same lockfile, and another for every other part', () => {
    const all = [
      parts,
      { ...parts, platform: 'darwin' },
      { ...parts, arch: 'arm64' },
      { ...parts, image: undefined },
      { ...parts, manager: 'npm' as const },
      { ...parts, managerVersion: '11.0.0' },
      { ...parts, directory: '' },
      { ...parts, lockfileHash: 'cd'.repeat(32) },
    ].map((given) => cacheKeys(given).key);
    expect(new Set(all).size).toBe(all.length);
    expect(cacheKeys({ ...parts, managerVersion: '10.0.0' }).key).toBe(all[0]);
  });

  it('starts with the prefix under which earlier entries are found, and is one that GitHub takes', () => {
    const { key: made, restoreKeys: prefixes } = cacheKeys({
      ...parts,
      image: 'a,b\n$(id)',
      directory: 'ö'.repeat(2_000),
    });
    expect(made.startsWith(prefixes[0] ?? '-')).toBe(true);
    expect(made).toMatch(/^[A-Za-z0-9._-]{1,512}$/);
  });
});

describe('the store of npm and pnpm', () => {
  it.each([
    ['npm', '/home/user/.npm', '/home/user/.npm/_cacache'],
    ['pnpm', '/home/user/.local/share/pnpm/store/v10', '/home/user/.local/share/pnpm/store/v10'],
    ['pnpm', '/', undefined],
    ['pnpm', 'relative/v10', undefined],
    ['pnpm', '/home/user', undefined],
    ['pnpm', '/home/user/ssl', undefined],
    ['npm', 'undefined', undefined],
  ] as const)('is where %s says (%s), when that can be one', async (dialect, said, expected) => {
    const folder = await workspaceWith({});
    await writeFile(join(folder, dialect), `#!/bin/sh\necho '${said}'\n`, { mode: 0o755 });
    const found = await packageStore({
      dialect,
      program: join(folder, dialect),
      cwd: folder,
      env: { PATH: '/usr/bin:/bin' },
      signal: new AbortController().signal,
      kept: ['/home/user/project', '/home/user'],
    });
    expect(found).toBe(expected);
  });

  it('is never one that holds the workspace', async () => {
    const folder = await workspaceWith({ 'v10/project/package.json': '{}' });
    await writeFile(join(folder, 'pnpm'), `#!/bin/sh\necho '${folder}/v10'\n`, { mode: 0o755 });
    const search = { dialect: 'pnpm', program: join(folder, 'pnpm'), cwd: folder, env: { PATH: '/bin' } } as const;
    const { signal } = new AbortController();
    expect(await packageStore({ ...search, signal, kept: [join(folder, 'v10/project')] })).toBeUndefined();
    expect(await packageStore({ ...search, signal, kept: [] })).toBe(join(folder, 'v10'));
  });
});
