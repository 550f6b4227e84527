import { type Diff, lineBefore } from './diff.ts';
import { type PartialLine, partialLines } from './partial.ts';
import { missed, type Range, rangesOf } from './patch.ts';
import { isWorse } from './percent.ts';
import type { CoverageRecord, LineRange, RecordedFile } from './record.ts';
import { type Count, type Counts, type Coverage, type FileCoverage, METRICS, type Metric } from './types.ts';

/** One file of which a smaller share is covered than on the base. */
export interface WorseFile {
  readonly path: string;
  /** Lines where their share fell, else the metric whose share did. */
  readonly metric: Metric;
  readonly before: Count;
  readonly now: Count;
  /** Lines that did not change, were run on the base and are not run now. */
  readonly lost: readonly Range[];
  /** Lines that did not change, were run on the base, still are, and of which more is missed now. */
  readonly weakened: readonly PartialLine[];
}

export interface Comparison {
  /** Those that lost the most first. */
  readonly worse: readonly WorseFile[];
  /** Files that were measured on the base, are still there, and are not measured now. */
  readonly unmeasured: readonly string[];
}

/**
 * Compares the files with those of the base. A renamed file is compared with itself; lines only where the diff starts at
 * the very commit that the base's figures are of.
 *
 * @param diff from the base's commit; undefined where its figures are of another commit, or git could not say
 */
export function compareWithBase(
  coverage: Coverage,
  base: CoverageRecord,
  diff: Diff | undefined,
  tracked: ReadonlySet<string>,
): Comparison {
  const pathBefore = (path: string) => diff?.get(path)?.before ?? path;
  const worse = [...coverage.files.values()].flatMap((file): WorseFile[] => {
    const recorded = base.files.get(pathBefore(file.path));
    const fallen = recorded === undefined ? undefined : fallenMetric(recorded.counts, file.counts);
    if (recorded === undefined || fallen === undefined) return [];
    const lost = diff === undefined ? [] : lostLines(file, recorded.covered ?? [], diff);
    const weakened = diff === undefined ? [] : weakenedLines(file, recorded, diff);
    return [{ path: file.path, ...fallen, lost, weakened }];
  });
  const growth = ({ before, now }: WorseFile) => missed(now) - missed(before);
  const measuredBefore = new Set([...coverage.files.keys()].map(pathBefore));
  return {
    worse: worse.sort((left, right) => growth(right) - growth(left) || (left.path < right.path ? -1 : 1)),
    unmeasured: [...base.files.keys()].filter((path) => tracked.has(path) && !measuredBefore.has(path)),
  };
}

/** The first metric of which a smaller share is covered. */
function fallenMetric(before: Counts, now: Counts): Pick<WorseFile, 'metric' | 'before' | 'now'> | undefined {
  for (const metric of METRICS) {
    const [was, is] = [before[metric], now[metric]];
    if (was === undefined || is === undefined || was.total === 0 || is.total === 0) continue;
    if (isWorse(was, is)) return { metric, before: was, now: is };
  }
  return undefined;
}

function lostLines(file: FileCoverage, covered: readonly LineRange[], diff: Diff): readonly Range[] {
  const hunks = diff.get(file.path)?.hunks ?? [];
  const wasCovered = (line: number | undefined) => line !== undefined && isIn(covered, line);
  return rangesOf(file.lines, (index) => {
    return file.hits[index] === 0 && wasCovered(lineBefore(hunks, file.lines[index] ?? 0));
  });
}

function weakenedLines(file: FileCoverage, recorded: RecordedFile, diff: Diff): readonly PartialLine[] {
  const { covered = [], missed: before } = recorded;
  if (before === undefined) return [];
  const hunks = diff.get(file.path)?.hunks ?? [];
  return partialLines(file).filter(({ line, covered: run, total }) => {
    const was = lineBefore(hunks, line);
    return was !== undefined && isIn(covered, was) && total - run > (before.get(was) ?? 0);
  });
}

/** Whether a line lies in one of the ranges, which ascend. */
function isIn(ranges: readonly LineRange[], line: number): boolean {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle]?.[1] ?? 0) < line) low = middle + 1;
    else high = middle;
  }
  const found = ranges[low];
  return found !== undefined && found[0] <= line;
}
