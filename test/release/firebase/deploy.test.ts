import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Release } from '../../../src/release/target.ts';
import { target } from '../../../src/release/targets/firebase/target.ts';
import { temporaryFolder, writeFiles } from '../../support/temporary.ts';
import { given, mark, openRoom, PROJECT, PROVIDER, type Room } from './room.ts';

let room: Room;

beforeAll(async () => {
  room = await openRoom();
});

afterAll(() => room.stop());

beforeEach(() => {
  const { hosting, said } = room;
  hosting.state.projects.clear();
  hosting.state.ahead = 0;
  hosting.addProject(PROJECT, ['acme-docs']);
  hosting.uploaded.bytes = 0;
  hosting.uploaded.files = 0;
  said.length = 0;
  room.calls();
});

const CONFIG = JSON.stringify({
  hosting: { public: 'dist', ignore: ['firebase.json', '**/.*', '**/node_modules/**'] },
});

async function project(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'firebase.json': CONFIG, 'dist/index.html': 'first', 'dist/app.js': 'app', ...files });
  return folder;
}

async function stage(folder: string, commit = 'a'.repeat(40)): Promise<Release> {
  const prepared = await target.prepare(given(folder), room.surroundings(folder));
  return await prepared.stage(mark(prepared.fingerprint, commit));
}

async function promote(folder: string, release: Release): Promise<void> {
  const platform = await target.open(release.reference, room.surroundings(folder));
  const from = await platform.current();
  if (from === undefined) throw new Error('the site is there');
  await platform.shift([{ reference: release.reference, percent: 100 }], from, 'promote');
}

it('shows a candidate under its own address while the live site stays empty, and serves it after the shift', async () => {
  const folder = await project();
  const prepared = await target.prepare(given(folder), room.surroundings(folder));
  const before = await prepared.platform.current();
  expect(before).toMatchObject({ shares: [], guard: 'none', url: `https://${PROJECT}.web.app` });
  const release = await prepared.stage(mark(prepared.fingerprint));
  expect(await room.get(`${release.url}/`)).toMatchObject({ status: 200, text: 'first' });
  expect(await room.get(`https://${PROJECT}.web.app/`)).toMatchObject({ status: 404 });
  expect(release).toMatchObject({ isReady: true, isRolledBack: false, mark: mark(prepared.fingerprint) });
  if (before === undefined) throw new Error('the site is there');
  const serving = await prepared.platform.shift([{ reference: release.reference, percent: 100 }], before, 'promote');
  expect(serving.shares).toEqual([{ reference: release.reference, percent: 100 }]);
  expect(await room.get(`${serving.url}/app.js`)).toMatchObject({ status: 200, text: 'app' });
});

it('uploads only what changed: nothing for the same files, one file for one change', async () => {
  const folder = await project();
  await stage(folder);
  expect(room.hosting.uploaded.files).toBe(2);
  await stage(folder, 'b'.repeat(40));
  expect(room.hosting.uploaded.files).toBe(2);
  expect(room.said.join('')).toContain('Hosting has all of them: nothing is uploaded');
  await writeFile(join(folder, 'dist/app.js'), 'changed');
  await stage(folder, 'c'.repeat(40));
  expect(room.hosting.uploaded.files).toBe(3);
  expect(room.said.join('')).toContain('1 of them are new to Hosting');
});

