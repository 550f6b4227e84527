import { execFile, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { PRISMA_ERRORS, prismaCode } from '../../src/migrate/prisma-errors.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';
import { addPrisma, BASE_FILES, ENGINE, runJob } from './project.ts';

const CONFIG = `import { defineConfig } from 'prisma/config';
const { DATABASE_URL = '', SHADOW_DATABASE_URL } = process.env;
const shadow = SHADOW_DATABASE_URL === undefined ? {} : { shadowDatabaseUrl: SHADOW_DATABASE_URL };
export default defineConfig({ schema: 'prisma/schema.prisma', datasource: { url: DATABASE_URL, ...shadow } });
`;
const BAD = 'prisma/migrations/20260202000000_bad/migration.sql';

let server: Postgres;
let folder = '';
let database = '';
let count = 0;
beforeAll(async () => {
  server = await startPostgres();
  await server.sql('postgres', `CREATE ROLE poor LOGIN PASSWORD 'pass-of-poor'`);
});
afterAll(() => server.remove());
beforeEach(async () => {
  count += 1;
  database = `errors_${count}`;
  await server.sql('postgres', `CREATE DATABASE ${database}`);
  folder = await temporaryFolder();
  await writeFiles(folder, { ...BASE_FILES, 'prisma.config.ts': CONFIG });
  await addPrisma(folder);
});

async function prisma(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const env = {
    ...process.env,
    NO_COLOR: '1',
    PRISMA_SCHEMA_ENGINE_BINARY: ENGINE,
    DATABASE_URL: server.url(database),
    ...environment,
  };
  return new Promise((resolve) => {
    const program = join(folder, 'node_modules/.bin/prisma');
    execFile(program, ['migrate', ...args], { cwd: folder, env, timeout: 60_000 }, (_error, stdout, stderr) => {
      resolve(`${stdout}\n${stderr}`);
    });
  });
}

/** The code that the real CLI prints is found, and means something. */
async function meets(code: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const output = await prisma(args, environment);
  expect({ code: prismaCode(output), output }).toMatchObject({ code });
  expect(PRISMA_ERRORS[code]).toMatchObject({ what: expect.stringMatching(/\w/), remedy: expect.stringMatching(/\w/) });
}

/** Holds Prisma's lock on the database until it is asked to give it back. */
async function holdLock(): Promise<() => Promise<void>> {
  const query = 'SELECT pg_advisory_lock(72707369); SELECT pg_sleep(600)';
  spawn(join(server.programs, 'psql'), ['-X', '-q', server.url(database), '-c', query], { stdio: 'ignore' });
  const held = `FROM pg_locks WHERE objid = 72707369 AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = '${database}')`;
  await server.until(`SELECT count(*) ${held}`, '1');
  return async () => {
    await server.sql('postgres', `SELECT pg_terminate_backend(pid) ${held}`);
  };
}

it('knows P1002 of the real CLI, which gives up after ten seconds while somebody holds the lock', async () => {
  const release = await holdLock();
  await meets('P1002', ['deploy']);
  await release();
});

it('asks the CLI again when somebody was faster than it in taking the lock', async () => {
  let held: Promise<() => Promise<void>> | undefined;
  const { exitCode, log, outputs } = await runJob({
    workspace: folder,
    event: { name: 'push', payload: {} },
    inputs: { mode: 'apply', 'database-url': server.url(database), timeout: '120s' },
    when: [
      /prisma migrate deploy/,
      () => {
        held = holdLock();
      },
    ],
    afterwards: [/P1002: the CLI is asked again/, () => void held?.then((release) => release())],
  });
  expect(log).toContain('P1002: the CLI is asked again');
  expect({ exitCode, outputs }).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
});

it('knows P1000, P1001 and P1003 of the real CLI', async () => {
  await meets('P1000', ['deploy'], { DATABASE_URL: server.url(database).replace('pass-', 'past-') });
  await meets('P1001', ['deploy'], { DATABASE_URL: 'postgresql://a:b@127.0.0.1:1/shop' });
  await meets('P1003', ['deploy'], { DATABASE_URL: server.url('nowhere') });
});

it('knows P3005, P3009 and what resolving answers: P3008, P3011, P3012, P3017', async () => {
  await prisma(['deploy']);
  await meets('P3008', ['resolve', '--applied', '20260101000000_init']);
  await meets('P3012', ['resolve', '--rolled-back', '20260101000000_init']);
  await meets('P3017', ['resolve', '--applied', '20269999000000_nothing']);
  await writeFiles(folder, { [BAD]: 'ALTER TABLE "Nobody" ADD COLUMN "a" TEXT;\n' });
  await meets('P3011', ['resolve', '--rolled-back', '20260202000000_bad']);
  await prisma(['deploy']);
  await meets('P3009', ['deploy']);
  await server.sql(database, 'DROP TABLE _prisma_migrations');
  await meets('P3005', ['deploy']);
});

it('knows P3006 and P3014 of the shadow database, P3015 of a file that is missing and P3019 of another provider', async () => {
  const diff = ['diff', '--from-migrations', 'prisma/migrations', '--to-schema', 'prisma/schema.prisma'];
  await writeFiles(folder, { [BAD]: 'ALTER TABLE "Nobody" ADD COLUMN "a" TEXT;\n' });
  await server.sql('postgres', `CREATE DATABASE ${database}_shadow`);
  await meets('P3006', diff, { SHADOW_DATABASE_URL: server.url(`${database}_shadow`) });
  await rm(join(folder, BAD));
  await meets('P3015', ['deploy']);
  await writeFiles(folder, { [BAD]: 'SELECT 1;\n' });
  const poor = server.url(database).replace(/postgres:[^@]+@/, 'poor:pass-of-poor@');
  await meets('P3014', diff, { DATABASE_URL: poor });
  await writeFiles(folder, { 'prisma/migrations/migration_lock.toml': 'provider = "mysql"\n' });
  await meets('P3019', ['deploy']);
});
