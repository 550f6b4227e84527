import { expect, test } from 'vitest';
import { type MarkerKey, markerLine, markerOf } from '../../src/report/marker.ts';

const KEY: MarkerKey = {
  caller: '.github/workflows/ci.yml',
  workflow: 'node-service',
  folder: 'apps/api',
  service: 'api',
  environment: 'staging',
};
const WRITER = { id: 17_000_000_001, attempt: 2, sha: 'a'.repeat(40) };

test('finds again what it wrote', () => {
  expect(markerOf(`${markerLine(KEY, WRITER)}\n### Done`, KEY)).toEqual(WRITER);
  expect(markerOf(`${markerLine(KEY, WRITER)}\r\n### Done`, KEY)).toEqual(WRITER);
});

test.each([
  ['workflow', { workflow: 'web-app' }],
  ['folder', { folder: 'apps/ap' }],
  ['service', { service: '' }],
  ['environment', { environment: 'production' }],
  ['caller', { caller: '.github/workflows/other.yml' }],
] as const)('keeps reports of another %s apart', (_name, change) => {
  expect(markerOf(markerLine({ ...KEY, ...change }, WRITER), KEY)).toBeUndefined();
});

test.each([
  ['quoted', `> ${markerLine(KEY, WRITER)}`],
  ['on a later line', `\n${markerLine(KEY, WRITER)}`],
  ['after text', `see ${markerLine(KEY, WRITER)}`],
  ['not whole', markerLine(KEY, WRITER).slice(0, -4)],
  ['with something behind it', `${markerLine(KEY, WRITER)} <b>`],
  ['with a run that is no number', markerLine(KEY, WRITER).replace('run=17000000001', 'run=1e99')],
  ['with a run beyond all numbers', markerLine(KEY, WRITER).replace('run=17', 'run=99999999999999999917')],
])('takes no marker that is %s', (_name, body) => {
  expect(markerOf(body, KEY)).toBeUndefined();
});

test.each([
  '-->',
  '--><script>alert(1)</script><!--',
  'a --!> b',
  'api run=999 attempt=9',
  'api\nrun=1',
  'a\0b',
  '\ud800',
  '-',
  '--',
  'ü 🚀 @team `x`',
  '\'"><img src=x>',
])('stays one hidden comment whatever a field holds: %j', (value) => {
  for (const field of ['caller', 'workflow', 'folder', 'service', 'environment'] as const) {
    const key = { ...KEY, [field]: value };
    const line = markerLine(key, WRITER);
    expect(line).toMatch(/^<!-- [!-~]+( [!-~]+)* -->$/);
    const inside = line.slice('<!--'.length, -'-->'.length);
    expect(inside).not.toMatch(/--|[<>]/);
    expect(markerOf(line, key)).toEqual(WRITER);
    expect(markerOf(line, KEY)).toBeUndefined();
  }
});
