import type { Fault } from '../runtime/errors.ts';
import type { ReportedProblem } from './results.ts';

/**
 * What became of one thing that a release needs.
 *
 * - `done`
 * - `failed`: it ran and its answer is no
 * - `cancelled`: it was ended before it had an answer
 * - `not-run`: something before it failed
 * - `missing`: it was promised and there is no result
 * - `not-checked`: it is there, and nothing looked at it
 * - `not-configured`: the project or the call does not have it
 * - `nothing-to-do`: the change does not touch it
 */
export type LineState =
  | 'done'
  | 'failed'
  | 'cancelled'
  | 'not-run'
  | 'missing'
  | 'not-checked'
  | 'not-configured'
  | 'nothing-to-do';

/** One thing that went wrong within a line. Texts are foreign. */
export interface Failing {
  /** The folder from the repository's root; undefined where the line is about all of it. */
  readonly directory: string | undefined;
  readonly package: string;
  readonly command: string | undefined;
  readonly reason: string;
  readonly isTimeout: boolean;
  readonly problems: readonly ReportedProblem[];
}

/** What stands behind a line: a number, a digest, an address. Texts are foreign, but for those of links. */
export interface Evidence {
  /** As the output is called that it comes from; `log` and `page` for pages. */
  readonly name: string;
  /** `link`: an https address that no project code has written. */
  readonly kind: 'number' | 'digest' | 'link' | 'text';
  readonly value: string;
}

/** One row of the Definition of Done. Texts may hold foreign ones: whoever shows them escapes them. */
export interface Line {
  /** Address that the line is about; only of jobs that run no project code. */
  readonly address?: string;
  /** As `require` names it. */
  readonly name: string;
  readonly state: LineState;
  readonly detail: string;
  /** The one command behind it, where there is one. */
  readonly command?: string;
  /** Milliseconds; of several tasks beside each other, the longest. */
  readonly duration?: number;
  readonly failing?: readonly Failing[];
  /** The plan promised it. */
  readonly isPromised?: boolean;
  /** What is wrong with how its result was handed over. */
  readonly faults?: readonly Fault[];
  /** Why its answer is no, or why there is none, where that has a code of its own. */
  readonly cause?: Fault;
  readonly evidence?: readonly Evidence[];
  /** Id of the job that it is about. */
  readonly job?: string;
}

/** Lines in the order in which a delivery happens; others stand where their job stands. */
export const KNOWN_LINES = [
  'setup',
  'migrations',
  'generate',
  'format',
  'lint',
  'typecheck',
  'test',
  'build',
  'builds',
  'coverage',
  'image',
  'scan',
  'tag',
  'verification',
  'approval',
  'migration',
  'preview',
  'deployment',
  'health',
  'smoke',
  'promotion',
  'alerts',
  'rollback',
  'cleanup',
  'github-release',
] as const;

/** Kinds of tasks that a project is expected to have: one that it lacks is said. */
export const EXPECTED_KINDS = ['format', 'lint', 'typecheck', 'test', 'build'] as const;

/** Worst first. */
const ORDER: readonly LineState[] = [
  'failed',
  'cancelled',
  'missing',
  'not-run',
  'not-checked',
  'done',
  'nothing-to-do',
  'not-configured',
];

export function worst(states: readonly LineState[]): LineState {
  return ORDER.find((state) => states.includes(state)) ?? 'not-configured';
}

/** Known lines in the order of a delivery, the rest before `coverage`, as they came. */
export function inOrder(lines: readonly Line[]): readonly Line[] {
  return [...lines].sort((a, b) => positionOf(a.name) - positionOf(b.name));
}

/** Where in a delivery a line stands. */
export function positionOf(name: string): number {
  const known = (KNOWN_LINES as readonly string[]).indexOf(name);
  return known === -1 ? KNOWN_LINES.indexOf('builds') + 0.5 : known;
}
