import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { partialLines } from '../../../src/coverage/partial.ts';
import { readReports } from '../../../src/coverage/reports.ts';
import type { Coverage } from '../../../src/coverage/types.ts';
import { installJavaScriptProducers } from '../../../tools/coverage/install.ts';
import { temporaryFolder, writeFiles } from '../../support/temporary.ts';
import { type ProcessCoverage, randomRuns } from './random-code.ts';

/** A range as `1:0-9:1=3`: from line and column to line and column, and how often it ran. */
type Ranges = readonly string[];

interface Ran {
  readonly ranges: Ranges;
  /** Functions with a name, in the same form. */
  readonly functions?: Ranges;
  /** Which of ten lines of ten columns ran. */
  readonly lines: readonly number[];
}

/** coverage-final.json as v8-to-istanbul makes it. */
function reportOf({ ranges, functions = [], lines }: Ran): string {
  const parsed = (texts: Ranges) =>
    texts.map((text) => {
      const [, line = 0, column = 0, lastLine = 0, lastColumn = 0, count = 0] = (
        /^(\d+):(-?\d+)-(\d+):(\d+)=(\d+)$/.exec(text) ?? []
      ).map(Number);
      return { loc: { start: { line, column }, end: { line: lastLine, column: lastColumn } }, count };
    });
  const all = Array.from({ length: 10 }, (_, index) => index + 1);
  const place = (line: number) => ({ start: { line, column: 0 }, end: { line, column: 10 } });
  const file = {
    path: 'src/a.js',
    all: false,
    statementMap: Object.fromEntries(all.map((line, index) => [index, place(line)])),
    s: Object.fromEntries(all.map((line, index) => [index, lines.includes(line) ? 1 : 0])),
    branchMap: { ...parsed(ranges).map(({ loc }) => ({ type: 'branch', line: 1, loc, locations: [loc] })) },
    b: { ...parsed(ranges).map(({ count }) => [count]) },
    fnMap: { ...parsed(functions).map(({ loc }) => ({ name: 'f', decl: loc, loc })) },
    f: { ...parsed(functions).map(({ count }) => count) },
  };
  return JSON.stringify({ 'src/a.js': file });
}

async function readAll(texts: readonly string[], tracked: readonly string[] = ['src/a.js']): Promise<Coverage> {
  const workspace = await temporaryFolder();
  const reports = texts.map((_, index) => `${index}/coverage-final.json`);
  await writeFiles(workspace, Object.fromEntries(texts.map((text, index) => [reports[index] ?? '', text])));
  return await readReports({ workspace, workingDirectory: workspace, reports, tracked, since: 0 });
}

const EVERY = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/** Covered and all branches of what runs left, in whatever order they are read. */
async function branchesOf(...runs: readonly Ran[]) {
  const texts = runs.map(reportOf);
  const there = await readAll(texts);
  const back = await readAll(texts.toReversed());
  expect(back.totals).toEqual(there.totals);
  const { covered, total } = there.totals.branches ?? { covered: -1, total: -1 };
  return `${covered}/${total}`;
}

const FILE = '1:0-10:10=1';

describe('a range that one report of V8 does not name', () => {
  it('ran as often as what is around it', async () => {
    const one = { ranges: [FILE, '2:0-9:1=1', '4:2-6:3=0'], lines: EVERY };
    const other = { ranges: [FILE, '2:0-9:1=3'], lines: EVERY };
    expect(await branchesOf(one)).toBe('2/3');
    expect(await branchesOf(one, one)).toBe('2/3');
    expect(await branchesOf(one, other)).toBe('3/3');
  });

  it('did not run where the function that it lies in did not', async () => {
    const one = { ranges: [FILE, '2:0-9:1=1', '4:2-6:3=0'], functions: ['2:0-9:1=1'], lines: EVERY };
    const named = { ranges: [FILE], functions: ['2:0-9:1=0'], lines: [1, 2, 10] };
    const unnamed = { ranges: [FILE], lines: [1, 2, 10] };
    expect(await branchesOf(one, named)).toBe('2/3');
    // Whole lines in it that did not run say that a function without a name was not called.
    expect(await branchesOf({ ...one, functions: [] }, unnamed)).toBe('2/3');
    expect(await branchesOf({ ...one, functions: [] }, { ...unnamed, lines: EVERY })).toBe('3/3');
  });

  it('is not taken for covered in what may be a function in one line that was not called', async () => {
    const one = { ranges: [FILE, '3:2-3:9=2', '3:5-3:8=0'], lines: EVERY };
    expect(await branchesOf(one, { ranges: [FILE], lines: EVERY })).toBe('2/3');
    // Something in it that the other report names says that it ran.
    const ran = { ranges: [FILE, '3:3-3:4=0'], lines: EVERY };
    expect(await branchesOf(one, ran)).toBe('4/4');
    const inner = { ...one, functions: ['3:8-3:9=0'] };
    expect(await branchesOf(inner, { ranges: [FILE], functions: ['3:8-3:9=0'], lines: EVERY })).toBe('3/3');
  });
});

