import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';
import type { Environment } from '../runtime/environment.ts';
import { ConfigurationError, ProjectFailure, shown } from '../runtime/errors.ts';
import { capture, execute, type Finished } from '../runtime/process.ts';
import { findProgram } from '../setup/programs.ts';
import { firstLine } from './outcome.ts';
import type { Playwright } from './playwright.ts';
import { type Report, readReport } from './report.ts';
import { REPORT_VARIABLE, REPORTER } from './reporter.ts';

/** What a run of Playwright needs. */
export interface PlaywrightRun {
  readonly playwright: Playwright;
  /** Absolute path. */
  readonly config: string;
  /** Absolute path of the folder in which it runs. */
  readonly folder: string;
  /** Of the project, with the address in it. */
  readonly environment: Environment;
  /** Absolute folder of this step's own files. */
  readonly work: string;
  readonly signal: AbortSignal;
  readonly projects: readonly string[];
  readonly grep: string | undefined;
  readonly shard: string | undefined;
  readonly retries: number | undefined;
  /** Headers for every request; values are secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly timeout: number;
}

/** Variable by which the headers reach the configuration below: the values stand in no file. */
const HEADERS_VARIABLE = 'PIPELINES_SMOKE_HEADERS';

/** Longest time to load the configuration and every test file, in milliseconds. */
const LIST_LIMIT = 180_000;

/** What is left of the time when Playwright itself ends the run, so that it can still write its reports. */
const REPORT_TIME = 15_000;

/**
 * What would be run: the configuration is loaded and the tests are listed, without a browser.
 *
 * @throws ConfigurationError PIPE-SMOKE-005 when that fails or there is no test
 */
export async function listTests(run: PlaywrightRun): Promise<Report> {
  const reporter = await writeReporter(run.work);
  const target = join(run.work, 'list.json');
  const { exitCode, endedBy, stdout, stderr } = await capture(
    await nodeOf(run.environment),
    [run.playwright.cli, 'test', '--list', `--reporter=${reporter}`, ...selection(run, run.config)],
    {
      cwd: run.folder,
      env: { ...run.environment, [REPORT_VARIABLE]: target },
      signal: run.signal,
      timeout: LIST_LIMIT,
    },
  );
  run.signal.throwIfAborted();
  const report = endedBy === 'timeout' ? undefined : await readReport(target);
  const count = report?.tests.length ?? 0;
  // An empty part of few tests is no fault: others have them.
  if (report !== undefined && exitCode === 0 && (count > 0 || run.shard !== undefined)) return report;
  const said = report?.errors.map(({ message }) => message).join('; ') || `${stderr}\n${stdout}`.trim();
  const how = endedBy === 'timeout' ? 'that took longer than 3 minutes' : firstLine(said.replace(/^Error: /, ''));
  throw new ConfigurationError({
    code: 'PIPE-SMOKE-005',
    what: `Playwright could not list the tests: ${shown(how, 300).slice(1, -1)}`,
    given: shown(said.slice(0, 600), 600),
    accepted: 'a configuration and test files that load, and at least one test that is selected',
    remedy: 'run `npx playwright test --list` with the same options',
    state: 'nothing was tested',
  });
}

export interface Tested {
  readonly finished: Finished;
  /** Undefined when Playwright ended without writing one. */
  readonly report: Report | undefined;
}

/** Runs the tests; a failed test is a result, not an exception. */
export async function runTests(run: PlaywrightRun, listed: Report, write: (text: string) => void): Promise<Tested> {
  const reporter = await writeReporter(run.work);
  const target = join(run.work, 'report.json');
  const hasHeaders = Object.keys(run.headers).length > 0;
  const config = hasHeaders ? await writeConfig(run.config) : run.config;
  // Evidence of a failure, where the configuration leaves the question open.
  const trace = listed.projects.every(({ trace: mode }) => mode === '') ? ['--trace=retain-on-failure'] : [];
  const retries = run.retries === undefined ? [] : [`--retries=${run.retries}`];
  const limit = `--global-timeout=${Math.max(5_000, run.timeout - REPORT_TIME)}`;
  const decoder = new TextDecoder();
  try {
    const finished = await execute(
      await nodeOf(run.environment),
      [run.playwright.cli, 'test', limit, ...retries, ...trace, ...selection(run, config)],
      {
        cwd: run.folder,
        env: {
          ...run.environment,
          PW_TEST_REPORTER: reporter,
          [REPORT_VARIABLE]: target,
          PLAYWRIGHT_HTML_OPEN: 'never',
          ...(hasHeaders ? { [HEADERS_VARIABLE]: JSON.stringify(run.headers) } : {}),
        },
        signal: run.signal,
        timeout: run.timeout,
        onOutput: (chunk) => write(decoder.decode(chunk, { stream: true })),
      },
    );
    run.signal.throwIfAborted();
    return { finished, report: await readReport(target) };
  } finally {
    if (config !== run.config) await rm(config, { force: true });
  }
}

function selection({ folder, projects, grep, shard }: PlaywrightRun, config: string): string[] {
  return [
    `--config=${relative(folder, config)}`,
    ...projects.map((project) => `--project=${project}`),
    ...(grep === undefined ? [] : [`--grep=${grep}`]),
    ...(shard === undefined ? [] : [`--shard=${shard}`]),
  ];
}

async function writeReporter(work: string): Promise<string> {
  const path = join(work, 'reporter.cjs');
  await writeFile(path, REPORTER);
  return path;
}

/** The Node that the project runs on; this action's own where the job set up none. */
export async function nodeOf(environment: Environment): Promise<string> {
  return (await findProgram('node', environment)) ?? process.execPath;
}

/**
 * A configuration beside the project's own that takes everything from it and adds the headers: paths in it count from
 * its folder, so it can't lie elsewhere. It is gone after the run.
 */
async function writeConfig(config: string): Promise<string> {
  const path = join(dirname(config), `.pipelines-smoke-${randomUUID()}.config${extname(config)}`);
  await writeFile(path, wrapper(`./${basename(config)}`, extname(config) === '.cjs'));
  return path;
}

function wrapper(config: string, isCommon: boolean): string {
  const load = isCommon
    ? `const loaded = require(${JSON.stringify(config)});`
    : `import loaded from ${JSON.stringify(config)};`;
  const give = isCommon ? 'module.exports =' : 'export default';
  return `${load}
const base = loaded.default ?? loaded;
const headers = JSON.parse(process.env.${HEADERS_VARIABLE} ?? '{}');
const more = (use) => ({ ...use, extraHTTPHeaders: { ...use?.extraHTTPHeaders, ...headers } });
${give} {
  ...base,
  use: more(base.use),
  ...(base.projects === undefined ? {} : { projects: base.projects.map((one) => ({ ...one, use: more({ ...base.use, ...one.use }) })) }),
};
`;
}

/** A command of the caller's, with the reporter in its environment in case that it starts Playwright. */
export async function runCommand(
  argv: readonly [string, ...string[]],
  run: Pick<PlaywrightRun, 'folder' | 'environment' | 'work' | 'signal' | 'timeout'>,
  write: (text: string) => void,
): Promise<Tested> {
  const [program, ...args] = argv;
  const target = join(run.work, 'report.json');
  const decoder = new TextDecoder();
  const finished = await execute(program, args, {
    cwd: run.folder,
    env: {
      ...run.environment,
      PW_TEST_REPORTER: await writeReporter(run.work),
      [REPORT_VARIABLE]: target,
      PLAYWRIGHT_HTML_OPEN: 'never',
    },
    signal: run.signal,
    timeout: run.timeout,
    onOutput: (chunk) => write(decoder.decode(chunk, { stream: true })),
  });
  run.signal.throwIfAborted();
  return { finished, report: await readReport(target) };
}

/** The tests ran, and what they found is not known. */
export function withoutReport({ exitCode, endedBy }: Finished, timeoutText: string): ProjectFailure {
  const how =
    endedBy === 'timeout' ? `it was ended after ${timeoutText}` : `it ended with status ${exitCode ?? 'none'}`;
  return new ProjectFailure({
    code: endedBy === 'timeout' ? 'PIPE-SMOKE-008' : 'PIPE-SMOKE-007',
    what: `Playwright wrote no report of its tests: ${how}`,
    remedy: 'its last lines in the log say why',
    state: 'what the tests found is not known',
  });
}
