import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createGoogleClient } from '../../../src/google/client.ts';
import type { Platform, Release, Serving } from '../../../src/release/target.ts';
import { serviceOf } from '../../support/cloud-run/state.ts';
import { ask, mark, pushed, REGION, site, startWorld, type World } from './place.ts';

let world: World;
let service = '';
let count = 0;
let platform: Platform;
let one: Release;
let two: Release;

beforeAll(async () => {
  world = await startWorld({ polls: 1, pace: 2 });
});

afterAll(async () => {
  await world.stop();
});

async function stage(text: string, commit: string): Promise<Release> {
  const prepared = await world.prepare({ service, image: pushed(world, site(text)), authentication: 'public' });
  return await prepared.stage(mark(prepared, commit));
}

beforeEach(async () => {
  count += 1;
  service = `traffic-${count}`;
  one = await stage('one', 'a');
  two = await stage('two', 'b');
  platform = await world.platform(service);
});

async function now(): Promise<Serving> {
  const serving = await platform.current();
  if (serving === undefined) throw new Error('nothing serves');
  return serving;
}

const all = ({ reference }: Release) => [{ reference, percent: 100 }];

it('gives the first release its traffic at once, and a candidate none', async () => {
  expect((await now()).shares).toEqual(all(one));
  expect(await platform.releases()).toMatchObject([
    {
      reference: two.reference,
      isReady: true,
      mark: { commit: 'b'.repeat(40), lastMigration: '20261104120000_add_email' },
    },
    { reference: one.reference, isReady: true, mark: { commit: 'a'.repeat(40) } },
  ]);
});

it('has an address of its own for each candidate, by its tag, as the platform says it', async () => {
  expect(two.url).toMatch(/^https:\/\/c[0-9a-f]{8}---traffic-\d+-[0-9a-f]{10}-ew\.a\.run\.app$/);
  expect((await ask(world, two.url)).text).toBe('two');
  expect((await platform.release(one.reference))?.url).toBe(one.url);
});

it('shares traffic as it was told, and users meet both', async () => {
  const from = await now();
  const shares = [
    { reference: one.reference, percent: 70 },
    { reference: two.reference, percent: 30 },
  ];
  const serving = await platform.shift(shares, from, 'promote');
  expect(serving.shares).toEqual(shares);
  const answers = await Promise.all(Array.from({ length: 100 }, () => ask(world, serving.url)));
  expect(new Set(answers.map(({ text }) => text))).toEqual(new Set(['one', 'two']));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
});

it('remembers what served before, across steps, in the same write as the traffic', async () => {
  const first = await now();
  const shares = [
    { reference: one.reference, percent: 50 },
    { reference: two.reference, percent: 50 },
  ];
  const middle = await platform.shift(shares, first, 'promote');
  world.proxy.requests.length = 0;
  const last = await platform.shift(all(two), middle, 'promote');
  expect(last.previous).toEqual(one.reference);
  const read = await now();
  expect(read).toMatchObject({ previous: one.reference, guard: last.guard, since: last.since });
  expect(Math.abs((read.since ?? 0) - Date.now())).toBeLessThan(60_000);
  const writes = world.proxy.requests.filter(({ method }) => method === 'PATCH');
  expect(writes.map(({ query }) => query.get('updateMask'))).toEqual(['traffic,annotations']);
});

it('marks what was rolled back, does not offer it as what to go back to, and forgets it when it is promoted again', async () => {
  const promoted = await platform.shift(all(two), await now(), 'promote');
  const back = await platform.shift(all(one), promoted, 'roll-back');
  expect(back.previous).toBeUndefined();
  expect((await platform.release(two.reference))?.isRolledBack).toBe(true);
  expect((await platform.release(one.reference))?.isRolledBack).toBe(false);
  await platform.shift(all(two), await now(), 'promote');
  expect((await platform.release(two.reference))?.isRolledBack).toBe(false);
});

