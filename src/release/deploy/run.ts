import { runIdentityOf } from '../../github/run.ts';
import type { ActionContext, ActionResult } from '../../runtime/action.ts';
import { withBuilt } from '../built.ts';
import { stageOnce, trafficText } from '../converge.ts';
import { candidateHidden, noCommit, notTheOneMeant, wasRolledBack } from '../faults.ts';
import { looksAt } from '../looks.ts';
import { promoteRelease, trafficBefore } from '../promotion.ts';
import { prune } from '../prune.ts';
import { recordRelease } from '../record.ts';
import { isSameRelease, type ReleaseReference, referenceText, releaseName } from '../reference.ts';
import { mainRelease, shareOf } from '../shares.ts';
import { healthOutputsOf, type Story, withNight } from '../story.ts';
import { newerRelease } from '../superseded.ts';
import { type Replaced, type Tools, toolsOf, watchTools } from '../surroundings.ts';
import type { Mark, Platform, Prepared, Release, Serving, Staged, Target } from '../target.ts';
import { type HealthPlan, healthPlan } from '../watch.ts';
import type { DeployInputs, outputs } from './inputs.ts';

interface Deployment extends Story {
  candidate?: Release;
  isPreview?: boolean;
  isFirst?: boolean;
  isSuperseded?: boolean;
  isPromoted?: boolean;
  isReused?: boolean;
  record?: { readonly record: string; readonly artifact: string };
}

/** Stages a release, looks at it, and moves the traffic to it where that is wanted. */
export async function run(
  target: Target,
  given: DeployInputs,
  context: ActionContext,
  replaced?: Replaced,
): Promise<ActionResult<typeof outputs>> {
  const tools = toolsOf(target.title, given, context, replaced);
  const story: Deployment = {};
  try {
    const work = () =>
      withBuilt(target, given, given.archive, context, async (built) => {
        const surroundings = { ...tools.surroundings, built };
        await deploy(target, given, context, { ...tools, surroundings }, story);
      });
    return await withNight(work, () => outputsOf(story), story, context);
  } finally {
    tools.close();
  }
}

/** What one deployment works with. */
interface Work {
  readonly given: DeployInputs;
  readonly context: ActionContext;
  readonly tools: Tools;
  readonly story: Deployment;
  readonly mark: Omit<Mark, 'fingerprint'>;
  /** Undefined: health is off. */
  readonly plan: HealthPlan | undefined;
}

async function deploy(
  target: Target,
  given: DeployInputs,
  context: ActionContext,
  tools: Tools,
  story: Deployment,
): Promise<void> {
  const mark = markOf(given, context);
  story.lastMigration = mark.lastMigration;
  const plan = given.health === 'off' ? undefined : await healthPlan(given.health, context.workspace);
  const work: Work = { given, context, tools, story, mark, plan };
  const prepared = await target.prepare(given, tools.surroundings);
  const newer = await lookAround(prepared, work);
  if (newer !== undefined) return superseded(newer, work);
  const hidden = prepared.hidden ?? '';
  if (plan !== undefined && hidden !== '' && given.probeUrl === undefined) {
    throw candidateHidden(hidden, 'nothing was staged');
  }
  const release = await stage(prepared, work);
  await verify(prepared.platform, release, work);
  if (given.promote && story.isPreview !== true) await goLive(prepared, release, work);
  else story.isPromoted = hasAll(release, story.serving);
}

/** Reads what serves. @returns the release that serves, when its commit is newer than this one */
async function lookAround(
  { platform, changes, isPreview = false, found }: Prepared,
  work: Work,
): Promise<Release | undefined> {
  const { given, context, tools, story, mark } = work;
  const { log, environment } = context;
  story.platform = platform;
  story.isPreview = isPreview;
  for (const change of changes) log.info(`changes: ${change}`);
  const before = isPreview ? undefined : found === undefined ? await platform.current() : found.serving;
  story.serving = before;
  story.previous = mainRelease(before);
  if (before === undefined) return undefined;
  log.info(`serving: ${trafficText(before)}`);
  const by = { environment, token: given.githubToken, signal: tools.patience.signal, log };
  return await newerRelease(mark.commit, platform, { serving: before, releases: found?.releases ?? [] }, by);
}

function superseded(newer: Release, { context, story, mark }: Work): void {
  story.isSuperseded = true;
  story.release = newer.reference;
  story.candidate = newer;
  const by = `${releaseName(newer.reference)} of commit ${newer.mark.commit.slice(0, 8)}`;
  const text = `Commit ${mark.commit.slice(0, 8)} is superseded: ${by}, which is newer, serves. Nothing was deployed.`;
  context.log.annotate('notice', text);
}

