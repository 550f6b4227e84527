import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StatedHash } from './package-manager.ts';
import { otherArchive } from './registry.ts';

/** The package of the registry that a manager's version comes in, and what a stated hash is of. */
export interface Publication {
  readonly registryName: string;
  /** Path inside the package; undefined where the hash is the archive's. */
  readonly hashedFile: string | undefined;
}

/**
 * Where a manager is published. Of Yarn since 2 the hash in `packageManager` is that of its one file, whatever it was
 * downloaded as; of the others that of the archive (nodejs/corepack, config.json and sources/corepackUtils.ts).
 */
export function publicationOf(name: string, isYarnClassic: boolean): Publication {
  if (name !== 'yarn' || isYarnClassic) return { registryName: name, hashedFile: undefined };
  return { registryName: '@yarnpkg/cli-dist', hashedFile: 'bin/yarn.js' };
}

/**
 * What the stated hash of a manager is of.
 *
 * @param folder with the unpacked package
 * @throws OutsideFault PIPE-SETUP-019 when a hash is stated and it is another
 */
export async function statedContent(
  publication: Publication,
  archive: Buffer,
  folder: string,
  stated: { readonly hash: StatedHash | undefined; readonly what: string; readonly url: string },
): Promise<Buffer> {
  const { hashedFile } = publication;
  const content = hashedFile === undefined ? archive : await readFile(join(folder, hashedFile));
  const { hash, what, url } = stated;
  const actual = hash === undefined ? undefined : createHash(hash.algorithm).update(content).digest('hex');
  if (actual !== hash?.hex) throw otherArchive(what, 'the project states', url, actual, hash?.hex);
  return content;
}
