import { type Evidence, EXPECTED_KINDS, type Failing, type Line, type LineState, worst } from './line.ts';
import type { Job } from './needs.ts';
import type { Promised } from './promise.ts';
import type { ReportedResults, ReportedTask, TestCounts } from './results.ts';

/** What the job that runs the gate handed over; undefined where it handed over nothing. */
export interface Checked {
  readonly job: Job;
  readonly promised: Promised | undefined;
  readonly results: ReportedResults | undefined;
}

/**
 * One line for each kind of task: what the plan promised, what has a result, and what a project is expected to have.
 * Without a plan (the job ended before it) only what has a result.
 */
export function taskLines(checked: Checked): readonly Line[] {
  const { promised, results } = checked;
  if (promised?.nothingToDo !== undefined && (results?.tasks.length ?? 0) === 0) return [];
  const planned = promised?.kinds ?? [];
  const ran = [...(results?.tasks ?? []).map(({ kind }) => kind), ...(results?.notAffected.keys() ?? [])];
  const expected = promised === undefined ? [] : EXPECTED_KINDS;
  return [...new Set([...planned, ...expected, ...ran])].map((kind) => lineOf(kind, checked));
}

function lineOf(kind: string, checked: Checked): Line {
  const tasks = (checked.results?.tasks ?? []).filter((task) => task.kind === kind);
  const isPromised = checked.promised?.kinds.includes(kind) === true;
  // A task that was to run counts as promised, also one that the caller added.
  const passed = checked.results?.passed.get(kind) ?? 0;
  const elsewhere = checked.results?.notAffected.get(kind) ?? 0;
  if (tasks.length > 0) {
    const line = aggregated(kind, tasks, passed);
    const detail = [line.detail, elsewhere > 0 ? `${elsewhere} not affected` : ''].filter((part) => part !== '');
    return { ...line, detail: detail.join(', '), isPromised: true };
  }
  if (elsewhere > 0 && passed === 0) {
    const detail = `not affected by the change (${elsewhere} ${elsewhere === 1 ? 'package' : 'packages'})`;
    return { name: kind, state: 'nothing-to-do', detail };
  }
  if (passed > 0) return { name: kind, state: 'done', detail: `${passed} tasks`, isPromised: true };
  if (!isPromised) return notConfigured(kind, checked);
  return withoutResult(kind, checked);
}

function notConfigured(kind: string, { promised }: Checked): Line {
  const decision = promised?.decisions.find(({ subject }) => subject === kind);
  const detail =
    decision === undefined ? '' : [decision.decision, decision.reason].filter((part) => part !== '').join(', ');
  return { name: kind, state: 'not-configured', detail };
}

/** A kind that was promised and has no result: why is in how the job ended. */
function withoutResult(name: string, { job, results }: Checked): Line {
  if (isOff(name, results)) return { name, state: 'not-checked', detail: 'switched off in `tasks`' };
  if (job.result === 'success' && job.outputs.get('gate-outcome') === 'skipped') {
    return { name, state: 'not-checked', detail: 'the gate is switched off' };
  }
  if (results !== undefined && results.omitted > 0) {
    // In a green job what had no room has passed; in a red one nobody knows.
    const state = job.result === 'success' ? 'done' : 'missing';
    return { name, state, detail: 'too many tasks to hand over: the log has them', isPromised: true };
  }
  if (job.result === 'cancelled') {
    return { name, state: 'not-run', detail: `\`${job.name}\` was cancelled`, isPromised: true };
  }
  if (job.result === 'failure' && results === undefined) {
    return { name, state: 'not-run', detail: `\`${job.name}\` failed before its tasks`, isPromised: true };
  }
  return { name, state: 'missing', detail: 'the plan promised it and it has no result', isPromised: true };
}

function isOff(kind: string, results: ReportedResults | undefined): boolean {
  return results?.off.some((name) => name === kind || name.endsWith(`:${kind}`)) === true;
}

const STATES: Readonly<Record<ReportedTask['result'], LineState>> = {
  passed: 'done',
  failed: 'failed',
  'timed-out': 'failed',
  cancelled: 'cancelled',
  skipped: 'not-run',
};

/** @param passed how many more tasks passed than are listed */
function aggregated(name: string, tasks: readonly ReportedTask[], passed: number): Line {
  const state = worst(tasks.map(({ result }) => STATES[result]));
  const bad = tasks.filter(({ result }) => result !== 'passed');
  const causes = bad.filter(({ result }) => result === 'failed' || result === 'timed-out');
  const failing = (causes.length > 0 ? causes : bad).map((task) => failingOf(task, tasks.length + passed > 1));
  const [only] = tasks.length + passed === 1 ? tasks : [];
  return {
    name,
    state,
    detail: only === undefined ? countOf(tasks, passed, bad.length) : detailOf(only),
    duration: Math.max(...tasks.map(({ duration }) => duration)),
    evidence: [
      { name: 'passed', kind: 'number', value: String(tasks.length + passed - bad.length) },
      { name: 'tasks', kind: 'number', value: String(tasks.length + passed) },
      ...reusedRuns(tasks),
    ],
    ...(only?.command === undefined ? {} : { command: only.command }),
    failing,
  };
}

/** "4 packages", "3 of 4 packages passed"; tasks where a package has several, or where not all are listed. */
function countOf(tasks: readonly ReportedTask[], passed: number, bad: number): string {
  const folders = new Set(tasks.map(({ directory }) => directory));
  const things = passed === 0 && folders.size === tasks.length ? 'packages' : 'tasks';
  const count = tasks.length + passed;
  const reused = tasks.filter((task) => task.reused !== undefined).length;
  const again = reused === 0 ? '' : `, ${reused} of them reused`;
  return bad === 0 ? `${count} ${things}${again}` : `${count - bad} of ${count} ${things} passed${again}`;
}

/** Why it is red, where it was reused from, or on how many machines its tests ran. */
function detailOf(task: ReportedTask): string {
  const { reason, shards, files, tests } = task;
  if (shards === undefined) return reason ?? reusedText(task);
  const counted = [
    `${shards} ${shards === 1 ? 'shard' : 'shards'}`,
    ...(files === undefined ? [] : [`${files} ${files === 1 ? 'file' : 'files'}`]),
    ...(tests === undefined ? [] : [testsText(tests)]),
  ].join(', ');
  return reason === undefined ? counted : `${reason} (${counted})`;
}

function testsText({ passed, failed, skipped }: TestCounts): string {
  const parts = [failed > 0 ? `${failed} failed` : '', skipped > 0 ? `${skipped} skipped` : ''];
  return [`${passed} tests passed`, ...parts.filter((part) => part !== '')].join(', ');
}

/** A task that passed before with the same inputs and was not run again. */
function reusedText({ reused }: ReportedTask): string {
  return reused === undefined ? '' : `reused, passed ${reused.at.slice(0, 16).replace('T', ' ')} UTC`;
}

/** The runs in which reused tasks have passed: pages of GitHub, as their form says. */
function reusedRuns(tasks: readonly ReportedTask[]): readonly Evidence[] {
  const runs = new Set(tasks.flatMap(({ reused }) => (reused?.run === undefined ? [] : [reused.run])));
  return [...runs].slice(0, 5).map((run) => ({ name: 'reused from', kind: 'link', value: run }));
}

function failingOf(task: ReportedTask, isOneOfMany: boolean): Failing {
  const { directory, command, result, reason, problems } = task;
  return {
    directory: isOneOfMany || directory !== '.' ? directory : undefined,
    package: task.package,
    command,
    reason: reason ?? result,
    isTimeout: result === 'timed-out',
    problems,
  };
}
