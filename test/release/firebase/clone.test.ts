import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ReleaseReference, referenceText } from '../../../src/release/reference.ts';
import { target } from '../../../src/release/targets/firebase/target.ts';
import { temporaryFolder, writeFiles } from '../../support/temporary.ts';
import { given, mark, openRoom, PROJECT, type Room } from './room.ts';

let room: Room;

beforeAll(async () => {
  room = await openRoom();
  room.hosting.addProject('acme-production');
});

afterAll(() => room.stop());

async function staged(): Promise<{ readonly folder: string; readonly reference: ReleaseReference }> {
  const folder = await temporaryFolder();
  const config = '{"hosting": {"public": "dist", "cleanUrls": true}}';
  await writeFiles(folder, { 'firebase.json': config, 'dist/index.html': 'verified', 'dist/about.html': 'about' });
  const prepared = await target.prepare(given(folder), room.surroundings(folder));
  const { reference } = await prepared.stage(mark(prepared.fingerprint));
  return { folder, reference };
}

it('puts what another site has verified on this one, without the project and without an upload', async () => {
  const { reference } = await staged();
  const { files } = room.hosting.uploaded;
  const empty = await temporaryFolder();
  const inputs = given(empty, { project: 'acme-production', clone: referenceText(reference) });
  const prepared = await target.prepare(inputs, room.surroundings(empty));
  const release = await prepared.stage(mark(prepared.fingerprint));
  expect(release.reference.parts.slice(0, 2)).toEqual(['acme-production', 'acme-production']);
  expect(release).toMatchObject({ isReady: true, mark: mark(prepared.fingerprint) });
  expect((await room.get(`${release.url}/about`)).text).toBe('about');
  expect(room.hosting.uploaded.files).toBe(files);
  // A second time it is the copy of the first.
  expect((await prepared.stage(mark(prepared.fingerprint))).reference).toEqual(release.reference);
});

it('takes the version itself where it is one of the same site', async () => {
  const { folder, reference } = await staged();
  const prepared = await target.prepare(given(folder, { clone: referenceText(reference) }), room.surroundings(folder));
  const release = await prepared.stage(mark(prepared.fingerprint));
  expect(release.reference).toEqual(reference);
  expect((await room.get(`${release.url}/`)).text).toBe('verified');
});

it('goes to the site that the project’s files name, where they are here and no site is given', async () => {
  const { reference } = await staged();
  room.hosting.addProject('acme-live', ['acme-live-shop', 'acme-live-docs']);
  const folder = await temporaryFolder();
  await writeFiles(folder, {
    'firebase.json':
      '{"hosting": [{"target": "shop", "public": "dist"}, {"site": "acme-live-docs", "public": "docs"}]}',
    '.firebaserc': '{"targets": {"acme-live": {"hosting": {"shop": ["acme-live-shop"]}}}}',
  });
  const clone = referenceText(reference);
  const place = async (values: Parameters<typeof given>[1]) => {
    const inputs = given(folder, { project: 'acme-live', clone, ...values });
    return (await target.prepare(inputs, room.surroundings(folder))).place.parts[1];
  };
  expect(await place({ target: 'shop' })).toBe('acme-live-shop');
  expect(await place({ site: 'acme-live-docs' })).toBe('acme-live-docs');
  await expect(place({})).rejects.toThrow('PIPE-FIREBASE-003');
  await writeFiles(folder, { 'firebase.json': '{"hosting": {"site": "acme-live-docs", "public": "docs"}}' });
  expect(await place({})).toBe('acme-live-docs');
  const empty = await temporaryFolder();
  const other = { project: 'acme-live', clone };
  expect((await target.prepare(given(empty, other), room.surroundings(empty))).place.parts[1]).toBe('acme-live');
  await expect(target.prepare(given(empty, { ...other, target: 'shop' }), room.surroundings(empty))).rejects.toThrow(
    'PIPE-FIREBASE-001',
  );
});

it('refuses what is no release of Firebase, and one that is gone', async () => {
  const folder = await temporaryFolder();
  const prepare = (clone: string) => target.prepare(given(folder, { clone }), room.surroundings(folder));
  await expect(prepare('cloud-run://a/b/c/d')).rejects.toThrow('PIPE-FIREBASE-019');
  await expect(prepare('something')).rejects.toThrow('PIPE-RELEASE-001');
  await expect(prepare(`firebase://${PROJECT}/${PROJECT}/0000000000000000`)).rejects.toThrow('PIPE-FIREBASE-019');
});
