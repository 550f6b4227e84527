import { isAbsolute, relative, sep } from 'node:path';
import { runIdentityOf } from '../../github/run.ts';
import type { ActionContext, ActionResult } from '../../runtime/action.ts';
import { withBuilt } from '../built.ts';
import { stageOnce, trafficText } from '../converge.ts';
import { candidateHidden, noCommit, wasRolledBack } from '../faults.ts';
import { looksAt } from '../looks.ts';
import { promoteRelease, trafficBefore } from '../promotion.ts';
import { prune } from '../prune.ts';
import { writeRecord } from '../record.ts';
import { type ReleaseReference, referenceText, releaseName } from '../reference.ts';
import { mainRelease, shareOf } from '../shares.ts';
import { failed, healthOutputsOf, type Story } from '../story.ts';
import { newerRelease } from '../superseded.ts';
import { type Replaced, type Tools, toolsOf } from '../surroundings.ts';
import type { Mark, Prepared, Release, Serving, Target } from '../target.ts';
import { healthPlan } from '../watch.ts';
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
    await withBuilt(target, given, given.archive, context, async (built) => {
      const surroundings = { ...tools.surroundings, built };
      await deploy(target, given, context, { ...tools, surroundings }, story);
    });
    return { outputs: outputsOf(story) };
  } catch (error) {
    const { night, failure } = await failed(error, story, context);
    return { outputs: { ...outputsOf(story), night }, failure };
  } finally {
    tools.close();
  }
}

async function deploy(
  target: Target,
  given: DeployInputs,
  context: ActionContext,
  tools: Tools,
  story: Deployment,
): Promise<void> {
  const { log, environment, workspace } = context;
  const mark = markOf(given, context);
  story.lastMigration = mark.lastMigration;
  const plan = given.health === 'off' ? undefined : await healthPlan(given.health, workspace);
  const prepared = await target.prepare(given, tools.surroundings);
  const { platform } = prepared;
  story.platform = platform;
  for (const change of prepared.changes) log.info(`changes: ${change}`);
  const isPreview = prepared.isPreview === true;
  story.isPreview = isPreview;
  const before = isPreview ? undefined : await platform.current();
  story.serving = before;
  story.previous = mainRelease(before);
  if (before !== undefined) {
    log.info(`serving: ${trafficText(before)}`);
    const { githubToken: token } = given;
    const by = { environment, token, signal: tools.patience.signal, log };
    const newer = await newerRelease(mark.commit, platform, before, by);
    if (newer !== undefined) return superseded(newer, mark, context, story);
  }
  const hidden = prepared.hidden ?? '';
  if (plan !== undefined && hidden !== '' && given.probeUrl === undefined) {
    throw candidateHidden(hidden, 'nothing was staged');
  }
  const release = await stage(prepared, given, mark, tools, story);
  const serving = isPreview ? undefined : await platform.current();
  story.serving = serving;
  story.isFirst = !isPreview && mainRelease(before) === undefined;
  const watch = { http: tools.surroundings.http, signal: tools.patience.cancelled, redact: tools.redact, log };
  const at = { release, serving, url: given.probeUrl };
  const looks = looksAt(plan, at, watch, (watched) => {
    story.watched = watched;
  });
  if (plan !== undefined && release.url === '' && given.probeUrl === undefined && !hasAll(release, serving)) {
    throw candidateHidden('it has no address of its own', 'the candidate is staged and has no traffic');
  }
  const watched = await looks.before();
  if (watched?.failure !== undefined) throw watched.failure;
  if (!given.promote || serving === undefined) {
    story.isPromoted = hasAll(release, serving);
    return;
  }
  const steps = { steps: [], interval: 0, expected: story.previous };
  // Probed at the address that users ask, whatever the candidate's own was replaced by.
  const after = looksAt(plan, { ...at, url: undefined }, watch, (seen) => {
    story.watched = seen;
  });
  const promoted = await promoteRelease(platform, release, serving, steps, {
    log,
    patience: tools.patience,
    looks: after,
    wait: tools.wait,
  });
  story.serving = promoted.serving;
  story.isPromoted = true;
  await prune(platform, promoted.serving, given.keep, log);
  story.record = await recordOf(release, promoted.serving, given, plan !== undefined, context);
}

async function stage(
  prepared: Prepared,
  given: DeployInputs,
  mark: Omit<Mark, 'fingerprint'>,
  tools: Tools,
  story: Deployment,
): Promise<Release> {
  const { log, patience, wait } = tools;
  const pace = { signal: patience.signal, ...(wait === undefined ? {} : { wait }) };
  const whole = { ...mark, fingerprint: prepared.fingerprint };
  const { release, isReused } = await stageOnce(prepared, whole, pace);
  story.candidate = release;
  story.release = release.reference;
  story.isReused = isReused;
  const before = story.serving;
  story.previous = before === undefined ? undefined : mainOf(release.reference, before);
  const what = isReused ? 'candidate of the same commit and settings, used again' : 'staged';
  log.info(`${what}: ${referenceText(release.reference)}${release.url === '' ? '' : ` at ${release.url}`}`);
  if (given.promote && prepared.isPreview !== true && release.isRolledBack) throw wasRolledBack(release);
  return release;
}

/** What served before a release. */
function mainOf(release: ReleaseReference, before: Serving): ReleaseReference | undefined {
  return mainRelease({ ...before, shares: trafficBefore(release, before, undefined) });
}

function hasAll(release: Release, serving: Serving | undefined): boolean {
  return serving !== undefined && shareOf(release.reference, serving.shares) === 100;
}

function superseded(newer: Release, mark: Omit<Mark, 'fingerprint'>, { log }: ActionContext, story: Deployment): void {
  story.isSuperseded = true;
  story.release = newer.reference;
  story.candidate = newer;
  const by = `${releaseName(newer.reference)} of commit ${newer.mark.commit.slice(0, 8)}`;
  log.annotate(
    'notice',
    `Commit ${mark.commit.slice(0, 8)} is superseded: ${by}, which is newer, serves. Nothing was deployed.`,
  );
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

async function recordOf(
  release: Release,
  serving: Serving,
  given: DeployInputs,
  isVerified: boolean,
  { workspace, temp }: ActionContext,
) {
  const folder = isAbsolute(given.workingDirectory)
    ? relative(workspace, given.workingDirectory).split(sep).join('/') || '.'
    : given.workingDirectory;
  return writeRecord(
    {
      schema: 1,
      workflow: given.workflow ?? '',
      workingDirectory: folder,
      service: given.service ?? '',
      environment: given.environment ?? '',
      commit: release.mark.commit,
      digest: given.digest ?? '',
      release: referenceText(release.reference),
      url: serving.url,
      lastMigration: release.mark.lastMigration,
      verifiedBy: isVerified ? 'health' : 'nothing',
      at: new Date().toISOString(),
      run: release.mark.run,
    },
    temp,
  );
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
