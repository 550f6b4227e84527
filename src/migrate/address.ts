import type { ActionContext } from '../runtime/action.ts';
import { ConfigurationError } from '../runtime/errors.ts';
import { type DatabaseAddress, readAddress } from './database-url.ts';
import type { MigrateInputs } from './inputs.ts';

/**
 * The address that migrations go to. It, its password and that of the shadow database are masked.
 *
 * @throws ConfigurationError PIPE-MIGRATE-020 none, 021 not of PostgreSQL, 022 a pooler
 */
export function addressOf(given: MigrateInputs, { environment, secrets }: ActionContext): DatabaseAddress {
  const fromEnvironment = environment['DATABASE_URL'] ?? '';
  if (fromEnvironment !== '') secrets.add(fromEnvironment);
  const url = given.databaseUrl ?? fromEnvironment;
  const read = (name: string, value: string) => {
    const address = refusePooler(readAddress(name, value, given.workingDirectory), name);
    secrets.add(address.password);
    secrets.add(address.url);
    return address;
  };
  if (given.shadowDatabaseUrl !== undefined) {
    secrets.add(readAddress('shadow-database-url', given.shadowDatabaseUrl, given.workingDirectory).password);
  }
  if (given.directUrl !== undefined) return read('direct-url', given.directUrl);
  if (url === '') {
    throw new ConfigurationError({
      code: 'PIPE-MIGRATE-020',
      what: 'there is no address of a database',
      accepted: 'a secret in `database-url`, or the variable DATABASE_URL',
      example: '`database-url: ${{ secrets.DATABASE_URL }}`',
      remedy:
        'environment secrets reach a called workflow by `secrets: inherit` only; pull requests of forks have none',
      state: 'nothing was run',
    });
  }
  return read('database-url', url);
}

function refusePooler(address: DatabaseAddress, name: string): DatabaseAddress {
  if (!address.isPooler) return address;
  throw new ConfigurationError({
    code: 'PIPE-MIGRATE-022',
    what: `\`${name}\` leads to a connection pooler (\`pgbouncer=true\`, port ${address.port} or its name), through which the lock of migrations does not hold`,
    accepted: 'the direct address of the database in `direct-url`, usually port 5432',
    example: '`direct-url: ${{ secrets.DIRECT_DATABASE_URL }}`',
    state: 'nothing was run',
  });
}

/** Every name under which projects read it: migrations always go to the direct address. */
export function databaseVariables(
  { url }: DatabaseAddress,
  shadow: string | undefined,
): Readonly<Record<string, string>> {
  return {
    DATABASE_URL: url,
    DIRECT_URL: url,
    DIRECT_DATABASE_URL: url,
    ...(shadow === undefined ? {} : { SHADOW_DATABASE_URL: shadow }),
  };
}
