/** What is measured; a format may know only some of them. */
export type Metric = 'lines' | 'branches' | 'functions' | 'statements';

export const METRICS: readonly Metric[] = ['lines', 'branches', 'functions', 'statements'];

/** How many there are, and how many of them were run; `covered` is at most `total`. */
export interface Count {
  readonly covered: number;
  readonly total: number;
}

/** Counts of what the reports measured; what none of them measured is left out. */
export type Counts = Readonly<Partial<Record<Metric, Count>>>;
