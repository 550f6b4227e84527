import { execFile } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import type { Environment } from '../../src/runtime/environment.ts';
import { createHttp } from '../../src/runtime/http.ts';
import { type Dialect, dialectOf } from '../../src/setup/dialect.ts';
import { type ManagerName, nearestLockfiles } from '../../src/setup/lockfiles.ts';
import { managerOnPath, provideManager } from '../../src/setup/manager.ts';
import type { ManagerInstallation } from '../../src/setup/manager-source.ts';
import { type RegistryToken, registryToken } from '../../src/setup/npm-token.ts';
import { withPath } from '../../src/setup/programs.ts';
import { installProject, tokenFolderIn } from '../../src/setup/project-step.ts';
import { packageStore } from '../../src/setup/store.ts';
import { startRegistry, type TestPackage } from '../support/registry/registry.ts';
import { NATIVE_BUN, NATIVE_PACKAGE, REAL, realPackage } from './real-packages.ts';
import { addFiles, workspaceWith } from './workspace.ts';

const run = promisify(execFile);

export const TOKEN = 'npmTestTokenThatNobodyElseMayEverSee';
const nodeFolder = join(process.execPath, '..');

/** Looks for the token in its environment and in every file that it could think of, and writes down where it is. */
export const SPY = `
const fs = require('fs'), path = require('path');
const needle = '${[...TOKEN].reverse().join('')}'.split('').reverse().join('');
const found = Object.entries(process.env).filter(([, value]) => value.includes(needle)).map(([name]) => 'env ' + name);
const look = (place, depth) => {
  let stat; try { stat = fs.lstatSync(place); } catch { return; }
  if (stat.isDirectory() && depth < 5) for (const name of fs.readdirSync(place)) look(path.join(place, name), depth + 1);
  else if (stat.isFile() && stat.size < 1e6 && fs.readFileSync(place, 'latin1').includes(needle)) found.push(place);
};
for (const place of [process.env.TEST_TEMP, process.env.HOME, process.env.npm_config_userconfig, process.env.NPM_CONFIG_USERCONFIG]) if (place) look(place, 0);
fs.appendFileSync(process.env.TEST_REPORT, [process.env.npm_lifecycle_event || 'pnpmfile', ...found].join(' ') + '\\n');
`;

export interface Runner {
  readonly temp: string;
  readonly home: string;
  /** Where the spy reports. */
  readonly report: () => Promise<readonly string[]>;
  readonly environment: Environment;
}

/** Folders of a runner, with the registry that is set up outside the project. */
export async function runner(registry: string, userConfig = ''): Promise<Runner> {
  const root = await workspaceWith({
    'home/.npmrc': `registry=${registry}/\n${userConfig}`,
    // Yarn does not ask npm where packages come from.
    'home/.yarnrc.yml': `npmRegistryServer: ${registry}\nunsafeHttpWhitelist: [127.0.0.1]\n`,
    'temp/keep': '',
    report: '',
  });
  const temp = join(root, 'temp');
  const home = join(root, 'home');
  const environment = {
    ...withPath({ PATH: process.env['PATH'] ?? '' }, [nodeFolder]),
    HOME: home,
    CI: 'true',
    TEST_TEMP: temp,
    TEST_REPORT: join(root, 'report'),
    npm_config_fetch_retries: '0',
    pnpm_config_fetch_retries: '0',
    YARN_HTTP_RETRY: '0',
    YARN_CACHE_FOLDER: join(home, 'yarn-cache'),
  };
  const report = async () => (await readFile(join(root, 'report'), 'utf8')).split('\n').filter((line) => line !== '');
  return { temp, home, report, environment };
}

const managers = new Map<string, Promise<ManagerInstallation>>();

/** The kinds of package managers that the tests install. */
export type ManagerKind = keyof typeof REAL;

/** A real package manager: npm as it is on this machine, the others through the code that downloads them. */
export function manager(which: ManagerKind, folder: string): Promise<ManagerInstallation> {
  const known = managers.get(which);
  const provided = known ?? provide(which, folder);
  managers.set(which, provided);
  return provided;
}

async function provide(which: ManagerKind, folder: string): Promise<ManagerInstallation> {
  const environment = withPath({ PATH: process.env['PATH'] ?? '', HOME: folder }, [nodeFolder]);
  const { signal } = new AbortController();
  if (which === 'npm') {
    const own = await managerOnPath('npm', environment, folder, signal);
    if (own === undefined) throw new Error('these tests need npm on PATH');
    return own;
  }
  const version = REAL[which];
  const name = nameOf(which);
  const server = await startRegistry({ packages: await publishedAs(which) });
  const http = createHttp({ environment: {}, service: 'the npm registry', code: 'PIPE-SETUP-018' });
  const cache = { root: join(folder, 'tools'), arch: process.arch };
  const client = { http, signal, registry: { url: server.url, token: undefined } };
  const from = { cache, client, environment, platform: process.platform, node: process.versions.node };
  try {
    return await provideManager({ name, version, reason: '' }, undefined, undefined, async () => from, from);
  } finally {
    http.close();
    await server.close();
  }
}

