import type { AppliedMigration } from '../../migrate/applied-since.ts';
import type { ActionContext, ActionResult } from '../../runtime/action.ts';
import { shiftTraffic, trafficText } from '../converge.ts';
import { nothingToGoBackTo, notNamed, releaseGone, releaseNotReady } from '../faults.ts';
import { placeWith, targetOf } from '../find-target.ts';
import {
  isSameRelease,
  parseReference,
  placeText,
  type ReleaseReference,
  referenceText,
  releaseName,
} from '../reference.ts';
import { isSameTraffic, mainRelease, shareOf, wholly } from '../shares.ts';
import { sinceRelease } from '../since.ts';
import { failed, type Story } from '../story.ts';
import { type Replaced, type Tools, toolsOf } from '../surroundings.ts';
import type { Platform, Release, Serving, Target } from '../target.ts';
import type { outputs, RollbackInputs } from './inputs.ts';

interface Rollback extends Story {
  isMoved?: boolean;
  taken?: ReleaseReference | undefined;
  /** The release that got the traffic back. */
  back?: Release;
  migrations?: readonly AppliedMigration[] | undefined;
}

/** The last good release before the one that serves. */
const PREVIOUS = 'previous';

/** Moves all traffic back to an earlier release. */
export async function run(
  given: RollbackInputs,
  context: ActionContext,
  replaced?: Replaced,
): Promise<ActionResult<typeof outputs>> {
  const wanted = wantedOf(given);
  const target = await targetOf(wanted, replaced?.targets);
  const tools = toolsOf(target.title, given, context, replaced);
  const story: Rollback = {};
  try {
    await rollBack(target, wanted, given, tools, story);
    story.migrations = sinceRelease(story.back, given.migrations, context.log);
    return { outputs: outputsOf(story) };
  } catch (error) {
    const { night, failure } = await failed(error, story, context);
    return { outputs: { ...outputsOf(story), night }, failure };
  } finally {
    tools.close();
  }
}

/** @throws ConfigurationError PIPE-RELEASE-015 neither way of naming it, or both */
function wantedOf({ release, target, to }: RollbackInputs): ReleaseReference {
  if ((release === undefined) === (target === undefined)) throw notNamed('rollback', '`target` with `to`');
  return release === undefined ? placeWith(target ?? '', to) : parseReference(release);
}

async function rollBack(
  target: Target,
  wanted: ReleaseReference,
  given: RollbackInputs,
  tools: Tools,
  story: Rollback,
): Promise<void> {
  const { log, patience, wait } = tools;
  const platform = await target.open(wanted, tools.surroundings);
  story.platform = platform;
  const serving = await platform.current();
  story.serving = serving;
  if (serving === undefined) throw nothingToGoBackTo(placeText(wanted), []);
  log.info(`serving: ${trafficText(serving)}`);
  const from = given.from === undefined ? undefined : parseReference(given.from);
  story.taken = from ?? mainRelease(serving);
  if (from !== undefined && shareOf(from, serving.shares) === 0) {
    story.release = mainRelease(serving) ?? wanted;
    log.info(`nothing to move: ${releaseName(from)} has no traffic`);
    return;
  }
  const isPrevious = given.release === undefined && given.to === PREVIOUS;
  const release = isPrevious ? await previousRelease(platform, serving, wanted) : await platform.release(wanted);
  if (release === undefined) throw releaseGone(wanted, await platform.releases());
  story.release = release.reference;
  story.previous = release.reference;
  if (isSameTraffic(serving.shares, wholly(release.reference))) {
    const why = isPrevious ? ': the one after it was rolled back already; name a release to go further' : '';
    log.info(`nothing to move: ${releaseName(release.reference)} has all the traffic${why}`);
    return;
  }
  if (!release.isReady) throw releaseNotReady(release);
  const pace = { signal: patience.signal, ...(wait === undefined ? {} : { wait }) };
  const shares = wholly(release.reference);
  const after = await patience.moving(() => shiftTraffic(platform, shares, serving, 'roll-back', pace));
  story.serving = after;
  story.isMoved = true;
  story.back = release;
  log.info(`traffic: ${trafficText(after)}`);
}

/**
 * The last good release before the one that serves. When the one that serves is there because a newer one was rolled
 * back, it is that one itself: a second run, or a second hand, must not go back twice.
 *
 * @throws ConfigurationError PIPE-RELEASE-012 there is none
 */
async function previousRelease(platform: Platform, serving: Serving, place: ReleaseReference): Promise<Release> {
  const releases = await platform.releases();
  const main = mainRelease(serving);
  const at = releases.findIndex(({ reference }) => main !== undefined && isSameRelease(reference, main));
  const current = releases[at];
  const isBack = serving.shares.length === 1 && releases.slice(0, Math.max(0, at)).some((one) => one.isRolledBack);
  if (current !== undefined && isBack) return current;
  const usable = (one: Release | undefined) => one?.isReady === true && !one.isRolledBack;
  const { previous } = serving;
  const named = releases.find(({ reference }) => previous !== undefined && isSameRelease(reference, previous));
  const older = releases.slice(at + 1).find((one) => usable(one) && one.mark.commit !== '');
  const found = usable(named) ? named : (older ?? releases.slice(at + 1).find(usable));
  if (found === undefined) throw nothingToGoBackTo(placeText(place), releases);
  return found;
}

function outputsOf(story: Rollback): ActionResult<typeof outputs>['outputs'] {
  const { serving, release, taken } = story;
  return {
    url: serving?.url,
    release: release === undefined ? undefined : referenceText(release),
    'previous-release': taken === undefined ? undefined : referenceText(taken),
    moved: story.isMoved ?? false,
    migrations: story.migrations,
    night: undefined,
  };
}
