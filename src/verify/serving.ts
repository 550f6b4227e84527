import { fileOfRun } from '../github/artifact-file.ts';
import type { GitHub } from '../github/client.ts';
import { jobsOfRun } from '../github/run-jobs.ts';
import { LARGEST_RECORD, RECORD_FILE, type ReleaseRecord, readRecord, recordName } from '../release/record.ts';
import { parseReference, placeText } from '../release/reference.ts';
import { rolledBackAt } from '../release/rollback/rolled-back.ts';
import type { Branches } from './branches.ts';
import { type Run, runsOf } from './verified-run.ts';

export interface ServingWish {
  /** The workflow file that releases: this run's own. */
  readonly workflowPath: string;
  /** The workflow file that rolls back by hand. */
  readonly rollbackPath: string;
  /** This run, which has released nothing yet. */
  readonly ownRun: number;
  readonly branches: Branches;
  readonly workingDirectory: string;
  readonly service: string;
  readonly environment: string;
}

/** Name under which release.yml keeps its records. */
const RELEASE_WORKFLOW = 'release';

/** Earlier releases that are looked through. */
const MOST_RUNS = 20;

/**
 * What the last release to an environment, or the last rollback by hand after it, has left of itself: what serves there,
 * as far as runs tell. It says what will change and decides nothing else; whoever moves traffic asks the platform.
 *
 * @returns why it is not known
 */
export async function servingIn(wish: ServingWish, github: GitHub): Promise<ReleaseRecord | string> {
  const released = await lastReleaseTo(wish, github);
  return typeof released === 'string' ? released : await rolledBackSince(released, wish, github);
}

/** What was gone back to after a release by a green run of the file that rolls back; else the release itself. */
async function rolledBackSince(
  released: ReleaseRecord,
  { rollbackPath, branches }: ServingWish,
  github: GitHub,
): Promise<ReleaseRecord> {
  const place = rolledBackAt(parseReference(released.release));
  const artifact = recordName(place);
  const runs = await runsOf(rollbackPath, {}, github, MOST_RUNS);
  for (const run of runs.filter((one) => isStartedFrom(one, branches, rollbackPath))) {
    const content = await fileOfRun(github, run, { artifact, file: RECORD_FILE, limit: LARGEST_RECORD });
    const record = typeof content === 'string' ? content : readRecord(content);
    if (typeof record === 'string') continue;
    const isWhole =
      record.run === run.html_url &&
      record.workflow === place.workflow &&
      record.commit !== '' &&
      placeText(parseReference(record.release)) === place.service;
    // Runs come newest first: what is older than the release says nothing of it.
    if (isWhole) return Date.parse(record.at) > Date.parse(released.at) ? record : released;
  }
  return released;
}

async function lastReleaseTo(wish: ServingWish, github: GitHub): Promise<ReleaseRecord | string> {
  if (!wish.workflowPath.startsWith('.github/workflows/')) return 'the runner names no workflow file';
  const runs = await runsOf(wish.workflowPath, {}, github, MOST_RUNS);
  const artifact = recordName({ ...wish, workflow: RELEASE_WORKFLOW });
  for (const run of runs.filter((one) => isRelease(one, wish))) {
    const content = await fileOfRun(github, run, { artifact, file: RECORD_FILE, limit: LARGEST_RECORD });
    const record = typeof content === 'string' ? content : readRecord(content);
    if (typeof record === 'string' || !isOwn(record, run, wish)) continue;
    const jobs = await jobsOfRun(github, run);
    const deployed = typeof jobs === 'string' ? [] : jobs.filter(({ name }) => /(?:^| \/ )deploy$/.test(name));
    if (deployed.some(({ conclusion }) => conclusion === 'success')) return record;
  }
  return `none of the newest ${MOST_RUNS} runs of this workflow has left a record of a release`;
}

/** A run of this file that somebody started on a branch that may release, or by a release. */
function isRelease(run: Run, { ownRun, branches, workflowPath }: ServingWish): boolean {
  return Number(run.id) !== ownRun && isStartedFrom(run, branches, workflowPath, 'release');
}

/** A run of a file that somebody started by hand on one of the branches, or by another event that counts there. */
function isStartedFrom(run: Run, branches: Branches, workflowPath: string, event?: string): boolean {
  const isByHand = run.event === 'workflow_dispatch' && branches.has(run.head_branch ?? '');
  return (
    (isByHand || run.event === event) &&
    run.path.split('@', 1)[0] === workflowPath &&
    run.head_repository?.id === run.repository.id
  );
}

function isOwn(record: ReleaseRecord, run: Run, wish: ServingWish): boolean {
  return (
    record.run === run.html_url &&
    record.workflow === RELEASE_WORKFLOW &&
    record.environment === wish.environment &&
    record.service === wish.service &&
    record.workingDirectory === wish.workingDirectory &&
    record.commit !== ''
  );
}
