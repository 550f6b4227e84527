import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { NATIVE_BUN, REAL, realPackage } from '../test/setup/real-packages.ts';
import { serveCache } from '../test/support/cache/serve.ts';
import type { TestPackage } from '../test/support/registry/registry.ts';
import { root } from '../tools/install/root.ts';
import { type Command, median, timeOf } from './measure.ts';
import { type ManyPackages, manyPackages } from './setup-tree.ts';

const PACKAGES = 600;
const PAIRS = 5;

/** A package manager, the packages that it is in, and how it installs with everything in its own store. */
interface Peer {
  readonly name: string;
  readonly packages: readonly (readonly [string, string])[];
  /** Its program, from the folder of its package; npm is on PATH. */
  readonly program?: string;
  /** Makes the lockfile; npm's is written with the packages. */
  readonly lock: readonly string[];
  readonly install: readonly string[];
  /** Folder of its store in the home folder where it is compared on a fresh machine: the action's own install, store from the cache. */
  readonly fresh?: string;
  readonly goal: string;
}

const PEERS: readonly Peer[] = [
  { name: 'npm', packages: [], lock: [], install: ['ci'], goal: 'at most 0.2' },
  {
    name: 'yarn',
    packages: [['@yarnpkg/cli-dist', REAL.yarn]],
    program: 'bin/yarn.js',
    lock: ['install', '--mode=update-lockfile'],
    install: ['install', '--immutable'],
    goal: '',
  },
  {
    name: 'bun',
    packages: [
      [NATIVE_BUN, REAL.bun],
      ['bun', REAL.bun],
    ],
    program: 'bin/bun',
    lock: ['install', '--lockfile-only'],
    install: ['install', '--frozen-lockfile'],
    // With everything on the machine bun installs faster than any cache is read; no hosted runner has it there.
    fresh: '.bun',
    goal: 'below 1',
  },
];

/** The action setup where it puts the installed tree back, beside installs with everything in the manager's own store. */
export async function benchSetup(): Promise<string[][]> {
  const rows: string[][] = [];
  for (const peer of PEERS) rows.push(await besides(peer));
  return rows;
}

