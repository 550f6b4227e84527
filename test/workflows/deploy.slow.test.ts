import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { root } from '../../tools/install/root.ts';
import { installTrivy } from '../../tools/scan/trivy.ts';
import { pushDatabase } from '../scan/images.ts';
import { artifactRegistry } from '../support/artifact-registry.ts';
import { type BuildKit, startBuildKit } from '../support/buildkit.ts';
import { type CloudProxy, startCloudProxy } from '../support/cloud-proxy.ts';
import { type CloudRun, createCloudRun } from '../support/cloud-run/cloud.ts';
import { serviceOf, urlsOf } from '../support/cloud-run/state.ts';
import { addKey, createGoogleCloud } from '../support/google-cloud.ts';
import { pushNodeBase } from '../support/node-base.ts';
import { npmRegistryHost } from '../support/npm-registry.ts';
import { commitAll } from '../support/project.ts';
import { startRegistry } from '../support/registry-server.ts';
import { machine } from '../support/run-dist.ts';
import { writeFiles } from '../support/temporary.ts';

/** Real builds, checks and deployments, on a machine that has other things to do. */
vi.setConfig({ testTimeout: 600_000 });

const REGION = 'europe-west1';
const PROJECT = 'acme-production';
const HOST = `${REGION}-docker.pkg.dev`;
const REPOSITORY = 'acme/link-service';

let buildkit: BuildKit;
let cloud: CloudRun;
let proxy: CloudProxy;
let environment: Readonly<Record<string, string>>;
let scan: string;
let project: string;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pipelines-deploy-'));
  stops.push(() => rm(folder, { recursive: true, force: true }));
  const server = await startRegistry();
  stops.push(server.stop);
  const google = await createGoogleCloud({ keys: [] });
  cloud = await createCloudRun(google, { project: PROJECT, startWithin: 60_000 });
  stops.push(cloud.stop);
  cloud.state.images.registries.set(HOST, `http://${server.host}`);
  const artifacts = artifactRegistry(`http://${server.host}`, (token) => google.holderOf(token) !== undefined);
  proxy = await startCloudProxy({ ...google.services, ...cloud.services, [HOST]: artifacts });
  stops.push(proxy.stop);
  buildkit = await startBuildKit({ ...proxy, hosts: [HOST] });
  stops.push(buildkit.stop);
  await pushNodeBase(buildkit.registry);
  scan = `db-repositories: ${await pushDatabase({ host: buildkit.registry, repository: 'trivy-db' }, join(folder, 'database'))}`;
  const key = addKey(google, `deploy@${PROJECT}.iam.gserviceaccount.com`);
  environment = {
    ...machine(),
    ...buildkit.environment,
    ...proxy.environment,
    // Trivy and Buildx are Go programs.
    SSL_CERT_FILE: proxy.authorities,
    NO_PROXY: [proxy.environment['NO_PROXY'] ?? '', await npmRegistryHost()].join(','),
    PATH: [await installTrivy(), process.env['PATH'] ?? ''].join(delimiter),
    GOOGLE_CREDENTIALS: JSON.stringify(key),
  };
  project = join(folder, 'project');
  const isSource = (name: string) => !/[/\\](node_modules|dist|coverage)$/.test(name);
  await cp(join(root, 'examples/node-service'), project, { recursive: true, filter: isSource });
});

afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
});

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/** Commits what the project is now, and runs what `npm start` runs for a push of it. */
async function push(files: Readonly<Record<string, string>>, ...more: readonly string[]): Promise<Ended> {
  await writeFiles(project, files);
  commitAll(project);
  const inputs = {
    registry: `${HOST}/${PROJECT}/apps`,
    scan,
    deploy: 'cloud-run',
    project: PROJECT,
    region: REGION,
    service: 'link-service',
    environments: '{"main": "staging"}',
    'deploy-settings': 'authentication: public',
    health: 'path: /health',
  };
  const args = Object.entries(inputs).flatMap(([name, value]) => ['--input', `${name}=${value}`]);
  const place = ['--project', project, '--repository', REPOSITORY, '--event', 'push'];
  const child = spawn(
    process.execPath,
    [join(root, 'dist/local.js'), ...place, ...args, '--secret', 'google-credentials', ...more],
    {
      cwd: root,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  }
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, output };
}

