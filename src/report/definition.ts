import { ConfigurationError, type Fault, nearest, shown } from '../runtime/errors.ts';
import { checkReport, isCheck, isIdle } from './check-lines.ts';
import { jobLines, lineNameOf, type WhySkipped } from './job-lines.ts';
import { inOrder, KNOWN_LINES, type Line, positionOf, worst } from './line.ts';
import { isSuperseded, type Job, type Needs } from './needs.ts';
import type { Promised } from './promise.ts';

/** The Definition of Done of one run. */
export interface Definition {
  /** In the order of a delivery. */
  readonly lines: readonly Line[];
  readonly notChecked: Promised['notChecked'];
  readonly decisions: Promised['decisions'];
  /** Names of required lines that have no result. */
  readonly missing: readonly string[];
  /** No job had anything to do. */
  readonly isNothingToDo: boolean;
  readonly isDone: boolean;
}

/**
 * The lines of a run and whether it is done: nothing failed, nothing was cancelled, and every line that the plan
 * promised or that `require` names has a result.
 *
 * @param asked names of required lines; a run in which no job had anything to do needs none of them
 * @param alerts what was found at the alerts; `later` when they are to be looked at and nothing was deployed to look at
 * @throws ConfigurationError PIPE-REPORT-001 `asked` holds a name that is no line of this run
 */
export function definitionOfDone(needs: Needs, asked: readonly string[], alerts?: Line | 'later'): Definition {
  const jobs = [...needs.values()];
  const whySkipped = skippedBecause(jobs);
  const checks = jobs.filter(isCheck).map((job) => ({ job, ...checkReport(job, whySkipped) }));
  const checkLines = checks.flatMap(({ job, lines }) => {
    return checks.length === 1 ? lines : lines.map((line) => ({ ...line, name: `${line.name} (${job.name})` }));
  });
  const isBack = wasTakenBack(needs);
  const others = jobs
    .filter((job) => !isCheck(job))
    .flatMap((job) => jobLines(job, whySkipped))
    .map((line) => (isBack && line.name === 'deployment' ? { ...line, detail: `taken back: ${line.detail}` } : line));
  const told = merged([...checkLines, ...others, ...alertLines(alerts, whySkipped)]);
  const lines = [...told, ...notConfigured(told, jobs)];
  refuseUnknown(asked, lines, jobs);
  const required = [...asked, ...checks.flatMap(({ promised }) => promised?.delivery ?? [])];
  const isCheckIdle = checks.some(({ job }) => isIdle(job)) && checks.every(({ job }) => isIdle(job) || isSkipped(job));
  const isNothingToDo = hasNothingToDo(jobs);
  const withRequired = inOrder(isNothingToDo ? lines : [...lines, ...absent(required, lines, isCheckIdle)]);
  const missing = withRequired.filter((line) => isMissing(line, required, isNothingToDo)).map(({ name }) => name);
  const isRed = withRequired.some(({ state }) => state === 'failed' || state === 'cancelled');
  const ran = new Set(withRequired.filter(({ state }) => state !== 'not-configured').map(({ name }) => name));
  // What the plan found counts as not checked until a job of its own has run.
  const notChecked = checks
    .flatMap(({ promised }) => promised?.notChecked ?? [])
    .filter(({ subject }) => !ran.has(CHECKED_BY[subject] ?? subject));
  const found = new Set(notChecked.map(({ subject }) => subject));
  const isTold = ({ name, state }: Line) => state === 'not-configured' && found.has(name) && !required.includes(name);
  return {
    lines: withRequired.filter((line) => !isTold(line)),
    notChecked,
    decisions: checks.flatMap(({ promised }) => promised?.decisions ?? []),
    missing,
    isNothingToDo,
    isDone: !isRed && missing.length === 0,
  };
}

/** Of alerts that nobody has looked at, why, as of a job that was skipped. */
function alertLines(alerts: Line | 'later' | undefined, whySkipped: WhySkipped): readonly Line[] {
  if (alerts !== 'later') return alerts === undefined ? [] : [alerts];
  const state = whySkipped({ name: 'alerts', result: 'skipped', outputs: new Map() });
  return [{ name: 'alerts', state, detail: state === 'not-configured' ? 'nothing was deployed' : '' }];
}

/** Lines that are about something that the plan calls by another name: the tests that the job `smoke` runs. */
const CHECKED_BY: Readonly<Record<string, string>> = { playwright: 'smoke' };

/** A release by hand that had traffic, and has none any more. */
function wasTakenBack(needs: Needs): boolean {
  const deploy = needs.get('deploy');
  const isMoved = deploy?.result === 'failure' && deploy.outputs.get('promotion') === 'failure';
  return isMoved && needs.get('rollback')?.result === 'success';
}

