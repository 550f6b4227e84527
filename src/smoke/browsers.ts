import { mkdir, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { CacheAccess } from '../cache/access.ts';
import type { Environment } from '../runtime/environment.ts';
import { OutsideFault, shown } from '../runtime/errors.ts';
import { capture } from '../runtime/process.ts';
import { restoreStore, type StoreCache } from '../setup/store-cache.ts';
import type { Playwright } from './playwright.ts';
import type { ReportedProject } from './report.ts';
import { nodeOf } from './run-playwright.ts';

/** What of the browsers is to be installed. */
export interface BrowserWish {
  /** `chromium`, `firefox`, `webkit`, in this order. */
  readonly names: readonly string[];
  /** Only the shell that has no window: a third of the size. */
  readonly onlyShell: boolean;
}

const INSTALLED = ['chromium', 'firefox', 'webkit'] as const;

/** The browsers of the projects that have tests; a branded channel (`chrome`) is the runner's own. */
export function browsersFor(projects: readonly ReportedProject[], version: string): BrowserWish {
  const used = projects.filter(({ tests, isElsewhere }) => tests > 0 && !isElsewhere);
  const own = used.filter(({ channel }) => channel === '' || /^chromium/.test(channel));
  const names = INSTALLED.filter((name) => own.some(({ browser }) => browser === name));
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  // `--only-shell` came with 1.49.
  const knowsShell = Number(major) > 1 || Number(minor) >= 49;
  const chromium = own.filter(({ browser }) => browser === 'chromium');
  const onlyShell = knowsShell && chromium.every(({ headless, channel }) => headless && channel === '');
  return { names, onlyShell: onlyShell && chromium.length > 0 };
}

/** Where Playwright keeps its browsers (playwright.dev/docs/browsers); undefined: inside node_modules. */
export function browsersFolder(environment: Environment, folder: string): string | undefined {
  const given = environment['PLAYWRIGHT_BROWSERS_PATH'] ?? '';
  if (given === '0') return undefined;
  if (given !== '') return resolve(folder, given);
  const cache = environment['XDG_CACHE_HOME'] || join(environment['HOME'] || homedir(), '.cache');
  return join(cache, 'ms-playwright');
}

export interface Provided {
  /** What to save after the job; undefined when nothing new was installed. */
  readonly save: StoreCache | undefined;
  /** What was done, for the log. */
  readonly text: string;
}

export interface BrowserSearch {
  readonly playwright: Playwright;
  readonly wish: BrowserWish;
  readonly folder: string;
  readonly environment: Environment;
  readonly signal: AbortSignal;
  /** The runner's image, where there is one. */
  readonly image: string | undefined;
  readonly cache: CacheAccess;
}

/**
 * Has the project's own Playwright install its browsers, out of the cache where it has them.
 *
 * @throws OutsideFault PIPE-SMOKE-010 when they can't be installed
 */
export async function provideBrowsers(search: BrowserSearch): Promise<Provided> {
  const { playwright, wish, environment } = search;
  if (wish.names.length === 0) return { save: undefined, text: 'no browser of Playwright is needed' };
  const store = browsersFolder(environment, search.folder);
  const before = await foldersIn(store);
  const entry = store === undefined ? undefined : entryOf(search, store);
  const restored = entry === undefined || before.length > 0 ? undefined : await restoreEntry(entry, search.cache);
  await install(search);
  const installed = (await foldersIn(store)).filter((name) => !before.includes(name));
  const isNew = installed.length > 0 && restored !== 'hit';
  const names = wish.names.join(', ');
  const from = restored === 'hit' ? 'from the cache' : isNew ? 'installed' : 'there already';
  return { save: isNew ? entry : undefined, text: `${names} for Playwright ${playwright.version}, ${from}` };
}

async function restoreEntry(entry: StoreCache, cache: CacheAccess): Promise<'hit' | 'miss'> {
  await mkdir(entry.store, { recursive: true });
  return (await restoreStore(entry, cache)).kind === 'hit' ? 'hit' : 'miss';
}

/** One entry for each Playwright and choice of browsers. WebKit's folder has links, which the cache does not take. */
function entryOf({ playwright, wish, image }: BrowserSearch, store: string): StoreCache | undefined {
  if (wish.names.includes('webkit')) return undefined;
  const parts = [process.platform, process.arch, image ?? 'own', playwright.version, ...wish.names];
  const shell = wish.onlyShell ? ['shell'] : [];
  const key = ['pipelines-smoke-browsers', ...parts, ...shell].join('-').replace(/[^A-Za-z0-9._-]/g, '_');
  return { key, restoreKeys: [], store };
}

async function foldersIn(store: string | undefined): Promise<readonly string[]> {
  if (store === undefined) return [];
  try {
    return (await readdir(store)).filter((name) => /^[a-z_]+-\d+$/.test(name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Longest time to download and unpack browsers, in milliseconds. */
const INSTALL_LIMIT = 600_000;

async function install({ playwright, wish, folder, environment, signal, image }: BrowserSearch): Promise<void> {
  // Firefox and WebKit need libraries that GitHub's images do not have; only those let a job install them.
  const needsLibraries = wish.names.some((name) => name !== 'chromium') && image !== undefined;
  const options = [...(wish.onlyShell ? ['--only-shell'] : []), ...(needsLibraries ? ['--with-deps'] : [])];
  const { exitCode, endedBy, duration, stdout, stderr } = await capture(
    await nodeOf(environment),
    [playwright.cli, 'install', ...options, ...wish.names],
    { cwd: folder, env: environment, signal, timeout: INSTALL_LIMIT },
  );
  signal.throwIfAborted();
  if (exitCode === 0 && endedBy === 'itself') return;
  const said = `${stdout}\n${stderr}`.trim().slice(-400);
  throw new OutsideFault(
    {
      code: 'PIPE-SMOKE-010',
      what: `the browsers of Playwright ${playwright.version} could not be installed`,
      given: shown(said, 400),
      remedy: 'run the job again; behind a firewall set PLAYWRIGHT_DOWNLOAD_HOST, or have them on the runner',
      state: 'nothing was tested',
    },
    { service: "Playwright's download site", tries: 1, elapsed: duration },
  );
}
