import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { inFolder, upwards } from '../plan/paths.ts';
import type { Environment } from '../runtime/environment.ts';
import { readTextFile } from '../runtime/files.ts';
import { capture } from '../runtime/process.ts';
import { isMap } from '../runtime/yaml.ts';
import type { Lockfile } from './lockfiles.ts';
import { lockfileHash } from './lockfiles.ts';
import { isMusl } from './native-program.ts';
import { lifecycleScripts, type TreeProject } from './tree-project.ts';
import { PATCH } from './tree-sources.ts';
import { YARN_PROGRAMS } from './tree-yarn.ts';

/** Everything beside the repository that an install depends on. */
export interface TreeSurroundings {
  /** The exact version, without `v`. */
  readonly node: string;
  readonly manager: { readonly name: string; readonly version: string };
  /** Further arguments of the install. */
  readonly args: readonly string[];
  readonly platform: string;
  readonly arch: string;
  /** Of project code. */
  readonly environment: Environment;
  /** Absolute path of the repository: programs of pnpm hold it. */
  readonly workspace: string;
  readonly signal: AbortSignal;
}

/** Variables that change what an install does or builds. */
const VARIABLES =
  /^(?:npm_config_|pnpm_config_|YARN_|PNPM_|BUN_|COREPACK_|NODE_ENV$|NODE_OPTIONS$|ImageOS$|CC$|CXX$|AR$|LD$|LDFLAGS$|CFLAGS$|CXXFLAGS$|CPPFLAGS$|MAKEFLAGS$|PYTHON$|GYP_|SHARP_|PRISMA_|PUPPETEER_|PLAYWRIGHT_|CYPRESS_|ELECTRON_|SENTRYCLI_|ESBUILD_|SWC_|NX_|HUSKY$|.*_BINARY(?:_|$)|.*_MIRROR$|.*SKIP_.*(?:DOWNLOAD|INSTALL|POSTINSTALL))/i;

/** Settings of package managers, beside any package.json. */
const SETTINGS = [
  '.npmrc',
  'pnpm-workspace.yaml',
  '.yarnrc',
  '.yarnrc.yml',
  'bunfig.toml',
  '.node-gyprc',
  'binding.gyp',
];

/**
 * The key of the installed tree: of all that an install reads, so that anything else gets another key. There is no
 * prefix under which another tree would be taken: a tree that is nearly right is wrong.
 *
 * @throws those of readTextFile and lockfileHash
 */
export async function treeKey(project: TreeProject, lockfile: Lockfile, around: TreeSurroundings): Promise<string> {
  const { files, manifests } = project;
  const { node, manager, args, platform, arch, environment, workspace, signal } = around;
  const hash = createHash('sha256');
  const add = (name: string, value: unknown) => hash.update(`${JSON.stringify([name, value])}\n`);
  add('form', 2);
  add('machine', [platform, arch, await cLibrary(environment, signal), node, manager.name, manager.version, args]);
  add('workspace', workspace);
  const variables = Object.entries(environment).filter(([name]) => VARIABLES.test(name));
  add(
    'variables',
    variables.sort(([first], [second]) => (first < second ? -1 : 1)),
  );
  add('user', await userSettings(environment, workspace));
  add('lockfile', [lockfile.place, await lockfileHash(lockfile)]);
  for (const manifest of manifests) add(manifest.directory, installed(manifest.json, lifecycleScripts(manifest)));
  // Yarn reads its settings in every folder upwards.
  const folders = [...new Set([...upwards(project.folder), ...manifests.map(({ directory }) => directory)])];
  const settings = folders.flatMap((folder) => SETTINGS.map((name) => inFolder(folder, name))).filter(files.has);
  for (const path of [...settings, ...readByScripts(files.paths)]) add(path, await files.read(path, 16 * 1024 * 1024));
  const names = ['pipelines-tree', platform, arch, `${manager.name}${manager.version}`, `node${node}`];
  return `${names.join('-').replace(/[^A-Za-z0-9._-]/g, '_')}-${hash.digest('hex').slice(0, 40)}`;
}

/** package.json as far as an install reads it: all but scripts that it does not run. */
function installed(json: unknown, scripts: readonly (readonly [string, string])[]): unknown {
  return isMap(json) ? { ...json, scripts } : json;
}

/**
 * Patches of packages, schemas that scripts of packages read (@prisma/client generates from them), and the project's own
 * Yarn.
 */
function readByScripts(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => PATCH.test(path) || path.endsWith('.prisma') || YARN_PROGRAMS.test(path));
}

/** Which C library a program is loaded with, with its version: what is built here runs with it. */
async function cLibrary(environment: Environment, signal: AbortSignal): Promise<string> {
  if (await isMusl()) return 'musl';
  const { stdout } = await capture('getconf', ['GNU_LIBC_VERSION'], {
    cwd: '/',
    env: environment,
    signal,
    timeout: 10_000,
  });
  return stdout.trim();
}

/** Settings of package managers in a home folder. */
const OF_THE_USER = ['.yarnrc', '.yarnrc.yml', '.bunfig.toml', '.config/.bunfig.toml', '.config/pnpm/rc'];

/** Lines that hold credentials or say whose they are. */
const CREDENTIAL = /_auth|npmAuth|_?password|\btoken\b|username|email/i;

/**
 * The settings of package managers outside the repository, without credentials, which are others in each run: the
 * user's, and those of Yarn in the folders above.
 */
async function userSettings(environment: Environment, workspace: string): Promise<readonly (readonly string[])[]> {
  const home = environment['HOME'] ?? '';
  const named = Object.entries(environment).find(([name]) => /^npm_config_userconfig$/i.test(name))?.[1];
  const npm = named ?? (home === '' ? [] : join(home, '.npmrc'));
  const own = home === '' ? [] : OF_THE_USER.map((name) => join(home, name));
  const settings: string[][] = [];
  for (const file of [npm, own, yarnSettingsAbove(workspace)].flat()) {
    const text = await readTextFile(file, 1024 * 1024);
    const lines = (text ?? '').split(/\r?\n/).filter((line) => line.trim() !== '' && !CREDENTIAL.test(line));
    if (lines.length > 0) settings.push(lines);
  }
  return settings;
}

function yarnSettingsAbove(workspace: string): readonly string[] {
  const files: string[] = [];
  for (let folder = dirname(workspace); ; folder = dirname(folder)) {
    files.push(join(folder, '.yarnrc.yml'));
    if (dirname(folder) === folder) return files;
  }
}
