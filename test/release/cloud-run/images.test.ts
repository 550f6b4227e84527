import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { push, type TestImage } from '../../scan/images.ts';
import { programOf } from '../../support/buildkit.ts';
import { tar } from '../../support/registry/tar.ts';
import { type RegistryServer, startRegistry } from '../../support/registry-server.ts';
import { ask, mark, REGION, startWorld, type World } from './place.ts';

let world: World;
let registry: RegistryServer;

beforeAll(async () => {
  registry = await startRegistry();
  world = await startWorld({ polls: 0, pace: 2, startWithin: 4_000 });
  // Artifact Registry is this registry, for those who bring a token of Google's.
  world.cloud.state.images.registries.set(`${REGION}-docker.pkg.dev`, `http://${registry.host}`);
});

afterAll(async () => {
  await world.stop();
  await registry.stop();
});

/** An image of two layers whose web server answers with a text. */
async function webImage(text: string): Promise<TestImage> {
  const busybox = await readFile(await programOf('busybox', 'apt-get install busybox-static'));
  const blobs = new Map<string, Buffer>();
  const put = (mediaType: string, bytes: Buffer) => {
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    blobs.set(digest, bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const layers = [
    tar([
      { path: 'bin/busybox', content: busybox, mode: 0o755 },
      { path: 'bin/sh', linkTo: 'busybox' },
    ]),
    tar([{ path: 'www/index.html', content: text }]),
  ];
  const platform = { os: 'linux', architecture: process.arch === 'x64' ? 'amd64' : 'arm64' };
  const configuration = {
    ...platform,
    config: {
      Env: ['PATH=/bin', 'GREETING=hello'],
      WorkingDir: '/www',
      Entrypoint: ['/bin/sh', '-c'],
      Cmd: ['echo "$GREETING from $(pwd)"; exec busybox httpd -f -p "$PORT"'],
    },
    rootfs: { type: 'layers', diff_ids: [] },
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: put('application/vnd.oci.image.config.v1+json', Buffer.from(JSON.stringify(configuration))),
    layers: layers.map((layer) => put('application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(layer))),
  };
  const descriptor = put(manifest.mediaType, Buffer.from(JSON.stringify(manifest)));
  return { descriptor: { ...descriptor, platform }, blobs };
}

it('deploys the image that was pushed to the registry, by its digest, as it is', async () => {
  const image = await webImage('from the image');
  await push({ host: registry.host, repository: 'acme-production/apps/web' }, image);
  const prepared = await world.prepare({
    service: 'web',
    registry: `${REGION}-docker.pkg.dev/acme-production/apps`,
    digests: JSON.stringify({ web: image.descriptor.digest }),
    authentication: 'public',
  });
  const release = await prepared.stage(mark(prepared, 'a'));
  expect(await ask(world, release.url)).toEqual({ status: 200, text: 'from the image' });
  expect(world.cloud.state.logs.map(({ text }) => text)).toContain('hello from /www');
  const reads = world.proxy.requests.filter(({ host }) => host.endsWith('.pkg.dev')).map(({ method }) => method);
  expect(reads).toContain('HEAD');
});

it('starts another command of the same image where one is given', async () => {
  const image = await webImage('other');
  await push({ host: registry.host, repository: 'acme-production/apps/web' }, image);
  const prepared = await world.prepare({
    service: 'other',
    image: `${REGION}-docker.pkg.dev/acme-production/apps/web@${image.descriptor.digest}`,
    command: '/bin/busybox',
    args: 'sleep\n60',
  });
  await expect(prepared.stage(mark(prepared, 'a'))).rejects.toMatchObject({ code: 'PIPE-CLOUDRUN-010' });
});
