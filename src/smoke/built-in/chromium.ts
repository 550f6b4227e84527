import { mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Environment, projectEnvironment } from '../../runtime/environment.ts';
import { ConfigurationError, OutsideFault, shown } from '../../runtime/errors.ts';
import { exists } from '../../runtime/files.ts';
import { execute } from '../../runtime/process.ts';
import { findProgram } from '../../setup/programs.ts';
import { BrowserGone, connectDevTools, type DevTools } from './devtools.ts';

/** Names under which Chromium and its kin are found on PATH; GitHub's images have the first. */
const PROGRAMS = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'microsoft-edge'] as const;

/** Where Playwright puts its own, below its folder (all builds of it for Linux). */
const OF_PLAYWRIGHT =
  /^(?:chromium-\d+\/chrome-linux(?:64)?\/chrome|chromium_headless_shell-\d+\/(?:chrome-headless-shell-linux64|chrome-linux)\/(?:chrome-headless-shell|headless_shell))$/;

/**
 * A Chromium that is on the machine: the one that the project's Playwright installed, else one on PATH. Nothing is
 * downloaded.
 *
 * @param browsers folder of Playwright's browsers; undefined when there is none
 * @throws ConfigurationError PIPE-SMOKE-017 when there is none
 */
export async function findBrowser(environment: Environment, browsers: string | undefined): Promise<string> {
  const installed = browsers === undefined ? undefined : await browserIn(browsers);
  if (installed !== undefined) return installed;
  for (const name of PROGRAMS) {
    const path = await findProgram(name, environment);
    if (path !== undefined) return path;
  }
  throw new ConfigurationError({
    code: 'PIPE-SMOKE-017',
    what: 'the built-in test needs Chromium, and this runner has none',
    accepted: `${PROGRAMS.map((name) => `\`${name}\``).join(', ')} on PATH, or the Chromium of Playwright`,
    example: '`runs-on: ubuntu-latest`, or on a runner of your own: `apt-get install chromium`',
    remedy: 'install it on the runner, or give the project tests of its own',
    state: 'nothing was tested',
  });
}

async function browserIn(folder: string): Promise<string | undefined> {
  if (!(await exists(folder))) return undefined;
  const names = (await readdir(folder))
    .filter((name) => /^chromium/.test(name))
    .sort()
    .reverse();
  for (const name of names) {
    for (const build of await readdir(join(folder, name))) {
      for (const program of ['chrome', 'chrome-headless-shell', 'headless_shell']) {
        const path = `${name}/${build}/${program}`;
        if (OF_PLAYWRIGHT.test(path) && (await exists(join(folder, path)))) return join(folder, path);
      }
    }
  }
  return undefined;
}

/** How long Chromium may take to say where it listens, in milliseconds. */
const START_LIMIT = 30_000;

export interface BrowserRun {
  readonly program: string;
  readonly environment: Environment;
  /** Absolute folder for its profile. */
  readonly work: string;
  readonly signal: AbortSignal;
  /** Longest life in milliseconds. */
  readonly timeout: number;
}

/**
 * Starts Chromium without a window, works with it, and ends it with everything that it started.
 *
 * @throws OutsideFault PIPE-SMOKE-018 when it does not start or dies
 */
export async function withBrowser<T>(run: BrowserRun, work: (browser: DevTools) => Promise<T>): Promise<T> {
  try {
    return await attempt(run, work, process.getuid?.() === 0);
  } catch (error) {
    // Kernels that let no ordinary user make a sandbox (containers, AppArmor): the page is the project's own.
    if (!(error instanceof NotStarted) || !/sandbox/i.test(error.message)) throw error;
    return await attempt(run, work, true);
  }
}

class NotStarted extends OutsideFault {}

async function attempt<T>(
  { program, environment, work, signal, timeout }: BrowserRun,
  use: (browser: DevTools) => Promise<T>,
  withoutSandbox: boolean,
): Promise<T> {
  const started = performance.now();
  const profile = await mkdtemp(join(work, 'browser-'));
  const end = new AbortController();
  const ended = AbortSignal.any([signal, end.signal]);
  let said = '';
  let hear: (address: string | undefined) => void = () => undefined;
  const address = new Promise<string | undefined>((resolve) => {
    hear = resolve;
  });
  const running = execute(program, argumentsFor(profile, environment, withoutSandbox), {
    cwd: work,
    env: projectEnvironment(environment, { HOME: profile }),
    signal: ended,
    timeout,
    grace: 2_000,
    onOutput: (chunk) => {
      said = (said + chunk.toString('utf8')).slice(-16_384);
      const [, url] = /^DevTools listening on (ws:\/\/127\.0\.0\.1:\S+)/m.exec(said) ?? [];
      if (url !== undefined) hear(url);
    },
  });
  const timer = setTimeout(() => hear(undefined), START_LIMIT);
  running.then(
    () => hear(undefined),
    () => hear(undefined),
  );
  try {
    const url = await address;
    signal.throwIfAborted();
    if (url === undefined) throw notStarted(program, said, performance.now() - started);
    const browser = await connectDevTools(url);
    try {
      return await use(browser);
    } finally {
      browser.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof BrowserGone) throw fellOver(program, said, performance.now() - started, error);
    throw error;
  } finally {
    clearTimeout(timer);
    end.abort();
    await running;
  }
}

function notStarted(program: string, said: string, elapsed: number): NotStarted {
  return new NotStarted(
    {
      code: 'PIPE-SMOKE-018',
      what: `the browser ${shown(program, 200)} did not start`,
      given: shown(said.trim().slice(-400), 400),
      remedy: 'run the job again; on a runner of your own start it by hand with `--headless`',
      state: 'nothing was tested',
    },
    { service: 'Chromium', tries: 1, elapsed },
  );
}

function fellOver(program: string, said: string, elapsed: number, cause: Error): OutsideFault {
  return new OutsideFault(
    {
      code: 'PIPE-SMOKE-018',
      what: `the browser ${shown(program, 200)} ended while the page was open`,
      given: shown(said.trim().slice(-400), 400),
      remedy: 'run the job again; a page that needs more memory than the runner has ends it, too',
      state: 'the page was not judged',
    },
    { service: 'Chromium', tries: 1, elapsed },
    { cause },
  );
}

function argumentsFor(profile: string, environment: Environment, withoutSandbox: boolean): string[] {
  return [
    '--headless=new',
    '--remote-debugging-address=127.0.0.1',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-default-apps',
    '--disable-dev-shm-usage',
    '--disable-extensions',
    '--disable-sync',
    '--metrics-recording-only',
    '--mute-audio',
    '--window-size=1280,800',
    ...(withoutSandbox ? ['--no-sandbox'] : []),
    ...proxyArguments(environment),
    'about:blank',
  ];
}

/** The runner's proxy. Chromium takes no password in an address, and leaves the loopback out by itself. */
function proxyArguments(environment: Environment): string[] {
  const servers = (['http', 'https'] as const).flatMap((scheme) => {
    const name = `${scheme}_proxy`;
    const given = environment[name.toUpperCase()] || environment[name] || '';
    const address = given === '' || given.includes('://') ? given : `http://${given}`;
    return URL.canParse(address) ? [`${scheme}=${new URL(address).protocol}//${new URL(address).host}`] : [];
  });
  const direct = (environment['NO_PROXY'] || environment['no_proxy'] || '')
    .split(',')
    .map((host) => host.trim().replace(/^\*?\./, ''))
    .filter((host) => host !== '')
    .flatMap((host) => (/^[\d.:[\]/]+$|^\*$/.test(host) ? [host] : [host, `*.${host}`]));
  if (servers.length === 0) return [];
  return [
    `--proxy-server=${servers.join(';')}`,
    ...(direct.length === 0 ? [] : [`--proxy-bypass-list=${direct.join(';')}`]),
  ];
}
