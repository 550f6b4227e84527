import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type CloudService, startCloudProxy } from '../test/support/cloud-proxy.ts';
import { createCloudRun } from '../test/support/cloud-run/cloud.ts';
import { gcloudEnvironment } from '../test/support/gcloud.ts';
import { addKey, createGoogleCloud } from '../test/support/google-cloud.ts';
import { root } from '../tools/install/root.ts';
import { requireGcloud } from '../tools/registry/install.ts';
import { type Command, compare } from './measure.ts';

const PROJECT = 'acme-production';
const REGION = 'europe-west1';
const DIGEST = `sha256:${'1'.repeat(64)}`;

/** Round-trip times that a call is given, in milliseconds. */
const LATENCIES = [0, 80];

const seconds = (milliseconds: number) => `${(milliseconds / 1_000).toFixed(2)} s`;

/**
 * A deployment of a service of which one variable changed, until the new revision has all the traffic: the action
 * beside gcloud, on the same Cloud Run. gcloud is on the runner already; its installation (860 MB) is not counted.
 */
export async function benchCloudRun(): Promise<string[][]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-cloud-run-'));
  try {
    await mkdir(join(folder, 'temp'));
    const rows: string[][] = [];
    for (const latency of LATENCIES) rows.push(await measure(folder, latency));
    return [...rows, ['deploy-cloud-run, installed at run time', '0 bytes', 'gcloud: 860 MB', '', '0 bytes']];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, latency: number): Promise<string[]> {
  const gcloud = await requireGcloud();
  const google = await createGoogleCloud({ keys: [] });
  // Nothing is waited for but the container: what is measured is what the two programs add.
  const cloud = await createCloudRun(google, { pace: 0, polls: 0 });
  const source = "require('node:http').createServer((_, response) => response.end('ok')).listen(process.env.PORT)";
  cloud.state.images.programs.set(DIGEST, { command: [process.execPath, '-e', source] });
  const slow = (service: CloudService): CloudService => {
    return async (request) => {
      await delay(latency);
      return service(request);
    };
  };
  const services = Object.entries(cloud.services).map(([host, service]) => [host, slow(service)]);
  const proxy = await startCloudProxy(Object.fromEntries(services) as Readonly<Record<string, CloudService>>);
  try {
    const key = JSON.stringify(addKey(google, `deploy@${PROJECT}.iam.gserviceaccount.com`));
    const keyFile = join(folder, `key-${latency}.json`);
    await writeFile(keyFile, key, { mode: 0o600 });
    const image = `${REGION}-docker.pkg.dev/${PROJECT}/apps/api@${DIGEST}`;
    const ours = changing(
      folder,
      'INPUT_ENV="{RELEASE: $NOW}" exec "$@"',
      [process.execPath, join(root, 'dist/deploy-cloud-run.js')],
      {
        ...proxy.environment,
        GITHUB_WORKSPACE: folder,
        GITHUB_SHA: 'a'.repeat(40),
        RUNNER_TEMP: join(folder, 'temp'),
        INPUT_SERVICE: 'ours',
        INPUT_REGION: REGION,
        INPUT_PROJECT: PROJECT,
        INPUT_IMAGE: image,
        INPUT_HEALTH: 'off',
        'INPUT_CREDENTIALS-JSON': key,
      },
    );
    const deploy = ['run', 'deploy', 'theirs', `--image=${image}`, '--no-allow-unauthenticated'];
    const theirs = changing(folder, 'exec "$@" --update-env-vars=RELEASE=$NOW', [gcloud, ...deploy], {
      ...gcloudEnvironment(folder, keyFile, proxy),
      CLOUDSDK_CONFIG: join(folder, `config-${latency}`),
      CLOUDSDK_CORE_PROJECT: PROJECT,
      CLOUDSDK_RUN_REGION: REGION,
    });
    const { ours: time, peer, ratio } = await compare(ours, theirs, latency === 0 ? 5 : 3);
    const goal = latency === 0 ? 'at most 0.2' : 'at most 0.5';
    return [
      `deploy-cloud-run, ${latency} ms a call`,
      seconds(time),
      `gcloud run deploy: ${seconds(peer)}`,
      ratio.toFixed(2),
      goal,
    ];
  } finally {
    await cloud.stop();
    await proxy.stop();
  }
}

/** A command with a variable NOW that is another one each time. Of bash: dash drops variables with a hyphen in the name. */
function changing(
  cwd: string,
  start: string,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Command {
  return { program: 'bash', args: ['-c', `NOW=$(date +%s%N); ${start}`, 'sh', ...command], cwd, env };
}
