import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/gate/problems/problem.ts';
import { findProblems } from '../../../src/gate/problems/problems.ts';

function read(output: string): Problem[] {
  return findProblems(output, { workspace: '/w', directory: '/w', isFile: () => true });
}

describe('workflow commands', () => {
  it('become problems with what they tell, unescaped', () => {
    expect(read('::error file=a%2Cb%3A1.ts,line=3,col=2,endLine=4,endColumn=5,title=A%2CB::100%25%0Asure')).toEqual([
      {
        tool: 'github-command',
        kind: 'lint',
        severity: 'error',
        file: 'a,b:1.ts',
        line: 3,
        column: 2,
        endLine: 4,
        endColumn: 5,
        message: 'A,B\n100%\nsure',
      },
    ]);
    expect(read('  ::warning file=a.ts::x')).toEqual([
      { tool: 'github-command', kind: 'lint', severity: 'warning', file: 'a.ts', message: 'x' },
    ]);
  });

  it('are read with a comma that a tool did not escape', () => {
    expect(read('::error file=a,b.ts,line=3::x')[0]).toMatchObject({ file: 'a,b.ts', line: 3 });
  });

  it('are left out without a file, as notices, and when they are other commands', () => {
    for (const line of [
      '::error::x',
      '::error title=a::x',
      '::notice file=a.ts::x',
      '::debug::file=a.ts',
      '::errors file=a.ts::x',
      'x ::error file=a.ts::x',
      '::error file=a.ts',
      '::group::file=a.ts::x',
    ]) {
      expect(read(line), line).toEqual([]);
    }
  });

  it("tell whose they are by the reporter's own title", () => {
    const lines = [
      '::error title=ruff (F401),file=/w/a.py,line=1,col=8,endLine=1,endColumn=10::a.py:1:8: F401 [*] `os` imported but unused%0A  help: Remove',
      '::error title=lint/suspicious/noDebugger,file=a.ts,line=2,col=1::Unexpected',
      '::error file=/w/a.test.ts,title=[unit] a.test.ts > sums > adds,line=3,column=4::Error: no%0A ❯ a.test.ts:3:4',
      '::error file=/w/b.test.js,line=5,title=sums › adds::expect(received)%0A    at Object.<anonymous> (b.test.js:5:1)',
    ];
    expect(
      read(lines.join('\n')).map(({ tool, kind, rule, line, message }) => [tool, kind, rule, line, message]),
    ).toEqual([
      ['ruff', 'lint', 'F401', 1, '`os` imported but unused'],
      ['biome', 'lint', 'lint/suspicious/noDebugger', 2, 'Unexpected'],
      ['vitest', 'test', undefined, 3, 'sums > adds\nError: no'],
      ['jest', 'test', undefined, 5, 'sums › adds\nexpect(received)'],
    ]);
  });
});
