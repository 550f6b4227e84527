import { ConfigurationError, OutsideFault, ProjectFailure, shown } from '../runtime/errors.ts';
import { literal } from './database-state.ts';
import { type DatabaseAddress, shownAddress } from './database-url.ts';
import { tableIn } from './script-table.ts';
import type { ServerError } from './server-error.ts';

/** What to do about a script that was begun and not ended, by its name. */
export type WaysOut = (name: string) => string;

/** How to tell the table what became of a script, by SQL. */
export function sqlWay(schema: string): WaysOut {
  return (name) => waysOut(schema, name);
}

function waysOut(schema: string, name: string): string {
  const where = `WHERE name = ${literal(name)}`;
  return `look at what it left; then \`DELETE FROM ${tableIn(schema)} ${where}\` to apply it again, or \`UPDATE ${tableIn(schema)} SET applied_at = now() ${where}\` when all of it is there, and run again`;
}

export function begunFault(waysOutOf: WaysOut, names: readonly string[]): ProjectFailure {
  return new ProjectFailure({
    code: 'PIPE-MIGRATE-038',
    what: `${names.map((name) => shown(name, 200)).join(', ')} was begun earlier and never ended: it failed, or what applied it was ended in the middle`,
    remedy: waysOutOf(names[0] ?? ''),
    state: 'nothing was applied; running again before it is resolved changes nothing',
  });
}

export function editedFault(names: readonly string[]): ProjectFailure {
  return new ProjectFailure(
    names.slice(0, 10).map((name) => ({
      code: 'PIPE-MIGRATE-039' as const,
      what: `${shown(name, 200)} is not what this database has applied: its checksum is another`,
      accepted: 'scripts that stay as they are once they are applied',
      remedy: `put the file back and write the change into a new one; where the database is as it should be, say \`allow-destructive: ${name}\` once`,
      state: 'nothing was applied',
    })),
  );
}

/** SQL that the server refused. */
export function sqlFault(
  name: string,
  { state, message }: ServerError,
  statement: string | undefined,
  { isUndone, schema }: { readonly isUndone: boolean; readonly schema: string },
): ProjectFailure {
  const place = statement === undefined ? '' : `. It stopped at ${statement}`;
  return new ProjectFailure({
    code: 'PIPE-MIGRATE-040',
    what: `${shown(name, 200)} failed: ${state} ${shown(message, 200)}${place}`,
    remedy: isUndone ? 'correct it, and run again' : waysOut(schema, name),
    state: isUndone
      ? 'PostgreSQL has undone all of it, no later one was begun, and running again is safe'
      : 'it commits by itself, so a part of it may be there; no later one was begun',
  });
}

export function programFault(name: string, exit: string, waysOutOf: WaysOut): ProjectFailure {
  return new ProjectFailure({
    code: 'PIPE-MIGRATE-041',
    what: `${shown(name, 200)} ended with ${exit}`,
    remedy: `its group in the log says why; ${waysOutOf(name)}`,
    state: 'a part of what it does may be there; no later one was begun',
  });
}

/** The connection was lost, or the time was up, while SQL was being applied. */
export function lostFault(
  name: string,
  address: DatabaseAddress,
  { isUndone, elapsed, reason }: { readonly isUndone: boolean; readonly elapsed: number; readonly reason: string },
): OutsideFault {
  return new OutsideFault(
    {
      code: 'PIPE-MIGRATE-042',
      what: `the connection to ${shownAddress(address)} ended while ${shown(name, 200)} was applied: ${reason}`,
      remedy: isUndone ? 'run again; raise `timeout` when its time was up' : waysOut(address.schema, name),
      state: isUndone
        ? 'PostgreSQL undoes it unless its commit had arrived, which the next run sees; running again is safe'
        : 'it commits by itself, so a part of it may be there; no later one was begun',
    },
    { service: 'the database', tries: 1, elapsed },
  );
}

export function noRightFault(address: DatabaseAddress, { state }: ServerError): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-MIGRATE-043',
    what: `the user may not create the table ${tableIn(address.schema)} in ${shownAddress(address)} (${state})`,
    accepted: 'a user that may create tables in that schema; it can be named in the address: `?schema=NAME`',
    state: 'nothing was applied',
  });
}

/** A program that the default runner does not know how to run. */
export function runnerFault(name: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-MIGRATE-044',
    what: `it is not known how to run ${shown(name, 200)}`,
    accepted: 'files of SQL or JavaScript, or a command in `runner`, which gets the file as its last argument',
    example: '`runner: sh`',
    state: 'nothing was run',
  });
}
