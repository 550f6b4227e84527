import { describe, expect, it } from 'vitest';
import { either, list, record, shape } from '../../src/runtime/collections.ts';
import { boolean, duration, integer, NOT_SHOWN, secret, string } from '../../src/runtime/kinds.ts';
import { parseYaml } from '../../src/runtime/yaml.ts';
import { fromText, fromYaml } from './reading.ts';

const word = string({ example: 'lint', limit: 20 });
const words = list(word, { example: 'lint\ntest', max: 3 });
const numbers = record(integer({ min: 1, max: 9, example: 1 }), { example: 'a: 1', names: /^[a-z]+$/, max: 3 });
const task = shape({ run: word, timeout: duration({ example: '5m' }), needs: words }, { example: 'run: npm test' });

describe('a list', () => {
  it.each([
    ['lint', ['lint']],
    ['lint\ntest', ['lint', 'test']],
    ['\n lint \r\n\r\n\ttest\n', ['lint', 'test']],
    ['[lint, test]', ['lint', 'test']],
    ['- lint\n- test', ['lint', 'test']],
    ['["a b", 7, true]', ['a b', '7', 'true']],
    ['[]', []],
    ['-x', ['-x']],
    ['a,b', ['a,b']],
    ['$(id)\n::set-output name=a::b', undefined],
  ])('is read from %j as %j', async (given, value) => {
    if (value === undefined) expect(await fromText(words, given)).toMatchObject({ refusals: [{ at: '[1]' }] });
    else expect(await fromText(words, given)).toEqual({ value });
  });

  it.each([
    '[lint, test]',
    '[a.b/c:2, d-e_f]',
    '[true, null, false]',
    '[True, NULL, nullish, truer]',
    '[a:, b]',
    '[a: b]',
    '[a:b, c::d]',
    '[yes, no, on, y, e5, inf, x0F]',
    '[a,b]',
    '[a,  b]',
    '[a, b ]',
    '[a, ]',
    '[a, b] # c',
    '[a, b]]',
    '[1.0, a]',
    '[-a, b]',
  ])('of plain words says without a parser what YAML says: %s', async (text) => {
    const any = list(string({ example: 'lint', limit: 20 }), { example: 'lint' });
    const parsed = await parseYaml(text);
    const read = await fromText(any, text);
    if ('problem' in parsed) expect(read).toHaveProperty('refusals');
    else {
      const items = parsed.value as readonly unknown[];
      const isText = items.every((item) => typeof item !== 'object');
      if (isText) expect(read).toEqual({ value: items.map(String) });
      else expect(read).toHaveProperty('refusals');
    }
  });

  it('is a sequence, a text or one value in YAML', async () => {
    expect(await fromYaml(words, '[a, b]')).toEqual({ value: ['a', 'b'] });
    expect(await fromYaml(words, '"a\\nb"')).toEqual({ value: ['a', 'b'] });
    expect(await fromYaml(words, 'a')).toEqual({ value: ['a'] });
    expect(await fromYaml(words, '7')).toEqual({ value: ['7'] });
  });

  it.each(['{a: b}', '[a, b, c, d]', '[[a]]', '[null]', 'null', '[{a: b}]'])('refuses %s in YAML', async (leaf) => {
    expect(await fromYaml(words, leaf)).toHaveProperty('refusals');
  });

  it.each([
    ['a\nb\nc\nd', '4 items'],
    ['[a, b', 'is not valid YAML'],
    ['- a\n- [b', 'is not valid YAML'],
    ['[*a]', 'alias'],
  ])('refuses the text %j and says why', async (given, reason) => {
    const read = await fromText(words, given);
    expect(read).toMatchObject({ refusals: [{ accepted: words.accepted, example: words.example }] });
    expect(JSON.stringify(read)).toContain(reason);
  });

  it('names every item that is wrong by its place', async () => {
    const read = await fromText(list(integer({ min: 1, max: 9, example: 1 }), { example: '1' }), '1\nx\n2\n0');
    expect(read).toMatchObject({
      refusals: [
        { at: '[1]', given: '"x"' },
        { at: '[3]', given: '"0"' },
      ],
    });
  });
});