it('looks around once before it deploys, deploys in five calls and one for each new file, and writes nothing but a longer life where it was staged before', async () => {
  const folder = await project();
  const first = await stage(folder);
  const site = `firebasehosting.googleapis.com/v1beta1/projects/${PROJECT}/sites/${PROJECT}`;
  const calls = room.calls().filter((call) => !call.includes('upload-'));
  // Together, in no order.
  expect(calls.slice(0, 5).sort()).toEqual(
    [
      `GET firebasehosting.googleapis.com/v1beta1/projects/${PROJECT}/sites?pageSize=100`,
      `GET ${site}/channels/live`,
      `GET ${site}/channels/live/releases?pageSize=100`,
      `GET ${site}/channels?pageSize=100`,
      `GET ${site}/versions?pageSize=100`,
    ].sort(),
  );
  expect(calls.slice(5)).toEqual([
    expect.stringMatching(/^(POST|PATCH) /),
    expect.stringMatching(/^(POST|PATCH) /),
    `POST ${site}/versions/${first.reference.parts[2]}:populateFiles`,
    `PATCH ${site}/versions/${first.reference.parts[2]}?updateMask=status%2Cconfig`,
    expect.stringMatching(/^POST .*\/channels\/candidate-[0-9a-f]{16}\/releases\?versionName=/),
  ]);
  const second = await stage(folder);
  expect(second.reference).toEqual(first.reference);
  expect(room.calls().filter((call) => !call.startsWith('GET '))).toEqual([
    expect.stringMatching(/^PATCH .*\/channels\/candidate-[0-9a-f]{16}\?updateMask=ttl$/),
  ]);
});

it('makes another version of the same commit where the content is another one', async () => {
  const folder = await project();
  const first = await stage(folder);
  await writeFile(join(folder, 'dist/app.js'), 'of another environment');
  const second = await stage(folder);
  expect(second.reference).not.toEqual(first.reference);
  expect(await room.get(`${second.url}/app.js`)).toMatchObject({ text: 'of another environment' });
  expect(await room.get(`${first.url}/app.js`)).toMatchObject({ text: 'app' });
});

it('goes on with the version that a killed run left unfinished', async () => {
  const folder = await project();
  const { state } = room.hosting;
  const release = await stage(folder);
  const version = state.projects
    .get(PROJECT)
    ?.sites.get(PROJECT)
    ?.versions.get(release.reference.parts[2] ?? '');
  if (version === undefined) throw new Error('it is there');
  // As it is when the run is killed between the uploads and the end.
  version.status = 'CREATED';
  delete version.finalizeTime;
  const again = await stage(folder);
  expect(again.reference).toEqual(release.reference);
  expect(version.status).toBe('FINALIZED');
  // One that Hosting is about to give up is left alone.
  version.status = 'CREATED';
  Object.assign(version, { createTime: new Date(Date.now() - 11.5 * 3_600_000).toISOString() });
  expect((await stage(folder)).reference).not.toEqual(release.reference);
});

it('gives a candidate an address again when its channel has expired', async () => {
  const folder = await project();
  const release = await stage(folder);
  room.hosting.state.ahead = 8 * 86_400_000;
  const platform = await target.open(release.reference, room.surroundings(folder));
  expect(await platform.release(release.reference)).toMatchObject({ url: '', isReady: true });
  const again = await stage(folder);
  expect(again.reference).toEqual(release.reference);
  expect(await room.get(`${again.url}/`)).toMatchObject({ status: 200, text: 'first' });
});

it('has another fingerprint for other files, other paths and another configuration, and the same for the same', async () => {
  const folder = await project();
  const print = async () => (await target.prepare(given(folder), room.surroundings(folder))).fingerprint;
  const first = await print();
  expect(first).toMatch(/^[0-9a-f]{40}$/);
  expect(await print()).toBe(first);
  const prints = [first];
  await writeFiles(folder, { 'dist/other.js': 'app' });
  prints.push(await print());
  await rm(join(folder, 'dist/app.js'));
  prints.push(await print());
  await writeFiles(folder, { 'firebase.json': CONFIG.replace('"public"', '"cleanUrls":true,"public"') });
  prints.push(await print());
  expect(new Set(prints).size).toBe(4);
});

