import { describe, expect, it } from 'vitest';
import { type Drop, evaluate, type Figures, type Limits } from '../../../src/coverage/gates.ts';
import { dropsBeyond, missingFor, percentOf, percentText, pointsLost, reaches } from '../../../src/coverage/percent.ts';
import { failureOf } from '../../../src/coverage/result.ts';
import { groupsOf, thresholdsKind } from '../../../src/coverage/thresholds.ts';
import type { Coverage } from '../../../src/coverage/types.ts';
import { describeFault } from '../../../src/runtime/errors.ts';
import { coverageOf, file } from './repository.ts';

const count = (covered: number, total: number) => ({ covered, total });

describe('a share', () => {
  it.each([
    [79_996, 100_000, 80, false],
    [79_999, 100_000, 79.999, true],
    [2, 3, 66.67, false],
    [2, 3, 66.66, true],
    [2, 3, 66.666_666_666_6, true],
    [2, 3, 66.666_666_666_7, false],
    [8, 10, 80, true],
    [0, 10, 0, true],
    [9_999_999, 10_000_000, 100, false],
    [29, 100, 29, true],
    [57, 100, 57, true],
    [1, 1_000, 0.1, true],
    [0, 0, 100, true],
  ])('of %i of %i against %d: %s', (covered, total, minimum, expected) => {
    expect(reaches(count(covered, total), minimum)).toBe(expected);
  });

  it('reaches a minimum with exactly as many more as are said', () => {
    for (let total = 1; total <= 60; total += 1) {
      for (const minimum of [0, 1, 33.33, 50, 66.67, 79.996, 80, 99.9, 100]) {
        for (let covered = 0; covered <= total; covered += 1) {
          const more = missingFor(count(covered, total), minimum);
          expect(reaches(count(covered + more, total), minimum)).toBe(true);
          if (more > 0) expect(reaches(count(covered + more - 1, total), minimum)).toBe(false);
        }
      }
    }
  });

  it('is never shown as if it reached what it does not', () => {
    expect(percentText(count(79_999, 100_000))).toBe('79.99 %');
    expect(percentOf(count(9_999_999, 10_000_000))).toBe(99.99);
    expect(percentOf(count(29, 100))).toBe(29);
    expect(percentText(count(1, 3))).toBe('33.33 %');
    expect(percentOf(count(0, 0))).toBeUndefined();
    expect(percentText(count(0, 0))).toBe('');
  });

  it('falls by exact points, rounded up', () => {
    expect(dropsBeyond(count(800, 1_000), count(795, 1_000), 0.5)).toBe(false);
    expect(dropsBeyond(count(8_000, 10_000), count(7_949, 10_000), 0.5)).toBe(true);
    expect(dropsBeyond(count(2, 3), count(2, 3), 0)).toBe(false);
    expect(dropsBeyond(count(2_000_001, 3_000_000), count(2_000_000, 3_000_000), 0)).toBe(true);
    expect(pointsLost(count(2_000_001, 3_000_000), count(2_000_000, 3_000_000))).toBe(0.01);
    expect(pointsLost(count(80, 100), count(85, 100))).toBe(-5);
    expect(pointsLost(count(1, 3), count(2, 3))).toBe(-33.33);
    expect(pointsLost(count(1, 2), count(1, 2))).toBe(0);
  });
});

const branches = { branches: count(3, 4) };
const COVERAGE = coverageOf(
  file('src/a.ts', '1 2 !3 !4 !5', branches),
  file('src/b.ts', '1 2 3 4 !5', branches),
  file('lib/c.ts', '1 !2', branches),
);

const NONE: Limits = { totals: {}, groups: [], patch: undefined, maxDrop: undefined, require: [] };
const UNKNOWN = { reason: 'there is no base' };
const DROP: Drop = {
  changes: [
    { metric: 'branches', before: count(3, 4), now: count(3, 4) },
    { metric: 'lines', before: count(8, 10), now: count(7, 12) },
    { metric: 'functions', before: count(99, 100), now: count(98, 100) },
  ],
  source: 'run 3 of main at abc',
};

function judged(limits: Partial<Limits>, figures: Partial<Figures> = {}) {
  return evaluate({ coverage: COVERAGE, patch: UNKNOWN, drop: UNKNOWN, ...figures }, { ...NONE, ...limits });
}

async function groups(yaml: string, folder = '.', coverage: Coverage = COVERAGE) {
  const thresholds = await thresholdsKind.fromText(yaml, { workspace: '/' });
  return groupsOf(thresholds, coverage, folder);
}

