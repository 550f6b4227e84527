import { type CollectedLines, collectLines } from './lines.ts';
import { type Collected, collect } from './units.ts';

/** Functions as FN (line) or FNDA (count) name them: numbers, and two hashes of each name. */
export interface NamedNumbers {
  numbers: Uint32Array;
  first: Uint32Array;
  second: Uint32Array;
  length: number;
}

/** What the branches of a file have shown so far. */
export interface BranchOrder {
  isByLine: boolean;
  isByBlock: boolean;
  /** Whether each is a block of its own, numbered from 0 through the file. */
  isSequence: boolean;
  line: number;
  block: number;
  branch: number;
}

export const newOrder = (): BranchOrder => ({
  isByLine: true,
  isByBlock: true,
  isSequence: true,
  line: -1,
  block: -1,
  branch: -1,
});

/** The record that is being read, from SF to end_of_record. */
export interface LcovState {
  /** The report, for messages. */
  readonly name: string;
  lineNumber: number;
  path: string | undefined;
  readonly lines: CollectedLines;
  hasLines: boolean;
  readonly branches: Collected;
  /** Whether branches came in an order in which none can come twice, and the last one. */
  order: BranchOrder;
  readonly functions: NamedNumbers;
  readonly runs: NamedNumbers;
  /** By index of FNL. */
  readonly indexed: Map<string, { readonly line: number; hit: number; name: string }>;
  readonly functionList: Collected;
  /** LF, LH and their like. */
  readonly numbers: Map<string, number>;
}

const named = (): NamedNumbers => ({
  numbers: new Uint32Array(256),
  first: new Uint32Array(256),
  second: new Uint32Array(256),
  length: 0,
});

export function newState(name: string): LcovState {
  return {
    name,
    lineNumber: 0,
    path: undefined,
    lines: collectLines(),
    hasLines: false,
    branches: collect(3),
    order: newOrder(),
    functions: named(),
    runs: named(),
    indexed: new Map(),
    functionList: collect(3),
    numbers: new Map(),
  };
}
