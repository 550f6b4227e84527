import { isAbsolute, relative } from 'node:path';
import { contains } from '../runtime/files.ts';
import type { Report, ReportedTest } from './report.ts';

/** What was tested and how it went, whatever tested it. */
export interface Outcome {
  readonly kind: 'playwright' | 'command' | 'built-in';
  /** As said in the log: `Playwright 1.65.0 with playwright.config.ts`. */
  readonly how: string;
  readonly tests: readonly TestOutcome[];
  /** What failed outside tests, one text each. */
  readonly errors: readonly string[];
  /** Whether tests could be counted: a command without Playwright has an exit status only. */
  readonly isCounted: boolean;
  readonly hasEnded: 'by itself' | 'out of time';
  /** Undefined for the built-in test. */
  readonly exitCode: number | null | undefined;
}

export interface TestOutcome {
  readonly title: string;
  /** Of Playwright's configuration; may be empty. */
  readonly project: string;
  /** Path from the workspace; undefined when it is none of the repository. */
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly outcome: ReportedTest['outcome'];
  /** Milliseconds. */
  readonly duration: number;
  readonly tries: number;
  /** What went wrong in the last try that failed; empty when nothing did. */
  readonly error: string;
  /** Files that show it, with absolute paths. */
  readonly evidence: readonly { readonly name: string; readonly path: string }[];
}

/** The outcome of each test of a report, with its error on the line where it happened. */
export function testOutcomes(report: Report, workspace: string): readonly TestOutcome[] {
  return report.tests.map((test) => {
    const own = test.errors.find(({ file }) => placeIn(file, workspace) !== undefined);
    return {
      title: test.title,
      project: test.project,
      file: placeIn(own?.file ?? test.file, workspace),
      line: own === undefined ? test.line : own.line,
      outcome: test.outcome,
      duration: test.duration,
      tries: test.tries,
      error: test.errors
        .map(({ message }) => message)
        .join('\n')
        .slice(0, 4_000),
      evidence: test.attachments.map(({ name, path }) => ({ name, path })),
    };
  });
}

function placeIn(file: string | undefined, workspace: string): string | undefined {
  if (file === undefined || !isAbsolute(file) || !contains(workspace, file)) return undefined;
  return relative(workspace, file);
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly flaky: number;
  readonly skipped: number;
}

export function countsOf(tests: readonly TestOutcome[]): Counts {
  const count = (outcome: TestOutcome['outcome']) => tests.filter((test) => test.outcome === outcome).length;
  return { passed: count('passed'), failed: count('failed'), flaky: count('flaky'), skipped: count('skipped') };
}

/** A test as people call it: title, and the project where there are several. */
export function nameOf({ title, project }: Pick<TestOutcome, 'title' | 'project'>): string {
  return project === '' ? title : `[${project}] ${title}`;
}

/** The first line of an error that says something. */
export function firstLine(error: string): string {
  const line = error.split('\n').find((text) => text.trim() !== '') ?? '';
  return line.trim().slice(0, 300);
}