describe('neighbours', () => {
  it('that ran equally often in all are one branch, and two where they did not', async () => {
    const left = { ranges: [FILE.replace('=1', '=4'), '3:2-5:3=1'], lines: EVERY };
    const right = { ranges: [FILE.replace('=1', '=4'), '5:3-7:1=1'], lines: EVERY };
    expect(await branchesOf(left, right)).toBe('2/2');
    expect(await branchesOf(left, left, right)).toBe('3/3');
  });

  it('are so across the end of a line, which is a place before the next one', async () => {
    const left = { ranges: [FILE.replace('=1', '=4'), '3:2-5:10=1'], lines: EVERY };
    const right = { ranges: [FILE.replace('=1', '=4'), '6:-1-7:1=1'], lines: EVERY };
    expect(await branchesOf(left, right)).toBe('2/2');
  });
});

it('says which lines miss a branch of what several reports know', async () => {
  const one = reportOf({ ranges: [FILE, '2:0-9:1=1', '4:2-6:3=0', '7:0-7:5=0', '8:-1-8:5=0'], lines: EVERY });
  const other = reportOf({ ranges: [FILE, '2:0-9:1=1', '7:0-7:5=0', '8:-1-8:5=0'], lines: EVERY });
  const file = (await readAll([one, other])).files.get('src/a.js');
  expect(file === undefined ? undefined : partialLines(file)).toEqual([
    { line: 7, part: 'branch', covered: 0, total: 1 },
    { line: 8, part: 'branch', covered: 0, total: 1 },
  ]);
});

it('reads what no code is, too deep, too much, crossing or empty, without an end', async () => {
  const deep = Array.from({ length: 3_000 }, (_, index) => `1:${index}-9:${6_000 - index}=${index % 3}`);
  const many = Array.from({ length: 60_000 }, (_, index) => `${1 + (index % 9)}:${index}-9:${index + 70_000}=1`);
  const crossing = Array.from({ length: 300 }, (_, index) => `2:${index}-2:${index + 150}=${index % 2}`);
  const empty = ['3:3-3:3=1', '3:3-3:3=0', '5:9-4:1=1'];
  for (const ranges of [deep, many, crossing, empty]) {
    const others = ranges.filter((_, index) => index % 2 === 0);
    const { totals } = await readAll([reportOf({ ranges, lines: [] }), reportOf({ ranges: others, lines: EVERY })]);
    const { covered, total } = totals.branches ?? { covered: 1, total: 0 };
    expect(covered).toBeLessThanOrEqual(total);
    expect(total).toBeGreaterThan(0);
  }
});

interface Tools {
  readonly mergeProcessCovs: (coverage: readonly ProcessCoverage[]) => ProcessCoverage;
  readonly toIstanbul: (path: string) => {
    readonly load: () => Promise<void>;
    readonly applyCoverage: (functions: unknown) => void;
    readonly toIstanbul: () => object;
  };
}

let tools: Tools;
beforeAll(async () => {
  const packages = createRequire(join(await installJavaScriptProducers(), 'c8/package.json'));
  const { mergeProcessCovs } = packages('@bcoe/v8-coverage') as Pick<Tools, 'mergeProcessCovs'>;
  tools = { mergeProcessCovs, toIstanbul: packages('v8-to-istanbul') as Tools['toIstanbul'] };
});

/** What jest and c8 make of the coverage of several processes. */
async function istanbulOf(coverage: readonly ProcessCoverage[]): Promise<string> {
  const all = {};
  for (const { url, functions } of tools.mergeProcessCovs(coverage).result) {
    const file = tools.toIstanbul(url.replace('file://', ''));
    await file.load();
    file.applyCoverage(functions);
    Object.assign(all, file.toIstanbul());
  }
  return JSON.stringify(all);
}

test.each([1, 2])('random code has the figures that V8’s own tools give (seed %i)', async (seed) => {
  const { workspace, files, runs } = await randomRuns(seed);
  const read = async (parts: readonly (readonly ProcessCoverage[])[]) => {
    const texts = await Promise.all(parts.map(istanbulOf));
    return await readAll(
      texts.map((text) => text.replaceAll(workspace, '')),
      files,
    );
  };
  const whole = await read([runs]);
  const third = (number: number) => runs.filter((_, index) => index % 3 === number);
  for (const parts of [[third(0), third(1), third(2)], runs.map((one) => [one])]) {
    const merged = await read(parts);
    const others = ({ totals: { branches, ...rest } }: Coverage) => rest;
    expect(others(merged)).toEqual(others(whole));
    const lines = ({ files: all }: Coverage) => [...all.values()].map(({ path, hits }) => [path, hits.join('')]);
    expect(lines(merged)).toEqual(lines(whole));
    // Neighbours that ran equally often within a report are one there already: in the sum that is all but nothing.
    const [was, is] = [whole.totals.branches, merged.totals.branches];
    expect(was?.total).toBeGreaterThan(1_000);
    expect(Math.abs((is?.total ?? 0) / (was?.total ?? 1) - 1)).toBeLessThan(0.01);
    expect(Math.abs((is?.covered ?? 0) / (is?.total ?? 1) - (was?.covered ?? 0) / (was?.total ?? 1))).toBeLessThan(
      0.005,
    );
  }
});
