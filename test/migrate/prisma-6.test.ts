import { symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { installPrisma6 } from '../../tools/migrate/install.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import {
  BASE_FILES,
  databases,
  pullRequest,
  pullRequestEvent,
  repository,
  runJob,
  schemaOf,
  USER_MODEL,
} from './project.ts';

const SCHEMA = schemaOf(USER_MODEL).replace('\n}', '\n  url = env("DATABASE_URL")\n}');
const file = (name: string) => `prisma/migrations/${name}/migration.sql`;

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.remove());
const newDatabase = databases(() => server);

/** A project of Prisma 6: the address stands in the schema, there is no prisma.config. */
async function project() {
  const made = await repository({ ...BASE_FILES, 'prisma/schema.prisma': SCHEMA });
  const modules = await installPrisma6();
  await symlink(modules, join(made.folder, 'node_modules'));
  // Its CLI would fetch an engine for queries, which migrating does not use.
  const unused = join(made.folder, '.git', 'unused.node');
  await writeFile(unused, '');
  const environment = {
    SCHEMA_ENGINE_PACKAGES: join(dirname(modules), 'package.json'),
    PRISMA_QUERY_ENGINE_LIBRARY: unused,
  };
  return { ...made, environment };
}

it('applies with Prisma 6, finds nothing to do on the next run, and names what failed and fails until it is resolved', async () => {
  const { folder, write, environment } = await project();
  const { apply } = await newDatabase();
  const first = await apply(folder, { environment });
  expect(first).toMatchObject({ exitCode: 0, outputs: { status: 'applied', applied: '1' } });
  expect(first.log).toContain('prisma migrate deploy (6.');
  expect(await apply(folder, { environment })).toMatchObject({ exitCode: 0, outputs: { status: 'none' } });
  await write({ [file('20260202000000_bad')]: 'ALTER TABLE "Nobody" ADD COLUMN "a" TEXT;\n' });
  const failed = await apply(folder, { environment });
  expect(failed).toMatchObject({
    exitCode: 1,
    outputs: {
      'failed-migration': '20260202000000_bad',
      'failed-statement': 'line 1: ALTER TABLE "Nobody" ADD COLUMN "a" TEXT',
    },
  });
  expect((await apply(folder, { environment })).log).toContain('(Prisma: P3009)');
});

it('compares the schema with the migrations by Prisma 6', async () => {
  const made = await project();
  const change = { 'prisma/schema.prisma': SCHEMA.replace('  name String?\n', '  name String?\n  age Int?\n') };
  const { base, head } = await pullRequest(made, change);
  const { exitCode, log } = await runJob({
    workspace: made.folder,
    event: pullRequestEvent(base, head),
    environment: made.environment,
  });
  expect(exitCode).toBe(1);
  expect(log).toMatch(/PIPE-MIGRATE-014: prisma\/schema\.prisma and the migrations disagree: .*age/);
});
