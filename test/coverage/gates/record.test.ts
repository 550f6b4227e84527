import { describe, expect, it } from 'vitest';
import { byPackage } from '../../../src/coverage/packages.ts';
import {
  type CoverageRecord,
  LARGEST_RECORD,
  type RecordHead,
  readRecord,
  recordText,
} from '../../../src/coverage/record.ts';
import type { Coverage } from '../../../src/coverage/types.ts';
import { coverageOf, file } from './repository.ts';

const HEAD: RecordHead = {
  ...{ workflow: 'check', workingDirectory: '.', service: '', commit: 'a'.repeat(40) },
  ...{ gates: [], patch: {}, base: {}, reports: [] },
};

function written(coverage: Coverage, room?: number): Buffer {
  return Buffer.from([...recordText(HEAD, coverage, room)].join(''));
}

function read(content: Buffer): CoverageRecord {
  const record = readRecord(content);
  if (typeof record === 'string') throw new Error(record);
  return record;
}

describe('the record of a run', () => {
  it('gives back what was written, whatever the files are called', () => {
    const coverage = coverageOf(
      file('src/a.ts', '1 2 3 !4 !5 7 !9', { branches: { covered: 1, total: 3 } }),
      file('"quoted"\n.ts', ''),
      file('__proto__', '!3'),
      file('größe/日本.ts', '10 12 13'),
    );
    const record = read(written(coverage));
    expect(record.totals).toEqual(coverage.totals);
    expect([...record.files.keys()].sort()).toEqual([...coverage.files.keys()].sort());
    expect(record.files.get('src/a.ts')).toEqual({
      counts: coverage.files.get('src/a.ts')?.counts,
      covered: [
        [1, 3],
        [7, 7],
      ],
      missed: new Map(),
    });
    expect(record.files.get('größe/日本.ts')?.covered).toEqual([
      [10, 10],
      [12, 13],
    ]);
    expect(record.files.get('__proto__')?.covered).toEqual([]);
    expect(record.commit).toBe(HEAD.commit);
  });

  it('leaves lines out where there is no room, never a file', () => {
    const coverage = coverageOf(...Array.from({ length: 50 }, (_, index) => file(`f${index}.ts`, '1 2 !3')));
    const record = read(written(coverage, 500));
    expect(record.files.size).toBe(50);
    const withLines = [...record.files.values()].filter(({ covered }) => covered !== undefined).length;
    expect(withLines).toBeGreaterThan(0);
    expect(withLines).toBeLessThan(20);
  });

  it('stays below its bound with a hundred thousand files of long names', () => {
    const name = 'a-folder-with-a-name/'.repeat(6);
    const files = Array.from({ length: 100_000 }, (_, index) => file(`${name}${index}.ts`, '1 !3 5 !7 9 !11 13 !15'));
    expect(written(coverageOf(...files)).length).toBeLessThan(LARGEST_RECORD);
  });

  it.each([
    ['', 'it is not JSON'],
    ['[1]', 'it is of another version'],
    ['{"version":2}', 'it is of another version'],
    ['{"version":1}', 'a field of it is missing or of another type'],
    ['{"version":1,"commit":"HEAD","totals":{},"files":{}}', 'a field of it is missing or of another type'],
    [
      '{"version":1,"commit":"","totals":{"lines":{"covered":2,"total":1}},"files":{}}',
      'a field of it is missing or of another type',
    ],
    [
      '{"version":1,"commit":"","totals":{"lines":{"covered":-1,"total":1}},"files":{}}',
      'a field of it is missing or of another type',
    ],
    [
      '{"version":1,"commit":"","totals":{"lines":{"covered":1e400,"total":1e400}},"files":{}}',
      'a field of it is missing or of another type',
    ],
    [
      '{"version":1,"commit":"","totals":{},"files":{"a":{"counts":{},"lines":{"covered":"3-1"}}}}',
      'the figures of a file are not acceptable',
    ],
    [
      '{"version":1,"commit":"","totals":{},"files":{"a":{"counts":{},"lines":{"covered":"1,1"}}}}',
      'the figures of a file are not acceptable',
    ],
    [
      '{"version":1,"commit":"","totals":{},"files":{"a":{"counts":{},"lines":{"covered":"1;DROP"}}}}',
      'the figures of a file are not acceptable',
    ],
    ['{"version":1,"commit":"","totals":{},"files":{"a":7}}', 'the figures of a file are not acceptable'],
    [
      '{"version":1,"commit":"","totals":{},"files":{"a":{"counts":{},"lines":{"covered":"1","partial":"1:x"}}}}',
      'the figures of a file are not acceptable',
    ],
  ])('is not believed as %s', (text, reason) => {
    expect(readRecord(Buffer.from(text))).toBe(reason);
  });
});

describe('packages', () => {
  it('have the files below their folder that no nearer package has', () => {
    const coverage = coverageOf(
      file('src/a.ts', '1'),
      file('packages/a/x.ts', '1 !2'),
      file('packages/a/nested/y.ts', '!1'),
      file('packages/ab/z.ts', '1'),
    );
    const packages = [
      { name: 'root', directory: '.' },
      { name: '@acme/a', directory: 'packages/a' },
      { name: 'nested', directory: 'packages/a/nested' },
    ];
    expect(byPackage(coverage, packages).map(({ name, files, totals }) => [name, files, totals.lines])).toEqual([
      ['root', 2, { covered: 2, total: 2 }],
      ['@acme/a', 1, { covered: 1, total: 2 }],
      ['nested', 1, { covered: 0, total: 1 }],
    ]);
  });
});
