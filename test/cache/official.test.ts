import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CacheAccess } from '../../src/cache/access.ts';
import { restoreCache, saveCache } from '../../src/cache/client.ts';
import { moveTrees } from '../../src/cache/trees.ts';
import { serveCache } from '../support/cache/serve.ts';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';

/** The witness: GitHub's own client, as actions use it. */
const official = await import('@actions/cache');
const home = process.cwd();

let access: CacheAccess;
let calls: () => readonly string[];
let workspace: string;

beforeEach(async () => {
  // The client tells the log everything it does.
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  workspace = join(await temporaryFolder(), 'work');
  await mkdir(workspace);
  const temp = await temporaryFolder();
  const service = await serveCache({ folder: await temporaryFolder() });
  closeService = service.close;
  calls = () => service.calls.map(({ method, status }) => `${method} ${status}`);
  const environment = { PATH: process.env['PATH'] ?? '', RUNNER_TEMP: temp, ...service.environment };
  for (const [name, value] of Object.entries({ ...environment, GITHUB_WORKSPACE: workspace })) vi.stubEnv(name, value);
  process.chdir(workspace);
  access = { environment, temp, signal: new AbortController().signal, timeout: 60_000 };
});

let closeService: () => Promise<void> = async () => undefined;
afterEach(async () => {
  process.chdir(home);
  vi.unstubAllEnvs();
  await closeService();
});

/** On a runner that has no zstd archives are packed with gzip. */
async function withoutZstd(): Promise<void> {
  const folder = await temporaryFolder();
  for (const name of ['tar', 'gzip', 'sh']) await symlink(join('/bin', name), join(folder, name));
  vi.stubEnv('PATH', folder);
  access = { ...access, environment: { ...access.environment, PATH: folder } };
}

async function fill(): Promise<void> {
  await writeFiles(workspace, { 'node_modules/a/index.js': 'a', 'packages/b/node_modules/ü c/d': 'd', other: 'x' });
  await chmod(join(workspace, 'node_modules/a/index.js'), 0o755);
  await symlink('../a/index.js', join(workspace, 'node_modules/.bin'));
}

async function expectFilled(): Promise<void> {
  expect(await readFile(join(workspace, 'packages/b/node_modules/ü c/d'), 'utf8')).toBe('d');
  expect((await stat(join(workspace, 'node_modules/a/index.js'))).mode & 0o777).toBe(0o755);
  expect(await readlink(join(workspace, 'node_modules/.bin'))).toBe('../a/index.js');
}

const paths = ['node_modules', 'packages/b/node_modules'];
const entry = () => ({ folder: workspace, paths, key: 'tree-1' });
const place = (staging: string) => moveTrees(staging, workspace, paths);

async function empty(): Promise<void> {
  for (const name of await readdir(workspace)) await rm(join(workspace, name), { recursive: true });
}

describe.each([
  ['zstd', async () => undefined],
  ['gzip', withoutZstd],
])('an entry packed with %s', (_, prepare) => {
  it("of GitHub's own client is restored", async () => {
    await prepare();
    await fill();
    await official.saveCache(paths, 'tree-1');
    await empty();
    const restored = await restoreCache({ ...entry(), key: 'tree-2', restoreKeys: ['tree-'], place }, access);
    expect(restored).toMatchObject({ kind: 'hit', key: 'tree-1', isExact: false });
    await expectFilled();
    expect(await readdir(join(workspace, '..'))).toEqual(['work']);
    expect(calls()).toEqual(['CreateCacheEntry 200', 'FinalizeCacheEntryUpload 200', 'GetCacheEntryDownloadURL 200']);
  });

  it("is restored by GitHub's own client", async () => {
    await prepare();
    await fill();
    expect(await saveCache(entry(), access)).toMatchObject({ kind: 'saved' });
    expect(await readdir(access.temp)).toEqual([]);
    await empty();
    expect(await official.restoreCache(paths, 'tree-1')).toBe('tree-1');
    await expectFilled();
  });
});

describe('an entry of many megabytes', () => {
  // Noise, so that it stays that big when it is packed: three blocks, five pieces.
  const noise = randomBytes(34 * 1024 * 1024);

  it('comes back as it was, and says how much moved', async () => {
    await mkdir(join(workspace, 'node_modules'));
    await writeFile(join(workspace, 'node_modules/noise'), noise);
    const saved = await saveCache({ ...entry(), paths: ['node_modules'] }, access);
    expect(saved).toMatchObject({ kind: 'saved' });
    await empty();
    const wish = { ...entry(), paths: ['node_modules'], restoreKeys: [], place };
    const restored = await restoreCache(wish, access);
    expect(restored).toMatchObject({ kind: 'hit', isExact: true, bytes: 'bytes' in saved ? saved.bytes : 0 });
    expect('bytes' in restored && restored.bytes > noise.length).toBe(true);
    expect((await readFile(join(workspace, 'node_modules/noise'))).equals(noise)).toBe(true);
    await empty();
    expect(await official.restoreCache(['node_modules'], 'tree-1')).toBe('tree-1');
    expect((await readFile(join(workspace, 'node_modules/noise'))).equals(noise)).toBe(true);
  });

  it("of GitHub's own client comes back as it was", async () => {
    await mkdir(join(workspace, 'node_modules'));
    await writeFile(join(workspace, 'node_modules/noise'), noise);
    await official.saveCache(['node_modules'], 'tree-1');
    await empty();
    await restoreCache({ ...entry(), paths: ['node_modules'], restoreKeys: [], place }, access);
    expect((await readFile(join(workspace, 'node_modules/noise'))).equals(noise)).toBe(true);
  });
});

it('an entry of other paths is not found', async () => {
  await fill();
  await official.saveCache(['node_modules'], 'tree-1');
  expect(await restoreCache({ ...entry(), restoreKeys: [], place }, access)).toEqual({ kind: 'miss' });
});

it('an entry that is there is not replaced, and that is no fault', async () => {
  await fill();
  await official.saveCache(paths, 'tree-1');
  expect(await saveCache(entry(), access)).toMatchObject({
    kind: 'off',
    reason: expect.stringMatching(/already exists.*another job may have saved it/),
  });
});
