import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CacheAccess } from '../cache/access.ts';
import { type CacheMessage, restoreStore, type StoreCache, saveStore } from '../setup/store-cache.ts';
import { dateOf } from './database.ts';

/** Schema 2 of the database. One entry a day: it is built every six hours, and the day's first is good enough. */
function entryOf(cacheDir: string, builtAt: number): StoreCache {
  const prefix = 'pipelines-scan-database-2-';
  return { key: `${prefix}${dateOf(builtAt)}`, restoreKeys: [prefix], store: join(cacheDir, 'db') };
}

/** Restores the newest database of the cache, today's where there is one. */
export async function restoreDatabase(cacheDir: string, now: number, from: CacheAccess): Promise<CacheMessage> {
  await mkdir(cacheDir, { recursive: true });
  const restored = await restoreStore(entryOf(cacheDir, now), from);
  if (restored.kind === 'hit') return { level: 'info', text: `database: restored from the cache, ${restored.key}` };
  if (restored.kind === 'miss') return { level: 'info', text: 'database: no entry in the cache yet' };
  if (restored.kind === 'off') return { level: 'info', text: `database: not from the cache, ${restored.reason}` };
  return {
    level: 'notice',
    text: `The vulnerability database was not restored from the cache: ${restored.reason}. It is downloaded instead.`,
  };
}

/** What `post` saves after a download; nothing where the cache has it already. */
export function databaseToSave(cacheDir: string, builtAt: number): StoreCache {
  return entryOf(cacheDir, builtAt);
}

export async function saveDatabase(entry: StoreCache, to: CacheAccess): Promise<CacheMessage> {
  const saved = await saveStore(entry, to);
  if (saved.kind === 'saved') return { level: 'info', text: `database: saved in the cache, ${entry.key}` };
  if (saved.kind === 'off') return { level: 'info', text: `database: not saved, ${saved.reason}` };
  return {
    level: 'notice',
    text: `The vulnerability database was not saved: ${saved.reason}. Nothing else is affected.`,
  };
}
