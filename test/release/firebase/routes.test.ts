import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Prepared } from '../../../src/release/target.ts';
import { target } from '../../../src/release/targets/firebase/target.ts';
import type { Config } from '../../support/firebase/state.ts';
import { temporaryFolder, writeFiles } from '../../support/temporary.ts';
import { given, mark, openRoom, PROJECT, type Room } from './room.ts';

let room: Room;

beforeAll(async () => {
  room = await openRoom();
});

afterAll(() => room.stop());

beforeEach(() => {
  room.hosting.state.projects.clear();
  room.hosting.addProject(PROJECT);
  room.neighbours.functions.length = 0;
  room.neighbours.runServices.length = 0;
  room.neighbours.mayList = true;
  room.said.length = 0;
  room.calls();
});

async function prepare(...rewrites: readonly object[]): Promise<Prepared> {
  const folder = await temporaryFolder();
  const text = JSON.stringify({
    hosting: { public: 'dist', rewrites: rewrites.map((one) => ({ source: '/api/**', ...one })) },
  });
  await writeFiles(folder, { 'firebase.json': text, 'dist/index.html': 'x' });
  return await target.prepare(given(folder), room.surroundings(folder));
}

async function staged(...rewrites: readonly object[]): Promise<{ readonly config: Config; readonly id: string }> {
  const prepared = await prepare(...rewrites);
  const id = (await prepared.stage(mark(prepared.fingerprint))).reference.parts[2] ?? '';
  const config = room.hosting.state.projects.get(PROJECT)?.sites.get(PROJECT)?.versions.get(id)?.config;
  if (config === undefined) throw new Error('it is there');
  return { config, id };
}

const glob = '/api/**';

it('asks for functions only where a rewrite leads to one', async () => {
  room.neighbours.addService('api', 'us-central1', 'api-1');
  await prepare({ destination: '/index.html' }, { run: { serviceId: 'api' } });
  expect(room.calls().filter((call) => call.includes('cloudfunctions'))).toEqual([]);
  await prepare({ function: 'api' });
  expect(room.calls().filter((call) => call.includes('cloudfunctions'))).toHaveLength(1);
});

it('passes a function on by its name, with a warning, where functions may not be listed or there is none', async () => {
  room.neighbours.mayList = false;
  const { config } = await staged({ function: 'api', region: 'europe-west1' }, { function: 'other' });
  expect(config.rewrites).toEqual([
    { glob, function: 'api', functionRegion: 'europe-west1' },
    { glob, function: 'other' },
  ]);
  expect(room.said.join('')).toContain('roles/cloudfunctions.viewer');
});

it('refuses rewrites to functions that can not answer, before anything is changed', async () => {
  const { functions } = room.neighbours;
  functions.push(
    { id: 'background', region: 'us-central1', generation: 1, isHttp: false },
    { id: 'old', region: 'us-central1', generation: 1 },
    { id: 'warm', region: 'us-central1', generation: 2, minInstances: 1 },
    { id: 'far', region: 'asia-east1', generation: 2 },
    { id: 'two', region: 'asia-east1', generation: 2 },
    { id: 'two', region: 'europe-west1', generation: 2 },
  );
  const wrong: readonly (readonly [object, string])[] = [
    [{ function: 'background' }, 'is not started by requests'],
    [{ function: { functionId: 'old', pinTag: true } }, 'first generation'],
    [{ function: { functionId: 'warm', pinTag: true } }, 'keeps instances running'],
    [{ function: 'far', region: 'us-central1' }, 'is in asia-east1, and not in us-central1'],
    [{ function: 'two' }, 'is in asia-east1, europe-west1, and not in us-central1'],
    [{ run: { serviceId: 'nowhere', pinTag: true } }, 'which is not there'],
  ];
  for (const [rewrite, words] of wrong) {
    const failure = await prepare(rewrite).catch(String);
    expect(failure).toContain('PIPE-FIREBASE-014');
    expect(failure).toContain(words);
  }
  expect(room.calls().filter((call) => !call.startsWith('GET '))).toEqual([]);
});

it('pins a rewrite to the revision that was newest, by a tag that moves no traffic', async () => {
  const service = room.neighbours.addService('api', 'europe-west1', 'api-00003-abc');
  const rewrite = { run: { serviceId: 'api', region: 'europe-west1', pinTag: true } };
  const before = service.traffic;
  const { config, id } = await staged(rewrite);
  expect(config.rewrites).toEqual([{ glob, run: { serviceId: 'api', region: 'europe-west1', tag: `fh-${id}` } }]);
  const tagged = { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: 'api-00003-abc', tag: `fh-${id}` };
  expect(service.traffic).toEqual([...before, tagged]);
  // Another deployment finds the tag; a newer revision gets one of its own.
  expect((await staged(rewrite, rewrite)).config.rewrites?.[1]?.run?.tag).toBe(`fh-${id}`);
  const { fingerprint } = await prepare(rewrite);
  service.latest = 'api-00004-def';
  expect((await prepare(rewrite)).fingerprint).not.toBe(fingerprint);
  const next = await staged(rewrite);
  expect(next.config.rewrites?.[0]?.run?.tag).toBe(`fh-${next.id}`);
  expect(service.traffic).toHaveLength(3);
});

it('pins a function of the second generation by the service that it is', async () => {
  room.neighbours.functions.push({ id: 'Api', region: 'europe-west1', generation: 2 });
  room.neighbours.addService('api', 'europe-west1', 'api-00001-abc');
  const { config, id } = await staged({ function: { functionId: 'Api', region: 'europe-west1', pinTag: true } });
  expect(config.rewrites?.[0]?.run).toEqual({ serviceId: 'api', region: 'europe-west1', tag: `fh-${id}` });
});

it('finds its own tag when the service was changed meanwhile, and says so when there is none', async () => {
  const service = room.neighbours.addService('api', 'us-central1', 'api-00001-abc');
  const prepared = await prepare({ run: { serviceId: 'api', pinTag: true } });
  // From now on the etag is never the one that was read.
  let reads = 0;
  Object.defineProperty(service, 'etag', { get: () => (reads += 1), set: () => undefined });
  await expect(prepared.stage(mark(prepared.fingerprint))).rejects.toThrow('PIPE-FIREBASE-015');
  expect(service.traffic).toHaveLength(1);
});

it("quotes Firebase's own words when a service of a rewrite is not there", async () => {
  const prepared = await prepare({ run: { serviceId: 'nowhere' } });
  const failure = await prepared.stage(mark(prepared.fingerprint)).catch(String);
  expect(failure).toContain('PIPE-FIREBASE-015');
  expect(failure).toContain('Precondition check failed.');
});
