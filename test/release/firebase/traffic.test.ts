import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { ReleaseReference } from '../../../src/release/reference.ts';
import type { Platform, Reason, Serving } from '../../../src/release/target.ts';
import { target } from '../../../src/release/targets/firebase/target.ts';
import { TrafficMoved } from '../../../src/release/traffic-moved.ts';
import { release as releaseOn } from '../../support/firebase/channels.ts';
import type { Site } from '../../support/firebase/state.ts';
import { temporaryFolder, writeFiles } from '../../support/temporary.ts';
import { given, mark, openRoom, PROJECT, type Room } from './room.ts';

let room: Room;
let folder: string;
let site: Site;
let platform: Platform;

beforeAll(async () => {
  room = await openRoom();
});

afterAll(() => room.stop());

beforeEach(async () => {
  const { state, addProject } = room.hosting;
  state.projects.clear();
  const found = addProject(PROJECT).sites.get(PROJECT);
  if (found === undefined) throw new Error('it was added');
  site = found;
  folder = await temporaryFolder();
  await writeFiles(folder, { 'firebase.json': '{"hosting": {"public": "dist"}}' });
  platform = await target.open(version('new'), room.surroundings(folder));
});

function version(id: string): ReleaseReference {
  return { scheme: 'firebase', parts: [PROJECT, PROJECT, id] };
}

async function stage(text: string): Promise<ReleaseReference> {
  await writeFiles(folder, { 'dist/index.html': text });
  const prepared = await target.prepare(given(folder), room.surroundings(folder));
  return (await prepared.stage(mark(prepared.fingerprint))).reference;
}

async function serving(): Promise<Serving> {
  const now = await platform.current();
  if (now === undefined) throw new Error('the site is there');
  return now;
}

async function move(to: ReleaseReference, reason: Reason = 'promote'): Promise<Serving> {
  return await platform.shift([{ reference: to, percent: 100 }], await serving(), reason);
}

const live = async () => (await room.get(`https://${PROJECT}.web.app/`)).text;

it('knows what serves, since when, and what served before', async () => {
  const [one, two] = [await stage('one'), await stage('two')];
  const began = Date.now();
  await move(one);
  const after = await move(two);
  expect(await live()).toBe('two');
  expect(after).toEqual(await serving());
  expect(after).toMatchObject({ shares: [{ reference: two, percent: 100 }], previous: one });
  expect(after.since).toBeGreaterThanOrEqual(began);
  expect(after.since).toBeLessThanOrEqual(Date.now());
});

it('goes back to the release before without an upload, and does not promote the bad one by itself again', async () => {
  const [one, two] = [await stage('one'), await stage('two')];
  await move(one);
  await move(two);
  const { bytes } = room.hosting.uploaded;
  const back = await move(one, 'roll-back');
  expect(await live()).toBe('one');
  expect(room.hosting.uploaded.bytes).toBe(bytes);
  expect(await platform.release(two)).toMatchObject({ isRolledBack: true });
  expect(await platform.release(one)).toMatchObject({ isRolledBack: false });
  // What was bad is nothing to go back to.
  expect(back.previous).toBeUndefined();
  expect(site.channels.get('live')?.releases[0]).toMatchObject({
    type: 'ROLLBACK',
    message: expect.stringContaining(`rolled back from ${two.parts[2]} to ${one.parts[2]}`),
  });
  // Promoted on purpose, it counts as good again.
  await move(two);
  expect(await platform.release(two)).toMatchObject({ isRolledBack: false });
});

it('goes back to any version that Hosting still has, however old, and also to one that never served', async () => {
  const [one, two, three, four] = [await stage('one'), await stage('two'), await stage('three'), await stage('four')];
  for (const each of [one, two, three]) await move(each);
  const { files } = room.hosting.uploaded;
  await move(one, 'roll-back');
  expect(await live()).toBe('one');
  await move(four, 'roll-back');
  expect(await live()).toBe('four');
  expect(room.hosting.uploaded.files).toBe(files);
  // Both were left as bad ones: what is gone back to now is the newest that was not.
  expect((await serving()).previous).toEqual(two);
});

it("counts a rollback in Firebase's console as one", async () => {
  const [one, two] = [await stage('one'), await stage('two')];
  await move(one);
  await move(two);
  const channel = site.channels.get('live');
  const first = site.versions.get(one.parts[2] ?? '');
  if (channel === undefined || first === undefined) throw new Error('both are there');
  releaseOn(room.hosting.state, channel, first, {});
  expect((await platform.release(two))?.isRolledBack).toBe(true);
  expect((await serving()).shares).toEqual([{ reference: one, percent: 100 }]);
});

