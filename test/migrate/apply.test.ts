import { execFile, spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { PASSWORD, type Postgres, startPostgres } from '../support/postgres.ts';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';
import { addPrisma, BASE_FILES, ENGINE, type Job, type Outcome, runJob } from './project.ts';

const CONFIG = `import { defineConfig } from 'prisma/config';
export default defineConfig({ schema: 'prisma/schema.prisma', datasource: { url: process.env['DATABASE_URL'] ?? '' } });
`;
const file = (name: string) => `prisma/migrations/${name}/migration.sql`;

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.remove());

let database = '';
let count = 0;
beforeEach(async () => {
  count += 1;
  database = `shop_${count}`;
  await server.sql('postgres', `CREATE DATABASE ${database}`);
});

async function project(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { ...BASE_FILES, 'prisma.config.ts': CONFIG, ...files });
  await addPrisma(folder);
  return folder;
}

/** Runs `apply` and sees to it that the password is nowhere. */
async function apply(workspace: string, more: Partial<Job> = {}): Promise<Outcome> {
  const inputs = { mode: 'apply', 'database-url': server.url(database), timeout: '60s', ...more.inputs };
  const event = { name: 'push', payload: {} };
  const outcome = await runJob({ workspace, event, ...more, inputs });
  const masked = outcome.log.replace(/^::add-mask::.*$/gm, '');
  for (const text of [masked, outcome.summary, JSON.stringify(outcome.outputs)]) expect(text).not.toContain(PASSWORD);
  return outcome;
}

/** Asks until a query answers something, for a minute. */
async function until(asked: string, answer: string): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if ((await server.sql('postgres', asked)) === answer) return;
    await delay(200);
  }
  throw new Error(`it never answered ${answer}: ${asked}`);
}

const SLEEPING = `SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()`;

async function resolve(folder: string, ...args: readonly string[]): Promise<void> {
  const env = { ...process.env, DATABASE_URL: server.url(database), PRISMA_SCHEMA_ENGINE_BINARY: ENGINE };
  const program = join(folder, 'node_modules/.bin/prisma');
  await promisify(execFile)(program, ['migrate', 'resolve', ...args], { cwd: folder, env });
}

const two = { [file('20260202000000_note')]: 'CREATE TABLE "Note" ("id" BIGINT PRIMARY KEY);\n' };

it('applies what is pending, says locks and rows, and finds nothing to do when it runs again', async () => {
  const folder = await project(two);
  const first = await apply(folder);
  expect(first).toMatchObject({
    exitCode: 0,
    outputs: { status: 'applied', applied: '2', pending: '0', 'last-migration': '20260202000000_note' },
  });
  const again = await apply(folder);
  expect(again).toMatchObject({ exitCode: 0, outputs: { status: 'none', applied: '0', pending: '0' } });
  await server.sql(database, `INSERT INTO "User" (email) SELECT 'a' || n FROM generate_series(1, 1000) n; ANALYZE;`);
  await writeFiles(folder, { [file('20260303000000_age')]: 'ALTER TABLE "User" ADD COLUMN "age" INTEGER;\n' });
  const third = await apply(folder);
  expect(third).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
  expect(third.log).toContain('line 1: ACCESS EXCLUSIVE on User, about 1000 rows');
});

it('lets exactly one of two appliers apply; the other waits and sees nothing to do', async () => {
  const folder = await project({ [file('20260202000000_slow')]: 'SELECT pg_sleep(3);\n' });
  const outcomes = await Promise.all([apply(folder), apply(folder)]);
  expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  expect(outcomes.map(({ outputs }) => outputs['applied']).sort()).toEqual(['0', '2']);
  expect(await server.sql(database, 'SELECT count(*) FROM _prisma_migrations')).toBe('2');
});

