import { describe, expect, it } from 'vitest';
import { checkedOutputs, type Outputs, type OutputValues } from '../../src/runtime/outputs.ts';
import { createSecrets } from '../../src/runtime/secrets.ts';

const outputs = {
  image: { kind: 'string', description: 'd' },
  passed: { kind: 'boolean', description: 'd' },
  count: { kind: 'integer', description: 'd' },
  lines: { kind: 'number', description: 'd' },
  plan: { kind: 'json', description: 'd' },
} as const satisfies Outputs;

const none = { image: undefined, passed: undefined, count: undefined, lines: undefined, plan: undefined };

function secretsOf(...values: readonly string[]) {
  const secrets = createSecrets(() => undefined);
  for (const value of values) secrets.add(value);
  return secrets;
}

function writtenOf(values: OutputValues<typeof outputs>) {
  const { written, faults } = checkedOutputs(outputs, values, secretsOf());
  expect(faults).toEqual([]);
  return written;
}

describe('outputs', () => {
  it('are written as text, one that does not apply as empty', () => {
    const values = { image: 'a@sha256:b', passed: false, count: 0, lines: 79.5, plan: { a: ['\n'] } };
    expect(writtenOf(values)).toEqual([
      ['image', 'a@sha256:b'],
      ['passed', 'false'],
      ['count', '0'],
      ['lines', '79.5'],
      ['plan', '{"a":["\\n"]}'],
    ]);
    expect(writtenOf(none).map(([, text]) => text)).toEqual(['', '', '', '', '']);
  });

  it('that are JSON text already stay as they are', () => {
    expect(writtenOf({ ...none, plan: '{"a":1}' })).toContainEqual(['plan', '{"a":1}']);
  });

  it.each([
    ['as it is', 'eu.pkg.dev/acme-production/api'],
    ['in base64', Buffer.from('x:acme-production').toString('base64')],
  ])('that hold a secret %s are an error that names the cause, and the others are written', (_, image) => {
    const { written, faults } = checkedOutputs(outputs, { ...none, image, passed: true }, secretsOf('acme-production'));
    expect(faults).toMatchObject([
      {
        code: 'PIPE-OUTPUT-001',
        what: expect.stringMatching(/`image`.*secret.*empty one/),
        remedy: expect.stringMatching(/variable/),
      },
    ]);
    expect(JSON.stringify(faults)).not.toContain('acme');
    expect(written.map(([name]) => name)).toEqual(['passed', 'count', 'lines', 'plan']);
  });

  it('that hold a secret in a JSON value are found, too', () => {
    const plan = { region: 'a"b\\c-d-e-f' };
    expect(checkedOutputs(outputs, { ...none, plan }, secretsOf('a"b\\c-d-e-f')).faults).toHaveLength(1);
  });

  it('are not refused for a secret below 8 characters', () => {
    expect(checkedOutputs(outputs, { ...none, image: 'eu-acme' }, secretsOf('acme')).faults).toEqual([]);
  });

  it('may have a mebi of characters and not one more', () => {
    const longest = 'x'.repeat(1_048_576);
    expect(checkedOutputs(outputs, { ...none, image: longest }, secretsOf()).faults).toEqual([]);
    const { faults } = checkedOutputs(outputs, { ...none, image: `${longest}x` }, secretsOf());
    expect(faults).toMatchObject([{ code: 'PIPE-OUTPUT-002', given: '1048577 characters' }]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('are never %s', (lines) => {
    expect(() => checkedOutputs(outputs, { ...none, lines }, secretsOf())).toThrow(TypeError);
  });
});
