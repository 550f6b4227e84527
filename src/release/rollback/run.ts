import { runIdentityOf } from '../../github/run.ts';
import type { AppliedMigration } from '../../migrate/applied-since.ts';
import type { ActionContext, ActionResult } from '../../runtime/action.ts';
import { readOr, shiftTraffic, trafficText } from '../converge.ts';
import { nothingToGoBackTo, releaseGone, releaseNotReady } from '../faults.ts';
import { targetOf } from '../find-target.ts';
import { recordRelease } from '../record.ts';
import { parseReference, placeText, type ReleaseReference, referenceText, releaseName } from '../reference.ts';
import { isSameTraffic, mainRelease, shareOf, wholly } from '../shares.ts';
import { sinceNewer, sinceRelease } from '../since.ts';
import { type Story, withNight } from '../story.ts';
import { type Replaced, type Tools, toolsOf } from '../surroundings.ts';
import type { Platform, Release, Serving, Target } from '../target.ts';
import type { outputs, RollbackInputs } from './inputs.ts';
import { previousOf } from './previous.ts';
import { rolledBackAt } from './rolled-back.ts';
import { wantedOf } from './wanted.ts';

interface Rollback extends Story {
  isMoved?: boolean;
  taken?: ReleaseReference | undefined;
  /** The release that got the traffic back. */
  back?: Release;
  migrations?: readonly AppliedMigration[] | undefined;
  /** Those of the place, where they were read. */
  releases?: readonly Release[];
  record?: { readonly record: string; readonly artifact: string };
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
    const work = async () => {
      await rollBack(target, wanted, given, tools, story);
      story.migrations = sinceRelease(story.back, given.migrations, context.log);
      await keep(story, given, tools);
    };
    return await withNight(work, () => outputsOf(story), story, context);
  } finally {
    tools.close();
  }
}

async function rollBack(
  target: Target,
  wanted: ReleaseReference,
  given: RollbackInputs,
  tools: Tools,
  story: Rollback,
): Promise<void> {
  const platform = await target.open(wanted, tools.surroundings);
  const isPrevious = given.release === undefined && given.to === PREVIOUS;
  // At night the shortest way: what is named needs no list, and is read beside what serves.
  const named = isPrevious ? undefined : platform.release(wanted);
  // Its failure counts where the release is needed.
  named?.catch(() => undefined);
  const serving = await platform.current();
  story.platform = platform;
  story.serving = serving;
  if (serving === undefined) throw nothingToGoBackTo(placeText(wanted), []);
  tools.log.info(`serving: ${trafficText(serving)}`);
  if (isPrevious || given.commit !== undefined) story.releases = await platform.releases();
  const { releases = [] } = story;
  const { page = '' } = runIdentityOf(tools.surroundings.environment);
  const from = takenFrom({ ...given, run: page }, serving, releases);
  story.taken = from ?? mainRelease(serving);
  const isAsked = given.from !== undefined || given.commit !== undefined;
  if (isAsked && (from === undefined || shareOf(from, serving.shares) === 0)) {
    story.release = mainRelease(serving) ?? wanted;
    tools.log.info('nothing to move: what traffic should be taken from has none');
    return;
  }
  const release = isPrevious ? previousOf(from, serving, releases) : await named;
  if (release === undefined && isPrevious) throw nothingToGoBackTo(placeText(wanted), releases);
  if (release === undefined) throw releaseGone(wanted, await platform.releases());
  await moveTo(release, platform, serving, tools, story);
}

/** For those who come later: what serves now, and what the database was given since. It holds up nothing. */
async function keep(story: Rollback, given: RollbackInputs, tools: Tools): Promise<void> {
  const { back, serving, platform } = story;
  if (back === undefined || serving === undefined) return;
  if (given.migrations === undefined) {
    const releases = story.releases ?? (await readOr(async () => await platform?.releases()));
    sinceNewer(back, releases ?? [], tools.log);
  }
  story.record = await recordRelease(back, serving, rolledBackAt(back.reference), false, tools.surroundings);
}

async function moveTo(
  release: Release,
  platform: Platform,
  serving: Serving,
  { log, patience, wait }: Tools,
  story: Rollback,
): Promise<void> {
  story.release = release.reference;
  story.previous = release.reference;
  const shares = wholly(release.reference);
  if (isSameTraffic(serving.shares, shares)) {
    log.info(`nothing to move: ${releaseName(release.reference)} has all the traffic; name another one to go further`);
    return;
  }
  if (!release.isReady) throw releaseNotReady(release);
  const pace = { signal: patience.signal, ...(wait === undefined ? {} : { wait }) };
  const after = await patience.moving(() => shiftTraffic(platform, shares, serving, 'roll-back', pace));
  story.serving = after;
  story.isMoved = true;
  story.back = release;
  log.info(`traffic: ${trafficText(after)}`);
}

/** What traffic is taken from: as named, or the newest release that serves; undefined: there is none. */
function takenFrom(
  { from, commit, run }: Pick<RollbackInputs, 'from' | 'commit'> & { readonly run: string },
  serving: Serving,
  releases: readonly Release[],
): ReleaseReference | undefined {
  if (from !== undefined) return parseReference(from);
  const live = releases.filter(({ reference }) => shareOf(reference, serving.shares) > 0);
  // Only what this run has made: the job also comes here when nothing was begun (an approval that was refused), and the
  // commit may have served before.
  if (commit !== undefined) return live.find(({ mark }) => mark.commit === commit && mark.run === run)?.reference;
  return live[0]?.reference ?? mainRelease(serving);
}

function outputsOf(story: Rollback): ActionResult<typeof outputs>['outputs'] {
  const { serving, release, taken } = story;
  return {
    url: serving?.url,
    release: release === undefined ? undefined : referenceText(release),
    'previous-release': taken === undefined ? undefined : referenceText(taken),
    moved: story.isMoved ?? false,
    migrations: story.migrations,
    record: story.record?.record ?? '',
    artifact: story.record?.artifact ?? '',
    night: undefined,
  };
}
