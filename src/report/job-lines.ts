import { type Fault, shown } from '../runtime/errors.ts';
import { LONGEST_FAILURE } from '../runtime/outputs.ts';
import { evidenceIn } from './evidence.ts';
import type { Evidence, Line, LineState } from './line.ts';
import { isHeld, isSuperseded, type Job } from './needs.ts';

/** The line that a job of the workflows stands for; a job that is not here is a line of its own name. */
const LINE_OF_JOB: Readonly<Record<string, string>> = {
  image: 'image',
  publish: 'image',
  tag: 'tag',
  verify: 'verification',
  migrate: 'migration',
  preview: 'preview',
  stage: 'deployment',
  deploy: 'deployment',
  smoke: 'smoke',
  promote: 'promotion',
  rollback: 'rollback',
  cleanup: 'cleanup',
};

/** Outputs that a job has when it is green: later jobs live by them. */
const OUTPUTS_OF_JOB: Readonly<Record<string, readonly string[]>> = {
  publish: ['digest'],
  stage: ['release'],
  deploy: ['release'],
};

/**
 * Steps that have a line of their own, beside the job that they run in: the job hands over `<line>-passed` and
 * `<line>-<output>` for what the detail shows.
 */
const STEP_LINES: Readonly<Record<string, readonly Shown[]>> = {
  coverage: [
    { output: 'lines', show: (value) => `lines ${value} %` },
    { output: 'branches', show: (value) => `branches ${value} %` },
    { output: 'patch', show: (value) => `changed lines ${value} %` },
    { output: 'drop', show: (value) => (Number(value) > 0 ? `fell by ${value} points` : '') },
  ],
  builds: [{ output: 'decision', show: (value) => value }],
  migrations: [
    { output: 'pending', show: (value) => (value === '0' ? 'none new' : `${value} new`) },
    { output: 'verdicts', show: (value) => value },
  ],
  scan: [
    { output: 'critical', show: (value) => `${value} critical` },
    { output: 'high', show: (value) => `${value} high` },
    { output: 'new', show: (value) => `${value} new` },
  ],
  health: [
    { output: 'attempts', show: (value) => `${value} attempts` },
    { output: 'latency-p95', show: (value) => `95 % within ${value} ms` },
  ],
};

interface Shown {
  readonly output: string;
  readonly show: (value: string) => string;
}

/** Outputs of a job that its own line shows, in this order. */
const DETAIL_OUTPUTS = ['digest', 'tags', 'release', 'status', 'applied', 'failed', 'flaky', 'deleted'] as const;

/** Outputs that are evidence beside those of the detail. */
const EVIDENCE_OUTPUTS = [...DETAIL_OUTPUTS, 'last-migration', 'verified-by', 'run', 'commit', 'tag'] as const;

/** Jobs that are no news when they did not run: no rollback was needed, no pull request was closed. */
const SILENT_WHEN_SKIPPED: readonly string[] = ['rollback', 'cleanup'];

export function lineNameOf(job: string): string {
  return (Object.hasOwn(LINE_OF_JOB, job) ? LINE_OF_JOB[job] : undefined) ?? job;
}

/** What a skipped job means: the run had nothing to do, something before it failed, or it is not configured. */
export type WhySkipped = (job: Job) => Extract<LineState, 'nothing-to-do' | 'not-run' | 'not-configured'>;

/** The lines of a job that runs no gate: its own, and those of steps that hand over a result. */
export function jobLines(job: Job, whySkipped: WhySkipped): readonly Line[] {
  const name = lineNameOf(job.name);
  if (job.result === 'skipped') {
    return SILENT_WHEN_SKIPPED.includes(job.name) ? [] : [{ name, state: whySkipped(job), detail: '', job: job.name }];
  }
  const steps = stepLines(job);
  const dropped = droppedOutputs(job, OUTPUTS_OF_JOB[job.name] ?? []);
  if (dropped !== undefined) return [{ ...brokenLine(name, [dropped]), job: job.name }, ...steps];
  const address = addressOf(job);
  const page: readonly Evidence[] =
    address.address === undefined ? [] : [{ name: 'url', kind: 'link', value: address.address }];
  const evidence = [...page, ...evidenceIn(job.outputs, EVIDENCE_OUTPUTS)];
  return [{ name, ...ownState(job, steps), ...address, evidence, job: job.name }, ...steps];
}

/** Jobs that run no project code, so that their address is the platform's own. */
const DEPLOYING: readonly string[] = ['preview', 'stage', 'deploy', 'promote'];

