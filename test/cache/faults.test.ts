import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CacheAccess } from '../../src/cache/access.ts';
import { restoreCache, saveCache } from '../../src/cache/client.ts';
import { capture } from '../../src/runtime/process.ts';
import { type Answer, type SeenRequest, startServer, type TestServer } from '../support/registry/server.ts';
import { temporaryFolder } from '../support/temporary.ts';

const MEGABYTE = 1024 * 1024;
const TOKEN = 'tokenOfTheRunnerThatNobodyMaySee';

/** What a test changes about a service that is in order; undefined: nothing about this request. */
type Change = (request: SeenRequest, body: Buffer) => Answer | undefined;

interface Service extends TestServer {
  readonly access: CacheAccess;
  readonly folder: string;
}

/** A cache service with one entry, `archive`, and its storage. */
async function service(change: Change, archive: Buffer = Buffer.alloc(0)): Promise<Service> {
  const server = await startServer((request, body, url) => change(request, body) ?? inOrder(request, url, archive));
  onTestFinished(() => server.close());
  const folder = join(await temporaryFolder(), 'work');
  await mkdir(folder);
  const environment = {
    PATH: process.env['PATH'] ?? '',
    ACTIONS_RESULTS_URL: `${server.url}/`,
    ACTIONS_RUNTIME_TOKEN: TOKEN,
    ACTIONS_CACHE_SERVICE_V2: 'true',
  };
  const { signal } = new AbortController();
  return { ...server, folder, access: { environment, temp: await temporaryFolder(), signal, timeout: 30_000 } };
}

function inOrder({ path, headers }: SeenRequest, url: string, archive: Buffer): Answer {
  if (path.endsWith('/GetCacheEntryDownloadURL')) {
    return json({ ok: true, matched_key: 'key', signed_download_url: `${url}/blob?sig=SIGNATURE` });
  }
  if (path.endsWith('/CreateCacheEntry')) return json({ ok: true, signed_upload_url: `${url}/blob?sig=SIGNATURE` });
  if (path.endsWith('/FinalizeCacheEntryUpload')) return json({ ok: true, entry_id: '1' });
  const [, first] = /^bytes=(\d+)-/.exec(headers.range ?? '') ?? [];
  if (first === undefined) return { status: 201 };
  return part(archive, Number(first), headers.range ?? '');
}

function part(archive: Buffer, start: number, range: string, etag = '"1"'): Answer {
  const end = Math.min(archive.length, Number(/-(\d+)$/.exec(range)?.[1]) + 1);
  const headers = { 'content-range': `bytes ${start}-${end - 1}/${archive.length}`, etag };
  return { status: 206, headers, body: archive.subarray(start, end) };
}

const json = (value: object): Answer => ({ body: JSON.stringify(value) });

/** An archive of 20 MB of noise: it comes in three pieces. */
async function noise(): Promise<Buffer> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'tree'));
  await writeFile(join(folder, 'tree/noise'), randomBytes(20 * MEGABYTE));
  const signal = new AbortController().signal;
  const args = ['-cf', join(folder, 'tar'), '--use-compress-program', 'zstdmt', '-C', folder, 'tree'];
  const { exitCode } = await capture('tar', args, { cwd: folder, env: { PATH: process.env['PATH'] ?? '' }, signal });
  expect(exitCode).toBe(0);
  return readFile(join(folder, 'tar'));
}

/** Restores, and says whether anything was put in place. */
async function restore({ folder, access }: Service) {
  let isPlaced = false;
  const place = async () => {
    isPlaced = true;
  };
  const restored = await restoreCache({ folder, paths: ['tree'], key: 'key', restoreKeys: [], place }, access);
  // Nothing is left beside.
  expect(await readdir(dirname(folder))).toEqual(['work']);
  return { restored, isPlaced };
}

const isPiece = ({ path, headers }: SeenRequest, start: number) => {
  return path.startsWith('/blob') && (headers.range ?? '').startsWith(`bytes=${start}-`);
};

