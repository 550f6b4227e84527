import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Release } from '../../../src/release/target.ts';
import type { FirebaseInputs } from '../../../src/release/targets/firebase/inputs.ts';
import { target } from '../../../src/release/targets/firebase/target.ts';
import { temporaryFolder, writeFiles } from '../../support/temporary.ts';
import { given, mark, openRoom, PROJECT, type Room } from './room.ts';

let room: Room;
let folder: string;

beforeAll(async () => {
  room = await openRoom();
});

afterAll(() => room.stop());

beforeEach(async () => {
  const { hosting } = room;
  hosting.state.projects.clear();
  hosting.state.ahead = 0;
  hosting.state.channelLimit = 50;
  room.calls();
  hosting.addProject(PROJECT, ['acme-docs']);
  folder = await temporaryFolder();
  await writeFiles(folder, { 'firebase.json': '{"hosting": {"public": "dist"}}' });
});

async function deploy(text: string, values: Partial<FirebaseInputs> = {}, commit = 'a'.repeat(40)): Promise<Release> {
  await writeFiles(folder, { 'dist/index.html': text });
  const prepared = await target.prepare(given(folder, values), room.surroundings(folder));
  expect(prepared.isPreview).toBe(values.channel !== undefined);
  return await prepared.stage(mark(prepared.fingerprint, commit));
}

const open = () => target.open({ scheme: 'firebase', parts: [PROJECT, PROJECT, 'x'] }, room.surroundings(folder));
const site = () => room.hosting.state.projects.get(PROJECT)?.sites.get(PROJECT);

it('serves a pull request under one address until it expires, and leaves the live site alone', async () => {
  const first = await deploy('first', { channel: 'pr-1', expires: 86_400_000 });
  const second = await deploy('second', { channel: 'pr-1', expires: 86_400_000 }, 'b'.repeat(40));
  expect(second.url).toBe(first.url);
  expect(second.url).toMatch(/^https:\/\/acme-shop--pr-1-/);
  expect((await room.get(`${second.url}/`)).text).toBe('second');
  expect((await room.get(`https://${PROJECT}.web.app/`)).status).toBe(404);
  expect(second.expiresAt).toBeGreaterThan(Date.now() + 86_000_000);
  expect(second.expiresAt).toBeLessThan(Date.now() + 87_000_000);
  room.hosting.state.ahead = 86_500_000;
  expect((await room.get(`${second.url}/`)).status).toBe(404);
  // The next push to the pull request brings it back.
  const third = await deploy('third', { channel: 'pr-1' }, 'c'.repeat(40));
  expect((await room.get(`${third.url}/`)).text).toBe('third');
});

it('leaves a channel that stays for longer, or for good, as it is, unless it is told how long', async () => {
  const preview = await deploy('one', { channel: 'qa', expires: 20 * 86_400_000 });
  const again = await deploy('two', { channel: 'qa' }, 'b'.repeat(40));
  expect(again.expiresAt).toBe(preview.expiresAt);
  const channel = site()?.channels.get('qa');
  delete channel?.expires;
  const third = await deploy('three', { channel: 'qa' }, 'c'.repeat(40));
  expect(third.expiresAt).toBeUndefined();
  expect((await room.get(`${third.url}/`)).text).toBe('three');
  const fourth = await deploy('four', { channel: 'qa', expires: 86_400_000 }, 'd'.repeat(40));
  expect(fourth.expiresAt).toBeLessThan(Date.now() + 87_000_000);
});

it('deletes the channel and its versions when the pull request closes, and says when they were gone', async () => {
  await deploy('first', { channel: 'pr-1' });
  const second = await deploy('second', { channel: 'pr-1' }, 'b'.repeat(40));
  const other = await deploy('other', { channel: 'pr-2' }, 'c'.repeat(40));
  const candidate = await deploy('candidate');
  const platform = await open();
  const channel = { scheme: 'firebase', parts: [PROJECT, PROJECT, 'channel:pr-1'] };
  expect(await platform.remove(channel)).toBe(true);
  expect((await room.get(`${second.url}/`)).status).toBe(404);
  const left = [...(site()?.versions.values() ?? [])]
    .filter(({ status }) => status === 'FINALIZED')
    .map(({ id }) => id);
  expect(left.sort()).toEqual([other, candidate].map(({ reference }) => reference.parts[2]).sort());
  expect((await room.get(`${other.url}/`)).text).toBe('other');
  expect(await platform.remove(channel)).toBe(false);
  await expect(platform.remove({ ...channel, parts: [PROJECT, PROJECT, 'channel:live'] })).rejects.toThrow(
    'PIPE-FIREBASE-020',
  );
});