describe('while another session holds the lock', () => {
  const held = () => `FROM pg_locks WHERE objid = 72707369 AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = '${database}')`;
  const release = async () => {
    await server.sql('postgres', `SELECT pg_terminate_backend(pid) ${held()}`);
  };
  const hold = async () => {
    const query = 'SELECT pg_advisory_lock(72707369); SELECT pg_sleep(600)';
    const env = { ...process.env, PGAPPNAME: 'somebody else' };
    const holder = spawn(join(server.programs, 'psql'), ['-X', '-q', server.url(database), '-c', query], {
      stdio: 'ignore',
      env,
    });
    onTestFinished(async () => {
      await release();
      holder.kill();
    });
    await until(`SELECT count(*) ${held()}`, '1');
  };

  it('waits visibly, and applies when the lock is free', async () => {
    const folder = await project();
    await hold();
    const outcome = await apply(folder, { when: [/waiting: another migration holds the lock/, () => void release()] });
    expect(outcome.log).toMatch(/holds the lock, process \d+ \(somebody else, from 127\.0\.0\.1, for /);
    expect(outcome).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
  });

  it('gives up when the time is up, names the holder, and has applied nothing', async () => {
    const folder = await project();
    await hold();
    const outcome = await apply(folder, { inputs: { timeout: '3s' } });
    expect(outcome.exitCode).toBe(1);
    expect(outcome.log).toMatch(/PIPE-MIGRATE-030: another migration holds the lock: process \d+ \(somebody else/);
    expect(await server.sql(database, `SELECT count(*) FROM pg_tables WHERE schemaname = 'public'`)).toBe('0');
  });
});

it('names the migration that failed, why, and how to go on; until then later runs say so', async () => {
  const bad = '20260202000000_bad';
  const folder = await project({
    [file(bad)]: 'CREATE TABLE "Some" ();\nALTER TABLE "Nobody" ADD COLUMN "a" TEXT;\n',
  });
  const failed = await apply(folder);
  expect(failed).toMatchObject({ exitCode: 1, outputs: { status: 'failed', applied: '0', pending: '1' } });
  expect(failed.log).toContain(`PIPE-MIGRATE-031: the migration ${bad} failed (Prisma: P3018)`);
  expect(failed.log).toContain('Nobody');
  expect(failed.summary).toContain('prisma migrate resolve');
  expect(failed.log).toContain('It stopped at line 2: ALTER TABLE "Nobody" ADD COLUMN "a" TEXT');
  const blocked = await apply(folder);
  expect(blocked.exitCode).toBe(1);
  expect(blocked.log).toContain(
    `PIPE-MIGRATE-028: the migration ${bad} was begun earlier and never ended (Prisma: P3009)`,
  );
  await resolve(folder, '--rolled-back', bad);
  await writeFiles(folder, { [file(bad)]: 'ALTER TABLE "User" ADD COLUMN "a" TEXT;\n' });
  expect(await apply(folder)).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
});

it('says what is left when the server dies in the middle, and goes on after it was resolved', async () => {
  const slow = '20260202000000_slow';
  const folder = await project({ [file(slow)]: 'CREATE TABLE "Half" ();\nSELECT pg_sleep(600);\n' });
  const crash = async () => {
    await until(SLEEPING, '1');
    await server.kill();
    await server.start();
  };
  let crashed: Promise<void> | undefined;
  const act = () => {
    crashed = crash();
  };
  const outcome = await apply(folder, { when: [/prisma migrate deploy/, act] });
  await crashed;
  expect(outcome.exitCode).toBe(1);
  expect(outcome.log).toContain(`PIPE-MIGRATE-031: the migration ${slow} failed`);
  expect(await server.sql(database, `SELECT count(*) FROM pg_tables WHERE tablename = 'Half'`)).toBe('0');
  await resolve(folder, '--rolled-back', slow);
  await writeFiles(folder, { [file(slow)]: 'CREATE TABLE "Half" ();\n' });
  expect(await apply(folder)).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
});

it('leaves nothing running when it is cancelled, and says at the next run what was begun', async () => {
  const slow = '20260202000000_slow';
  const folder = await project({ [file(slow)]: 'CREATE TABLE "Half" ();\nSELECT pg_sleep(600);\n' });
  const cancel = async (kill: (signal: NodeJS.Signals) => void) => {
    await until(SLEEPING, '1');
    kill('SIGINT');
  };
  const outcome = await apply(folder, { when: [/prisma migrate deploy/, (kill) => void cancel(kill)] });
  expect(outcome.exitCode).not.toBe(0);
  // The server notices that its client is gone when it would answer; an operator ends it at once.
  await server.sql('postgres', `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}'`);
  const again = await apply(folder);
  expect(again.log).toContain(
    `PIPE-MIGRATE-028: the migration ${slow} was begun earlier and never ended (Prisma: P3009)`,
  );
  await resolve(folder, '--rolled-back', slow);
  await writeFiles(folder, { [file(slow)]: 'CREATE TABLE "Half" ();\n' });
  expect(await apply(folder)).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
});

it('waits for a server that is still starting', async () => {
  const folder = await project();
  await server.kill();
  const outcome = await apply(folder, { when: [/does not answer yet/, () => void server.start()] });
  expect(outcome).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
});

describe('says what is wrong before anything is applied', () => {
  const refused = async (inputs: Readonly<Record<string, string>>, wanted: RegExp) => {
    const { exitCode, log } = await apply(await project(), { inputs });
    expect(exitCode).toBe(1);
    expect(log).toMatch(wanted);
  };
  it('a wrong password', () =>
    refused(
      { 'database-url': server.url(database).replace('pass-', 'past-') },
      /PIPE-MIGRATE-024: .* refuses the login/,
    ));
  it('a database that is not there', () =>
    refused(
      { 'database-url': server.url('nowhere') },
      /PIPE-MIGRATE-025: the database nowhere at 127\.0\.0\.1:\d+ does not exist/,
    ));
  it('a server that nobody reaches', () =>
    refused(
      { 'database-url': 'postgresql://a:secret-of-a@127.0.0.1:1/shop', timeout: '1s' },
      /PIPE-MIGRATE-023: shop at 127\.0\.0\.1:1 can not be reached .*ECONNREFUSED.*`runs-on`/,
    ));
  it('TLS that the server refuses', () =>
    refused({ 'database-url': server.url(database, '?sslmode=require') }, /PIPE-MIGRATE-026: no connection with TLS/));
  it('a pooler', () =>
    refused({ 'database-url': server.url(database, '?pgbouncer=true') }, /PIPE-MIGRATE-022: .*`direct-url`/));
  it('an address of something else', () =>
    refused(
      { 'database-url': 'mysql://root:secret-of-root@host/shop' },
      /PIPE-MIGRATE-021: .*begins with `mysql:\/\/`/,
    ));
  it('no address', () => refused({ 'database-url': '' }, /PIPE-MIGRATE-020: there is no address/));
  it('a database that can only be read', async () => {
    await server.sql('postgres', `ALTER DATABASE ${database} SET default_transaction_read_only = on`);
    await refused({}, /PIPE-MIGRATE-027: .* is read only: nothing can be written there/);
  });
  it('tables without a history', async () => {
    await server.sql(database, 'CREATE TABLE old ()');
    await refused({}, /PIPE-MIGRATE-029: .* has 1 tables and no history of migrations \(Prisma: P3005\)/);
  });
});

it('goes to the direct address past a pooler', async () => {
  const inputs = { 'database-url': server.url('nowhere', '?pgbouncer=true'), 'direct-url': server.url(database) };
  expect(await apply(await project(), { inputs })).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
});

describe('before a destructive migration', () => {
  const drop = '20260202000000_drop';
  const prepared = async () => {
    const folder = await project();
    await apply(folder);
    await writeFiles(folder, { [file(drop)]: 'ALTER TABLE "User" DROP COLUMN "name";\n' });
    return folder;
  };

  it('refuses to go on when the backup failed', async () => {
    const folder = await prepared();
    await writeFiles(folder, { 'backup.mjs': 'process.exit(3);\n' });
    const outcome = await apply(folder, { inputs: { backup: 'node backup.mjs' } });
    expect(outcome.exitCode).toBe(1);
    expect(outcome.log).toContain('PIPE-MIGRATE-034: the backup failed: node ended with 3');
    expect(await server.sql(database, 'SELECT count(*) FROM _prisma_migrations')).toBe('1');
  });

  it('makes a dump, and applies', async () => {
    const environment = { PATH: `${server.programs}:${process.env['PATH'] ?? ''}` };
    const outcome = await apply(await prepared(), { inputs: { backup: 'pg_dump' }, environment });
    expect(outcome).toMatchObject({ exitCode: 0, outputs: { applied: '1', destructive: 'true' } });
    await access(outcome.outputs['backup'] ?? '');
  });
});

it('applies 500 migrations', async () => {
  const names = Array.from({ length: 500 }, (_, index) => `2027${String(index).padStart(4, '0')}_step`);
  const folder = await project(Object.fromEntries(names.map((name) => [file(name), `CREATE TABLE "t${name}" ();\n`])));
  const outcome = await apply(folder);
  expect(outcome).toMatchObject({ exitCode: 0, outputs: { applied: '501', pending: '0' } });
  expect(Buffer.byteLength(outcome.outputs['migrations'] ?? '')).toBeLessThanOrEqual(16 * 1024);
});
