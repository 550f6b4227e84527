import type { TestRunner } from '../plan/plan.ts';
import type { TestCounts } from '../report/results.ts';
import type { Problem } from './problems/problem.ts';

/** One command of the gate. */
export interface GateTask {
  /** `lint`, or `packages/api:lint` in a workspace. */
  readonly id: string;
  /** `lint`, `test`…, or the task's own name where a caller added it. */
  readonly kind: string;
  /** Name of the package it belongs to. */
  readonly package: string;
  /** Folder it runs in, from the workspace's root, `.` for the root itself. */
  readonly directory: string;
  readonly command: readonly [string, ...string[]];
  /** The command that a person would run, where this one runs a piece of it. */
  readonly typed?: readonly [string, ...string[]];
  /** Set for tests whose files can be divided among machines. */
  readonly runner?: TestRunner;
  /** Folders of installed programs that come before PATH, from the workspace's root, nearest first. */
  readonly path: readonly string[];
  /** Variables of this task alone. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ids of tasks that must have passed before. */
  readonly needs: readonly string[];
  /** Longest run in milliseconds. */
  readonly timeout: number;
}

export type TaskConclusion = 'passed' | 'failed' | 'timed-out' | 'cancelled' | 'skipped';

export interface TaskResult {
  readonly task: GateTask;
  readonly result: TaskConclusion;
  /** Milliseconds from the start of the gate. */
  readonly start: number;
  /** Milliseconds. */
  readonly duration: number;
  /** Why, where it did not pass. */
  readonly reason?: string;
  /** When and in which run it passed, where it was not run again: `2026-11-21T20:15:03Z`, the page of the run. */
  readonly reused?: { readonly at: string; readonly run: string };
  /** What ran where, when the tests were divided among machines. */
  readonly divided?: { readonly shards: number; readonly files: number; readonly tests: TestCounts | undefined };
  readonly problems: readonly Problem[];
  /** Last lines of the output, where no problem could be read from it. */
  readonly tail: readonly string[];
}
