import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parseJson, parseJsonWithComments } from '../../src/plan/json.ts';
import { manifestOf } from '../../src/plan/manifest.ts';
import { programOf } from '../../src/plan/programs.ts';
import { expandScript } from '../../src/plan/scripts.ts';
import { shellCommands } from '../../src/plan/shell-words.ts';
import { seeded } from '../runtime/random.ts';

describe('a script', () => {
  it.each([
    ['tsc', [['tsc']]],
    ['a b  c', [['a', 'b', 'c']]],
    ['a \'b c\' "d e" f\\ g', [['a', 'b c', 'd e', 'f g']]],
    ['x a"b"\'c\'d', [['x', 'abcd']]],
    ['a \'\' ""', [['a', '', '']]],
    ['a "b\\"c" "d\\e" "\\$f"', [['a', 'b"c', 'd\\e', '$f']]],
    ["a 'b\\' c", [['a', 'b\\', 'c']]],
  ])('is split into words as a shell does: %s', (script, words) => {
    expect(shellCommands(script).map((command) => command.words)).toEqual(words);
    const [, ...args] = words[0] ?? [];
    const seen = execFileSync(
      'sh',
      ['-c', `count() { printf '%s\\0' "$@"; }; ${script.replace(/^\S+?(?=["' ]|$)/, 'count')}`],
      { encoding: 'utf8' },
    );
    if (args.length > 0) expect(seen.split('\0').slice(0, -1)).toEqual(args);
  });

  it('is split into words as a shell does, whatever they are', () => {
    const random = seeded(7);
    for (let round = 0; round < 60; round += 1) {
      const script = `count ${random.text('ab \'"\\$', 14)}`;
      const commands = shellCommands(script);
      const seen = run(script.replaceAll('$', '\\$'));
      // What a shell refuses (an open quote) is no commands; `$` is left out of the comparison of what it expands to.
      if (script.includes('$')) continue;
      expect({ script, words: commands[0]?.words.slice(1) }).toEqual({ script, words: seen });
    }
  });

  it('is split into commands', () => {
    const words = (script: string) => shellCommands(script).map((command) => command.words.join(' '));
    expect(words('a && b || c; d | e & f\ng')).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    expect(words('(cd x && a) > log 2>&1')).toEqual(['cd x', 'a']);
    expect(words('a b 2>&1 >>log c <in &> all d2>e')).toEqual(['a b c d2']);
    expect(words('a "b && c"')).toEqual(['a b && c']);
    expect(words('"open')).toEqual([]);
    expect(words('a \\')).toEqual(['a \\']);
    expect(words('a b\\\nc "d\\\ne"')).toEqual(['a bc de']);
  });

  it.each([
    ['a b', true],
    ['a "b *.ts"', true],
    ['a src/*.ts {b,c}', true],
    ['a src/**/*.ts', false],
    ['a $B', false],
    ['a "$B"', false],
    ["a '$B'", true],
    ['a `b`', false],
    ['a > b', false],
    ['a ~/b', false],
  ])('is plain when a shell would only split it: %s', (script, isPlain) => {
    expect(shellCommands(script).every((command) => command.isPlain)).toBe(isPlain);
  });

  it.each([
    ['tsc --noEmit', 'tsc', ['--noEmit']],
    ['CI=1 A=b=c tsc', 'tsc', []],
    ['cross-env NODE_ENV=test jest --ci', 'jest', ['--ci']],
    ['npx --yes -p typescript tsc -b', 'tsc', ['-b']],
    ['npx @biomejs/biome check', 'biome', ['check']],
    ['npm exec --no -- eslint .', 'eslint', ['.']],
    ['pnpm exec eslint .', 'eslint', ['.']],
    ['yarn dlx prettier -c .', 'prettier', ['-c', '.']],
    ['bun --bun next build', 'bun', ['next', 'build']],
    ['bunx --bun next build', 'next', ['build']],
    ['dotenv -e .env -- next build', 'next', ['build']],
    ['infisical run --env=dev -- vitest', 'vitest', []],
    ['./node_modules/.bin/mocha test', 'mocha', ['test']],
    ['node ./node_modules/typescript/bin/tsc -b', 'tsc', ['-b']],
    ['node --enable-source-maps dist/main.js', 'node', ['--enable-source-maps', 'dist/main.js']],
    ['time nice eslint', 'eslint', []],
  ])('is seen through to the program that it starts: %s', (script, program, args) => {
    const [command] = shellCommands(script);
    expect(command === undefined ? undefined : programOf(command)).toMatchObject({ program, args });
  });

  it('is looked through up to five hundred calls, whatever it leads to', () => {
    const many = 'a; '.repeat(400);
    const manifest = manifestOf('.', { scripts: { x: `${many}npm run y`, y: `${many}npm run x` } });
    const { calls, scripts } = expandScript(manifest, 'x');
    expect([...scripts]).toEqual(['x', 'y']);
    expect(calls).toHaveLength(499);
  });

  it('only sets variables when it starts nothing', () => {
    const [command] = shellCommands('A=1 B=2');
    expect(command === undefined ? 'none' : programOf(command)).toBeUndefined();
  });
});

function run(script: string): readonly string[] | undefined {
  try {
    const text = execFileSync(
      'sh',
      ['-c', `count() { for word in "$@"; do printf '%s\\0' "$word"; done; }; ${script}`],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
    return text.split('\0').slice(0, -1);
  } catch {
    return undefined;
  }
}

describe('JSON', () => {
  it('that the engine refuses with a place is refused at the same place', () => {
    const random = seeded(11);
    const samples = ['{"a": [1, -2.5e3, true, null, "x\\u00e9"], "b": {"c": {}}}', '[[], {}, "", 0, [1, [2, [3]]]]'];
    let compared = 0;
    for (let round = 0; round < 3_000; round += 1) {
      const text = [...random.pick(samples)];
      text.splice(random.integer(text.length), random.integer(3), ...random.text('{}[]",:0-.e\\ntz \n', 2));
      const changed = text.join('');
      const own = parseJson(changed);
      let message = '';
      try {
        expect(own).toEqual({ value: JSON.parse(changed) });
        continue;
      } catch (error) {
        message = (error as Error).message;
      }
      expect(own).toHaveProperty('fault');
      const place = /\(line (\d+) column (\d+)\)/.exec(message);
      // In a number or a word the engine points behind what it has read of it, we at its start.
      if (place === null || !/Expected (property name|double-quoted|','|':')/.test(message)) continue;
      compared += 1;
      expect({ changed, ...own }).toEqual({ changed, fault: { line: Number(place[1]), column: Number(place[2]) } });
    }
    expect(compared).toBeGreaterThan(300);
  });

  it.each([
    ['{"a": 1, // x\n "b": [1, 2,], /* y\n */ }', { a: 1, b: [1, 2] }],
    ['// {"no": 1}\n{"a": "// no /* comment */ ,]", "b\\"": "x,}" }', { a: '// no /* comment */ ,]', 'b"': 'x,}' }],
    ['{"a": 1} /* open', { a: 1 }],
    ['{}', {}],
  ])('may have comments and trailing commas in tsconfig.json: %#', (text, value) => {
    expect(parseJsonWithComments(text)).toEqual({ value });
  });

  it('with comments is refused at the place in the file as it is', () => {
    expect(parseJsonWithComments('{ // one\n  "a": 1 /* two */ "b": 2 }')).toEqual({ fault: { line: 2, column: 20 } });
  });
});
