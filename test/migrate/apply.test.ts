import { execFile, spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { writeFiles } from '../support/temporary.ts';
import { addPrisma, BASE_FILES, databases, ENGINE, type Job, NODE_COMPILE_CACHE, newFolder } from './project.ts';

const CONFIG = `import { defineConfig } from 'prisma/config';
export default defineConfig({ schema: 'prisma/schema.prisma', datasource: { url: process.env['DATABASE_URL'] ?? '' } });
`;
const SHADOW_CONFIG = CONFIG.replace("?? '' }", "?? '', shadowDatabaseUrl: process.env['SHADOW_DATABASE_URL'] ?? '' }");
const file = (name: string) => `prisma/migrations/${name}/migration.sql`;

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.remove());
const newDatabase = databases(() => server);

/** A project with a database of its own. */
async function prepared(files: Readonly<Record<string, string>> = {}, template?: string) {
  const folder = await newFolder();
  await writeFiles(folder, { ...BASE_FILES, 'prisma.config.ts': CONFIG, ...files });
  await addPrisma(folder);
  const { name, apply } = await newDatabase(template);
  const env = {
    ...process.env,
    NODE_COMPILE_CACHE,
    DATABASE_URL: server.url(name),
    PRISMA_SCHEMA_ENGINE_BINARY: ENGINE,
  };
  return {
    folder,
    name,
    apply: (more: Partial<Job> = {}) => apply(folder, more),
    sql: (text: string) => server.sql(name, text),
    write: (more: Readonly<Record<string, string>>) => writeFiles(folder, more),
    resolve: async (...args: readonly string[]) => {
      const program = join(folder, 'node_modules/.bin/prisma');
      await promisify(execFile)(program, ['migrate', 'resolve', ...args], { cwd: folder, env });
    },
    sleeping: `SELECT count(*) FROM pg_stat_activity WHERE datname = '${name}' AND query LIKE '%pg_sleep(600)%'`,
  };
}

/** The name of a database that has the first migration, to be copied. */
let migrated: Promise<string> | undefined;
async function migratedDatabase(): Promise<string> {
  const { name, apply } = await prepared();
  expect(await apply()).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
  return name;
}
async function preparedMigrated(files: Readonly<Record<string, string>> = {}) {
  migrated ??= migratedDatabase();
  return await prepared(files, await migrated);
}

const two = { [file('20260202000000_note')]: 'CREATE TABLE "Note" ("id" BIGINT PRIMARY KEY);\n' };

