import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { serveCache } from '../test/support/cache/serve.ts';
import { root } from '../tools/install/root.ts';
import { type Command, median, timeOf } from './measure.ts';
import { manyPackages } from './setup-tree.ts';

const PACKAGES = 600;
const PAIRS = 5;

/** The action setup where it puts the installed tree back, beside `npm ci` with everything in npm's own cache. */
export async function benchSetup(): Promise<string[][]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-setup-'));
  const many = await manyPackages(PACKAGES);
  const cache = await serveCache({ folder: join(folder, 'entries') });
  try {
    const project = join(folder, 'work/project');
    await mkdir(project, { recursive: true });
    for (const [name, content] of Object.entries(many.files)) await writeFile(join(project, name), content);
    const home = join(folder, 'home');
    await mkdir(home);
    await writeFile(join(home, '.npmrc'), `registry=${many.registry.url}/\n`);
    const peer: Command = { program: 'npm', args: ['ci'], cwd: project, env: { HOME: home, CI: 'true' } };
    const step = await stepIn(folder, project, home, cache.environment);
    // The first run fills npm's cache and leaves the tree for the others.
    await timeOf(step.first);
    const stateOfFirst = await step.post();
    let moved = 0;
    // Moved away, not removed: a file system that has just lost as many files makes new ones several times slower, and
    // a runner is fresh.
    const warm = async (command: Command) => {
      moved += 1;
      await rename(join(project, 'node_modules'), join(folder, `old-${moved}`));
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
    return [[what, `${ours.toFixed(0)} ms`, `npm ci, warm: ${theirs.toFixed(0)} ms`, ratio.toFixed(2), 'at most 0.2']];
  } finally {
    await cache.close();
    await many.registry.close();
    await rm(folder, { recursive: true, force: true });
  }
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
    post: async () => {
      const state = await readFile(file('state'), 'utf8');
      const found = [...state.matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n\2$/gm)];
      const saved = Object.fromEntries(found.map(([, name, , value]) => [`STATE_${name}`, value ?? '']));
      // The packages themselves are not measured here: only the tree's entry is left.
      await timeOf(command('push', { ...saved, STATE_store: '' }));
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