/** What serves, as the cloud itself says: revision to share. */
function traffic(): Readonly<Record<string, number>> {
  const service = serviceOf(cloud.state, REGION, 'link-service');
  return Object.fromEntries(
    (service?.traffic ?? []).flatMap(({ revision, percent = 0 }) => (percent > 0 ? [[revision, percent]] : [])),
  );
}

/** What a user sees at the service's address. */
async function answer(): Promise<{ readonly status: number; readonly body: string }> {
  const service = serviceOf(cloud.state, REGION, 'link-service');
  if (service === undefined) throw new Error('there is no service');
  const [url] = urlsOf(cloud.state, service);
  const host = new URL(url).host;
  const found = Object.entries(cloud.services).find(
    ([name]) => name.startsWith('*.') && host.endsWith(name.slice(1)),
  )?.[1];
  const asked = {
    method: 'GET',
    host,
    path: '/health',
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.alloc(0),
  };
  const { status, body = '' } = (await found?.(asked)) ?? { status: 0 };
  return { status, body: Buffer.isBuffer(body) || typeof body === 'string' ? body.toString() : JSON.stringify(body) };
}

let first: Readonly<Record<string, number>>;

it('a push goes from check to promote, and its image serves', async () => {
  const { status, output } = await push({}, '--fresh');
  expect(status, [output, ...cloud.state.logs.map(({ text }) => text)].join('\n')).toBe(0);
  for (const line of ['test', 'image', 'scan', 'tag', 'deployment', 'health', 'smoke', 'promotion']) {
    expect(output).toMatch(new RegExp(`│ ${line} +│ ✅\\sdone`));
  }
  first = traffic();
  expect(Object.values(first)).toEqual([100]);
  expect(await answer()).toMatchObject({ status: 200, body: expect.stringContaining('"status":"ok"') });
});

it('the next push takes the traffic from it, and who asks all the while is always answered', async () => {
  const before = Object.keys(first)[0];
  const asked: number[] = [];
  const pushed = push({ 'CHANGES.md': 'two\n' }, '--input', 'gate=off', '--input', 'setup=off');
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      asked.push((await answer()).status);
      await delay(50);
    }
  })();
  const { status, output } = await pushed;
  isOver = true;
  await asking;
  expect(status, output).toBe(0);
  expect(asked.length).toBeGreaterThan(20);
  expect(asked.filter((code) => code !== 200)).toEqual([]);
  const now = traffic();
  expect(Object.values(now)).toEqual([100]);
  expect(Object.keys(now)[0]).not.toBe(before);
});

it('a service that fails its health check takes no traffic; the run is red and says what serves', async () => {
  const before = traffic();
  const serving = Object.keys(before)[0] ?? '';
  const health = `import type { Route } from './router.ts';

export function healthRoute(version: string, _uptime: () => number): Route {
  return { method: 'GET', path: '/health', handle: () => ({ status: 503, body: { status: 'broken', version } }) };
}
`;
  const { status, output } = await push(
    { 'src/health.ts': health },
    ...['--input', 'gate=off', '--input', 'setup=off', '--input', 'health={path: /health, timeout: 5s, interval: 1s}'],
  );
  expect(status).toBe(1);
  expect(traffic()).toEqual(before);
  expect(await answer()).toMatchObject({ status: 200 });
  expect(output).toContain('Not done: health failed');
  expect(output).toMatch(new RegExp(`serving now:.*${serving} has 100% of the traffic`));
  expect(output).toMatch(/what happened:.*PIPE-HEALTH-/);
  // Nothing has to be moved: a command that moves traffic would only do harm.
  expect(output).toMatch(/what to run: nothing has to be moved; when the cause is repaired: gh run rerun \d+ --failed/);
  expect(output).not.toContain('gcloud run services');
  expect(output).not.toMatch(/│ promotion +│ ✅/);
});
