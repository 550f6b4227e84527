import type { StoredRun } from './run-file.ts';

/** How much is remembered of a repository. */
export interface Bounds {
  readonly runs: number;
  /** Of all archives together, in bytes. */
  readonly bytes: number;
}

export const BOUNDS: Bounds = { runs: 20, bytes: 200_000_000 };

export interface Kept {
  readonly runs: readonly StoredRun[];
  /** Ids of artifacts whose archives stay. */
  readonly archives: ReadonlySet<number>;
}

/**
 * What stays within the bounds: the newest runs, and their newest archives. A run that goes on keeps what it has; the
 * others make room for it.
 *
 * @param newestFirst every run that is known.
 * @param sizeOf bytes of the archive of an artifact; 0 when it has gone.
 * @param now milliseconds since 1970.
 */
export function withinBounds(
  newestFirst: readonly StoredRun[],
  sizeOf: (artifact: number) => number,
  { runs, bytes }: Bounds,
  now: number,
): Kept {
  const kept = newestFirst.filter((run, index) => index < runs || run.status !== 'completed');
  const archives = new Set<number>();
  let total = 0;
  for (const { status, artifacts } of kept) {
    for (const { id, expiresAt } of [...artifacts].sort((a, b) => b.id - a.id)) {
      const isTooMuch = total + sizeOf(id) > bytes || Date.parse(expiresAt) <= now;
      if (status === 'completed' && isTooMuch) continue;
      total += sizeOf(id);
      archives.add(id);
    }
  }
  return { runs: kept, archives };
}
