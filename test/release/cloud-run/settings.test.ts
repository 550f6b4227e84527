import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Prepared } from '../../../src/release/target.ts';
import type { Container, ServiceSpec } from '../../support/cloud-run/resources.ts';
import { serviceOf } from '../../support/cloud-run/state.ts';
import { ask, mark, pushed, REGION, site, startWorld, type World } from './place.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld({ polls: 0, pace: 2 });
});

afterAll(async () => {
  await world.stop();
});

function spec(service: string): ServiceSpec {
  const found = serviceOf(world.cloud.state, REGION, service);
  if (found === undefined) throw new Error(`no service ${service}`);
  return found.spec;
}

function container(service: string, name?: string): Container {
  const found = (spec(service).template.containers ?? []).find((one) => name === undefined || one.name === name);
  if (found === undefined) throw new Error(`no container ${name}`);
  return found;
}

async function deploy(given: Readonly<Record<string, string>>, commit = 'a'): Promise<Prepared> {
  const prepared = await world.prepare(given);
  await prepared.stage(mark(prepared, commit));
  return prepared;
}

it('writes every setting as the API has it', async () => {
  const service = 'whole';
  const image = pushed(world, site('whole'));
  await deploy({
    service,
    image,
    env: 'LOG_LEVEL: info\nTEXT: |-\n  two\n  lines',
    command: process.execPath,
    args: '--enable-source-maps\nmain.js',
    cpu: '2',
    memory: '1Gi',
    concurrency: '40',
    'min-instances': '1',
    'max-instances': '20',
    'request-timeout': '1m',
    'cpu-always': 'true',
    'cpu-boost': 'true',
    'execution-environment': 'gen2',
    'session-affinity': 'true',
    'runtime-service-account': 'api@acme-production.iam.gserviceaccount.com',
    'vpc-network': 'default',
    'vpc-subnet': 'services',
    'vpc-tags': 'api',
    'vpc-egress': 'all-traffic',
    'startup-probe': '{path: /healthz, period: 5s, failures: 6}',
    'liveness-probe': '{tcp: 9000, timeout: 2s}',
    labels: '{team: payments}',
    port: '9000',
    http2: 'true',
    ingress: 'all',
  });
  expect(spec(service)).toMatchObject({
    ingress: 'INGRESS_TRAFFIC_ALL',
    labels: { team: 'payments' },
    template: {
      timeout: '60s',
      maxInstanceRequestConcurrency: 40,
      scaling: { minInstanceCount: 1, maxInstanceCount: 20 },
      executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN2',
      sessionAffinity: true,
      serviceAccount: 'api@acme-production.iam.gserviceaccount.com',
      labels: { team: 'payments' },
      vpcAccess: {
        egress: 'ALL_TRAFFIC',
        networkInterfaces: [{ network: 'default', subnetwork: 'services', tags: ['api'] }],
      },
    },
  });
  expect(container(service)).toMatchObject({
    image,
    command: [process.execPath],
    args: ['--enable-source-maps', 'main.js'],
    env: [
      { name: 'LOG_LEVEL', value: 'info' },
      { name: 'TEXT', value: 'two\nlines' },
    ],
    ports: [{ name: 'h2c', containerPort: 9000 }],
    resources: { limits: { cpu: '2', memory: '1Gi' }, startupCpuBoost: true },
    startupProbe: { httpGet: { path: '/healthz', port: 9000 }, periodSeconds: 5, failureThreshold: 6 },
    livenessProbe: { tcpSocket: { port: 9000 }, timeoutSeconds: 2 },
  });
  // Always on is what the API says by leaving it out.
  expect(container(service).resources).not.toHaveProperty('cpuIdle');
});

it('keeps what the inputs do not name, also what somebody changed by hand, and says what will be different', async () => {
  const service = 'kept';
  await deploy({ service, image: pushed(world, site('1')), env: '{A: one, B: two}', memory: '1Gi', concurrency: '7' });
  const state = serviceOf(world.cloud.state, REGION, service);
  if (state === undefined) throw new Error('no service');
  const [main] = spec(service).template.containers ?? [];
  if (main === undefined) throw new Error('no container');
  const byHand = { ...main, env: [...(main.env ?? []), { name: 'HAND', value: 'made' }] };
  state.spec = { ...state.spec, template: { ...state.spec.template, containers: [byHand], timeout: '77s' } };
  const prepared = await deploy({
    service,
    image: pushed(world, site('2')),
    env: '{A: three, B: null}',
    memory: '2Gi',
  });
  expect(container(service).env).toEqual([
    { name: 'A', value: 'three' },
    { name: 'HAND', value: 'made' },
  ]);
  expect(spec(service).template).toMatchObject({ timeout: '77s', maxInstanceRequestConcurrency: 7 });
  expect(prepared.changes).toEqual(
    expect.arrayContaining(['variable A changed', 'variable B removed', 'memory 1Gi -> 2Gi']),
  );
  expect(prepared.changes).toHaveLength(4);
  expect(prepared.changes.join()).not.toContain('three');
});

it('sends only the fields of the service that differ, with the etag', async () => {
  const service = 'masked';
  const image = pushed(world, site('masked'));
  await deploy({ service, image, labels: '{team: payments}' });
  world.proxy.requests.length = 0;
  await deploy({ service, image, labels: '{team: payments}' }, 'b');
  const patches = world.proxy.requests.filter(({ method, query }) => method === 'PATCH' && !query.has('validateOnly'));
  expect(patches.map(({ query }) => query.get('updateMask'))).toEqual(['template,traffic']);
  const bodies = patches.map(({ body }) => JSON.parse(body.toString('utf8')) as object);
  expect(Object.keys(bodies[0] ?? {}).sort()).toEqual(['etag', 'template', 'traffic']);
});