/** Name of the program. */
export function nameOf(which: ManagerKind): ManagerName {
  if (which === 'npm') return 'npm';
  return /pnpm/i.test(which) ? 'pnpm' : /yarn/i.test(which) ? 'yarn' : 'bun';
}

/** The packages of the registry that a package manager is in. */
export async function publishedAs(which: ManagerKind): Promise<TestPackage[]> {
  const version = REAL[which];
  const isBerry = which === 'yarn' || which === 'oldYarn' || which === 'secondYarn';
  const name = isBerry ? '@yarnpkg/cli-dist' : nameOf(which);
  const native = which === 'nativePnpm' ? [NATIVE_PACKAGE] : name === 'bun' ? [NATIVE_BUN] : [];
  return Promise.all([name, ...native].map((each) => realPackage(each, version)));
}

/** Public and private packages, some with scripts. */
export const packages: readonly TestPackage[] = [
  { name: 'left', version: '1.0.0', files: { 'index.js': 'module.exports = 1' } },
  { name: 'left', version: '1.1.0' },
  {
    name: 'scripted',
    version: '1.0.0',
    manifest: { scripts: { postinstall: 'node spy.cjs' } },
    files: { 'spy.cjs': SPY },
  },
  {
    name: '@acme/secret',
    version: '2.0.0',
    manifest: { dependencies: { left: '^1.0.0' } },
    files: { 'index.js': 'module.exports = 2' },
  },
];

export async function acmeRegistry() {
  const server = await startRegistry({ packages, token: TOKEN, isPrivate: (name) => name.startsWith('@acme/') });
  onTestFinished(() => server.close());
  return server;
}

/** How each writes a lockfile and nothing else. */
export const LOCKS: Readonly<Record<Dialect, readonly string[]>> = {
  npm: ['install', '--package-lock-only', '--no-audit', '--ignore-scripts'],
  pnpm: ['install', '--lockfile-only', '--no-frozen-lockfile', '--ignore-scripts'],
  'yarn-classic': ['install', '--ignore-scripts', '--ignore-engines', '--non-interactive'],
  yarn: ['install', '--mode=update-lockfile'],
  bun: ['install', '--lockfile-only', '--ignore-scripts'],
};

/** A project with the lockfile that the real package manager writes for it. */
export async function lockedProject(
  by: ManagerInstallation,
  files: Readonly<Record<string, string>>,
  { environment, temp }: Runner,
  registry: string,
): Promise<string> {
  const folder = await workspaceWith(files);
  const config = join(temp, 'lock.npmrc');
  await addFiles(temp, { 'lock.npmrc': `registry=${registry}/\n//${new URL(registry).host}/:_authToken=${TOKEN}\n` });
  // Yarn 2 has no mode for it.
  const args = by.name === 'yarn' && by.version.startsWith('2.') ? ['install', '--skip-builds'] : LOCKS[dialectOf(by)];
  const env = {
    ...withPath(environment, [by.folder]),
    NPM_CONFIG_USERCONFIG: config,
    npm_config_cache: join(temp, 'lock'),
    YARN_CACHE_FOLDER: join(temp, 'lock'),
    YARN_GLOBAL_FOLDER: join(temp, 'lock'),
    YARN_NPM_AUTH_TOKEN: TOKEN,
    YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
    BUN_INSTALL_CACHE_DIR: join(temp, 'lock'),
    BUN_CONFIG_TOKEN: TOKEN,
  };
  await run(join(by.folder, by.name), args, { cwd: folder, env });
  await rm(config);
  await rm(join(temp, 'lock'), { recursive: true, force: true });
  return folder;
}

export interface InstallOptions {
  readonly token?: string;
  /** Registry of the token; default: the one outside. */
  readonly registry: string;
  readonly args?: readonly string[];
  readonly environment?: Environment;
}

/** Installs as the action does, and returns what came of it with the log. */
export async function installIn(folder: string, by: ManagerInstallation, at: Runner, options: InstallOptions) {
  const environment = {
    ...withPath(at.environment, by.origin === 'runner' ? [] : [by.folder]),
    ...options.environment,
  };
  const { signal } = new AbortController();
  const [lockfile] = await nearestLockfiles(folder, [folder]);
  if (lockfile === undefined) throw new Error('the project has no lockfile');
  const token: RegistryToken | undefined =
    options.token === undefined ? undefined : registryToken(options.token, options.registry);
  const program = join(by.folder, by.name);
  const store = await packageStore({
    dialect: dialectOf(by),
    program,
    cwd: folder,
    env: environment,
    signal,
    kept: [folder],
  });
  await mkdir(at.temp, { recursive: true });
  const log: string[] = [];
  const outcome = await installProject({
    manager: by,
    lockfile,
    args: options.args ?? [],
    environment,
    token,
    outsideRegistry: async () => options.registry,
    store: async () => store,
    tokenFolder: tokenFolderIn(at.temp),
    host: { platform: process.platform, arch: process.arch },
    signal,
    openGroup: (title) => {
      log.push(`# ${title}\n`);
      return { write: (text) => void log.push(text), close: () => undefined };
    },
  });
  return { outcome, log: log.join(''), store };
}
