import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { serveCache, type TestCache, type TestCacheOptions } from '../support/cache/serve.ts';
import { temporaryFolder } from './fixtures.ts';

/** The witness: GitHub's own client, as actions use it. */
let client: typeof import('@actions/cache');
const workspace = temporaryFolder('workspace');
const kept = join(workspace, 'kept', 'file');

beforeAll(async () => {
  // The client tells the log everything it does.
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.stubEnv('GITHUB_WORKSPACE', workspace);
  vi.stubEnv('RUNNER_TEMP', temporaryFolder('runner-temp'));
  process.chdir(workspace);
  client = await import('@actions/cache');
});

const open: TestCache[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ close }) => close()));
});

/** A service as one run has it, and the client's environment pointing there. */
async function serve(options: TestCacheOptions): Promise<TestCache> {
  const cache = await serveCache(options);
  open.push(cache);
  for (const [name, value] of Object.entries(cache.environment)) vi.stubEnv(name, value);
  return cache;
}

async function save(key: string, content: string | Buffer = key): Promise<void> {
  mkdirSync(join(workspace, 'kept'), { recursive: true });
  writeFileSync(kept, content);
  await client.saveCache(['kept'], key);
}

async function restore(key: string, ...more: string[]): Promise<string | undefined> {
  rmSync(join(workspace, 'kept'), { recursive: true, force: true });
  return client.restoreCache(['kept'], key, more);
}

const MAIN = { scope: 'refs/heads/main', readable: ['refs/heads/main'] };
const PULL = { scope: 'refs/pull/1/merge', readable: ['refs/pull/1/merge', 'refs/heads/main'] };

