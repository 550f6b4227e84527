import type { Looks } from './promotion.ts';
import type { Platform, Release, Serving } from './target.ts';
import { type HealthPlan, type ProbedAt, untilHealthy, type Watched, type WatchTools, whileServing } from './watch.ts';

/** What is looked at. */
export interface Looked {
  readonly platform: Pick<Platform, 'refusedProbe'>;
  readonly release: Release;
  /** What serves now: asked where the release has no address of its own. */
  readonly serving: Serving | undefined;
  /** An address that the caller wants probed instead. */
  readonly url: string | undefined;
}

/** Looks at a release before it has traffic, beside those of a promotion; undefined where health is off. */
export interface ReleaseLooks extends Looks {
  readonly before: () => Promise<Watched | undefined>;
}

/** @param seen is told of each watch, for the outputs */
export function looksAt(
  plan: HealthPlan | undefined,
  { platform, release, serving, url }: Looked,
  tools: WatchTools,
  seen: (watched: Watched) => void,
): ReleaseLooks {
  const told = async (watch: Promise<Watched>): Promise<Watched> => {
    const watched = await watch;
    seen(watched);
    return watched;
  };
  // What a probe of the platform's address needs is not for another one.
  const other = url === undefined ? undefined : { url, headers: {} };
  const own = ({ url: address, probeHeaders }: Release | Serving): ProbedAt => {
    return { url: address, headers: probeHeaders, refused: platform.refusedProbe };
  };
  const alone = other ?? (release.url === '' ? undefined : own(release));
  const served = serving === undefined ? undefined : own(serving);
  const between = alone ?? served;
  return {
    before: async () =>
      plan === undefined || alone === undefined ? undefined : told(untilHealthy(plan, alone, tools)),
    between: async (duration) => {
      return plan === undefined || between === undefined
        ? undefined
        : told(whileServing(plan, between, duration, tools));
    },
    after: async (now) => {
      return plan === undefined ? undefined : told(untilHealthy(plan, other ?? own(now), tools));
    },
  };
}
