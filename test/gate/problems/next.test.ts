/** Next.js is a third of a gigabyte, so its output is recorded here: versions 14 (lint), 15 and 16 (Turbopack, webpack). */
import { describe, expect, it } from 'vitest';
import { findProblems } from '../../../src/gate/problems/problems.ts';

function read(...lines: string[]): string[] {
  const place = { workspace: '/w', directory: '/w', isFile: (path: string) => path === '/w/app/[id]/page.tsx' };
  return findProblems(lines.join('\n'), place).map(
    ({ tool, kind, severity, file, line, rule, message }) =>
      `${tool} ${kind} ${severity} ${file}:${line ?? '-'} ${rule ?? ''} ${message}`,
  );
}

describe('next build', () => {
  it('is read for errors of Turbopack, in the line after the path', () => {
    const output = [
      '▲ Next.js 16.4.6 (Turbopack)',
      '  Creating an optimized production build ...',
      '> Build error occurred',
      'Error: Turbopack build failed with 1 error:',
      './app/[id]/page.tsx:2:13',
      'Error: Expression expected',
      '  1 | export default function P() {',
      '> 2 |   const n = ;',
      '    |             ^',
      'Parsing ecmascript source code failed',
    ];
    expect(read(...output)).toEqual(['next compile error app/[id]/page.tsx:2  Expression expected']);
  });

  it('is read for errors of webpack, with the line of their frame', () => {
    const output = [
      '▲ Next.js 16.4.6 (webpack)',
      'Failed to compile.',
      '',
      './app/[id]/page.tsx',
      'Error:   x Expression expected',
      '   ,-[/w/app/[id]/page.tsx:2:1]',
      ' 1 | export default function P() {',
      '   `----',
      '',
      'Import trace for requested module:',
      './app/[id]/page.tsx',
      '',
      '> Build failed because of webpack errors',
    ];
    expect(read(...output)).toEqual(['next compile error app/[id]/page.tsx:2  Expression expected']);
    const missing = [
      'Failed to compile.',
      '',
      './app/[id]/page.tsx',
      "Module not found: Can't resolve './missing'",
      '',
    ];
    expect(read(...missing)).toEqual([
      "next compile error app/[id]/page.tsx:-  Module not found: Can't resolve './missing'",
    ]);
  });

  it('is read for type errors, in the words of each version, once with those of tsc', () => {
    const older = [
      '   ▲ Next.js 15.5.0',
      'Failed to compile.',
      '',
      './app/[id]/page.tsx:2:9',
      "Type error: Type 'string' is wrong.",
    ];
    const newer = "app/[id]/page.tsx(2,9): error TS2322: Type 'string' is wrong.";
    expect(read(...older)).toEqual(["next compile error app/[id]/page.tsx:2  Type 'string' is wrong."]);
    expect(read(newer, 'Failed to type check.')).toEqual([
      "tsc compile error app/[id]/page.tsx:2 TS2322 Type 'string' is wrong.",
    ]);
    expect(read(newer, ...older)).toHaveLength(1);
  });

  it('is read for warnings as warnings', () => {
    const output = [
      ' ▲ Next.js 15.5.0',
      ' ⚠ Compiled with warnings',
      '',
      './app/[id]/page.tsx',
      'Attempted import error: x is not exported',
      '',
    ];
    expect(read(...output)).toEqual([
      'next compile warning app/[id]/page.tsx:-  Attempted import error: x is not exported',
    ]);
  });

  it('is read for what its linter says', () => {
    const output = [
      './app/[id]/page.tsx',
      "3:7  Error: 'a' is never used.  no-unused-vars",
      '9:1  Warning: Use <Image />.  @next/next/no-img-element',
    ];
    expect(read(...output)).toEqual([
      "next lint error app/[id]/page.tsx:3 no-unused-vars 'a' is never used.",
      'next lint warning app/[id]/page.tsx:9 @next/next/no-img-element Use <Image />.',
    ]);
  });

  it('is not seen in a list of files', () => {
    expect(read('./app/[id]/page.tsx', 'is a file', './app/[id]/page.tsx:3:1', 'Error: said by another')).toEqual([]);
  });
});
