import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createRegistryClient, digestOf, type RegistryClient } from '../../src/registry/client.ts';
import type { RegistryLogin } from '../../src/registry/sign-in.ts';
import { REGISTRY_LOGIN, type RegistryServer, startRegistry } from '../support/registry-server.ts';
import { startTokenServer, type TokenServer } from '../support/token-server.ts';
import { crane, loginFolder, pushImage } from './images.ts';

let open: RegistryServer;
let closed: RegistryServer;
let guarded: RegistryServer;
let tokens: TokenServer;

beforeAll(async () => {
  tokens = await startTokenServer();
  [open, closed, guarded] = await Promise.all([
    startRegistry(),
    startRegistry({ access: 'password' }),
    startRegistry({ access: tokens.access }),
  ]);
});

afterAll(async () => {
  await Promise.all([open.stop(), closed.stop(), guarded.stop()]);
  await tokens.stop();
});

function clientOf(host: string, login?: Omit<RegistryLogin, 'host'>, learned: string[] = []): RegistryClient {
  const client = createRegistryClient({
    host,
    login: login === undefined ? undefined : { host, ...login },
    environment: {},
    signal: new AbortController().signal,
    secrets: { add: (secret) => learned.push(secret) },
  });
  onTestFinished(client.close);
  return client;
}

async function loginOf(host: string): Promise<string> {
  const folder = await loginFolder(host);
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

describe('an open registry', () => {
  it('reads what crane wrote: descriptor, manifest, configuration', async () => {
    const digest = await pushImage(`${open.host}/acme/api:one`, 'one');
    const client = clientOf(open.host);
    const found = await client.head('acme/api', 'one');
    expect(found).toMatchObject({ digest, mediaType: 'application/vnd.oci.image.manifest.v1+json' });
    const manifest = await client.manifest('acme/api', digest);
    const witness = await crane(['manifest', `${open.host}/acme/api@${digest}`]);
    expect(manifest?.bytes.toString('utf8').trim()).toBe(witness.stdout.trim());
    expect(manifest?.descriptor).toEqual(found);
    const { config } = JSON.parse(manifest?.bytes.toString('utf8') ?? '') as { config: { digest: string } };
    const configuration = await client.blob('acme/api', config.digest, 100_000);
    expect(JSON.parse(configuration.toString('utf8'))).toEqual(
      JSON.parse((await crane(['config', `${open.host}/acme/api:one`])).stdout),
    );
  });

  it('writes a manifest under another tag that crane reads', async () => {
    const digest = await pushImage(`${open.host}/acme/web:one`, 'web');
    const client = clientOf(open.host);
    const manifest = await client.manifest('acme/web', 'one');
    if (manifest === undefined) throw new Error('the image is not there');
    const put = await client.putManifest('acme/web', 'two', manifest.bytes, manifest.descriptor.mediaType);
    expect(put).toBe(digest);
    expect((await crane(['digest', `${open.host}/acme/web:two`])).stdout.trim()).toBe(digest);
  });

  it('reads an index of several platforms as the index, not as one of its images', async () => {
    const one = await pushImage(`${open.host}/acme/multi:one`, 'amd64');
    const two = await pushImage(`${open.host}/acme/multi:two`, 'arm64');
    const parts = ['-m', `${open.host}/acme/multi:one`, '-m', `${open.host}/acme/multi:two`];
    await crane(['index', 'append', ...parts, '-t', `${open.host}/acme/multi:all`]);
    const client = clientOf(open.host);
    const manifest = await client.manifest('acme/multi', 'all');
    expect(await client.head('acme/multi', 'all')).toEqual(manifest?.descriptor);
    expect(manifest?.descriptor.mediaType).toBe('application/vnd.oci.image.index.v1+json');
    expect(manifest?.bytes.toString('utf8')).toContain(one);
    expect(manifest?.bytes.toString('utf8')).toContain(two);
  });

  it('says undefined for what is not there, and has no tags of a repository that is not', async () => {
    const client = clientOf(open.host);
    expect(await client.head('acme/nothing', 'latest')).toBeUndefined();
    expect(await client.manifest('acme/nothing', 'latest')).toBeUndefined();
    expect(await client.tags('acme/nothing')).toEqual([]);
    const digest = `sha256:${'0'.repeat(64)}`;
    await expect(client.blob('acme/nothing', digest, 10)).rejects.toMatchObject({ code: 'PIPE-REGISTRY-007' });
  });

  it('lists all tags', async () => {
    await pushImage(`${open.host}/acme/tags:a`, 'tags');
    for (const tag of ['b', 'c']) await crane(['tag', `${open.host}/acme/tags:a`, tag]);
    expect([...(await clientOf(open.host).tags('acme/tags'))].sort()).toEqual(['a', 'b', 'c']);
  });

  it('refuses a manifest that names content which is not there, with the answer of the registry', async () => {
    const part = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: `sha256:${'1'.repeat(64)}`, size: 2 };
    const type = 'application/vnd.oci.image.manifest.v1+json';
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: type, config: part, layers: [] }));
    await expect(clientOf(open.host).putManifest('acme/broken', 'x', bytes, type)).rejects.toMatchObject({
      code: 'PIPE-REGISTRY-008',
      message: expect.stringContaining('BLOB_UNKNOWN'),
    });
    expect(digestOf(bytes)).toBe(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
  });

  it.each([
    ['Acme/API', 'latest'],
    ['acme/../other', 'latest'],
    ['acme/api', '-x'],
    ['acme/api', 'a/b'],
    ['acme/api', 'sha256:12'],
  ])('sends nothing for %s with %s', async (name, reference) => {
    await expect(clientOf(open.host).head(name, reference)).rejects.toMatchObject({ code: 'PIPE-REGISTRY-002' });
  });
});

