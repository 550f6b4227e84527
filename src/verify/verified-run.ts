import type { AncestrySurroundings } from '../github/ancestry.ts';
import { NOT_FOUND } from '../github/answers.ts';
import { ask, hasCode } from '../github/ask.ts';
import type { GitHub } from '../github/client.ts';
import { jobsOfRun, type RunJob } from '../github/run-jobs.ts';
import type { AnswerOf } from '../github/types.ts';
import { shown } from '../runtime/errors.ts';
import { type Branches, isOn } from './branches.ts';
import { severalCalls } from './faults.ts';
import type { Subject } from './subject.ts';

/** A run as GitHub describes it. */
export type Run = AnswerOf<
  '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs',
  'GET'
>['workflow_runs'][number];

/** What makes a run one that verified something. */
export interface RunWish {
  /** `.github/workflows/ci.yml` */
  readonly workflowPath: string;
  /** Branches whose pushes count. */
  readonly branches: Branches;
  readonly subject: Pick<Subject, 'commit' | 'tree' | 'parents'>;
  /** The job of the workflow file whose call counts, by its name; undefined where it makes one call only. */
  readonly call: string | undefined;
  /** Jobs of the call that have to be green. */
  readonly green: readonly string[];
}

export type Search<T> =
  | { readonly kind: 'found'; readonly value: T; readonly run: Run; readonly jobs: readonly RunJob[] }
  | { readonly kind: 'none'; readonly reasons: readonly string[] };

const PER_PAGE = 100;

/**
 * Looks for a run that verified a commit, else one that verified another commit with the same tree (that of a merge
 * commit's parent, mostly). What counts is only what GitHub says of the run itself: workflow file, event, branch, commit,
 * repository, conclusion and its jobs. Nothing that somebody can write (tags, labels, statuses, names of artifacts) does.
 *
 * @param read what is wanted of a run that counts, or why it has none
 * @throws ConfigurationError PIPE-VERIFY-007 which call counts is not clear
 */
export async function findVerified<T>(
  wish: RunWish,
  github: GitHub,
  surroundings: AncestrySurroundings,
  read: (run: Run, jobs: readonly RunJob[]) => Promise<T | string>,
): Promise<Search<T>> {
  const { subject, branches } = wish;
  const reasons: string[] = [];
  const seen = new Set<Run['id']>();
  const exact = [subject.commit, ...subject.parents].map((sha) => ({ head_sha: sha }));
  const newest = [...branches.keys()].map((branch) => ({ branch, event: 'push', status: 'success' as const }));
  for (const query of [...exact, ...newest]) {
    const runs = await runsOf(wish.workflowPath, query, github);
    for (const run of runs.filter((one) => !seen.has(one.id) && isAbout(one, subject))) {
      seen.add(run.id);
      const jobs = await greenJobsOf(run, wish, github, surroundings);
      const value = typeof jobs === 'string' ? jobs : await read(run, jobs);
      if (typeof jobs !== 'string' && typeof value !== 'string') return { kind: 'found', value, run, jobs };
      reasons.push(`run ${run.run_number}: ${value}`);
    }
  }
  return { kind: 'none', reasons: reasons.length > 0 ? reasons : [`${shown(wish.workflowPath)} has no run for it`] };
}

/** The jobs of a run that counts, or why it does not. */
async function greenJobsOf(
  run: Run,
  wish: RunWish,
  github: GitHub,
  surroundings: AncestrySurroundings,
): Promise<readonly RunJob[] | string> {
  const wrong = faultOf(run, wish);
  if (wrong !== undefined) return wrong;
  const jobs = await jobsOfRun(github, run);
  const red = typeof jobs === 'string' ? jobs : notGreen(jobs, wish);
  if (red !== undefined) return red;
  // A pushed tag may have the name of the branch: GitHub then calls it the run's branch.
  const tip = wish.branches.get(run.head_branch ?? '') ?? '';
  return (await isOn(tip, run.head_sha, surroundings)) ? jobs : `its commit is not on ${shown(run.head_branch)}`;
}

function isAbout(run: Run, { commit, tree }: RunWish['subject']): boolean {
  return run.head_sha === commit || run.head_commit?.tree_id === tree;
}

/** Runs of a workflow file, newest first; none where GitHub does not know the file. */
export async function runsOf(
  workflowPath: string,
  query: { readonly head_sha?: string; readonly branch?: string; readonly event?: string; readonly status?: 'success' },
  github: GitHub,
  most = PER_PAGE,
): Promise<readonly Run[]> {
  const file = workflowPath.replace(/^.*\//, '');
  try {
    const path = '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs';
    const { workflow_runs: runs } = await ask(github, 'GET', path, {
      doing: `list the runs of ${shown(file)}`,
      permission: 'actions: read',
      path: { workflow_id: file },
      query: { per_page: most, ...query },
    });
    return runs;
  } catch (error) {
    if (hasCode(error, NOT_FOUND)) return [];
    throw error;
  }
}

/** Why a run does not count; what decides is not left to a filter on the other side. */
function faultOf(run: Run, { workflowPath, branches }: RunWish): string | undefined {
  if (run.path.split('@', 1)[0] !== workflowPath) return 'it is a run of another workflow file';
  if (run.event !== 'push') return `its event is ${shown(run.event)}, not a push`;
  if (run.head_repository?.id !== run.repository.id) return 'it comes from another repository';
  if (!branches.has(run.head_branch ?? '')) {
    return `it is of ${shown(run.head_branch)}, not of ${[...branches.keys()].map((name) => shown(name)).join(', ')}`;
  }
  if (run.status !== 'completed') return 'it has not ended yet';
  return run.conclusion === 'success' ? undefined : `it ended with ${shown(run.conclusion)}`;
}

/** Why the jobs of a run are not enough. */
function notGreen(jobs: readonly RunJob[], { call, green }: Pick<RunWish, 'call' | 'green'>): string | undefined {
  for (const name of green) {
    const job = jobOf(jobs, name, call);
    if (job === undefined) return `it has no job \`${call === undefined ? name : `${call} / ${name}`}\``;
    if (job.conclusion !== 'success') return `its job ${shown(job.name)} ended with ${shown(job.conclusion)}`;
  }
  return undefined;
}

/**
 * A job of the called workflow, which GitHub shows as `<calling job> / <job>`.
 *
 * @throws ConfigurationError PIPE-VERIFY-007 there are several and no call is named
 */
export function jobOf(jobs: readonly RunJob[], name: string, call: string | undefined): RunJob | undefined {
  const isCalled = (job: RunJob) =>
    call === undefined ? job.name === name || job.name.endsWith(` / ${name}`) : job.name === `${call} / ${name}`;
  const [first, ...others] = jobs.filter(isCalled);
  if (first !== undefined && others.length > 0)
    throw severalCalls(
      name,
      [first, ...others].map((job) => job.name),
    );
  return first;
}
