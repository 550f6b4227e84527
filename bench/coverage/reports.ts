import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** How large a made-up report is. */
export interface Size {
  readonly files: number;
  /** Statements of each file; a line has one, or two on every eighth line. */
  readonly statements: number;
}

/** A generator of numbers that is the same everywhere (xorshift32). */
function numbers(seed: number): (below: number) => number {
  let state = seed | 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** A file as a test run sees it: the code is that of `index`, what ran is that of `run`. */
function fileOf(index: number, { statements }: Size, run: number) {
  const code = numbers(index + 1);
  const ran = numbers((index + 1) * 7919 + run);
  const lines: number[] = [];
  for (let line = 1, statement = 0; statement < statements; statement += 1) {
    lines.push(line);
    if (statement % 8 !== 7) line += 1 + code(2);
  }
  return {
    path: `src/area${index % 97}/feature${index % 1009}/file${index}.ts`,
    lines,
    columns: lines.map(() => code(30)),
    counts: lines.map(() => (ran(5) === 0 ? 0 : ran(2000))),
    functions: lines.filter((_, at) => at % 12 === 0).map((line) => ({ line, count: ran(3) })),
    branches: lines.filter((_, at) => at % 6 === 0).map((line) => ({ line, counts: [ran(2), ran(4)] })),
  };
}

type File = ReturnType<typeof fileOf>;

const place = (line: number, from: number, to: number) => ({
  start: { line, column: from },
  end: { line, column: to },
});

const numbered = <T>(all: readonly T[]) => Object.fromEntries(all.map((one, index) => [index, one]));

function istanbulEntry(root: string, file: File): string {
  const path = `${root}/${file.path}`;
  return `${JSON.stringify(path)}: ${JSON.stringify({
    path,
    statementMap: numbered(file.lines.map((line, at) => place(line, at % 8, 40 + (file.columns[at] ?? 0)))),
    fnMap: numbered(
      file.functions.map(({ line }, at) => ({
        name: `(anonymous_${at})`,
        decl: place(line, 0, 12),
        loc: { start: { line, column: 14 }, end: { line: line + 9, column: 1 } },
        line,
      })),
    ),
    branchMap: numbered(
      file.branches.map(({ line }) => ({
        loc: place(line, 2, 60),
        type: 'if',
        locations: [place(line, 2, 60), { start: {}, end: {} }],
        line,
      })),
    ),
    s: numbered(file.counts),
    f: numbered(file.functions.map(({ count }) => count)),
    b: numbered(file.branches.map(({ counts }) => counts)),
    _coverageSchema: '1a1c01bbd47fc00a2c39e90264f33305004495a9',
    hash: 'a9993e364706816aba3e25717850c26c9cd0d89d',
  })}`;
}

function lcovRecord(file: File): string {
  return [
    'TN:',
    `SF:${file.path}`,
    ...file.functions.map(({ line }, at) => `FN:${line},(anonymous_${at})`),
    `FNF:${file.functions.length}`,
    `FNH:${file.functions.filter(({ count }) => count > 0).length}`,
    ...file.functions.map(({ count }, at) => `FNDA:${count},(anonymous_${at})`),
    ...file.lines.flatMap((line, at) => (line === file.lines[at - 1] ? [] : [`DA:${line},${file.counts[at]}`])),
    ...file.branches.flatMap(({ line, counts }, at) =>
      counts.map((count, arm) => `BRDA:${line},${at},${arm},${count}`),
    ),
    `BRF:${file.branches.length * 2}`,
    'end_of_record\n',
  ].join('\n');
}

function xmlLines(file: File, write: (line: number, count: number, branch: readonly number[] | undefined) => string) {
  const branches = new Map(file.branches.map(({ line, counts }) => [line, counts]));
  return file.lines.flatMap((line, at) =>
    line === file.lines[at - 1] ? [] : [write(line, file.counts[at] ?? 0, branches.get(line))],
  );
}

const hit = (counts: readonly number[]) => counts.filter((count) => count > 0).length;

function coberturaClass(file: File): string {
  const lines = xmlLines(file, (line, count, branch) =>
    branch === undefined
      ? `            <line number="${line}" hits="${count}" branch="false"/>`
      : `            <line number="${line}" hits="${count}" branch="true" condition-coverage="${hit(branch) * 50}% (${hit(branch)}/2)"/>`,
  );
  return `        <class name="${file.path}" filename="${file.path}" line-rate="0.5" branch-rate="0.5">
          <methods>
          </methods>
          <lines>
${lines.join('\n')}
          </lines>
        </class>\n`;
}

function cloverFile(root: string, file: File): string {
  const lines = xmlLines(file, (line, count, branch) =>
    branch === undefined
      ? `        <line num="${line}" count="${count}" type="stmt"/>`
      : `        <line num="${line}" count="${count}" type="cond" truecount="${hit(branch)}" falsecount="${2 - hit(branch)}"/>`,
  );
  const ran = file.counts.filter((count) => count > 0).length;
  return `      <file name="file.ts" path="${root}/${file.path}">
        <metrics statements="${file.lines.length}" coveredstatements="${ran}" conditionals="${file.branches.length * 2}" coveredconditionals="${file.branches.reduce((all, { counts }) => all + hit(counts), 0)}" methods="${file.functions.length}" coveredmethods="${file.functions.filter(({ count }) => count > 0).length}"/>
${lines.join('\n')}
      </file>\n`;
}

const XML = '<?xml version="1.0" ?>\n';
const FORMS = {
  'coverage-final.json': { before: '{', between: '\n,', after: '}\n', entry: istanbulEntry },
  'lcov.info': { before: '', between: '', after: '', entry: (_: string, file: File) => lcovRecord(file) },
  'cobertura-coverage.xml': {
    before: `${XML}<coverage lines-valid="1" line-rate="0.5" version="0.1">\n  <sources>\n    <source>.</source>\n  </sources>\n  <packages>\n    <package name="main">\n      <classes>\n`,
    between: '',
    after: '      </classes>\n    </package>\n  </packages>\n</coverage>\n',
    entry: (_: string, file: File) => coberturaClass(file),
  },
  'clover.xml': {
    before: `${XML}<coverage generated="1" clover="3.2.0">\n  <project timestamp="1" name="All files">\n    <package name="src">\n`,
    between: '',
    after: '    </package>\n  </project>\n</coverage>\n',
    entry: cloverFile,
  },
} as const;

export type Form = keyof typeof FORMS;

/** Writes one made-up report of what run number `run` covered. @returns its size in bytes */
export async function writeReport(path: string, form: Form, root: string, size: Size, run = 1): Promise<number> {
  const { before, between, after, entry } = FORMS[form];
  await mkdir(dirname(path), { recursive: true });
  const out = createWriteStream(path, { highWaterMark: 4 * 1024 * 1024 });
  let bytes = 0;
  const put = async (text: string) => {
    bytes += Buffer.byteLength(text);
    if (!out.write(text)) await once(out, 'drain');
  };
  await put(before);
  for (let index = 0; index < size.files; index += 1) {
    await put(index === 0 ? '' : between);
    await put(entry(root, fileOf(index, size, run)));
  }
  await put(after);
  out.end();
  await once(out, 'finish');
  return bytes;
}

/** The paths which all reports of a size name. */
export async function writeTracked(folder: string, size: Size): Promise<string> {
  const path = join(folder, 'tracked.json');
  await writeFile(
    path,
    JSON.stringify(Array.from({ length: size.files }, (_, index) => fileOf(index, { ...size, statements: 0 }, 1).path)),
  );
  return path;
}
