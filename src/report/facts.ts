import type { Fault } from '../runtime/errors.ts';
import type { Secrets } from '../runtime/secrets.ts';
import type { Definition } from './definition.ts';
import type { Evidence, Failing, Line, LineState } from './line.ts';
import type { NightLine } from './night.ts';
import { plain } from './plain.ts';
import type { Subject } from './render.ts';
import type { Timeline, TimelineJob } from './timeline.ts';
import { headlineOf } from './verdict.ts';

/** The report as data, as docs/report.schema.json describes it. Texts are foreign, on one line and without secrets. */
export interface ReportFacts {
  readonly version: 1;
  readonly done: boolean;
  readonly headline: string;
  readonly subject: {
    readonly name: string;
    readonly workflow: string;
    readonly commit: string;
    readonly run: { readonly number: number; readonly attempt: number; readonly page: string | null };
    readonly repository: string | null;
  };
  /** The five lines of a delivery that failed; none where nothing of that kind did. */
  readonly night: readonly { readonly name: string; readonly text: string }[];
  readonly lines: readonly ReportedLine[];
  readonly notChecked: readonly { readonly subject: string; readonly reason: string }[];
  readonly decisions: readonly { readonly subject: string; readonly decision: string; readonly reason: string }[];
  readonly missing: readonly string[];
  readonly timeline: { readonly jobs: readonly ReportedJob[]; readonly reason: string | null };
  /** What had no room. */
  readonly leftOut: readonly string[];
}

export interface ReportedLine {
  readonly name: string;
  readonly state: LineState;
  /** The plan or `require` asks for it, and it has no good result. */
  readonly missing: boolean;
  readonly detail: string;
  /** Milliseconds. */
  readonly duration: number | null;
  readonly command: string | null;
  readonly evidence: readonly Evidence[];
  readonly failing: readonly ReportedFailing[];
  readonly cause: ReportedCause | null;
}

export type ReportedFailing = Pick<Failing, 'package' | 'reason'> & {
  readonly directory: string | null;
  readonly command: string | null;
  readonly problems: readonly ReportedPlace[];
};

export interface ReportedPlace {
  readonly file: string;
  readonly line: number | null;
  readonly message: string;
  readonly rule: string | null;
}

export interface ReportedCause {
  readonly code: string;
  readonly what: string;
  readonly given: string | null;
  readonly accepted: string | null;
  readonly remedy: string | null;
  readonly state: string | null;
}

/** Times are ISO 8601. */
export interface ReportedJob {
  readonly name: string;
  readonly conclusion: string;
  readonly queued: string;
  readonly started: string;
  readonly ended: string;
  readonly page: string | null;
  readonly steps: readonly {
    readonly name: string;
    readonly conclusion: string;
    readonly started: string;
    readonly ended: string;
  }[];
}

/** Everything that the summary, the comment and the message say, as data. */
export function factsOf(
  definition: Definition,
  subject: Subject,
  timeline: Timeline,
  secrets: Pick<Secrets, 'redact'>,
): ReportFacts {
  const jobs = 'jobs' in timeline ? timeline.jobs : [];
  const facts: ReportFacts = {
    version: 1,
    done: definition.isDone,
    headline: headlineOf(definition),
    subject: {
      name: plain(subject.name, 300),
      workflow: plain(subject.workflow, 255),
      commit: subject.sha,
      run: { number: subject.runNumber, attempt: subject.attempt, page: subject.page ?? null },
      repository: subject.repositoryPage ?? null,
    },
    night: subject.night.map(([name, text]: NightLine) => ({ name, text: plain(text, 2_000) })),
    lines: definition.lines.map((line) => reportedLine(line, definition, jobs)),
    notChecked: definition.notChecked.map(({ subject: what, reason }) => {
      return { subject: plain(what, 200), reason: plain(reason, 500) };
    }),
    decisions: definition.decisions.map(({ subject: what, decision, reason }) => {
      return { subject: plain(what, 200), decision: plain(decision, 500), reason: plain(reason, 500) };
    }),
    missing: definition.missing.map((name) => plain(name, 200)),
    timeline: { jobs: jobs.map(reportedJob), reason: 'reason' in timeline ? plain(timeline.reason, 1_000) : null },
    leftOut: [],
  };
  return redacted(facts, secrets) as ReportFacts;
}

