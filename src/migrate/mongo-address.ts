import type { ActionContext } from '../runtime/action.ts';
import { ConfigurationError } from '../runtime/errors.ts';
import type { MigrateInputs } from './inputs.ts';

/** A MongoDB database by its address. Only `place` may be shown. */
export interface MongoAddress {
  readonly url: string;
  /** Hosts and database. */
  readonly place: string;
}

const FORM = /^mongodb(?:\+srv)?:\/\/(?:([^/?#]*)@)?([^/?#@]+)(?:\/([^?#]*))?(?:[?#]|$)/;

/**
 * The address that numbered files go to, where it is one of MongoDB (its manual, "Connection Strings"). It and its
 * password are masked.
 *
 * @returns undefined for any other address
 * @throws ConfigurationError PIPE-MIGRATE-049 it names no database, or can't be read
 */
export function mongoAddressOf(
  given: MigrateInputs,
  { environment, secrets }: ActionContext,
): MongoAddress | undefined {
  const url = given.directUrl ?? given.databaseUrl ?? environment['DATABASE_URL'] ?? '';
  if (!/^mongodb(\+srv)?:\/\//.test(url)) return undefined;
  secrets.add(url);
  const [, login = '', hosts = '', database = ''] = FORM.exec(url) ?? [];
  const password = login.slice(login.indexOf(':') + 1);
  if (login.includes(':')) {
    secrets.add(password);
    secrets.add(decoded(password));
  }
  const name = decoded(database);
  if (hosts !== '' && /^[\w-]+$/.test(name)) return { url, place: `${name} at ${hosts}` };
  throw new ConfigurationError({
    code: 'PIPE-MIGRATE-049',
    what: 'the address of MongoDB names no database',
    accepted: 'mongodb://USER:PASSWORD@HOST/DATABASE, with special characters of the password percent-encoded',
    remedy: 'name the database after the host; `authSource` in the query is another thing',
    state: 'nothing was run',
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that is none; the driver will say what it thinks of it.
    return text;
  }
}
