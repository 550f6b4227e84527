import { PipelineError } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import { isSameRelease, releaseName } from './reference.ts';
import { shareOf } from './shares.ts';
import type { Platform, Release, Serving } from './target.ts';

/** Releases that are looked through and removed in one run, at most. */
const MOST_READ = 100;
const MOST_REMOVED = 20;

/**
 * The releases that are too old: made by this bundle, older than the newest `keep` of those, and neither serving nor
 * what one would go back to.
 *
 * @param releases newest first
 */
export function outdated(releases: readonly Release[], serving: Serving, keep: number): readonly Release[] {
  const own = releases.filter(({ mark }) => mark.commit !== '');
  return own.slice(keep).filter(({ reference }) => {
    const isPrevious = serving.previous !== undefined && isSameRelease(serving.previous, reference);
    return shareOf(reference, serving.shares) === 0 && !isPrevious;
  });
}

/**
 * Removes what is outdated. The deployment is done: what can't be removed is said, and is no failure of it.
 *
 * @param known releases that were read already, newest first; left out: they are read
 */
export async function prune(
  platform: Platform,
  serving: Serving,
  keep: number,
  log: Log,
  known?: readonly Release[],
): Promise<void> {
  try {
    const old = outdated(known ?? (await platform.releases(MOST_READ)), serving, keep);
    // The oldest go first: a run that is cut short has removed what matters least.
    for (const { reference } of [...old].reverse().slice(0, MOST_REMOVED)) {
      if (await platform.remove(reference)) log.info(`removed: ${releaseName(reference)}`);
    }
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    log.annotate('notice', `Older releases could not be removed, the next deployment tries again: ${error.message}`);
  }
}
