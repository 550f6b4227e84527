import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { installJavaScriptProducers } from '../../../tools/coverage/install.ts';
import { partsOf, printedTotals, projectFor, read, runProgram, SOURCES } from './project.ts';

let packages: string;
beforeAll(async () => {
  packages = await installJavaScriptProducers();
});

const REPORTERS = ['json', 'json-summary', 'lcovonly', 'clover', 'cobertura', 'text-summary'];
const VITEST_FILES = {
  'use.test.mjs': `import { expect, test } from 'vitest';
import { use } from './use.mjs';
test('use', () => use((a, b) => expect(a).toBe(b)));
`,
};
const JEST_FILES = {
  'package.json': '{"jest":{"transform":{},"testEnvironment":"node","testMatch":["**/*.test.cjs"]}}',
  'use.test.cjs': `const { Basket, price } = require('./src/price.cjs');
test('use', () => {
  expect(price(10, { discount: 1, currency: 'EUR' })).toBe(9);
  expect(new Basket().size).toBe(0);
});
`,
  'src/price.cjs': SOURCES['src/price.mjs']
    .replace(/export (?=function|class|const)/g, '')
    .concat('module.exports = { price, Basket, Order, unused };\n'),
};
const PLAIN_FILES = {
  'main.cjs': JEST_FILES['use.test.cjs']
    .replace(/^test\(.*\n/m, '')
    .replace(/^\}\);\n/m, '')
    .replace(/expect\((.*)\)\.toBe\(.*\);/g, '$1;'),
  'src/price.cjs': JEST_FILES['src/price.cjs'],
};

const SHARED = [
  'run',
  '--coverage.enabled',
  '--coverage.include=src/**',
  ...REPORTERS.map((name) => `--coverage.reporter=${name}`),
];
const RUNNERS: readonly (readonly [string, string, readonly string[], Readonly<Record<string, string>>])[] = [
  ['vitest with v8', 'vitest/vitest.mjs', [...SHARED, '--coverage.provider=v8'], VITEST_FILES],
  ['vitest with istanbul', 'vitest/vitest.mjs', [...SHARED, '--coverage.provider=istanbul'], VITEST_FILES],
  [
    'c8',
    'c8/bin/c8.js',
    [...REPORTERS.map((name) => `--reporter=${name}`), '--all', '--src', 'src', 'node', 'main.cjs'],
    PLAIN_FILES,
  ],
  ['jest', 'jest/bin/jest.js', ['--coverage', ...REPORTERS.map((name) => `--coverageReporters=${name}`)], JEST_FILES],
  ['nyc', 'nyc/bin/nyc.js', [...REPORTERS.map((name) => `--reporter=${name}`), 'node', 'main.cjs'], PLAIN_FILES],
];

describe.each(RUNNERS)('%s', (_, program, args, files) => {
  test('has in each of its formats the totals that it prints', async () => {
    const folder = await projectFor(packages, files);
    const output = await runProgram(process.execPath, [join(packages, program), ...args], folder);
    const printed = printedTotals(output);
    expect(Object.keys(printed)).toHaveLength(4);
    const { branches, functions, lines } = printed;

    const usual = await read(folder);
    expect(usual.reports).toHaveLength(1);
    expect(usual.reports[0]).toMatchObject({ path: 'coverage/coverage-final.json', format: 'istanbul' });
    expect(usual.reports[0]?.besides).toHaveLength(4);
    expect(usual.totals).toEqual(printed);

    const of = async (name: string) => (await read(folder, [`coverage/${name}`])).totals;
    expect(await of('coverage-summary.json')).toEqual(printed);
    expect(await of('lcov.info')).toEqual({ branches, functions, lines });
    // What istanbul writes as clover's statements are its lines.
    expect(await of('clover.xml')).toEqual({ statements: lines, branches, functions, lines });
    // istanbul's cobertura leaves out branches that start on a line without a statement (defaults of parameters).
    const lost = await branchesWithoutStatement(join(folder, 'coverage/coverage-final.json'));
    expect(await of('cobertura-coverage.xml')).toEqual({
      branches: {
        covered: (branches?.covered ?? 0) - lost.covered,
        total: (branches?.total ?? 0) - lost.total,
      },
      functions,
      lines,
    });
  });

  test('has in each of its formats the lines that are run and miss a branch or a statement', async () => {
    const folder = await projectFor(packages, files);
    await runProgram(process.execPath, [join(packages, program), ...args], folder);
    const final = await finalOf(join(folder, 'coverage/coverage-final.json'));
    const expected = final.flatMap((file) => partialIn(file, folder)).sort((a, b) => (a.text < b.text ? -1 : 1));
    expect(expected.filter(({ part }) => part === 'branch').length).toBeGreaterThan(2);
    const texts = (wanted: typeof expected) => wanted.map(({ text }) => text);
    expect([...partsOf(await read(folder))].sort()).toEqual(texts(expected));
    const branches = expected.filter(({ part }) => part === 'branch');
    const of = async (name: string) => [...partsOf(await read(folder, [`coverage/${name}`]))].sort();
    expect(await of('lcov.info')).toEqual(texts(branches));
    const withStatement = texts(branches.filter(({ hasStatement }) => hasStatement));
    expect(await of('clover.xml')).toEqual(withStatement);
    expect(await of('cobertura-coverage.xml')).toEqual(withStatement);
  });
});

