import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type CloudService, startCloudProxy } from '../test/support/cloud-proxy.ts';
import { startVercelCli } from '../test/support/vercel/cli.ts';
import { addProject } from '../test/support/vercel/state.ts';
import { createVercel } from '../test/support/vercel/vercel.ts';
import { root } from '../tools/install/root.ts';
import { type Command, compare, timeOf } from './measure.ts';

const TEAM = 'team_5HkRqWcTzYbNdLpXvMgJfSa2';
const TOKEN = 'vcp_tokenOfTheBench0123456789';

/** Files of the output; one of them changes with each deployment. */
const FILES = 100;

/** Round-trip times that a call is given, in milliseconds. */
const LATENCIES = [0, 80];

/** What the action does, by Vercel's own program: `$0 $1` is that. */
const IN_STEPS = 'url=$("$0" "$1" deploy --prebuilt --prod --skip-domain --yes) && "$0" "$1" promote "$url" --yes';

const seconds = (milliseconds: number) => `${(milliseconds / 1_000).toFixed(2)} s`;

/**
 * A deployment of the output of a build of which one file changed, from the files of a checkout to what serves: the
 * action, which stages and then promotes, beside the one command of Vercel's own program that goes live at once, and
 * beside the two that do what the action does. Vercel itself takes no time, and nobody removes old deployments.
 */
export async function benchVercel(): Promise<string[][]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-vercel-'));
  try {
    await writeOutput(folder);
    const rows: string[][] = [];
    const installed = await installation(folder);
    for (const latency of LATENCIES) rows.push(...(await measure(folder, latency, installed)));
    return [...rows, ['deploy-vercel, installed at run time', '0 bytes', 'vercel: 360 MB', '', '0 bytes']];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, latency: number, installed: number): Promise<string[][]> {
  const { services, state } = createVercel({ behaviour: { reads: 0 } });
  state.teams.push({ id: TEAM, slug: 'acme', name: 'Acme', plan: 'pro' });
  const tokens = [{ value: TOKEN, scopes: [TEAM] }];
  const user = { id: 'usr_ada', username: 'ada', email: 'ada@acme.example', name: 'Ada', tokens };
  state.users.push({ ...user, defaultTeamId: TEAM });
  const project = addProject(state, { name: 'web', accountId: TEAM });
  const slow = (service: CloudService): CloudService => {
    return async (request) => {
      await delay(latency);
      return service(request);
    };
  };
  const proxy = await startCloudProxy(
    Object.fromEntries(Object.entries(services).map(([host, one]) => [host, slow(one)])),
  );
  const cli = await startVercelCli(proxy, TOKEN);
  try {
    await cli.link(folder, project);
    const ours = changing(folder, [process.execPath, join(root, 'dist/deploy-vercel.js')], {
      ...proxy.environment,
      GITHUB_WORKSPACE: folder,
      GITHUB_SHA: 'a'.repeat(40),
      RUNNER_TEMP: join(folder, 'temp'),
      INPUT_TEAM: 'acme',
      INPUT_PROJECT: 'web',
      INPUT_TOKEN: TOKEN,
      INPUT_HEALTH: 'off',
      INPUT_KEEP: '50',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'acme/web',
    });
    const program = [process.execPath, cli.program];
    const inSteps = changing(folder, ['bash', '-c', IN_STEPS, ...program], cli.environment);
    const atOnce = changing(folder, [...program, 'deploy', '--prebuilt', '--prod', '--yes'], cli.environment);
    const name = `deploy-vercel, ${latency} ms a call`;
    const pairs = latency === 0 ? 5 : 3;
    const once = await compare(ours, atOnce, pairs);
    const steps = await compare(ours, inSteps, pairs);
    const whole = once.peer + installed;
    const goal = latency === 0 ? 'at most 0.33' : '';
    const row = (peer: string, { ours: time, peer: theirs, ratio }: typeof steps, limit: string) => {
      return [name, seconds(time), `${peer}: ${seconds(theirs)}`, ratio.toFixed(2), limit];
    };
    return [
      row('vercel deploy --prebuilt --prod', once, goal),
      row('vercel deploy --skip-domain, vercel promote', steps, goal),
      [
        `${name}, with installation`,
        seconds(once.ours),
        `npm ci, vercel deploy: ${seconds(whole)}`,
        (once.ours / whole).toFixed(3),
        '',
      ],
    ];
  } finally {
    await cli.stop();
    await proxy.stop();
  }
}

/** A command before which one file of the output changes. */
function changing(folder: string, command: readonly string[], env: Readonly<Record<string, string>>): Command {
  const args = ['-c', 'date +%s%N > .vercel/output/static/changed.txt && exec "$@"', 'bash', ...command];
  return { program: 'bash', args, cwd: folder, env };
}

async function writeOutput(folder: string): Promise<void> {
  const files = join(folder, '.vercel/output/static');
  await mkdir(files, { recursive: true });
  await mkdir(join(folder, 'temp'));
  await writeFile(join(folder, '.vercel/output/config.json'), '{"version":3}');
  for (let count = 1; count < FILES; count += 1) {
    await writeFile(join(files, `page-${count}.html`), `<p>${`page ${count} `.repeat(1_000)}</p>`);
  }
  await writeFile(join(folder, '.gitignore'), '.vercel\ntemp\n');
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@acme.example'];
  for (const args of [
    ['init', '-q', '-b', 'main'],
    ['remote', 'add', 'origin', 'https://github.com/acme/web.git'],
    ['add', '--all'],
    [...identity, 'commit', '-q', '-m', 'a page'],
  ]) {
    await timeOf({ program: 'git', args, cwd: folder });
  }
}

/** What it takes to have Vercel's own program on a runner, its packages already in npm's cache. */
async function installation(folder: string): Promise<number> {
  const place = join(folder, 'cli');
  await cp(fileURLToPath(new URL('../tools/conformance/vercel/cli', import.meta.url)), place, { recursive: true });
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  const time = await timeOf({ program: 'npm', args, cwd: place });
  await rm(place, { recursive: true, force: true });
  return time;
}
