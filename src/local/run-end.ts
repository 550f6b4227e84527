import { join } from 'node:path';
import type { ActLog } from './act-log.ts';
import type { ActEnd } from './act-process.ts';
import type { RunContext } from './events.ts';
import type { Masker } from './masking.ts';
import type { KeySet } from './oidc/key.ts';
import type { Plan } from './plan.ts';
import { gatherJobs, shownResult } from './results.ts';
import { commitInWords } from './run-notes.ts';
import type { Setting } from './run-setting.ts';
import type { Annotation, RunResult } from './run-types.ts';
import type { Services } from './services.ts';
import type { RunMemory } from './state/memory.ts';
import { UsageError } from './usage-error.ts';

/** Brings everything together, and tells the end. */
export async function resultOf(run: {
  readonly setting: Setting;
  readonly plan: Plan;
  readonly log: ActLog;
  readonly masker: Masker;
  readonly end: ActEnd;
  readonly services: Services;
  readonly memory: RunMemory;
  readonly keySet: KeySet;
  readonly context: RunContext;
  readonly startedAt: number;
}): Promise<RunResult> {
  const { setting, plan, log, masker, end, services, memory, context, startedAt } = run;
  const gathered = await gatherJobs(plan, log, masker, join(setting.folder, 'records'));
  const hasFailed = gathered.jobs.some(({ conclusion }) => conclusion === 'failure');
  const findings = [...gathered.findings, ...actFindings(end, log, hasFailed)];
  for (const annotation of findings) setting.emit({ kind: 'annotation', annotation });
  const isRed = hasFailed || findings.length > 0;
  const conclusion = end.isInterrupted ? 'cancelled' : isRed ? 'failure' : 'success';
  const result: RunResult = {
    exitCode: end.isInterrupted ? 130 : isRed ? 1 : 0,
    conclusion,
    durationMs: Date.now() - startedAt,
    jobs: gathered.jobs,
    outputs: gathered.outputs,
    annotations: [...log.annotations, ...findings],
    summaries: log.summaries,
    ...services.recorded(),
    jwks: run.keySet,
    runId: memory.own().id,
    runNumber: memory.own().runNumber,
    orphans: end.orphans.map(({ pid, name }) => `${pid} ${name}`),
    log: log.text(),
    event: context.payload,
  };
  const event = setting.options.event ?? { name: 'push' };
  const commit = { sha: context.sha, inWords: commitInWords(setting.snapshot, event) };
  setting.emit({ kind: 'end', end: shownResult(result, masker, commit) });
  return result;
}

const LONGEST_REASON = 600;

/**
 * What act's end says that its jobs do not.
 *
 * @throws UsageError when it refused the workflow before any job.
 */
function actFindings(end: ActEnd, log: ActLog, hasFailed: boolean): Annotation[] {
  if (end.exitCode === 0 || end.isInterrupted) return [];
  const said = [...log.complaints, ...end.stderr.split('\n')]
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('{') && !line.startsWith('For more information'));
  const crash = said.find((line) => /^(fatal error|panic):/.test(line));
  const reason = crash ?? said.join(' ').slice(0, LONGEST_REASON);
  if (!log.jobs().some(({ planned }) => !planned.isCall)) {
    throw new UsageError(`the workflow cannot run here: act ended with status ${end.exitCode}: ${reason}`);
  }
  if (hasFailed && crash === undefined) return [];
  return [{ level: 'error', job: 'act', step: '', message: `act ended with status ${end.exitCode}: ${reason}` }];
}
