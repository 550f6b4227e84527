import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listingOf } from '../../../src/shard/runners/files.ts';
import { readRecord, shardCommand } from '../../../src/shard/runners/runners.ts';
import { projectWith, run, runnerOf } from './project.ts';

const RUNNER = runnerOf('vitest', 'vitest', 'run');

test.each([
  ['nothing', ''],
  ['no JSON', '{'],
  ['a list', '[]'],
  ['text for times', '{"files": {"/a": "1"}, "passed": 1, "failed": 0, "skipped": 0}'],
  ['times below zero', '{"files": {"/a": -1}, "passed": 1, "failed": 0, "skipped": 0}'],
  ['a name with a line break', '{"files": {"/a\\n::error::b": 1}, "passed": 1, "failed": 0, "skipped": 0}'],
  ['a count that is none', '{"files": {}, "passed": null, "failed": 0, "skipped": 0}'],
  ['a NUL', '\0'],
])('a record with %s is none', async (_, text) => {
  const project = await projectWith({});
  const record = join(project.temp, 'record.json');
  expect(await readRecord(RUNNER, record, project)).toBeUndefined();
  await writeFile(record, text);
  expect(await readRecord(RUNNER, record, project)).toBeUndefined();
});

test('a record counts only files of the repository', async () => {
  const project = await projectWith({});
  const record = join(project.temp, 'record.json');
  const files = { [`${project.workspace}/a.js`]: 1.5, '/b.js': 2, [`${project.workspace}/../c.js`]: 3, 'd.js': 4 };
  await writeFile(record, JSON.stringify({ files, passed: 1, failed: 2, skipped: 3, others: true }));
  expect(await readRecord(RUNNER, record, project)).toEqual({
    times: new Map([['a.js', 1.5]]),
    tests: { passed: 1, failed: 2, skipped: 3 },
  });
});

test('a record of an earlier run is gone before the next', async () => {
  const project = await projectWith({ 'a.test.js': '' });
  const record = join(project.temp, 'record.json');
  await writeFile(record, JSON.stringify({ files: {}, passed: 1, failed: 0, skipped: 0 }));
  await shardCommand(RUNNER, ['packages/the api/a.test.js'], { ...project, record });
  expect(await readRecord(RUNNER, record, project)).toBeUndefined();
});

test('a shard without files is refused: the runner would run them all', async () => {
  const project = await projectWith({});
  const record = join(project.temp, 'record.json');
  for (const program of ['vitest', 'jest', 'node'] as const) {
    const runner = runnerOf(program, program, ...(program === 'node' ? ['--test'] : []));
    await expect(shardCommand(runner, [], { ...project, record })).rejects.toThrow(RangeError);
  }
});

test('as many files are divided as a command line takes', async () => {
  const project = await projectWith({ 'a.js': '' });
  const units = (count: number) =>
    Array.from({ length: count }, (_, index) => [join(project.workspace, `${index}`.padStart(180, 'a'))]);
  const bytes = project.workspace.length + 1 + 180 + 9;
  const most = Math.floor(1_000_000 / bytes);
  const fitting = await listingOf(units(most), [], project);
  if (fitting.kind === 'whole') throw new Error(fitting.reason);
  const paths = fitting.units.flat().map((file) => join(project.workspace, file));
  const counted = await run(project, [process.execPath, '-p', 'process.argv.length - 1', ...paths]);
  expect(counted.output.trim()).toBe(String(most));
  expect(await listingOf(units(most + 1), [], project)).toEqual({
    kind: 'whole',
    reason: `its ${most + 1} test files don’t fit on one command line`,
  });
  expect((await listingOf(units(most), ['yarn', 'run'], project)).kind).toBe('whole');
});

test('names that no program takes, and files elsewhere, are not divided', async () => {
  const project = await projectWith({});
  const reasonOf = async (file: string) => {
    const listing = await listingOf([[file]], [], project);
    return listing.kind === 'whole' ? listing.reason : 'divided';
  };
  expect(await reasonOf(join(project.workspace, 'a\nb.js'))).toMatch(/a\\nb\.js" has a character/);
  expect(await reasonOf('/elsewhere/a.js')).toBe('"/elsewhere/a.js" lies outside of the repository');
  expect(await reasonOf(join(project.workspace, 'a.js'))).toBe('divided');
});
