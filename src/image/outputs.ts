import { relative } from 'node:path';
import type { OutputValues } from '../runtime/outputs.ts';
import type { BuildResult } from './build.ts';
import type { outputs } from './inputs.ts';

/** The outputs for images that were built; those that failed are left out. */
export function builtOutputs(results: readonly BuildResult[], workspace: string): OutputValues<typeof outputs> {
  const built = results.flatMap((result) =>
    result.digest === undefined ? [] : [{ ...result, digest: result.digest }],
  );
  const images = built.map(({ image, digest, destination }) => ({
    name: image.name,
    digest,
    ...(destination.kind === 'registry'
      ? { image: `${destination.reference}@${digest}` }
      : { layout: destination.folder }),
    ...(image.file === undefined ? {} : { file: relative(workspace, image.file) }),
    platforms: image.platforms,
  }));
  const only = results.length === 1 ? images[0] : undefined;
  return {
    image: only !== undefined && 'image' in only ? only.image : undefined,
    digest: only?.digest,
    digests: Object.fromEntries(images.map(({ name, digest }) => [name, digest])),
    tags: undefined,
    images,
    layout: only !== undefined && 'layout' in only ? only.layout : undefined,
    targets: images
      .map((image) => `${plainName(image.name)}=${'image' in image ? image.image : image.layout}`)
      .join('\n'),
  };
}

/** The name of an image as `scan` takes it: a slash would be taken for a part of the reference. */
function plainName(name: string): string {
  return name.replaceAll('/', '.');
}
