import type { FileUnits } from './file-units.ts';
import type { Counts } from './metrics.ts';

export { type Count, type Counts, METRICS, type Metric } from './metrics.ts';

/** One source file, merged from every report that knows it. */
export interface FileCoverage {
  /** From the repository's root, with `/`. */
  readonly path: string;
  readonly counts: Counts;
  /** Lines with code, from 1, ascending; empty where the reports hold totals only. */
  readonly lines: Uint32Array;
  /** For each of `lines` 1 when it was run in any report, else 0. */
  readonly hits: Uint8Array;
  /** Branches and statements by place, see partialLines of partial.ts; undefined where they are not known. */
  readonly parts?: Pick<FileUnits, 'branches' | 'statements'>;
}

/** One report file that was read. */
export interface ReportFile {
  /** From the repository's root where it lies in it, else absolute. */
  readonly path: string;
  /** Name of the format, as in formats.ts: `istanbul`, `lcov`… */
  readonly format: string;
  /** How many source files it holds. */
  readonly files: number;
  /** Reports beside it that hold the same in less detail and were not read; paths as above. */
  readonly besides?: readonly string[];
}

/** All reports as one. */
export interface Coverage {
  readonly reports: readonly ReportFile[];
  /** By path, sorted. */
  readonly files: ReadonlyMap<string, FileCoverage>;
  /** Sums over all files. */
  readonly totals: Counts;
}

export interface ReadOptions {
  /** Absolute path of the checked-out repository. */
  readonly workspace: string;
  /** Absolute folder of the project; reports are looked for below it. */
  readonly workingDirectory: string;
  /** Files or globs from the working directory; looked for in the usual places when undefined. */
  readonly reports?: readonly string[] | undefined;
  /** Paths from the repository's root of every tracked file: what a report's paths are matched against. */
  readonly tracked: readonly string[];
  /** Milliseconds since the epoch: a report last written before this is not of this run. */
  readonly since: number;
  readonly signal?: AbortSignal | undefined;
}
