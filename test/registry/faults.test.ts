import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createRegistryClient, type RegistryClient } from '../../src/registry/client.ts';
import { type FaultProxy, type SeenRequest, startFaultProxy } from '../support/fault-proxy.ts';
import { REGISTRY_LOGIN, type RegistryServer, startRegistry } from '../support/registry-server.ts';
import { crane, loginFolder, pushImage } from './images.ts';

let registry: RegistryServer;
let proxy: FaultProxy;
let config: string;
let digest: string;
let layer: string;
const waits: number[] = [];

beforeAll(async () => {
  registry = await startRegistry({ access: 'password' });
  proxy = await startFaultProxy(registry.host);
  config = await loginFolder(registry.host);
  digest = await pushImage(`${registry.host}/acme/api:one`, 'x'.repeat(10_000), config);
  const { stdout } = await crane(['manifest', `${registry.host}/acme/api:one`], config);
  layer = (JSON.parse(stdout) as { layers: { digest: string }[] }).layers[0]?.digest ?? '';
});

afterAll(async () => {
  await proxy.stop();
  await registry.stop();
  await rm(config, { recursive: true });
});

beforeEach(() => {
  proxy.reset();
  waits.length = 0;
});

function client(): RegistryClient {
  const made = createRegistryClient({
    host: proxy.host,
    login: { host: proxy.host, ...REGISTRY_LOGIN },
    environment: {},
    signal: new AbortController().signal,
    wait: async (milliseconds) => {
      waits.push(milliseconds);
    },
  });
  onTestFinished(made.close);
  return made;
}

const blobs = ({ path }: SeenRequest) => path.includes('/blobs/');
const manifests = ({ path }: SeenRequest) => path.includes('/manifests/');
const puts = ({ method }: SeenRequest) => method === 'PUT';

describe('a read recovers', () => {
  it.each([
    ['a connection that breaks', { kind: 'reset' }],
    ['a fault of the registry', { kind: 'status', status: 500 }],
    ['half an answer', { kind: 'truncate' }],
    ['half an answer that looks whole', { kind: 'shorten' }],
    ['an answer in slow pieces', { kind: 'slow', pause: 20 }],
  ] as const)('from %s', async (_, fault) => {
    proxy.plan(blobs, fault);
    const bytes = await client().blob('acme/api', layer, 1_000_000);
    expect(bytes.length).toBeGreaterThan(0);
    expect(proxy.seen.filter(blobs)).toHaveLength(fault.kind === 'slow' ? 1 : 2);
  });

  it('from a registry that asks to wait, after the time it asks for', async () => {
    proxy.plan(manifests, { kind: 'status', status: 429, headers: { 'retry-after': '7' } });
    expect((await client().head('acme/api', 'one'))?.digest).toBe(digest);
    expect(waits).toEqual([7_000]);
  });
});

describe('a read gives up', () => {
  it('after four faults, and says how often it tried', async () => {
    proxy.plan(manifests, ...Array.from({ length: 9 }, () => ({ kind: 'status', status: 500 }) as const));
    await expect(client().head('acme/api', 'one')).rejects.toMatchObject({
      code: 'PIPE-REGISTRY-005',
      message: expect.stringMatching(/status 500, 4 tries/),
    });
    expect(proxy.seen.filter(manifests)).toHaveLength(4);
  });

  it('after four broken connections', async () => {
    proxy.plan(manifests, ...Array.from({ length: 9 }, () => ({ kind: 'reset' }) as const));
    await expect(client().manifest('acme/api', 'one')).rejects.toMatchObject({ code: 'PIPE-REGISTRY-005' });
    expect(proxy.seen.filter(manifests)).toHaveLength(4);
  });

  it('when the content is wrong three times, and uses none of it', async () => {
    proxy.plan(blobs, ...Array.from({ length: 9 }, () => ({ kind: 'shorten' }) as const));
    await expect(client().blob('acme/api', layer, 1_000_000)).rejects.toMatchObject({ code: 'PIPE-REGISTRY-006' });
    expect(proxy.seen.filter(blobs)).toHaveLength(3);
  });

  it('at once when the content is larger than wanted', async () => {
    await expect(client().blob('acme/api', layer, 10)).rejects.toMatchObject({
      code: 'PIPE-REGISTRY-005',
      message: expect.stringContaining('larger than 10 bytes'),
    });
    expect(proxy.seen.filter(blobs)).toHaveLength(1);
  });
});

describe('a write recovers', () => {
  it.each([
    ['a connection that breaks before it', { kind: 'reset' }],
    ['a connection that breaks after it', { kind: 'reset-after' }],
    ['a fault of the registry', { kind: 'status', status: 500 }],
    ['a registry that asks to wait', { kind: 'status', status: 429, headers: { 'retry-after': '1' } }],
  ] as const)('from %s', async (_, fault) => {
    const writer = client();
    const manifest = await writer.manifest('acme/api', digest);
    if (manifest === undefined) throw new Error('the image is not there');
    proxy.plan(puts, fault);
    expect(await writer.putManifest('acme/api', 'again', manifest.bytes, manifest.descriptor.mediaType)).toBe(digest);
    expect((await crane(['digest', `${registry.host}/acme/api:again`], config)).stdout.trim()).toBe(digest);
    expect(proxy.seen.filter(puts)).toHaveLength(2);
  });
});

