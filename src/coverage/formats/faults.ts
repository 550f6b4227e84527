import { ConfigurationError, ProjectFailure, shown } from '../../runtime/errors.ts';

/** What a reader tells when a report is not what its format says, without the report's name. */
export interface Place {
  /** Line in the report, from 1; for formats without lines of their own the offset in bytes. */
  readonly line?: number;
  readonly offset?: number;
}

const at = ({ line, offset }: Place) => (line === undefined ? `byte ${offset ?? 0}` : `line ${line}`);

/** The report is damaged: `what` completes "…: …", e.g. `a record without end_of_record`. */
export function malformed(name: string, format: string, place: Place, what: string): ProjectFailure {
  return new ProjectFailure({
    code: 'PIPE-COVERAGE-006',
    what: `the coverage report ${shown(name, 200)} is damaged at ${at(place)}: ${what}`,
    accepted: `a complete ${format} report`,
    remedy: 'run the tests again; a report that was cut off was written by a process that was ended',
    state: 'no coverage was decided',
  });
}

export function tooLong(name: string, offset: number, limit: number): ProjectFailure {
  return beyond(name, { offset }, `a line, string or tag of more than ${limit} bytes`);
}

/** The report holds more than a report of real code can: reading on could use up the machine. */
export function beyond(name: string, place: Place, what: string): ProjectFailure {
  return new ProjectFailure({
    code: 'PIPE-COVERAGE-007',
    what: `the coverage report ${shown(name, 200)} goes beyond a limit at ${at(place)}: ${what}`,
    remedy: 'name the right files in `reports`; when this is a real report, leave generated code out of the coverage',
    state: 'reading stopped there; no coverage was decided',
  });
}

export function unreadable(name: string, error: unknown): ConfigurationError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new ConfigurationError(
    {
      code: 'PIPE-COVERAGE-008',
      what: `the coverage report ${shown(name, 200)} could not be read: ${code ?? message}`,
      accepted: 'a readable file',
    },
    { cause: error },
  );
}
