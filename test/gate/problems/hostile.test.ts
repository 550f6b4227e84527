import { describe, expect, it } from 'vitest';
import { longestMessage } from '../../../src/gate/problems/message.ts';
import { findProblems } from '../../../src/gate/problems/problems.ts';

/** Every file exists that a test names so. */
const place = {
  workspace: '/w',
  directory: '/w',
  isFile: (path: string) => /^\/w\/(?:real|[a-z]+\/real)\.(?:ts|py|js)$/.test(path),
};

function find(...lines: string[]): string[] {
  return findProblems(lines.join('\n'), place).map(({ tool, file, line }) => `${tool} ${file}:${line ?? '-'}`);
}

const error = "(3,1): error TS2322: Type 'x' is wrong.";

describe('hostile output', () => {
  it('names no file outside the workspace, of a dependency, or that is none', () => {
    const anything = { ...place, isFile: () => true };
    const paths = [
      '../../etc/passwd',
      '/etc/passwd',
      '../w2/real.ts',
      '/w2/real.ts',
      'a/../../real.ts',
      '/w/../etc/x',
      '/w',
      '/',
      '.',
      '..',
    ];
    const foreign = [
      'node_modules/a/real.ts',
      'a/node_modules/real.ts',
      '.venv/lib/site-packages/real.py',
      'file:///etc/real.ts',
      'file://%',
      'file:///w/%zz',
      'https://w/real.ts',
    ];
    for (const path of [...paths, ...foreign]) {
      expect(
        findProblems(`${path}${error}`, anything).map((problem) => problem.file),
        path,
      ).toEqual([]);
    }
    expect(find(`missing.ts${error}`, `real\0.ts${error}`, `real.ts${error}`)).toEqual(['tsc real.ts:3']);
  });

  it('finds the same file under each form of its path', () => {
    for (const path of [
      'real.ts',
      './real.ts',
      '/w/real.ts',
      'a/../real.ts',
      '/w/./a/..//real.ts',
      '/w/a/../real.ts',
    ]) {
      expect(find(`${path}${error}`), path).toEqual(['tsc real.ts:3']);
    }
  });

  it('looks in the workspace where the folder of the task has no such file', () => {
    const inPackage = { ...place, directory: '/w/a' };
    expect(findProblems(`real.ts${error}`, inPackage)[0]?.file).toBe('a/real.ts');
    expect(findProblems(`b/real.ts${error}`, inPackage)[0]?.file).toBe('b/real.ts');
    expect(findProblems(`../real.ts${error}`, inPackage)[0]?.file).toBe('real.ts');
  });

  it('bounds messages and keeps control characters, commands and colours out of them', () => {
    const [problem] = findProblems(
      `real.ts(1,1): error TS1: \u001b[31mred\u001b[0m \u0007\u0000bell ${'x'.repeat(9_000)}`,
      place,
    );
    expect(problem?.message).toMatch(/^red bell x+…$/);
    expect(problem?.message.length).toBe(longestMessage);
    const block = [
      ' FAIL  real.ts > name',
      ...Array.from({ length: 900 }, (_, index) => `Error ${index} ${'y'.repeat(80)}`),
      ' ❯ real.ts:1:1',
    ];
    expect(findProblems(block.join('\n'), place)[0]?.message.length).toBeLessThanOrEqual(longestMessage);
  });

  it('refuses lines and columns that no file has', () => {
    for (const line of ['0', '-1', '99999999', '1e3', '0x10', '１']) {
      expect(find(`real.ts(${line},1): error TS1: x`), line).toEqual([]);
    }
    expect(find('::error file=real.ts,line=-5::x', '::error file=real.js,line=x::y')).toEqual([
      'github-command real.ts:-',
      'github-command real.js:-',
    ]);
  });

  it('ends no annotation before it starts', () => {
    const [first, second] = findProblems(
      '::error file=real.ts,line=5,endLine=2::x\n::error file=real.ts,line=6,col=9,endLine=6,endColumn=2::y',
      place,
    );
    expect(first).not.toHaveProperty('endLine');
    expect(second).toMatchObject({ line: 6, column: 9, endLine: 6 });
    expect(second).not.toHaveProperty('endColumn');
  });

  it('reads workflow commands as reports only, and not in the midst of a message', () => {
    const output = [
      ' FAIL  real.ts > name',
      'Error: first',
      '::error file=real.ts,line=9::told',
      '::set-output name=x::y',
      '::add-mask::secret',
      ' ❯ real.ts:4:1',
    ];
    expect(find(...output)).toEqual(['github-command real.ts:9', 'vitest real.ts:4']);
    const [, problem] = findProblems(output.join('\n'), place);
    expect(problem?.message).toBe('name\nError: first\n::set-output name=x::y\n::add-mask::secret');
  });

  it('reads a problem after colours, hyperlinks, carriage returns and broken escapes', () => {
    const link = '\u001b]8;;https://example.com\u001b\\real.ts\u001b]8;;\u001b\\';
    expect(find(`${link}\u001b[1m(3,1)\u001b[0m: \u001b[91merror\u001b[0m TS1: x`)).toEqual(['tsc real.ts:3']);
    expect(find(`working…\rreal.ts${error}\r`)).toEqual(['tsc real.ts:3']);
    expect(find(`\u001b[\u001b]8;;${'a'.repeat(50)}`, `real.ts${error}`)).toEqual(['tsc real.ts:3']);
  });

  it('examines the start of a huge line and goes on after it', () => {
    const huge = `real.ts${error}${'x'.repeat(5_000_000)}`;
    expect(find(huge, 'y'.repeat(5_000_000), `a/real.ts${error}`)).toEqual(['tsc real.ts:3', 'tsc a/real.ts:3']);
    const coloured = (count: number): string => `${'\u001b[0m'.repeat(count)}real.ts${error}`;
    expect(find(coloured(5_000))).toEqual(['tsc real.ts:3']);
    expect(find(coloured(50_000))).toEqual([]);
  });

  it('keeps errors that come after thousands of warnings', () => {
    const warnings = [
      '/w/real.js',
      ...Array.from({ length: 5_000 }, (_, index) => `  ${index + 1}:1  warning  Text  rule`),
      '  9:1  error  Text  other',
    ];
    const problems = findProblems(warnings.join('\n'), place);
    expect(problems.length).toBe(2_001);
    expect(problems.at(-1)).toMatchObject({ severity: 'error', line: 9, rule: 'other' });
  });

  it('asks of a bounded number of files', () => {
    let asked = 0;
    const isFile = (): boolean => {
      asked += 1;
      return false;
    };
    const blocks = Array.from({ length: 1_000 }, (_, block) => {
      const frames = Array.from({ length: 30 }, (_, frame) => ` ❯ f${block}-${frame}.ts:1:1`);
      return [` FAIL  f${block}.ts > name`, 'Error: x', ...frames];
    });
    findProblems(blocks.flat().join('\n'), { ...place, isFile });
    expect(asked).toBe(20_000);
  });

  it('reads megabytes of the lines that would cost a backtracking expression hours', () => {
    const units = [
      '(',
      '(1',
      '(1,1',
      ':1',
      ': ',
      ' ',
      ' x',
      '__ ',
      '==',
      '= ',
      'a: ',
      '/',
      '%0A',
      ',a=',
      '\u001b[',
      '\u001b]8;',
      ';a',
      '): error TS',
      ' - error TS',
      '[',
      '] ',
      '> ',
      '$ ',
      ' > ',
      ' (',
      "' ",
      '━',
      '❯ ',
    ];
    const starts = [
      '',
      '::error file=',
      '> ',
      '/',
      './',
      'E  ',
      '___ ',
      '=== ',
      'not ok 1 ',
      'npm error path /',
      'a#b: ERROR command (',
      '[error] a: ',
      '    at ',
      ' FAIL  ',
    ];
    for (const unit of units) {
      const lines = starts.map((start) => start + unit.repeat(20_000 / unit.length));
      const output = [
        ' FAIL  a > b',
        '=== FAILURES ===',
        '___ a ___',
        ...Array.from({ length: 5 }, () => lines).flat(),
      ].join('\n');
      expect(findProblems(output, place)).toEqual([]);
    }
  });

  it('reads tens of megabytes of escape sequences that nothing ends', () => {
    const line = '\u001b]8;'.repeat(10_000);
    expect(find(...Array.from({ length: 1_500 }, () => line), `real.ts${error}`)).toEqual(['tsc real.ts:3']);
  });

  it('survives every parser being given every other line, cut anywhere', () => {
    const pieces = [
      '::error ',
      '::error file=',
      ' FAIL  ',
      '⎯⎯',
      '  ● ',
      'test at ',
      '✖ ',
      'not ok ',
      '  ---',
      './',
      '--> ',
      'E  ',
      '=== FAILURES ===',
      '_',
      '__ a __',
      'FAILED ',
      '[warn] ',
      '[error] ',
      '> ',
      '> @',
      '$ ',
      'a b$ ',
      '[',
      ']: ',
      '× ',
      '━━━━━',
      '/',
      'file:///',
      'node:',
      ':1',
      ':1:',
      '(1,1): error TS',
      ' - error TS',
      ' TS1: ',
      '"',
      "'",
      '%',
      '\u001b',
      ' ❯ ',
      ' at ',
      '(',
      ')',
    ];
    const lines = pieces.flatMap((first) => pieces.map((second) => `${first}${second}`));
    expect(findProblems(lines.join('\n'), { ...place, isFile: () => false })).toEqual([]);
  });
});
