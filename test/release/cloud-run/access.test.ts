import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Credentials } from '../../../src/release/target.ts';
import { target } from '../../../src/release/targets/cloud-run/target.ts';
import { serviceOf } from '../../support/cloud-run/state.ts';
import { addKey } from '../../support/google-cloud.ts';
import { ACCOUNT, ask, mark, PROVIDER, pushed, REGION, site, startWorld, type World } from './place.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld({ polls: 0, pace: 2 });
});

afterAll(async () => {
  await world.stop();
});

afterEach(() => {
  world.said.length = 0;
});

function invoke(service: string, ...members: string[]): void {
  const state = serviceOf(world.cloud.state, REGION, service);
  if (state !== undefined) state.policy = { etag: 'ACAB', bindings: [{ role: 'roles/run.invoker', members }] };
}

async function stageAs(service: string, credentials: Partial<Credentials>) {
  const none = { workloadIdentityProvider: undefined, serviceAccount: undefined, credentialsJson: undefined };
  const surroundings = {
    ...world.surroundings,
    credentials: { ...world.surroundings.credentials, ...none, ...credentials },
  };
  const given = { service, region: REGION, project: 'acme-production', image: pushed(world, site(service)) };
  const prepared = await target.prepare(given as never, surroundings);
  return await prepared.stage(mark(prepared, 'a'));
}

it('leaves a new service private, and probes it with an identity token in a header of its own', async () => {
  const staged = await stageAs('private', { workloadIdentityProvider: PROVIDER, serviceAccount: ACCOUNT });
  expect((await ask(world, staged.url)).status).toBe(403);
  expect((await ask(world, staged.url, staged.probeHeaders)).status).toBe(403);
  invoke('private', `serviceAccount:${ACCOUNT}`);
  expect(Object.keys(staged.probeHeaders)).toEqual(['x-serverless-authorization']);
  expect((await ask(world, staged.url, staged.probeHeaders)).text).toBe('private');
  const serving = await (await world.platform('private')).current();
  expect((await ask(world, serving?.url ?? '', serving?.probeHeaders)).text).toBe('private');
  const token = staged.probeHeaders['x-serverless-authorization']?.replace('Bearer ', '') ?? '';
  expect(world.masked).toContain(token);
});

it('does the same with a key', async () => {
  const key = addKey(world.google, 'key@acme-production.iam.gserviceaccount.com');
  const staged = await stageAs('keyed', { credentialsJson: JSON.stringify(key) });
  invoke('keyed', 'serviceAccount:key@acme-production.iam.gserviceaccount.com');
  expect((await ask(world, staged.url, staged.probeHeaders)).text).toBe('keyed');
});

it('says that a job without an account can not probe a private service, and deploys it all the same', async () => {
  await stageAs('direct', { workloadIdentityProvider: PROVIDER });
  const again = await stageAs('direct', { workloadIdentityProvider: PROVIDER });
  expect(again.isReady).toBe(true);
  expect(again.probeHeaders).toEqual({});
  expect(world.said.join('')).toMatch(/::warning::.*service-account/);
});

it('opens a service to everybody, needs no token then, and closes it again', async () => {
  const deploy = async (authentication: string, commit: string) => {
    const prepared = await world.prepare({ service: 'doors', image: pushed(world, site('doors')), authentication });
    return { prepared, release: await prepared.stage(mark(prepared, commit)) };
  };
  const open = await deploy('public', 'a');
  expect(open.release.probeHeaders).toEqual({});
  expect((await ask(world, open.release.url)).text).toBe('doors');
  invoke('doors', 'allUsers', 'group:team@acme.example');
  const closed = await deploy('private', 'b');
  expect(closed.prepared.changes).toContain('authentication public -> private');
  expect((await ask(world, closed.release.url)).status).toBe(403);
  expect(serviceOf(world.cloud.state, REGION, 'doors')?.policy.bindings).toEqual([
    { role: 'roles/run.invoker', members: ['group:team@acme.example'] },
  ]);
});

it('names the role when the job may not open a service', async () => {
  const { state } = world.cloud;
  state.may = (_, permission) => permission !== 'run.services.setIamPolicy';
  try {
    const prepared = await world.prepare({
      service: 'strict',
      image: pushed(world, site('x')),
      authentication: 'public',
    });
    await expect(prepared.stage(mark(prepared, 'a'))).rejects.toMatchObject({
      code: 'PIPE-CLOUDRUN-005',
      message: expect.stringContaining('--role=roles/run.admin'),
    });
  } finally {
    state.may = () => true;
  }
});

it('counts a service whose policy it may not see as private', async () => {
  const { state } = world.cloud;
  state.may = (_, permission) => permission !== 'run.services.getIamPolicy';
  try {
    const staged = await stageAs('unseen', { workloadIdentityProvider: PROVIDER, serviceAccount: ACCOUNT });
    expect(Object.keys(staged.probeHeaders)).toEqual(['x-serverless-authorization']);
  } finally {
    state.may = () => true;
  }
});
