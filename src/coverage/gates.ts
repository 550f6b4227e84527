import { type Fault, shown } from '../runtime/errors.ts';
import { missed, type Patch } from './patch.ts';
import { dropsBeyond, grouped, missingFor, percentText, pointsLost, reaches, shareText } from './percent.ts';
import type { Group } from './thresholds.ts';
import { type Count, type Coverage, type FileCoverage, METRICS, type Metric } from './types.ts';

/** What has to be measured, beside the gates. */
export const REQUIRABLE = [...(['lines', 'branches', 'functions', 'statements'] as const), 'patch', 'drop'] as const;

export type Requirable = (typeof REQUIRABLE)[number];

/** Limits as the caller gave them, in percent. */
export interface Limits {
  readonly totals: Readonly<Partial<Record<Metric, number | undefined>>>;
  readonly groups: readonly Group[];
  readonly patch: number | undefined;
  /** In percentage points. */
  readonly maxDrop: number | undefined;
  readonly require: readonly Requirable[];
}

/** A figure, or why there is none. */
export type Measured<T> = { readonly value: T } | { readonly reason: string };

export interface Figures {
  readonly coverage: Coverage;
  readonly patch: Measured<Patch>;
  readonly drop: Measured<Drop>;
}

/** What was covered on the base and is now, for each metric that both have measured; at least one. */
export interface Drop {
  readonly changes: readonly Change[];
  /** Where the base's figures are from, `run 12 of main at 0123456789ab`. */
  readonly source: string;
}

/** Both totals are above 0. */
export interface Change {
  readonly metric: Metric;
  readonly before: Count;
  readonly now: Count;
}

/** The metric that fell the most, the first of those that fell alike. */
export function worstOf({ changes }: Drop): Change | undefined {
  return [...changes].sort((left, right) => pointsLost(right.before, right.now) - pointsLost(left.before, left.now))[0];
}

/** One comparison with a limit. */
export interface Gate {
  /** `lines`, `src/**: branches`, `patch`, `drop`. */
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'not-measured';
  /** What was measured, or why it was not. */
  readonly measured: string;
  /** `at least 80 %` */
  readonly limit: string;
  /** Set when it failed. */
  readonly fault?: Fault;
}

/** Files that a message names. */
const NAMED = 5;

/** Compares everything with its limit; every gate is evaluated, whatever the others say. */
export function evaluate(figures: Figures, limits: Limits): readonly Gate[] {
  const { coverage } = figures;
  const gates: Gate[] = [];
  for (const metric of METRICS) {
    const minimum = limits.totals[metric];
    if (minimum !== undefined) {
      gates.push(shareGate(metric, metric, coverage.totals[metric], minimum, [...coverage.files.values()], ''));
    }
  }
  for (const { glob, minimums, files, totals } of limits.groups) {
    for (const metric of METRICS) {
      const minimum = minimums[metric];
      if (minimum === undefined) continue;
      const name = `${glob}: ${metric}`;
      const where = ` of ${shown(glob)} (${files.length === 1 ? '1 file' : `${grouped(files.length)} files`})`;
      const none = files.length === 0 ? { covered: 0, total: 0 } : undefined;
      gates.push(shareGate(name, metric, totals[metric] ?? none, minimum, files, where));
    }
  }
  if (limits.patch !== undefined) gates.push(patchGate(figures.patch, limits.patch));
  if (limits.maxDrop !== undefined) gates.push(dropGate(figures.drop, limits.maxDrop));
  return [...gates, ...required(figures, limits, gates)];
}

function shareGate(
  name: string,
  metric: Metric,
  count: Count | undefined,
  minimum: number,
  files: readonly FileCoverage[],
  where: string,
): Gate {
  const limit = `at least ${minimum} %`;
  if (count === undefined) {
    const measured = 'no report measures it';
    return { name, state: 'failed', measured, limit, fault: unmeasurable(metric, where, minimum) };
  }
  const measured = shareText(count);
  if (reaches(count, minimum)) return { name, state: 'passed', measured, limit };
  const fault: Fault = {
    code: where === '' ? 'PIPE-COVERAGE-040' : 'PIPE-COVERAGE-041',
    what: `${metric}${where}: ${measured} is below ${minimum} %; ${wayUp(count, minimum, metric)}`,
    remedy: `most are missed in ${costliest(files, metric)}`,
  };
  return { name, state: 'failed', measured, limit, fault };
}

const ONE: Readonly<Record<Metric, string>> = {
  lines: 'line',
  branches: 'branch',
  functions: 'function',
  statements: 'statement',
};

/** `3 more covered lines reach it` */
function wayUp(count: Count, minimum: number, metric: Metric, kind = ''): string {
  const more = missingFor(count, minimum);
  return `${grouped(more)} more covered ${kind}${more === 1 ? `${ONE[metric]} reaches` : `${metric} reach`} it`;
}

