import { ProjectFailure, shown } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import { countsOf, firstLine, nameOf, type Outcome, type TestOutcome } from './outcome.ts';

export interface Gate {
  readonly maxFlaky: number;
  /** Whether this is one of several parts, which may have no test. */
  readonly isShard: boolean;
  /** For messages: how long all tests may take. */
  readonly timeout: string;
}

/** Tests that the verdict names. */
const NAMED = 5;

/** The failure when the answer is no; undefined when it is yes. */
export function verdictOf(outcome: Outcome, gate: Gate): ProjectFailure | undefined {
  return (
    outOfTime(outcome, gate) ??
    failedTests(outcome) ??
    endedBadly(outcome) ??
    nothingRan(outcome, gate) ??
    tooFlaky(outcome, gate)
  );
}

function outOfTime({ hasEnded, tests }: Outcome, { timeout }: Gate): ProjectFailure | undefined {
  if (hasEnded !== 'out of time') return undefined;
  const { passed, failed, flaky } = countsOf(tests);
  const counted = tests.length === 0 ? '' : `: ${passed + flaky} of ${tests.length} passed, ${failed} failed`;
  return new ProjectFailure({
    code: 'PIPE-SMOKE-008',
    what: `the tests took longer than ${timeout}${counted}`,
    remedy: 'run fewer of them (`grep`, `shard`), or raise `timeout`',
  });
}

function failedTests({ kind, tests }: Outcome): ProjectFailure | undefined {
  const failed = tests.filter(({ outcome }) => outcome === 'failed');
  if (failed.length === 0) return undefined;
  const more = failed.length > NAMED ? `, and ${failed.length - NAMED} more` : '';
  const list = `${failed.slice(0, NAMED).map(cause).join('; ')}${more}`;
  const count = `${failed.length} of ${tests.length}`;
  return kind === 'built-in'
    ? new ProjectFailure({
        code: 'PIPE-SMOKE-013',
        what: `${count} checks of the built-in test failed: ${list}`,
        remedy: 'open the address with the developer tools of a browser: it shows the same',
      })
    : new ProjectFailure({
        code: 'PIPE-SMOKE-009',
        what: `${count} tests failed: ${list}`,
        remedy: 'look at the test’s trace (`npx playwright show-trace`), or run it against the same address',
      });
}

function endedBadly({ errors, exitCode, isCounted, how }: Outcome): ProjectFailure | undefined {
  if (errors.length === 0 && (exitCode === undefined || exitCode === 0)) return undefined;
  const said = errors.length === 0 ? '' : `: ${errors.map(firstLine).join('; ').slice(0, 500)}`;
  const status = exitCode === null ? 'a signal' : `status ${exitCode ?? 0}`;
  return new ProjectFailure({
    code: 'PIPE-SMOKE-012',
    what: `the tests ended with ${status}${isCounted ? ' though no test failed' : ''}${said}`,
    given: shown(how, 200),
    remedy: 'look at the last lines of its output: global setup or teardown, a report that can’t be written',
  });
}

function nothingRan({ isCounted, tests }: Outcome, { isShard }: Gate): ProjectFailure | undefined {
  const { passed, flaky } = countsOf(tests);
  if (!isCounted || passed + flaky > 0 || isShard) return undefined;
  return new ProjectFailure({
    code: 'PIPE-SMOKE-015',
    what: `no test ran: all ${tests.length} were skipped`,
    remedy: 'see which condition skips them (`test.skip`), or select others (`grep`, `project`)',
  });
}

function tooFlaky({ tests }: Outcome, { maxFlaky }: Gate): ProjectFailure | undefined {
  const flaky = tests.filter(({ outcome }) => outcome === 'flaky');
  if (flaky.length <= maxFlaky) return undefined;
  return new ProjectFailure({
    code: 'PIPE-SMOKE-011',
    what: `passed only when tried again (${flaky.length}): ${flaky.slice(0, NAMED).map(nameOf).join('; ').slice(0, 600)}`,
    accepted: `at most ${maxFlaky} (\`max-flaky\`)`,
    remedy:
      'a test that passes at its second try often shows a slow or an unsteady application: look at its first trace',
  });
}

function cause(test: TestOutcome): string {
  const place = test.file === undefined ? '' : ` (${test.file}${test.line === undefined ? '' : `:${test.line}`})`;
  return `${nameOf(test)}${place} ${firstLine(test.error).slice(0, 200)}`.trim();
}

/** GitHub keeps ten annotations of each level a step; one error is the verdict itself. */
const ERRORS = 9;
const WARNINGS = 10;

/** Puts failed and flaky tests on their lines. @param evidenceOf what holds the evidence of a test, as one sentence */
export function annotateTests(outcome: Outcome, log: Log, evidenceOf: (test: TestOutcome) => string): void {
  const put = (level: 'error' | 'warning', test: TestOutcome, what: string) => {
    const place = {
      ...(test.file === undefined ? {} : { file: test.file }),
      ...(test.line === undefined ? {} : { line: test.line }),
      title: what,
    };
    const message = [nameOf(test), test.error.slice(0, 1_500), evidenceOf(test)].filter((part) => part !== '');
    log.annotate(level, message.join('\n'), place);
  };
  const isBuiltIn = outcome.kind === 'built-in';
  const failed = outcome.tests.filter((test) => test.outcome === 'failed');
  const flaky = outcome.tests.filter((test) => test.outcome === 'flaky');
  for (const test of failed.slice(0, ERRORS)) put('error', test, isBuiltIn ? 'page' : 'smoke test');
  for (const test of flaky.slice(0, WARNINGS)) put('warning', test, `flaky, passed at try ${test.tries}`);
}
