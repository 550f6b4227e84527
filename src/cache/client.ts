import { randomUUID } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PipelineError, printable } from '../runtime/errors.ts';
import { createHttp, type HttpClient } from '../runtime/http.ts';
import { type CacheAccess, whyOff } from './access.ts';
import { compressionOf, entryVersion, pack, unpack } from './archive.ts';
import { readBlob, writeBlob } from './blob.ts';
import { createService, SERVICE } from './service.ts';

/** What an entry holds. */
export interface CacheEntry {
  /** At most 512 characters, no commas. */
  readonly key: string;
  /** Absolute folder from which the paths count. */
  readonly folder: string;
  /** Paths in it, as they are (no patterns). They are part of what finds an entry, `.` for all of the folder. */
  readonly paths: readonly string[];
}

export interface RestoreWish extends CacheEntry {
  /** Beginnings of keys, the first that an entry has wins; at most 9. */
  readonly restoreKeys: readonly string[];
  /** Moves what was unpacked to its place. Called once, with a folder beside `folder`, when the entry is whole. */
  readonly place: (staging: string) => Promise<void>;
}

export type Restored =
  | {
      readonly kind: 'hit';
      readonly key: string;
      readonly isExact: boolean;
      /** Size of the archive. */
      readonly bytes: number;
      /** Milliseconds. */
      readonly duration: number;
    }
  | { readonly kind: 'miss' }
  /** The job has no cache service, or may not read from it. */
  | { readonly kind: 'off'; readonly reason: string }
  | CacheFault;

export type Saved =
  | { readonly kind: 'saved'; readonly bytes: number; readonly duration: number }
  | { readonly kind: 'off'; readonly reason: string }
  | CacheFault;

export interface CacheFault {
  readonly kind: 'fault';
  readonly reason: string;
  /** Whether it took all the time that it had. */
  readonly isLate: boolean;
}

/**
 * Restores an entry of GitHub's cache, one of its own client (@actions/cache) as well. It is unpacked beside its place
 * while it comes, and moved there only when it is whole; it can't reach files outside. Nothing that happens here throws.
 */
export function restoreCache(wish: RestoreWish, access: CacheAccess): Promise<Restored> {
  const off = whyOff(access.environment, 'restore');
  if (off !== undefined) return Promise.resolve({ kind: 'off', reason: off });
  // Beside its place, so that moving is renaming.
  const staging = join(dirname(wish.folder), `.pipelines-restore-${randomUUID()}`);
  return attempt(access, staging, (tools) => restore(wish, staging, tools));
}

/** Saves an entry for later jobs, also for GitHub's own client. Nothing that happens here throws. */
export function saveCache(entry: CacheEntry, access: CacheAccess): Promise<Saved> {
  const off = whyOff(access.environment, 'save');
  if (off !== undefined) return Promise.resolve({ kind: 'off', reason: off });
  const own = join(access.temp, `pipelines-cache-${randomUUID()}`);
  return attempt(access, own, (tools) => save(entry, own, tools));
}

interface Tools {
  readonly environment: CacheAccess['environment'];
  readonly http: HttpClient;
  /** Aborted by a cancelled run and when the time is over. */
  readonly signal: AbortSignal;
  /** When the work began, on the clock of performance.now(). */
  readonly started: number;
}

async function restore(wish: RestoreWish, staging: string, tools: Tools): Promise<Restored> {
  const { environment, http, signal, started } = tools;
  const compression = await compressionOf(environment, signal);
  const name = { key: wish.key, version: entryVersion(wish.paths, compression) };
  const found = await createService(environment, http, signal).find(name, wish.restoreKeys);
  if (found === undefined) return { kind: 'miss' };
  if ('denied' in found) return { kind: 'off', reason: found.denied };
  let bytes = 0;
  const counted = async function* () {
    for await (const piece of readBlob({ url: found.url, http, signal })) {
      bytes += piece.length;
      yield piece;
    }
  };
  await unpack(counted(), staging, { compression, environment, signal });
  await wish.place(staging);
  return {
    kind: 'hit',
    key: found.key,
    isExact: found.key === wish.key,
    bytes,
    duration: performance.now() - started,
  };
}

async function save({ key, folder, paths }: CacheEntry, own: string, tools: Tools): Promise<Saved> {
  const { environment, http, signal, started } = tools;
  const compression = await compressionOf(environment, signal);
  const archive = join(own, 'cache.tar');
  // Packed before it is announced: an entry that is announced and never sent would keep the key from everybody.
  await pack(archive, folder, paths, { compression, environment, signal });
  const { size } = await stat(archive);
  const service = createService(environment, http, signal);
  const name = { key, version: entryVersion(paths, compression) };
  const reserved = await service.reserve(name);
  if ('denied' in reserved) {
    return { kind: 'off', reason: `${reserved.denied}; another job may have saved it` };
  }
  await writeBlob(archive, size, { url: reserved.url, http, signal });
  await service.finish(name, size);
  return { kind: 'saved', bytes: size, duration: performance.now() - started };
}

/** Does the work within the time it has, in a folder that is gone afterwards; whatever fails becomes a reason. */
async function attempt<T>(
  { environment, signal, timeout }: CacheAccess,
  folder: string,
  work: (tools: Tools) => Promise<T>,
): Promise<T | CacheFault> {
  const over = AbortSignal.timeout(timeout);
  const reasonOf = (error: unknown) => {
    if (signal.aborted) return 'the run was cancelled';
    if (over.aborted) return `the cache service took longer than ${Math.round(timeout / 100) / 10} s`;
    return printable(error instanceof PipelineError ? error.faults[0].what : String(error)).slice(0, 300);
  };
  let http: HttpClient | undefined;
  try {
    http = createHttp({ environment, ...SERVICE });
    await mkdir(folder, { recursive: true });
    const tools = { environment, http, signal: AbortSignal.any([signal, over]), started: performance.now() };
    return await work(tools);
  } catch (error) {
    return { kind: 'fault', reason: reasonOf(error), isLate: over.aborted && !signal.aborted };
  } finally {
    http?.close();
    // What can't be removed is used by nobody, and no reason for a step to fail.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}
