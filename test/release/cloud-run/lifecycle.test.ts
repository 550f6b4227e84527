import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Program } from '../../support/cloud-run/instances.ts';
import { serviceOf } from '../../support/cloud-run/state.ts';
import type { ActionName } from '../operations.ts';
import { ACCOUNT, ask, BROKEN, pushed, REGION, runOperation, site, startWorld, type World } from './place.ts';

let world: World;
let service = '';
let count = 0;

beforeAll(async () => {
  world = await startWorld({ polls: 0, pace: 2, startWithin: 1_500 });
});

afterAll(async () => {
  await world.stop();
});

const HEALTH = '{consecutive: 1, interval: 100ms, timeout: 1s}';

async function run(name: ActionName, commit: string, given: Readonly<Record<string, string>>) {
  const { failure, ...rest } = await runOperation(world, name, commit, { health: HEALTH, ...given });
  return { ...rest, failure: failure?.message ?? '' };
}

const place = () => ({ service, region: REGION, project: 'acme-production', authentication: 'public' });

function deploy(program: Program, commit: string, given: Readonly<Record<string, string>> = {}) {
  return run('deploy', commit, { ...place(), image: pushed(world, program), ...given });
}

async function answers(): Promise<readonly [number, string]> {
  const url = `https://${service}-123456789012.${REGION}.run.app/`;
  const { status, text } = await ask(world, url);
  return [status, text];
}

beforeEach(async () => {
  count += 1;
  service = `life-${count}`;
  const first = await deploy(site('one'), 'a');
  expect(first.failure).toBe('');
  expect(first.outputs).toMatchObject({ first: true, promoted: true });
  expect(first.outputs['previous-release']).toBeUndefined();
});

/** Listens, and answers nothing but errors. */
const SICK: Program = {
  command: [
    process.execPath,
    '-e',
    "require('node:http').createServer((_, response) => response.writeHead(500).end()).listen(process.env.PORT)",
  ],
};

it('stages, looks at the candidate, and moves the traffic', async () => {
  const second = await deploy(site('two'), 'b');
  expect(second.failure).toBe('');
  expect(second.outputs).toMatchObject({
    first: false,
    promoted: true,
    healthy: true,
    'candidate-url': expect.stringMatching(/^https:\/\/c[0-9a-f]{8}---/),
    'previous-release': expect.stringMatching(/^cloud-run:\/\/acme-production\/europe-west1\/life-/),
  });
  expect(await answers()).toEqual([200, 'two']);
});

it('leaves all traffic where it was when the candidate is not well, is red, and says so', async () => {
  const bad = await deploy(SICK, 'b');
  expect(bad.failure).toContain('PIPE-');
  expect(bad.outputs).toMatchObject({ promoted: false });
  expect(JSON.stringify(bad.outputs['night'])).toContain(`${service}-aaaaaaa`);
  expect(bad.outputs['night']).toMatchObject({
    command: { vendor: '', text: expect.stringMatching(/^nothing has to be moved/) },
  });
  expect(await answers()).toEqual([200, 'one']);
  const traffic = serviceOf(world.cloud.state, REGION, service)?.traffic.filter(({ percent = 0 }) => percent > 0);
  expect(traffic).toMatchObject([{ revision: expect.stringContaining('-aaaaaaa-'), percent: 100 }]);
});

it('leaves all traffic where it was when the container does not start', async () => {
  const bad = await deploy(BROKEN, 'b');
  expect(bad.failure).toContain('PIPE-CLOUDRUN-010');
  expect(await answers()).toEqual([200, 'one']);
});

it('says which role lets the probes of a private service in, as a command', async () => {
  service = `private-${count}`;
  const red = await deploy(site('shy'), 'b', { authentication: 'private' });
  expect(red.failure).toMatch(/PIPE-HEALTH-002: .*403/);
  const command = `gcloud run services add-iam-policy-binding ${service} --project=acme-production --region=${REGION}`;
  expect(red.failure).toContain(`${command} --member=serviceAccount:${ACCOUNT} --role=roles/run.invoker`);
});

it('stages in one job and promotes in another in steps, and rolls back in seconds', async () => {
  const staged = await deploy(site('two'), 'b', { promote: 'false' });
  expect(staged.outputs).toMatchObject({ promoted: false });
  expect(await answers()).toEqual([200, 'one']);
  const release = String(staged.outputs['release']);
  const promoted = await run('promote', 'b', { release, steps: '10\n50', interval: '200ms' });
  expect(promoted.failure).toBe('');
  expect(await answers()).toEqual([200, 'two']);
  const rolledBack = await run('rollback', 'b', { release: String(staged.outputs['previous-release']), health: '' });
  expect(rolledBack.failure).toBe('');
  expect(await answers()).toEqual([200, 'one']);
  const again = await run('promote', 'b', { release });
  expect(again.failure).toContain('PIPE-RELEASE-007');
});

it('moves traffic back when the release is not well under traffic', async () => {
  // Well when it is asked by its own address, ill when users ask.
  const source = `require('node:http').createServer((request, response) => {
    const isOwn = /---/.test(request.headers.host);
    response.writeHead(isOwn ? 200 : 500).end('two');
  }).listen(process.env.PORT)`;
  const bad = await deploy({ command: [process.execPath, '-e', source] }, 'b');
  expect(bad.failure).toContain('PIPE-');
  expect(await answers()).toEqual([200, 'one']);
  const platform = await world.platform(service);
  expect((await platform.releases())[0]).toMatchObject({ isRolledBack: true });
});

it('refuses before it stages where the candidate can not be reached, and stages with `probe-url`', async () => {
  const hidden = await deploy(site('two'), 'b', { ingress: 'internal' });
  expect(hidden.failure).toMatch(/probe-url/);
  expect(serviceOf(world.cloud.state, REGION, service)?.revisions.size).toBe(1);
  const staged = await deploy(site('two'), 'b', { ingress: 'internal', health: 'off', promote: 'false' });
  expect(staged.failure).toBe('');
});

it('removes the oldest candidates after a success, and their tags', async () => {
  for (const commit of ['b', 'c', 'd']) expect((await deploy(site(commit), commit, { keep: '1' })).failure).toBe('');
  const state = serviceOf(world.cloud.state, REGION, service);
  const names = [...(state?.revisions.keys() ?? [])].map((name) => name.split('-')[2]?.[0]);
  expect(names).toEqual(['c', 'd']);
  expect(state?.spec.traffic.filter(({ tag }) => tag !== undefined)).toHaveLength(2);
});
