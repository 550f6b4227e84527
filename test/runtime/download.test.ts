import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigurationError, OutsideFault } from '../../src/runtime/errors.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { testClient } from './http-client.ts';
import { webServer } from './web-server.ts';

const content = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => index % 251));
const digest = (name: string, encoding: 'hex' | 'base64') => createHash(name).update(content).digest(encoding);
const sha256 = digest('sha256', 'hex');

async function serving(file: Buffer | string = content) {
  const folder = await temporaryFolder();
  const server = await webServer((response) => response.end(file));
  return { folder, path: join(folder, 'file'), server, client: testClient() };
}

const failed = (download: Promise<unknown>) => download.catch((error: unknown) => error);

describe('a download', () => {
  it.each([
    ['without a checksum', {}],
    ['with its sha256', { sha256 }],
    ['with its sha256 in capitals', { sha256: sha256.toUpperCase() }],
    ['with its sha256 in base64', { sha256: digest('sha256', 'base64') }],
    ['with its sha512', { sha512: digest('sha512', 'hex') }],
    ['with its sha512 in base64', { sha512: digest('sha512', 'base64') }],
    ['with both', { sha256, sha512: digest('sha512', 'hex') }],
  ])('%s is the file, whole', async (_, checks) => {
    const { folder, path, server, client } = await serving();
    expect(await client.download({ url: server.url }, path, checks)).toEqual({ bytes: content.length, sha256 });
    expect((await readFile(path)).equals(content)).toBe(true);
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('takes the place of an older file', async () => {
    const { path, server, client } = await serving('new');
    await writeFile(path, 'older and longer');
    await client.download({ url: server.url }, path, {});
    expect(await readFile(path, 'utf8')).toBe('new');
  });

  it.each([
    ['another sha256', { sha256: '0'.repeat(64) }],
    ['another sha512', { sha256, sha512: '0'.repeat(128) }],
    ['what is no checksum', { sha256: '' }],
  ])('that has %s leaves the older file, and nothing else', async (_, checks) => {
    const { folder, path, server, client } = await serving();
    await writeFile(path, 'older');
    const error = await failed(client.download({ url: server.url }, path, checks));
    expect(error).toBeInstanceOf(OutsideFault);
    expect(error).toMatchObject({
      code: 'PIPE-TEST-001',
      message: expect.stringMatching(/wrong checksum \(sha\d+ [0-9a-f]{64,}, expected "/),
    });
    expect(await readdir(folder)).toEqual(['file']);
    expect(await readFile(path, 'utf8')).toBe('older');
    expect(server.requests).toHaveLength(1);
  });

  it('may be as large as its limit and not larger', async () => {
    const { folder, path, server, client } = await serving();
    await client.download({ url: server.url }, path, { limit: content.length });
    const larger = join(folder, 'larger');
    const error = await failed(client.download({ url: server.url }, larger, { limit: content.length - 1 }));
    expect(error).toMatchObject({ code: 'PIPE-TEST-001', message: expect.stringMatching(/larger than 2999999 bytes/) });
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('that breaks off is tried again from its start', async () => {
    const folder = await temporaryFolder();
    const server = await webServer((response, count) => {
      if (count === 2) response.end(content);
      else response.write(content.subarray(0, 1_000_000), () => response.socket?.destroy());
    });
    const saved = await testClient().download({ url: server.url }, join(folder, 'file'), { sha256 });
    expect(saved.bytes).toBe(content.length);
    expect(server.requests).toHaveLength(3);
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('that never ends whole is a fault and leaves nothing', async () => {
    const folder = await temporaryFolder();
    const server = await webServer((response) => response.write('abc', () => response.socket?.destroy()));
    const error = await failed(testClient().download({ url: server.url }, join(folder, 'file'), {}));
    expect(error).toMatchObject({ code: 'PIPE-TEST-001', details: { tries: 4 } });
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    [404, 1],
    [401, 1],
    [503, 4],
    [206, 1],
    [204, 1],
  ])('that is answered with status %i is a fault after %i tries, and no file', async (status, tries) => {
    const folder = await temporaryFolder();
    const server = await webServer((response) => response.writeHead(status).end());
    const url = `${server.url}/file.tar.gz?signature=hunter2`;
    const error = await failed(testClient().download({ url }, join(folder, 'file'), {}));
    expect(error).toMatchObject({
      code: 'PIPE-TEST-001',
      details: { status, tries },
      message: expect.stringMatching(/file\.tar\.gz"/),
    });
    expect((error as Error).message).not.toContain('hunter2');
    expect(await readdir(folder)).toEqual([]);
  });

  it('follows redirects to where the file is kept', async () => {
    const { path, server, client } = await serving();
    const first = await webServer((response) => response.writeHead(302, { location: server.url }).end());
    expect(await client.download({ url: first.url, headers: { authorization: 'x' } }, path, { sha256 })).toMatchObject({
      sha256,
    });
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('that is cancelled leaves nothing', async () => {
    const folder = await temporaryFolder();
    const cancellation = new AbortController();
    const server = await webServer((response) =>
      response.write('abc', () => setTimeout(() => cancellation.abort(), 30)),
    );
    const { download } = testClient();
    const error = await failed(download({ url: server.url, signal: cancellation.signal }, join(folder, 'file'), {}));
    expect(error).toMatchObject({ message: expect.stringMatching(/the request was cancelled/) });
    expect(await readdir(folder)).toEqual([]);
  });

  it('that can not be written is a coded error after one try', async () => {
    const { folder, server, client } = await serving();
    await mkdir(join(folder, 'taken/x'), { recursive: true });
    for (const path of ['missing/file', 'taken', 'a\0b', 'x'.repeat(300)]) {
      const error = await failed(client.download({ url: server.url }, join(folder, path), {}));
      expect(error).toBeInstanceOf(ConfigurationError);
      expect(error).toMatchObject({ code: 'PIPE-FILE-004' });
    }
    expect(server.requests).toHaveLength(4);
    expect(await readdir(folder)).toEqual(['taken']);
  });
});
