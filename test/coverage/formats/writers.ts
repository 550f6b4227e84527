/**
 * Random source files, and writers of every format for them, for promises about all inputs. The totals which a reader
 * has to find are counted here from the same numbers, by nothing that the readers use.
 */

/** Numbers from 0 to below `below`, the same for one seed (mulberry32). */
export type Random = (below: number) => number;

export function random(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

interface Place {
  readonly line: number;
  readonly column: number;
  readonly end: number;
}

export interface Code {
  readonly path: string;
  readonly statements: readonly Place[];
  readonly functions: readonly (Place & { readonly name: string })[];
  readonly branches: readonly (Place & { readonly arms: number })[];
}

/** How often each unit of a file ran. */
export interface Run {
  readonly statements: readonly number[];
  readonly functions: readonly number[];
  readonly branches: readonly (readonly number[])[];
}

export const PATHS = ['src/a.ts', 'src/b c.ts', 'src/ü/名.ts', 'lib/deep/er/d.ts', 'e.ts'];

export function code(next: Random, path: string): Code {
  const places = (most: number) => {
    let line = 0;
    return Array.from({ length: next(most) }, () => {
      line += 1 + next(3);
      return { line, column: next(200), end: line + next(300) };
    });
  };
  return {
    path,
    statements: places(40),
    functions: places(8).map((place) => ({
      ...place,
      name: ['', 'run', 'é,ü', '7up', '(anonymous_1)'][next(5)] ?? '',
    })),
    branches: places(9).map((place) => ({ ...place, arms: 1 + next(3) })),
  };
}

export function run(next: Random, { statements, functions, branches }: Code): Run {
  const count = () => (next(3) === 0 ? next(1_000_000) : next(2));
  return {
    statements: statements.map(count),
    functions: functions.map(count),
    branches: branches.map(({ arms }) => Array.from({ length: arms }, count)),
  };
}

export type Report = readonly (readonly [Code, Run])[];

export type Form = 'coverage-final.json' | 'lcov.info' | 'cobertura.xml' | 'clover.xml' | 'jacoco.xml' | 'cover.out';

export const FORMS: readonly Form[] = [
  'coverage-final.json',
  'lcov.info',
  'cobertura.xml',
  'clover.xml',
  'jacoco.xml',
  'cover.out',
];

const xml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const hits = (counts: readonly number[]) => counts.filter((count) => count > 0).length;
const object = <T>(all: readonly T[]) => Object.fromEntries(all.map((one, index) => [index, one]));

export function write(form: Form, report: Report, space = 0): string {
  switch (form) {
    case 'coverage-final.json':
      return JSON.stringify(
        Object.fromEntries(report.map((entry) => [entry[0].path, istanbul(...entry)])),
        null,
        space,
      );
    case 'lcov.info':
      return report.map((entry) => lcov(...entry)).join('');
    case 'cobertura.xml':
      return `<?xml version="1.0"?>\n<!-- <line number="1" hits="1"/> --><coverage line-rate="0"><packages><package name="p"><classes>${report.map((entry) => cobertura(...entry)).join('\n')}</classes></package></packages></coverage>\n`;
    case 'clover.xml':
      return `<coverage generated="1"><project>${report.map((entry) => clover(...entry)).join('')}</project></coverage>`;
    case 'jacoco.xml':
      return `<?xml version="1.0"?><!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd"><report name="r">${report.map((entry) => jacoco(...entry)).join('')}<counter type="LINE" missed="0" covered="0"/></report>`;
    case 'cover.out':
      return `mode: count\n${report.flatMap((entry) => goLines(...entry)).join('')}`;
  }
}

function istanbul(file: Code, ran: Run): unknown {
  const place = ({ line, column, end }: Place) => ({
    start: { line, column },
    end: { line: end, column: column % 5 === 0 ? null : column },
  });
  return {
    path: file.path,
    statementMap: object(file.statements.map(place)),
    fnMap: object(file.functions.map((one) => ({ name: one.name, decl: place(one), loc: place(one), line: one.line }))),
    branchMap: object(
      file.branches.map((one) => ({ loc: place(one), type: 'if', locations: [place(one), { start: {}, end: {} }] })),
    ),
    s: object(ran.statements),
    f: object(ran.functions),
    b: object(ran.branches),
    inputSourceMap: { mappings: 'AAAA"\\', deep: [[[{ x: [1.5e9, -2, true, null] }]]] },
  };
}

function lcov(file: Code, ran: Run): string {
  return [
    'TN:',
    `SF:${file.path}`,
    ...file.functions.map(({ line, name }) => `FN:${line},${name}`),
    ...file.functions.map(({ name }, index) => `FNDA:${ran.functions[index]},${name}`),
    `FNF:${file.functions.length}`,
    ...file.statements.map(({ line }, index) => `DA:${line},${ran.statements[index]}`),
    ...file.branches.flatMap(({ line }, index) =>
      (ran.branches[index] ?? []).map((count, arm) => `BRDA:${line},${index},${arm},${count === 0 ? '-' : count}`),
    ),
    `BRF:${file.branches.reduce((all, { arms }) => all + arms, 0)}`,
    `LF:${file.statements.length}`,
    'end_of_record\n',
  ].join('\n');
}

function cobertura(file: Code, ran: Run): string {
  const methods = file.functions.map(
    ({ line, name }, index) =>
      `<method name="${xml(name)}${index}" hits="${ran.functions[index]}"><lines><line number="${line}" hits="0"/></lines></method>`,
  );
  const lines = file.statements.map(
    ({ line }, index) => `<line number="${line}" hits="${ran.statements[index]}" branch="false"/>\n`,
  );
  const branches = file.branches.map(
    ({ line, arms }, index) =>
      `<line hits="0" number="${line + 1_000}" branch="true" condition-coverage="50% (${hits(ran.branches[index] ?? [])}/${arms})"></line>`,
  );
  return `<class name="c" filename="${xml(file.path)}"><methods>${methods.join('')}</methods><lines>${lines.join('  ')}${branches.join('')}</lines></class>`;
}

function clover(file: Code, ran: Run): string {
  const lines = file.statements.map(
    ({ line }, index) => `<line num="${line}" type="stmt" count="${ran.statements[index]}"/>\n`,
  );
  const arms = ran.branches.flat();
  return `<file name="x" path="${xml(file.path)}"><metrics statements="${file.statements.length}" coveredstatements="${hits(ran.statements)}" conditionals="${arms.length}" coveredconditionals="${hits(arms)}" methods="${file.functions.length}" coveredmethods="${hits(ran.functions)}"/>${lines.join('')}</file>`;
}

function jacoco(file: Code, ran: Run): string {
  const at = file.path.lastIndexOf('/');
  const [folder, name] = [file.path.slice(0, Math.max(at, 0)), xml(file.path.slice(at + 1))];
  const methods = file.functions.map(
    (_, index) =>
      `<method name="m${index}" desc="()V"><counter type="METHOD" missed="${ran.functions[index] === 0 ? 1 : 0}" covered="${ran.functions[index] === 0 ? 0 : 1}"/></method>`,
  );
  const lines = file.statements.map(
    ({ line }, index) =>
      `<line nr="${line}" mi="${ran.statements[index] === 0 ? 1 : 0}" ci="${ran.statements[index] === 0 ? 0 : 1}" mb="0" cb="0"/>`,
  );
  const arms = ran.branches.flat();
  return `<package name="${xml(folder)}"><class name="C" sourcefilename="${name}">${methods.join('')}</class><sourcefile name="${name}">${lines.join('')}<counter type="INSTRUCTION" missed="${file.statements.length - hits(ran.statements)}" covered="${hits(ran.statements)}"/><counter type="BRANCH" missed="${arms.length - hits(arms)}" covered="${hits(arms)}"/></sourcefile></package>`;
}

function goLines(file: Code, ran: Run): string[] {
  return file.statements.map(
    ({ line, column }, index) => `${file.path}:${line}.${column},${line}.${column + 9} 1 ${ran.statements[index]}\n`,
  );
}

/** What each format can tell of a report, counted from its numbers. */
export function counts(form: Form, report: Report): unknown {
  const sum = (all: readonly (readonly number[])[]) => ({ covered: hits(all.flat()), total: all.flat().length });
  const lines = sum(report.map(([, ran]) => ran.statements));
  const functions = sum(report.map(([, ran]) => ran.functions));
  const branches = sum(report.map(([, ran]) => ran.branches.flat()));
  if (form === 'cover.out') return { lines, statements: lines };
  if (form === 'lcov.info') return { lines, functions, branches };
  // The writer above gives each branch a line of its own, which did not run.
  const extra = report.reduce((all, [file]) => all + file.branches.length, 0);
  if (form === 'cobertura.xml') return { lines: { ...lines, total: lines.total + extra }, functions, branches };
  return { lines, functions, branches, statements: lines };
}
