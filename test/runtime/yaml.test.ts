import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../src/runtime/yaml.ts';

const problemOf = async (text: string) => {
  const parsed = await parseYaml(text);
  return 'problem' in parsed ? parsed.problem : undefined;
};

describe('YAML from outside', () => {
  it.each([
    ['a: 1\nb: [x, true, null]', { a: 1, b: ['x', true, null] }],
    ['{"a": {"b": [1, 2]}}', { a: { b: [1, 2] } }],
    ['a: |\n  x\n  y\n', { a: 'x\ny\n' }],
    ['', null],
    ['# only a comment', null],
    ['1: a\ntrue: b', { 1: 'a', true: 'b' }],
    ['yes: no', { yes: 'no' }],
    ['"it\'s [[[["', "it's [[[["],
  ])('%j is plain data', async (text, value) => {
    expect(await parseYaml(text)).toEqual({ value });
  });

  it.each([
    ['20.10', '20.10'],
    ['1.0', '1.0'],
    ['007', '007'],
    ['0x10', '0x10'],
    ['1e3', '1e3'],
    ['12345678901234567890', '12345678901234567890'],
    ['.inf', '.inf'],
    ['3000', 3000],
    ['-1.5', -1.5],
  ])('the number %s stays as it is written', async (text, value) => {
    expect(await parseYaml(`version: ${text}`)).toEqual({ value: { version: value } });
  });

  it.each([
    ['a: *b', 'alias'],
    ['a: &a [x]\nb: [*a, *a]', 'aliases (*name), which are not accepted'],
    ['&a [*a]', 'aliases (*name), which are not accepted'],
    ['a: !!js/function "x"', 'Unresolved tag'],
    ['a: !custom x', 'Unresolved tag'],
    ['%YAML 1.1\n---\na: yes', '%YAML directive'],
    ['a: 1\n---\nb: 2', 'more than one document'],
    ['a: 1\nb:\n  c: 1\n  d: 1\n  c: 2', 'a key twice (line 5, column 3)'],
    ['"a": 1\na: 2', 'a key twice (line 2, column 1)'],
    ['? [a]\n: b', 'all keys must be strings'],
    ['a: [b', 'line 1, column'],
    ['a:\n\tb: c', 'Tabs are not allowed'],
    ['- a\nb: c', 'line 2, column 1'],
  ])('%j is refused: %s', async (text, reason) => {
    expect(await problemOf(text)).toContain(reason);
  });

  it.each([31, 32])('may nest %i levels', async (levels) => {
    expect(await parseYaml('['.repeat(levels) + ']'.repeat(levels))).toHaveProperty('value');
    expect(await parseYaml(`${'- '.repeat(levels)}x`)).toHaveProperty('value');
  });

  it.each([
    ['flow', '['.repeat(34) + ']'.repeat(34)],
    ['sequences in a line', `${'- '.repeat(33)}x`],
    ['maps by indentation', Array.from({ length: 34 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')],
    ['one deep branch behind many shallow ones', `[${'a, '.repeat(20_000)}${'['.repeat(34)}${']'.repeat(34)}]`],
    ['brackets behind an apostrophe', `a: it's\nb: ${'['.repeat(200)}`],
  ])('that nests deeper is refused: %s', async (_, text) => {
    expect(await problemOf(text)).toBe('it nests deeper than 32 levels');
  });

  it('may hold brackets, dashes and colons in its texts', async () => {
    const text = `a: "${'['.repeat(500)}"\nb: |\n  ${'- '.repeat(60)}\n  ${'-'.repeat(500)}\n`;
    expect(await parseYaml(text)).toHaveProperty('value');
  });

  it('says where without a word of the text', async () => {
    for (const text of ['a: [hunter2', 'a: |hunter2\n', 'a: !hunter2 x', 'a: *hunter2', 'hunter2: 1\nhunter2: 2']) {
      const parsed = await parseYaml(text);
      expect('place' in parsed ? parsed.place : '').toMatch(/^it /);
      expect('place' in parsed ? parsed.place : 'hunter2').not.toContain('hunter2');
    }
  });

  it('is quoted in a problem on one short line', async () => {
    const problem = await problemOf(`a: |${'\u202e\u0007x'.repeat(20_000)}`);
    expect(problem).toMatch(/^[\x20-\x7e…]{1,1000}$/);
  });
});
