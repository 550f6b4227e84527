import { expect, test } from 'vitest';
import { type Arguments, readArguments } from '../../../src/shard/runners/arguments.ts';
import { JEST_FLAGS } from '../../../src/shard/runners/jest-flags.ts';
import { NODE_FLAGS } from '../../../src/shard/runners/node-flags.ts';
import { VITEST_FLAGS } from '../../../src/shard/runners/vitest-flags.ts';

const jest = (...words: string[]) => readArguments(words, JEST_FLAGS) as Arguments;

test('knows a flag however it is written', () => {
  const { flags } = jest('--testNamePattern', 'a', '--test-name-pattern=b', '--runInBand', '-t', 'c', '--no-cache');
  expect(flags.map(({ name, value }) => [name, value])).toEqual([
    ['testNamePattern', 'a'],
    ['testNamePattern', 'b'],
    ['runInBand', ''],
    ['t', 'c'],
    ['noCache', ''],
  ]);
});

test('gives every word to its flag or to the operands, and loses none', () => {
  const words = [
    'src',
    '--coverageReporters',
    'text',
    'lcov',
    '-i',
    'lib',
    '--seed',
    '1',
    '-w=2',
    '--own',
    '--ci',
    'test',
  ];
  const { flags, operands } = jest(...words);
  expect(operands).toEqual(['src', 'lib', 'test']);
  expect(flags.map((flag) => flag.words.join(' '))).toEqual([
    '--coverageReporters text lcov',
    '-i',
    '--seed 1',
    '-w=2',
    '--own',
    '--ci',
  ]);
});

test('guesses nothing', () => {
  expect(readArguments(['-it', 'name'], JEST_FLAGS)).toBe(
    'it can’t be told whether `name` belongs to `-it` or names tests',
  );
  expect(readArguments(['--', 'a'], JEST_FLAGS)).toMatch(/^the words behind `--`/);
  expect(readArguments(['run', '--update', 'a'], VITEST_FLAGS)).toMatch(/^it can’t be told whether `a`/);
  expect(readArguments(['--test', 'a.js', '-x'], NODE_FLAGS)).toBe('`-x` stands behind the test files');
});

test('reads the nested flags of vitest', () => {
  const read = readArguments(
    ['run', '--coverage.reports-directory', 'out', '--coverage', 'src'],
    VITEST_FLAGS,
  ) as Arguments;
  expect(read.operands).toEqual(['run', 'src']);
  expect(read.flags.map(({ name }) => name)).toEqual(['coverage.reportsDirectory', 'coverage']);
});
