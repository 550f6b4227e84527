import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createRegistryClient } from '../../../src/registry/client.ts';
import type { Program } from './instances.ts';
import type { Container } from './resources.ts';

const run = promisify(execFile);

/** What the stand-in's registry says about an image. */
export type Found = { readonly program: Program } | { readonly problem: 'not found' | 'not allowed' };

export interface ImageSources {
  /** Programs by digest (`sha256:…`) or by whole reference: what an image of it starts. */
  readonly programs: Map<string, Program>;
  /** References that exist and that the service agent may not read. */
  readonly unreadable: Set<string>;
  /** Real registries by the host that references name: origin (`http://127.0.0.1:5000`). */
  readonly registries: Map<string, string>;
}

export interface ImageStore {
  readonly find: (container: Container) => Promise<Found>;
  readonly stop: () => Promise<void>;
}

/** Hosts that Cloud Run pulls from. */
const PULLED = /^([a-z0-9-]+\.)?gcr\.io$|^[a-z0-9-]+-docker\.pkg\.dev$|^docker\.io$|^ghcr\.io$/;

/** What Cloud Run says of an image of another host, which it never pulls; undefined where the host is fine. */
export function hostFault(image: string, sources: ImageSources): string | undefined {
  const [first = '', ...rest] = image.split('/');
  const host = rest.length > 0 && /[.:]/.test(first) ? first : 'docker.io';
  if (PULLED.test(host) || sources.registries.has(host)) return undefined;
  return `Expected an image path like [host/]repo-path[:tag and/or @digest], where host is one of [region.]gcr.io, [region-]docker.pkg.dev or docker.io but obtained ${image}. To deploy container images from other public or private registries, set up an Artifact Registry remote repository. See https://cloud.google.com/artifact-registry/docs/repositories/remote-repo.`;
}

/** Finds what an image starts: a program that is known by its digest, or the unpacked image of a real registry. */
export function createImages(sources: ImageSources): ImageStore {
  const unpacked = new Map<string, Promise<Unpacked | undefined>>();
  const folders: string[] = [];
  return {
    find: async (container) => {
      const { image } = container;
      if (sources.unreadable.has(image)) return { problem: 'not allowed' };
      const digest = /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1] ?? '';
      const known = sources.programs.get(image) ?? sources.programs.get(digest);
      if (known !== undefined) return { program: known };
      const [host = '', ...path] = image.split('/');
      const origin = sources.registries.get(host);
      if (origin === undefined) return { problem: 'not found' };
      const [name = '', reference = 'latest'] = path.join('/').split(/@|:(?=[^/]*$)/);
      const key = `${origin}/${name}@${digest === '' ? reference : digest}`;
      const pulling = unpacked.get(key) ?? pull(origin, name, digest === '' ? reference : digest, folders);
      unpacked.set(key, pulling);
      const image1 = await pulling;
      return image1 === undefined ? { problem: 'not found' } : { program: programOf(image1, container) };
    },
    stop: async () => {
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Unpacked {
  readonly folder: string;
  readonly config: {
    readonly Entrypoint?: readonly string[] | null;
    readonly Cmd?: readonly string[] | null;
    readonly Env?: readonly string[] | null;
    readonly WorkingDir?: string;
  };
}

async function pull(origin: string, name: string, reference: string, folders: string[]): Promise<Unpacked | undefined> {
  const client = createRegistryClient({
    host: new URL(origin).host,
    environment: {},
    signal: AbortSignal.timeout(120_000),
  });
  try {
    let manifest = await client.manifest(name, reference);
    if (manifest === undefined) return undefined;
    let content = JSON.parse(manifest.bytes.toString('utf8'));
    if (Array.isArray(content.manifests)) {
      const wanted = content.manifests.find(
        (item: { platform?: { os: string; architecture: string } }) =>
          item.platform?.os === 'linux' && item.platform.architecture === (process.arch === 'x64' ? 'amd64' : 'arm64'),
      );
      manifest = await client.manifest(name, wanted.digest);
      content = JSON.parse(manifest?.bytes.toString('utf8') ?? '{}');
    }
    const { config } = JSON.parse((await client.blob(name, content.config.digest, 16 * 1024 * 1024)).toString('utf8'));
    const folder = await mkdtemp(join(tmpdir(), 'pipelines-image-'));
    folders.push(folder);
    const root = join(folder, 'root');
    await mkdir(root);
    for (const [index, layer] of content.layers.entries()) {
      const file = join(folder, `layer-${index}.tar`);
      await writeFile(file, await client.blob(name, layer.digest, 2 * 1024 * 1024 * 1024));
      // Whiteouts of upper layers are of no concern to a process that only reads what it was built with.
      await run('tar', ['--extract', '--file', file, '--directory', root, '--no-same-owner', '--exclude=*.wh.*']);
      await rm(file);
    }
    return { folder: root, config };
  } finally {
    client.close();
  }
}

/** Starts in the unpacked root: as root by chroot, else in a user namespace of its own. */
function programOf({ folder, config }: Unpacked, container: Container): Program {
  const entrypoint = container.command ?? config.Entrypoint ?? [];
  // As on Cloud Run: a command of the container drops the arguments of the image as well.
  const args = container.args ?? (container.command === undefined ? (config.Cmd ?? []) : []);
  // By their whole paths: the PATH of the image is not this machine's.
  const enter =
    process.getuid?.() === 0
      ? ['/usr/sbin/chroot', folder]
      : ['/usr/bin/unshare', '--map-root-user', '/usr/sbin/chroot', folder];
  const start = `cd "$1" && shift && exec "$@"`;
  const env = Object.fromEntries(
    (config.Env ?? []).map((pair) => [pair.split('=', 1)[0] ?? '', pair.slice(pair.indexOf('=') + 1)]),
  );
  const [program = '', ...rest] = enter;
  const directory = config.WorkingDir === undefined || config.WorkingDir === '' ? '/' : config.WorkingDir;
  return { command: [program, ...rest, '/bin/sh', '-c', start, 'start', directory, ...entrypoint, ...args], env };
}