describe('an entry that does not come whole', () => {
  const second = 8 * MEGABYTE;
  it.each<[string, (archive: Buffer) => Change]>([
    [
      'a piece is from another place',
      (archive) => (request) => {
        return isPiece(request, second) ? part(archive, 0, 'bytes=0-8388607') : undefined;
      },
    ],
    [
      'a piece is of another blob',
      (archive) => (request) => {
        return isPiece(request, second) ? part(archive, second, request.headers.range ?? '', '"2"') : undefined;
      },
    ],
    [
      'a piece is too short',
      (archive) => (request) => {
        if (!isPiece(request, second)) return undefined;
        const answer = part(archive, second, request.headers.range ?? '');
        return { ...answer, body: Buffer.from(answer.body ?? '').subarray(1) };
      },
    ],
    [
      'a piece comes without its place',
      (archive) => (request) => {
        return isPiece(request, second) ? { status: 200, body: archive.subarray(0, second) } : undefined;
      },
    ],
    [
      'the storage says that the address has expired',
      () => (request) => {
        return isPiece(request, second) ? { status: 403, body: '<Error/>' } : undefined;
      },
    ],
    [
      'it is cut at a piece',
      (archive) => (request) => {
        return request.path.startsWith('/blob')
          ? part(
              archive.subarray(0, 2 * second),
              Number(/=(\d+)/.exec(request.headers.range ?? '')?.[1]),
              request.headers.range ?? '',
            )
          : undefined;
      },
    ],
    [
      'its content is damaged',
      (archive) => {
        const damaged = Buffer.from(archive);
        damaged.fill(0, 9 * MEGABYTE, 9 * MEGABYTE + 4_096);
        return (request) =>
          request.path.startsWith('/blob')
            ? part(damaged, Number(/=(\d+)/.exec(request.headers.range ?? '')?.[1]), request.headers.range ?? '')
            : undefined;
      },
    ],
  ])('(%s) is not put in place', async (what, change) => {
    const isWhole = what.startsWith('it');
    const archive = await noise();
    const faulty = await service(change(archive), archive);
    const { restored, isPlaced } = await restore(faulty);
    const reason = isWhole
      ? /^Error: tar ended with status 2: /
      : /^a piece of the entry did not come as it was asked for/;
    expect(restored).toMatchObject({ kind: 'fault', reason: expect.stringMatching(reason) });
    expect(JSON.stringify(restored)).not.toContain('SIGNATURE');
    expect(isPlaced).toBe(false);
  });

  it('is asked for again where a connection broke, piece by piece', async () => {
    const archive = await noise();
    let isBroken = false;
    const { restored, isPlaced } = await restore(
      await service((request) => {
        if (!isPiece(request, second) || isBroken) return undefined;
        isBroken = true;
        return { ...part(archive, second, request.headers.range ?? ''), truncated: true };
      }, archive),
    );
    expect(restored).toMatchObject({ kind: 'hit', bytes: archive.length });
    expect(isPlaced).toBe(true);
  });
});