it('deletes a preview on whatever site of the project it is, and leaves alone what another repository has made', async () => {
  const runOf = (repository: string) => ({
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: repository,
    GITHUB_RUN_ID: '42',
  });
  const here = (repository: string) => {
    const { environment } = room.surroundings(folder);
    return room.surroundings(folder, { environment: { ...environment, ...runOf(repository) } });
  };
  const ours = await deploy('ours', { site: 'acme-docs', channel: 'pr-1' });
  const theirs = await deploy('theirs', { channel: 'pr-1' }, 'b'.repeat(40));
  const all = { scheme: 'firebase', parts: [PROJECT, 'sites:all', 'channel:pr-1'] };
  // The mark of these tests is of the repository acme/Shop; the channel of the other site is made over by another one.
  const channel = site()?.channels.get('pr-1');
  const version = channel?.releases[0]?.version;
  if (version === undefined) throw new Error('the preview is there');
  version.labels = Object.fromEntries(
    Object.entries(version.labels).map(([name, value]) => [name, value.replace('acme_002f_0053hop', 'acme_002fother')]),
  );
  const platform = await target.open(all, here('acme/Shop'));
  expect(await platform.remove(all)).toBe(true);
  expect((await room.get(`${ours.url}/`)).status).toBe(404);
  expect((await room.get(`${theirs.url}/`)).text).toBe('theirs');
  expect(room.said.join('\n')).toContain(`${PROJECT}: its channel pr-1 was not made by this repository and stays`);
  expect(await platform.remove(all)).toBe(false);
  expect(await (await target.open(all, here('acme/other'))).remove(all)).toBe(true);
  expect((await room.get(`${theirs.url}/`)).status).toBe(404);
  const live = { ...all, parts: [PROJECT, 'sites:all', ours.reference.parts[2] ?? ''] };
  await expect(platform.remove(live)).rejects.toThrow('PIPE-FIREBASE-003');
  expect(await platform.current()).toBeUndefined();
});

it('puts a preview live by releasing the very same version, which then stays when the preview goes', async () => {
  const preview = await deploy('previewed', { channel: 'pr-1' });
  const platform = await open();
  const from = await platform.current();
  if (from === undefined) throw new Error('the site is there');
  const { files } = room.hosting.uploaded;
  await platform.shift([{ reference: preview.reference, percent: 100 }], from, 'promote');
  expect(room.hosting.uploaded.files).toBe(files);
  expect((await room.get(`https://${PROJECT}.web.app/`)).text).toBe('previewed');
  await platform.remove({ scheme: 'firebase', parts: [PROJECT, PROJECT, 'channel:pr-1'] });
  expect((await room.get(`https://${PROJECT}.web.app/`)).text).toBe('previewed');
});

it('keeps previews out of the list of candidates, which is tidied up', async () => {
  const preview = await deploy('preview', { channel: 'pr-1' });
  const candidate = await deploy('candidate');
  const platform = await open();
  expect((await platform.releases()).map(({ reference }) => reference)).toEqual([candidate.reference]);
  expect(await platform.release(preview.reference)).toMatchObject({ url: preview.url });
});

it('makes room for a preview by removing channels of candidates, oldest first, and never another preview', async () => {
  room.hosting.state.channelLimit = 3;
  const candidates = [await deploy('one'), await deploy('two', {}, 'b'.repeat(40))];
  const preview = await deploy('preview', { channel: 'pr-1' });
  const next = await deploy('next', { channel: 'pr-2' });
  expect((await room.get(`${preview.url}/`)).text).toBe('preview');
  expect((await room.get(`${next.url}/`)).text).toBe('next');
  expect((await room.get(`${candidates[0]?.url}/`)).status).toBe(404);
  expect((await room.get(`${candidates[1]?.url}/`)).text).toBe('two');
  const third = await deploy('third', { channel: 'pr-3' });
  expect((await room.get(`${third.url}/`)).text).toBe('third');
  const failure = await deploy('fourth', { channel: 'pr-4' }).catch(String);
  expect(failure).toContain('PIPE-FIREBASE-012');
  expect(failure).toContain('channel quota reached');
  expect(failure).toContain('firebase hosting:channel:delete pr-1 --site acme-shop --project acme-shop');
  expect((await room.get(`${preview.url}/`)).text).toBe('preview');
});

it('refuses names that mean something else', async () => {
  await expect(deploy('x', { channel: 'live' })).rejects.toThrow('PIPE-FIREBASE-013');
  await expect(deploy('x', { channel: 'candidate-0123456789abcdef' })).rejects.toThrow('PIPE-FIREBASE-013');
  expect(room.calls()).toEqual([]);
});
