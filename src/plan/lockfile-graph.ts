/** What a lockfile resolves, as a graph. */
export interface LockGraph {
  /** What holds for all of it: format, settings, overrides, patches. Another text, and everything counts. */
  readonly whole: string;
  /** Resolved packages by a key of the format. */
  readonly entries: ReadonlyMap<string, LockEntry>;
  /** For each package of the project, by its folder, the keys that it resolves its own dependencies to. */
  readonly roots: ReadonlyMap<string, readonly string[]>;
}

export interface LockEntry {
  /** What is installed: version, address, checksum. */
  readonly identity: string;
  /** Keys of what it needs. */
  readonly needs: readonly string[];
}

/** Why a lockfile can't be followed, as a phrase. */
export interface Unfollowable {
  readonly problem: string;
}

/**
 * Folders of the packages whose resolved dependencies, also those of their dependencies, differ between two states of a
 * lockfile: a package that reaches an entry that was added, removed or changed, before or now, or that resolves a
 * dependency of its own to another entry.
 */
export function resolvedDifferently(before: LockGraph, now: LockGraph): ReadonlySet<string> {
  const changed = new Set<string>();
  for (const [key, entry] of now.entries) if (!isSame(entry, before.entries.get(key))) changed.add(key);
  for (const key of before.entries.keys()) if (!now.entries.has(key)) changed.add(key);
  const found = new Set<string>();
  for (const graph of [before, now]) {
    const reaching = reachingAny(changed, graph);
    for (const [folder, keys] of graph.roots) if (keys.some((key) => reaching.has(key))) found.add(folder);
  }
  for (const [folder, keys] of now.roots) {
    const earlier = before.roots.get(folder);
    if (earlier === undefined || !hasSameKeys(keys, earlier)) found.add(folder);
  }
  return found;
}

function isSame(entry: LockEntry, other: LockEntry | undefined): boolean {
  return other !== undefined && entry.identity === other.identity && hasSameKeys(entry.needs, other.needs);
}

function hasSameKeys(keys: readonly string[], others: readonly string[]): boolean {
  const known = new Set(others);
  return known.size === new Set(keys).size && keys.every((key) => known.has(key));
}

/** The keys from which one of some entries is reached, these included. */
function reachingAny(targets: ReadonlySet<string>, { entries }: LockGraph): ReadonlySet<string> {
  const needed = new Map<string, string[]>();
  for (const [key, { needs }] of entries) {
    for (const need of needs) {
      const known = needed.get(need);
      if (known === undefined) needed.set(need, [key]);
      else known.push(key);
    }
  }
  const found = new Set(targets);
  const open = [...targets];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    for (const other of needed.get(key) ?? []) {
      if (found.has(other)) continue;
      found.add(other);
      open.push(other);
    }
  }
  return found;
}
