import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHttp } from '../../src/runtime/http.ts';
import { provideTrivy, type TrivySearch } from '../../src/scan/provide-trivy.ts';
import { archiveOf, knownVersions, TRIVY_VERSION } from '../../src/scan/trivy-releases.ts';
import { installTrivy, TRIVY_VERSION as TESTED } from '../../tools/scan/trivy.ts';
import { tarGz } from '../support/registry/tar.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** A program that says that it is Trivy of a version. */
function trivySaying(version: string): string {
  return `#!/bin/sh\necho 'Version: ${version}'\n`;
}

function archive(version: string): Buffer {
  return tarGz([
    { path: 'LICENSE', content: 'text' },
    { path: 'contrib/html.tpl', content: 'text' },
    { path: 'trivy', content: trivySaying(version), mode: 0o755 },
  ]);
}

async function releasePage(files: Readonly<Record<string, Buffer>>) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const body = files[request.url ?? ''];
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { asked, mirror: `http://127.0.0.1:${(server.address() as AddressInfo).port}/download` };
}

/** A search on a runner without Trivy, with the checksum of some archive. */
async function searching(mirror: string, expected: Buffer, more: Partial<TrivySearch> = {}): Promise<TrivySearch> {
  const folder = await temporaryFolder();
  const environment = { PATH: '/usr/bin:/bin', NO_PROXY: '127.0.0.1' };
  const http = createHttp({
    environment,
    service: "Trivy's release page",
    code: 'PIPE-SCAN-004',
    wait: async () => undefined,
  });
  onTestFinished(() => http.close());
  return {
    version: '0.70.0',
    environment,
    cache: { root: join(folder, 'tools'), arch: 'x64' },
    http,
    mirror,
    platform: 'linux',
    archive: () => ({
      name: 'trivy_0.70.0_Linux-64bit.tar.gz',
      sha256: createHash('sha256').update(expected).digest('hex'),
    }),
    temp: folder,
    signal: new AbortController().signal,
    ...more,
  };
}

const PATH = '/download/v0.70.0/trivy_0.70.0_Linux-64bit.tar.gz';

describe('Trivy', () => {
  it('is downloaded once, checked, and comes from the tool cache afterwards', async () => {
    const page = await releasePage({ [PATH]: archive('0.70.0') });
    const search = await searching(page.mirror, archive('0.70.0'));
    const first = await provideTrivy(search);
    expect(first).toEqual({ program: join(search.cache.root, 'trivy/0.70.0/x64/trivy'), origin: 'download' });
    expect(await provideTrivy(search)).toEqual({ ...first, origin: 'tool cache' });
    expect(page.asked).toEqual([PATH]);
    expect(await readdir(join(search.cache.root, 'trivy/0.70.0/x64'))).toEqual(['trivy']);
  });

  it('is refused when it is not the file of the checksum, and nothing of it stays', async () => {
    const page = await releasePage({ [PATH]: archive('0.70.0') });
    const search = await searching(page.mirror, Buffer.from('another file'));
    await expect(provideTrivy(search)).rejects.toMatchObject({
      code: 'PIPE-SCAN-004',
      message: expect.stringMatching(/the wrong checksum \(sha256 [0-9a-f]{64}, expected /),
    });
    expect(await readdir(search.cache.root)).toEqual([]);
  });

  it('is refused when it says that it is another version', async () => {
    const page = await releasePage({ [PATH]: archive('0.69.5') });
    const search = await searching(page.mirror, archive('0.69.5'));
    await expect(provideTrivy(search)).rejects.toMatchObject({ code: 'PIPE-SCAN-005' });
    expect(await readdir(search.cache.root)).toEqual([]);
  });

  it('can’t be had from a page that does not have it', async () => {
    const page = await releasePage({});
    const search = await searching(page.mirror, archive('0.70.0'));
    await expect(provideTrivy(search)).rejects.toMatchObject({ code: 'PIPE-SCAN-004', details: { status: 404 } });
  });

  it('comes from PATH when it is there in that very version, and only then', async () => {
    const page = await releasePage({ [PATH]: archive('0.70.0') });
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'bin'));
    const program = join(folder, 'bin/trivy');
    const environment = { PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, NO_PROXY: '127.0.0.1' };
    const search = await searching(page.mirror, archive('0.70.0'), { environment });
    await writeFile(program, trivySaying('0.70.0'), { mode: 0o755 });
    expect(await provideTrivy(search)).toEqual({ program, origin: 'runner' });
    await writeFile(program, trivySaying('0.69.4'));
    expect((await provideTrivy(search)).origin).toBe('download');
  });

  it('is recognised by its own words', async () => {
    const own = await installTrivy();
    const search = await searching('http://127.0.0.1:1', Buffer.from(''), {
      environment: { PATH: `${own}:/usr/bin:/bin` },
    });
    expect(await provideTrivy(search)).toEqual({ program: join(own, 'trivy'), origin: 'runner' });
  });

  it.each([['0.69.4'], ['0.69.5'], ['0.69.6']])(
    'is never %s, which was poisoned, not even from the tool cache',
    async (version) => {
      const folder = await temporaryFolder();
      await mkdir(join(folder, 'trivy', version, 'x64'), { recursive: true });
      await writeFile(join(folder, 'trivy', version, 'x64.complete'), '');
      const search = await searching('http://127.0.0.1:1', Buffer.from(''), {
        version,
        cache: { root: folder, arch: 'x64' },
      });
      await expect(provideTrivy(search)).rejects.toMatchObject({ code: 'PIPE-SCAN-003' });
    },
  );

  it('is no version of which no checksum is kept', async () => {
    const { archive: _, ...search } = await searching('http://127.0.0.1:1', Buffer.from(''), { version: '0.71.0' });
    await expect(provideTrivy(search)).rejects.toMatchObject({
      code: 'PIPE-SCAN-003',
      message: expect.stringContaining('this bundle keeps no checksum of it for linux on x64'),
    });
  });

  it('has a checksum for every platform that runners have, in the version that the tests run', () => {
    expect(TESTED).toBe(TRIVY_VERSION);
    for (const version of knownVersions()) {
      const archives = [
        archiveOf(version, 'linux', 'x64'),
        archiveOf(version, 'linux', 'arm64'),
        archiveOf(version, 'darwin', 'x64'),
        archiveOf(version, 'darwin', 'arm64'),
      ];
      expect(new Set(archives.map((one) => one?.sha256)).size).toBe(4);
      for (const one of archives) expect(one?.sha256).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(archiveOf(TRIVY_VERSION, 'linux', 'x64')?.name).toBe('trivy_0.70.0_Linux-64bit.tar.gz');
    expect(archiveOf(TRIVY_VERSION, 'win32', 'x64')).toBeUndefined();
  });
});
