import type { FileUnits } from '../file-units.ts';
import type { Earlier } from './istanbul-earlier.ts';
import type { Source } from './source.ts';

/** One source file as one report has it. */
export interface SourceFile {
  /** As the report writes it. */
  readonly path: string;
  /** Folders that the report itself names for its relative paths, as it writes them. */
  readonly roots: readonly string[];
  readonly units: FileUnits;
}

/** Takes one source file; the reader stops when it says false. */
export type Take = (file: SourceFile) => boolean;

/** One format of reports: how it is recognised and how it is read. */
export interface Format {
  readonly name: string;
  /** What the format is called in messages. */
  readonly title: string;
  /** Whether a file that starts with `head` (up to 64 KiB, one character a byte, without a mark of byte order) is one. */
  readonly recognises: (head: string) => boolean;
  /**
   * Reads to the end, or until `take` says no.
   *
   * @param earlier what reports before left for the ones of their format; undefined when there is one only
   * @throws ProjectFailure PIPE-COVERAGE-006 where it is damaged, PIPE-COVERAGE-007 beyond a limit
   */
  readonly read: (source: Source, take: Take, earlier?: Earlier) => Promise<void>;
}
