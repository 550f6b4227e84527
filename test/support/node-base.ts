import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once as event } from 'node:events';
import { chmod, copyFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { createRegistryClient } from '../../src/registry/client.ts';
import { once } from '../../tools/install/once.ts';
import { root } from '../../tools/install/root.ts';
import { push, type TestImage } from '../scan/images.ts';
import { REAL, realPackage } from '../setup/real-packages.ts';
import { programOf } from './buildkit.ts';
import { tar } from './registry/tar.ts';
import { writeFiles } from './temporary.ts';

const run = promisify(execFile);
const NODE = join(root, 'node_modules/node/bin/node');
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** What makes it Debian 12 for Trivy, and a user that is not root. */
const FILES: Readonly<Record<string, string>> = {
  'etc/os-release':
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n',
  'etc/debian_version': '12.5\n',
  'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n',
  'etc/group': 'root:x:0:\nnode:x:1000:\n',
  'etc/nsswitch.conf': 'hosts: files dns\n',
  'var/lib/dpkg/status': [
    'Package: base-files',
    'Status: install ok installed',
    'Maintainer: Debian <debian@example.com>',
    'Architecture: all',
    'Version: 12.4',
    'Description: a package\n\n',
  ].join('\n'),
};

/**
 * Pushes a base with Node 24 and npm as `library/node:24-slim` to an open registry on the loopback: busybox, this
 * checkout's own Node with the libraries that it needs, a real npm, and this machine's way to the registry of packages.
 *
 * @param host `127.0.0.1:40123`
 * @throws Error that says what to install
 */
export async function pushNodeBase(host: string): Promise<void> {
  const image = imageOf([await systemLayer(), await layerOf(tar(await machineFiles()))]);
  await push({ host, repository: 'library/node' }, image);
  const manifest = image.blobs.get(image.descriptor.digest);
  if (manifest === undefined) throw new Error('the image has no manifest');
  const signal = AbortSignal.timeout(60_000);
  await createRegistryClient({ host, environment: {}, signal }).putManifest(
    'library/node',
    '24-slim',
    manifest,
    MANIFEST,
  );
}

interface Layer {
  /** Digest of the archive before it was compressed. */
  readonly diffId: string;
  readonly bytes: Buffer;
}

/** Made once for what is in it: it is the same on every run, and compressing it takes seconds. */
async function systemLayer(): Promise<Layer> {
  const busybox = await programOf('busybox', 'apt-get install busybox-static');
  const libraries = await librariesOf(NODE);
  const { archive: npm } = await realPackage('npm', REAL.npm);
  if (npm === undefined) throw new Error('npm came without its archive');
  const contents = await Promise.all([NODE, busybox, ...libraries].map((path) => readFile(path)));
  const pins = [...contents, npm].map(digestOf).join('\n') + libraries.join('\n') + JSON.stringify(FILES);
  const folder = await once('node-base', pins, async (into) => {
    const content = join(into, 'root');
    await writeFiles(content, FILES);
    await writeSystem(content, { busybox, libraries, npm });
    const archive = join(into, 'layer.tar');
    const plain = ['--sort=name', '--mtime=@1700000000', '--owner=0', '--group=0', '--numeric-owner'];
    await run('tar', ['--create', ...plain, '--file', archive, '--directory', content, '.']);
    const { bytes, diffId } = await layerOf(await readFile(archive));
    await writeFile(join(into, 'layer.tar.gz'), bytes);
    await writeFile(join(into, 'diff-id'), diffId);
    for (const path of [content, archive]) await rm(path, { recursive: true });
  });
  return {
    bytes: await readFile(join(folder, 'layer.tar.gz')),
    diffId: await readFile(join(folder, 'diff-id'), 'utf8'),
  };
}

async function writeSystem(
  content: string,
  { busybox, libraries, npm }: { busybox: string; libraries: readonly string[]; npm: Buffer },
): Promise<void> {
  const copy = async (from: string, to: string) => {
    await mkdir(dirname(join(content, to)), { recursive: true });
    await copyFile(from, join(content, to));
  };
  const packages = 'usr/local/lib/node_modules/npm';
  for (const folder of ['tmp', 'root', 'home/node', 'usr/bin', packages])
    await mkdir(join(content, folder), { recursive: true });
  await chmod(join(content, 'tmp'), 0o1777);
  await copy(busybox, 'bin/busybox');
  const { stdout } = await run(busybox, ['--list']);
  for (const applet of stdout.split('\n')) {
    if (applet !== '' && applet !== 'busybox') await symlink('busybox', join(content, 'bin', applet));
  }
  await symlink('/bin/env', join(content, 'usr/bin/env'));
  await copy(NODE, 'usr/local/bin/node');
  for (const library of libraries) await copy(library, library);
  const child = spawn('tar', ['--extract', '--gzip', '--strip-components=1', '--directory', join(content, packages)], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.stdin.end(npm);
  const [status] = await event(child, 'exit');
  if (status !== 0) throw new Error(`tar could not unpack npm: status ${status}`);
  for (const name of ['npm', 'npx'])
    await symlink(`../lib/node_modules/npm/bin/${name}-cli.js`, join(content, 'usr/local/bin', name));
}

/** How this machine's npm reaches its registry, as a global `npmrc` with the certificates that it trusts. */
async function machineFiles(): Promise<readonly { path: string; content: string }[]> {
  const { stdout } = await run('npm', ['config', 'list', '--json'], { cwd: root, maxBuffer: 8_000_000 });
  const settings: Readonly<Record<string, unknown>> = JSON.parse(stdout);
  const { env } = process;
  const proxy = env['HTTPS_PROXY'] ?? env['https_proxy'];
  const values = {
    registry: settings['registry'],
    proxy: settings['proxy'] ?? env['HTTP_PROXY'] ?? env['http_proxy'],
    'https-proxy': settings['https-proxy'] ?? proxy,
    'strict-ssl': settings['strict-ssl'],
    audit: false,
    fund: false,
    'update-notifier': false,
  };
  const lines = Object.entries(values).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [`${name}=${String(value)}`],
  );
  const trusted = settings['cafile'] ?? env['NODE_EXTRA_CA_CERTS'];
  const npmrc = 'usr/local/etc/npmrc';
  if (typeof trusted !== 'string' || trusted === '') return [{ path: npmrc, content: `${lines.join('\n')}\n` }];
  const certificates = 'etc/ssl/certs/ca-certificates.crt';
  return [
    { path: npmrc, content: `${[...lines, `cafile=/${certificates}`].join('\n')}\n` },
    { path: certificates, content: await readFile(trusted, 'utf8') },
  ];
}

function imageOf(layers: readonly Layer[]): TestImage {
  const blobs = new Map<string, Buffer>();
  const put = (mediaType: string, bytes: Buffer) => {
    const digest = digestOf(bytes);
    blobs.set(digest, bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const platform = { os: 'linux', architecture: ARCHITECTURES[process.arch] ?? process.arch };
  const configuration = {
    ...platform,
    created: '2023-11-14T22:13:20Z',
    config: { Env: ['PATH=/usr/local/bin:/usr/bin:/bin', `NODE_VERSION=${process.versions.node}`], Cmd: ['node'] },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(() => ({ created_by: 'ADD' })),
  };
  const config = put('application/vnd.oci.image.config.v1+json', Buffer.from(JSON.stringify(configuration)));
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config,
    layers: layers.map(({ bytes }) => put(LAYER, bytes)),
  };
  return { descriptor: { ...put(MANIFEST, Buffer.from(JSON.stringify(manifest))), platform }, blobs };
}

async function layerOf(archive: Buffer): Promise<Layer> {
  return {
    diffId: digestOf(archive),
    bytes: await promisify(gzip)(archive, { level: constants.Z_BEST_SPEED }),
  };
}

/** The shared libraries that a program was linked with, and what loads them. */
async function librariesOf(program: string): Promise<readonly string[]> {
  const { stdout } = await run('ldd', [program]);
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path);
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
