import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type TarEntry, tar, tarGz } from '../support/registry/tar.ts';
import { type DatabaseOptions, databaseFiles } from './database.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';

/** An image for one platform, and every blob that it needs. */
export interface TestImage {
  readonly descriptor: {
    mediaType: string;
    digest: string;
    size: number;
    platform: { os: string; architecture: string };
  };
  readonly blobs: ReadonlyMap<string, Buffer>;
}

export interface ImageOptions {
  readonly architecture?: string;
  /** Files of the layer that the Dockerfile's COPY made. */
  readonly files: Readonly<Record<string, string>>;
  /** Whether Debian's base is below it; default true. */
  readonly base?: boolean;
  /** Content of etc/os-release of another distribution with Debian's packages; Debian's own when left out. */
  readonly release?: string;
}

/** Debian packages of the base: two with a known vulnerability. */
const PACKAGES = [
  ['libssl3', 'openssl', '3.0.11-1~deb12u1'],
  ['zlib1g', 'zlib', '1:1.2.13.dfsg-1'],
  ['base-files', 'base-files', '12.4'],
] as const;

const RELEASE = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n';

/** package.json of an installed npm package. */
export function installed(name: string, version: string, license = 'MIT'): Readonly<Record<string, string>> {
  return { [`app/node_modules/${name}/package.json`]: JSON.stringify({ name, version, license }) };
}

/** A small image as BuildKit makes one: a base with a CMD, then a COPY. */
export function testImage({ architecture = 'amd64', files, base = true, release = RELEASE }: ImageOptions): TestImage {
  const blobs = new Map<string, Buffer>();
  const put = (bytes: Buffer) => {
    blobs.set(digestOf(bytes), bytes);
    return { digest: digestOf(bytes), size: bytes.length };
  };
  const layer = (entries: readonly TarEntry[]) => {
    const plain = tar(entries);
    return {
      diffId: digestOf(plain),
      descriptor: { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...put(gzipSync(plain)) },
    };
  };
  const lower = base ? [layer(debian(architecture, release))] : [];
  const upper = layer(Object.entries(files).map(([path, content]) => ({ path, content })));
  const layers = [...lower, upper];
  const baseHistory = [
    { created_by: '/bin/sh -c #(nop) ADD file:ab in / ' },
    { created_by: 'CMD ["bash"]', empty_layer: true },
  ];
  const configuration = {
    architecture,
    os: 'linux',
    created: '2026-01-01T00:00:00Z',
    config: { Cmd: ['node', 'main.js'] },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: [
      ...(base ? baseHistory : []),
      { created_by: 'COPY app /app # buildkit', comment: 'buildkit.dockerfile.v0' },
      { created_by: 'CMD ["node" "main.js"]', empty_layer: true },
    ],
  };
  const config = {
    mediaType: 'application/vnd.oci.image.config.v1+json',
    ...put(Buffer.from(JSON.stringify(configuration))),
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config,
    layers: layers.map(({ descriptor }) => descriptor),
  };
  const descriptor = put(Buffer.from(JSON.stringify(manifest)));
  return { descriptor: { mediaType: MANIFEST, ...descriptor, platform: { os: 'linux', architecture } }, blobs };
}

function debian(architecture: string, release: string): readonly TarEntry[] {
  const version = release === RELEASE ? [{ path: 'etc/debian_version', content: '12.5\n' }] : [];
  const status = PACKAGES.map(([name, source, version]) =>
    [
      `Package: ${name}`,
      'Status: install ok installed',
      'Maintainer: Debian <debian@example.com>',
      `Architecture: ${architecture}`,
      `Source: ${source}`,
      `Version: ${version}`,
      'Description: a package\n',
    ].join('\n'),
  ).join('\n');
  return [
    { path: 'etc/os-release', content: release },
    ...version,
    { path: 'var/lib/dpkg/status', content: `${status}\n` },
  ];
}