/** What a deployment is expected to have: one that lacks it says so. */
const EXPECTED_OF_DEPLOYMENT = ['scan', 'migration', 'health', 'smoke', 'alerts'] as const;

const DEPLOYING: readonly string[] = ['stage', 'deploy', 'promote'];

/** Whether a job of the run has put something where users, or those who try it, can reach it. */
function hasDeployed(jobs: readonly Job[]): boolean {
  return jobs.some((job) => DEPLOYING.includes(job.name) && !isSkipped(job));
}

function notConfigured(lines: readonly Line[], jobs: readonly Job[]): readonly Line[] {
  if (!hasDeployed(jobs) || jobs.some(isOvertaken)) return [];
  return EXPECTED_OF_DEPLOYMENT.filter((name) => !lines.some((line) => line.name === name)).map((name) => {
    return { name, state: 'not-configured', detail: '' };
  });
}

/** Why a job was skipped: in a delivery nothing runs after a failure, and what stands before it was not meant to run. */
function skippedBecause(jobs: readonly Job[]): WhySkipped {
  const isNothingToDo = hasNothingToDo(jobs);
  const positions = jobs.filter(({ result }) => result === 'failure' || result === 'cancelled').map(positionOfJob);
  const superseded = jobs.find(isOvertaken);
  return (job) => {
    if (isNothingToDo || (superseded !== undefined && positionOfJob(job) > positionOfJob(superseded)))
      return 'nothing-to-do';
    return positions.some((position) => position <= positionOfJob(job)) ? 'not-run' : 'not-configured';
  };
}

/** What comes after has nothing to do. A check runs project code, which does not decide that. */
function isOvertaken(job: Job): boolean {
  return !isCheck(job) && isSuperseded(job);
}

function positionOfJob(job: Job): number {
  return isCheck(job) ? 0 : positionOf(lineNameOf(job.name));
}

function hasNothingToDo(jobs: readonly Job[]): boolean {
  return jobs.every((job) => isSkipped(job) || isIdle(job));
}

function isSkipped({ result }: Job): boolean {
  return result === 'skipped';
}

/** Several jobs can stand for one line (`image` on a pull request, `publish` on a push): those that ran count. */
function merged(lines: readonly Line[]): readonly Line[] {
  const names = [...new Set(lines.map(({ name }) => name))];
  return names.flatMap((name) => {
    const all = lines.filter((line) => line.name === name);
    const ran = all.filter(({ state }) => !['not-configured', 'not-run', 'nothing-to-do'].includes(state));
    const counted = ran.length > 0 ? ran : all;
    const state = worst(counted.map((line) => line.state));
    return counted.filter((line) => line.state === state).slice(0, 1);
  });
}

/** Required lines that nothing of the run is about. What a check would have done is excused where it had nothing to do. */
function absent(required: readonly string[], lines: readonly Line[], isCheckIdle: boolean): readonly Line[] {
  const ofCheck: readonly string[] = KNOWN_LINES.slice(0, KNOWN_LINES.indexOf('image'));
  return [...new Set(required)]
    .filter((name) => !lines.some((line) => line.name === name))
    .map((name): Line => {
      if (isCheckIdle && ofCheck.includes(name)) return { name, state: 'nothing-to-do', detail: '' };
      return { name, state: 'missing', detail: 'it is required and nothing of this run is about it' };
    });
}

/** A required line without an answer. What failed or was cancelled has one, so has what the change does not touch. */
function isMissing(line: Line, required: readonly string[], isNothingToDo: boolean): boolean {
  if (line.state === 'missing') return true;
  const isRequired = required.includes(line.name) || line.isPromised === true;
  if (!isRequired || isNothingToDo) return false;
  return line.state === 'not-run' || line.state === 'not-checked' || line.state === 'not-configured';
}

function refuseUnknown(required: readonly string[], lines: readonly Line[], jobs: readonly Job[]): void {
  const known = new Set<string>([
    ...KNOWN_LINES,
    ...lines.map(({ name }) => name),
    ...jobs.map(({ name }) => lineNameOf(name)),
  ]);
  const faults = required
    .filter((name) => !known.has(name))
    .map((name): Fault => {
      const meant = nearest(name, known);
      const list = [...known].slice(0, 40).join(', ');
      return {
        code: 'PIPE-REPORT-001',
        what: `\`require\` names a line that the Definition of Done does not have: ${shown(name)}`,
        given: shown(name),
        accepted: meant === undefined ? list : `\`${meant}\` (nearest), or another of: ${list}`,
        example: `\`require: ${meant ?? 'test'}\``,
        state: 'the jobs of the run have ended; their results were not judged',
      };
    });
  if (faults.length > 0) throw new ConfigurationError(faults);
}