// Each has a database of its own; most of the time is Prisma's CLI starting.
describe('on a server that stays', { concurrent: true, timeout: 300_000 }, () => {
  it('applies what is pending, says locks and rows, and finds nothing to do when it runs again', async () => {
    const { apply, sql, write } = await prepared(two);
    expect(await apply()).toMatchObject({
      exitCode: 0,
      outputs: { status: 'applied', applied: '2', pending: '0', 'last-migration': '20260202000000_note' },
    });
    expect(await apply()).toMatchObject({ exitCode: 0, outputs: { status: 'none', applied: '0', pending: '0' } });
    await sql(`INSERT INTO "User" (email) SELECT 'a' || n FROM generate_series(1, 1000) n; ANALYZE;`);
    await write({ [file('20260303000000_age')]: 'ALTER TABLE "User" ADD COLUMN "age" INTEGER;\n' });
    const third = await apply();
    expect(third).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
    expect(third.log).toContain('line 1: ACCESS EXCLUSIVE on User, about 1000 rows');
  });

  it('lets exactly one of two appliers apply; the other waits and sees nothing to do', async () => {
    const { apply, sql } = await prepared({ [file('20260202000000_slow')]: 'SELECT pg_sleep(2);\n' });
    const outcomes = await Promise.all([apply(), apply()]);
    expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(outcomes.map(({ outputs }) => outputs['applied']).sort()).toEqual(['0', '2']);
    expect(await sql('SELECT count(*) FROM _prisma_migrations')).toBe('2');
  });

  describe('while another session holds the lock', () => {
    const hold = async (database: string, onTestFinished: (end: () => Promise<void>) => void) => {
      const held = `FROM pg_locks WHERE objid = 72707369 AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = '${database}')`;
      const release = async () => {
        await server.sql('postgres', `SELECT pg_terminate_backend(pid) ${held}`);
      };
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
      await server.until(`SELECT count(*) ${held}`, '1');
      return release;
    };

    it('waits visibly, and applies when the lock is free', async ({ onTestFinished }) => {
      const { apply, name } = await prepared();
      const release = await hold(name, onTestFinished);
      const outcome = await apply({ when: [/waiting: another migration holds the lock/, () => void release()] });
      expect(outcome.log).toMatch(/holds the lock, process \d+ \(somebody else, from 127\.0\.0\.1, for /);
      expect(outcome).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
    });

    it('gives up when the time is up, names the holder, and has applied nothing', async ({ onTestFinished }) => {
      const { apply, name, sql } = await prepared();
      await hold(name, onTestFinished);
      const outcome = await apply({ inputs: { timeout: '1s' } });
      expect(outcome.exitCode).toBe(1);
      expect(outcome.log).toMatch(/PIPE-MIGRATE-030: another migration holds the lock: process \d+ \(somebody else/);
      expect(await sql(`SELECT count(*) FROM pg_tables WHERE schemaname = 'public'`)).toBe('0');
    });
  });

  it('names the migration that failed, why, and how to go on; until then later runs say so', async () => {
    const bad = '20260202000000_bad';
    const { apply, resolve, write } = await prepared({
      [file(bad)]: 'CREATE TABLE "Some" ();\nALTER TABLE "Nobody" ADD COLUMN "a" TEXT;\n',
    });
    const failed = await apply();
    expect(failed).toMatchObject({ exitCode: 1, outputs: { status: 'failed', applied: '0', pending: '1' } });
    expect(failed.log).toContain(`PIPE-MIGRATE-031: the migration ${bad} failed (Prisma: P3018)`);
    expect(failed.log).toContain('Nobody');
    expect(failed.summary).toContain('prisma migrate resolve');
    expect(failed.log).toContain('It stopped at line 2: ALTER TABLE "Nobody" ADD COLUMN "a" TEXT');
    const blocked = await apply();
    expect(blocked.exitCode).toBe(1);
    expect(blocked.log).toContain(
      `PIPE-MIGRATE-028: the migration ${bad} was begun earlier and never ended (Prisma: P3009)`,
    );
    await resolve('--rolled-back', bad);
    await write({ [file(bad)]: 'ALTER TABLE "User" ADD COLUMN "a" TEXT;\n' });
    expect(await apply()).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
  });

  it('leaves nothing running when it is cancelled, and says at the next run what was begun', async () => {
    const slow = '20260202000000_slow';
    const { apply, resolve, write, name, sleeping } = await prepared({
      [file(slow)]: 'CREATE TABLE "Half" ();\nSELECT pg_sleep(600);\n',
    });
    const outcome = await apply({
      when: [/prisma migrate deploy/, (kill) => void server.until(sleeping, '1').then(() => kill('SIGINT'))],
    });
    expect(outcome.exitCode).not.toBe(0);
    // The server notices that its client is gone when it would answer; an operator ends it at once.
    await server.sql('postgres', `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
    const again = await apply();
    expect(again.log).toContain(
      `PIPE-MIGRATE-028: the migration ${slow} was begun earlier and never ended (Prisma: P3009)`,
    );
    await resolve('--rolled-back', slow);
    await write({ [file(slow)]: 'CREATE TABLE "Half" ();\n' });
    expect(await apply()).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
  });

  describe('says what is wrong before anything is applied', () => {
    it('a database that can only be read', async () => {
      const { apply, name } = await prepared();
      await server.sql('postgres', `ALTER DATABASE ${name} SET default_transaction_read_only = on`);
      const { exitCode, log } = await apply();
      expect(exitCode).toBe(1);
      expect(log).toMatch(/PIPE-MIGRATE-027: .* is read only: nothing can be written there/);
    });

    it('tables without a history', async () => {
      const { apply, sql } = await prepared();
      await sql('CREATE TABLE old ()');
      const { exitCode, log } = await apply();
      expect(exitCode).toBe(1);
      expect(log).toMatch(/PIPE-MIGRATE-029: .* has a table and no history of migrations \(Prisma: P3005\)/);
    });
  });

  describe('with a shadow database', () => {
    const about = async () => {
      const database = await preparedMigrated({ 'prisma.config.ts': SHADOW_CONFIG });
      const shadow = await newDatabase();
      await database.write(two);
      return { ...database, inputs: { 'shadow-database-url': server.url(shadow.name) } };
    };

    it('is red when the database is not what its migrations build, and applies nothing', async () => {
      const { apply, sql, inputs } = await about();
      await sql(`ALTER TABLE "User" ADD COLUMN "byHand" TEXT; CREATE TABLE hand (id int)`);
      const { exitCode, log } = await apply({ inputs });
      expect(exitCode).toBe(1);
      expect(log).toMatch(/PIPE-MIGRATE-045: the database is not what its migrations build: .*hand.*byHand/);
      expect(await sql('SELECT count(*) FROM _prisma_migrations')).toBe('1');
    });

    it('applies when it is, and says so', async () => {
      const { apply, inputs } = await about();
      const outcome = await apply({ inputs });
      expect(outcome).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
      expect(outcome.log).toContain('the database is what its migrations build');
    });

    it('says when the configuration does not name it', async () => {
      const { apply, write, inputs } = await about();
      await write({ 'prisma.config.ts': CONFIG });
      const { exitCode, log } = await apply({ inputs });
      expect(exitCode).toBe(1);
      expect(log).toContain('PIPE-MIGRATE-046: `shadow-database-url` is given');
    });
  });

  it('goes to the direct address past a pooler', async () => {
    const { apply, name } = await prepared();
    const inputs = { 'database-url': server.url('nowhere', '?pgbouncer=true'), 'direct-url': server.url(name) };
    expect(await apply({ inputs })).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
  });

  describe('before a destructive migration', () => {
    const drop = file('20260202000000_drop');
    const about = async () => {
      const project = await preparedMigrated();
      await project.write({ [drop]: 'ALTER TABLE "User" DROP COLUMN "name";\n' });
      return project;
    };

    it('refuses to go on when the backup failed', async () => {
      const { apply, write, sql } = await about();
      await write({ 'backup.mjs': 'process.exit(3);\n' });
      const outcome = await apply({ inputs: { backup: 'node backup.mjs' } });
      expect(outcome.exitCode).toBe(1);
      expect(outcome.log).toContain('PIPE-MIGRATE-034: the backup failed: node ended with 3');
      expect(await sql('SELECT count(*) FROM _prisma_migrations')).toBe('1');
    });

    it('makes a dump, and applies', async () => {
      const { apply } = await about();
      const environment = { PATH: `${server.programs}:${process.env['PATH'] ?? ''}` };
      const outcome = await apply({ inputs: { backup: 'pg_dump' }, environment });
      expect(outcome).toMatchObject({ exitCode: 0, outputs: { applied: '1', destructive: 'true' } });
      await access(outcome.outputs['backup'] ?? '');
    });
  });

  it('applies 500 migrations', async () => {
    const names = Array.from({ length: 500 }, (_, index) => `2027${String(index).padStart(4, '0')}_step`);
    const { apply } = await prepared(
      Object.fromEntries(names.map((name) => [file(name), `CREATE TABLE "t${name}" ();\n`])),
    );
    const outcome = await apply();
    expect(outcome).toMatchObject({ exitCode: 0, outputs: { applied: '501', pending: '0' } });
    expect(Buffer.byteLength(outcome.outputs['migrations'] ?? '')).toBeLessThanOrEqual(16 * 1024);
  });
});

describe('when the server goes away', () => {
  it('says what is left when it dies in the middle, and goes on after it was resolved', async () => {
    const slow = '20260202000000_slow';
    const { apply, sql, resolve, write, sleeping } = await prepared({
      [file(slow)]: 'CREATE TABLE "Half" ();\nSELECT pg_sleep(600);\n',
    });
    const crash = async () => {
      await server.until(sleeping, '1');
      await server.kill();
      await server.start();
    };
    let crashed: Promise<void> | undefined;
    const act = () => {
      crashed = crash();
    };
    const outcome = await apply({ when: [/prisma migrate deploy/, act] });
    await crashed;
    expect(outcome.exitCode).toBe(1);
    expect(outcome.log).toContain(`PIPE-MIGRATE-031: the migration ${slow} failed`);
    expect(await sql(`SELECT count(*) FROM pg_tables WHERE tablename = 'Half'`)).toBe('0');
    await resolve('--rolled-back', slow);
    await write({ [file(slow)]: 'CREATE TABLE "Half" ();\n' });
    expect(await apply()).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
  });

  it('waits for one that is still starting', async () => {
    const { apply } = await prepared();
    await server.kill();
    const outcome = await apply({ when: [/does not answer yet/, () => void server.start()] });
    expect(outcome).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
  });
});