async function finalOf(path: string): Promise<Final[]> {
  return Object.values(JSON.parse(await readFile(path, 'utf8')) as Record<string, Final>);
}

/** The same as we say, counted entry by entry from istanbul's own file. */
function partialIn({ path, statementMap, s, branchMap, b }: Final, folder: string) {
  const statements = Object.entries(statementMap).map(([id, { start }]) => ({
    line: start.line,
    hit: (s[id] ?? 0) > 0,
  }));
  const arms = Object.entries(branchMap).flatMap(([id, { loc }]) =>
    (b[id] ?? []).map((count) => ({ line: loc.start.line, hit: count > 0 })),
  );
  const lines = [...new Set([...statements, ...arms].map(({ line }) => line))];
  return lines.flatMap((line) => {
    const own = statements.filter((one) => one.line === line);
    if (own.length > 0 && own.every(({ hit }) => !hit)) return [];
    const ofBranches = arms.filter((one) => one.line === line);
    const [part, units] = ofBranches.some(({ hit }) => !hit)
      ? (['branch', ofBranches] as const)
      : (['statement', own] as const);
    const covered = units.filter(({ hit }) => hit).length;
    const text = `${path.slice(folder.length + 1)}:${line} ${part} ${covered}/${units.length}`;
    return covered === units.length ? [] : [{ part, text, hasStatement: own.length > 0 }];
  });
}

interface Final {
  path: string;
  s: Record<string, number>;
  statementMap: Record<string, { start: { line: number } }>;
  branchMap: Record<string, { line?: number; loc: { start: { line: number } } }>;
  b: Record<string, number[]>;
}

async function branchesWithoutStatement(path: string): Promise<{ covered: number; total: number }> {
  const files = await finalOf(path);
  const arms = files.flatMap(({ statementMap, branchMap, b }) => {
    const lines = new Set(Object.values(statementMap).map(({ start }) => start.line));
    const lost = Object.entries(branchMap).filter(([, { line, loc }]) => !lines.has(line || loc.start.line));
    return lost.flatMap(([id]) => b[id] ?? []);
  });
  return { covered: arms.filter((count) => count > 0).length, total: arms.length };
}

test("node's test runner has in its lcov the percentages that it prints", async () => {
  const folder = await projectFor(packages, {
    'use.test.mjs': `import assert from 'node:assert';
import { test } from 'node:test';
import { use } from './use.mjs';
test('use', () => use(assert.equal));
`,
  });
  const reporters = ['lcov', 'lcov.info', 'spec', 'stdout'].map((name, index) =>
    index % 2 === 0 ? `--test-reporter=${name}` : `--test-reporter-destination=${name}`,
  );
  const output = await runProgram(process.execPath, ['--test', '--experimental-test-coverage', ...reporters], folder);
  const row = /all files\s*\|\s*([\d.]+)\s*\|\s*([\d.]+)\s*\|\s*([\d.]+)/.exec(output);
  const { totals } = await read(folder);
  const percent = (count: { covered: number; total: number } | undefined) =>
    (((count?.covered ?? 0) / (count?.total ?? 1)) * 100).toFixed(2);
  expect([percent(totals.lines), percent(totals.branches), percent(totals.functions)]).toEqual(row?.slice(1));
});
