import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHttp } from '../../../src/runtime/http.ts';
import { serviceOf } from '../../support/cloud-run/state.ts';
import type { ActionName } from '../operations.ts';
import { pushed, REGION, runOperation, site, startWorld, type World } from './place.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld({ polls: 0, pace: 2 });
});

afterAll(async () => {
  await world.stop();
});

const HEALTH = '{consecutive: 1, interval: 100ms, timeout: 4s}';

/** An action in a step of its own. */
async function run(name: ActionName, commit: string, given: Readonly<Record<string, string>>) {
  const { environment } = world.surroundings;
  const http = createHttp({ environment, service: 'Cloud Run', code: 'PIPE-RELEASE-003' });
  const { outputs, failure } = await runOperation(world, name, commit, { health: HEALTH, ...given }, http);
  return { outputs, code: failure?.code ?? '' };
}

function deploy(service: string, commit: string, image: string, more: Readonly<Record<string, string>> = {}) {
  const place = { service, region: REGION, project: 'acme-production', authentication: 'public' };
  return run('deploy', commit, { ...place, image, ...more });
}

const sharesOf = (service: string) => {
  const { traffic = [] } = serviceOf(world.cloud.state, REGION, service) ?? {};
  return traffic.filter(({ percent = 0 }) => percent > 0).map(({ revision, percent }) => [revision, percent]);
};

const nameOf = (reference: unknown) => String(reference).split('/').at(-1);

it('comes to one candidate when the same commit is deployed twice at the same time', async () => {
  const image = pushed(world, site('one'));
  await deploy('twins', 'a', image);
  const next = pushed(world, site('two'));
  const both = await Promise.all([deploy('twins', 'b', next), deploy('twins', 'b', next)]);
  const again = await deploy('twins', 'b', next);
  expect(again.code).toBe('');
  expect(sharesOf('twins')).toEqual([[nameOf(again.outputs['release']), 100]]);
  // Each has ended, done or told apart from a foreign hand; no other release has come of it.
  expect(both.filter(({ code }) => code === '').length).toBeGreaterThan(0);
  for (const { code, outputs } of both) {
    expect(['', 'PIPE-RELEASE-002']).toContain(code);
    expect(nameOf(outputs['release'])).toBe(nameOf(again.outputs['release']));
  }
});

it('lets one of two commits through that are deployed at the same time, and never shares traffic between them', async () => {
  await deploy('rivals', 'a', pushed(world, site('one')));
  const both = await Promise.all([
    deploy('rivals', 'b', pushed(world, site('two'))),
    deploy('rivals', 'c', pushed(world, site('three'))),
  ]);
  const done = both.filter(({ code }) => code === '');
  expect(done.length).toBeGreaterThan(0);
  for (const { code } of both) expect(['', 'PIPE-RELEASE-002']).toContain(code);
  const [[serving, percent] = []] = sharesOf('rivals');
  expect(percent).toBe(100);
  expect(done.map(({ outputs }) => nameOf(outputs['release']))).toContain(serving);
});

it('goes on when its tokens end in the middle of a canary', async () => {
  await deploy('canary', 'a', pushed(world, site('one')));
  const staged = await deploy('canary', 'b', pushed(world, site('two')), { promote: 'false' });
  const asked = () => world.proxy.requests.filter(({ host }) => host === 'sts.googleapis.com').length;
  world.google.life = 2;
  try {
    const before = asked();
    const release = String(staged.outputs['release']);
    const { code, outputs } = await run('promote', 'b', { release, steps: '[10, 50]', interval: '2500ms' });
    expect(code).toBe('');
    expect(outputs).toMatchObject({ promoted: true });
    // Every token of the first step was over in the last one.
    expect(asked() - before).toBeGreaterThan(2);
    expect(sharesOf('canary')).toEqual([[nameOf(release), 100]]);
  } finally {
    world.google.life = 3_600;
  }
});