function reportedLine(line: Line, { missing }: Definition, jobs: readonly TimelineJob[]): ReportedLine {
  const page = line.job === undefined ? undefined : jobs.find(({ id }) => id === line.job)?.page;
  const log: readonly Evidence[] = page === undefined ? [] : [{ name: 'log', kind: 'link', value: page }];
  return {
    name: plain(line.name, 200),
    state: line.state,
    missing: missing.includes(line.name),
    detail: plain(line.detail, 1_000),
    duration: line.duration === undefined ? null : Math.round(line.duration),
    command: line.command === undefined ? null : plain(line.command, 1_000),
    evidence: [...(line.evidence ?? []), ...log],
    failing: (line.failing ?? []).map(({ directory, package: name, command, reason, problems }) => ({
      directory: directory === undefined ? null : plain(directory, 500),
      package: plain(name, 300),
      command: command === undefined ? null : plain(command, 1_000),
      reason: plain(reason, 1_000),
      problems: problems.map(({ file, line: at, message, rule }) => ({
        file: plain(file, 500),
        line: at === undefined ? null : Math.round(at),
        message: plain(message, 1_000),
        rule: rule === undefined ? null : plain(rule, 200),
      })),
    })),
    cause: causeOf(line.cause ?? line.faults?.[0]),
  };
}

function causeOf(fault: Fault | undefined): ReportedCause | null {
  if (fault === undefined) return null;
  const text = (value: string | undefined) => (value === undefined ? null : plain(value, 1_000));
  return {
    code: fault.code,
    what: plain(fault.what, 1_000),
    given: text(fault.given),
    accepted: text(fault.accepted),
    remedy: text(fault.remedy),
    state: text(fault.state),
  };
}

function reportedJob({ name, conclusion, queued, started, ended, page, steps }: TimelineJob): ReportedJob {
  const time = (milliseconds: number) => new Date(milliseconds).toISOString();
  return {
    name,
    conclusion,
    queued: time(queued),
    started: time(started),
    ended: time(ended),
    page: page ?? null,
    steps: steps.map((step) => {
      return { name: step.name, conclusion: step.conclusion, started: time(step.started), ended: time(step.ended) };
    }),
  };
}

/** Every text without secrets: the runner masks what is printed, not what is written into files. */
function redacted(value: unknown, secrets: Pick<Secrets, 'redact'>): unknown {
  if (typeof value === 'string') return secrets.redact(value);
  if (Array.isArray(value)) return value.map((item) => redacted(item, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, redacted(item, secrets)]));
}

/**
 * The same in at most `limit` bytes as JSON. What people miss least gives way first, and `leftOut` names it: the steps of
 * the timeline, the timeline, decisions, errors beyond the first of each line, details, and lines that say nothing bad.
 */
export function factsWithin(facts: ReportFacts, limit: number): ReportFacts {
  let shorter = facts;
  for (const [name, shorten] of SHORTER) {
    if (Buffer.byteLength(JSON.stringify(shorter)) <= limit) return shorter;
    shorter = { ...shorten(shorter), leftOut: [...shorter.leftOut, name] };
  }
  return shorter;
}

const GOOD: readonly LineState[] = ['done', 'nothing-to-do', 'not-configured'];

const SHORTER: readonly (readonly [name: string, shorten: (facts: ReportFacts) => ReportFacts])[] = [
  [
    'steps',
    (facts) =>
      withJobs(
        facts,
        facts.timeline.jobs.map((job) => ({ ...job, steps: [] })),
      ),
  ],
  ['timeline', (facts) => withJobs(facts, [])],
  ['decisions', (facts) => ({ ...facts, decisions: [] })],
  [
    'errors',
    (facts) => withLines(facts, (line) => ({ ...line, failing: line.failing.slice(0, 1).map(withOneProblem) })),
  ],
  [
    'details',
    (facts) => withLines(facts, (line) => ({ ...line, failing: [], detail: plain(line.detail, 80), evidence: [] })),
  ],
  ['lines', (facts) => ({ ...facts, lines: facts.lines.filter(({ state }) => !GOOD.includes(state)).slice(0, 40) })],
  ['notChecked', (facts) => ({ ...facts, notChecked: [], missing: facts.missing.slice(0, 40) })],
];

function withJobs(facts: ReportFacts, jobs: readonly ReportedJob[]): ReportFacts {
  return { ...facts, timeline: { ...facts.timeline, jobs } };
}

function withLines(facts: ReportFacts, change: (line: ReportedLine) => ReportedLine): ReportFacts {
  return { ...facts, lines: facts.lines.map(change) };
}

function withOneProblem(failing: ReportedFailing): ReportedFailing {
  return { ...failing, problems: failing.problems.slice(0, 1) };
}