it('refuses to move traffic that somebody else has moved since', async () => {
  const three = await stage('three', 'c');
  const from = await now();
  await platform.shift(all(two), from, 'promote');
  await expect(platform.shift(all(three), from, 'promote')).rejects.toMatchObject({ code: 'PIPE-RELEASE-002' });
  expect((await now()).shares).toEqual(all(two));
});

it('moves traffic although somebody changed something else since', async () => {
  const from = await now();
  await stage('three', 'c');
  expect((await platform.shift(all(two), from, 'promote')).shares).toEqual(all(two));
});

it('tries again when somebody writes between its read and its write', async () => {
  const from = await now();
  const state = serviceOf(world.cloud.state, REGION, service);
  if (state === undefined) throw new Error('no service');
  world.proxy.inject(({ method, query }) => {
    if (method !== 'PATCH' || !query.get('updateMask')?.startsWith('traffic')) return undefined;
    world.proxy.inject();
    state.etag += 1;
    return undefined;
  });
  expect((await platform.shift(all(two), from, 'promote')).shares).toEqual(all(two));
});

it('counts traffic that somebody moved by hand, without a date, and knows what served before', async () => {
  await platform.shift(all(two), await now(), 'promote');
  const three = await stage('three', 'c');
  const state = serviceOf(world.cloud.state, REGION, service);
  if (state === undefined) throw new Error('no service');
  const byHand = { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 };
  state.spec = { ...state.spec, traffic: [byHand] };
  state.traffic = [byHand];
  expect(await now()).toMatchObject({ shares: all(three), since: undefined, previous: two.reference });
});

it('does not take a revision for its own that somebody else made from its template', async () => {
  const client = createGoogleClient(world.surroundings);
  const url = `https://run.googleapis.com/v2/projects/acme-production/locations/${REGION}/services/${service}`;
  const found = await client?.send({ url });
  const template = found?.body['template'] as Readonly<Record<string, unknown>>;
  const byHand = { ...template, revision: `${service}-by-hand`, timeout: '7s' };
  const answer = await client?.send({ method: 'PATCH', url: `${url}?updateMask=template`, body: { template: byHand } });
  expect(answer?.status).toBe(200);
  const [newest] = await platform.releases();
  expect(newest).toMatchObject({ mark: { commit: '', fingerprint: '' } });
  expect(newest?.reference.parts.at(-1)).toBe(`${service}-by-hand`);
});

it('removes a candidate with its tag, and says when it was gone', async () => {
  await platform.shift(all(two), await now(), 'promote');
  await stage('three', 'c');
  expect(await platform.remove(one.reference)).toBe(true);
  expect(await platform.release(one.reference)).toBeUndefined();
  expect(await platform.remove(one.reference)).toBe(false);
  expect((await ask(world, one.url)).status).toBe(404);
  expect((await now()).shares).toEqual(all(two));
});

it('reads all pages of many revisions', async () => {
  world.cloud.state.settings.pageSize = 1;
  const found = await platform.releases();
  world.cloud.state.settings.pageSize = 100;
  expect(found.map(({ reference }) => reference)).toEqual([two.reference, one.reference]);
});

it('names the command of the vendor and the page of the console', () => {
  const name = two.reference.parts.at(-1);
  expect(platform.commandFor(two.reference)).toBe(
    `gcloud run services update-traffic ${service} --project=acme-production --region=europe-west1 --to-revisions=${name}=100`,
  );
  expect(platform.pageFor(two.reference)).toBe(
    `https://console.cloud.google.com/run/detail/europe-west1/${service}/revisions?project=acme-production`,
  );
});

it('refuses a reference of another service', async () => {
  const other = { ...two.reference, parts: ['acme-production', REGION, 'other', 'other-1'] };
  await expect(platform.release(other)).rejects.toMatchObject({ code: 'PIPE-CLOUDRUN-001' });
});
