import { isSameRelease, type ReleaseReference } from './reference.ts';
import type { Serving, Share } from './target.ts';

/** Share of a release in percent, 0 when it has none. */
export function shareOf(release: ReleaseReference, shares: readonly Share[]): number {
  return shares.find(({ reference }) => isSameRelease(reference, release))?.percent ?? 0;
}

export function isSameTraffic(left: readonly Share[], right: readonly Share[]): boolean {
  return left.length === right.length && left.every(({ reference, percent }) => shareOf(reference, right) === percent);
}

/** All traffic to one release. */
export function wholly(release: ReleaseReference): readonly Share[] {
  return [{ reference: release, percent: 100 }];
}

/** The release with the greatest share; undefined when nothing serves. */
export function mainRelease(serving: Serving | undefined): ReleaseReference | undefined {
  const shares = [...(serving?.shares ?? [])].sort((left, right) => right.percent - left.percent);
  return shares[0]?.reference;
}

/**
 * What to go back to when a release turns out bad: the traffic without it. A run that was killed between two steps has
 * left it a share; what it had taken goes back to the greatest of the others.
 *
 * @returns no shares when nothing else serves
 */
export function trafficWithout(release: ReleaseReference, { shares }: Serving): readonly Share[] {
  if (shareOf(release, shares) === 0) return shares;
  const others = shares.filter(({ reference }) => !isSameRelease(reference, release));
  const [greatest] = [...others].sort((left, right) => right.percent - left.percent);
  return greatest === undefined ? [] : wholly(greatest.reference);
}

/** Shares in whole percents, where a release has so much and the others share the rest as they did before. */
export function trafficWith(release: ReleaseReference, percent: number, others: readonly Share[]): readonly Share[] {
  const rest = 100 - percent;
  if (rest === 0 || others.length === 0) return wholly(release);
  const total = others.reduce((sum, share) => sum + share.percent, 0);
  let left = rest;
  const shared = others.map(({ reference, percent: part }, index) => {
    const given = index === others.length - 1 ? left : Math.min(left, Math.round((rest * part) / total));
    left -= given;
    return { reference, percent: given };
  });
  return [{ reference: release, percent }, ...shared.filter((share) => share.percent > 0)];
}
