import { stagedBy } from '../../staged-by.ts';
import type { Mark, Prepared, Release, Serving } from '../../target.ts';
import { candidateChannel, ensureChannel } from './channels.ts';
import { releaseOf } from './platform.ts';
import { LIVE, listReleases, releaseIn, rolledBack, type Site, type Version } from './state.ts';
import { findVersion } from './version.ts';

/** How a candidate comes to be. */
export interface Staging {
  readonly site: Site;
  /** Preview channel that was asked for; undefined: a candidate for the live site. */
  readonly channel: string | undefined;
  /** What serves the site, as it has just been read. */
  readonly serving: Serving | undefined;
  /** All versions of the site, newest first, where they have just been read. */
  readonly versions: readonly Version[] | undefined;
  /** Milliseconds that its address stays; undefined: the usual time, and no shorter than it has now. */
  readonly life: number | undefined;
  /**
   * Makes the version, or goes on with one that an earlier run began.
   *
   * @param begun the version of an earlier run that is not final
   */
  readonly make: (mark: Mark, begun: Version | undefined) => Promise<Version>;
}

/** Stages by what was read of the site, the first time; a second time what the first one has made is looked for. */
export function stager(staging: Staging): Prepared['stage'] {
  return stagedBy(staging, async (mark, known) => {
    const release = await stage(known ?? { ...staging, versions: undefined }, mark);
    // Staging releases nothing live: whoever else has since is met by the promotion.
    return known?.serving === undefined ? release : { ...release, serving: known.serving };
  });
}

/**
 * Makes a version that can serve, and shows it on a channel of its own. The live site stays as it is. A version that an
 * earlier run made for the same commit and content is used again, and one that it left unfinished is continued.
 */
async function stage({ site, channel: preview, life, versions, make }: Staging, mark: Mark): Promise<Release> {
  const found = await findVersion(site, mark, versions);
  const isMade = found?.status === 'FINALIZED';
  const id = preview ?? candidateChannel(mark);
  const [version, channel] = await both(
    isMade ? Promise.resolve(found) : make(mark, found),
    ensureChannel(site, id, life, preview !== undefined),
  );
  const release = channel.release?.version?.id === version.id ? channel.release : await show(site, id, version);
  const history = isMade ? await listReleases(site, LIVE, LOOKED_AT) : [];
  return releaseOf(site, version, [{ ...channel, release }], rolledBack(history));
}

/** Live releases among which a roll-back of the version is looked for. */
const LOOKED_AT = 100;

async function show(site: Site, channel: string, version: Version) {
  const { value } = await site.api.call({
    method: 'POST',
    path: `${site.path}/channels/${channel}/releases?versionName=${encodeURIComponent(`sites/${site.site}/versions/${version.id}`)}`,
    body: { message: `candidate ${version.id}` },
    // The same version on the same channel twice changes nothing for those who look at it.
    idempotent: true,
    what: `show the version "${version.id}" on the channel "${channel}" of the site "${site.site}"`,
  });
  return { ...releaseIn(value), version };
}

/** Waits for both, also when one fails: nothing of this goes on after the failure was reported. */
async function both<A, B>(left: Promise<A>, right: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([left, right]);
  return [await left, await right];
}
