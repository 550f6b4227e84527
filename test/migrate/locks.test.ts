import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyse, follow } from '../../src/migrate/analyse.ts';
import { emptyCatalogue } from '../../src/migrate/catalogue.ts';
import { LOCKS } from '../../src/migrate/rules.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { parser } from './project.ts';

const SCHEMA = `
CREATE TYPE mood AS ENUM ('ok', 'bad');
CREATE TABLE teams (id bigint PRIMARY KEY);
CREATE TABLE users (
  id bigint PRIMARY KEY, email varchar(20) NOT NULL, name text DEFAULT 'a', age integer, price numeric(10,2),
  at timestamp(3), team bigint, mood mood, full_name text GENERATED ALWAYS AS (lower(name)) STORED,
  CONSTRAINT age_positive CHECK (age > 0) NOT VALID
);
CREATE INDEX users_age ON users (age);
CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
CREATE TRIGGER audit BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION audit();
CREATE POLICY own ON users USING (id = 1);
CREATE RULE nothing AS ON INSERT TO users WHERE false DO NOTHING;
INSERT INTO users (id, email) SELECT n, 'x' || n FROM generate_series(1, 100) n;
`;

/** Statements on the table users that PostgreSQL runs in a transaction. */
const STATEMENTS = [
  'ALTER TABLE users ADD COLUMN nickname text',
  'ALTER TABLE users ADD COLUMN flag boolean NOT NULL DEFAULT false',
  'ALTER TABLE users ADD COLUMN created timestamptz NOT NULL DEFAULT now()',
  'ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid()',
  'ALTER TABLE users ADD COLUMN number serial',
  'ALTER TABLE users ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY',
  'ALTER TABLE users ADD COLUMN upper text GENERATED ALWAYS AS (upper(email)) STORED',
  'ALTER TABLE users ADD COLUMN checked integer CHECK (checked > 0)',
  'ALTER TABLE users DROP COLUMN name CASCADE',
  'ALTER TABLE users ALTER COLUMN age TYPE bigint',
  'ALTER TABLE users ALTER COLUMN age TYPE smallint',
  'ALTER TABLE users ALTER COLUMN email TYPE varchar(40)',
  'ALTER TABLE users ALTER COLUMN email TYPE text',
  'ALTER TABLE users ALTER COLUMN price TYPE numeric(12,2)',
  'ALTER TABLE users ALTER COLUMN price TYPE numeric(12,4)',
  'ALTER TABLE users ALTER COLUMN at TYPE timestamp(6)',
  'ALTER TABLE users ALTER COLUMN mood TYPE text',
  'ALTER TABLE users ALTER COLUMN email SET NOT NULL',
  'ALTER TABLE users ALTER COLUMN email DROP NOT NULL',
  "ALTER TABLE users ALTER COLUMN name SET DEFAULT 'b'",
  'ALTER TABLE users ALTER COLUMN name DROP DEFAULT',
  'ALTER TABLE users ALTER COLUMN full_name DROP EXPRESSION',
  'ALTER TABLE users ALTER COLUMN age SET STATISTICS 10',
  'ALTER TABLE users SET (fillfactor = 70)',
  'ALTER TABLE users ADD CONSTRAINT adult CHECK (age > 17)',
  'ALTER TABLE users ADD CONSTRAINT adult CHECK (age > 17) NOT VALID',
  'ALTER TABLE users VALIDATE CONSTRAINT age_positive',
  'ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email)',
  'ALTER TABLE users ADD CONSTRAINT users_team FOREIGN KEY (team) REFERENCES teams (id)',
  'ALTER TABLE users ADD CONSTRAINT users_team FOREIGN KEY (team) REFERENCES teams (id) NOT VALID',
  'ALTER TABLE users DROP CONSTRAINT age_positive',
  'ALTER TABLE users DISABLE TRIGGER audit',
  'ALTER TABLE users ENABLE ROW LEVEL SECURITY',
  'ALTER TABLE users REPLICA IDENTITY FULL',
  'ALTER TABLE users SET UNLOGGED',
  'ALTER TABLE users SET SCHEMA other',
  'ALTER TABLE users RENAME TO people',
  'ALTER TABLE users RENAME COLUMN name TO label',
  'CREATE INDEX users_name ON users (name)',
  'CREATE UNIQUE INDEX users_mail ON users (email)',
  'DROP INDEX users_age',
  'REINDEX TABLE users',
  'CLUSTER users USING users_age',
  'TRUNCATE users',
  'DROP TABLE users CASCADE',
  'DELETE FROM users WHERE id = 1',
  "UPDATE users SET name = 'c' WHERE id = 1",
  "INSERT INTO users (id, email) VALUES (1000, 'y')",
  'LOCK TABLE users IN SHARE MODE',
  'LOCK TABLE users',
  'CREATE TRIGGER second BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION audit()',
  'DROP TRIGGER audit ON users',
  'CREATE POLICY other ON users USING (true)',
  'ALTER POLICY own ON users USING (true)',
  'DROP POLICY own ON users',
  'CREATE RULE second AS ON DELETE TO users WHERE false DO NOTHING',
  'DROP RULE nothing ON users',
  'CREATE TABLE notes (id bigint PRIMARY KEY, author bigint REFERENCES users (id))',
];

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
  await server.sql('postgres', `CREATE SCHEMA other; ${SCHEMA}`);
});
afterAll(() => server.remove());

/** The strongest lock that a statement takes on the table, and whether its file on disk is another afterwards. */
async function observed(statement: string): Promise<{ readonly lock: string; readonly rewrites: boolean }> {
  const output = await server.sql(
    'postgres',
    `SELECT 'users'::regclass::oid AS oid, relfilenode AS file FROM pg_class WHERE oid = 'users'::regclass \\gset
BEGIN;
${statement};
SELECT 'mode ' || mode FROM pg_locks WHERE relation = :oid AND pid = pg_backend_pid();
SELECT 'file ' || coalesce((SELECT relfilenode <> :file FROM pg_class WHERE oid = :oid), false);
ROLLBACK;
`,
  );
  const modes = [...output.matchAll(/^mode (\w+)Lock$/gm)].map(([, mode = '']) => {
    return mode.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toUpperCase();
  });
  const lock = LOCKS.findLast((mode) => modes.includes(mode)) ?? 'none';
  return { lock, rewrites: /^file true$/m.test(output) };
}

describe('says the lock that PostgreSQL takes on the table, and whether it writes it anew', () => {
  it.each(STATEMENTS)('%s', async (statement) => {
    const catalogue = emptyCatalogue();
    await follow(parser, SCHEMA, catalogue, 'base');
    const { statements } = await analyse(parser, `${statement};`, catalogue, 'new');
    const [effect] = statements;
    const { lock, rewrites } = await observed(statement);
    // TRUNCATE swaps the file for an empty one: nothing is written.
    const isEmptied = statement.startsWith('TRUNCATE');
    expect({ lock: effect?.lock ?? 'none', rewrites: effect?.rewrites }).toEqual({
      lock,
      rewrites: rewrites && !isEmptied,
    });
  });
});
