import { type AppliedMigration, appliedSince, appliedSinceText } from '../migrate/applied-since.ts';
import { printable } from '../runtime/errors.ts';
import { jsonMap } from '../runtime/json.ts';
import type { Log } from '../runtime/log.ts';
import { isMap } from '../runtime/yaml.ts';
import { releaseName } from './reference.ts';
import type { Release } from './target.ts';

/** What a run of `migrate` gave the database. */
export interface Migrations {
  /** The last one that it had before; undefined: none. */
  readonly after: string | undefined;
  readonly migrations: readonly AppliedMigration[];
  /** How many more there are. */
  readonly leftOut: number;
}

/**
 * Reads the output `migrations` of `migrate`.
 *
 * @returns undefined when it is something else: that is no reason to hold up a rollback
 */
function migrationsOf(text: string): Migrations | undefined {
  const value = jsonMap(text);
  if (value === undefined || !Array.isArray(value['migrations'])) return undefined;
  const { after: last, leftOut = 0 } = value;
  const migrations = value['migrations'].map(migrationOf);
  const known = migrations.filter((one) => one !== undefined);
  const after = last ?? undefined;
  const isWhole = known.length === migrations.length && (after === undefined || typeof after === 'string');
  return isWhole && Number.isSafeInteger(leftOut) ? { after, migrations: known, leftOut: Number(leftOut) } : undefined;
}

/**
 * Says what the database was given at least since a release that serves again, by the releases that are newer: each
 * carries the last migration that the database had when it was made. Where `migrate` handed nothing over (a rollback by
 * hand, days later) nobody knows more without asking the database.
 *
 * @param releases of the place
 */
export function sinceNewer(
  release: Release,
  releases: readonly Release[],
  log: Pick<Log, 'annotate'>,
): readonly string[] {
  const newer = releases.filter(({ createdAt }) => createdAt > release.createdAt);
  const known = newer.sort((a, b) => a.createdAt - b.createdAt).map(({ mark }) => mark.lastMigration);
  const names = [...new Set(known)].filter((name) => name !== '' && name !== release.mark.lastMigration);
  if (names.length > 0) {
    const told = names.slice(0, NAMED).join(', ');
    const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
    log.annotate(
      'warning',
      printable(
        `The database was given more since this release, up to ${told}${more}: those were the last migrations when newer releases were made. Moving traffic undoes none of them.`,
      ),
    );
  }
  return names;
}

/** Names in a message. */
const NAMED = 20;

function migrationOf(item: unknown): AppliedMigration | undefined {
  if (!isMap(item)) return undefined;
  const { name, destructive } = item;
  return typeof name === 'string' && typeof destructive === 'boolean' ? { name, destructive } : undefined;
}

/**
 * Says what the database was given since a release that serves again: moving traffic undoes none of it.
 *
 * @param release undefined: no traffic was moved
 * @param text the output `migrations` of `migrate`; undefined: nobody said what the database was given
 * @returns undefined when it is not known
 */
export function sinceRelease(
  release: Release | undefined,
  text: string | undefined,
  log: Pick<Log, 'annotate'>,
): readonly AppliedMigration[] | undefined {
  if (release === undefined || text === undefined) return undefined;
  const given = migrationsOf(text);
  const { lastMigration } = release.mark;
  const record = { lastMigration: lastMigration === '' ? undefined : lastMigration };
  const since = given === undefined ? undefined : appliedSince(record, given.migrations, given.after);
  if (given === undefined || since === undefined) {
    log.annotate('notice', `Which migrations are newer than ${releaseName(release.reference)} is not known.`);
    return undefined;
  }
  const told = appliedSinceText(since);
  const more = given.leftOut === 0 ? '' : ` ${given.leftOut} more are not listed.`;
  if (told !== undefined) log.annotate('warning', printable(`${told}${more}`));
  return since;
}