it('stops when something else has moved traffic since it was decided, and moves nothing', async () => {
  const [one, two, three] = [await stage('one'), await stage('two'), await stage('three')];
  await move(one);
  const decided = await serving();
  await move(two);
  await expect(platform.shift([{ reference: three, percent: 100 }], decided, 'promote')).rejects.toThrow(TrafficMoved);
  expect(await live()).toBe('two');
});

it('notices somebody who releases between its look and its write', async () => {
  const [one, two, three] = [await stage('one'), await stage('two'), await stage('three')];
  const from = await move(one);
  const channel = site.channels.get('live');
  const other = site.versions.get(three.parts[2] ?? '');
  if (channel === undefined || other === undefined) throw new Error('both are there');
  const original = channel.releases.unshift;
  channel.releases.unshift = (...made) => {
    channel.releases.unshift = original;
    releaseOn(room.hosting.state, channel, other, {});
    return channel.releases.unshift(...made);
  };
  await expect(platform.shift([{ reference: two, percent: 100 }], from, 'promote')).rejects.toThrow(TrafficMoved);
});

it('says that nothing serves when the site was taken down', async () => {
  const one = await stage('one');
  await move(one);
  const channel = site.channels.get('live');
  if (channel === undefined) throw new Error('it is there');
  releaseOn(room.hosting.state, channel, undefined, { type: 'SITE_DISABLE' });
  expect(await serving()).toMatchObject({ shares: [], previous: one });
  await move(one);
  expect(await live()).toBe('one');
});

it('lists what can serve, newest first, with the address of a candidate', async () => {
  const [one, two] = [await stage('one'), await stage('two')];
  await move(one);
  const releases = await platform.releases();
  expect(releases.map(({ reference }) => reference)).toEqual([two, one]);
  for (const [index, text] of ['two', 'one'].entries()) {
    expect((await room.get(`${releases[index]?.url}/`)).text).toBe(text);
  }
  expect(await platform.releases(1)).toHaveLength(1);
});

it('reads lists to their end', async () => {
  const references: ReleaseReference[] = [];
  for (let count = 0; count < 3; count += 1) references.push(await stage(`text ${count}`));
  for (let count = 0; count < 130; count += 1) {
    room.hosting.state.projects
      .get(PROJECT)
      ?.sites.get(PROJECT)
      ?.channels.set(`pr-${count}`, {
        id: `pr-${count}`,
        createTime: '2026-01-01T00:00:00Z',
        updateTime: '2026-01-01T00:00:00Z',
        labels: {},
        retained: 10,
        host: `pr-${count}.web.app`,
        releases: [],
      });
  }
  const first = await platform.release(references[0] ?? version('x'));
  expect(first?.url).toMatch(/^https:\/\/acme-shop--candidate-/);
  expect(room.calls().filter((call) => call.includes('pageToken='))).not.toEqual([]);
});

it('removes a candidate with its address, and never what serves', async () => {
  const [one, two] = [await stage('one'), await stage('two')];
  await move(one);
  const { url = '' } = (await platform.release(two)) ?? {};
  expect(await platform.remove(two)).toBe(true);
  expect((await room.get(`${url}/`)).status).toBe(404);
  expect(await platform.release(two)).toBeUndefined();
  expect(await platform.remove(two)).toBe(false);
  await expect(platform.remove(one)).rejects.toThrow('PIPE-FIREBASE-020');
  expect(await live()).toBe('one');
});

it('refuses a version that is gone or unknown before it moves anything', async () => {
  const [one, two] = [await stage('one'), await stage('two')];
  await move(one);
  await platform.remove(two);
  await expect(move(two)).rejects.toThrow('PIPE-FIREBASE-019');
  await expect(move(version('0000000000000000'))).rejects.toThrow('PIPE-FIREBASE-019');
  await expect(move(version('..'))).rejects.toThrow('PIPE-FIREBASE-019');
  expect(await live()).toBe('one');
});

it('names the command and the page for the night', async () => {
  const one = version('1a2b');
  expect(platform.commandFor(one)).toBe('firebase hosting:clone acme-shop:acme-shop@1a2b acme-shop:acme-shop:live');
  expect(platform.pageFor(one)).toBe('https://console.firebase.google.com/project/acme-shop/hosting/sites/acme-shop');
});

it('is undefined for a site that is not there', async () => {
  const other = await target.open({ scheme: 'firebase', parts: [PROJECT, 'nowhere', 'x'] }, room.surroundings(folder));
  expect(await other.current()).toBeUndefined();
});
