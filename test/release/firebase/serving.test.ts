import { afterAll, beforeAll, expect, it } from 'vitest';
import { target } from '../../../src/release/targets/firebase/target.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { writeFullProject } from './full-project.ts';
import { given, mark, openRoom, type Room } from './room.ts';

let room: Room;
let url: string;

beforeAll(async () => {
  room = await openRoom();
});

afterAll(() => room.stop());

/** What a project that has all of firebase.json serves, from what was sent of it. */
async function deployed(): Promise<string> {
  if (url !== undefined) return url;
  const folder = await temporaryFolder();
  await writeFullProject(folder, room);
  const prepared = await target.prepare(given(folder, { target: 'shop' }), room.surroundings(folder));
  url = (await prepared.stage(mark(prepared.fingerprint))).url;
  return url;
}

it('serves files, clean addresses and the own page for what is not there', async () => {
  const at = await deployed();
  expect(await room.get(`${at}/`)).toMatchObject({ status: 200, text: '<h1>shop</h1>' });
  expect(await room.get(`${at}/about`)).toMatchObject({ status: 200, text: 'about' });
  expect(await room.get(`${at}/nowhere`)).toMatchObject({ status: 404, text: 'not here' });
  expect(await room.get(`${at}/with%20space%20%26%20sign%25.txt`)).toMatchObject({ status: 200, text: 'a name' });
  expect(await room.get(`${at}/%C3%BCn%C3%AFcode/%E6%97%A5%E6%9C%AC.txt`)).toMatchObject({ text: 'another' });
  expect(await room.get(`${at}/empty.txt`)).toMatchObject({ status: 200, text: '' });
  expect(await room.get(`${at}/deep/linked/app.js`)).toMatchObject({ status: 200 });
  for (const ignored of ['.hidden', 'node_modules/left/index.js', 'drafts/one.html', 'a.txt', 'logs/a/b.log']) {
    expect([ignored, (await room.get(`${at}/${ignored}`)).status]).toEqual([ignored, 404]);
  }
});

it('redirects with what a pattern caught, and to the one address that a page has', async () => {
  const at = await deployed();
  const asked = room.proxy.requests.length;
  const first = async (path: string) => {
    const answers = await room.get(`${at}${path}`).catch(() => undefined);
    return answers;
  };
  await first('/blog/2026/november');
  await first('/about.html');
  await first('/about/');
  const paths = room.proxy.requests.slice(asked).map(({ path }) => path);
  expect(paths).toEqual([
    '/blog/2026/november',
    '/articles/2026/november',
    '/about.html',
    '/about',
    '/about/',
    '/about',
  ]);
});

it('leads to pages, functions and services as firebase.json says', async () => {
  const at = await deployed();
  const routed = async (path: string) => JSON.parse((await room.get(`${at}${path}`)).text) as Record<string, unknown>;
  expect(await room.get(`${at}/app/any/page`)).toMatchObject({ status: 200, text: '<h1>shop</h1>' });
  expect(await routed('/first')).toMatchObject({ function: 'first', functionRegion: 'us-central1' });
  expect(await routed('/second')).toMatchObject({ run: { serviceId: 'second', region: 'europe-west1' } });
  expect(await routed('/both')).toMatchObject({ run: { serviceId: 'both', region: 'us-east1' } });
  expect(await routed('/many')).toMatchObject({ run: { serviceId: 'many', region: 'us-central1' } });
  expect(await routed('/unknown')).toMatchObject({ function: 'unknown', functionRegion: 'asia-east1' });
  expect(await routed('/run/any')).toMatchObject({
    run: { serviceId: 'api', region: 'us-central1' },
    asked: '/run/any',
  });
  expect(await routed('/pinned/x')).toMatchObject({
    run: { serviceId: 'pinned-api', tag: expect.stringMatching(/^fh-/) },
  });
  expect(await routed('/tagged/x')).toMatchObject({ run: { serviceId: 'tagged-api', tag: 'blue' } });
  expect(await routed('/links/x')).toMatchObject({ dynamicLinks: true });
});

it('sets headers by pattern, the last of two of one name, and serves a language of its own', async () => {
  const at = await deployed();
  const { headers } = await room.get(`${at}/assets/app.js`);
  expect(headers).toMatchObject({
    'cache-control': 'max-age=31536000, immutable',
    'x-twice': 'second',
    'x-frame-options': 'DENY',
  });
  const page = await room.get(`${at}/`);
  expect(page.headers['x-frame-options']).toBe('DENY');
  expect(page.headers['cache-control']).toBe('max-age=3600');
  expect((await room.get(`${at}/`, { 'accept-language': 'fr-CH, en;q=0.5' })).text).toBe('boutique');
  expect((await room.get(`${at}/`, { 'accept-language': 'de' })).text).toBe('Laden');
  expect((await room.get(`${at}/`, { 'accept-language': 'nl' })).text).toBe('<h1>shop</h1>');
});
