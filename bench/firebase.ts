import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type CloudService, startCloudProxy } from '../test/support/cloud-proxy.ts';
import { startFirebaseCli } from '../test/support/firebase/cli.ts';
import { createConsole } from '../test/support/firebase/console.ts';
import { createFirebaseHosting } from '../test/support/firebase/hosting.ts';
import { addKey, createGoogleCloud } from '../test/support/google-cloud.ts';
import { root } from '../tools/install/root.ts';
import { type Command, compare, timeOf } from './measure.ts';

const PROJECT = 'acme-shop';

/** Files of the site; one of them changes with each deployment. */
const FILES = 100;

/** Round-trip times that a call is given, in milliseconds. */
const LATENCIES = [0, 80];

const seconds = (milliseconds: number) => `${(milliseconds / 1_000).toFixed(2)} s`;

/**
 * A deployment of a site of which one file changed, from the files to what serves: the action beside Firebase's own
 * program, on the same Hosting.
 */
export async function benchFirebase(): Promise<string[][]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-firebase-'));
  try {
    await writeSite(folder);
    const rows: string[][] = [];
    const installed = await installation(folder);
    for (const latency of LATENCIES) rows.push(...(await measure(folder, latency, installed)));
    return [...rows, ['deploy-firebase, installed at run time', '0 bytes', 'firebase-tools: 312 MB', '', '0 bytes']];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, latency: number, installed: number): Promise<string[][]> {
  const google = await createGoogleCloud({ keys: [] });
  const hosting = await createFirebaseHosting({ access: () => 'everything' });
  hosting.addProject(PROJECT);
  const all = { ...google.services, ...hosting.services, ...createConsole(hosting.state) };
  const slow = (service: CloudService): CloudService => {
    return async (request) => {
      await delay(latency);
      return service(request);
    };
  };
  const proxy = await startCloudProxy(Object.fromEntries(Object.entries(all).map(([host, one]) => [host, slow(one)])));
  const cli = await startFirebaseCli(all, latency);
  try {
    const ours = changing(folder, [process.execPath, join(root, 'dist/deploy-firebase.js')], {
      ...proxy.environment,
      GITHUB_WORKSPACE: folder,
      GITHUB_SHA: 'a'.repeat(40),
      RUNNER_TEMP: join(folder, 'temp'),
      INPUT_PROJECT: PROJECT,
      INPUT_HEALTH: 'off',
      INPUT_KEEP: '50',
      'INPUT_CREDENTIALS-JSON': JSON.stringify(addKey(google, `deploy@${PROJECT}.iam.gserviceaccount.com`)),
    });
    const deploy = ['deploy', '--only', 'hosting', '--project', PROJECT, '--non-interactive'];
    const peer = changing(folder, [process.execPath, cli.program, ...deploy], cli.environment);
    const { ours: time, peer: theirs, ratio } = await compare(ours, peer, latency === 0 ? 5 : 3);
    const name = `deploy-firebase, ${latency} ms a call`;
    const whole = theirs + installed;
    return [
      [
        name,
        seconds(time),
        `firebase deploy: ${seconds(theirs)}`,
        ratio.toFixed(2),
        latency === 0 ? 'at most 0.33' : '',
      ],
      [
        `${name}, with installation`,
        seconds(time),
        `npm ci and deploy: ${seconds(whole)}`,
        (time / whole).toFixed(3),
        '',
      ],
    ];
  } finally {
    await cli.stop();
    await proxy.stop();
  }
}

/** A command before which one file of the site changes. Bash keeps variables whose names have hyphens, other shells do not. */
function changing(folder: string, command: readonly string[], env: Readonly<Record<string, string>>): Command {
  const args = ['-c', 'date +%s%N > dist/changed.txt && exec "$@"', 'bash', ...command];
  return { program: 'bash', args, cwd: folder, env };
}

async function writeSite(folder: string): Promise<void> {
  await mkdir(join(folder, 'dist'));
  await mkdir(join(folder, 'temp'));
  await writeFile(join(folder, 'firebase.json'), '{"hosting": {"public": "dist", "ignore": ["**/.*"]}}');
  for (let count = 1; count < FILES; count += 1) {
    await writeFile(join(folder, `dist/page-${count}.html`), `<p>${`page ${count} `.repeat(1_000)}</p>`);
  }
}

/** What it takes to have Firebase's own program on a runner, its packages already in npm's cache. */
async function installation(folder: string): Promise<number> {
  const place = join(folder, 'cli');
  await cp(fileURLToPath(new URL('../tools/conformance/firebase', import.meta.url)), place, { recursive: true });
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  const time = await timeOf({ program: 'npm', args, cwd: place });
  await rm(place, { recursive: true, force: true });
  return time;
}