it('runs several containers, changes one, and removes one', async () => {
  const service = 'several';
  const helper = pushed(world, site('helper'));
  await deploy({
    service,
    image: pushed(world, site('main')),
    authentication: 'public',
    containers: `{proxy: {image: "${helper}", memory: 256Mi, env: {MODE: fast}, depends-on: [${service}]}}`,
  });
  expect(container(service, 'proxy')).toMatchObject({
    image: helper,
    env: [{ name: 'MODE', value: 'fast' }],
    dependsOn: [service],
    resources: { limits: { memory: '256Mi' } },
  });
  expect(container(service, service).ports).toEqual([{ name: 'http1', containerPort: 8080 }]);
  const serving = await (await world.platform(service)).current();
  expect((await ask(world, serving?.url ?? '')).text).toBe('main');
  await deploy({ service, image: pushed(world, site('main')), containers: `{proxy: {memory: 512Mi}}` });
  expect(container(service, 'proxy')).toMatchObject({ image: helper, resources: { limits: { memory: '512Mi' } } });
  await deploy({ service, image: pushed(world, site('main')), containers: `{proxy: null}` });
  expect(spec(service).template.containers).toHaveLength(1);
});

it('reaches a network through a connector instead, and no more', async () => {
  const service = 'network';
  const connector = 'projects/acme-production/locations/europe-west1/connectors/main';
  await deploy({ service, image: pushed(world, site('1')), 'vpc-network': 'default' });
  await deploy({ service, image: pushed(world, site('2')), 'vpc-connector': connector });
  expect(spec(service).template['vpcAccess']).toEqual({ connector });
  await deploy({ service, image: pushed(world, site('3')), 'vpc-connector': 'none' });
  expect(spec(service).template['vpcAccess']).toBeUndefined();
});

it('finds the candidate of the same commit and settings again, and makes another one when something changed', async () => {
  const service = 'again';
  const given = { service, image: pushed(world, site('again')), memory: '1Gi', env: '{A: one}' };
  const first = await world.prepare(given);
  const one = await first.stage(mark(first, 'a'));
  const second = await world.prepare(given);
  expect(second.fingerprint).toBe(first.fingerprint);
  expect(second.changes).toEqual([]);
  const two = await second.stage(mark(second, 'a'));
  expect(two.reference).toEqual(one.reference);
  const third = await world.prepare({ ...given, env: '{A: two}' });
  expect(third.fingerprint).not.toBe(first.fingerprint);
  const three = await third.stage(mark(third, 'a'));
  expect(three.reference).not.toEqual(one.reference);
  const ingress = await world.prepare({ ...given, env: '{A: two}', ingress: 'internal' });
  expect(ingress.fingerprint).not.toBe(third.fingerprint);
  expect(ingress.hidden).toEqual(expect.stringContaining('INGRESS_TRAFFIC_INTERNAL_ONLY'));
});

it.each([
  [{ 'min-instances': '5', 'max-instances': '2' }, '`min-instances` is more than `max-instances`'],
  [{ 'vpc-connector': 'main', 'vpc-network': 'default' }, 'exclude each other'],
  [{ env: '{A: one}', secrets: '{A: api-a:1}' }, 'the variable A is given twice'],
  [{ secrets: '{/etc/keys/a: one:1, /etc/keys/b: two:1}' }, 'two files of `secrets` are in one folder'],
])('refuses settings that exclude each other before anything is asked for: %j', async (given, message) => {
  const prepared = world.prepare({ service: 'odd', image: pushed(world, site('odd')), ...given });
  await expect(prepared).rejects.toMatchObject({
    code: 'PIPE-CLOUDRUN-002',
    message: expect.stringContaining(message),
  });
  expect(serviceOf(world.cloud.state, REGION, 'odd')).toBeUndefined();
});

it('has Cloud Run check the settings before anything is changed, and passes on what it says', async () => {
  const prepared = world.prepare({ service: 'big', image: pushed(world, site('big')), cpu: '4', memory: '512Mi' });
  await expect(prepared).rejects.toMatchObject({
    code: 'PIPE-CLOUDRUN-004',
    message: expect.stringContaining('For 4 CPU, memory must be between 2048Mi and 32Gi inclusive.'),
  });
  expect(serviceOf(world.cloud.state, REGION, 'big')).toBeUndefined();
});

it('takes the image of the digests that a build gives', async () => {
  const image = pushed(world, site('digests'));
  const [registry = '', digest = ''] = image.split('/api@');
  await deploy({
    service: 'api',
    registry,
    digests: JSON.stringify({ api: digest, worker: `sha256:${'e'.repeat(64)}` }),
  });
  expect(container('api').image).toBe(image);
  const unclear = world.prepare({ service: 'web', registry, digests: JSON.stringify({ api: digest, worker: digest }) });
  await expect(unclear).rejects.toMatchObject({
    code: 'PIPE-CLOUDRUN-015',
    message: expect.stringContaining('api, worker'),
  });
});

it('names revisions and tags within what fits, for the longest name of a service too, and refuses a longer one', async () => {
  const service = 'a'.repeat(41);
  const prepared = await world.prepare({ service, image: pushed(world, site('long')) });
  const release = await prepared.stage(mark(prepared, 'f'));
  expect(new URL(release.url).host).toMatch(/^c[0-9a-f]{4}---a{41}-/);
  expect(release.reference.parts.at(-1)).toMatch(/^a{41}-fffffff-[0-9a-f]{8}$/);
  const longer = world.prepare({ service: 'a'.repeat(42), image: pushed(world, site('longer')) });
  await expect(longer).rejects.toMatchObject({
    code: 'PIPE-CLOUDRUN-002',
    message: expect.stringContaining('at most 41 characters'),
  });
});
