import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { tagImage } from '../../src/image/tag.ts';
import { createRegistryClient } from '../../src/registry/client.ts';
import { crane, loginFolder, pushImage } from '../registry/images.ts';
import { type FaultProxy, type SeenRequest, startFaultProxy } from '../support/fault-proxy.ts';
import { REGISTRY_LOGIN, type RegistryServer, startRegistry } from '../support/registry-server.ts';

let registry: RegistryServer;
let proxy: FaultProxy;
let config: string;
let old: string;
let fresh: string;

const instant = { wait: async () => undefined };
const puts = ({ method }: SeenRequest) => method === 'PUT';
const putOf = (tag: string) => (request: SeenRequest) => puts(request) && request.path.endsWith(`/${tag}`);

beforeAll(async () => {
  registry = await startRegistry({ access: 'password' });
  proxy = await startFaultProxy(registry.host);
  config = await loginFolder(registry.host);
});

beforeEach(async () => {
  proxy.reset();
  old = await pushImage(`${registry.host}/acme/api:latest`, 'old', config);
  fresh = await pushImage(`${registry.host}/acme/api:fresh`, 'fresh', config);
});

afterAll(async () => {
  await proxy.stop();
  await registry.stop();
  await rm(config, { recursive: true });
});

function client() {
  const made = createRegistryClient({
    host: proxy.host,
    login: { host: proxy.host, ...REGISTRY_LOGIN },
    environment: {},
    signal: new AbortController().signal,
    ...instant,
  });
  onTestFinished(made.close);
  return made;
}

async function digestOfTag(tag: string): Promise<string> {
  return (await crane(['digest', `${registry.host}/acme/api:${tag}`], config)).stdout.trim();
}

it('puts every tag on the digest, moves those that stood elsewhere, and says where', async () => {
  const placed = await tagImage(client(), 'acme/api', fresh, ['sha-1', 'main', 'latest', 'main'], instant);
  expect(placed).toEqual([
    { tag: 'sha-1', before: undefined },
    { tag: 'main', before: undefined },
    { tag: 'latest', before: old },
  ]);
  for (const tag of ['sha-1', 'main', 'latest']) expect(await digestOfTag(tag)).toBe(fresh);
});

it('moves a tag that is in use after all that are new', async () => {
  await tagImage(client(), 'acme/api', fresh, ['latest', 'order-1', 'order-2'], instant);
  const written = proxy.seen.filter(puts).map(({ path }) => path.split('/').at(-1));
  expect(written).toEqual(['order-1', 'order-2', 'latest']);
});

it('writes nothing for tags that stand there already, and copies no content ever', async () => {
  await tagImage(client(), 'acme/api', fresh, ['twice'], instant);
  proxy.reset();
  expect(await tagImage(client(), 'acme/api', fresh, ['twice'], instant)).toEqual([{ tag: 'twice', before: fresh }]);
  expect(proxy.seen.filter(puts)).toEqual([]);
  expect(proxy.seen.filter(({ path }) => path.includes('/blobs/'))).toEqual([]);
});

it('says that the digest is not there, and puts on no tag', async () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  await expect(tagImage(client(), 'acme/api', digest, ['never'], instant)).rejects.toMatchObject({
    code: 'PIPE-TAG-005',
    message: expect.stringContaining('no tag was put on'),
  });
  expect(proxy.seen.filter(puts)).toEqual([]);
});

it.each([['-x'], ['a b'], ['a/b'], ['x'.repeat(129)], ['']])(
  'refuses the tag %j before anything is sent',
  async (tag) => {
    const tagging = tagImage(client(), 'acme/api', fresh, ['good', tag], instant);
    await expect(tagging).rejects.toMatchObject({ code: 'PIPE-TAG-004' });
    expect(proxy.seen).toEqual([]);
  },
);

it('says that a tag may not move in a registry that keeps tags where they are', async () => {
  const message =
    "The image tag 'latest' already exists in the 'api' repository and cannot be overwritten because the repository is immutable.";
  const body = JSON.stringify({ errors: [{ code: 'TAG_INVALID', message }] });
  proxy.plan(putOf('latest'), { kind: 'status', status: 400, body });
  const failure = await tagImage(client(), 'acme/api', fresh, ['v1', 'latest', 'later'], instant).catch(
    (error) => error,
  );
  expect(failure).toMatchObject({ code: 'PIPE-REGISTRY-011', kind: 'configuration' });
  expect(failure.message).toContain(`tags that stand for ${fresh}: v1, later; tags that do not: latest`);
  expect(await digestOfTag('latest')).toBe(old);
});

it('says that somebody else moved a tag meanwhile', async () => {
  const happens = () => crane(['tag', `${registry.host}/acme/api@${old}`, 'latest'], config);
  proxy.plan(putOf('latest'), { kind: 'meanwhile', happens });
  const failure = await tagImage(client(), 'acme/api', fresh, ['v2', 'latest'], instant).catch((error) => error);
  expect(failure).toMatchObject({ code: 'PIPE-TAG-006', kind: 'outside' });
  expect(failure.message).toContain(`tags that stand for ${fresh}: v2; tags that do not: latest`);
});

it('does not move a tag that somebody else moved since it was read', async () => {
  const other = await pushImage(`${registry.host}/acme/api:other`, 'other', config);
  const happens = () => crane(['tag', `${registry.host}/acme/api:other`, 'latest'], config);
  proxy.plan(putOf('v3'), { kind: 'meanwhile', happens });
  const failure = await tagImage(client(), 'acme/api', fresh, ['latest', 'v3'], instant).catch((error) => error);
  expect(failure).toMatchObject({ code: 'PIPE-TAG-006' });
  expect(failure.message).toContain(`tags that stand for ${fresh}: v3; tags that do not: latest`);
  expect(await digestOfTag('latest')).toBe(other);
});

it('says which tags are on when the registry fails between two of them, and goes on from there when run again', async () => {
  proxy.plan(putOf('second'), ...Array.from({ length: 4 }, () => ({ kind: 'status', status: 503 }) as const));
  const tags = ['first', 'second', 'third'];
  const failure = await tagImage(client(), 'acme/api', fresh, tags, instant).catch((error) => error);
  expect(failure).toMatchObject({ code: 'PIPE-TAG-007', kind: 'outside', details: { status: 503, tries: 4 } });
  expect(failure.message).toContain(`tags that stand for ${fresh}: first; tags that do not: second, third`);
  expect(await tagImage(client(), 'acme/api', fresh, tags, instant)).toEqual([
    { tag: 'first', before: fresh },
    { tag: 'second', before: undefined },
    { tag: 'third', before: undefined },
  ]);
});

it('admits that it does not know when the registry is gone for good', async () => {
  const gone = Array.from({ length: 99 }, () => ({ kind: 'reset' }) as const);
  proxy.plan(putOf('lost'), ...gone);
  // What was read before is let through; what is read after the failure is not.
  proxy.plan(({ method, path }) => method === 'HEAD' && path.endsWith('/lost') && proxy.seen.some(puts), ...gone);
  const failure = await tagImage(client(), 'acme/api', fresh, ['lost'], instant).catch((error) => error);
  expect(failure).toMatchObject({ code: 'PIPE-TAG-007', message: expect.stringContaining('is not known') });
});
