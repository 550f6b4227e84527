import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A saved cache: immutable, found by scope, key and version. */
export interface CacheEntry {
  readonly id: string;
  /** The ref that it was saved on, `refs/heads/main`. */
  readonly scope: string;
  readonly key: string;
  /** Hash of paths and compression, made by the client. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly size: number;
}

export interface CacheStore {
  /** The newest entry that GitHub would give for these keys: scope by scope, exact key first, then by prefix. */
  readonly find: (request: Lookup) => Promise<CacheEntry | undefined>;
  /** True when an entry of that scope, key and version is there. */
  readonly has: (entry: Pick<CacheEntry, 'scope' | 'key' | 'version'>) => Promise<boolean>;
  /** Takes a finished file in. False when somebody else was first; the file is removed then. */
  readonly add: (entry: Omit<CacheEntry, 'id' | 'createdAt'>, file: string) => Promise<CacheEntry | undefined>;
  readonly fileOf: (entry: CacheEntry) => string;
}

export interface Lookup {
  /** Scopes in the order in which they are searched: own ref, base, default branch. */
  readonly scopes: readonly string[];
  readonly key: string;
  readonly restoreKeys: readonly string[];
  readonly version: string;
}

/** Milliseconds: a week without use, a day since an upload began. */
const UNUSED = 7 * 24 * 3_600_000;
const ABANDONED = 24 * 3_600_000;

/**
 * Entries as files of a folder, one description and one archive each, so that several runs can share it. The name of
 * the description is made of scope, key and version: creating it is what makes an entry unique.
 */
export async function openStore(folder: string, now: () => number = Date.now): Promise<CacheStore> {
  await mkdir(folder, { recursive: true });
  await removeOld(folder, now());
  const descriptionOf = ({ scope, key, version }: Pick<CacheEntry, 'scope' | 'key' | 'version'>) =>
    join(
      folder,
      `${createHash('sha256')
        .update(JSON.stringify([scope, key, version]))
        .digest('hex')}.json`,
    );
  const fileOf = (entry: CacheEntry) => join(folder, `${entry.id}.bin`);

  const entries = async (): Promise<readonly CacheEntry[]> => {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
    const read = await Promise.all(names.map((name) => readEntry(join(folder, name))));
    return read.filter((entry) => entry !== undefined).sort((a, b) => b.createdAt - a.createdAt);
  };

  return {
    fileOf,
    find: async (request) => {
      const found = choose(await entries(), request);
      // The time of the last use, as GitHub counts a cache's age.
      if (found !== undefined) await utimes(descriptionOf(found), now() / 1_000, now() / 1_000);
      return found;
    },
    has: async (entry) => (await readEntry(descriptionOf(entry))) !== undefined,
    add: async (entry, file) => {
      const added: CacheEntry = { ...entry, id: randomUUID(), createdAt: now() };
      const draft = join(folder, `${added.id}.tmp`);
      await rename(file, fileOf(added));
      await writeFile(draft, JSON.stringify(added));
      try {
        // A link fails where the name is taken; a rename would replace the entry.
        await link(draft, descriptionOf(entry));
        return added;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        await rm(fileOf(added), { force: true });
        return undefined;
      } finally {
        await rm(draft, { force: true });
      }
    },
  };
}

/** Removes entries that nobody used for a week, as GitHub does, and uploads that were never finished. */
async function removeOld(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const limit = name.endsWith('.json') ? UNUSED : ABANDONED;
    const found = name.endsWith('.bin') ? undefined : await stat(path).catch(() => undefined);
    if (found === undefined || now - found.mtimeMs < limit) continue;
    const entry = name.endsWith('.json') ? await readEntry(path) : undefined;
    if (entry !== undefined) await rm(join(folder, `${entry.id}.bin`), { force: true });
    await rm(path, { recursive: true, force: true });
  }
}

async function readEntry(path: string): Promise<CacheEntry | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as CacheEntry;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** https://docs.github.com/actions/reference/dependency-caching-reference#cache-key-matching */
function choose(newestFirst: readonly CacheEntry[], { scopes, key, restoreKeys, version }: Lookup) {
  for (const scope of scopes) {
    const candidates = newestFirst.filter((entry) => entry.scope === scope && entry.version === version);
    const exact = candidates.find((entry) => entry.key === key);
    if (exact !== undefined) return exact;
    for (const prefix of [key, ...restoreKeys]) {
      const partial = candidates.find((entry) => entry.key.startsWith(prefix));
      if (partial !== undefined) return partial;
    }
  }
  return undefined;
}
