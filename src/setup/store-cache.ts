import { createHash } from 'node:crypto';
import { type CacheAccess, whyOff } from '../cache/access.ts';
import { type Restored, restoreCache, type Saved, saveCache } from '../cache/client.ts';
import type { ActionContext } from '../runtime/action.ts';
import { exists } from '../runtime/files.ts';
import { mergeStore } from './store-merge.ts';

export interface StoreCache {
  readonly key: string;
  readonly restoreKeys: readonly string[];
  /** Absolute path of the package store. */
  readonly store: string;
}

/** A line for the log; a fault of the cache is a notice, so that it is seen once and disturbs nobody. */
export interface CacheMessage {
  readonly level: 'info' | 'notice';
  readonly text: string;
}

export function sayMessage({ level, text }: CacheMessage, { log }: Pick<ActionContext, 'log'>): void {
  if (level === 'info') log.info(text);
  else log.annotate(level, text);
}

export interface KeyParts {
  readonly platform: string;
  readonly arch: string;
  /** Name of the runner's image, where there is one: what was built on one need not run on another. */
  readonly image: string | undefined;
  /** Name of the package manager. */
  readonly manager: string;
  readonly managerVersion: string;
  /** Path of the lockfile's folder from the repository's root. */
  readonly directory: string;
  /** SHA-256 in hexadecimal. */
  readonly lockfileHash: string;
}

/** The key of an entry, and the prefix under which entries of earlier lockfiles are taken. */
export function cacheKeys(parts: KeyParts): Pick<StoreCache, 'key' | 'restoreKeys'> {
  const { platform, arch, image, manager, managerVersion, directory, lockfileHash } = parts;
  const major = managerVersion.slice(0, managerVersion.indexOf('.'));
  const place = createHash('sha256').update(directory).digest('hex').slice(0, 12);
  const names = [
    'pipelines-setup',
    platform,
    arch,
    ...(image === undefined ? [] : [image]),
    `${manager}${major}`,
    place,
  ];
  const prefix = `${names.join('-').replace(/[^A-Za-z0-9._-]/g, '_')}-`;
  return { key: `${prefix}${lockfileHash}`, restoreKeys: [prefix] };
}

/**
 * Restores the store. The entry is unpacked beside the store and moved in only when it is whole; it can't reach files
 * outside, and what is in the store already stays. Nothing that happens here fails a run.
 */
export function restoreStore({ key, restoreKeys, store }: StoreCache, access: CacheAccess): Promise<Restored> {
  const place = (staging: string) => mergeStore(staging, store);
  return restoreCache({ key, restoreKeys, folder: store, paths: WHOLE, place }, access);
}

/** Saves the store under its key. Nothing that happens here fails a run. */
export async function saveStore({ key, store }: StoreCache, access: CacheAccess): Promise<Saved> {
  // A project without dependencies: the package manager made no store.
  const isThere = whyOff(access.environment, 'save') !== undefined || (await exists(store));
  if (!isThere) return { kind: 'off', reason: 'the install left nothing in the package store' };
  return saveCache({ key, folder: store, paths: WHOLE }, access);
}

/** Counted from the store itself, so that an entry fits wherever the store lies. */
const WHOLE = ['.'];
