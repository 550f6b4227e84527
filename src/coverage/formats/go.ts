import type { Units } from '../file-units.ts';
import { joinUnits } from '../merge.ts';
import { beyond, malformed } from './faults.ts';
import type { Format, Take } from './format.ts';
import { collectLines, putLine, takeLines } from './lines.ts';
import type { Source } from './source.ts';
import { eachLines } from './text-lines.ts';
import { type Collected, collect, putNumber, putUnit, takeUnits } from './units.ts';

/** The longest file whose lines are counted, and how many lines of all files together a profile may name. */
const LONGEST_FILE = 1_000_000;
const MOST_LINES = 20_000_000;

/**
 * Profiles of `go test -coverprofile` (cmd/cover: `name.go:line.column,line.column statements count`). Statements are
 * what `go tool cover -func` counts: a block weighs its statements, the same block twice is one. Go has no coverage of
 * lines: every line of a block counts as code, run when any block on it was. Files are named by import path.
 */
export const go: Format = {
  name: 'go',
  title: 'Go cover profile',
  recognises: (head) => /^mode: (?:set|count|atomic)\r?(?:\n|$)/.test(head),
  read: readGo,
};

interface Block {
  readonly from: number;
  readonly to: number;
  readonly covered: boolean;
}

interface GoFile {
  readonly units: Collected;
  readonly blocks: Block[];
}

const BLOCK = /^(.+):(\d{1,9})\.(\d{1,9}),(\d{1,9})\.(\d{1,9}) (\d{1,9}) (\d+)$/;

async function readGo(source: Source, take: Take): Promise<void> {
  const files = new Map<string, GoFile>();
  let lineNumber = 0;
  await eachLines(source, (bytes, from, to) => {
    for (const text of bytes.toString('utf8', from, to - 1).split('\n')) {
      lineNumber += 1;
      readBlock(source, files, text.endsWith('\r') ? text.slice(0, -1) : text, lineNumber);
    }
    return true;
  });
  let claimed = 0;
  for (const [path, file] of files) {
    const lines = linesOf(file.blocks);
    claimed += lines.lines.length;
    if (claimed > MOST_LINES) throw beyond(source.name, { line: lineNumber }, `${MOST_LINES} lines of code`);
    const statements: Units = joinUnits([takeUnits(file.units, 'go', 'once')]);
    const units = { isPlaceholder: false, ...lines, branches: [], functions: [], statements: [statements], counts: {} };
    if (!take({ path, roots: [], units })) return;
  }
}

function readBlock(source: Source, files: Map<string, GoFile>, text: string, line: number): void {
  if (text === '' || text.startsWith('mode: ')) return;
  const match = BLOCK.exec(text);
  if (match === null) throw malformed(source.name, 'Go cover', { line }, 'a line that is no block of code');
  const [, path = '', ...numbers] = match;
  const [from = 0, startColumn = 0, to = 0, endColumn = 0, statements = 0] = numbers.map(Number);
  if (to > LONGEST_FILE || to < from || from < 1)
    throw beyond(source.name, { line }, `a block from line ${from} to line ${to}`);
  const covered = /[1-9]/.test(match[7] ?? '');
  let file = files.get(path);
  if (file === undefined) {
    file = { units: collect(4, true), blocks: [] };
    files.set(path, file);
  }
  for (const number of [from, startColumn, to, endColumn]) putNumber(file.units, number);
  putUnit(file.units, covered ? statements : 0, statements);
  if (statements > 0) file.blocks.push({ from, to, covered });
}

const lineList = collectLines();

/** Lines of blocks that may overlap, in one pass over the blocks by where they start. */
function linesOf(blocks: readonly Block[]): { readonly lines: Uint32Array; readonly hits: Uint8Array } {
  // Covered ones and all of them: each set of intervals is walked once, so overlaps cost nothing.
  const sorted = [...blocks].sort((a, b) => a.from - b.from);
  let next = 0;
  const put = (among: readonly Block[], hit: number) => {
    next = 1;
    for (const { from, to } of among)
      for (next = Math.max(next, from); next <= to; next += 1) putLine(lineList, next, hit);
  };
  put(sorted, 0);
  put(
    sorted.filter(({ covered }) => covered),
    1,
  );
  return takeLines(lineList);
}
