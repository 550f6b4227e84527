import type { Fault } from '../runtime/errors.ts';
import { NotAsAgreed } from './foreign.ts';
import { brokenLine, CANCELLED, droppedOutputs, stepLines, type WhySkipped, whyFailed } from './job-lines.ts';
import type { Line, LineState } from './line.ts';
import type { Job } from './needs.ts';
import { type Promised, parsePromised } from './promise.ts';
import { parseResults } from './results.ts';
import { type Checked, taskLines } from './task-lines.ts';

/** What the job that runs the gate says. */
export interface CheckReport {
  readonly lines: readonly Line[];
  readonly promised: Promised | undefined;
}

/** Whether a job runs the gate: it is called `check`, or hands over what a gate does. */
export function isCheck(job: Job): boolean {
  return job.name === 'check' || job.outputs.has('plan') || job.outputs.has('results');
}

/** A check that found that the change touches nothing it looks at. */
export function isIdle(job: Job): boolean {
  if (!isCheck(job) || job.result !== 'success') return false;
  return readOutput(job, 'plan', parsePromised).value?.nothingToDo !== undefined;
}

/**
 * The lines of the job that sets up, plans and runs the gate. Its outputs: `plan` and `results` (JSON), and, where the
 * workflow hands them over, `setup-outcome` and `gate-outcome` (`steps.<id>.outcome`), `node-version`,
 * `package-manager`.
 */
export function checkReport(job: Job, whySkipped: WhySkipped): CheckReport {
  if (job.result === 'skipped') {
    return { lines: [{ name: job.name, state: whySkipped(job), detail: '' }], promised: undefined };
  }
  const plan = readOutput(job, 'plan', parsePromised);
  const results = readOutput(job, 'results', parseResults);
  const isGateOff = job.outputs.get('gate-outcome') === 'skipped';
  const dropped = droppedOutputs(job, isGateOff ? ['plan'] : ['plan', 'results']);
  const faults = [...plan.faults, ...results.faults, ...(dropped === undefined ? [] : [dropped])];
  const checked: Checked = { job, promised: plan.value, results: results.value };
  const tasks = faults.length > 0 ? taskLines({ ...checked, promised: undefined }) : taskLines(checked);
  const lines = [...setupLine(checked), ...tasks, ...stepLines(job)];
  const own = faults.length > 0 ? brokenLine(job.name, faults) : ownLine(checked, lines);
  const all = own === undefined ? lines : [...lines, own];
  return { lines: all.map((line) => ({ ...line, job: job.name })), promised: plan.value };
}

function readOutput<T>(
  job: Job,
  name: string,
  parse: (text: string) => T,
): { readonly value: T | undefined; readonly faults: readonly Fault[] } {
  const text = job.outputs.get(name) ?? '';
  if (text === '') return { value: undefined, faults: [] };
  try {
    return { value: parse(text), faults: [] };
  } catch (error) {
    if (!(error instanceof NotAsAgreed)) throw error;
    return { value: undefined, faults: [notAsAgreedFault(job, name, error.message)] };
  }
}

function notAsAgreedFault(job: Job, output: string, found: string): Fault {
  return {
    code: 'PIPE-REPORT-005',
    what: `the output \`${output}\` of the job \`${job.name}\` is not what this bundle writes`,
    given: found,
    accepted: output === 'plan' ? 'what the plan promises, as JSON' : 'the output `results` of the action `gate`',
    remedy:
      'see whether something of the project wrote it; versions of the actions in one workflow have to be the same',
    state: 'nothing of that output was used',
  };
}

const OUTCOMES: Readonly<Record<string, LineState>> = {
  success: 'done',
  failure: 'failed',
  cancelled: 'cancelled',
  skipped: 'not-checked',
};

function setupLine({ job, promised, results }: Checked): readonly Line[] {
  const outcome = job.outputs.get('setup-outcome') ?? '';
  if (outcome === 'skipped' && job.result === 'failure' && promised === undefined) {
    return [{ name: 'setup', state: 'not-run', detail: `\`${job.name}\` failed before it` }];
  }
  // Its steps were skipped, and nothing is missing by that.
  if (outcome === 'skipped' && promised?.nothingToDo !== undefined) return [];
  const known = Object.hasOwn(OUTCOMES, outcome) ? OUTCOMES[outcome] : undefined;
  const state = known ?? guessedSetup(job, promised !== undefined, results !== undefined);
  if (state === undefined) return [];
  if (state === 'failed') return [{ name: 'setup', state, detail: whyFailed(job) }];
  if (state === 'cancelled') return [{ name: 'setup', state, detail: CANCELLED }];
  const node = job.outputs.get('node-version') ?? '';
  const parts = [node === '' ? '' : `Node ${node}`, job.outputs.get('package-manager') ?? ''];
  return [{ name: 'setup', state, detail: parts.filter((part) => part !== '').join(', ') }];
}

/** Without an outcome: tasks that ran had their setup; a red job that handed over nothing at all ended in it. */
function guessedSetup(job: Job, hasPlan: boolean, hasResults: boolean): LineState | undefined {
  if (hasResults || job.result === 'success') return 'done';
  return job.result === 'failure' && !hasPlan ? 'failed' : undefined;
}

/** A line for the job itself when it is red and none of its lines says so. */
function ownLine({ job, promised, results }: Checked, lines: readonly Line[]): Line | undefined {
  const name = job.name;
  if (job.result === 'success' && promised?.nothingToDo !== undefined && lines.length <= 1) {
    return { name, state: 'nothing-to-do', detail: promised.nothingToDo };
  }
  if (job.result === 'cancelled' && !lines.some(({ state }) => state === 'cancelled')) {
    return { name, state: 'cancelled', detail: CANCELLED };
  }
  if (job.result === 'failure' && !lines.some(({ state }) => state === 'failed' || state === 'cancelled')) {
    const what =
      results === undefined ? 'it failed before its tasks had a result' : 'a step beside the lines above failed';
    return { name, state: 'failed', detail: `${what}: ${whyFailed(job)}` };
  }
  return undefined;
}
