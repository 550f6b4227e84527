import { describe, expect, it } from 'vitest';
import { distinct } from '../../../src/gate/problems/distinct.ts';
import { mostImportant } from '../../../src/gate/problems/importance.ts';
import type { Problem } from '../../../src/gate/problems/problem.ts';

const base: Problem = { tool: 'tsc', kind: 'compile', severity: 'error', file: 'a.ts', line: 1, message: 'Text' };

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, key: Math.random() }))
    .sort((one, other) => one.key - other.key)
    .map(({ item }) => item);
}

describe('mostImportant', () => {
  it('puts errors first, then compile errors, failed tests, lint, format, then file and line', () => {
    const ordered: Problem[] = [
      { ...base, file: 'b.ts' },
      { ...base, file: 'b.ts', line: 10 },
      { ...base, file: 'c.ts', line: 2, column: 3 },
      { ...base, file: 'c.ts', line: 2, column: 9, message: 'Other' },
      { ...base, tool: 'vitest', kind: 'test', message: 'Failed' },
      { ...base, tool: 'eslint', kind: 'lint', file: 'Z.ts' },
      { ...base, tool: 'eslint', kind: 'lint', message: 'Linted' },
      { ...base, tool: 'prettier', kind: 'format', message: 'Unformatted' },
      { ...base, severity: 'warning', file: '0.ts' },
      { ...base, tool: 'eslint', kind: 'lint', severity: 'warning', file: '1.ts' },
    ];
    for (let round = 0; round < 20; round += 1) {
      expect(mostImportant(shuffled(ordered), 100)).toEqual(ordered);
      expect(mostImportant(shuffled(ordered), 4)).toEqual(ordered.slice(0, 4));
    }
    expect(mostImportant(ordered, 0)).toEqual([]);
  });

  it('counts a problem once that several tasks tell', () => {
    const fromBuild: Problem = { ...base, tool: 'next', message: 'Text' };
    expect(mostImportant([base, fromBuild, { ...base, line: 2 }], 2)).toEqual([base, { ...base, line: 2 }]);
  });

  it('leaves what it is given as it is', () => {
    const given: readonly Problem[] = [{ ...base, line: 2 }, base];
    mostImportant(given, 1);
    expect(given).toEqual([{ ...base, line: 2 }, base]);
  });
});

describe('distinct', () => {
  const test: Problem = {
    tool: 'vitest',
    kind: 'test',
    severity: 'error',
    file: 'a.ts',
    line: 4,
    message: 'adds\nError: 2',
  };

  it("keeps one of a tool's text and its command, with what each knows", () => {
    const { line: _, ...withoutLine } = { ...base, tool: 'github-command', message: 'Title\nText' };
    expect(distinct([withoutLine, { ...base, rule: 'TS1', column: 7 }])).toEqual([{ ...base, rule: 'TS1', column: 7 }]);
  });

  it('keeps two tests that fail on one line, and two rules that a line breaks', () => {
    const other = { ...test, message: 'subtracts\nError: 2' };
    expect(distinct([test, other, { ...test }])).toEqual([test, other]);
    const rules = ['a', 'b'].map((rule) => ({
      ...base,
      tool: 'eslint',
      kind: 'lint' as const,
      rule,
    }));
    expect(distinct(rules)).toEqual(rules);
  });

  it('keeps what different linters say of one line', () => {
    const both = ['eslint', 'biome'].map((tool) => ({ ...base, tool, kind: 'lint' as const, message: `${tool} says` }));
    expect(distinct(both)).toEqual(both);
  });

  it('keeps two failures of one file that have no line', () => {
    const failures = ['one', 'two'].map((name) => ({
      ...base,
      kind: 'test' as const,
      message: `${name}\nassert 1 == 2`,
    }));
    const withoutLine = failures.map(({ line: _, ...failure }) => failure);
    expect(distinct(withoutLine)).toEqual(withoutLine);
  });
});
