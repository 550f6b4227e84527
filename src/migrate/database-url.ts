import { resolve } from 'node:path';
import { ConfigurationError } from '../runtime/errors.ts';

/** A PostgreSQL database by its address. Only host, port and database may be shown. */
export interface DatabaseAddress {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** Schema of Prisma's history: `schema` of the query, else public. */
  readonly schema: string;
  /** `verify-ca`: also who signed the certificate; `verify-full`: also for which host. */
  readonly tls: 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';
  /** File with the certificates of the authorities that may have signed; those that Node knows when undefined. */
  readonly authority: string | undefined;
  /** A pooler that lends connections for single transactions: locks of a session do not hold through it. */
  readonly isPooler: boolean;
}

/** Ports on which Supabase and others run their poolers. */
const POOLER_PORTS: ReadonlySet<number> = new Set([6543, 6432]);

/**
 * Reads a connection address (PostgreSQL manual, "Connection URIs"; Prisma's own query parameters).
 *
 * @param name the input that it comes from, for messages: its value is never shown
 * @param cwd absolute folder that a file named in the address is looked for in
 * @throws ConfigurationError PIPE-MIGRATE-021 not an address of PostgreSQL
 */
export function readAddress(name: string, value: string, cwd: string): DatabaseAddress {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const database = url === undefined ? undefined : decoded(url.pathname.slice(1));
  const isPostgres = url?.protocol === 'postgresql:' || url?.protocol === 'postgres:';
  if (url === undefined || !isPostgres || url.hostname === '' || database === undefined || database === '') {
    throw notAnAddress(name, url?.protocol);
  }
  const [user, password] = [decoded(url.username), decoded(url.password)];
  if (user === undefined || password === undefined) throw notAnAddress(name, url.protocol);
  const port = url.port === '' ? 5432 : Number(url.port);
  const query = url.searchParams;
  return {
    url: value,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    database,
    user,
    password,
    schema: query.get('schema') ?? 'public',
    ...tlsOf(query, cwd),
    isPooler: query.get('pgbouncer') === 'true' || POOLER_PORTS.has(port) || /(^|[.-])pooler\./.test(url.hostname),
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that is none: the caller says that this is no address.
    return undefined;
  }
}

/** `sslmode` and `sslrootcert` as libpq reads them, and Prisma's `sslaccept`. */
function tlsOf(query: URLSearchParams, cwd: string): Pick<DatabaseAddress, 'tls' | 'authority'> {
  const mode = query.get('sslmode') ?? 'prefer';
  const file = query.get('sslrootcert') ?? '';
  const authority = file === '' || file === 'system' ? undefined : resolve(cwd, file);
  if (mode === 'disable') return { tls: 'disable', authority: undefined };
  if (mode === 'verify-full' || file === 'system' || query.get('sslaccept') === 'strict') {
    return { tls: 'verify-full', authority };
  }
  // A file of authorities makes `require` look at who signed.
  if (mode === 'verify-ca' || (mode === 'require' && authority !== undefined)) return { tls: 'verify-ca', authority };
  return { tls: mode === 'require' ? 'require' : 'prefer', authority };
}

function notAnAddress(name: string, protocol: string | undefined): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-MIGRATE-021',
    what: `\`${name}\` is no address of a PostgreSQL database`,
    given:
      protocol === undefined
        ? 'a text that is no address (not shown)'
        : `an address that begins with \`${protocol}//\` (the rest is not shown)`,
    accepted: 'postgresql://USER:PASSWORD@HOST:5432/DATABASE, with special characters of the password percent-encoded',
    state: 'nothing was run',
  });
}

/** The database for messages: without user, password and query. */
export function shownAddress({ host, port, database }: DatabaseAddress): string {
  return `${database} at ${host}:${port}`;
}
