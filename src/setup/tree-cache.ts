import { mkdir, rm } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { CacheAccess } from '../cache/access.ts';
import { restoreCache, type Saved, saveCache } from '../cache/client.ts';
import { moveTrees } from '../cache/trees.ts';
import { projectEnvironment } from '../runtime/environment.ts';
import { printable } from '../runtime/errors.ts';
import { exists } from '../runtime/files.ts';
import { capture } from '../runtime/process.ts';
import { firstDifference, listTree, unfit } from './tree-listing.ts';
import { readManifest, restoreModes, writeManifest } from './tree-manifest.ts';

/** Where the tree of a project lies. */
export interface TreePlace {
  /** Absolute path of the project's root. */
  readonly root: string;
  /** The folders that may be part of it, relative to the root: `node_modules` of each package. */
  readonly folders: readonly string[];
  /** Single files that may be part of it: what Yarn keeps of an install. */
  readonly files: readonly string[];
  /** Path of the root from the repository's root; links may lead as far as that. */
  readonly depth: string;
}

export type RestoredTree =
  | { readonly kind: 'hit'; readonly bytes: number; readonly files: number; readonly duration: number }
  | { readonly kind: 'miss' }
  | { readonly kind: 'off'; readonly reason: string }
  | { readonly kind: 'fault'; readonly reason: string };

/**
 * Puts an installed tree back, whole or not at all: what was unpacked is compared with the listing that came with it,
 * entry by entry, before it takes the place of anything. The listing comes from the cache as well: it finds what is
 * damaged, cut off or left behind, not what somebody has forged.
 */
export async function restoreTree(place: TreePlace, key: string, access: CacheAccess): Promise<RestoredTree> {
  let files = 0;
  const restored = await restoreCache(
    {
      key,
      restoreKeys: [],
      folder: place.root,
      paths: ['.'],
      place: async (staging) => {
        files = await placeTree(staging, place);
      },
    },
    access,
  );
  return restored.kind === 'hit' ? { ...restored, files } : restored;
}

/** @returns how many files it has @throws Error when the tree is not what it should be */
async function placeTree(staging: string, place: TreePlace): Promise<number> {
  const { paths, entries } = await readManifest(staging);
  const folders = paths.filter((path) => place.folders.includes(path));
  const files = paths.filter((path) => place.files.includes(path));
  const foreign = paths.find((path) => !folders.includes(path) && !files.includes(path));
  if (folders.length === 0 || foreign !== undefined)
    throw new Error(`the entry is of other folders: ${foreign ?? 'none'}`);
  const found = listTree(staging, paths);
  const difference = firstDifference(entries, found, false) ?? unfit(found, insideOf(place));
  if (difference !== undefined) throw new Error(`the entry is not whole: ${difference}`);
  restoreModes(staging, entries, found);
  await moveTrees(staging, place.root, folders, files);
  return entries.filter(({ kind }) => kind === 'file').length;
}

/** Whether a path from the project's root is inside the repository. */
function insideOf({ depth }: TreePlace): (path: string) => boolean {
  return (path) => {
    const fromRepository = posix.join(depth, path);
    return fromRepository !== '..' && !fromRepository.startsWith('../');
  };
}

/** A copy of the tree as it was when the install ended, or why there is none. */
export type Snapshot = { readonly folder: string } | { readonly reason: string };

/**
 * Copies the tree by hard links: no content is copied, and what later steps add to the tree is not part of it.
 *
 * @param folder absolute path that does not exist yet, on the file system of the tree
 */
export async function takeSnapshot(place: TreePlace, folder: string, access: CacheAccess): Promise<Snapshot> {
  const wanted = [...place.folders, ...place.files];
  const there = await Promise.all(wanted.map((each) => exists(join(place.root, each))));
  const paths = wanted.filter((_, index) => there[index]);
  if (!paths.includes('node_modules')) return { reason: 'the install left no node_modules' };
  const entries = listTree(place.root, paths);
  const problem = unfit(entries, insideOf(place));
  if (problem !== undefined) return { reason: problem };
  await mkdir(folder, { recursive: true });
  const env = projectEnvironment(access.environment);
  const { exitCode, stderr } = await capture('cp', ['-al', '--parents', '--', ...paths, folder], {
    cwd: place.root,
    env,
    signal: access.signal,
  });
  if (exitCode === 0) {
    await writeManifest(folder, { paths, entries });
    return { folder };
  }
  await rm(folder, { recursive: true, force: true });
  return { reason: `the tree can't be copied by links: ${printable(stderr.trim()).slice(0, 200)}` };
}

/** Saves a snapshot under its key unless somebody changed a file of it meanwhile, and removes it. */
export async function saveTree(folder: string, key: string, access: CacheAccess): Promise<Saved> {
  try {
    const { paths, entries } = await readManifest(folder);
    const difference = firstDifference(entries, listTree(folder, paths), true);
    if (difference !== undefined) return { kind: 'off', reason: `${difference} was changed after the install` };
    return await saveCache({ folder, paths: ['.'], key }, access);
  } catch (error) {
    return { kind: 'fault', reason: printable(String(error)).slice(0, 300), isLate: false };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