describe('a YAML map to values of one kind', () => {
  it('is read as a Map in the order given', async () => {
    expect(await fromText(numbers, 'b: 1\na: 2')).toEqual({
      value: new Map([
        ['b', 1],
        ['a', 2],
      ]),
    });
    expect(await fromText(numbers, '{"b": 1}')).toEqual({ value: new Map([['b', 1]]) });
    expect(await fromYaml(numbers, '{a: 1}')).toEqual({ value: new Map([['a', 1]]) });
  });

  it.each([
    'a',
    '- a',
    '7',
    'null',
    '',
    'a: 1\na: 2',
    'a: 1\nb: 1\nc: 1\nd: 1',
    '? [a]\n: 1',
    '<<: {a: 1}',
    '!!x {a: 1}',
    '%YAML 1.1\n---\na: 1',
    'a: 1\n---\nb: 1',
  ])('refuses %j', async (given) => {
    expect(await fromText(numbers, given)).toHaveProperty('refusals');
  });

  it('names every entry that is wrong by its key, and a key that is wrong itself', async () => {
    const read = await fromText(numbers, 'a: x\nB: 1\nc: [1]');
    expect(read).toMatchObject({ refusals: [{ at: 'a' }, { at: 'B', accepted: 'names like ^[a-z]+$' }, { at: 'c' }] });
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'takes %s for a name like any other',
    async (name) => {
      const kind = record(word, { example: 'a: b' });
      const read = await fromText(kind, `${name}: x`);
      expect(read).toEqual({ value: new Map([[name, 'x']]) });
      expect({}).not.toHaveProperty('x');
      expect(
        await fromText(record(record(word, { example: 'a: b' }), { example: 'a: {b: c}' }), `${name}: {polluted: x}`),
      ).toEqual({
        value: new Map([[name, new Map([['polluted', 'x']])]]),
      });
      expect({}).not.toHaveProperty('polluted');
    },
  );
});

describe('a YAML map with known keys', () => {
  it('is read with the keys that were given', async () => {
    expect(await fromText(task, 'run: npm test\ntimeout: 5m\nneeds: [lint]')).toEqual({
      value: { run: 'npm test', timeout: 300_000, needs: ['lint'] },
    });
    expect(await fromText(task, '{}')).toEqual({ value: {} });
  });

  it('names an unknown key, the nearest known one and all others', async () => {
    const read = await fromText(task, 'timeuot: 5m');
    expect(read).toMatchObject({ refusals: [{ at: 'timeuot', given: 'the unknown key "timeuot"' }] });
    expect(JSON.stringify(read)).toContain('`timeout` (nearest), or another of: run, timeout, needs');
  });

  it('names the place of what is wrong at any depth', async () => {
    const tasks = record(task, { example: 'lint: {run: npm run lint}' });
    expect(await fromText(tasks, 'lint: {needs: [a, [b]]}\ntest: {timeout: 5}')).toMatchObject({
      refusals: [{ at: 'lint.needs[1]' }, { at: 'test.timeout' }],
    });
  });

  it.each(['__proto__: {run: x}', 'constructor: x', 'toString: x'])('refuses %s', async (given) => {
    expect(await fromText(task, given)).toHaveProperty('refusals');
    expect({}).not.toHaveProperty('run');
  });
});

describe('one of several kinds', () => {
  const kind = either([boolean(), task], { example: 'false' });

  it('is the first that accepts the value', async () => {
    expect(await fromText(kind, 'false')).toEqual({ value: false });
    expect(await fromText(kind, 'run: x')).toEqual({ value: { run: 'x' } });
    expect(await fromYaml(kind, '{run: x}')).toEqual({ value: { run: 'x' } });
  });

  it('names all of them when none does', async () => {
    const read = await fromText(kind, '[a]');
    expect(JSON.stringify(read)).toContain('`true` or `false`, or a YAML map with the keys');
  });

  it('says what is wrong inside the value where one of them could have been meant', async () => {
    expect(await fromText(kind, 'timeout: soon')).toMatchObject({ refusals: [{ at: 'timeout', given: '"soon"' }] });
  });
});

describe('a credential among what is refused', () => {
  const credential = 'hunter2hunter2';
  const entries = record(secret({ example: 'x' }), { example: 'KEY: value', names: /^[A-Z]+$/ });
  const account = shape({ user: word, password: secret({ example: 'x' }) }, { example: 'user: a' });

  it.each([
    ['a map that is a text', entries, credential],
    ['a map that is a sequence', entries, `- ${credential}`],
    ['a map that is not YAML', entries, `KEY: [${credential}`],
    ['a map with the credential as an alias', entries, `KEY: *${credential}`],
    ['a map with the credential as a tag', entries, `KEY: !${credential} x`],
    ['a map with the credential as a block header', entries, `KEY: |${credential}\n  x`],
    ['a map with the credential as a key', entries, `${credential}:`],
    ['a map with the credential as a wrong value', entries, `KEY: [${credential}]`],
    ['a map with the credential given twice', entries, `${credential}: a\n${credential}: b`],
    ['a map that nests', entries, `KEY: ${'['.repeat(200)}${credential}`],
    ['a shape with the credential in the wrong key', account, `user: [${credential}]`],
    ['a shape with the credential as a key', account, `${credential}: x`],
    ['a shape with the credential too long for its key', account, `user: ${credential.repeat(9)}`],
    ['a shape that is no map', account, credential],
    ['a list', list(secret({ example: 'x' }), { example: 'x', max: 1 }), `${credential}\n${credential}`],
    ['a list that is not YAML', list(secret({ example: 'x' }), { example: 'x' }), `[${credential}`],
    ['a list with a map', list(secret({ example: 'x' }), { example: 'x' }), `- {a: ${credential}}`],
    ['one of several', either([boolean(), entries], { example: 'false' }), credential],
    ['one of several, nested', either([task, entries], { example: 'A: b' }), `timeout: ${credential}`],
    ['one of several, nested, the other way', either([entries, task], { example: 'A: b' }), `timeout: ${credential}`],
    ['a list of shapes', list(account, { example: '[]' }), `- {user: [${credential}]}`],
  ])('is not shown: %s', async (_, kind, given) => {
    const read = await fromText(kind, given);
    expect(read).toHaveProperty('refusals');
    expect(JSON.stringify(read)).not.toContain('hunter2');
    expect(JSON.stringify(read)).toContain(NOT_SHOWN);
    expect(kind.secret).toBe(true);
  });

  it('is found by the place in the text', async () => {
    const read = await fromText(entries, `A: x\nB: "${credential}`);
    expect(JSON.stringify(read)).toMatch(/it is not valid YAML \(line 2, column \d+\)/);
    expect(await fromText(entries, 'A: x\nB: [x]')).toMatchObject({ refusals: [{ at: 'entry 2' }] });
  });
});
