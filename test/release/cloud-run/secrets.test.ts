import { afterAll, beforeAll, expect, it } from 'vitest';
import { serviceOf } from '../../support/cloud-run/state.ts';
import { ask, mark, pushed, REGION, site, startWorld, type World } from './place.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld({ polls: 0, pace: 2 });
});

afterAll(async () => {
  await world.stop();
});

function env(service: string) {
  return serviceOf(world.cloud.state, REGION, service)?.spec.template.containers?.[0]?.env;
}

function values(secret: string): readonly string[] {
  return (world.cloud.state.secrets.get(secret)?.versions ?? []).map(({ value }) => value.toString('utf8'));
}

async function addSecret(name: string, ...texts: string[]): Promise<void> {
  const versions = texts.map((text) => ({ state: 'ENABLED' as const, value: Buffer.from(text), createTime: '' }));
  const readers = new Set(['123456789012-compute@developer.gserviceaccount.com']);
  const fixed = { project: 'acme-production', createTime: '', etag: 1, labels: {}, annotations: {} };
  world.cloud.state.secrets.set(name, { ...fixed, name, versions, readers });
}

it('keeps values of `app-secrets` in Secret Manager, and makes a version only when one changed', async () => {
  const service = 'vault';
  const deploy = async (secrets: string) => {
    const given = { service, image: pushed(world, site('vault')), 'app-secrets': secrets, authentication: 'public' };
    const prepared = await world.prepare(given);
    return await prepared.stage(mark(prepared, 'a'));
  };
  const first = await deploy('{DATABASE_URL: "postgres://one", TOKEN: token-one}');
  expect(values('vault-DATABASE_URL')).toEqual(['postgres://one']);
  expect(env(service)).toEqual([
    { name: 'DATABASE_URL', valueSource: { secretKeyRef: { secret: 'vault-DATABASE_URL', version: '1' } } },
    { name: 'TOKEN', valueSource: { secretKeyRef: { secret: 'vault-TOKEN', version: '1' } } },
  ]);
  expect(JSON.parse((await ask(world, `${first.url}/env`)).text)).toMatchObject({ DATABASE_URL: 'postgres://one' });
  await deploy('{DATABASE_URL: "postgres://two", TOKEN: token-one}');
  expect(values('vault-DATABASE_URL')).toEqual(['postgres://one', 'postgres://two']);
  expect(values('vault-TOKEN')).toEqual(['token-one']);
  expect(env(service)?.[0]?.valueSource?.secretKeyRef?.version).toBe('2');
  // The release from before has its own value still.
  expect(JSON.parse((await ask(world, `${first.url}/env`)).text)).toMatchObject({ DATABASE_URL: 'postgres://one' });
});

it('writes no value before it is known that the deployment can be staged', async () => {
  const given = { service: 'early', 'app-secrets': '{TOKEN: token-early}', cpu: '4', memory: '512Mi' };
  await expect(world.prepare({ ...given, image: pushed(world, site('early')) })).rejects.toMatchObject({
    code: 'PIPE-CLOUDRUN-004',
  });
  expect(world.cloud.state.secrets.has('early-TOKEN')).toBe(false);
});

it('finds the candidate again when the same values are given, without another version', async () => {
  const given = { service: 'same', image: pushed(world, site('same')), 'app-secrets': '{TOKEN: token-same}' };
  const first = await world.prepare(given);
  const one = await first.stage(mark(first, 'a'));
  const second = await world.prepare(given);
  expect(second.fingerprint).toBe(first.fingerprint);
  expect((await second.stage(mark(second, 'a'))).reference).toEqual(one.reference);
  expect(values('same-TOKEN')).toEqual(['token-same']);
});

it('refers to the newest version by its number, to a version that is named, and to files', async () => {
  await addSecret('api-key', 'old', 'new');
  await addSecret('api-cert', 'cert');
  const service = 'refs';
  const given = {
    service,
    image: pushed(world, site('refs')),
    secrets: '{KEY: api-key, OLD: api-key:1, LAST: api-key:latest, /etc/tls/cert.pem: api-cert}',
  };
  const prepared = await world.prepare(given);
  await prepared.stage(mark(prepared, 'a'));
  expect(env(service)?.map(({ valueSource }) => valueSource?.secretKeyRef?.version)).toEqual(['2', '1', 'latest']);
  const template = serviceOf(world.cloud.state, REGION, service)?.spec.template;
  const [volume] = template?.volumes ?? [];
  expect(volume).toMatchObject({ secret: { secret: 'api-cert', items: [{ path: 'cert.pem', version: '1' }] } });
  expect(template?.containers?.[0]?.['volumeMounts']).toEqual([{ name: volume?.['name'], mountPath: '/etc/tls' }]);
  const gone = await world.prepare({
    ...given,
    secrets: '{KEY: null, OLD: null, LAST: null, /etc/tls/cert.pem: null}',
  });
  await gone.stage(mark(gone, 'b'));
  expect(env(service) ?? []).toEqual([]);
  expect(serviceOf(world.cloud.state, REGION, service)?.spec.template.volumes).toBeUndefined();
});

it('says that a secret is not there before anything is changed', async () => {
  const prepared = world.prepare({ service: 'none', image: pushed(world, site('none')), secrets: '{KEY: no-such}' });
  await expect(prepared).rejects.toMatchObject({
    code: 'PIPE-CLOUDRUN-002',
    message: expect.stringContaining('gcloud secrets create no-such'),
  });
});

it('names the account and the role when the service may not read its secret', async () => {
  await addSecret('closed', 'value');
  world.cloud.state.secrets.get('closed')?.readers.clear();
  const given = { service: 'locked', image: pushed(world, site('locked')), secrets: '{KEY: closed}' };
  const prepared = await world.prepare(given);
  await expect(prepared.stage(mark(prepared, 'a'))).rejects.toMatchObject({
    code: 'PIPE-CLOUDRUN-012',
    message: expect.stringMatching(/Permission denied on secret: .*closed.*gcloud secrets add-iam-policy-binding/),
  });
});

it('names the role when the job may not write secrets', async () => {
  const { state } = world.cloud;
  state.may = (_, permission) => permission !== 'secretmanager.secrets.create';
  try {
    const given = { service: 'poor', image: pushed(world, site('poor')), 'app-secrets': '{TOKEN: token-poor}' };
    const prepared = await world.prepare(given);
    await expect(prepared.stage(mark(prepared, 'a'))).rejects.toMatchObject({
      code: 'PIPE-CLOUDRUN-005',
      message: expect.stringContaining(
        '--role=roles/secretmanager.admin --member=serviceAccount:deploy@acme-production',
      ),
    });
  } finally {
    state.may = () => true;
  }
});