describe('a registry with a password', () => {
  it('reads and writes with the login', async () => {
    const config = await loginOf(closed.host);
    const digest = await pushImage(`${closed.host}/acme/api:one`, 'closed', config);
    const client = clientOf(closed.host, REGISTRY_LOGIN);
    const manifest = await client.manifest('acme/api', 'one');
    expect(manifest?.descriptor.digest).toBe(digest);
    if (manifest === undefined) throw new Error('the image is not there');
    await client.putManifest('acme/api', 'two', manifest.bytes, manifest.descriptor.mediaType);
    expect((await crane(['digest', `${closed.host}/acme/api:two`], config)).stdout.trim()).toBe(digest);
  });

  it('says that a login is wanted, or that the one given is not accepted, without showing it', async () => {
    await expect(clientOf(closed.host).head('acme/api', 'one')).rejects.toMatchObject({
      code: 'PIPE-REGISTRY-003',
      message: expect.stringContaining('wants a login'),
    });
    const wrong = clientOf(closed.host, { username: 'pipelines', password: 'not-the-password' });
    const failure = await wrong.head('acme/api', 'one').catch((error: Error) => error.message);
    expect(failure).toContain('does not accept the login');
    expect(failure).not.toContain('not-the-password');
  });
});

describe('a registry with tokens', () => {
  it('asks for a token of the right scope once, and keeps it', async () => {
    const config = await loginOf(guarded.host);
    await pushImage(`${guarded.host}/acme/api:one`, 'guarded', config);
    tokens.asked.length = 0;
    const learned: string[] = [];
    const client = clientOf(guarded.host, REGISTRY_LOGIN, learned);
    const manifest = await client.manifest('acme/api', 'one');
    await client.head('acme/api', 'one');
    if (manifest === undefined) throw new Error('the image is not there');
    await client.putManifest('acme/api', 'two', manifest.bytes, manifest.descriptor.mediaType);
    expect(tokens.asked).toEqual([
      { scope: 'repository:acme/api:pull', signedIn: true },
      { scope: 'repository:acme/api:pull,push', signedIn: true },
    ]);
    expect(learned).toHaveLength(2);
    expect((await crane(['digest', `${guarded.host}/acme/api:two`], config)).stdout.trim()).toBe(
      manifest.descriptor.digest,
    );
  });

  it('renews a token that is about to end', async () => {
    const config = await loginOf(guarded.host);
    await pushImage(`${guarded.host}/acme/short:one`, 'short', config);
    tokens.asked.length = 0;
    tokens.life = 5;
    onTestFinished(() => {
      tokens.life = 300;
    });
    const client = clientOf(guarded.host, REGISTRY_LOGIN);
    await client.head('acme/short', 'one');
    await client.head('acme/short', 'one');
    expect(tokens.asked).toHaveLength(2);
  });

  it('reads without a login where everybody may read, and is told when it may not write', async () => {
    const config = await loginOf(guarded.host);
    await pushImage(`${guarded.host}/acme/public:one`, 'public', config);
    const client = clientOf(guarded.host);
    const manifest = await client.manifest('acme/public', 'one');
    expect(manifest).toBeDefined();
    if (manifest === undefined) return;
    const put = client.putManifest('acme/public', 'two', manifest.bytes, manifest.descriptor.mediaType);
    await expect(put).rejects.toMatchObject({
      code: 'PIPE-REGISTRY-004',
      message: expect.stringContaining('has no login'),
    });
  });

  it('says that the token server does not accept the password', async () => {
    const client = clientOf(guarded.host, { username: 'pipelines', password: 'not-the-password' });
    await expect(client.head('acme/api', 'one')).rejects.toMatchObject({ code: 'PIPE-REGISTRY-003' });
  });
});
