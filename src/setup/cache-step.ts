import { relative } from 'node:path';
import { type CacheAccess, hasCacheService } from '../cache/access.ts';
import type { Environment } from '../runtime/environment.ts';
import { shown } from '../runtime/errors.ts';
import { type Lockfile, lockfileHash } from './lockfiles.ts';
import type { ManagerInstallation } from './manager-source.ts';
import { type CacheMessage, cacheKeys, restoreStore, type StoreCache, saveStore } from './store-cache.ts';

export interface RestoredStore {
  /** The entry to save after a green install; undefined where there is nothing to save. */
  readonly plan: StoreCache | undefined;
  readonly isExact: boolean;
  readonly message: CacheMessage;
}

export interface CacheWish {
  readonly workspace: string;
  readonly lockfile: Lockfile;
  readonly manager: ManagerInstallation;
  /** Absolute path; undefined where the package manager does not say where its store is. Asked only with a service. */
  readonly store: () => Promise<string | undefined>;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly environment: Environment;
}

/** Restores the package store for a lockfile, and says what came of it. */
export async function restoreFor(wish: CacheWish, from: CacheAccess): Promise<RestoredStore> {
  const { workspace, lockfile, manager, platform, arch, environment } = wish;
  const without = (reason: string) => ({ plan: undefined, isExact: false, message: info(`off, ${reason}`) });
  if (!hasCacheService(environment)) return without('this job has no cache service');
  const store = await wish.store();
  if (store === undefined) return without('the package store is not known');
  const keys = cacheKeys({
    platform,
    arch,
    image: environment['ImageOS'],
    manager: manager.name,
    managerVersion: manager.version,
    directory: relative(workspace, lockfile.folder),
    lockfileHash: await lockfileHash(lockfile),
  });
  const plan = { ...keys, store };
  const restored = await restoreStore(plan, from);
  if (restored.kind === 'off') return { plan, isExact: false, message: info(`off, ${restored.reason}`) };
  if (restored.kind === 'miss') return { plan, isExact: false, message: info('no entry yet') };
  if (restored.kind === 'hit') {
    const { isExact, key, duration } = restored;
    const lockfileOf = isExact ? 'this lockfile' : 'an earlier lockfile';
    return { plan, isExact, message: info(`hit of ${lockfileOf}, ${shown(key, 200)}, in ${seconds(duration)}`) };
  }
  const text = `The package store was not restored: ${restored.reason}. The install goes on without it.`;
  return { plan, isExact: false, message: { level: 'notice', text } };
}

/** Saves the store, and says what came of it. */
export async function saveFor(plan: StoreCache, to: CacheAccess): Promise<CacheMessage> {
  const saved = await saveStore(plan, to);
  if (saved.kind === 'saved') return info(`saved in ${seconds(saved.duration)}`);
  if (saved.kind === 'off') return info(`not saved, ${saved.reason}`);
  return { level: 'notice', text: `The package store was not saved: ${saved.reason}. Nothing else is affected.` };
}

function info(text: string): CacheMessage {
  return { level: 'info', text: `cache: ${text}` };
}

/** Milliseconds as seconds with one decimal. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
