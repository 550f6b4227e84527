import { createGitHub, type GitHub } from '../github/client.ts';
import { readEvent } from '../github/event.ts';
import { runIdentityOf } from '../github/run.ts';
import type { ActionContext, ActionResult } from '../runtime/action.ts';
import { PipelineError } from '../runtime/errors.ts';
import { type Branches, branchesOf, refuseForeign } from './branches.ts';
import { type Changes, changesBetween, mayMigrate, UNKNOWN } from './changes.ts';
import { type Reviewers, refuseUnasked, reviewersOf } from './environment.ts';
import { noDigest, notByCheck, notVerified } from './faults.ts';
import type { outputs, VerifyInputs } from './inputs.ts';
import { servingIn } from './serving.ts';
import { type Subject, subjectOf } from './subject.ts';
import { type Outlook, refusalSummary, summaryOf } from './summary.ts';
import {
  isOfImages,
  type PipelineCall,
  type Verification,
  verifiedByCheck,
  verifiedInStaging,
} from './verification.ts';
import { findVerified, type Run } from './verified-run.ts';

/** Finds what was verified, says what a release of it changes, and refuses what may not be released. */
export async function run(given: VerifyInputs, context: ActionContext): Promise<ActionResult<typeof outputs>> {
  const { environment, signal } = context;
  const surroundings = { environment, token: given.githubToken ?? '', signal };
  const github = createGitHub(surroundings);
  try {
    const outlook = await outlookOf(given, context, github, surroundings);
    tell(outlook, given, context);
    return { outputs: outputsOf(outlook) };
  } catch (error) {
    // Who looks why nothing was asked finds every reason in the summary.
    if (error instanceof PipelineError && !signal.aborted) context.summarize(refusalSummary(given.environment, error));
    throw error;
  } finally {
    github.close();
  }
}

type Surroundings = Parameters<typeof refuseForeign>[2];

async function outlookOf(
  given: VerifyInputs,
  context: ActionContext,
  github: GitHub,
  surroundings: Surroundings,
): Promise<Outlook> {
  const subject = await subjectOf(given, () => readEvent(context.environment), github);
  const branches = await branchesOf(given.branches, 'branches', github);
  await refuseForeign(subject.commit, branches, surroundings);
  const reviewers = await reviewersOf(given.environment, 'environment', github);
  refuseUnasked(given.environment, reviewers, given.approval);
  await checkRollback(given, reviewers, context, github);
  const { verification, run: verifiedBy } = await verificationOf(given, subject, branches, github, surroundings);
  if (isOfImages(given.deploy) && verification.digest === '') {
    throw noDigest(`the record of ${verifiedBy.html_url} has no digest: that run built no image, or several`);
  }
  const { id: ownRun, workflow: workflowPath } = runIdentityOf(context.environment);
  const { workingDirectory, service = '', environment } = given;
  const rollbackPath = `.github/workflows/${given.rollbackPipeline.replace(/^.*\//, '')}`;
  const place = { workflowPath, rollbackPath, ownRun, branches, workingDirectory, service, environment };
  const serving = await servingIn(place, github);
  const changes =
    typeof serving === 'string'
      ? UNKNOWN
      : await changesBetween(serving.commit, subject.commit, given.migrationsFolder, github);
  return {
    name: service === '' ? (workingDirectory === '.' ? '' : workingDirectory) : service,
    environment,
    subject,
    verification,
    run: { number: verifiedBy.run_number, page: verifiedBy.html_url, commit: verifiedBy.head_sha },
    hasStaging: given.verifiedBy === 'staging',
    serving,
    changes,
    reviewers,
    reason: given.reason ?? '',
  };
}