/** An index of several platforms with an attestation beside them, as BuildKit writes it. */
export function testIndex(images: readonly TestImage[]): {
  readonly descriptor: { mediaType: string; digest: string; size: number };
  readonly blobs: ReadonlyMap<string, Buffer>;
} {
  const [first] = images;
  const attestation = {
    ...first?.descriptor,
    platform: { os: 'unknown', architecture: 'unknown' },
    annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
  };
  const manifests = [...images.map(({ descriptor }) => descriptor), attestation];
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }));
  const blobs = new Map(images.flatMap((image) => [...image.blobs]));
  blobs.set(digestOf(bytes), bytes);
  return { descriptor: { mediaType: INDEX, digest: digestOf(bytes), size: bytes.length }, blobs };
}

/** Writes an OCI layout. */
export async function writeLayout(
  folder: string,
  content: { readonly descriptor: object; readonly blobs: ReadonlyMap<string, Buffer> },
): Promise<void> {
  await mkdir(join(folder, 'blobs/sha256'), { recursive: true });
  for (const [digest, bytes] of content.blobs) await writeFile(join(folder, 'blobs/sha256', digest.slice(7)), bytes);
  await writeFile(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  await writeFile(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [content.descriptor] }));
}

/** Where something is pushed. */
export interface Destination {
  /** `127.0.0.1:40123`. */
  readonly host: string;
  readonly repository: string;
  readonly login?: { readonly username: string; readonly password: string };
}

/** Pushes an image or index by digest. @returns its reference */
export async function push(to: Destination, content: TestImage | ReturnType<typeof testIndex>): Promise<string> {
  const manifests: { digest: string; mediaType: string; bytes: Buffer }[] = [];
  for (const [digest, bytes] of content.blobs) {
    const mediaType = mediaTypeOf(bytes);
    if (mediaType === undefined) await pushBlob(to, digest, bytes);
    else manifests.push({ digest, mediaType, bytes });
  }
  // An index needs its manifests to be there.
  manifests.sort((left, right) => Number(left.mediaType === INDEX) - Number(right.mediaType === INDEX));
  for (const { digest, mediaType, bytes } of manifests) await pushManifest(to, digest, bytes, mediaType);
  return `${to.host}/${to.repository}@${content.descriptor.digest}`;
}

/** Pushes a vulnerability database as Trivy's own repositories have it. @returns its reference */
export async function pushDatabase(to: Destination, folder: string, options: DatabaseOptions = {}): Promise<string> {
  const layer = tarGz(await databaseFiles(options, folder));
  const config = Buffer.from('{}');
  await pushBlob(to, digestOf(layer), layer);
  await pushBlob(to, digestOf(config), config);
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: {
      mediaType: 'application/vnd.aquasec.trivy.config.v1+json',
      digest: digestOf(config),
      size: config.length,
    },
    layers: [
      {
        mediaType: 'application/vnd.aquasec.trivy.db.layer.v1.tar+gzip',
        digest: digestOf(layer),
        size: layer.length,
        annotations: { 'org.opencontainers.image.title': 'db.tar.gz' },
      },
    ],
  };
  await pushManifest(to, '2', Buffer.from(JSON.stringify(manifest)), MANIFEST);
  return `${to.host}/${to.repository}:2`;
}

function mediaTypeOf(bytes: Buffer): string | undefined {
  if (bytes[0] !== 0x7b) return undefined;
  const { mediaType } = JSON.parse(bytes.toString('utf8')) as { mediaType?: string };
  return mediaType;
}

async function pushBlob(to: Destination, digest: string, bytes: Buffer): Promise<void> {
  const start = await send(to, 'POST', `http://${to.host}/v2/${to.repository}/blobs/uploads/`);
  const place = new URL(start.headers.get('location') ?? '', `http://${to.host}`);
  place.searchParams.set('digest', digest);
  await send(to, 'PUT', place.href, bytes, 'application/octet-stream');
}

function pushManifest(to: Destination, reference: string, bytes: Buffer, mediaType: string): Promise<Response> {
  return send(to, 'PUT', `http://${to.host}/v2/${to.repository}/manifests/${reference}`, bytes, mediaType);
}

async function send(to: Destination, method: string, url: string, body?: Buffer, type?: string): Promise<Response> {
  const { login } = to;
  const basic = login === undefined ? '' : Buffer.from(`${login.username}:${login.password}`).toString('base64');
  const headers = {
    ...(basic === '' ? {} : { authorization: `Basic ${basic}` }),
    ...(type === undefined ? {} : { 'content-type': type }),
  };
  const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: new Uint8Array(body) }) });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
