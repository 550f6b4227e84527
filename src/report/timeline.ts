import { ask } from '../github/ask.ts';
import { createGitHub, type GitHub } from '../github/client.ts';
import type { RunIdentity } from '../github/run.ts';
import type { AnswerOf } from '../github/types.ts';
import type { Environment } from '../runtime/environment.ts';
import { PipelineError } from '../runtime/errors.ts';
import { plain } from './plain.ts';

export interface TimelineStep {
  readonly name: string;
  /** `success`, `failure`, `skipped`, `cancelled`; empty while it goes on. */
  readonly conclusion: string;
  /** Milliseconds since 1970, in whole seconds as GitHub keeps them. */
  readonly started: number;
  readonly ended: number;
}

export interface TimelineJob {
  /** As people see it, `api / promote`. */
  readonly name: string;
  /** Id in the workflow that reports; undefined where that can't be told. */
  readonly id: string | undefined;
  readonly conclusion: string;
  /** When GitHub made it: it waits for a runner from then on. */
  readonly queued: number;
  readonly started: number;
  readonly ended: number;
  /** Its page at GitHub; undefined where that is not known. */
  readonly page: string | undefined;
  readonly steps: readonly TimelineStep[];
}

/** When what ran, in the order of their start, or why that is not known. */
export type Timeline = { readonly jobs: readonly TimelineJob[] } | { readonly reason: string };

type Listed = AnswerOf<'/repos/{owner}/{repo}/actions/runs/{run_id}/jobs', 'GET'>['jobs'][number];

const PER_PAGE = 100;
const MOST_PAGES = 3;
const MOST_STEPS = 60;

/**
 * The jobs that have ended in this attempt of the run, those of the call that reports where there are several (REST API,
 * "List jobs for a workflow run attempt"). That they can't be told is a reason, never an error.
 */
export async function timelineOf(
  run: RunIdentity,
  { environment, token, signal }: { environment: Environment; token: string; signal: AbortSignal },
): Promise<Timeline> {
  try {
    // A page is not worth a wait for the next hour's requests.
    const github = createGitHub({ environment, token, signal, patience: 10_000 });
    try {
      return { jobs: timed(await listed(github, run), environment, run) };
    } finally {
      github.close();
    }
  } catch (error) {
    if (!(error instanceof PipelineError) || signal.aborted) throw error;
    const [{ code, what, example }] = error.faults;
    return { reason: `${code}: ${what}${example === undefined ? '' : `; it takes ${example}`}` };
  }
}

async function listed(github: GitHub, run: RunIdentity): Promise<readonly Listed[]> {
  const found: Listed[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const path = '/repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs';
    const { jobs, total_count: total } = await ask(github, 'GET', path, {
      doing: `list the jobs of run ${run.number}`,
      permission: 'actions: read',
      path: { run_id: run.id, attempt_number: Math.max(1, run.attempt) },
      query: { per_page: PER_PAGE, page },
    });
    found.push(...jobs);
    if (jobs.length < PER_PAGE || found.length >= total) break;
  }
  return found;
}

function timed(all: readonly Listed[], environment: Environment, run: RunIdentity): readonly TimelineJob[] {
  const prefix = ownPrefix(all, environment);
  const jobs = prefix === undefined ? all : all.filter(({ name }) => name.startsWith(prefix));
  return jobs
    .flatMap((job): TimelineJob[] => {
      const [started, ended] = [timeOf(job.started_at), timeOf(job.completed_at)];
      // What was skipped took no time, and this job itself has not ended.
      if (job.status !== 'completed' || job.conclusion === 'skipped' || started === undefined || ended === undefined)
        return [];
      const isKnown = run.repositoryPage !== undefined && job.html_url?.startsWith(`${run.repositoryPage}/`) === true;
      return [
        {
          name: plain(job.name, 200),
          id: prefix === undefined ? undefined : job.name.slice(prefix.length),
          conclusion: job.conclusion ?? '',
          queued: Math.min(timeOf(job.created_at) ?? started, started),
          started,
          ended: Math.max(started, ended),
          page: isKnown ? (job.html_url ?? undefined) : undefined,
          steps: (job.steps ?? []).flatMap(stepOf).slice(0, MOST_STEPS),
        },
      ];
    })
    .sort((left, right) => left.started - right.started || left.ended - right.ended);
}

function stepOf({ name, conclusion, started_at, completed_at }: NonNullable<Listed['steps']>[number]): TimelineStep[] {
  const [started, ended] = [timeOf(started_at), timeOf(completed_at)];
  if (conclusion === 'skipped' || started === undefined || ended === undefined) return [];
  return [{ name: plain(name, 200), conclusion: conclusion ?? '', started, ended: Math.max(started, ended) }];
}

/**
 * What stands before the names of the jobs of this call, `api / `: that of the job on this runner. One call in a file can
 * stand beside others with jobs of the same names.
 */
function ownPrefix(jobs: readonly Listed[], environment: Environment): string | undefined {
  const runner = environment['RUNNER_NAME'] ?? '';
  const id = environment['GITHUB_JOB'] ?? '';
  const lastPart = (name: string) => name.slice(name.lastIndexOf(' / ') + 1).replace(/^\/ /, '');
  const open = jobs.filter(({ status }) => status !== 'completed');
  const here = open.filter(({ runner_name: name }) => runner !== '' && name === runner);
  const named = open.filter(({ name }) => id !== '' && lastPart(name) === id);
  const [own] = here.length === 1 ? here : named.length === 1 ? named : [];
  return own === undefined ? undefined : own.name.slice(0, own.name.length - lastPart(own.name).length);
}

function timeOf(text: string | null | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : time;
}
