import type { ChangedFile, Diff } from './diff.ts';
import { type PartialLine, partialLines } from './partial.ts';
import type { Count, Coverage, FileCoverage } from './types.ts';

/** What a change did in one file that the coverage knows. */
export interface PatchFile {
  readonly path: string;
  /** Of the changed lines with code. */
  readonly count: Count;
  /** Changed lines that no test ran, as ranges from first to last, ascending. */
  readonly uncovered: readonly Range[];
  /** Changed lines that were run and of which a branch or a statement was not, ascending. */
  readonly partial: readonly PartialLine[];
}

export interface Range {
  readonly first: number;
  readonly last: number;
  /** Lines with code in it. */
  readonly lines: number;
}

/** The coverage of the lines that a change added or changed. */
export interface Patch {
  readonly count: Count;
  /** Only files with changed lines that hold code; those with the most uncovered lines first. */
  readonly files: readonly PatchFile[];
  /** Changed files that are left out because they are generated. */
  readonly generated: readonly string[];
  /** Changed files of a kind that is measured which the coverage does not know: tests, and what no test loads. */
  readonly unknown: readonly string[];
}

/** The changed lines that the coverage knows as code, and which of them were run. */
export function measurePatch(coverage: Coverage, diff: Diff, generated: ReadonlySet<string>): Patch {
  const known = [...diff.values()].filter(({ path }) => coverage.files.has(path));
  const files = known
    .filter(({ path }) => !generated.has(path))
    .flatMap((changed) => {
      const file = coverage.files.get(changed.path);
      const measured = file === undefined ? undefined : measureFile(changed, file);
      return measured === undefined || measured.count.total === 0 ? [] : [measured];
    })
    .sort((left, right) => missed(right.count) - missed(left.count) || (left.path < right.path ? -1 : 1));
  const endings = new Set([...coverage.files.keys()].map(endingOf));
  return {
    count: {
      covered: files.reduce((sum, { count }) => sum + count.covered, 0),
      total: files.reduce((sum, { count }) => sum + count.total, 0),
    },
    files,
    generated: known.map(({ path }) => path).filter((path) => generated.has(path)),
    unknown: [...diff.values()]
      .filter(({ path, lines }) => lines.length > 0 && !coverage.files.has(path) && endings.has(endingOf(path)))
      .map(({ path }) => path),
  };
}

export function missed({ covered, total }: Count): number {
  return total - covered;
}

function endingOf(path: string): string {
  return /\.[^./]+$/.exec(path)?.[0] ?? path;
}

function measureFile({ path, lines }: ChangedFile, file: FileCoverage): PatchFile {
  const changed = new Set(lines);
  const isChanged = (index: number) => changed.has(file.lines[index] ?? 0);
  let [covered, total] = [0, 0];
  for (let index = 0; index < file.lines.length; index += 1) {
    if (!isChanged(index)) continue;
    total += 1;
    covered += file.hits[index] ?? 0;
  }
  const uncovered = rangesOf(file.lines, (index) => isChanged(index) && file.hits[index] === 0);
  const partial = partialLines(file).filter(({ line }) => changed.has(line));
  return { path, count: { covered, total }, uncovered, partial };
}

/** Ranges of lines for which something holds; only a line with code for which it does not hold ends one. */
export function rangesOf(lines: Uint32Array, holds: (index: number) => boolean): readonly Range[] {
  const ranges: Range[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    if (!holds(index)) continue;
    const first = lines[index] ?? 0;
    const start = index;
    while (index + 1 < lines.length && holds(index + 1)) index += 1;
    ranges.push({ first, last: lines[index] ?? first, lines: index - start + 1 });
  }
  return ranges;
}
