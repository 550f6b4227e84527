import {
  ConfigurationError,
  OutsideFault,
  type PipelineError,
  ProjectFailure,
  printable,
  shown,
} from '../runtime/errors.ts';

const UNTOUCHED = 'nothing was applied; running again is safe';

/** How to tell the collection what became of a script, in MongoDB's shell. */
export function mongoWay(name: string): string {
  const one = JSON.stringify({ _id: name });
  return `look at what it left; then \`db.pipelines_migrations.deleteOne(${one})\` to apply it again, or \`db.pipelines_migrations.updateOne(${one}, {$set: {appliedAt: new Date()}})\` when all of it is there, and run again`;
}

/** What to do about a lock in MongoDB that is held. */
export const MONGO_LOCK_REMEDY =
  'wait for it, or raise `timeout`; that of a lost runner is free after a minute without anybody’s help';

/** Codes of MongoDB for a login that is refused (its error_codes.yml: Unauthorized, AuthenticationFailed, AtlasError). */
const LOGIN: ReadonlySet<unknown> = new Set([13, 18, 8000]);

/** An error of the driver. */
export interface LedgerError {
  /** Its class: `MongoServerError`. */
  readonly name: string;
  /** The server's number of it, where it has one. */
  readonly code: unknown;
  /** Without secrets. */
  readonly message: string;
}

/** What an error of the driver means. */
export function mongoFault(
  place: string,
  { name, code, message }: LedgerError,
  { tries, elapsed }: { readonly tries: number; readonly elapsed: number },
): PipelineError {
  if (name === 'NoDriver') {
    return new ConfigurationError({
      code: 'PIPE-MIGRATE-050',
      what: "MongoDB's driver is not installed in the project",
      accepted:
        'the package `mongodb` or `mongoose` among its dependencies, installed by the action `setup` before this step',
      state: 'nothing was run',
    });
  }
  const said = `${name}${code === null || code === undefined ? '' : ` ${code}`}: ${printable(message).slice(0, 300)}`;
  if (LOGIN.has(code)) {
    return new ConfigurationError({
      code: 'PIPE-MIGRATE-051',
      what: `${place} refuses the user: ${said}`,
      accepted:
        'user and password of the address, special characters percent-encoded, and a user that may read and write there',
      state: UNTOUCHED,
    });
  }
  return new OutsideFault(
    {
      code: 'PIPE-MIGRATE-052',
      what: `${place} gives no answer: ${said}`,
      remedy:
        'see that it runs; a database in a private network is reached by a runner in that network only: name one in `runs-on`, or let the runner’s addresses in',
      state: 'what was begun stays noted; running again is safe',
    },
    { service: 'the database', tries, elapsed },
  );
}

export function notWritableFault(place: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-MIGRATE-027',
    what: `${place} is not the primary: nothing can be written there`,
    accepted: 'the address of the whole replica set, or of its primary',
    state: UNTOUCHED,
  });
}

export function noDumpFault(): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-MIGRATE-035',
    what: '`backup: pg_dump` is for PostgreSQL, and the address is one of MongoDB',
    accepted: 'a command, which finds the database in DATABASE_URL and MONGODB_URI',
    example: '`backup: node scripts/backup.js`',
    state: 'nothing was run',
  });
}

/** Somebody else has taken the lock, or it could not be renewed. */
export function lostLockFault(name: string, isBegun: boolean): ProjectFailure {
  return new ProjectFailure({
    code: 'PIPE-MIGRATE-053',
    what: `the lock was lost ${isBegun ? 'while' : 'before'} ${shown(name, 200)} was applied: for a minute it could not be renewed`,
    remedy: isBegun ? mongoWay(name) : 'run again',
    state: isBegun ? 'a part of what it does may be there; no later one was begun' : 'it was not begun',
  });
}
