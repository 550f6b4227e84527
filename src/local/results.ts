import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActLog, LoggedJob } from './act-log.ts';
import { deploymentOf } from './deployments.ts';
import { isPartOf, neededBy } from './job-order.ts';
import type { Masker } from './masking.ts';
import type { Plan, PlannedJob } from './plan.ts';
import type { Annotation, Conclusion, JobResult, RunEnd, RunResult } from './run-types.ts';

/** What a called workflow wrote down of itself: `needs` of all its jobs, and its outputs. */
interface WorkflowRecord {
  readonly needs: Readonly<
    Record<string, { readonly result: string; readonly outputs: Record<string, string> | null }>
  >;
  readonly outputs: Readonly<Record<string, string>>;
}

export interface Gathered {
  readonly jobs: readonly JobResult[];
  readonly outputs: Readonly<Record<string, string>>;
  /** What the runner itself has to say against the run. */
  readonly findings: readonly Annotation[];
}

/** Brings together what act logged and what the workflows recorded. A job that should have run and did not is a finding. */
export async function gatherJobs(plan: Plan, log: ActLog, masker: Masker, folder: string): Promise<Gathered> {
  const records = new Map<string, WorkflowRecord>();
  for (const name of plan.records) {
    const record = await readRecord(join(folder, name));
    if (record !== undefined) records.set(name, record);
  }
  const logged = log.jobs();
  const findings: Annotation[] = [];
  const jobs = plan.jobs
    .filter(({ isCall }) => !isCall)
    .flatMap((job): JobResult[] => {
      const needs = records.get(job.record ?? '')?.needs[job.jobId];
      const outputs = evaluated(needs?.outputs ?? {});
      findings.push(...droppedOutputs(job, outputs, masker));
      const legs = logged.filter(({ planned }) => planned === job);
      const deployment = deploymentOf(folder, job.key);
      if (legs.length > 0) return legs.map((leg) => ({ ...resultOf(leg, outputs), ...(deployment && { deployment }) }));
      if (needs !== undefined && needs.result !== 'skipped') findings.push(notRun(job));
      return [{ id: job.id, name: job.name, conclusion: 'skipped', durationMs: 0, steps: [], outputs }];
    });
  const held = jobs.map((job) => heldBack(job, plan, jobs));
  return { jobs: held, outputs: evaluated(records.get(plan.records[0] ?? '')?.outputs ?? {}), findings };
}

/** Says of a skipped job which of those that it needs, by itself or through others, did not succeed. */
function heldBack(job: JobResult, plan: Plan, jobs: readonly JobResult[]): JobResult {
  if (job.conclusion !== 'skipped') return job;
  for (const id of neededBy(job.id, plan.jobs)) {
    const ended = jobs.find((other) => isPartOf(other.id, id) && /^(failure|cancelled)$/.test(other.conclusion));
    if (ended !== undefined) return { ...job, heldBackBy: ended.name };
  }
  return job;
}

async function readRecord(path: string): Promise<WorkflowRecord | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as WorkflowRecord;
  } catch (error) {
    // A workflow that was never called, or was ended before its last job, left none.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Outputs as GitHub has them: act leaves the expressions of a skipped job as they are written. */
function evaluated(outputs: Readonly<Record<string, string>>): Record<string, string> {
  const values = Object.entries(outputs).map(([name, value]) => [name, /^\$\{\{.*\}\}$/s.test(value) ? '' : value]);
  return Object.fromEntries(values) as Record<string, string>;
}

function resultOf(leg: LoggedJob, outputs: Record<string, string>): JobResult {
  const conclusion: Conclusion = leg.conclusion ?? 'cancelled';
  const durationMs = (leg.endedAt ?? leg.startedAt) - leg.startedAt;
  return { id: leg.id, name: leg.name, conclusion, durationMs, steps: leg.steps, outputs };
}

/** act passes on what GitHub would not. */
function droppedOutputs(job: PlannedJob, outputs: Readonly<Record<string, string>>, masker: Masker): Annotation[] {
  return Object.entries(outputs)
    .filter(([, value]) => typeof value === 'string' && masker.hides(value))
    .map(([name]) => ({
      level: 'error',
      job: job.id,
      step: '',
      message: `Output "${name}" holds a secret: GitHub drops it, and jobs that need it get an empty text.`,
    }));
}

function notRun(job: PlannedJob): Annotation {
  return { level: 'error', job: job.id, step: '', message: 'act neither ran nor skipped this job.' };
}

/** The result without what may not be shown. */
export function shownResult(result: RunResult, { mask }: Masker, commit: RunEnd['commit']): RunEnd {
  const { exitCode, conclusion, durationMs, orphans, cacheCalls, artifacts } = result;
  return {
    ...{ exitCode, conclusion, durationMs, orphans, cacheCalls, artifacts, commit },
    outputs: Object.fromEntries(Object.entries(result.outputs).map(([name, value]) => [name, mask(value)])),
    jobs: result.jobs.map(({ id, name, conclusion: end, durationMs: time, heldBackBy }) => ({
      ...{ id, name: mask(name), conclusion: end, durationMs: time },
      ...(heldBackBy === undefined ? {} : { heldBackBy: mask(heldBackBy) }),
    })),
    requests: result.requests.map(({ job, method, path, status }) => ({ job, method, path: mask(path), status })),
    codeScanning: result.codeScanning.map(({ sarif: _sarif, ...upload }) => upload),
    comments: result.comments.map((comment) => ({ ...comment, body: mask(comment.body) })),
  };
}