describe('a service', () => {
  it.each<[string, Answer, number]>([
    [
      'that wants us to come back in a minute (429)',
      { status: 429, headers: { 'retry-after': '60' }, body: '{"msg":"too many"}' },
      1,
    ],
    ['that is overloaded (503)', { status: 503, body: '' }, 2],
    ['that does not know the token (401)', { status: 401, body: '{"msg":"expired"}' }, 1],
    ['that answers with a page', { status: 200, body: '<html>' }, 1],
    ['that answers with a list', { status: 200, body: '[]' }, 1],
    ['that answers for ever', { status: 200, body: JSON.stringify({ ok: true, msg: 'x'.repeat(2 * MEGABYTE) }) }, 1],
  ])('%s is a reason, soon', async (_, answer, asked) => {
    const faulty = await service(() => answer);
    const { restored } = await restore(faulty);
    expect(restored).toMatchObject({ kind: 'fault', reason: expect.stringMatching(/^GitHub's cache service/) });
    await mkdir(join(faulty.folder, 'tree'));
    const saved = await saveCache({ folder: faulty.folder, paths: ['tree'], key: 'key' }, faulty.access);
    expect(saved).toMatchObject({ kind: 'fault', reason: expect.stringMatching(/^GitHub's cache service/) });
    expect(faulty.requests).toHaveLength(2 * asked);
    expect(await readdir(faulty.access.temp)).toEqual([]);
  });

  it.each<[string, Change]>([
    ['a block', ({ path }) => (path.includes('comp=block&') ? { status: 400 } : undefined)],
    ['the list of blocks', ({ path }) => (path.includes('comp=blocklist') ? { status: 409 } : undefined)],
    [
      'the entry',
      ({ path }) =>
        path.endsWith('UploadEntry') || path.endsWith('/FinalizeCacheEntryUpload')
          ? json({ ok: false, message: 'too big' })
          : undefined,
    ],
  ])('whose storage does not take %s makes no entry', async (_, change) => {
    const faulty = await service(change);
    await mkdir(join(faulty.folder, 'tree'));
    await writeFile(join(faulty.folder, 'tree/noise'), randomBytes(34 * MEGABYTE));
    const saved = await saveCache({ folder: faulty.folder, paths: ['tree'], key: 'key' }, faulty.access);
    expect(saved.kind).toBe('fault');
    expect(JSON.stringify(saved)).not.toContain('SIGNATURE');
    const asked = faulty.requests.map(({ path }) => path);
    expect(asked.filter((path) => path.endsWith('/FinalizeCacheEntryUpload'))).toHaveLength(_ === 'the entry' ? 1 : 0);
    expect(await readdir(faulty.access.temp)).toEqual([]);
  });

  it.each(['a block', 'a whole entry'])('can check %s by its checksum', async (what) => {
    const seen: { md5: string | undefined; size: number }[] = [];
    const { folder, access } = await service(({ path, headers }, body) => {
      if (path.startsWith('/blob')) seen.push({ md5: headers['content-md5']?.toString(), size: body.length });
      return undefined;
    });
    await mkdir(join(folder, 'tree'));
    await writeFile(join(folder, 'tree/noise'), randomBytes(what === 'a block' ? 17 * MEGABYTE : 1_000));
    expect(await saveCache({ folder, paths: ['tree'], key: 'key' }, access)).toMatchObject({ kind: 'saved' });
    expect(seen).toHaveLength(what === 'a block' ? 3 : 1);
    for (const { md5 } of seen) expect(md5).toMatch(/^[\w+/]{22}==$/);
  });
});

describe('a cancelled run', () => {
  it('stops a download, and leaves nothing', async () => {
    const archive = await noise();
    const cancellation = new AbortController();
    const hanging = await service((request) => {
      if (!isPiece(request, 8 * MEGABYTE)) return undefined;
      cancellation.abort();
      return { silent: true };
    }, archive);
    const access = { ...hanging.access, signal: cancellation.signal };
    const { restored, isPlaced } = await restore({ ...hanging, access });
    expect(restored).toEqual({ kind: 'fault', reason: 'the run was cancelled', isLate: false });
    expect(isPlaced).toBe(false);
  });

  it('makes no entry of half an upload', async () => {
    const cancellation = new AbortController();
    const { folder, access, requests } = await service(({ path }) => {
      if (path.startsWith('/blob')) cancellation.abort();
      return undefined;
    });
    await mkdir(join(folder, 'tree'));
    const entry = { folder, paths: ['tree'], key: 'key' };
    const saved = await saveCache(entry, { ...access, signal: cancellation.signal });
    expect(saved).toEqual({ kind: 'fault', reason: 'the run was cancelled', isLate: false });
    expect(requests.at(-1)?.path).toMatch(/^\/blob/);
  });
});

it('the programs that pack and unpack see neither the token nor the address of the storage', async () => {
  const archive = await noise();
  const { folder, access } = await service(() => undefined, archive);
  const programs = await temporaryFolder();
  const log = join(programs, 'log');
  for (const name of ['tar', 'zstd', 'zstdmt', 'unzstd']) {
    const real = (await capture('which', [name], { cwd: '/', env: { PATH: process.env['PATH'] ?? '' } })).stdout.trim();
    const script = `#!/bin/sh\n{ echo "${name} $*"; env; } >> ${log}\nexec ${real} "$@"\n`;
    await writeFile(join(programs, name), script, { mode: 0o755 });
  }
  const PATH = [programs, access.environment['PATH'] ?? ''].join(delimiter);
  const watched = { ...access, environment: { ...access.environment, PATH } };
  const place = async () => undefined;
  const entry = { folder, paths: ['tree'], key: 'key' };
  await mkdir(join(folder, 'tree'));
  expect(await saveCache(entry, watched)).toMatchObject({ kind: 'saved' });
  expect(await restoreCache({ ...entry, restoreKeys: [], place }, watched)).toMatchObject({ kind: 'hit' });
  const seen = await readFile(log, 'utf8');
  for (const name of ['tar --posix', 'tar -xf', 'zstdmt', 'unzstd']) expect(seen).toContain(name);
  expect(seen).not.toContain(TOKEN);
  expect(seen).not.toContain('SIGNATURE');
});

it('the token goes to the service and not to the storage', async () => {
  const archive = await noise();
  const asked = await service(() => undefined, archive);
  expect((await restore(asked)).restored).toMatchObject({ kind: 'hit' });
  const told = asked.requests.map(({ path, headers }) => [path.slice(0, 5), headers.authorization ?? 'none']);
  expect(told).toEqual([['/twir', `Bearer ${TOKEN}`], ...Array.from({ length: 3 }, () => ['/blob', 'none'])]);
});
