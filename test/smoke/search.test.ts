import { strToU8, zipSync } from 'fflate';
import { expect, it } from 'vitest';
import { createSecrets } from '../../src/runtime/secrets.ts';
import { whyWithheld } from '../../src/smoke/search.ts';
import { unzip } from '../../src/smoke/zip.ts';

const secrets = createSecrets(() => undefined);
secrets.add('passwordOfTheTests');

const search = (bytes: Uint8Array) => whyWithheld(Buffer.from(bytes), secrets.isIn);
const zip = (files: Record<string, string | Uint8Array>, level: 0 | 6 = 6) => {
  const entries = Object.entries(files).map(([name, text]) => [name, typeof text === 'string' ? strToU8(text) : text]);
  return zipSync(Object.fromEntries(entries) as Record<string, Uint8Array>, { level });
};

it('finds a secret in a text, in an archive, in an archive of an archive, and in one inside a page', () => {
  const trace = zip({ 'trace.network': '{"name":"cookie","value":"passwordOfTheTests"}'.repeat(50) });
  expect(trace.toString()).not.toContain('passwordOfTheTests');
  for (const bytes of [
    strToU8('password: passwordOfTheTests'),
    trace,
    zip({ 'data/trace.zip': trace }, 0),
    zip({ passwordOfTheTests: '' }),
    zip({ a: 'harmless', b: Buffer.from('passwordOfTheTests').toString('base64') }),
    strToU8(`<script>report = "data:application/zip;base64,${Buffer.from(trace).toString('base64')}";</script>`),
  ]) {
    expect(search(bytes)).toBe('it contains a secret');
  }
});

it('lets through what has none, and holds back what it can not read', () => {
  expect(search(zip({ 'trace.network': 'nothing' }))).toBeUndefined();
  expect(search(strToU8('<html>'))).toBeUndefined();
  const archive = Buffer.from(zip({ one: 'text'.repeat(100) }));
  for (const damaged of [
    archive.subarray(0, 60),
    Buffer.concat([archive.subarray(0, 40), Buffer.alloc(20, 0xff), archive.subarray(60)]),
    zip({ a: zip({ b: zip({ c: zip({ d: 'deep' }) }) }) }),
  ]) {
    expect(search(damaged)).toMatch(/can’t be searched$/);
  }
});

it('reads no more of an archive than its budget', () => {
  const bomb = Buffer.from(zip({ zeros: new Uint8Array(1_000_000) }));
  expect(bomb.length).toBeLessThan(10_000);
  expect(unzip(bomb, 999_999)).toBeUndefined();
  expect(unzip(bomb, 1_000_000)?.map(({ name, bytes }) => [name, bytes.length])).toEqual([['zeros', 1_000_000]]);
  const two = Buffer.from(zip({ one: new Uint8Array(600_000), two: new Uint8Array(600_000) }));
  expect(unzip(two, 1_000_000)).toBeUndefined();
});

it('does not call an encrypted archive read', () => {
  const archive = Buffer.from(zip({ one: 'nothing that it could find' }, 0));
  expect(unzip(archive, 1_000)).toHaveLength(1);
  const entry = archive.lastIndexOf(Buffer.from('PK\u0001\u0002', 'latin1'));
  archive.writeUInt16LE(archive.readUInt16LE(entry + 8) | 1, entry + 8);
  expect(unzip(archive, 1_000)).toBeUndefined();
});
