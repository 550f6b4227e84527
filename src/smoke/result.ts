import { countsOf, firstLine, type Outcome, type TestOutcome } from './outcome.ts';

/** What the output `result` holds at most, in bytes: it travels to `report` with those of other jobs. */
const LIMIT = 32_768;

/** A failed or flaky test, as the output says it. */
export interface ShownTest {
  readonly title: string;
  readonly project?: string;
  readonly file?: string;
  readonly line?: number;
  readonly error: string;
  /** Paths in the artifact. */
  readonly evidence?: readonly string[];
}

/** The output `result`. */
export interface SmokeResult {
  readonly kind: Outcome['kind'];
  readonly how: string;
  readonly url: string;
  /** Undefined where only an exit status is known. */
  readonly passed?: number;
  readonly skipped?: number;
  readonly failed?: readonly ShownTest[];
  readonly flaky?: readonly ShownTest[];
  readonly errors?: readonly string[];
  /** Milliseconds. */
  readonly duration: number;
  /** How many failed or flaky tests had no room. */
  readonly omitted?: number;
}

export interface ResultFacts {
  readonly url: string;
  readonly duration: number;
  /** Paths in the artifact of what shows a test. */
  readonly evidenceOf: (test: TestOutcome) => readonly string[];
}

/** The result, with fewer and shorter texts until it fits. */
export function resultOf(outcome: Outcome, facts: ResultFacts): SmokeResult {
  const { tests } = outcome;
  const counts = countsOf(tests);
  const listed = tests.filter(({ outcome: how }) => how === 'failed' || how === 'flaky');
  for (const [most, length] of [
    [100, 600],
    [50, 200],
    [20, 200],
    [5, 200],
  ] as const) {
    const shownTests = (how: TestOutcome['outcome']) => {
      return tests
        .filter((test) => test.outcome === how)
        .slice(0, most)
        .map((test) => shownTest(test, length, facts.evidenceOf(test)));
    };
    const [failed, flaky] = [shownTests('failed'), shownTests('flaky')];
    const omitted = listed.length - failed.length - flaky.length;
    const value: SmokeResult = {
      kind: outcome.kind,
      how: outcome.how.slice(0, 300),
      url: facts.url,
      ...(outcome.isCounted ? { passed: counts.passed, skipped: counts.skipped, failed, flaky } : {}),
      ...(outcome.errors.length === 0
        ? {}
        : { errors: outcome.errors.slice(0, 5).map((text) => text.slice(0, length)) }),
      duration: Math.round(facts.duration),
      ...(omitted === 0 ? {} : { omitted }),
    };
    if (Buffer.byteLength(JSON.stringify(value)) <= LIMIT) return value;
  }
  return { kind: outcome.kind, how: '', url: '', duration: Math.round(facts.duration), omitted: listed.length };
}

function shownTest(test: TestOutcome, length: number, evidence: readonly string[]): ShownTest {
  return {
    title: test.title.slice(0, 300),
    ...(test.project === '' ? {} : { project: test.project }),
    ...(test.file === undefined ? {} : { file: test.file }),
    ...(test.line === undefined ? {} : { line: test.line }),
    error: firstLine(test.error).slice(0, length),
    ...(evidence.length === 0 ? {} : { evidence: evidence.slice(0, 5) }),
  };
}
