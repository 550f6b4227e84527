import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { exists, readTextFile } from '../runtime/files.ts';
import { isMap } from '../runtime/yaml.ts';
import { type IndexEntry, imagesIn, platformOf } from './platforms.ts';

const LARGEST_MANIFEST = 8 * 1024 * 1024;

/**
 * The images of an OCI layout (OCI Image Specification 1.1, "Image Layout"), in the order of its index.
 *
 * @throws ConfigurationError PIPE-SCAN-002 when the folder is no layout, or not a whole one
 */
export async function imagesOfLayout(folder: string): Promise<readonly IndexEntry[]> {
  const index = await readJson(folder, 'index.json');
  if (!(await exists(join(folder, 'oci-layout'))) || index === undefined) {
    throw notALayout(folder, index === undefined ? 'it has no index.json' : 'it has no file oci-layout');
  }
  const images = await imagesIn(index, (digest) => readBlob(folder, digest));
  return Promise.all(
    images.map(async (image) => ({ ...image, platform: image.platform ?? (await said(folder, image)) })),
  );
}

/** The platform by the image's own configuration, where its index does not say it. */
async function said(folder: string, { digest }: IndexEntry): Promise<string | undefined> {
  const manifest = await readBlob(folder, digest);
  const config = isMap(manifest) && isMap(manifest['config']) ? manifest['config']['digest'] : undefined;
  return typeof config === 'string' ? platformOf(await readBlob(folder, config)) : undefined;
}

/**
 * A layout with one image of another: Trivy itself takes the first image of a layout, whatever platform it is asked for,
 * and none of an index in the index.
 *
 * @returns the folder; the caller removes it
 */
export async function layoutOfOne(
  folder: string,
  { digest, mediaType, size }: IndexEntry,
  into: string,
): Promise<void> {
  await rm(into, { recursive: true, force: true });
  await mkdir(into, { recursive: true });
  await symlink(join(folder, 'blobs'), join(into, 'blobs'));
  await writeFile(join(into, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  const index = { schemaVersion: 2, manifests: [{ mediaType, digest, size }] };
  await writeFile(join(into, 'index.json'), JSON.stringify(index));
}

async function readBlob(folder: string, digest: string): Promise<unknown> {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
  const blob = hex === undefined ? undefined : await readJson(folder, `blobs/sha256/${hex}`);
  if (blob === undefined) throw notALayout(folder, `the blob ${shown(digest)} is missing or no JSON`);
  return blob;
}

async function readJson(folder: string, path: string): Promise<unknown> {
  const text = await readTextFile(join(folder, path), LARGEST_MANIFEST);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Said by the caller, with the name of the layout.
    return undefined;
  }
}

function notALayout(folder: string, found: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-SCAN-002',
    what: `${shown(folder, 200)} is no OCI layout: ${found}`,
    accepted:
      'a folder with oci-layout, index.json and blobs, as `docker buildx build --output type=oci,tar=false` writes it',
    example: '`layout: ${{ steps.image.outputs.layout }}`',
    state: 'nothing was scanned',
  });
}
