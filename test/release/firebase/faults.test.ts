import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { target } from '../../../src/release/targets/firebase/target.ts';
import type { CloudAnswer, CloudRequest } from '../../support/cloud-proxy.ts';
import type { Access } from '../../support/firebase/hosting.ts';
import { temporaryFolder, writeFiles } from '../../support/temporary.ts';
import { given, mark, openRoom, PROJECT, type Room } from './room.ts';

let room: Room;
let access: Access = 'everything';
/** Answers in the place of a service. */
let instead: (request: CloudRequest) => CloudAnswer | undefined = () => undefined;

beforeAll(async () => {
  room = await openRoom({ access: () => access }, (service) => (request) => instead(request) ?? service(request));
});

afterAll(() => room.stop());

beforeEach(() => {
  access = 'everything';
  instead = () => undefined;
  room.said.length = 0;
});

async function deploy(values: Parameters<typeof given>[1] = {}): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, {
    'firebase.json': '{"hosting": {"public": "dist"}}',
    'dist/index.html': crypto.randomUUID(),
  });
  const staged = target
    .prepare(given(folder, values), room.surroundings(folder))
    .then((prepared) => prepared.stage(mark(prepared.fingerprint)));
  return await staged.then(() => 'done', String);
}

const google = (code: number, status: string, message: string, details: readonly object[] = []): CloudAnswer => ({
  status: code,
  body: { error: { code, status, message, details } },
});

it('says which role is missing, and how it is granted', async () => {
  access = 'nothing';
  const failure = await deploy();
  expect(failure).toContain('PIPE-FIREBASE-009');
  expect(failure).toContain('gcloud projects add-iam-policy-binding acme-shop --role=roles/firebasehosting.admin');
});

it('tells a sign-in that is not accepted from one that may not', async () => {
  access = 'nobody';
  expect(await deploy()).toContain('PIPE-FIREBASE-008');
});

it('says that no sign-in is given, and sends nothing', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'firebase.json': '{"hosting": {"public": "dist"}}', 'dist/index.html': 'x' });
  const surroundings = room.surroundings(folder);
  room.calls();
  const without = { ...surroundings, credentials: { ...surroundings.credentials, credentialsJson: undefined } };
  await expect(target.prepare(given(folder), without)).rejects.toThrow('PIPE-FIREBASE-008');
  expect(room.calls()).toEqual([]);
});

it('names the command that enables an API', async () => {
  const disabled = google(403, 'PERMISSION_DENIED', 'Firebase Hosting API has not been used in project 1 before', [
    { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'SERVICE_DISABLED' },
  ]);
  instead = ({ host }) => (host === 'firebasehosting.googleapis.com' ? disabled : undefined);
  const failure = await deploy();
  expect(failure).toContain('PIPE-FIREBASE-010');
  expect(failure).toContain('gcloud services enable firebasehosting.googleapis.com --project=acme-shop');
});

it('says that a site or a project is not there', async () => {
  expect(await deploy({ site: 'acme-nowhere' })).toContain('PIPE-FIREBASE-011');
  expect(await deploy({ project: 'acme-nowhere' })).toContain('PIPE-FIREBASE-011');
});

