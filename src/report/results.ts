import { fields, listUpTo, mapUpTo, matching, numberUpTo, oneOf, optional, readJson, textUpTo } from './foreign.ts';

/** Where a tool found something; file and message are foreign texts. */
export interface ReportedProblem {
  /** From the repository's root. */
  readonly file: string;
  readonly line: number | undefined;
  readonly message: string;
  readonly rule: string | undefined;
}

/** How many tests ran. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What became of one task of the gate. */
export interface ReportedTask {
  readonly id: string;
  readonly kind: string;
  readonly package: string;
  /** From the repository's root, `.` for it. */
  readonly directory: string;
  readonly command: string | undefined;
  readonly result: 'passed' | 'failed' | 'timed-out' | 'cancelled' | 'skipped';
  /** Milliseconds. */
  readonly duration: number;
  readonly reason: string | undefined;
  readonly problems: readonly ReportedProblem[];
  /** On how many machines its tests ran, where they were divided. */
  readonly shards: number | undefined;
  /** Test files, where they were divided. */
  readonly files: number | undefined;
  /** Tests that passed, failed and were skipped, where the runner has told. */
  readonly tests: TestCounts | undefined;
  /** It passed before with the same inputs, in that run, and was not run again. */
  readonly reused: { readonly at: string; readonly run: string | undefined } | undefined;
}

/** The output `results` of the gate. */
export interface ReportedResults {
  readonly tasks: readonly ReportedTask[];
  /** How many tasks had no room. */
  readonly omitted: number;
  /** How many of these passed, by kind. */
  readonly passed: ReadonlyMap<string, number>;
  /** How many tasks of packages that the change does not affect were not run, by kind. */
  readonly notAffected: ReadonlyMap<string, number>;
  /** Kinds and ids of planned tasks that the caller switched off. */
  readonly off: readonly string[];
}

const DAY = 86_400_000;
const MANY = 10_000_000;

const readProblem = fields({
  file: textUpTo(1_024),
  line: optional(numberUpTo(10_000_000), undefined),
  message: textUpTo(2_000),
  rule: optional(textUpTo(200), undefined),
});

const readTask = fields({
  id: textUpTo(500),
  kind: textUpTo(100),
  package: optional(textUpTo(300), ''),
  directory: optional(textUpTo(1_024), '.'),
  command: optional(textUpTo(2_000), undefined),
  result: oneOf(['passed', 'failed', 'timed-out', 'cancelled', 'skipped']),
  duration: optional(numberUpTo(30 * DAY), 0),
  reason: optional(textUpTo(2_000), undefined),
  problems: optional(listUpTo(20, readProblem), []),
  shards: optional(numberUpTo(1_000), undefined),
  files: optional(numberUpTo(MANY), undefined),
  tests: optional(fields({ passed: numberUpTo(MANY), failed: numberUpTo(MANY), skipped: numberUpTo(MANY) }), undefined),
  reused: optional(
    fields({
      at: matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'a time'),
      run: optional(
        matching(/^https:\/\/github\.com\/[\w-]+\/[\w.-]+\/actions\/runs\/\d{1,15}$/, 'a page of a run'),
        undefined,
      ),
    }),
    undefined,
  ),
});

/** Numbers by the kind of tasks. */
const readCounts = mapUpTo(500, /^[^\u0000-\u001f]{1,100}$/, numberUpTo(100_000));

/** What the gate reports, without the JSON around it; at most so many tasks. */
export const resultsUpTo = (tasks: number) =>
  fields({
    tasks: listUpTo(tasks, readTask),
    omitted: optional(numberUpTo(100_000), 0),
    passed: optional(readCounts, new Map<string, number>()),
    notAffected: optional(readCounts, new Map<string, number>()),
    off: optional(listUpTo(500, textUpTo(500)), []),
  });

const readResults = resultsUpTo(2_000);

/** Reads the output `results` of the gate. @throws NotAsAgreed */
export function parseResults(text: string): ReportedResults {
  return readJson(text, 'results', readResults);
}