/** The files that miss the most, with how many. */
function costliest(files: readonly FileCoverage[], metric: Metric): string {
  const missing = files
    .map(({ path, counts }) => ({ path, count: missed(counts[metric] ?? { covered: 0, total: 0 }) }))
    .filter(({ count }) => count > 0)
    .sort((left, right) => right.count - left.count || (left.path < right.path ? -1 : 1));
  return listed(missing);
}

function listed(files: readonly { readonly path: string; readonly count: number }[]): string {
  const named = files.slice(0, NAMED).map(({ path, count }) => `${shown(path, 200)} (${grouped(count)})`);
  const more = files.length > NAMED ? ` and ${grouped(files.length - NAMED)} more files` : '';
  return `${named.join(', ')}${more}`;
}

function unmeasurable(metric: Metric, where: string, minimum: number): Fault {
  return {
    code: 'PIPE-COVERAGE-033',
    what: `${metric}${where} have a threshold, and no report measures them`,
    given: `${metric}: ${minimum}`,
    accepted: 'a threshold for what the reports hold',
    remedy: `let the tests write a format that holds ${metric} (istanbul, lcov), or take the threshold out`,
  };
}

function patchGate(patch: Measured<Patch>, minimum: number): Gate {
  const limit = `at least ${minimum} %`;
  if ('reason' in patch) return { name: 'patch', state: 'not-measured', measured: patch.reason, limit };
  const { count, files } = patch.value;
  const measured = count.total === 0 ? 'no changed line with code' : shareText(count);
  if (reaches(count, minimum)) return { name: 'patch', state: 'passed', measured, limit };
  const missing = files
    .map((file) => ({ path: file.path, count: missed(file.count) }))
    .filter((file) => file.count > 0);
  const fault: Fault = {
    code: 'PIPE-COVERAGE-042',
    what: `changed lines: ${measured} is below ${minimum} %; ${wayUp(count, minimum, 'lines', 'changed ')}`,
    remedy: `test what this change adds in ${listed(missing)}; the lines are annotated`,
  };
  return { name: 'patch', state: 'failed', measured, limit, fault };
}

function dropGate(drop: Measured<Drop>, maximum: number): Gate {
  const limit = `at most ${maximum} points`;
  if ('reason' in drop) return { name: 'drop', state: 'not-measured', measured: drop.reason, limit };
  const worst = worstOf(drop.value);
  const measured = worst === undefined ? '' : changeText(worst);
  const fallen = drop.value.changes.filter(({ before, now }) => dropsBeyond(before, now, maximum));
  if (fallen.length === 0) return { name: 'drop', state: 'passed', measured, limit };
  const fault: Fault = {
    code: 'PIPE-COVERAGE-043',
    what: `the coverage fell by more than ${maximum} points: ${fallen.map(changeText).join('; ')}`,
    given: `the base is ${drop.value.source}`,
    remedy: 'the summary lists the files that got worse; cover them again, or allow more for this change in `max-drop`',
  };
  return { name: 'drop', state: 'failed', measured, limit, fault };
}

/** `lines 80.00 % to 75.50 %, 4.50 points lost` */
function changeText({ metric, before, now }: Change): string {
  return `${metric} ${percentText(before)} to ${percentText(now)}, ${pointsText(pointsLost(before, now))}`;
}

/** `0.42 points lost`, `1.30 points gained`, `unchanged` */
export function pointsText(lost: number): string {
  if (lost === 0) return 'unchanged';
  return `${Math.abs(lost).toFixed(2)} points ${lost > 0 ? 'lost' : 'gained'}`;
}

/** What has to be measured and was not; a gate that failed already is not told twice. */
function required(figures: Figures, { require }: Limits, gates: readonly Gate[]): readonly Gate[] {
  return require.flatMap((name): Gate[] => {
    const reason = whyNot(figures, name);
    if (reason === undefined || gates.some((gate) => gate.name === name && gate.state === 'failed')) return [];
    const fault: Fault = {
      code: 'PIPE-COVERAGE-044',
      what: `\`require\` names ${name}, and it was not measured: ${reason}`,
      remedy: 'make it measurable, or take it out of `require`: then it is a line “not measured”',
    };
    return [{ name: `require ${name}`, state: 'failed', measured: reason, limit: 'measured', fault }];
  });
}

function whyNot({ coverage, patch, drop }: Figures, name: Requirable): string | undefined {
  if (name === 'patch') return 'reason' in patch ? patch.reason : undefined;
  if (name === 'drop') return 'reason' in drop ? drop.reason : undefined;
  return coverage.totals[name] === undefined ? 'no report measures it' : undefined;
}
