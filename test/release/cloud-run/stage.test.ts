import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, mark, pushed, site, startWorld, type World } from './place.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(async () => {
  await world.stop();
});

it('creates a service, stages a candidate without traffic, and moves traffic to it', async () => {
  const first = await world.prepare({ image: pushed(world, site('one')), authentication: 'public' });
  expect(await first.platform.current()).toBeUndefined();
  const one = await first.stage(mark(first, 'a'));
  expect(one.isReady).toBe(true);
  expect((await ask(world, one.url)).text).toBe('one');
  const before = await first.platform.current();
  expect(before?.shares).toEqual([{ reference: one.reference, percent: 100 }]);
  const second = await world.prepare({ image: pushed(world, site('two')), memory: '1Gi' });
  const two = await second.stage(mark(second, 'b'));
  expect((await ask(world, two.url)).text).toBe('two');
  const now = await second.platform.current();
  if (now === undefined) throw new Error('nothing serves');
  expect((await ask(world, now.url)).text).toBe('one');
  const after = await second.platform.shift([{ reference: two.reference, percent: 100 }], now, 'promote');
  expect(after.previous).toEqual(one.reference);
  expect((await ask(world, now.url)).text).toBe('two');
});
