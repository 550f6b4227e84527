import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Gcloud, startGcloud } from './gcloud.ts';
import { mark, pushed, site, startWorld, type World } from './place.ts';

let world: World;
let gcloud: Gcloud;

beforeAll(async () => {
  world = await startWorld({ polls: 0, pace: 2 });
  gcloud = await startGcloud(world);
});

afterAll(async () => {
  await gcloud.stop();
  await world.stop();
});

type Fields = Readonly<Record<string, unknown>>;

/** What a service is, without what is another one each time: names, times and numbers of the platform's own. */
function meaning(described: Fields): Fields {
  const { metadata, spec } = described as {
    metadata: Fields;
    spec: { template: { metadata?: Fields; spec: Fields }; traffic: Fields[] };
  };
  const only = (texts: unknown, pattern: RegExp) =>
    Object.fromEntries(Object.entries((texts ?? {}) as Fields).filter(([name]) => !pattern.test(name)));
  const own = /operation-id|\/urls$|knative\.dev\/(?:creator|lastModifier|nonce)/;
  return {
    annotations: only(metadata['annotations'], own),
    labels: only(metadata['labels'], own),
    template: {
      annotations: only(spec.template.metadata?.['annotations'], own),
      labels: only(spec.template.metadata?.['labels'], own),
      spec: spec.template.spec,
    },
    traffic: spec.traffic.map(({ revisionName: _, tag, ...target }) => ({ ...target, isTagged: tag !== undefined })),
  };
}

/** Every value by its place. */
function leaves(value: unknown, path = ''): ReadonlyMap<string, string> {
  if (typeof value !== 'object' || value === null) return new Map([[path, JSON.stringify(value)]]);
  return new Map(Object.entries(value).flatMap(([name, item]) => [...leaves(item, `${path}/${name}`)]));
}

