import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { writeFiles } from '../support/temporary.ts';
import { databases, newFolder, runJob } from './project.ts';

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.remove());
const newDatabase = databases(() => server);

const FOLDER = 'scripts/migrations';
const file = (name: string) => `${FOLDER}/${name}`;
const USERS = { [file('0001_users.sql')]: 'CREATE TABLE users (id bigint PRIMARY KEY, name text);\n' };
/** Adds a row by the project's own driver: here psql, with what the environment says of the database. */
const program = (sql: string) => `import { execFileSync } from 'node:child_process';
execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-c', ${JSON.stringify(sql)}], { stdio: 'inherit' });
`;

async function scripts(files: Readonly<Record<string, string>>) {
  const folder = await newFolder();
  await writeFiles(folder, files);
  const { name, apply } = await newDatabase();
  const sql = (text: string) => server.sql(name, text);
  const run = (more: Parameters<typeof apply>[1] = {}) => {
    const environment = { PATH: `${server.programs}:${process.env['PATH'] ?? ''}`, ...more.environment };
    return apply(folder, { ...more, environment, inputs: { tool: 'script', ...more.inputs } });
  };
  const records = () => sql('SELECT name, applied_at IS NOT NULL FROM pipelines_migrations ORDER BY begun_at');
  return {
    folder,
    name,
    run,
    sql,
    records,
    write: (more: Readonly<Record<string, string>>) => writeFiles(folder, more),
  };
}

