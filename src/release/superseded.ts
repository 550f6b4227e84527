import { ancestryOf } from '../github/ancestry.ts';
import type { Environment } from '../runtime/environment.ts';
import type { Log } from '../runtime/log.ts';
import { isSameRelease } from './reference.ts';
import { mainRelease } from './shares.ts';
import type { Platform, Release, Serving } from './target.ts';

export interface SupersededBy {
  readonly environment: Environment;
  /** Of GitHub; empty or undefined: nothing is compared. */
  readonly token: string | undefined;
  readonly signal: AbortSignal;
  readonly log: Pick<Log, 'info' | 'annotate'>;
}

/**
 * The release that serves, when its commit is a descendant of this one: an older run has come late, and only a rollback
 * goes back. Where it is not known (another repository, no permission), it is said, and nothing is held up.
 *
 * @param releases that were read already, if any
 */
export async function newerRelease(
  commit: string,
  platform: Platform,
  { serving, releases }: { readonly serving: Serving; readonly releases: readonly Release[] },
  { environment, token = '', signal, log }: SupersededBy,
): Promise<Release | undefined> {
  const reference = mainRelease(serving);
  const known = releases.find((release) => reference !== undefined && isSameRelease(release.reference, reference));
  const release = known ?? (reference === undefined ? undefined : await platform.release(reference));
  const served = release?.mark.commit ?? '';
  if (served === '' || served === commit) return undefined;
  if (token === '' || (environment['GITHUB_REPOSITORY'] ?? '') === '') {
    log.info('not checked: whether a newer commit serves (there is no token of GitHub)');
    return undefined;
  }
  const ancestry = await ancestryOf(commit, served, { environment, token, signal });
  if (ancestry === 'unknown') {
    const reason = 'the token lacks `contents: read`, or one of them is not in this repository';
    log.annotate('notice', `Not checked: whether ${served.slice(0, 8)}, which serves, is newer (${reason}).`);
  }
  return ancestry === 'ancestor' ? release : undefined;
}