describe('the cache service', () => {
  test("gives back what the client saved, also in a later run, and shows a pull request the base's entries", async () => {
    const folder = temporaryFolder('store');
    await serve({ folder, ...MAIN });
    await save('npm-1', 'from main');
    await serve({ folder, ...PULL });
    expect(await restore('npm-1')).toBe('npm-1');
    expect(readFileSync(kept, 'utf8')).toBe('from main');
  });

  test("never shows the base a pull request's entries, and lets them shadow the base's in the pull request", async () => {
    const folder = temporaryFolder('store');
    await serve({ folder, ...MAIN });
    await save('npm-1', 'from main');
    await serve({ folder, ...PULL });
    await save('npm-1', 'from the pull request');
    await save('npm-2', 'from the pull request');
    await restore('npm-1');
    expect(readFileSync(kept, 'utf8')).toBe('from the pull request');
    await serve({ folder, ...MAIN });
    expect(await restore('npm-2')).toBeUndefined();
    await restore('npm-1');
    expect(readFileSync(kept, 'utf8')).toBe('from main');
    await serve({ folder, scope: 'refs/pull/2/merge', readable: ['refs/pull/2/merge', 'refs/heads/main'] });
    expect(await restore('npm-2')).toBeUndefined();
  });

  test('finds by prefix the newest, the own ref before the base, and only for the same paths', async () => {
    const folder = temporaryFolder('store');
    let time = Date.now();
    const now = () => ++time;
    await serve({ folder, now, ...MAIN });
    for (const key of ['npm-a', 'npm-b', 'pnpm-a']) await save(key);
    expect(await restore('npm-c', 'npm-')).toBe('npm-b');
    expect(await restore('yarn-a', 'yarn-', 'pnpm-')).toBe('pnpm-a');
    expect(await client.restoreCache(['other'], 'npm-a', ['npm-'])).toBeUndefined();
    await serve({ folder, now, ...PULL });
    await save('npm-own');
    await serve({ folder, now, ...MAIN });
    await save('npm-z');
    await serve({ folder, now, ...PULL });
    expect(await restore('npm-c', 'npm-')).toBe('npm-own');
  });

  test('keeps an entry as it is: a second save of the same key changes nothing', async () => {
    const folder = temporaryFolder('store');
    const { calls } = await serve({ folder, ...MAIN });
    await save('npm-1', 'first');
    await save('npm-1', 'second');
    expect(calls.map(({ method, status }) => `${method} ${status}`).at(-1)).toBe('CreateCacheEntry 409');
    await restore('npm-1');
    expect(readFileSync(kept, 'utf8')).toBe('first');
  });

  test('takes archives in blocks, as the client sends big ones', async () => {
    const { url, environment } = await serve({ folder: temporaryFolder('store'), ...MAIN });
    const call = async (method: string, body: object) => {
      const address = `${url}twirp/github.actions.results.api.v1.CacheService/${method}`;
      const headers = {
        authorization: `Bearer ${environment['ACTIONS_RUNTIME_TOKEN']}`,
        'content-type': 'application/json',
      };
      const answer = await fetch(address, { method: 'POST', headers, body: JSON.stringify(body) });
      return (await answer.json()) as Record<string, unknown>;
    };
    const entry = { key: 'big', version: 'v' };
    const { signed_upload_url: target } = await call('CreateCacheEntry', entry);
    const { BlockBlobClient } = await import('@azure/storage-blob');
    const content = randomBytes(1_000_000);
    await new BlockBlobClient(String(target)).uploadData(content, {
      blockSize: 300_000,
      maxSingleShotSize: 1,
      concurrency: 2,
    });
    expect(await call('FinalizeCacheEntryUpload', { ...entry, size_bytes: content.length })).toMatchObject({
      ok: true,
    });
    const found = await call('GetCacheEntryDownloadURL', { ...entry, restore_keys: [] });
    const received = await fetch(String(found['signed_download_url']));
    expect(Buffer.from(await received.arrayBuffer()).equals(content)).toBe(true);
  });

  test('gives a big archive back as it was', async () => {
    await serve({ folder: temporaryFolder('store'), ...MAIN });
    // Noise, so that it stays big when it is packed.
    const content = randomBytes(9_000_000);
    await save('npm-big', content);
    expect(await restore('npm-big')).toBe('npm-big');
    expect(readFileSync(kept).equals(content)).toBe(true);
  });

  test.each([
    ['range', 'bytes=0-3', 206, 'from', 'bytes 0-3/9'],
    ['x-ms-range', 'bytes=5-', 206, 'main', 'bytes 5-8/9'],
    ['range', 'bytes=-4', 200, 'from main', null],
    ['range', 'bytes=7-99', 206, 'in', 'bytes 7-8/9'],
    ['range', 'bytes=9-', 416, undefined, 'bytes */9'],
    ['range', 'bytes=3-2', 200, 'from main', null],
    ['range', 'bytes=0-1,3-4', 200, 'from main', null],
    ['range', 'lines=0-1', 200, 'from main', null],
  ] as const)('answers a request for a piece as Azure does: %s: %s', async (header, range, status, text, place) => {
    const folder = temporaryFolder('store');
    const { url, environment } = await serve({ folder, ...MAIN });
    const headers = { authorization: `Bearer ${environment['ACTIONS_RUNTIME_TOKEN']}` };
    const call = async (method: string) => {
      const address = `${url}twirp/github.actions.results.api.v1.CacheService/${method}`;
      const body = JSON.stringify({ key: 'small', version: 'v', restore_keys: [] });
      return (await (await fetch(address, { method: 'POST', headers, body })).json()) as Record<string, unknown>;
    };
    const { signed_upload_url: target } = await call('CreateCacheEntry');
    await fetch(String(target), { method: 'PUT', body: 'from main' });
    await call('FinalizeCacheEntryUpload');
    const { signed_download_url: source } = await call('GetCacheEntryDownloadURL');
    const answer = await fetch(String(source), { headers: { [header]: range } });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([status, place]);
    const content = await answer.text();
    if (text !== undefined) expect(content).toBe(text);
    const head = await fetch(String(source), { method: 'HEAD' });
    expect([head.headers.get('accept-ranges'), head.headers.get('content-length')]).toEqual(['bytes', '9']);
  });

  test('lets a job do what its cache-mode says, whatever the client believes', async () => {
    const folder = temporaryFolder('store');
    await serve({ folder, ...MAIN });
    await save('npm-1');
    for (const [mode, reads, writes] of [
      ['read', true, false],
      ['write-only', false, true],
      ['none', false, false],
    ] as const) {
      await serve({ folder, ...MAIN, mode });
      await save(`npm-${mode}`);
      expect((await restore('npm-1')) !== undefined).toBe(reads);
      await serve({ folder, ...MAIN });
      expect((await restore(`npm-${mode}`)) !== undefined).toBe(writes);
    }
  });

  test('forgets what nobody used for a week, and keeps what somebody did', async () => {
    const folder = temporaryFolder('store');
    const day = 24 * 3_600_000;
    const start = Date.now();
    await serve({ folder, ...MAIN });
    await save('used');
    await save('unused');
    await serve({ folder, ...MAIN, now: () => start + 5 * day });
    expect(await restore('used')).toBe('used');
    await serve({ folder, ...MAIN, now: () => start + 8 * day });
    expect(await restore('used')).toBe('used');
    expect(await restore('unused')).toBeUndefined();
    expect(readdirSync(folder).filter((name) => name.endsWith('.bin'))).toHaveLength(1);
  });

  test('refuses a token that no job has', async () => {
    const { url, calls } = await serve({ folder: temporaryFolder('store'), ...MAIN });
    const address = `${url}twirp/github.actions.results.api.v1.CacheService/CreateCacheEntry`;
    const answer = await fetch(address, { method: 'POST', headers: { authorization: 'Bearer other' }, body: '{}' });
    expect(answer.status).toBe(401);
    expect(calls[0]?.job).toBe('(unknown token)');
  });

  test('can be down, or give noise for an archive', async () => {
    const down = await serve({ folder: temporaryFolder('store'), ...MAIN, fault: 'down' });
    await expect(fetch(down.url)).rejects.toThrow();
    await serve({ folder: temporaryFolder('store'), ...MAIN, fault: 'corrupt' });
    expect(await restore('npm-1')).toBeUndefined();
    const garbage = await serve({ folder: temporaryFolder('store'), ...MAIN, fault: 'garbage' });
    const answer = await fetch(`${garbage.url}twirp/github.actions.results.api.v1.CacheService/x`, { method: 'POST' });
    await expect(answer.json()).rejects.toThrow();
  });
});
