import { dirname } from 'node:path';
import type { Environment } from '../runtime/environment.ts';
import { isLoopback } from '../runtime/loopback.ts';
import type { Dialect } from './dialect.ts';
import type { LockedPackage } from './locked-packages.ts';
import type { RegistryToken } from './npm-token.ts';
import { bunLockfile, yarnClassicProjects, yarnLockfile } from './private-lockfiles.ts';
import { isBelow, npmSpecs, pnpmLockfile } from './private-packages.ts';
import { npmrcOf, type RegistrySettings, registryOf } from './registry-settings.ts';

/** What fetches private packages into the store: files of an empty folder, and commands to run there. */
export interface FetchPlan {
  /** Path to content; some hold the token. */
  readonly files: Readonly<Record<string, string>>;
  readonly commands: readonly (readonly string[])[];
  readonly environment: Environment;
}

export interface FetchWish {
  readonly packages: readonly LockedPackage[];
  readonly token: RegistryToken;
  /** The project's registries. */
  readonly settings: RegistrySettings;
  /** The registry that is set up outside the project. */
  readonly outside: string;
  /** The store that the install will use; its own default where it is not known. */
  readonly store: string | undefined;
  /** Version of the lockfile's format, where the package manager's lockfile has one. */
  readonly format: string;
  /** What Yarn's archives are packed by: part of their names. */
  readonly yarn: YarnArchives;
}

/** Settings of Yarn's that its archives' names depend on. */
export interface YarnArchives {
  /** `cacheKey` of the lockfile. */
  readonly cacheKey: string | undefined;
  /** `compressionLevel` of .yarnrc.yml. */
  readonly compressionLevel: string | undefined;
}

/** The plan for a package manager. No script of a package runs, and nothing of the project is there but names. */
export function fetchPlan(dialect: Dialect, wish: FetchWish): FetchPlan {
  const plan = PLANS[dialect](wish);
  return { ...plan, files: { '.npmrc': npmrcOf(wish.settings), 'package.json': EMPTY, ...plan.files } };
}

const EMPTY = '{"private":true}\n';

/** Archives fetched by one process: far below the limit of a command line. */
const AT_ONCE = 400;

const PLANS: Readonly<Record<Dialect, (wish: FetchWish) => FetchPlan>> = {
  npm: ({ packages, token, store }) => {
    const archives = npmSpecs(packages, token);
    const cache = store === undefined ? [] : ['--cache', dirname(store)];
    const count = Math.ceil(archives.length / AT_ONCE);
    const commands = Array.from({ length: count }, (_, index) => {
      return ['cache', 'add', '--prefer-offline', ...cache, ...archives.slice(index * AT_ONCE, (index + 1) * AT_ONCE)];
    });
    return { files: {}, commands, environment: {} };
  },
  pnpm: ({ packages, token, store, format }) => ({
    files: { 'pnpm-lock.yaml': pnpmLockfile(packages, token, format) },
    commands: [['fetch', '--ignore-scripts', ...(store === undefined ? [] : ['--store-dir', store])]],
    environment: {},
  }),
  'yarn-classic': ({ packages, token, settings, store }) => {
    const projects = yarnClassicProjects(packages, token);
    const files = projects.map(({ manifest, lockfile }, index): [string, string][] => [
      [`${index}/package.json`, manifest],
      [`${index}/yarn.lock`, lockfile],
    ]);
    const quiet = ['--ignore-scripts', '--ignore-engines', '--ignore-platform', '--non-interactive', '--no-bin-links'];
    return {
      // Yarn 1 sends a token to packages without a scope only when it is told to.
      files: { ...Object.fromEntries(files.flat()), '.npmrc': `${npmrcOf(settings)}always-auth=true\n` },
      commands: projects.map((_, index) => ['--cwd', String(index), 'install', '--frozen-lockfile', ...quiet]),
      environment: { YARN_IGNORE_PATH: '1', ...(store === undefined ? {} : { YARN_CACHE_FOLDER: dirname(store) }) },
    };
  },
  yarn: ({ packages, token, settings, outside, format, yarn }) => {
    // Yarn sends the token of a scope's registry to whatever address the lockfile gives a package of the scope.
    const own = packages.filter(({ resolved }) => resolved === undefined || isBelow(resolved, token.registry));
    const { lockfile, manifest } = yarnLockfile(own, format, yarn.cacheKey);
    const { compressionLevel } = yarn;
    return {
      files: { 'yarn.lock': lockfile, 'package.json': manifest, '.yarnrc.yml': yarnSettings(token, settings, outside) },
      commands: [['install', '--mode=skip-build']],
      environment: {
        YARN_IGNORE_PATH: '1',
        YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
        YARN_ENABLE_SCRIPTS: 'false',
        YARN_ENABLE_GLOBAL_CACHE: 'true',
        ...(compressionLevel === undefined ? {} : { YARN_COMPRESSION_LEVEL: compressionLevel }),
      },
    };
  },
  bun: ({ packages, token, settings, outside, store }) => {
    const { lockfile, manifest } = bunLockfile(packages, token);
    return {
      files: {
        'bun.lock': lockfile,
        'package.json': manifest,
        'bunfig.toml': bunSettings(packages, token, settings, outside),
      },
      commands: [['install', '--ignore-scripts', '--no-save', '--no-progress']],
      environment: store === undefined ? {} : { BUN_INSTALL_CACHE_DIR: store },
    };
  },
};

/** A .yarnrc.yml (yarnpkg.com/configuration/yarnrc) with the registries and the token for its one; JSON is YAML. */
function yarnSettings({ registry, token }: RegistryToken, settings: RegistrySettings, outside: string): string {
  const scopes = [...settings.scopes].map(([scope, address]) => [scope.slice(1), { npmRegistryServer: address }]);
  const { host, hostname } = new URL(registry);
  return JSON.stringify({
    npmRegistryServer: settings.fallback ?? outside,
    npmScopes: Object.fromEntries(scopes),
    npmRegistries: { [registry.replace(/^https?:/, '')]: { npmAuthToken: token, npmAlwaysAuth: true } },
    nodeLinker: 'pnp',
    ...(isLoopback(host) ? { unsafeHttpWhitelist: [hostname] } : {}),
  });
}

/** A bunfig.toml (bun.com/docs/runtime/bunfig) with the registries; the token stands only where its registry does. */
function bunSettings(
  packages: readonly LockedPackage[],
  { registry, token }: RegistryToken,
  settings: RegistrySettings,
  outside: string,
): string {
  const entry = (address: string) => {
    const isOwn = address === registry;
    return `{ url = ${JSON.stringify(`${address}/`)}${isOwn ? `, token = ${JSON.stringify(token)}` : ''} }`;
  };
  // A scope whose archives the lockfile places below the token's registry is its own, whatever else is said.
  const own = packages.filter(({ name }) => name.startsWith('@')).map(({ name }) => name.slice(0, name.indexOf('/')));
  const scopes = new Map([...settings.scopes, ...own.map((scope) => [scope, registry] as const)]);
  return [
    '[install]',
    `registry = ${entry(own.length === packages.length ? registryOf('', settings, outside) : registry)}`,
    '[install.scopes]',
    ...[...scopes].map(([scope, address]) => `${JSON.stringify(scope)} = ${entry(address)}`),
    '',
  ].join('\n');
}
