import type { ActionContext, ActionResult } from '../../runtime/action.ts';
import { trafficText } from '../converge.ts';
import { cannotSplit, releaseGone, releaseNotReady, stepsDoNotRise, wasRolledBack } from '../faults.ts';
import { targetOf } from '../find-target.ts';
import { looksAt } from '../looks.ts';
import { promoteRelease, trafficBefore } from '../promotion.ts';
import { prune } from '../prune.ts';
import { recordRelease } from '../record.ts';
import { parseReference, referenceText } from '../reference.ts';
import { isSameTraffic, mainRelease, shareOf } from '../shares.ts';
import { healthOutputsOf, type Story, withNight } from '../story.ts';
import { type Replaced, type Tools, toolsOf, watchTools } from '../surroundings.ts';
import type { Target } from '../target.ts';
import { healthPlan } from '../watch.ts';
import type { outputs, PromoteInputs } from './inputs.ts';

interface Promotion extends Story {
  isPromoted?: boolean;
  isMoved?: boolean;
  /** Address of the release alone, when it is held. */
  heldAt?: string;
  record?: { readonly record: string; readonly artifact: string };
}

/** Moves traffic to a release, and puts it back when the release is not well. */
export async function run(
  given: PromoteInputs,
  context: ActionContext,
  replaced?: Replaced,
): Promise<ActionResult<typeof outputs>> {
  const story: Promotion = { release: parseReference(given.release), previous: optional(given.expected) };
  const target = await targetOf(parseReference(given.release), replaced?.targets);
  const tools = toolsOf(target.title, given, context, replaced);
  try {
    const work = () => promote(target, given, context, tools, story);
    return await withNight(work, () => outputsOf(story), story, context);
  } finally {
    tools.close();
  }
}

async function promote(
  target: Target,
  given: PromoteInputs,
  context: ActionContext,
  tools: Tools,
  story: Promotion,
): Promise<void> {
  const { log } = context;
  const reference = parseReference(given.release);
  checkSteps(given.steps, target);
  const plan = given.health === 'off' ? undefined : await healthPlan(given.health, context.workspace);
  const platform = await target.open(reference, tools.surroundings);
  story.platform = platform;
  const [release, serving] = await Promise.all([platform.release(reference), platform.current()]);
  story.serving = serving;
  if (release === undefined || serving === undefined) throw releaseGone(reference, await platform.releases());
  story.lastMigration = given.lastMigration ?? release.mark.lastMigration;
  const expected = optional(given.expected);
  story.previous = mainRelease({ ...serving, shares: trafficBefore(reference, serving, expected) });
  log.info(`serving: ${trafficText(serving)}`);
  if (!release.isReady) throw releaseNotReady(release);
  if (release.isRolledBack && !given.force) throw wasRolledBack(release);
  const looks = looksAt(
    plan,
    { platform, release, serving, url: given.healthUrl },
    watchTools(tools, log),
    (watched) => {
      story.watched = watched;
    },
  );
  const isServing = shareOf(reference, serving.shares) > 0;
  // What has live traffic already is judged where a bad answer also moves the traffic back.
  const watched = isServing ? undefined : await looks.before();
  if (watched?.failure !== undefined) throw watched.failure;
  if (given.hold && shareOf(reference, serving.shares) < 100) {
    log.info('Held for release.yml: nothing was moved.');
    story.heldAt = release.url;
    story.record = await recordRelease(release, undefined, given, plan !== undefined, context);
    return;
  }
  const steps = { steps: given.steps, interval: given.interval, expected };
  const promoted = await promoteRelease(platform, release, serving, steps, {
    log,
    patience: tools.patience,
    looks,
    wait: tools.wait,
  });
  story.serving = promoted.serving;
  story.isPromoted = true;
  story.isMoved = !isSameTraffic(serving.shares, promoted.serving.shares);
  await prune(platform, promoted.serving, given.keep, log);
  story.record = await recordRelease(release, promoted.serving, given, plan !== undefined, context);
}

/** @throws ConfigurationError PIPE-RELEASE-008 */
function checkSteps(steps: readonly number[], { canSplit, title }: Target): void {
  const rises = steps.every((step, index) => index === 0 || step > (steps[index - 1] ?? 0));
  if (!rises) throw stepsDoNotRise(steps);
  if (!canSplit && steps.some((step) => step < 100)) throw cannotSplit(title, steps);
}

function optional(text: string | undefined) {
  return text === undefined ? undefined : parseReference(text);
}

function outputsOf(story: Promotion): ActionResult<typeof outputs>['outputs'] {
  const { serving, release, previous, record } = story;
  return {
    url: story.heldAt ?? serving?.url,
    release: release === undefined ? undefined : referenceText(release),
    'previous-release': previous === undefined ? undefined : referenceText(previous),
    promoted: story.isPromoted ?? false,
    moved: story.isMoved ?? false,
    held: story.heldAt !== undefined,
    ...healthOutputsOf(story),
    record: record?.record,
    artifact: record?.artifact,
    night: undefined,
  };
}