describe('the login', () => {
  /** A place that a registry sends its clients to for content; it asks for a password. */
  async function startStorage(answer: { status: number; headers?: Record<string, string>; body?: Buffer }) {
    const seen: (string | undefined)[] = [];
    const server = createServer(({ headers }, response) => {
      seen.push(headers.authorization);
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/content?signature=x`, seen };
  }

  it('does not go to the place that content is kept in', async () => {
    const body = await client().blob('acme/api', layer, 1_000_000);
    const storage = await startStorage({ status: 200, body });
    proxy.plan(blobs, { kind: 'redirect', to: storage.url });
    expect(await client().blob('acme/api', layer, 1_000_000)).toEqual(body);
    expect(storage.seen).toEqual([undefined]);
  });

  it('does not go to a place that such a place names', async () => {
    const thief = await startStorage({ status: 200, body: Buffer.from('{"token":"x"}') });
    const storage = await startStorage({
      status: 401,
      headers: { 'www-authenticate': `Bearer realm="${thief.url}",service="x"` },
    });
    proxy.plan(blobs, { kind: 'redirect', to: storage.url }, { kind: 'redirect', to: storage.url });
    await expect(client().blob('acme/api', layer, 1_000_000)).rejects.toMatchObject({ code: 'PIPE-REGISTRY-003' });
    expect(storage.seen).toEqual([undefined]);
    expect(thief.seen).toEqual([]);
  });

  it('does not go to the place that a token server sends its clients to', async () => {
    const thief = await startStorage({ status: 200, body: Buffer.from('{"token":"x"}') });
    const challenge = { 'www-authenticate': `Bearer realm="http://${proxy.host}/token",service="x"` };
    proxy.plan(({ path }) => path === '/v2/', { kind: 'status', status: 401, headers: challenge });
    proxy.plan(
      ({ path }) => path.startsWith('/token'),
      { kind: 'redirect', to: thief.url },
      { kind: 'redirect', to: thief.url },
    );
    await expect(client().head('acme/api', 'one')).rejects.toMatchObject({ code: 'PIPE-REGISTRY-003' });
    expect(proxy.seen.find(({ path }) => path.startsWith('/token'))?.headers['authorization']).toMatch(/^Basic /);
    expect(thief.seen).toEqual([undefined, undefined]);
  });

  it('does not travel in the open to a token server elsewhere', async () => {
    const challenge = { 'www-authenticate': 'Bearer realm="http://tokens.example.com/token",service="x"' };
    proxy.plan(({ path }) => path === '/v2/', { kind: 'status', status: 401, headers: challenge });
    await expect(client().head('acme/api', 'one')).rejects.toMatchObject({
      code: 'PIPE-REGISTRY-005',
      message: expect.stringContaining('safe address'),
    });
  });
});

describe('a list of tags', () => {
  const lists = ({ path }: SeenRequest) => path.includes('/tags/list');
  const page = (tags: readonly string[], link: string) => ({
    kind: 'status' as const,
    status: 200,
    headers: { link },
    body: JSON.stringify({ name: 'acme/api', tags }),
  });

  it('is read to its last page', async () => {
    proxy.plan(lists, page(['a', 'b'], '</v2/acme/api/tags/list?n=1000&last=b>; rel="next"'), page(['c'], ''));
    expect(await client().tags('acme/api')).toEqual(['a', 'b', 'c']);
    expect(proxy.seen.filter(lists)[1]?.path).toBe('/v2/acme/api/tags/list?n=1000&last=b');
  });

  it('has no page on another host', async () => {
    proxy.plan(lists, page(['a'], '<http://127.0.0.2:1/v2/acme/api/tags/list>; rel="next"'));
    expect(await client().tags('acme/api')).toEqual(['a']);
  });

  it('that never ends is not read for ever', async () => {
    const link = '</v2/acme/api/tags/list?last=a>; rel="next"';
    proxy.plan(lists, ...Array.from({ length: 150 }, () => page(['a'], link)));
    await expect(client().tags('acme/api')).rejects.toMatchObject({ code: 'PIPE-REGISTRY-005' });
    expect(proxy.seen.filter(lists)).toHaveLength(100);
  });
});

it('ends at once when the run is cancelled', async () => {
  const cancellation = new AbortController();
  const made = createRegistryClient({ host: proxy.host, environment: {}, signal: cancellation.signal });
  onTestFinished(made.close);
  proxy.plan(() => true, { kind: 'meanwhile', happens: async () => cancellation.abort() });
  await expect(made.head('acme/api', 'one')).rejects.toThrow('the request was cancelled');
  expect(proxy.seen).toHaveLength(1);
});