async function besides(manager: Peer): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-setup-'));
  const published = await Promise.all(manager.packages.map(([name, version]) => realPackage(name, version)));
  const many = await manyPackages(PACKAGES, published);
  const cache = await serveCache({ folder: join(folder, 'entries') });
  try {
    const project = join(folder, 'work/project');
    await mkdir(project, { recursive: true });
    const home = join(folder, 'home');
    await mkdir(home);
    await writeFile(join(home, '.npmrc'), `registry=${many.registry.url}/\n`);
    const yarnrc = `npmRegistryServer: ${many.registry.url}\nunsafeHttpWhitelist: [127.0.0.1]\n`;
    await writeFile(join(home, '.yarnrc.yml'), yarnrc);
    const program = await programOf(manager, published, folder);
    const peerCommand = (args: readonly string[]): Command => {
      return {
        program,
        args,
        cwd: project,
        env: { HOME: home, CI: 'true', PATH: `${dirname(process.execPath)}:${PATH}` },
      };
    };
    await writeProject(project, many.files, manager);
    if (manager.lock.length > 0) await timeOf(peerCommand(manager.lock));
    const step = await stepIn(folder, project, home, cache.environment);
    const { fresh } = manager;
    const installing: Command = { ...step.again, env: { ...step.again.env, 'INPUT_WARM-INSTALL': 'never' } };
    const peer = fresh === undefined ? peerCommand(manager.install) : installing;
    const left = [
      join(project, 'node_modules'),
      join(project, '.yarn'),
      ...(fresh === undefined ? [] : [join(home, fresh)]),
    ];
    // The first run fills the manager's own store and leaves the tree for the others.
    await timeOf(step.first);
    const stateOfFirst = await step.post(fresh !== undefined);
    let moved = 0;
    // Moved away, not removed: a file system that has just lost as many files makes new ones several times slower, and
    // a runner is fresh.
    const warm = async (command: Command) => {
      moved += 1;
      await mkdir(join(folder, `old-${moved}`));
      for (const path of left) {
        await rename(path, join(folder, `old-${moved}`, basename(path))).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== 'ENOENT') throw error;
        });
      }
      return timeOf(command);
    };
    await warm(peer);
    await warm(step.again);
    const pairs: { readonly ours: number; readonly peer: number }[] = [];
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const first = await warm(pair % 2 === 0 ? step.again : peer);
      const second = await warm(pair % 2 === 0 ? peer : step.again);
      pairs.push(pair % 2 === 0 ? { ours: first, peer: second } : { ours: second, peer: first });
    }
    const ours = median(pairs.map((pair) => pair.ours));
    const theirs = median(pairs.map((pair) => pair.peer));
    const ratio = median(pairs.map((pair) => pair.ours / pair.peer));
    const size = `${many.fileCount} files, ${(many.bytes / 1e6).toFixed(0)} MB, ${stateOfFirst} moved`;
    const what = `setup of ${PACKAGES} packages (${size})`;
    const how = fresh === undefined ? 'warm' : 'store from the cache';
    const command = `${manager.name} ${manager.install.join(' ')}, ${how}`;
    return [what, `${ours.toFixed(0)} ms`, `${command}: ${theirs.toFixed(0)} ms`, ratio.toFixed(2), manager.goal];
  } finally {
    await cache.close();
    await many.registry.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const PATH = process.env['PATH'] ?? '';

async function writeProject(project: string, files: ManyPackages['files'], { name, packages }: Peer): Promise<void> {
  const [, version] = packages.at(-1) ?? [];
  if (version === undefined) {
    for (const [file, content] of Object.entries(files)) await writeFile(join(project, file), content);
    return;
  }
  const manifest = JSON.parse(files['package.json'] ?? '{}') as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const dependencies = Object.fromEntries(Object.entries(manifest.dependencies).sort());
  const trusted = name === 'bun' ? { trustedDependencies: Object.keys(dependencies) } : {};
  const own = { ...manifest, packageManager: `${name}@${version}`, dependencies, ...trusted };
  await writeFile(join(project, 'package.json'), `${JSON.stringify(own, undefined, 2)}\n`);
  if (name === 'yarn') {
    await writeFile(join(project, '.yarnrc.yml'), 'nodeLinker: node-modules\n');
    await writeFile(join(project, 'yarn.lock'), '');
  }
}

/** Unpacks the program of a package manager. */
async function programOf({ program }: Peer, [archive]: readonly TestPackage[], folder: string): Promise<string> {
  if (program === undefined || archive?.archive === undefined) return 'npm';
  const into = join(folder, 'manager');
  await mkdir(into);
  await writeFile(join(into, 'package.tgz'), archive.archive);
  await timeOf({ program: 'tar', args: ['-xzf', 'package.tgz', '--strip-components=1'], cwd: into });
  await chmod(join(into, program), 0o755);
  return join(into, program);
}

/** The step as GitHub would run it: in a push first, then in a pull request. */
async function stepIn(folder: string, project: string, home: string, service: Readonly<Record<string, string>>) {
  const file = (name: string) => join(folder, 'commands', name);
  await mkdir(dirname(file('x')), { recursive: true });
  for (const name of ['output', 'path', 'env', 'state', 'summary']) await writeFile(file(name), '');
  const temp = join(folder, 'temp');
  await mkdir(temp);
  const env = {
    ...service,
    HOME: home,
    CI: 'true',
    GITHUB_WORKSPACE: project,
    RUNNER_TEMP: temp,
    RUNNER_TOOL_CACHE: join(folder, 'tools'),
    GITHUB_OUTPUT: file('output'),
    GITHUB_PATH: file('path'),
    GITHUB_ENV: file('env'),
    GITHUB_STATE: file('state'),
    GITHUB_STEP_SUMMARY: file('summary'),
  };
  const command = (event: string, more: Readonly<Record<string, string>> = {}): Command => ({
    program: process.execPath,
    args: [join(root, 'dist/setup.js')],
    cwd: project,
    env: { ...env, GITHUB_EVENT_NAME: event, ...more },
  });
  return {
    first: command('push'),
    again: command('pull_request'),
    /** Runs the post part of the first run, and says how large the entry is. */
    post: async (withStore: boolean) => {
      const state = await readFile(file('state'), 'utf8');
      const found = [...state.matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n\2$/gm)];
      const saved = Object.fromEntries(found.map(([, name, , value]) => [`STATE_${name}`, value ?? '']));
      // Where the packages themselves are not measured, only the tree's entry is left.
      await timeOf(command('push', withStore ? saved : { ...saved, STATE_store: '' }));
      return sizeOf(join(folder, 'entries'));
    },
  };
}

async function sizeOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
  return `${(sizes.reduce((sum, size) => sum + size, 0) / 1e6).toFixed(1)} MB`;
}
