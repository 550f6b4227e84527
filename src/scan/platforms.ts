import { ConfigurationError, shown } from '../runtime/errors.ts';
import { isMap } from '../runtime/yaml.ts';

/** One entry of an index that is an image. */
export interface IndexEntry {
  readonly digest: string;
  readonly mediaType: string;
  readonly size: number;
  /** `linux/amd64`; undefined where the index does not say. */
  readonly platform: string | undefined;
}

const INDEX_TYPES: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
]);

/** How deep indexes may lie in each other: BuildKit's layouts have one in the layout's own. */
const DEEPEST = 3;

/**
 * The images of an index (OCI Image Specification 1.1, "Image Index"), indexes in it opened; attestations are no images.
 *
 * @param read gives the content of a manifest by its digest
 */
export async function imagesIn(
  index: unknown,
  read: (digest: string) => Promise<unknown>,
  depth = 1,
): Promise<readonly IndexEntry[]> {
  const listed = isMap(index) && Array.isArray(index['manifests']) ? index['manifests'] : [];
  const images: IndexEntry[] = [];
  for (const entry of listed.filter(isMap)) {
    const digest = typeof entry['digest'] === 'string' ? entry['digest'] : '';
    const mediaType = typeof entry['mediaType'] === 'string' ? entry['mediaType'] : '';
    if (!/^sha256:[0-9a-f]{64}$/.test(digest) || isAttestation(entry)) continue;
    if (INDEX_TYPES.has(mediaType)) {
      if (depth < DEEPEST) images.push(...(await imagesIn(await read(digest), read, depth + 1)));
      continue;
    }
    const size = typeof entry['size'] === 'number' ? entry['size'] : 0;
    images.push({ digest, mediaType, size, platform: platformOf(entry['platform']) });
  }
  return images;
}

export function isIndex(manifest: unknown): boolean {
  return isMap(manifest) && Array.isArray(manifest['manifests']);
}

/** BuildKit keeps provenance and SBOM beside the images, under the platform `unknown/unknown`. */
function isAttestation(entry: Readonly<Record<string, unknown>>): boolean {
  const annotations = isMap(entry['annotations']) ? entry['annotations'] : {};
  return (
    annotations['vnd.docker.reference.type'] === 'attestation-manifest' ||
    platformOf(entry['platform']) === 'unknown/unknown'
  );
}

export function platformOf(platform: unknown): string | undefined {
  if (!isMap(platform) || typeof platform['os'] !== 'string' || typeof platform['architecture'] !== 'string') {
    return undefined;
  }
  const variant =
    typeof platform['variant'] === 'string' && platform['variant'] !== '' ? `/${platform['variant']}` : '';
  return `${platform['os']}/${platform['architecture']}${variant}`;
}

/**
 * The images of the wanted platforms; `linux/arm64` also means its variants.
 *
 * @throws ConfigurationError PIPE-SCAN-002 a platform that is not there, or an index without an image
 */
export function choosePlatforms(
  images: readonly IndexEntry[],
  wanted: readonly string[],
  target: string,
): readonly IndexEntry[] {
  const there = images.map(({ platform }) => platform ?? 'unnamed');
  const isOf = (platform: string | undefined, wish: string) =>
    platform === wish || platform?.startsWith(`${wish}/`) === true;
  const missing = wanted.filter((wish) => !images.some(({ platform }) => isOf(platform, wish)));
  if (missing.length > 0 || images.length === 0) {
    throw new ConfigurationError({
      code: 'PIPE-SCAN-002',
      what:
        images.length === 0
          ? `${shown(target, 200)} holds no image`
          : `${shown(target, 200)} has no image for ${missing.join(', ')}`,
      given: there.length === 0 ? 'an empty index' : shown(there.join(', '), 200),
      accepted: 'platforms that the image was built for',
      example: '`platform: linux/amd64`',
      state: 'nothing was scanned',
    });
  }
  return wanted.length === 0 ? images : images.filter(({ platform }) => wanted.some((wish) => isOf(platform, wish)));
}