it('tells a quota from a limit of channels', async () => {
  const full = google(429, 'RESOURCE_EXHAUSTED', 'Storage quota exceeded for the project.');
  instead = ({ path, method }) => (method === 'POST' && path.endsWith('/versions') ? full : undefined);
  expect(await deploy()).toContain('PIPE-FIREBASE-016');
  // Those of calls are over soon: what was moved is read from where it can be read.
  const slower = google(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded for quota metric of calls per minute.');
  instead = ({ path, method }) => (method === 'GET' && path.endsWith('/channels/live') ? slower : undefined);
  const folder = await temporaryFolder();
  const reference = { scheme: 'firebase', parts: [PROJECT, PROJECT, 'x'] };
  const platform = await target.open(reference, room.surroundings(folder));
  expect(await platform.current()).toMatchObject({ url: `https://${PROJECT}.web.app` });
});

it.each([
  ['a page of a proxy', '<html>login</html>'],
  ['nothing', ''],
  ['a list', '[]'],
])('takes %s for no answer', async (_, body) => {
  instead = ({ host }) => (host === 'firebasehosting.googleapis.com' ? { status: 200, body } : undefined);
  expect(await deploy()).toContain('PIPE-FIREBASE-017');
});

it('sends the token and the files to Google alone, whatever an answer says', async () => {
  const elsewhere = { status: 200, body: { uploadRequiredHashes: [], uploadUrl: 'https://files.web.app/upload' } };
  instead = ({ path }) => (path.endsWith(':populateFiles') ? elsewhere : undefined);
  // An answer that asks for nothing is no reason to go anywhere.
  expect(await deploy()).not.toContain('PIPE-FIREBASE-018');
  instead = ({ path, body }) => {
    if (!path.endsWith(':populateFiles')) return undefined;
    const { files } = JSON.parse(body.toString('utf8')) as { readonly files: Record<string, string> };
    return { status: 200, body: { ...elsewhere.body, uploadRequiredHashes: Object.values(files) } };
  };
  room.calls();
  const failure = await deploy();
  expect(failure).toContain('PIPE-FIREBASE-017');
  expect(failure).toContain('https://files.web.app/upload');
  expect(room.proxy.requests.filter(({ host }) => host === 'files.web.app')).toEqual([]);
  const other = {
    status: 200,
    body: { uploadRequiredHashes: ['0'.repeat(64)], uploadUrl: 'https://upload-firebasehosting.googleapis.com/x' },
  };
  instead = ({ path }) => (path.endsWith(':populateFiles') ? other : undefined);
  expect(await deploy()).toContain('wants a file that is not named');
});

it('says which file was not taken, in the words of the service', async () => {
  const refused = { status: 400, body: 'The provided content hash does not match.' };
  instead = ({ host }) => (host === 'upload-firebasehosting.googleapis.com' ? refused : undefined);
  const failure = await deploy();
  expect(failure).toContain('PIPE-FIREBASE-018');
  expect(failure).toContain('/index.html');
  expect(failure).toContain('does not match');
});

it('makes a channel by a call of its own where the other one does not make it, also when it is there by then', async () => {
  const gone = google(404, 'NOT_FOUND', 'Requested entity was not found.');
  instead = ({ path, method }) => (method === 'PATCH' && path.includes('/channels/') ? gone : undefined);
  expect(await deploy({ channel: 'pr-1' })).toBe('done');
  expect(await deploy({ channel: 'pr-1' })).toBe('done');
});

it('reads what serves from the history where the channel does not answer, and from the channel after a move', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, {
    'firebase.json': '{"hosting": {"public": "dist"}}',
    'dist/index.html': crypto.randomUUID(),
  });
  const prepared = await target.prepare(given(folder), room.surroundings(folder));
  const { reference } = await prepared.stage(mark(prepared.fingerprint));
  const from = await prepared.platform.current();
  if (from === undefined) throw new Error('the site is there');
  const broken = { status: 500, body: 'broken' };
  instead = ({ path, method }) => (method === 'GET' && path.endsWith('/live/releases') ? broken : undefined);
  const serving = await prepared.platform.shift([{ reference, percent: 100 }], from, 'promote');
  expect(serving.shares).toEqual([{ reference, percent: 100 }]);
  instead = ({ path, method }) => (method === 'GET' && path.endsWith('/channels/live') ? broken : undefined);
  expect(await prepared.platform.current()).toMatchObject({
    shares: serving.shares,
    guard: serving.guard,
    url: serving.url,
  });
  instead = ({ path }) => (path.includes('/channels/live') ? broken : undefined);
  await expect(prepared.platform.current()).rejects.toThrow('PIPE-FIREBASE-017');
});

it('quotes what comes from outside without its control characters', async () => {
  const odd = google(400, 'INVALID_ARGUMENT', 'bad\u001b[31m\n::error::x');
  instead = ({ path, method }) => (method === 'POST' && path.endsWith('/versions') ? odd : undefined);
  const failure = await deploy();
  expect(failure).toContain('PIPE-FIREBASE-015');
  expect(failure).not.toMatch(/\u001b|\n/);
});

it('refuses a reference that is none of its own', async () => {
  const surroundings = room.surroundings(await temporaryFolder());
  for (const parts of [
    ['a', 'b'],
    ['A B', 'c', 'd'],
    [PROJECT, '..', 'x'],
  ]) {
    await expect(target.open({ scheme: 'firebase', parts }, surroundings)).rejects.toThrow('PIPE-FIREBASE-003');
  }
});
