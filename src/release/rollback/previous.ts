import { isSameRelease, type ReleaseReference } from '../reference.ts';
import { mainRelease, trafficWithout } from '../shares.ts';
import type { Release, Serving } from '../target.ts';

/**
 * What serves beside a release, else the last good one before it. When the release is there because a newer one was
 * rolled back, it is that one itself: a second run, or a second hand, must not go back twice.
 *
 * @param releases newest first
 * @returns undefined when there is none
 */
export function previousOf(
  from: ReleaseReference | undefined,
  serving: Serving,
  releases: readonly Release[],
): Release | undefined {
  if (from === undefined) return undefined;
  const find = (wanted: ReleaseReference | undefined) =>
    releases.find(({ reference }) => wanted !== undefined && isSameRelease(reference, wanted));
  const beside = find(mainRelease({ ...serving, shares: trafficWithout(from, serving) }));
  if (beside !== undefined) return beside;
  const at = releases.findIndex(({ reference }) => isSameRelease(reference, from));
  if (releases.slice(0, Math.max(0, at)).some((newer) => newer.isRolledBack)) return releases[at];
  const isGood = (one: Release | undefined) => one?.isReady === true && !one.isRolledBack;
  const named = find(serving.previous);
  const older = releases.slice(at + 1).filter(isGood);
  // What this bundle made comes first: a release by another hand may never have served.
  return isGood(named) ? named : (older.find(({ mark }) => mark.commit !== '') ?? older[0]);
}