describe('the gates', () => {
  it('are all evaluated and told together, with numbers, files and how many lines would do', () => {
    const patch = {
      count: count(1, 4),
      files: [{ path: 'src/a.ts', count: count(1, 4), uncovered: [{ first: 3, last: 5, lines: 3 }], partial: [] }],
      generated: [],
      unknown: [],
    };
    const limits = { totals: { lines: 80, branches: 90 }, patch: 90, maxDrop: 0.5 };
    const failure = failureOf(judged(limits, { patch: { value: patch }, drop: { value: DROP } }));
    expect(failure?.faults.map(describeFault)).toEqual([
      'PIPE-COVERAGE-040: lines: 58.33 % (7 of 12) is below 80 %; 3 more covered lines reach it. Remedy: most are missed in "src/a.ts" (3), "lib/c.ts" (1), "src/b.ts" (1).',
      'PIPE-COVERAGE-040: branches: 75.00 % (9 of 12) is below 90 %; 2 more covered branches reach it. Remedy: most are missed in "lib/c.ts" (1), "src/a.ts" (1), "src/b.ts" (1).',
      'PIPE-COVERAGE-042: changed lines: 25.00 % (1 of 4) is below 90 %; 3 more covered changed lines reach it. Remedy: test what this change adds in "src/a.ts" (3); the lines are annotated.',
      'PIPE-COVERAGE-043: the coverage fell by more than 0.5 points: lines 80.00 % to 58.33 %, 21.67 points lost; functions 99.00 % to 98.00 %, 1.00 points lost. Given: the base is run 3 of main at abc. Remedy: the summary lists the files that got worse; cover them again, or allow more for this change in `max-drop`.',
    ]);
  });

  it('pass where every limit is met, and where there is nothing to cover', () => {
    const none = { count: count(0, 0), files: [], generated: [], unknown: [] };
    const gates = judged(
      { totals: { lines: 58.33 }, patch: 100, maxDrop: 21.67 },
      { patch: { value: none }, drop: { value: DROP } },
    );
    expect(gates.map(({ name, state }) => `${name} ${state}`)).toEqual(['lines passed', 'patch passed', 'drop passed']);
    expect(failureOf(gates)).toBeUndefined();
  });

  it('leave out what was not measured, and are red for it only where `require` names it', () => {
    expect(judged({ patch: 80, maxDrop: 0 }).map(({ name, state }) => `${name} ${state}`)).toEqual([
      'patch not-measured',
      'drop not-measured',
    ]);
    const failure = failureOf(judged({ patch: 80, maxDrop: 0, require: ['patch', 'drop', 'lines', 'functions'] }));
    expect(failure?.faults.map(({ code, what }) => `${code} ${what}`)).toEqual([
      'PIPE-COVERAGE-044 `require` names patch, and it was not measured: there is no base',
      'PIPE-COVERAGE-044 `require` names drop, and it was not measured: there is no base',
      'PIPE-COVERAGE-044 `require` names functions, and it was not measured: no report measures it',
    ]);
  });

  it('are red for a threshold that no report can answer, once', () => {
    const failure = failureOf(judged({ totals: { functions: 1 }, require: [] }));
    expect(failure?.faults.map(({ code }) => code)).toEqual(['PIPE-COVERAGE-033']);
  });

  it('tell at most ten failures, the last of which counts the rest', async () => {
    const many = coverageOf(...Array.from({ length: 15 }, (_, index) => file(`p${index}/a.ts`, '!1')));
    const yaml = Array.from({ length: 15 }, (_, index) => `p${index}/**: 50`).join('\n');
    const failure = failureOf(judged({ groups: await groups(yaml, '.', many) }, { coverage: many }));
    expect(failure?.faults).toHaveLength(10);
    expect(failure?.faults[9]?.what).toMatch(
      /^6 more gates failed: p9\/\*\*: lines 0\.00 % \(0 of 1\), at least 50 %; /,
    );
  });
});

describe('thresholds', () => {
  it('compare the files of a glob as one group, the last glob that matches a file has it', async () => {
    const found = await groups('"**": 50\nsrc/**: {lines: 60, branches: 75}\nsrc/b.ts: 90');
    expect(found.map(({ glob, files }) => [glob, files.map(({ path }) => path)])).toEqual([
      ['**', ['lib/c.ts']],
      ['src/**', ['src/a.ts']],
      ['src/b.ts', ['src/b.ts']],
    ]);
    const gates = judged({ groups: found });
    expect(gates.map(({ name, state }) => `${name} ${state}`)).toEqual([
      '**: lines passed',
      'src/**: lines failed',
      'src/**: branches passed',
      'src/b.ts: lines failed',
    ]);
    expect(gates[1]?.fault?.what).toBe(
      'lines of "src/**" (1 file): 40.00 % (2 of 5) is below 60 %; 1 more covered line reaches it',
    );
    const whole = judged({ groups: await groups('src/**: 60') });
    expect(whole.map(({ state, measured }) => [state, measured])).toEqual([['passed', '60.00 % (6 of 10)']]);
  });

  it('are seen from the working directory, and reach out of it', async () => {
    const api = coverageOf(
      file('apps/api/src/a.ts', '1'),
      file('packages/shared/b.ts', '1'),
      file('apps/api/.x/c.ts', '1'),
    );
    const found = await groups('src/**: 1\n../../packages/**: 2\n"**/c.ts": 3', 'apps/api', api);
    expect(found.map(({ files }) => files.map(({ path }) => path))).toEqual([
      ['apps/api/src/a.ts'],
      ['packages/shared/b.ts'],
      ['apps/api/.x/c.ts'],
    ]);
    const below = await groups('"**": 1', 'apps/api', api);
    expect(below[0]?.files.map(({ path }) => path)).toEqual(['apps/api/.x/c.ts', 'apps/api/src/a.ts']);
  });

  it('are refused where a glob matches nothing, all of them together', async () => {
    await expect(groups('scr/**: 80\nsrc/*.js: {lines: 1}\nlib/**: 10')).rejects.toMatchObject({
      faults: [
        { code: 'PIPE-COVERAGE-032', given: '"scr/**"', example: '`src/**: 80`' },
        { code: 'PIPE-COVERAGE-032', given: '"src/*.js"' },
      ],
    });
  });

  it.each(['src/**: 101', 'src/**: {line: 80}', '"!src/**": 80', 'src/**: many', '[80]'])(
    'are refused as %s',
    async (yaml) => {
      await expect(groups(yaml)).rejects.toHaveProperty('refusals');
    },
  );
});
