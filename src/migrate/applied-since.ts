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
 * @param now what the database has, in the order in which it was applied: the outputs `migrations` of the releases one
 * after the other
 * @returns destructive ones first, otherwise in that order; undefined where the release's last migration is not among
 * them, so that it is not known
 */
export function appliedSince(
  { lastMigration }: MigratedRelease,
  now: readonly AppliedMigration[],
): readonly AppliedMigration[] | undefined {
  const at = lastMigration === undefined ? -1 : now.findLastIndex(({ name }) => name === lastMigration);
  if (lastMigration !== undefined && at === -1) return undefined;
  const since = now.slice(at + 1);
  return [...since.filter(({ destructive }) => destructive), ...since.filter(({ destructive }) => !destructive)];
}
