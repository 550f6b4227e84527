import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ANY_SUCCESS, type Expectation } from '../../health/expectation.ts';
import { watchUntilHealthy } from '../../health/watch.ts';
import type { ActionContext } from '../../runtime/action.ts';
import { createHttp, type HttpClient } from '../../runtime/http.ts';
import { browsersFolder } from '../browsers.ts';
import type { SmokeInputs } from '../inputs.ts';
import type { Outcome, TestOutcome } from '../outcome.ts';
import { type Check, checksOf, testsOf } from './checks.ts';
import { findBrowser, withBrowser } from './chromium.ts';
import type { DevTools } from './devtools.ts';
import { type Visit, visit } from './visit.ts';

/** Longest time in which something has to be seen, in milliseconds. */
const PAGE_LIMIT = 30_000;

/** How often a page is opened at most: once more, where nothing else was said. */
const tries = ({ retries = 1 }: SmokeInputs) => retries + 1;

/** Longest time in which the address has to answer at all, in milliseconds: health has been seen before. */
const ANSWER_LIMIT = 30_000;

/** What is tested; values of headers are secrets. */
interface BuiltIn {
  readonly given: SmokeInputs;
  readonly headers: Readonly<Record<string, string>>;
}

/** Tests an address without tests of the project: a web page in Chromium, anything else by its answer. */
export async function runBuiltIn(wanted: BuiltIn, context: ActionContext, work: string): Promise<Outcome> {
  const { given, headers } = wanted;
  const { environment, signal, log, secrets } = context;
  const http = createHttp({ environment, service: 'The service', code: 'PIPE-SMOKE-019' });
  try {
    const wish = { url: given.url, headers, expectation: ANY_ANSWER, timeout: 10_000 };
    const plan = {
      consecutive: 1,
      interval: 2_000,
      timeout: Math.min(ANSWER_LIMIT, given.timeout),
      maxLatency: undefined,
    };
    const watch = await watchUntilHealthy(wish, plan, { http, signal });
    if (watch.bad !== undefined) return outcomeOf([answerTest(`${watch.bad.text}: ${watch.told}`)]);
    const type = await typeOf(given.url, headers, http, signal);
    if (!/^text\/html|^application\/xhtml\+xml/.test(type)) {
      const said = type === '' ? 'The answer has no content type' : `The answer is ${type.slice(0, 100)}`;
      log.annotate('notice', `${said}: there is no page to open in a browser, so only the answer itself was tested.`);
      return outcomeOf([answerTest('')]);
    }
    const program = await findBrowser(environment, browsersFolder(environment, given.workingDirectory));
    log.info(`browser: ${program}`);
    // Every visit has a limit of its own: this one is for a browser that hangs.
    const run = { program, environment, work, signal, timeout: (tries(given) + 1) * 2 * PAGE_LIMIT };
    const tests = await withBrowser(run, (browser) => visitAll(browser, wanted, context, work));
    return outcomeOf(tests.map((test) => ({ ...test, error: secrets.redact(test.error) })));
  } finally {
    http.close();
  }
}

/** A page that says "not found" is looked at like any other; an API may have nothing at its root. */
const ANY_ANSWER: Expectation = {
  ...ANY_SUCCESS,
  status: [
    [200, 299],
    [400, 499],
  ],
};

/** Content type of the answer, behind redirects; empty when it says none. */
async function typeOf(
  url: string,
  headers: Readonly<Record<string, string>>,
  http: HttpClient,
  signal: AbortSignal,
): Promise<string> {
  const answer = await http.send({ url, headers: { accept: 'text/html,*/*', ...headers }, timeout: 10_000, signal });
  return (answer.headers['content-type'] ?? '').toLowerCase();
}

/** The one test of what is no page. */
function answerTest(error: string): TestOutcome {
  const outcome = error === '' ? 'passed' : 'failed';
  return {
    title: 'the address answers',
    project: '',
    file: undefined,
    line: undefined,
    outcome,
    duration: 0,
    tries: 1,
    error,
    evidence: [],
  };
}

async function visitAll(
  browser: DevTools,
  { given, headers }: BuiltIn,
  { environment, signal, log, secrets }: ActionContext,
  work: string,
): Promise<readonly TestOutcome[]> {
  const wish = {
    url: given.url,
    headers,
    // Node has just spoken to it and has checked its certificate.
    acceptsCertificate: (environment['NODE_EXTRA_CA_CERTS'] ?? '') !== '',
    timeout: Math.min(PAGE_LIMIT, given.timeout),
    signal,
  };
  const visits: (readonly Check[])[] = [];
  const evidence: { readonly name: string; readonly path: string }[] = [];
  for (let count = tries(given); count > 0; count -= 1) {
    const seen = await visit(await browser.openPage(), wish);
    const checks = checksOf(seen, new URL(given.url).origin, given.ignore ?? []);
    visits.push(checks);
    for (const note of checks.flatMap(({ notes }) => notes)) log.info(`seen, not counted: ${secrets.redact(note)}`);
    if (checks.every(({ error }) => error === '')) break;
    evidence.push(...(await keep(seen, checks, work, visits.length)));
  }
  return testsOf(visits, evidence);
}

async function keep(seen: Visit, checks: readonly Check[], work: string, count: number) {
  const files = [
    ...(seen.picture === undefined ? [] : [['screenshot', `screenshot-${count}.png`, seen.picture] as const]),
    [
      'what was seen',
      `page-${count}.json`,
      JSON.stringify({ ...seen, picture: undefined, checks }, undefined, 2),
    ] as const,
  ];
  return await Promise.all(
    files.map(async ([name, file, bytes]) => {
      const path = join(work, file);
      await writeFile(path, bytes);
      return { name, path };
    }),
  );
}

function outcomeOf(tests: readonly TestOutcome[]): Outcome {
  const how = 'the built-in test';
  return { kind: 'built-in', how, tests, errors: [], isCounted: true, hasEnded: 'by itself', exitCode: undefined };
}
