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
  /** `verify`: also the certificate. */
  readonly tls: 'disable' | 'prefer' | 'require' | 'verify';
  /** A pooler that lends connections for single transactions: locks of a session do not hold through it. */
  readonly isPooler: boolean;
}

/** Ports on which Supabase and others run their poolers. */
const POOLER_PORTS: ReadonlySet<number> = new Set([6543, 6432]);

/**
 * Reads a connection address (PostgreSQL manual, "Connection URIs"; Prisma's own query parameters).
 *
 * @param name the input that it comes from, for messages: its value is never shown
 * @throws ConfigurationError PIPE-MIGRATE-021 not an address of PostgreSQL
 */
export function readAddress(name: string, value: string): DatabaseAddress {
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
    tls: tlsOf(query),
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

function tlsOf(query: URLSearchParams): DatabaseAddress['tls'] {
  const mode = query.get('sslmode') ?? 'prefer';
  if (mode === 'disable') return 'disable';
  if (mode === 'verify-ca' || mode === 'verify-full' || query.get('sslaccept') === 'strict') return 'verify';
  return mode === 'require' ? 'require' : 'prefer';
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