function addressOf({ name, outputs }: Job): Pick<Line, 'address'> {
  const url = outputs.get('url') ?? '';
  const isAddress = /^https:\/\/[a-z0-9.-]{1,253}(?::\d{1,5})?(?:\/[\w./~%-]{0,500})?$/.test(url);
  return DEPLOYING.includes(name) && isAddress ? { address: url } : {};
}

function ownState(job: Job, steps: readonly Line[]): Pick<Line, 'state' | 'detail'> {
  const detail = DETAIL_OUTPUTS.flatMap((output) => {
    const value = job.outputs.get(output) ?? '';
    return value === '' ? [] : [shownOutput(output, value)];
  }).join(', ');
  if (job.result === 'success' && isSuperseded(job)) {
    return { state: 'nothing-to-do', detail: 'a newer commit serves already' };
  }
  if (job.result === 'success' && isHeld(job)) {
    return { state: 'nothing-to-do', detail: 'held for release: no traffic was moved' };
  }
  if (job.result === 'success') return { state: 'done', detail };
  if (job.result === 'cancelled') return { state: 'cancelled', detail: CANCELLED };
  const must = OUTPUTS_OF_JOB[job.name] ?? [];
  // The job that stages and promotes is red when the release that it made does not serve.
  const isWholeOtherwise =
    job.name !== 'deploy' && must.length > 0 && must.every((output) => (job.outputs.get(output) ?? '') !== '');
  // A job whose own work is there and whose step said no: the step's line says it.
  if (isWholeOtherwise && steps.some(({ state }) => state === 'failed')) return { state: 'done', detail };
  return { state: 'failed', detail: whyFailed(job) };
}

/** What a red job failed of, as it said itself in its output `failure` (a foreign text), or where to look. */
export function whyFailed(job: Job): string {
  const said = (job.outputs.get('failure') ?? '').slice(0, LONGEST_FAILURE);
  return said === '' ? `the log of the job \`${job.name}\` says why` : said;
}

function shownOutput(output: string, value: string): string {
  // As much of a digest as people compare; the whole one is an output of the workflow.
  if (output === 'digest') return value.replace(/^(sha256:[0-9a-f]{12})[0-9a-f]{52}$/, '$1…');
  // Tags stand with the whole name each, one a line.
  if (output === 'tags')
    return value
      .replaceAll(/\S*:(?=[^:/\s]+$)/gm, '')
      .split('\n')
      .join(', ');
  return `${output} ${value}`;
}

export const CANCELLED = 'by hand, by a newer run, or because its time was up';

/** Lines of steps, from outputs such as `coverage-passed`. */
export function stepLines(job: Job): readonly Line[] {
  return Object.entries(STEP_LINES).flatMap(([name, outputs]): Line[] => {
    const passed = job.outputs.get(`${name}-passed`) ?? '';
    if (passed === '') return [];
    const detail = outputs.flatMap(({ output, show }) => {
      const value = job.outputs.get(`${name}-${output}`) ?? '';
      return value === '' ? [] : [show(value)].filter((text) => text !== '');
    });
    const names = outputs.map(({ output }) => output);
    const evidence = evidenceIn(job.outputs, names, `${name}-`);
    return [{ name, state: passed === 'true' ? 'done' : 'failed', detail: detail.join(', '), evidence, job: job.name }];
  });
}

/** Why a green job with empty outputs is not done; undefined when all are there. */
export function droppedOutputs(job: Job, names: readonly string[]): Fault | undefined {
  const empty = names.filter((name) => (job.outputs.get(name) ?? '') === '');
  if (job.result !== 'success' || empty.length === 0) return undefined;
  return {
    code: 'PIPE-REPORT-004',
    what: `${empty.map((name) => `\`${name}\``).join(' and ')} arrived empty from the green job \`${job.name}\`: GitHub drops an output that contains the text of a secret`,
    accepted: 'outputs without the text of a secret',
    remedy:
      'look for a secret whose text is an ordinary word (a name, a region, a number) and make it a variable; in a ' +
      `workflow of your own, declare these outputs of the job ${shown(job.name)}`,
    state: 'what the job found is not known, so it does not count as done',
  };
}

/** The line of a job whose results could not be used. */
export function brokenLine(name: string, faults: readonly Fault[]): Line {
  return { name, state: 'failed', detail: faults.map(({ what }) => what).join('; '), faults };
}
