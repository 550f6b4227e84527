import { randomUUID } from 'node:crypto';
import { mkdir, realpath, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { cacheAccess } from '../cache/access.ts';
import { artifactName } from '../github/artifact-name.ts';
import { runIdentityOf } from '../github/run.ts';
import { addressText } from '../health/failure.ts';
import { headersOf } from '../health/headers.ts';
import { inGroup } from '../migrate/redacted-group.ts';
import type { ActionContext, ActionResult } from '../runtime/action.ts';
import { type Environment, projectEnvironment } from '../runtime/environment.ts';
import { ConfigurationError, PipelineError, shown } from '../runtime/errors.ts';
import { durationText } from '../runtime/kinds.ts';
import { link, type Markdown, markdown, text } from '../runtime/markdown.ts';
import { withPath } from '../setup/programs.ts';
import { browsersFor, provideBrowsers } from './browsers.ts';
import { chooseTests, describeTests, type Tests } from './choose.ts';
import { type Evidence, gatherEvidence } from './evidence.ts';
import { failureSummary } from './failure-summary.ts';
import type { outputs, SmokeInputs } from './inputs.ts';
import { countsOf, nameOf, type Outcome, testOutcomes } from './outcome.ts';
import { upwards } from './playwright.ts';
import { BROWSERS } from './post.ts';
import { isPrivate } from './privacy.ts';
import type { Report } from './report.ts';
import { resultOf } from './result.ts';
import { listTests, type PlaywrightRun, runCommand, runTests, type Tested, withoutReport } from './run-playwright.ts';
import { smokeSummary } from './summary.ts';
import { annotateTests, verdictOf } from './verdict.ts';

const RESTORE_LIMIT = 180_000;

/** Tests the address with what the project has for that, and judges what was found. */
export async function run(given: SmokeInputs, context: ActionContext): Promise<ActionResult<typeof outputs>> {
  const work = join(context.temp, `pipelines-smoke-${randomUUID()}`);
  try {
    await mkdir(work, { recursive: true });
    return await smoke(given, { ...context, workspace: await realpath(context.workspace) }, await realpath(work));
  } catch (error) {
    // What fails because it was cancelled is no finding.
    context.signal.throwIfAborted();
    if (error instanceof PipelineError) context.summarize(failureSummary(error));
    throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** An outcome, and where the HTML report of the project is. */
interface Run {
  readonly outcome: Outcome;
  readonly html: string | undefined;
}

async function smoke(given: SmokeInputs, context: ActionContext, work: string): Promise<ActionResult<typeof outputs>> {
  const { workspace, log, secrets } = context;
  const started = performance.now();
  assertAddress(given.url);
  const tests = await chooseTests(given, workspace);
  log.info(`${addressText(given.url)} is tested by ${describeTests(tests, workspace)}`);
  const done = await runChosen(tests, given, context, work);
  const outcome = redacted(done.outcome, secrets.redact);
  const evidence = await evidenceFor({ ...done, outcome }, given, context, work);
  const gate = { maxFlaky: given.maxFlaky, isShard: given.shard !== undefined, timeout: durationText(given.timeout) };
  const failure = verdictOf(outcome, gate);
  const artifact = artifactOf(given, context);
  // A step knows no address of an artifact that a later one uploads; the page of the run lists them all.
  const { page } = runIdentityOf(context.environment);
  const artifacts = page === undefined ? undefined : `${page}#artifacts`;
  const where =
    evidence.folder === undefined
      ? ''
      : `evidence in the artifact ${artifact}${artifacts === undefined ? '' : ` (${artifacts})`}`;
  annotateTests(outcome, log, (test) => {
    const paths = evidence.of(test);
    return paths.length === 0 ? '' : `${where}: ${paths.join(', ')}${evidence.hasHtml ? ', html-report' : ''}`;
  });
  for (const withheld of evidence.withheld.slice(0, 20)) log.info(`not for upload: ${withheld}`);
  const { passed, failed, flaky, skipped } = countsOf(outcome.tests);
  for (const test of outcome.tests.filter(({ outcome: how }) => how === 'flaky')) {
    log.info(`flaky: ${nameOf(test)}, passed at try ${test.tries}`);
  }
  if (outcome.isCounted) log.info(`${passed} passed, ${failed} failed, ${flaky} flaky, ${skipped} skipped`);
  const facts = { url: addressText(given.url), duration: performance.now() - started, evidenceOf: evidence.of };
  if (failure !== undefined || flaky > 0) {
    const said = evidenceSentence(evidence, artifact, artifacts);
    context.summarize(smokeSummary(outcome, { ...facts, failure: failure?.faults[0].what, evidence: said }));
  }
  return {
    outputs: {
      passed: failure === undefined,
      failed: outcome.isCounted ? failed : undefined,
      flaky: outcome.isCounted ? flaky : undefined,
      result: secrets.redact(JSON.stringify(resultOf(outcome, facts))),
      evidence: evidence.folder ?? '',
      artifact: evidence.folder === undefined ? '' : artifact,
    },
    failure,
  };
}

async function runChosen(tests: Tests, given: SmokeInputs, context: ActionContext, work: string): Promise<Run> {
  const { log, workspace } = context;
  const headers = headersOf(given.headers, 'PIPE-SMOKE-014');
  if (tests.kind === 'built-in') {
    log.annotate(
      'notice',
      'This project has no smoke tests of its own (a configuration of Playwright, a script `test:e2e`, or `command`): the built-in one is run. It opens the page once; what the application does is not tested.',
    );
    const { runBuiltIn } = await import('./built-in/run.ts');
    return { outcome: await runBuiltIn({ given, headers }, context, work), html: undefined };
  }
  const programs = upwards(given.workingDirectory, workspace).map((folder) => join(folder, 'node_modules/.bin'));
  const environment = withPath(testEnvironment(given, context.environment), programs);
  const how = describeTests(tests, workspace);
  if (tests.kind === 'command') {
    const run = { folder: given.workingDirectory, environment, work, signal: context.signal, timeout: given.timeout };
    if (given.headers !== undefined) log.annotate('warning', HEADERS_UNUSED);
    const tested = await inGroup(context, how, (write) => runCommand(tests.argv, run, write));
    return { outcome: outcomeOf('command', how, tested, workspace), html: htmlFolder(tested.report, environment) };
  }
  const run: PlaywrightRun = {
    playwright: tests.playwright,
    config: tests.config,
    folder: given.workingDirectory,
    environment,
    work,
    signal: context.signal,
    projects: given.project ?? [],
    grep: given.grep,
    shard: given.shard,
    retries: given.retries,
    headers,
    timeout: given.timeout,
  };
  const listed = await listTests(run);
  assertTestsAddress(listed, given.url);
  if (listed.hasWebServer) log.annotate('notice', WEB_SERVER);
  const provided = await provideBrowsers({
    playwright: tests.playwright,
    wish: browsersFor(listed.projects, tests.playwright.version),
    folder: given.workingDirectory,
    environment,
    signal: context.signal,
    image: context.environment['ImageOS'],
    cache: cacheAccess(context, RESTORE_LIMIT),
  });
  log.info(`browsers: ${provided.text}`);
  if (provided.save !== undefined) context.saveState(BROWSERS, JSON.stringify(provided.save));
  const tested = await inGroup(context, how, (write) => runTests(run, listed, write));
  if (tested.report === undefined) throw withoutReport(tested.finished, durationText(given.timeout));
  return { outcome: outcomeOf('playwright', how, tested, workspace), html: htmlFolder(tested.report, environment) };
}

const HEADERS_UNUSED =
  '`headers` are not sent: a command sends what it likes. Put them into `secret-env` and read them in the tests.';

const WEB_SERVER =
  'The configuration of Playwright starts a web server (`webServer`) although another address is tested. Leave it out where PLAYWRIGHT_BASE_URL is set.';

/** What the tests see: the project's environment, the address under its usual names, and the caller's variables. */
function testEnvironment(given: SmokeInputs, environment: Environment): Environment {
  return projectEnvironment(environment, {
    PLAYWRIGHT_BASE_URL: given.url,
    BASE_URL: given.url,
    // What Playwright itself takes as `baseURL` where the configuration names none.
    PLAYWRIGHT_TEST_BASE_URL: given.url,
    ...Object.fromEntries(given.env ?? []),
    ...Object.fromEntries(given.secretEnv ?? []),
  });
}

function outcomeOf(kind: 'playwright' | 'command', how: string, tested: Tested, workspace: string): Outcome {
  const { finished, report } = tested;
  const isLate = finished.endedBy === 'timeout' || report?.status === 'timedout';
  return {
    kind,
    how,
    tests: report === undefined ? [] : testOutcomes(report, workspace),
    errors: (report?.errors ?? []).map(({ message }) => message),
    isCounted: report !== undefined,
    hasEnded: isLate ? 'out of time' : 'by itself',
    exitCode: finished.exitCode,
  };
}

/** Where Playwright writes its HTML report (playwright.dev/docs/test-reporters#html-reporter). */
function htmlFolder(report: Report | undefined, environment: Environment): string | undefined {
  if (report?.html === undefined) return undefined;
  const home = report.configFile === undefined ? '.' : dirname(report.configFile);
  const given = environment['PLAYWRIGHT_HTML_OUTPUT_DIR'] ?? environment['PLAYWRIGHT_HTML_REPORT'] ?? '';
  return resolve(home, given || report.html.folder || 'playwright-report');
}

function assertAddress(url: string): void {
  if (URL.canParse(url) && new URL(url).username === '') return;
  throw new ConfigurationError({
    code: 'PIPE-SMOKE-014',
    what: '`url` is no address that can be tested',
    given: shown(url.split('?', 1)[0]),
    accepted: 'an address of http or https without a password in it',
    example: '`url: https://shop.staging.example.com`',
    state: 'nothing was tested',
  });
}

/** A configuration with an address of its own would test something else, and be green. */
function assertTestsAddress(listed: Report, url: string): void {
  const others = listed.projects.filter(({ tests, baseURL }) => tests > 0 && baseURL !== '');
  const isRead = others.some(({ baseURL }) => URL.canParse(baseURL) && new URL(baseURL).origin === new URL(url).origin);
  const [first] = others;
  if (first === undefined || isRead) return;
  throw new ConfigurationError({
    code: 'PIPE-SMOKE-016',
    what: `the configuration of Playwright names an address of its own (${shown(first.baseURL, 200)}), so the tests would not test \`url\``,
    given: `\`baseURL\` of the project ${shown(first.name)}`,
    accepted: 'a `baseURL` that comes from PLAYWRIGHT_BASE_URL or BASE_URL, or none',
    example: "`baseURL: process.env.PLAYWRIGHT_BASE_URL ?? 'http://localhost:3000'`",
    state: 'nothing was tested',
  });
}

async function evidenceFor(
  { outcome, html }: Run,
  given: SmokeInputs,
  context: ActionContext,
  work: string,
): Promise<Evidence> {
  const { workspace, temp, environment, secrets } = context;
  const wanted = given.upload === 'always' || (given.upload === 'auto' && (await isPrivate(environment)));
  if (!wanted) return { folder: undefined, of: () => [], withheld: [], hasHtml: false };
  return await gatherEvidence({
    outcome,
    html,
    into: join(temp, 'pipelines-smoke', artifactOf(given, context)),
    within: [workspace, work],
    secrets,
  });
}

function artifactOf(given: SmokeInputs, { workspace, environment }: ActionContext): string {
  const [file = ''] = runIdentityOf(environment).workflow.split('/').slice(-1);
  const { host } = new URL(given.url);
  return artifactName('smoke', {
    workflow: file.replace(/\.ya?ml$/, ''),
    folder: relative(workspace, given.workingDirectory) || '.',
    service: [host, given.shard?.replace('/', '-of-')].filter((part) => part !== undefined).join('-'),
  });
}

function evidenceSentence(
  { folder, withheld, hasHtml }: Evidence,
  artifact: string,
  artifacts: string | undefined,
): Markdown {
  const left =
    withheld.length === 0 ? '' : ` ${withheld.length} files stay here: they contain a secret or can’t be searched.`;
  if (folder !== undefined) {
    const what = text(`Screenshots, traces${hasHtml ? ' and the HTML report' : ''} are in the artifact`);
    const name = artifacts === undefined ? text(artifact) : link(artifact, artifacts);
    return markdown(`${what} ${name}.${text(left)}`);
  }
  return text(
    `No screenshots and traces are kept.${left} They hold headers and cookies: upload says whether they leave the job.`,
  );
}

/** Tests print what they were given. */
function redacted(outcome: Outcome, redact: (text: string) => string): Outcome {
  return {
    ...outcome,
    errors: outcome.errors.map(redact),
    tests: outcome.tests.map((test) => ({
      ...test,
      title: redact(test.title),
      project: redact(test.project),
      error: redact(test.error),
      ...(test.file === undefined ? {} : { file: redact(test.file) }),
    })),
  };
}
