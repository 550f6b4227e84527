import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** What a registry or an OCI layout has under a digest (OCI Image Specification 1.1), as far as tests look at it. */
export interface Content {
  readonly digest: string;
  /** Manifests of platforms, by `os/architecture`. */
  readonly platforms: Readonly<
    Record<string, { readonly digest: string; readonly config: Config; readonly layers: readonly string[] }>
  >;
  /** Kinds of attestations (`https://spdx.dev/Document`). */
  readonly attestations: readonly string[];
  /** Every byte that can be reached from the digest, layers unpacked. */
  readonly everything: Buffer;
}

interface Config {
  readonly created?: string;
  readonly config: { readonly Labels?: Readonly<Record<string, string>>; readonly Env?: readonly string[] };
  readonly history?: readonly { readonly created_by?: string }[];
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly platform?: { readonly os: string; readonly architecture: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

type Read = (kind: 'manifests' | 'blobs', digest: string) => Promise<Buffer>;

export async function pushedContent(registry: string, name: string, digest: string): Promise<Content> {
  return await contentOf(digest, async (kind, wanted) => {
    const accept = 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json';
    const answer = await fetch(`http://${registry}/v2/${name}/${kind}/${wanted}`, { headers: { accept } });
    if (!answer.ok) throw new Error(`${name} has no ${kind} ${wanted}: ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  });
}

export async function layoutContent(folder: string): Promise<Content> {
  const index = JSON.parse(await readFile(join(folder, 'index.json'), 'utf8'));
  return await contentOf(index.manifests[0].digest, (_, digest) =>
    readFile(join(folder, 'blobs', digest.replace(':', '/'))),
  );
}

export async function tagsOf(registry: string, name: string): Promise<readonly string[]> {
  const answer = await fetch(`http://${registry}/v2/${name}/tags/list`);
  const body = (await answer.json()) as { tags?: string[] | null };
  return body.tags ?? [];
}

async function contentOf(digest: string, read: Read): Promise<Content> {
  const parts: Buffer[] = [];
  const platforms: Record<string, Content['platforms'][string]> = {};
  const attestations: string[] = [];
  const get: Read = async (kind, wanted) => {
    const bytes = await read(kind, wanted);
    if (`sha256:${createHash('sha256').update(bytes).digest('hex')}` !== wanted)
      throw new Error(`${wanted} is something else`);
    parts.push(bytes, isGzip(bytes) ? gunzipSync(bytes) : Buffer.alloc(0));
    return bytes;
  };
  const visit = async (wanted: string, platform: string | undefined) => {
    const manifest = JSON.parse((await get('manifests', wanted)).toString('utf8'));
    for (const child of (manifest.manifests ?? []) as Descriptor[]) {
      await visit(child.digest, `${child.platform?.os}/${child.platform?.architecture}`);
    }
    if (manifest.config === undefined) return;
    const config = JSON.parse((await get('blobs', manifest.config.digest)).toString('utf8'));
    const layers = manifest.layers as Descriptor[];
    for (const layer of layers) await get('blobs', layer.digest);
    if (platform === 'unknown/unknown')
      attestations.push(...layers.map((layer) => layer.annotations?.['in-toto.io/predicate-type'] ?? ''));
    else
      platforms[platform ?? `${config.os}/${config.architecture}`] = {
        digest: wanted,
        config,
        layers: layers.map((layer) => layer.digest),
      };
  };
  await visit(digest, undefined);
  return { digest, platforms, attestations, everything: Buffer.concat(parts) };
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}