// Each has a database of its own.
describe('on a server that stays', { concurrent: true, timeout: 300_000 }, () => {
  it('applies SQL and programs once each, by their numbers, and finds nothing to do when it runs again', async () => {
    const { run, records, sql, write } = await scripts({
      ...USERS,
      [file('10_last.sql')]: "UPDATE users SET name = name || '!' WHERE id = 1;\n",
      [file('2_fill.mjs')]: program("INSERT INTO users VALUES (1, 'a')"),
      [file('2_fill.down.sql')]: 'DROP TABLE users;\n',
      [file('README.md')]: 'notes',
    });
    expect(await run()).toMatchObject({
      exitCode: 0,
      outputs: { status: 'applied', applied: '3', pending: '0', 'last-migration': '10_last.sql', destructive: 'false' },
    });
    expect(await records()).toBe('0001_users.sql|t\n2_fill.mjs|t\n10_last.sql|t');
    expect(await sql('SELECT name FROM users')).toBe('a!');
    expect(await run()).toMatchObject({ exitCode: 0, outputs: { status: 'none', applied: '0', pending: '0' } });
    await sql(`INSERT INTO users SELECT n FROM generate_series(2, 1000) n; ANALYZE;`);
    await write({ [file('0011_drop.sql')]: 'ALTER TABLE users DROP COLUMN name;\n' });
    const third = await run();
    expect(third).toMatchObject({ exitCode: 0, outputs: { applied: '1', destructive: 'true' } });
    expect(third.log).toContain('line 1: ACCESS EXCLUSIVE on users, about 1000 rows');
    expect(JSON.parse(third.outputs['migrations'] ?? '')).toEqual({
      after: '10_last.sql',
      migrations: [{ name: '0011_drop.sql', destructive: true }],
      leftOut: 0,
    });
  });

  it('gives programs the database and none of the runner’s tokens, and hides the password that they print', async () => {
    const { run, name } = await scripts({
      [file('1_print.mjs')]: `const { DATABASE_URL, PGPASSWORD, PGDATABASE, ACTIONS_RUNTIME_TOKEN, CI } = process.env;
console.log(DATABASE_URL, PGPASSWORD, JSON.stringify([PGDATABASE, ACTIONS_RUNTIME_TOKEN ?? 'none', CI]));\n`,
    });
    const { log, exitCode } = await run({ environment: { ACTIONS_RUNTIME_TOKEN: 'token-of-the-runner' } });
    expect(exitCode).toBe(0);
    expect(log).toContain(`*** *** ["${name}","none","true"]`);
  });

  it('undoes a failed file as a whole, names the statement, and applies it when it is corrected', async () => {
    const bad = file('0002_bad.sql');
    const { run, records, sql, write } = await scripts({
      ...USERS,
      [bad]:
        "CREATE TABLE half ();\nINSERT INTO users VALUES (1);\n\nINSERT INTO users\n  VALUES (1);\nSELECT 'later';\n",
      [file('0003_later.sql')]: 'CREATE TABLE later ();\n',
    });
    const failed = await run();
    expect(failed).toMatchObject({ exitCode: 1, outputs: { status: 'failed', applied: '1', pending: '2' } });
    expect(failed.log).toMatch(/PIPE-MIGRATE-040: "0002_bad\.sql" failed: 23505 .*users_pkey/);
    expect(failed.log).toContain('It stopped at line 4: INSERT INTO users');
    expect(failed.log).toContain('PostgreSQL has undone all of it');
    expect(await sql(`SELECT count(*) FROM pg_tables WHERE tablename IN ('half', 'later')`)).toBe('0');
    expect(await records()).toBe('0001_users.sql|t');
    await write({ [bad]: 'CREATE TABLE half ();\n' });
    expect(await run()).toMatchObject({ exitCode: 0, outputs: { applied: '2', pending: '0' } });
  });

  it('takes files that bring their own transaction, or can have none, for what they are', async () => {
    const { run, sql, write, records } = await scripts({
      ...USERS,
      [file('0002_pair.sql')]: 'BEGIN;\nCREATE TABLE pair ();\nCOMMIT;\n',
      [file('0003_index.sql')]: 'CREATE INDEX CONCURRENTLY users_name ON users (name);\n',
      [file('0004_role.sql')]: "SET search_path TO ''; CREATE TABLE public.pathless ();\n",
      [file('0005_after.sql')]: 'CREATE TABLE after ();\n',
    });
    expect(await run()).toMatchObject({ exitCode: 0, outputs: { applied: '5' } });
    expect(await sql(`SELECT count(*) FROM pg_tables WHERE schemaname = 'public'`)).toBe('5');
    await write({ [file('0006_two.sql')]: 'BEGIN;\nCREATE TABLE one ();\nCOMMIT;\nCREATE TABLE one ();\n' });
    const half = await run();
    expect(half.exitCode).toBe(1);
    expect(half.log).toContain('It stopped at line 4: CREATE TABLE one ()');
    expect(half.log).toContain('it commits by itself, so a part of it may be there');
    expect(await records()).toMatch(/0006_two\.sql\|f$/);
    const blocked = await run();
    expect(blocked.log).toContain('PIPE-MIGRATE-038: "0006_two.sql" was begun earlier and never ended');
    const [, remedy = ''] = /`(DELETE FROM [^`]*)`/.exec(blocked.log) ?? [];
    await sql(`DROP TABLE one; ${remedy}`);
    await write({ [file('0006_two.sql')]: 'CREATE TABLE one ();\n' });
    expect(await run()).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
  });

  it('says that there is no standard input for COPY', async () => {
    const { run } = await scripts({ ...USERS, [file('2_copy.sql')]: 'COPY users FROM STDIN;\n' });
    const { log, exitCode } = await run();
    expect(exitCode).toBe(1);
    expect(log).toMatch(/PIPE-MIGRATE-040: "2_copy\.sql" failed: .*there is no standard input/);
  });

  it('stops at a program that fails, and until that is resolved later runs say so', async () => {
    const { run, sql, records } = await scripts({
      ...USERS,
      [file('2_fill.mjs')]: 'console.log("about to fail"); process.exit(3);\n',
      [file('3_more.sql')]: 'CREATE TABLE more ();\n',
    });
    const failed = await run();
    expect(failed).toMatchObject({ exitCode: 1, outputs: { applied: '1', pending: '2', status: 'failed' } });
    expect(failed.log).toContain('about to fail');
    expect(failed.log).toContain('PIPE-MIGRATE-041: "2_fill.mjs" ended with 3');
    const blocked = await run();
    expect(blocked.log).toContain('PIPE-MIGRATE-038: "2_fill.mjs" was begun earlier');
    const [, remedy = ''] = /`(UPDATE [^`]*)`/.exec(blocked.log) ?? [];
    await sql(remedy);
    expect(await run()).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
    expect(await records()).toBe('0001_users.sql|t\n2_fill.mjs|t\n3_more.sql|t');
  });

  it('is red when an applied file was edited, whatever its line ends, and goes on when it is named', async () => {
    const { run, write, sql } = await scripts(USERS);
    await run();
    await write({ [file('0001_users.sql')]: Object.values(USERS).join('').replaceAll('\n', '\r\n') });
    expect(await run()).toMatchObject({ exitCode: 0 });
    await write({
      [file('0001_users.sql')]: 'CREATE TABLE users (id bigint);\n',
      [file('0002_next.sql')]: 'CREATE TABLE next ();\n',
    });
    const red = await run();
    expect(red.exitCode).toBe(1);
    expect(red.log).toContain('PIPE-MIGRATE-039: "0001_users.sql" is not what this database has applied');
    expect(await sql(`SELECT count(*) FROM pg_tables WHERE tablename = 'next'`)).toBe('0');
    expect(await run({ inputs: { 'allow-destructive': '0001_users.sql' } })).toMatchObject({ exitCode: 0 });
    expect(await run()).toMatchObject({ exitCode: 0, outputs: { status: 'none' } });
  });

  it('lets exactly one of two appliers apply; the other waits and sees nothing to do', async () => {
    const { run } = await scripts({ ...USERS, [file('2_slow.sql')]: 'SELECT pg_sleep(3);\n' });
    const outcomes = await Promise.all([run(), run()]);
    expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(outcomes.map(({ outputs }) => outputs['applied']).sort()).toEqual(['0', '2']);
    expect(outcomes.map(({ log }) => log).join('')).toMatch(
      /another migration holds the lock, process \d+ \(pipelines/,
    );
  });

  describe('when the applier is killed in the middle', () => {
    const sleeping = (name: string) => {
      return `SELECT count(*) FROM pg_stat_activity WHERE datname = '${name}' AND query LIKE '%pg_sleep(600)%'`;
    };

    it('has left nothing of SQL, and applies it at the next run', async () => {
      const slow = file('2_slow.sql');
      const { run, name, sql, write, records } = await scripts({
        ...USERS,
        [slow]: 'CREATE TABLE half ();\nSELECT pg_sleep(600);\n',
      });
      const killed = await run({
        when: [/2_slow\.sql/, (kill) => void server.until(sleeping(name), '1').then(() => kill('SIGKILL'))],
      });
      expect(killed.exitCode).toBeNull();
      // The statement ends with whoever sent it.
      await server.until(sleeping(name), '0');
      expect(await records()).toBe('0001_users.sql|t');
      expect(await sql(`SELECT count(*) FROM pg_tables WHERE tablename = 'half'`)).toBe('0');
      await write({ [slow]: 'CREATE TABLE half ();\n' });
      expect(await run()).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
    });

    it('says at the next run which program was begun', async () => {
      const { run, sql } = await scripts({
        ...USERS,
        [file('2_slow.mjs')]: 'console.log("begun"); setTimeout(() => {}, 600_000);\n',
      });
      const killed = await run({ when: [/^begun/m, (kill) => kill('SIGINT')] });
      expect(killed.exitCode).not.toBe(0);
      const again = await run();
      expect(again.log).toContain('PIPE-MIGRATE-038: "2_slow.mjs" was begun earlier and never ended');
      const [, remedy = ''] = /`(DELETE FROM [^`]*)`/.exec(again.log) ?? [];
      await sql(remedy);
    });

    it('cancels SQL at once', async () => {
      const { run, name } = await scripts({ ...USERS, [file('2_slow.sql')]: 'SELECT pg_sleep(600);\n' });
      const cancelled = await run({
        when: [/2_slow\.sql/, (kill) => void server.until(sleeping(name), '1').then(() => kill('SIGINT'))],
      });
      expect(cancelled.exitCode).not.toBe(0);
      await server.until(sleeping(name), '0');
    });

    it('ends SQL when its time is up', async () => {
      const { run, name } = await scripts({ ...USERS, [file('2_slow.sql')]: 'SELECT pg_sleep(600);\n' });
      const late = await run({ inputs: { timeout: '3s' } });
      expect(late).toMatchObject({ exitCode: 1, outputs: { status: 'failed', applied: '1', pending: '1' } });
      expect(late.log).toMatch(
        /PIPE-MIGRATE-042: the connection to .* ended while "2_slow\.sql" was applied: its time/,
      );
      await server.until(sleeping(name), '0');
    });
  });

  describe('before anything is applied', () => {
    it('refuses a database that can only be read, and a user who may not create its table', async () => {
      const { run, sql, name, write } = await scripts(USERS);
      await sql(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
      expect((await run()).log).toMatch(/PIPE-MIGRATE-027: .* is read only/);
      await server.sql('postgres', `ALTER DATABASE ${name} RESET default_transaction_read_only`);
      await sql(`CREATE ROLE poor_${name} LOGIN PASSWORD 'pass-of-postgres'`);
      const url = server.url(name).replace('postgres:', `poor_${name}:`);
      const { log } = await run({ inputs: { 'database-url': url } });
      expect(log).toMatch(/PIPE-MIGRATE-043: the user may not create the table "public"\."pipelines_migrations"/);
      await sql(`CREATE TABLE pipelines_migrations (name text PRIMARY KEY, checksum text NOT NULL,
        begun_at timestamptz NOT NULL DEFAULT now(), applied_at timestamptz);
        GRANT SELECT, INSERT, UPDATE ON pipelines_migrations TO poor_${name}; CREATE SCHEMA own AUTHORIZATION poor_${name}`);
      await write({ [file('0001_users.sql')]: 'CREATE TABLE own.users ();\n' });
      expect(await run({ inputs: { 'database-url': url } })).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
    });

    it('says where scripts are looked for, and which program it can’t run', async () => {
      const empty = await scripts({ 'README.md': 'x' });
      expect((await empty.run()).log).toMatch(
        /PIPE-MIGRATE-037: there are no numbered files in "scripts\/migrations" or "migrations"/,
      );
      const shell = await scripts({ [file('1_a.sh')]: 'echo from the shell; psql -X -q -c "CREATE TABLE shell ()"\n' });
      expect((await shell.run()).log).toContain('PIPE-MIGRATE-044: it is not known how to run "1_a.sh"');
      expect((await shell.run({ inputs: { runner: 'sh | cat' } })).log).toContain('PIPE-MIGRATE-044: `runner` is no');
      const ran = await shell.run({ inputs: { runner: 'sh -e' } });
      expect(ran).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
      expect(ran.log).toContain('from the shell');
    });

    it('makes the backup that programs and destructive SQL ask for, and refuses to go on without it', async () => {
      const { run, records } = await scripts({ ...USERS, 'backup.mjs': 'process.exit(3);\n' });
      expect(await run({ inputs: { backup: 'node backup.mjs' } })).toMatchObject({ exitCode: 0 });
      const other = await scripts({ [file('1_a.mjs')]: '', 'backup.mjs': 'process.exit(3);\n' });
      const refused = await other.run({ inputs: { backup: 'node backup.mjs' } });
      expect(refused.log).toContain('PIPE-MIGRATE-034: the backup failed: node ended with 3');
      expect(await records()).toBe('0001_users.sql|t');
    });
  });
});

it('is undone by PostgreSQL when the server dies in the middle, and runs again', async () => {
  const own = await startPostgres();
  try {
    const folder = await newFolder();
    const slow = file('2_slow.sql');
    await writeFiles(folder, { ...USERS, [slow]: 'CREATE TABLE half ();\nSELECT pg_sleep(600);\n' });
    const inputs = { mode: 'apply', tool: 'script', 'database-url': own.url('postgres'), timeout: '60s' };
    const job = { workspace: folder, inputs, event: { name: 'push', payload: {} } };
    const sleeping = `SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()`;
    const outcome = await runJob({
      ...job,
      when: [/pending: 2_slow\.sql/, () => void own.until(sleeping, '1').then(() => own.kill())],
    });
    expect(outcome.exitCode).toBe(1);
    expect(outcome.log).toMatch(/PIPE-MIGRATE-042: .* ended while "2_slow\.sql" was applied/);
    await own.start();
    expect(await own.sql('postgres', 'SELECT name FROM pipelines_migrations')).toBe('0001_users.sql');
    await writeFiles(folder, { [slow]: 'CREATE TABLE half ();\n' });
    expect(await runJob(job)).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
  } finally {
    await own.remove();
  }
});

it('applies 500 scripts', async () => {
  const names = Array.from({ length: 500 }, (_, index) => file(`${index + 1}_step.sql`));
  const { run } = await scripts(Object.fromEntries(names.map((name, index) => [name, `CREATE TABLE t${index} ();\n`])));
  expect(await run()).toMatchObject({ exitCode: 0, outputs: { applied: '500', pending: '0' } });
});