/** The way back has to be there before anything goes forward, and is best one on which nobody is waited for. */
async function checkRollback(
  given: VerifyInputs,
  reviewers: Reviewers,
  { log }: ActionContext,
  github: GitHub,
): Promise<void> {
  const { rollbackEnvironment: name = given.environment } = given;
  const isOther = name !== given.environment;
  const asked = isOther ? await reviewersOf(name, 'rollback-environment', github) : reviewers;
  if (asked.length === 0) return;
  log.annotate(
    isOther ? 'warning' : 'notice',
    `A release that ends badly is taken back by a job of the environment ${name}, and waits until one of its reviewers approves: \`rollback-environment\` may name one without reviewers.`,
  );
}

async function verificationOf(
  given: VerifyInputs,
  subject: Subject,
  branches: Branches,
  github: GitHub,
  surroundings: Surroundings,
): Promise<{ readonly verification: Verification; readonly run: Run }> {
  const { workingDirectory, service = '', staging, job: call, deploy, environment } = given;
  const isStaging = given.verifiedBy === 'staging';
  if (!isStaging && !isOfImages(deploy)) throw notByCheck(deploy);
  const workflow = given.workflow ?? (isOfImages(deploy) ? 'node-service' : 'web-app');
  const pipeline: PipelineCall = { workflow, workingDirectory, service, staging, call, deploy, environment };
  const ofStaging = given.stagingBranches ?? [];
  const wish = {
    workflowPath: `.github/workflows/${given.pipeline.replace(/^.*\//, '')}`,
    branches: ofStaging.length === 0 ? branches : await branchesOf(ofStaging, 'staging-branches', github),
    subject,
    call,
    green: isStaging ? ['promote'] : ['check', 'tag'],
  };
  const found = await findVerified(wish, github, surroundings, (run, jobs) => {
    return isStaging ? verifiedInStaging(run, jobs, pipeline, github) : verifiedByCheck(run, pipeline, github);
  });
  if (found.kind === 'found') return { verification: found.value, run: found.run };
  throw notVerified(subject.commit, isStaging ? staging : wish.workflowPath, found.reasons);
}

function tell(outlook: Outlook, given: VerifyInputs, { log, summarize }: ActionContext): void {
  const { subject, verification, run, changes, hasStaging, reviewers, environment } = outlook;
  log.info(`releases: ${subject.tag ?? ''} ${subject.commit}`.replace('  ', ' '));
  log.info(`verified by ${verification.by}, ${run.page}`);
  if (verification.digest !== '') log.info(`image: ${verification.digest}`);
  log.info(`changes: ${changesText(changes)}`);
  if (!hasStaging) {
    log.annotate(
      'warning',
      'Nothing served this before: `verified-by: check` releases what only check and scan have seen.',
    );
  }
  if (reviewers.length === 0) log.annotate('warning', `Nobody is asked to approve a release to ${environment}.`);
  const { migrate = '' } = given;
  if ((migrate === '' || migrate === 'off') && (changes.migrationCount ?? 0) > 0) {
    log.annotate(
      'warning',
      `${changes.migrationCount} migrations come, and nothing applies them: \`migrate\` is not given.`,
    );
  }
  summarize(summaryOf(outlook));
}

function changesText(changes: Changes): string {
  if (changes.status === 'unknown') return 'not known; everything counts as new';
  const migrations = changes.migrationCount ?? 'an unknown number of';
  return `${changes.commits} commits and ${migrations} migrations since ${changes.since.slice(0, 12)}`;
}

function outputsOf({ subject, verification, run, changes, serving }: Outlook): ActionResult<typeof outputs>['outputs'] {
  const { digest, imageName, release, lastMigration, by } = verification;
  const last = typeof serving === 'string' ? undefined : serving;
  return {
    commit: subject.commit,
    tag: subject.tag,
    digest,
    'image-name': imageName,
    release,
    'last-migration': lastMigration,
    // Where nobody knows what served, it may have been this one.
    again: release !== '' && (last === undefined || release === last.release),
    'verified-by': by,
    run: run.page,
    changes: { ...changes, digest, previous: last?.digest ?? '' },
    migrations: mayMigrate(changes, { verified: lastMigration, serving: last?.lastMigration ?? '' }),
  };
}
