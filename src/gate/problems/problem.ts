/**
 * What a problem is, and what a parser is.
 *
 * A parser turns the lines of a tool's output into findings. A finding names places as the tool wrote them;
 * location.ts turns the first place that is a file of the project into a problem's file and line.
 */

/** What kind of check found it; decides what is shown first. */
export type Kind = 'compile' | 'test' | 'lint' | 'format';

export type Severity = 'error' | 'warning';

/** Lines and columns count from 1. A problem without `line` concerns the whole file. */
export interface Problem {
  tool: string;
  kind: Kind;
  severity: Severity;
  /** Relative to the workspace, with `/` between folders. */
  file: string;
  line?: number;
  column?: number;
  endLine?: number;
  endColumn?: number;
  /** The tool's own code of the rule, such as `TS2322`, `no-unused-vars`, `F401`. */
  rule?: string;
  /** At most `longestMessage` characters, without control characters other than newlines. */
  message: string;
}

/** A place as the tool wrote it: any form of path, relative to whatever the tool ran in. */
export interface Place {
  path: string;
  line?: number | undefined;
  column?: number | undefined;
  endLine?: number | undefined;
  endColumn?: number | undefined;
}

/** `places` are candidates, the most telling first: the first that is a file of the project is the problem's. */
export interface Finding {
  tool: string;
  kind: Kind;
  severity: Severity;
  places: readonly Place[];
  rule?: string | undefined;
  message: string;
}

/** Reads one stream of output line by line; lines come without colours, prefixes and line ends. */
export interface LineReader {
  line(text: string): void;
  /** No more lines: reports what is still held back. */
  end(): void;
}

export interface ProblemParser {
  name: string;
  begin(report: (finding: Finding) => void): LineReader;
}
