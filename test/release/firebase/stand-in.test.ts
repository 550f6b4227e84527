import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { CloudAnswer } from '../../support/cloud-proxy.ts';
import { createFirebaseHosting, type FirebaseHosting } from '../../support/firebase/hosting.ts';

/** What the stand-in itself has to be for the other tests to mean anything: as strict as the real one. */
let hosting: FirebaseHosting;

beforeAll(async () => {
  hosting = await createFirebaseHosting({ access: () => 'everything', hasService: (id) => id === 'api' });
});

beforeEach(() => {
  hosting.state.projects.clear();
  hosting.addProject('acme', ['acme-two']);
});

interface Said {
  readonly status: number;
  readonly value: Readonly<Record<string, unknown>>;
  readonly text: string;
}

async function ask(
  method: string,
  path: string,
  body?: unknown,
  host = 'firebasehosting.googleapis.com',
): Promise<Said> {
  const url = new URL(path, `https://${host}`);
  const isBytes = Buffer.isBuffer(body);
  const headers = { authorization: 'Bearer t', ...(isBytes ? {} : { 'content-type': 'application/json' }) };
  const bytes = body === undefined ? Buffer.alloc(0) : isBytes ? body : Buffer.from(JSON.stringify(body));
  const service = hosting.services[host];
  const request = { method, host, path: url.pathname, query: url.searchParams, headers, body: bytes };
  const { status, body: said = '' }: CloudAnswer = (await service?.(request)) ?? { status: 0 };
  const value = typeof said === 'object' && !Buffer.isBuffer(said) ? said : {};
  return { status, value: value as Said['value'], text: JSON.stringify(said) };
}

const SITE = '/v1beta1/sites/acme';
const gzip = (text: string) => {
  const bytes = gzipSync(text);
  return { bytes, hash: createHash('sha256').update(bytes).digest('hex') };
};

async function created(site = SITE): Promise<string> {
  const { value } = await ask('POST', `${site}/versions`, { status: 'CREATED' });
  return String(value['name']).split('/').at(-1) ?? '';
}

async function finalized(text: string): Promise<string> {
  const id = await created();
  const { bytes, hash } = gzip(text);
  await ask('POST', `${SITE}/versions/${id}:populateFiles`, { files: { '/index.html': hash } });
  await ask('POST', `/upload/sites/acme/versions/${id}/files/${hash}`, bytes, 'upload-firebasehosting.googleapis.com');
  const { status } = await ask('PATCH', `${SITE}/versions/${id}?updateMask=status`, { status: 'FINALIZED' });
  expect(status).toBe(200);
  return id;
}

it("refuses what the description of the API does not have, in Google's words", async () => {
  const wrong: readonly (readonly [string, string, unknown, string])[] = [
    ['POST', `${SITE}/versions`, { statuss: 'CREATED' }, 'Unknown name \\"statuss\\": Cannot find field.'],
    ['POST', `${SITE}/versions`, { config: { rewrites: [{ glob: 1 }] } }, 'config.rewrites[0].glob'],
    ['POST', `${SITE}/versions`, { status: 'DONE' }, 'TYPE_ENUM'],
    ['GET', `${SITE}/versions?size=3`, undefined, 'Cannot bind query parameter'],
    ['GET', `${SITE}/versions?pageSize=x`, undefined, 'TYPE_INT32'],
    ['PATCH', `${SITE}/channels/pr-1?updateMask=ttl`, { ttl: '7d' }, 'Illegal duration format'],
    ['POST', `${SITE}/versions`, { labels: { Key: 'x' } }, 'INVALID_ARGUMENT'],
    ['GET', `${SITE}/versions?pageToken=abc`, undefined, 'INVALID_ARGUMENT'],
    ['GET', `${SITE}/versions?filter=state%3Dx`, undefined, 'Invalid filter'],
  ];
  for (const [method, path, body, words] of wrong) {
    const said = await ask(method, path, body);
    expect([path, said.status]).toEqual([path, 400]);
    expect(said.text).toContain(words);
  }
  expect((await ask('POST', `${SITE}/nothing`, {})).status).toBe(404);
});