/** What differs between the two deployments, each with the rule that makes it so. */
const RULES: readonly [RegExp, string][] = [
  [/^\/(?:template\/)?annotations\/run\.googleapis\.com\/client-(?:name|version)$/, 'gcloud says that it was gcloud'],
  [/^\/template\/labels\/pipelines-(?:commit|fingerprint)$/, 'a revision carries what it was made from'],
  [/^\/template\/annotations\/pipelines\//, 'a revision carries what it was made from'],
];

it('leaves the service as gcloud leaves it for the same deployment, field by field', async () => {
  const images = [pushed(world, site('one')), pushed(world, site('two'))] as const;
  const flags = [
    '--set-env-vars=LOG_LEVEL=info,MODE=fast',
    '--memory=1Gi',
    '--cpu=2',
    '--concurrency=40',
    '--timeout=60',
    '--max-instances=20',
    '--min-instances=1',
    '--set-secrets=TOKEN=api-token:1',
    '--service-account=api@acme-production.iam.gserviceaccount.com',
    '--network=default',
    '--subnet=services',
    '--network-tags=api',
    '--vpc-egress=all-traffic',
    '--ingress=all',
    '--session-affinity',
    '--execution-environment=gen2',
    '--startup-probe=httpGet.path=/healthz,periodSeconds=5,failureThreshold=6',
    '--liveness-probe=httpGet.path=/healthz',
    '--labels=team=payments',
    '--command=node',
    '--args=main.js',
    '--no-cpu-throttling',
    '--cpu-boost',
    '--port=9000',
  ];
  const ours = {
    env: '{LOG_LEVEL: info, MODE: fast}',
    memory: '1Gi',
    cpu: '2',
    concurrency: '40',
    'request-timeout': '60s',
    'max-instances': '20',
    'min-instances': '1',
    secrets: '{TOKEN: "api-token:1"}',
    'runtime-service-account': 'api@acme-production.iam.gserviceaccount.com',
    'vpc-network': 'default',
    'vpc-subnet': 'services',
    'vpc-tags': 'api',
    'vpc-egress': 'all-traffic',
    ingress: 'all',
    'session-affinity': 'true',
    'execution-environment': 'gen2',
    'startup-probe': '{path: /healthz, period: 5s, failures: 6}',
    'liveness-probe': '{path: /healthz}',
    labels: '{team: payments}',
    command: 'node',
    args: 'main.js',
    'cpu-always': 'true',
    'cpu-boost': 'true',
    port: '9000',
    authentication: 'public',
  };
  const value = { state: 'ENABLED' as const, value: Buffer.from('token'), createTime: '' };
  const fixed = { project: 'acme-production', createTime: '', etag: 1, labels: {}, annotations: {} };
  const readers = new Set(['api@acme-production.iam.gserviceaccount.com']);
  world.cloud.state.secrets.set('api-token', { ...fixed, name: 'api-token', versions: [value], readers });
  await gcloud.run(
    'run',
    'deploy',
    'theirs',
    `--image=${images[0]}`,
    '--allow-unauthenticated',
    '--tag=blue',
    ...flags,
  );
  await gcloud.run('run', 'deploy', 'theirs', `--image=${images[1]}`, '--no-traffic', '--tag=green');
  const first = await world.prepare({ service: 'ours', image: images[0], ...ours });
  await first.stage(mark(first, 'a'));
  const second = await world.prepare({ service: 'ours', image: images[1] });
  await second.stage(mark(second, 'b'));
  const [theirs, mine] = await Promise.all([
    gcloud.json('run', 'services', 'describe', 'theirs'),
    gcloud.json('run', 'services', 'describe', 'ours'),
  ]);
  const [left, right] = [leaves(meaning(theirs)), leaves(meaning(mine))];
  const different = [...new Set([...left.keys(), ...right.keys()])].filter(
    (path) => left.get(path) !== right.get(path),
  );
  const unexplained = different.filter((path) => !RULES.some(([pattern]) => pattern.test(path)));
  for (const path of different) {
    console.log(`${path}: gcloud ${left.get(path) ?? '(none)'}, ours ${right.get(path) ?? '(none)'}`);
  }
  expect(unexplained.map((path) => `${path}: ${left.get(path)} ${right.get(path)}`)).toEqual([]);
  const policies = await Promise.all(
    ['theirs', 'ours'].map(async (name) => (await gcloud.json('run', 'services', 'get-iam-policy', name))['bindings']),
  );
  expect(policies[1]).toEqual(policies[0]);
});

it('moves traffic as gcloud does, and each goes on where the other stopped', async () => {
  const service = 'both';
  const stage = async (text: string, commit: string) => {
    const prepared = await world.prepare({ service, image: pushed(world, site(text)) });
    return await prepared.stage(mark(prepared, commit));
  };
  const one = await stage('one', 'a');
  const two = await stage('two', 'b');
  const platform = await world.platform(service);
  const serving = await platform.current();
  if (serving === undefined) throw new Error('nothing serves');
  await platform.shift([{ reference: two.reference, percent: 100 }], serving, 'promote');
  const [, , , oneName] = one.reference.parts;
  const [, , , twoName] = two.reference.parts;
  const traffic = async () => {
    const { status } = (await gcloud.json('run', 'services', 'describe', service)) as { status: { traffic: Fields[] } };
    return status.traffic
      .filter(({ percent }) => percent !== undefined)
      .map(({ revisionName, percent }) => [revisionName, percent]);
  };
  expect(await traffic()).toEqual([[twoName, 100]]);
  // The command that the night's message names.
  await gcloud.run(...platform.commandFor(one.reference).split(' ').slice(1));
  expect((await platform.current())?.shares).toEqual([{ reference: one.reference, percent: 100 }]);
  expect(await traffic()).toEqual([[oneName, 100]]);
  const byHand = pushed(world, site('by hand'));
  await gcloud.run('run', 'deploy', service, `--image=${byHand}`, '--no-traffic', '--tag=hand');
  const [newest] = await platform.releases();
  // gcloud copies labels and annotations: its revision is not taken for one of ours.
  expect(newest?.mark.fingerprint).toBe('');
  const three = await stage('three', 'c');
  expect(three.isReady).toBe(true);
  const list = await gcloud.run('run', 'revisions', 'list', `--service=${service}`, '--format=value(metadata.name)');
  expect(list.trim().split('\n')).toContain(three.reference.parts.at(-1));
});

it('reads a failed deployment as gcloud does', async () => {
  const broken = pushed(world, { command: [process.execPath, '-e', 'process.exit(3)'] });
  const first = await world.prepare({ service: 'failing', image: pushed(world, site('one')) });
  await first.stage(mark(first, 'a'));
  const prepared = await world.prepare({ service: 'failing', image: broken });
  const ours = await prepared.stage(mark(prepared, 'b')).then(
    () => '',
    (error: unknown) => String(error),
  );
  const theirs = await gcloud.run('run', 'deploy', 'failing', `--image=${broken}`, '--no-traffic', '--tag=bad').then(
    () => '',
    (error: unknown) => String(error),
  );
  const said = 'The user-provided container failed to start and listen on the port defined provided by the PORT=8080';
  expect(theirs).toContain(said);
  expect(ours).toContain(said);
});
