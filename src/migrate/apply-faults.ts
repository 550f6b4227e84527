import { ConfigurationError, OutsideFault, type PipelineError, ProjectFailure, shown } from '../runtime/errors.ts';
import type { HistoryEntry } from './database-state.ts';
import { type DatabaseAddress, shownAddress } from './database-url.ts';
import { TlsRefused } from './postgres-client.ts';
import { PRISMA_ERRORS } from './prisma-errors.ts';
import { ServerError } from './server-error.ts';

const UNTOUCHED = 'nothing was applied; running again is safe';

/** A failure of connecting that may pass by itself: nobody listens, or the server is starting or full. */
export function mayPass(error: unknown): boolean {
  if (error instanceof ServerError) return /^(57P0[1-3]|53300|08)/.test(error.state);
  return error instanceof Error && 'code' in error && !(error instanceof TlsRefused) && !isCertificate(error);
}

function isCertificate(error: Error): boolean {
  return 'code' in error && /CERT|SELF_SIGNED|ERR_TLS|UNABLE_TO/.test(String(error.code));
}

/** What a failed connection means. */
export function connectionFault(
  error: unknown,
  address: DatabaseAddress,
  { tries, elapsed }: { readonly tries: number; readonly elapsed: number },
): PipelineError {
  const place = shownAddress(address);
  if (error instanceof TlsRefused || (error instanceof Error && isCertificate(error))) {
    return new ConfigurationError({
      code: 'PIPE-MIGRATE-026',
      what: `no connection with TLS to ${place}: ${error.message}`,
      accepted: 'an address whose `sslmode` fits the server, and a certificate that the runner knows',
      state: UNTOUCHED,
    });
  }
  if (error instanceof ServerError && error.state === '3D000') {
    return new ConfigurationError({
      code: 'PIPE-MIGRATE-025',
      what: `the database ${place} does not exist (Prisma: P1003)`,
      remedy: 'create it, or correct the name in the address',
      state: UNTOUCHED,
    });
  }
  if (error instanceof ServerError && !mayPass(error)) {
    return new ConfigurationError({
      code: 'PIPE-MIGRATE-024',
      what: `${place} refuses the login (Prisma: P1000): ${error.state}`,
      accepted: 'user and password of the address, special characters percent-encoded, and a user that may connect',
      state: UNTOUCHED,
    });
  }
  const reason = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
  return new OutsideFault(
    {
      code: 'PIPE-MIGRATE-023',
      what: `${place} can not be reached (Prisma: P1001): ${reason}`,
      remedy:
        'see that it runs; a database in a private network is reached by a runner in that network only: name one in `runs-on`, open the firewall for the runner, or go through the provider’s tunnel',
      state: UNTOUCHED,
    },
    { service: 'the database', tries, elapsed },
  );
}

export function readOnlyFault(address: DatabaseAddress, why: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-MIGRATE-027',
    what: `${shownAddress(address)} is ${why}: nothing can be written there`,
    accepted: 'the address of the primary',
    state: UNTOUCHED,
  });
}

/** Migrations that were begun and not ended, with what Prisma noted of them. */
export function failedFault(failed: readonly HistoryEntry[], justNow: boolean, statement?: string): ProjectFailure {
  const [first] = failed;
  const name = first?.name ?? '';
  const reason =
    first?.logs
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .slice(0, 6)
      .join(' ') ?? '';
  // The statement first: the report cuts a long text at its end.
  const place = statement === undefined ? '' : `. It stopped at ${statement}`;
  const noted = reason === '' ? '' : `. Prisma noted: ${shown(reason, 400)}`;
  const names = failed.map((entry) => entry.name).join(', ');
  const begun = failed.length > 1 ? `migrations ${names} were` : `migration ${names} was`;
  const earlier = reason === '' ? `${place}: what applied it was probably ended in the middle` : `${place}${noted}`;
  return new ProjectFailure({
    code: justNow ? 'PIPE-MIGRATE-031' : 'PIPE-MIGRATE-028',
    what: justNow
      ? `the migration ${name} failed (Prisma: P3018)${place}${noted}`
      : `the ${begun} begun earlier and never ended (Prisma: P3009)${earlier}`,
    remedy: `look at what it left; then \`npx prisma migrate resolve --rolled-back ${name}\` when nothing of it is there, or \`--applied ${name}\` when all of it is, and run again`,
    state:
      'no later migration was applied; PostgreSQL has undone it unless the file commits by itself; running again before it is resolved changes nothing',
  });
}

export function noHistoryFault(address: DatabaseAddress, tables: number): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-MIGRATE-029',
    what: `${shownAddress(address)} has ${tables === 1 ? 'a table' : `${tables} tables`} and no history of migrations (Prisma: P3005)`,
    accepted: 'an empty database, or one that Prisma has migrated',
    remedy: 'mark what is there as applied, once for each migration: `npx prisma migrate resolve --applied NAME`',
    state: UNTOUCHED,
  });
}

/** What to do about a lock of PostgreSQL that is held. */
export const LOCK_REMEDY =
  'wait for it, or raise `timeout`; one that hangs is ended by `SELECT pg_terminate_backend(PID)`';

export function lockFault(holder: string, tries: number, elapsed: number, remedy: string): OutsideFault {
  return new OutsideFault(
    {
      code: 'PIPE-MIGRATE-030',
      what: `another migration holds the lock: ${holder} (Prisma: P1002)`,
      remedy,
      state: UNTOUCHED,
    },
    { service: 'the database', tries, elapsed },
  );
}

/** What the CLI said, where the history does not say it. */
export function cliFault(code: string | undefined, output: string, exit: string): ProjectFailure {
  const known = code === undefined ? undefined : PRISMA_ERRORS[code];
  const line =
    output
      .split('\n')
      .map((text) => text.trim())
      .find((text) => /error/i.test(text)) ?? '';
  return new ProjectFailure({
    code: 'PIPE-MIGRATE-032',
    what: known === undefined ? `Prisma's CLI ended with ${exit}: ${shown(line, 300)}` : `${code}: ${known.what}`,
    remedy: known?.remedy ?? 'the group of the CLI in the log has all that it said; run `npx prisma migrate status`',
    state:
      known === undefined
        ? 'not known: run `npx prisma migrate status`'
        : `${known.state}; running again ${known.isSafeAgain ? 'is safe' : 'needs this resolved first'}`,
  });
}