it('takes a file only under the hash of its compressed bytes, and only into a version that is open', async () => {
  const id = await created();
  const { bytes, hash } = gzip('text');
  const uploads = 'upload-firebasehosting.googleapis.com';
  const path = `/upload/sites/acme/versions/${id}/files`;
  expect((await ask('POST', `${path}/${hash}`, bytes, uploads)).text).toContain('not one of this version');
  const populated = await ask('POST', `${SITE}/versions/${id}:populateFiles`, { files: { '/a.txt': hash } });
  expect(populated.value['uploadRequiredHashes']).toEqual([hash]);
  expect((await ask('POST', `${path}/${hash}`, gzip('other').bytes, uploads)).text).toContain('does not match');
  const early = await ask('PATCH', `${SITE}/versions/${id}?updateMask=status`, { status: 'FINALIZED' });
  expect(early.text).toContain('FAILED_PRECONDITION');
  expect((await ask('POST', `${path}/${hash}`, bytes, uploads)).status).toBe(200);
  expect((await ask('PATCH', `${SITE}/versions/${id}?updateMask=status`, { status: 'FINALIZED' })).status).toBe(200);
  expect((await ask('POST', `${path}/${hash}`, bytes, uploads)).status).toBe(400);
  expect((await ask('POST', `${SITE}/versions/${id}:populateFiles`, { files: {} })).status).toBe(400);
});

it('changes nothing of a final version but its labels, and releases no other', async () => {
  const [open, final] = [await created(), await finalized('one')];
  const patch = (mask: string, body: object) => ask('PATCH', `${SITE}/versions/${final}?updateMask=${mask}`, body);
  expect((await patch('config', { config: { cleanUrls: true } })).text).toContain('FAILED_PRECONDITION');
  expect((await patch('status', { status: 'FINALIZED' })).text).toContain('FAILED_PRECONDITION');
  expect((await patch('labels', { labels: { a: 'b' } })).status).toBe(200);
  const release = (id: string, site = 'acme') =>
    ask('POST', `${SITE}/releases?versionName=sites/${site}/versions/${id}`, {});
  expect((await release(open)).text).toContain('not FINALIZED');
  expect((await release(final)).value['type']).toBe('DEPLOY');
  expect((await ask('DELETE', `${SITE}/versions/${final}`)).text).toContain('currently released');
  const other = await ask('POST', `/v1beta1/sites/acme-two/releases?versionName=sites/acme/versions/${final}`, {});
  expect(other.text).toContain('another site');
  expect(
    (await ask('POST', `${SITE}/releases?versionName=sites/acme/versions/${final}`, { type: 'DEPLOY' })).status,
  ).toBe(400);
});

it('refuses rules without a pattern, expressions that RE2 has not, and services that are not there', async () => {
  const config = (value: object) => ask('POST', `${SITE}/versions`, { config: value });
  expect((await config({ rewrites: [{ path: '/x' }] })).status).toBe(400);
  expect((await config({ rewrites: [{ glob: '**', path: '/x', function: 'f' }] })).status).toBe(400);
  expect((await config({ rewrites: [{ regex: 'a(?=b)', path: '/x' }] })).status).toBe(400);
  expect((await config({ redirects: [{ glob: '**', location: '/x', statusCode: 200 }] })).status).toBe(400);
  const run = (serviceId: string) => ({ rewrites: [{ glob: '**', run: { serviceId } }] });
  expect((await config(run('other'))).text).toContain('Precondition check failed.');
  expect((await config(run('api'))).status).toBe(200);
});

it('keeps previews until they expire, and no more than the limit', async () => {
  hosting.state.channelLimit = 2;
  const make = (id: string) => ask('POST', `${SITE}/channels?channelId=${id}`, { ttl: '3600s' });
  expect((await make('pr-1')).status).toBe(200);
  expect((await make('pr-1')).status).toBe(409);
  expect((await make('Pr 2')).status).toBe(400);
  expect((await make('pr-2')).status).toBe(200);
  expect((await make('pr-3')).text).toContain('channel quota reached');
  hosting.state.ahead += 3_600_001;
  expect((await ask('GET', `${SITE}/channels/pr-1`)).status).toBe(404);
  expect((await make('pr-3')).status).toBe(200);
  expect((await ask('DELETE', `${SITE}/channels/live`)).status).toBe(400);
});
