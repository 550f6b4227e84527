import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Coverage } from '../../../src/coverage/types.ts';
import { installJavaScriptProducers } from '../../../tools/coverage/install.ts';
import { installPackages } from '../../../tools/install/npm.ts';
import { bothWays, type Flavour, figuresOf } from './project.ts';

let [current, others] = ['', ''];
beforeAll(async () => {
  current = await installJavaScriptProducers();
  others = await installPackages('coverage-shards', fileURLToPath(new URL('packages', import.meta.url)));
});

type Argv = () => readonly string[];

const vitest = (packages: () => string, provider: string, reporter: string) => () => [
  join(packages(), 'vitest/vitest.mjs'),
  'run',
  '--coverage.enabled',
  '--coverage.include=src/**',
  `--coverage.provider=${provider}`,
  `--coverage.reporter=${reporter}`,
  '--coverage.reporter=clover',
];
const jest = (provider: string, reporter: string) => () => [
  join(current, 'jest/bin/jest.js'),
  '--coverage',
  `--coverageProvider=${provider}`,
  `--coverageReporters=${reporter}`,
  '--runTestsByPath',
];
const mocha = (program: string, ...args: readonly string[]) => {
  return () => [join(current, program), '--all', ...args, process.execPath, join(others, 'mocha/bin/mocha.js')];
};
const newest = () => current;
const older = () => others;

const run = (flavour: Flavour, packages: () => string, argv: Argv) =>
  bothWays({ flavour, packages: packages(), argv: argv() });

const EXACT: readonly (readonly [string, Flavour, () => string, Argv])[] = [
  ['vitest with v8', 'vitest', newest, vitest(newest, 'v8', 'json')],
  ['vitest with v8, as lcov', 'vitest', newest, vitest(newest, 'v8', 'lcovonly')],
  ['vitest with istanbul', 'vitest', newest, vitest(newest, 'istanbul', 'json')],
  ['jest', 'jest', newest, jest('babel', 'json')],
  ['jest, as lcov', 'jest', newest, jest('babel', 'lcovonly')],
  ['jest with v8', 'jest', newest, jest('v8', 'json')],
  ['vitest 3 with v8', 'vitest', older, vitest(older, 'v8', 'json')],
  [
    'nyc and mocha',
    'mocha',
    newest,
    mocha('nyc/bin/nyc.js', '--include=src/**', '--extension=.cjs', '--reporter=json'),
  ],
];

describe('shards put together have the lines, branches, functions and statements of every file of one run', () => {
  test.each(EXACT)('%s', async (_, flavour, packages, argv) => {
    const { whole, merged } = await run(flavour, packages, argv);
    expect(Object.keys(figuresOf(whole))).toHaveLength(6);
    expect(whole.totals.branches?.total).toBeGreaterThan(20);
    expect(figuresOf(merged)).toEqual(figuresOf(whole));
    expect(merged.totals).toEqual(whole.totals);
    expect(merged.reports).toEqual(whole.reports);
  });
});

/** Lines with their hits, and every metric but branches. */
function withoutBranches(coverage: Coverage) {
  return Object.entries(figuresOf(coverage)).map(([name, { counts, lines, hits }]) => {
    const { branches, ...others } = counts;
    return { name, others, lines, hits };
  });
}

/** The branches of the files that have not as many, as `of one run -> of shards`. */
function otherBranches(whole: Coverage, merged: Coverage): Readonly<Record<string, string>> {
  const after = figuresOf(merged);
  const entries = Object.entries(figuresOf(whole)).flatMap(([name, { counts }]) => {
    const [was, is] = [counts.branches, after[name]?.counts.branches];
    const text = `${was?.covered}/${was?.total} -> ${is?.covered}/${is?.total}`;
    return was?.covered === is?.covered && was?.total === is?.total ? [] : [[name, text]];
  });
  return Object.fromEntries(entries);
}

const INEXACT: readonly (readonly [string, Flavour, () => string, Argv, Readonly<Record<string, string>>])[] = [
  // In one process V8 itself leaves out a loop that ran as often as the code around it: two times, and not at all.
  [
    'c8 and mocha',
    'mocha',
    newest,
    mocha('c8/bin/c8.js', '--src', 'src', '--include=src/**', '--reporter=json'),
    { 'täst dir/names': '8/9 -> 9/10' },
  ],
  // Of branches in one line, which of them a report names can't be told.
  [
    'jest with v8, as lcov',
    'jest',
    newest,
    jest('v8', 'lcovonly'),
    { price: '17/19 -> 11/16', 'generated/table': '6/6 -> 5/5' },
  ],
];

describe('shards put together have all but some branches of V8 as one run, which docs/coverage.md tells', () => {
  test.each(INEXACT)('%s', async (_, flavour, packages, argv, branches) => {
    const { whole, merged } = await run(flavour, packages, argv);
    expect(withoutBranches(merged)).toEqual(withoutBranches(whole));
    expect(otherBranches(whole, merged)).toEqual(branches);
  });
});

test("shards of node's test runner have its lines and functions, and no branch twice", async () => {
  const flags = ['--test', '--experimental-test-coverage', '--test-coverage-include=src/**', '--test-reporter=lcov'];
  const argv = () => [...flags, '--test-reporter-destination=lcov.info'];
  const { whole, merged } = await run('node', newest, argv);
  expect(withoutBranches(merged)).toEqual(withoutBranches(whole));
  // Node drops a branch that one process missed and another did not reach; see docs/coverage.md.
  expect(otherBranches(whole, merged)).toEqual({
    basket: '8/10 -> 10/12',
    late: '4/4 -> 6/7',
    price: '9/11 -> 12/16',
    'generated/table': expect.any(String),
  });
});

test('shards put together have from cobertura its lines and functions, and of branches at least what one shard ran', async () => {
  const { whole, merged } = await run('vitest', newest, vitest(newest, 'istanbul', 'cobertura'));
  expect(merged.reports[0]?.format).toBe('cobertura');
  expect(withoutBranches(merged)).toEqual(withoutBranches(whole));
  expect(merged.totals.branches?.total).toBe(whole.totals.branches?.total);
  expect(merged.totals.branches?.covered).toBeLessThan(whole.totals.branches?.covered ?? 0);
});
