import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FileUnits } from '../../../src/coverage/file-units.ts';
import { readReports } from '../../../src/coverage/reports.ts';
import { temporaryFolder, writeFiles } from '../../support/temporary.ts';
import { merge, parse, totals } from './parse.ts';
import { type Code, code, PATHS, random, run, write } from './writers.ts';

const SEED = 20_261_122;
const ROUNDS = 40;

/** What several reports say as one, read from files as the action does. */
async function readShards(reports: readonly string[]): Promise<unknown> {
  const workspace = await temporaryFolder();
  const files = Object.fromEntries(reports.map((text, at) => [`shard-${at}/coverage-final.json`, text]));
  await writeFiles(workspace, files);
  const { files: merged } = await readReports({
    workspace,
    workingDirectory: workspace,
    reports: Object.keys(files).map((path) => join(workspace, path)),
    tracked: PATHS,
    since: 0,
  });
  return [...merged.values()].map(({ path, counts, lines, hits }) => [path, counts, [...lines], [...hits]]);
}

/** The same, each report read for itself. */
async function readAlone(reports: readonly string[]): Promise<unknown> {
  let merged: ReadonlyMap<string, FileUnits> = new Map();
  for (const text of reports) merged = merge(merged, (await parse(text)).files);
  return [...merged]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, units]) => [path, totalsOf(path, units), [...(units.lines ?? [])], [...units.hits]]);
}

const totalsOf = (path: string, units: FileUnits) => ({
  ...{ lines: NONE, branches: NONE, functions: NONE, statements: NONE },
  ...totals(new Map([[path, units]])),
});
const NONE = { covered: 0, total: 0 };

test(`shards whose maps are those of an earlier one are read like any other (seed ${SEED})`, async () => {
  const next = random(SEED);
  for (let round = 0; round < ROUNDS; round += 1) {
    const files = PATHS.slice(0, 1 + next(PATHS.length)).map((path) => code(next, path));
    const style = next(3);
    const shards = Array.from({ length: 3 }, () => {
      // In some shards another build of the code, other white space, a file less.
      const own: Code[] = files.map((file) => (next(5) === 0 ? code(next, file.path) : file));
      const report = own.filter((_, at) => at === 0 || next(6) > 0).map((file) => [file, run(next, file)] as const);
      return write('coverage-final.json', report, next(4) === 0 ? next(3) : style);
    });
    expect(await readShards(shards), `round ${round}`).toEqual(await readAlone(shards));
  }
});

test('a shard with other runs than places of its maps is read like any other', async () => {
  const place = (line: number) => ({ start: { line, column: 0 }, end: { line, column: null } });
  const report = (s: unknown, b: unknown, last = 3) =>
    JSON.stringify({
      [PATHS[0] ?? '']: {
        statementMap: { 1: place(1), 2: place(2), [last]: place(300) },
        s,
        branchMap: { 0: { loc: place(1), type: 'if', locations: [place(1), place(2)] }, 1: { loc: place(9) } },
        b,
        fnMap: {},
        f: {},
      },
    });
  const full = report({ 1: 0, 2: 0, 3: 1 }, { 0: [0, 1], 1: [0] });
  const gap = report({ 1: 0, 2: 0, 4: 1 }, { 0: [0, 1], 1: [0] }, 4);
  // The same maps in another text, which no shard can take from an earlier one.
  const spaced = (text: string) => JSON.stringify(JSON.parse(text), undefined, 1);
  for (const other of [
    report({ 1: 1, 2: 0 }, { 0: [1, 0], 1: [2] }),
    report({ 1: 1, 2: 0, 3: 0 }, { 0: [1], 1: [] }),
    report({ 2: 1, 3: 0, x: 1 }, { 1: [1, 1, 1], 0: [0, 0] }),
    report({ 1: 1, 2: 1, 3: 0 }, { 0: [0, 0], 1: [0] }, 4),
  ])
    for (const shards of [
      [full, other, spaced(full)],
      [other, full, spaced(full)],
      [other, gap, spaced(gap)],
    ])
      expect(await readShards(shards)).toEqual(await readAlone(shards));
});
