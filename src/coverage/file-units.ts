import type { Counts, Metric } from './metrics.ts';

/**
 * How two units with one key within one report are to be taken: `twice` are two units that happen to have one place
 * (istanbul's), `once` is one unit that was written twice (Go, lcov, cobertura).
 */
export type Repeated = 'twice' | 'once';

/**
 * Units of one metric in one file: statements, arms of branches, functions; each known by its place. A key is `width`
 * varints (7 bits a byte, lowest first), so two reports about the same code have equal bytes.
 */
export interface Units {
  /** Who made the keys: units of different schemes can't be compared. */
  readonly scheme: string;
  readonly isSame: Repeated;
  readonly width: number;
  readonly keys: Uint8Array;
  /** How much of each unit was covered, at most its total. */
  readonly covered: Uint8Array | Uint32Array;
  /** How much each unit weighs; undefined: 1. */
  readonly total: Uint32Array | undefined;
  /** How often each ran, where that matters: V8's ranges. */
  readonly runs?: Uint32Array;
  /** Whose they are, where they are not yet what counts: see `settled` of range-merge.ts. */
  readonly members?: readonly Ranged[];
}

export type UnitMetric = Exclude<Metric, 'lines'>;

/** One source file as one or more reports have it. */
export interface FileUnits {
  /** Made up for a file that no test loaded (istanbul's `all`): gives way to any report that knows the file. */
  readonly isPlaceholder: boolean;
  /** Ascending, from 1; undefined where no report has lines. */
  readonly lines: Uint32Array | undefined;
  /** 1 for each line that was run. */
  readonly hits: Uint8Array;
  /** At most one entry for each scheme, by name of the scheme. */
  readonly branches: readonly Units[];
  readonly functions: readonly Units[];
  readonly statements: readonly Units[];
  /** Where a report has only numbers. */
  readonly counts: Counts;
}

/** One file as one report has it, with its ranges. */
export interface Ranged {
  readonly file: FileUnits;
  readonly ranges: Units;
}
