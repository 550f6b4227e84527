/** A migration that a database has, as `apply` reports it in its output `migrations`. */
export interface AppliedMigration {
  readonly name: string;
  readonly destructive: boolean;
}

/** What the record of a release says of its database. */
export interface MigratedRelease {
  /** The output `last-migration` of the run that released it; undefined where the database had none. */
  readonly lastMigration: string | undefined;
}

/**
 * What a release does not know when it is put back: the migrations that the database was given since. They are not
 * undone by moving traffic.
 *
 * @param record of the release that is to serve again
 * @param given what the database was given, in the order of applying: `migrations` of the output `migrations` of the run
 * that released the next one, or of several runs one after the other
 * @param after the last one that it had before: `after` of the (first) output; undefined where it had none
 * @returns destructive ones first, otherwise in the order of applying; undefined where the release's last migration is
 * neither among them nor the one before them, so that it is not known
 */
export function appliedSince(
  { lastMigration }: MigratedRelease,
  given: readonly AppliedMigration[],
  after?: string,
): readonly AppliedMigration[] | undefined {
  const at = given.findLastIndex(({ name }) => name === lastMigration);
  if (at === -1 && lastMigration !== after) return undefined;
  const since = given.slice(at + 1);
  return [...since.filter(({ destructive }) => destructive), ...since.filter(({ destructive }) => !destructive)];
}

/** Names in a message about a rollback. */
const NAMED = 20;

/** What whoever rolls back has to know of them, in one sentence; undefined when there are none. */
export function appliedSinceText(since: readonly AppliedMigration[]): string | undefined {
  if (since.length === 0) return undefined;
  const names = since.slice(0, NAMED).map(({ name, destructive }) => `${name}${destructive ? ' (destroys data)' : ''}`);
  const more = since.length > NAMED ? ` and ${since.length - NAMED} more` : '';
  const lost = since.some(({ destructive }) => destructive)
    ? ' What a destructive one took away is back only from a backup.'
    : '';
  return `The database keeps what it was given since this release: ${names.join(', ')}${more}.${lost}`;
}
