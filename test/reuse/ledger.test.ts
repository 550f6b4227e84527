import { describe, expect, it } from 'vitest';
import { isOutputPath, ledgerText, type Record, readLedger } from '../../src/reuse/ledger.ts';

const NOW = Date.parse('2026-11-21T20:00:00Z');
const KEY = 'a'.repeat(64);
const GOOD: Record = {
  at: '2026-11-21T19:00:00Z',
  run: 'https://github.com/acme/api/actions/runs/1',
  duration: 1_500,
  paths: ['packages/web/dist'],
  place: 'b'.repeat(64),
};

const read = (record: object, key = KEY) => readLedger(JSON.stringify({ records: { [key]: record } }), NOW);

describe('a ledger', () => {
  it('is read as it was written', () => {
    const records = new Map([[KEY, GOOD]]);
    expect(readLedger(ledgerText(records), NOW)).toEqual(records);
  });

  it.each([
    ['a path upwards', { paths: ['../x'] }],
    ['an absolute path', { paths: ['/etc'] }],
    ['git’s own folder', { paths: ['.git/hooks'] }],
    ['installed packages', { paths: ['node_modules/.bin'] }],
    ['another page', { run: 'https://evil.example/x' }],
    ['a page with a script', { run: 'javascript:alert(1)' }],
    ['a time to come', { at: '2026-11-21T21:00:00Z' }],
    ['a time long ago', { at: '2026-10-01T00:00:00Z' }],
    ['a time that is none', { at: '2026-99-99T00:00:00Z' }],
    ['no place', { place: '/x' }],
    ['a text for a number', { duration: '1' }],
  ])('passes over a record with %s', (_, difference) => {
    expect(read(GOOD).size).toBe(1);
    expect(read({ ...GOOD, ...difference }).size).toBe(0);
  });

  it('passes over what is no ledger', () => {
    for (const text of ['', '[]', '{', '{"records": []}', '{"records": {"x": {}}}'])
      expect(readLedger(text, NOW).size).toBe(0);
    expect(read(GOOD, '../../key').size).toBe(0);
  });

  it('takes names of outputs as they come', () => {
    expect(['dist', 'packages/a b/dist', '.next'].every(isOutputPath)).toBe(true);
    expect(['', 'a//b', './a', 'a/..', 'a\nb', 'a,b'].some(isOutputPath)).toBe(false);
  });
});
