import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, issueCertificate } from '../support/certificates.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { writeFiles } from '../support/temporary.ts';
import { databases, type Job, newFolder, type Outcome, type TestDatabase } from './project.ts';

const FILES = { 'migrations/1_users.sql': 'CREATE TABLE users ();\n' };

/** One run of `tool: script`, which speaks to the database alone: Prisma's CLI has its own connections. */
async function applied(database: TestDatabase, more: Partial<Job> = {}): Promise<Outcome> {
  const folder = more.workspace ?? (await newFolder());
  await writeFiles(folder, FILES);
  return database.apply(folder, { ...more, inputs: { tool: 'script', ...more.inputs } });
}

describe('says what is wrong before anything is applied', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.remove());
  const newDatabase = databases(() => server);
  const refused = async (inputs: (name: string) => Readonly<Record<string, string>>, wanted: RegExp) => {
    const database = await newDatabase();
    const { exitCode, log } = await applied(database, { inputs: inputs(database.name) });
    expect(exitCode).toBe(1);
    expect(log).toMatch(wanted);
  };

  it('a wrong password', () =>
    refused(
      (name) => ({ 'database-url': server.url(name).replace('pass-', 'past-') }),
      /PIPE-MIGRATE-024: .* refuses the login/,
    ));
  it('a database that is not there', () =>
    refused(
      () => ({ 'database-url': server.url('nowhere') }),
      /PIPE-MIGRATE-025: the database nowhere at 127\.0\.0\.1:\d+ does not exist/,
    ));
  it('a server that nobody reaches', () =>
    refused(
      () => ({ 'database-url': 'postgresql://a:secret-of-a@127.0.0.1:1/shop', timeout: '1s' }),
      /PIPE-MIGRATE-023: shop at 127\.0\.0\.1:1 can not be reached .*ECONNREFUSED.*`runs-on`/,
    ));
  it('TLS that the server refuses', () =>
    refused(
      (name) => ({ 'database-url': server.url(name, '?sslmode=require') }),
      /PIPE-MIGRATE-026: no connection with TLS/,
    ));
  it('a pooler', () =>
    refused((name) => ({ 'database-url': server.url(name, '?pgbouncer=true') }), /PIPE-MIGRATE-022: .*`direct-url`/));
  it('an address of something else', () =>
    refused(
      () => ({ 'database-url': 'mysql://root:secret-of-root@host/shop' }),
      /PIPE-MIGRATE-021: .*begins with `mysql:\/\/`/,
    ));
  it('no address', () => refused(() => ({ 'database-url': '' }), /PIPE-MIGRATE-020: there is no address/));
});

describe('of a real replica', () => {
  it('says that nothing can be written there, and goes on after it was promoted', async () => {
    const primary = await startPostgres();
    const replica = await primary.replicate();
    try {
      const database = await databases(() => primary)();
      await replica.until(`SELECT count(*) FROM pg_database WHERE datname = '${database.name}'`, '1');
      const inputs = { 'database-url': replica.url(database.name) };
      const refused = await applied(database, { inputs });
      expect(refused.exitCode).toBe(1);
      expect(refused.log).toMatch(/PIPE-MIGRATE-027: .* is a replica: nothing can be written there/);
      await replica.sql('postgres', 'SELECT pg_promote()');
      await replica.until('SELECT pg_is_in_recovery()', 'f');
      expect(await applied(database, { inputs })).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
    } finally {
      await replica.remove();
      await primary.remove();
    }
  });
});

describe('over TLS', () => {
  let server: Postgres;
  let authority = '';
  let stranger = '';
  beforeAll(async () => {
    const own = await createAuthority('authority of the database');
    authority = own.certificate;
    stranger = (await createAuthority('somebody else')).certificate;
    server = await startPostgres({ tls: await issueCertificate(own, ['localhost']) });
  });
  afterAll(() => server.remove());
  const newDatabase = databases(() => server);
  const over = async (query: string, host = 'localhost') => {
    const workspace = await newFolder();
    await writeFiles(workspace, { 'authority.pem': authority, 'stranger.pem': stranger });
    const database = await newDatabase();
    const url = server.url(database.name, query).replace('127.0.0.1', host);
    const { exitCode, log } = await applied(database, { workspace, inputs: { 'database-url': url } });
    return { exitCode, code: /PIPE-MIGRATE-\d+/.exec(log)?.[0], log };
  };

  it('encrypts with `require`, whoever signed', async () => {
    expect(await over('?sslmode=require')).toMatchObject({ exitCode: 0 });
    // This server takes nothing that is not encrypted.
    expect(await over('?sslmode=disable')).toMatchObject({ code: 'PIPE-MIGRATE-024' });
  });

  it('looks at who signed, with the file that `sslrootcert` names', async () => {
    expect(await over('?sslmode=verify-full&sslrootcert=authority.pem')).toMatchObject({ exitCode: 0 });
    expect(await over('?sslmode=verify-full&sslrootcert=stranger.pem')).toMatchObject({ code: 'PIPE-MIGRATE-026' });
    expect(await over('?sslmode=require&sslrootcert=stranger.pem')).toMatchObject({ code: 'PIPE-MIGRATE-026' });
    expect(await over('?sslmode=verify-full')).toMatchObject({ code: 'PIPE-MIGRATE-026' });
    const missing = await over('?sslmode=verify-full&sslrootcert=nowhere.pem');
    expect(missing.log).toMatch(/PIPE-MIGRATE-026: .*`sslrootcert` names can't be read \(ENOENT\)/);
  });

  it('looks at the name with `verify-full`, and not with `verify-ca`', async () => {
    const by = (mode: string) => over(`?sslmode=${mode}&sslrootcert=authority.pem`, '127.0.0.1');
    expect(await by('verify-full')).toMatchObject({ code: 'PIPE-MIGRATE-026' });
    expect(await by('verify-ca')).toMatchObject({ exitCode: 0 });
  });
});
