import { ConfigurationError } from '../runtime/errors.ts';
import { readTextFile } from '../runtime/files.ts';
import { isMap } from '../runtime/yaml.ts';

/** What one run of Playwright reported. Everything in it is the project's word: texts are foreign, paths are checked. */
export interface Report {
  readonly version: string;
  /** Absolute path of the configuration; undefined without one. */
  readonly configFile: string | undefined;
  readonly hasWebServer: boolean;
  /** Folder of the HTML report as the configuration says; undefined when it makes none. */
  readonly html: { readonly folder: string } | undefined;
  readonly status: string;
  readonly projects: readonly ReportedProject[];
  readonly tests: readonly ReportedTest[];
  /** What failed outside tests: a file that can't be loaded, no tests. */
  readonly errors: readonly TestError[];
}

export interface ReportedProject {
  readonly name: string;
  /** `chromium`, `firefox` or `webkit`, or whatever was written. */
  readonly browser: string;
  readonly channel: string;
  readonly headless: boolean;
  /** The browser is not one that Playwright installs: a path, or a server. */
  readonly isElsewhere: boolean;
  /** Empty when the configuration says nothing. */
  readonly trace: string;
  readonly baseURL: string;
  /** Absolute path. */
  readonly outputDir: string;
  readonly tests: number;
}

export interface TestError {
  readonly message: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

export interface Attachment {
  readonly name: string;
  readonly type: string;
  readonly path: string;
}

export interface ReportedTest {
  readonly title: string;
  readonly project: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly outcome: 'passed' | 'failed' | 'flaky' | 'skipped';
  /** Milliseconds of all tries. */
  readonly duration: number;
  readonly tries: number;
  /** Of the last try that failed. */
  readonly errors: readonly TestError[];
  /** Of all tries. */
  readonly attachments: readonly Attachment[];
}

const LARGEST = 128 * 1024 * 1024;
const MOST_TESTS = 50_000;

/**
 * The report that the reporter wrote.
 *
 * @returns undefined when it wrote none
 * @throws ConfigurationError PIPE-SMOKE-006 when it is not one; PIPE-FILE-… when it is no text
 */
export async function readReport(path: string): Promise<Report | undefined> {
  const text = await readTextFile(path, LARGEST);
  if (text === undefined) return undefined;
  const value = parsed(text);
  if (!isMap(value)) {
    throw new ConfigurationError({
      code: 'PIPE-SMOKE-006',
      what: 'the report of the tests is not one of Playwright',
      accepted: 'the file that Playwright itself writes',
      remedy: 'see whether the tests write to the file that PIPELINES_SMOKE_REPORT names',
      state: 'the tests were run; what they found is not known',
    });
  }
  const html = items(value['reporters']).find((reporter) => reporter['name'] === 'html');
  return {
    version: textOf(value['version'], 50),
    configFile: optionalText(value['configFile']),
    hasWebServer: value['hasWebServer'] === true,
    html: html === undefined ? undefined : { folder: textOf(html['folder'], 4_096) },
    status: textOf(value['status'], 50),
    projects: items(value['projects']).slice(0, 500).map(projectOf),
    tests: items(value['tests']).slice(0, MOST_TESTS).map(testOf),
    errors: items(value['errors']).slice(0, 20).map(errorOf),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Said by the caller: no map.
    return undefined;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function items(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isMap) : [];
}

function textOf(value: unknown, limit: number): string {
  return typeof value === 'string' ? value.slice(0, limit) : '';
}

function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, 4_096) : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.round(value) : undefined;
}

function projectOf(value: Fields): ReportedProject {
  return {
    name: textOf(value['name'], 200),
    browser: textOf(value['browser'], 50),
    channel: textOf(value['channel'], 50),
    headless: value['headless'] !== false,
    isElsewhere: value['isElsewhere'] === true,
    trace: textOf(value['trace'], 50),
    baseURL: textOf(value['baseURL'], 2_048),
    outputDir: textOf(value['outputDir'], 4_096),
    tests: numberOf(value['tests']) ?? 0,
  };
}

const OUTCOMES: Readonly<Record<string, ReportedTest['outcome']>> = {
  expected: 'passed',
  unexpected: 'failed',
  flaky: 'flaky',
  skipped: 'skipped',
};

function testOf(value: Fields): ReportedTest {
  const results = items(value['results']).slice(0, 20);
  const titles: readonly unknown[] = Array.isArray(value['title']) ? value['title'] : [];
  const lastBad = results.findLast((result) => items(result['errors']).length > 0);
  const outcome = textOf(value['outcome'], 20);
  return {
    title: titles
      .map((part) => textOf(part, 300))
      .join(' › ')
      .slice(0, 500),
    project: textOf(value['project'], 200),
    file: optionalText(value['file']),
    line: numberOf(value['line']),
    // What is none of the known ones did not pass.
    outcome: (Object.hasOwn(OUTCOMES, outcome) ? OUTCOMES[outcome] : undefined) ?? 'failed',
    duration: results.reduce((sum, result) => sum + (numberOf(result['duration']) ?? 0), 0),
    tries: results.length,
    errors: items(lastBad?.['errors']).slice(0, 5).map(errorOf),
    attachments: results.flatMap((result) => items(result['attachments']).slice(0, 20).map(attachmentOf)),
  };
}

function errorOf(value: Fields): TestError {
  return {
    message: plain(textOf(value['message'], 4_000)),
    file: optionalText(value['file']),
    line: numberOf(value['line']),
    column: numberOf(value['column']),
  };
}

function attachmentOf(value: Fields): Attachment {
  return { name: textOf(value['name'], 200), type: textOf(value['type'], 100), path: textOf(value['path'], 4_096) };
}

/** Playwright colours its messages wherever it runs. */
function plain(text: string): string {
  return text.replace(/\u001b\[[0-9;]*m/g, '');
}