it('deploys each configuration of firebase.json to the site of its target, and nothing to another one', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, {
    'firebase.json': '{"hosting": [{"target": "shop", "public": "shop"}, {"target": "docs", "public": "docs"}]}',
    '.firebaserc': `{"targets": {"${PROJECT}": {"hosting": {"shop": ["${PROJECT}"], "docs": ["acme-docs"]}}}}`,
    'shop/index.html': 'the shop',
    'docs/index.html': 'the handbook',
  });
  const stageTarget = async (name: string) => {
    const prepared = await target.prepare(given(folder, { target: name }), room.surroundings(folder));
    return await prepared.stage(mark(prepared.fingerprint));
  };
  const shop = await stageTarget('shop');
  const docs = await stageTarget('docs');
  expect([shop, docs].map(({ reference }) => reference.parts[1])).toEqual([PROJECT, 'acme-docs']);
  expect((await room.get(`${shop.url}/`)).text).toBe('the shop');
  expect((await room.get(`${docs.url}/`)).text).toBe('the handbook');
});

it('says what is different from what serves, by name', async () => {
  const folder = await project({
    'firebase.json': '{"hosting": {"public": "dist", "cleanUrls": true, "redirects": []}}',
  });
  await promote(folder, await stage(folder));
  const text =
    '{"hosting": {"public": "dist", "headers": [{"source": "**", "headers": [{"key": "A", "value": "secret"}]}]}}';
  await writeFiles(folder, { 'firebase.json': text });
  const { changes } = await target.prepare(given(folder), room.surroundings(folder));
  expect([...changes].sort()).toEqual(['2 files', 'cleanUrls of the configuration', 'headers of the configuration']);
});

it('takes the files from where an earlier job has put them, and the configuration from the repository', async () => {
  const folder = await project({ 'firebase.json': CONFIG.replace('"public"', '"predeploy":"exit 1","public"') });
  const built = await temporaryFolder();
  await writeFiles(built, { 'dist/index.html': 'built elsewhere', 'firebase.json': 'not JSON' });
  const prepared = await target.prepare(given(folder), room.surroundings(folder, { built }));
  const release = await prepared.stage(mark(prepared.fingerprint));
  expect(await room.get(`${release.url}/`)).toMatchObject({ text: 'built elsewhere' });
  expect(room.said.join('')).toContain('was built by an earlier job');
  expect(await target.outputFolders?.(given(folder), folder)).toEqual(['dist']);
  const all = JSON.stringify({
    hosting: [
      { target: 'a', public: 'one' },
      { target: 'b', public: './two/dist/' },
    ],
  });
  await writeFiles(folder, { 'web/firebase.json': all });
  expect(await target.outputFolders?.(given(folder, { config: join(folder, 'web') }), folder)).toEqual([
    'web/one',
    'web/two/dist',
  ]);
});

it('deploys many files in parallel and in more than one call, and says how many', async () => {
  const files = Array.from({ length: 1_234 }, (_, index) => [`dist/many/${index}.txt`, `text ${index}`]);
  const folder = await project(Object.fromEntries(files));
  const release = await stage(folder);
  expect(room.hosting.uploaded.files).toBe(1_236);
  expect(room.calls().filter((call) => call.endsWith(':populateFiles'))).toHaveLength(2);
  expect(room.said.join('')).toMatch(
    /Files: 1236; 1236 of them are new[\s\S]*Uploaded 1236 files, [\d.]+ kB compressed/,
  );
  expect(await room.get(`${release.url}/many/1233.txt`)).toMatchObject({ status: 200, text: 'text 1233' });
});

it('signs in by a token of the job as well, and says no token anywhere', async () => {
  const folder = await project();
  const added: string[] = [];
  const credentials = { ...room.surroundings(folder).credentials, workloadIdentityProvider: PROVIDER };
  const secrets = { add: (text: string) => added.push(text) };
  const prepared = await target.prepare(given(folder), room.surroundings(folder, { credentials, secrets }));
  await prepared.stage(mark(prepared.fingerprint));
  const tokens = room.proxy.requests.map(({ headers }) => headers['authorization'] ?? '');
  expect(added.length).toBeGreaterThan(1);
  for (const secret of [...added, ...tokens.map((one) => one.replace('Bearer ', ''))].filter((one) => one.length > 8)) {
    expect(room.said.join('')).not.toContain(secret);
    expect(added).toContain(secret);
  }
});