async function stage(prepared: Prepared, { given, context, tools, story, mark }: Work): Promise<Staged> {
  const { patience, wait } = tools;
  const pace = { signal: patience.signal, ...(wait === undefined ? {} : { wait }) };
  const { release, isReused } = await stageOnce(prepared, { ...mark, fingerprint: prepared.fingerprint }, pace);
  const before = story.serving;
  story.candidate = release;
  story.release = release.reference;
  story.isReused = isReused;
  story.previous = before === undefined ? undefined : mainOf(release.reference, before);
  story.isFirst = story.isPreview !== true && mainRelease(before) === undefined;
  const what = isReused ? 'candidate of the same commit and settings, used again' : 'staged';
  const at = release.url === '' ? '' : ` at ${release.url}`;
  context.log.info(`${what}: ${referenceText(release.reference)}${at}`);
  if (given.promote && story.isPreview !== true && release.isRolledBack) throw wasRolledBack(release);
  if (story.isPreview !== true) story.serving = release.serving ?? (await prepared.platform.current());
  return release;
}

/** Looks at the candidate, which has no traffic yet. */
async function verify(
  platform: Platform,
  release: Release,
  { given, context, tools, story, plan }: Work,
): Promise<void> {
  const { serving } = story;
  if (plan !== undefined && release.url === '' && given.probeUrl === undefined && !hasAll(release, serving)) {
    throw candidateHidden('it has no address of its own', 'the candidate is staged and has no traffic');
  }
  const looked = { platform, release, serving, url: given.probeUrl };
  const looks = looksAt(plan, looked, watchTools(tools, context.log), (watched) => {
    story.watched = watched;
  });
  const watched = await looks.before();
  if (watched?.failure !== undefined) throw watched.failure;
}

async function goLive({ platform, found }: Prepared, release: Staged, work: Work): Promise<void> {
  const { given, context, tools, story, plan } = work;
  const { log } = context;
  const { serving, previous } = story;
  if (serving === undefined) throw notTheOneMeant(release.reference, trafficText(serving));
  // Probed at the address that users ask, whatever the candidate's own was replaced by.
  const looks = looksAt(plan, { platform, release, serving, url: undefined }, watchTools(tools, log), (watched) => {
    story.watched = watched;
  });
  const { patience, wait } = tools;
  const atOnce = { steps: [], interval: 0, expected: previous };
  const promoted = await promoteRelease(platform, release, serving, atOnce, { log, patience, looks, wait });
  story.serving = promoted.serving;
  story.isPromoted = true;
  const others = found?.releases.filter(({ reference }) => !isSameRelease(reference, release.reference));
  await prune(platform, promoted.serving, given.keep, log, others === undefined ? undefined : [release, ...others]);
  story.record = await recordRelease(release, promoted.serving, given, plan !== undefined, context);
}

/** What served before a release. */
function mainOf(release: ReleaseReference, before: Serving): ReleaseReference | undefined {
  return mainRelease({ ...before, shares: trafficBefore(release, before, undefined) });
}

function hasAll(release: Release, serving: Serving | undefined): boolean {
  return serving !== undefined && shareOf(release.reference, serving.shares) === 100;
}

/** @throws ConfigurationError PIPE-RELEASE-014 no commit is given or known */
function markOf(
  { commit, lastMigration = '' }: DeployInputs,
  { environment }: ActionContext,
): Omit<Mark, 'fingerprint'> {
  const { sha, page = '' } = runIdentityOf(environment);
  const deployed = commit ?? sha;
  if (deployed === '') throw noCommit();
  return { commit: deployed, lastMigration, run: page };
}

function outputsOf(story: Deployment): ActionResult<typeof outputs>['outputs'] {
  const { candidate, serving, release, previous, record } = story;
  const expiresAt = candidate?.expiresAt;
  return {
    url: story.isPreview === true ? candidate?.url : serving?.url,
    'candidate-url': candidate?.url,
    release: release === undefined ? undefined : referenceText(release),
    'previous-release': previous === undefined || story.isSuperseded ? undefined : referenceText(previous),
    first: story.isFirst ?? false,
    superseded: story.isSuperseded ?? false,
    promoted: story.isPromoted ?? false,
    reused: story.isReused ?? false,
    'expires-at': expiresAt === undefined ? undefined : new Date(expiresAt).toISOString(),
    ...healthOutputsOf(story),
    record: record?.record,
    artifact: record?.artifact,
    night: undefined,
  };
}
