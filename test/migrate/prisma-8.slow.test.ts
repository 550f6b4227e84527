import { execFile } from 'node:child_process';
import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { installPrisma8 } from '../../tools/migrate/install.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { machine } from '../support/run-dist.ts';
import { databases, pullRequest, pullRequestEvent, repository, runJob } from './project.ts';

const CONTRACT = 'src/prisma/contract.prisma';
const MODEL =
  '// use prisma-8\n\nmodel User {\n  id Int @id @default(autoincrement())\n  email String @unique\n  name String?\n}\n';
const CONFIG = `import { definePrismaConfig } from '@prisma/cli-engine';
import { defineConfig } from '@prisma/orm-postgres/config';
export default definePrismaConfig({
  orm: defineConfig({ contract: './${CONTRACT}', db: { connection: process.env['DATABASE_URL'] ?? '' } }),
});
`;

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.remove());
const newDatabase = databases(() => server);

/** A project of Prisma 8 with one migration, planned by its own CLI. */
async function project() {
  const made = await repository({
    'package.json': '{"name": "shop", "private": true, "type": "module"}\n',
    '.gitignore': 'node_modules\n',
    'prisma.config.ts': CONFIG,
    [CONTRACT]: MODEL,
  });
  await symlink(await installPrisma8(), join(made.folder, 'node_modules'));
  const migrations = join(made.folder, 'migrations/app');
  const prisma = (...args: readonly string[]) =>
    promisify(execFile)(join(made.folder, 'node_modules/.bin/prisma'), [...args, '--no-interactive'], {
      cwd: made.folder,
      env: { ...machine(), DO_NOT_TRACK: '1', DATABASE_URL: server.url('postgres') },
    });
  /** Plans what the contract has new; the name of the migration. */
  const plan = async (name: string, model: string): Promise<string> => {
    const before = await readdir(migrations).catch((): string[] => []);
    await writeFile(join(made.folder, CONTRACT), model);
    await prisma('contract', 'emit');
    const from = before.sort().at(-1);
    await prisma('migration', 'plan', '--name', name, ...(from === undefined ? [] : ['--from', from]));
    return (await readdir(migrations)).find((one) => !before.includes(one)) ?? '';
  };
  const init = await plan('init', MODEL);
  made.commit('init');
  return { ...made, plan, init };
}

it('applies with Prisma 8, finds nothing to do on the next run, and leaves nothing of what failed', async () => {
  const { folder, plan, init } = await project();
  const { name, apply } = await newDatabase();
  const first = await apply(folder);
  expect(first).toMatchObject({
    exitCode: 0,
    outputs: { status: 'applied', applied: '1', pending: '0', 'last-migration': init },
  });
  expect(first.log).toContain('prisma db migrate (8.');
  expect(await apply(folder)).toMatchObject({ exitCode: 0, outputs: { status: 'none', applied: '0', pending: '0' } });
  const drop = await plan('drop_name', MODEL.replace('  name String?\n', ''));
  await server.sql(name, 'CREATE VIEW names AS SELECT name FROM "User"');
  const failed = await apply(folder);
  expect(failed).toMatchObject({
    exitCode: 1,
    outputs: { status: 'failed', applied: '0', pending: '1', 'failed-migration': drop, 'last-migration': init },
  });
  expect(failed.outputs['failed-statement']).toBe('ALTER TABLE "public"."User" DROP COLUMN "name"');
  expect(failed.log).toMatch(/PIPE-MIGRATE-047: `prisma db migrate` ended with \d+: .*cannot drop column name/);
  await server.sql(name, 'DROP VIEW names');
  const again = await apply(folder);
  expect(again).toMatchObject({ exitCode: 0, outputs: { applied: '1', destructive: 'true', 'last-migration': drop } });
});

it('lets one of two appliers of Prisma 8 apply; the other sees nothing to do', async () => {
  const { folder } = await project();
  const { apply } = await newDatabase();
  const outcomes = await Promise.all([apply(folder), apply(folder)]);
  expect(outcomes.map(({ exitCode, outputs }) => [exitCode, outputs['applied']]).sort()).toEqual([
    [0, '0'],
    [0, '1'],
  ]);
});

it('is red on a column that a migration of Prisma 8 drops, and names its statement and its line', async () => {
  const made = await project();
  const drop = await made.plan('drop_name', MODEL.replace('  name String?\n', ''));
  const file = `migrations/app/${drop}/ops.json`;
  const text = await readFile(join(made.folder, file), 'utf8');
  const line = text.split('\n').findIndex((one) => one.includes('"sql": "ALTER TABLE')) + 1;
  const { base, head } = await pullRequest(made, {});
  const { exitCode, log, outputs } = await runJob({ workspace: made.folder, event: pullRequestEvent(base, head) });
  expect(exitCode).toBe(1);
  expect(outputs).toMatchObject({ status: 'destructive', verdicts: `${drop}: destroys data` });
  expect(log).toContain(
    `PIPE-MIGRATE-010: ${drop} destroys data: User.name and its values are gone (line ${line}: ALTER TABLE "public"."User" DROP COLUMN "name")`,
  );
  expect(log).toContain('not checked: whether the contract and the migrations agree');
});

it('says that Prisma 8 does not apply the migrations of Prisma 7', async () => {
  const { folder } = await repository();
  await symlink(await installPrisma8(), join(folder, 'node_modules'));
  const { apply } = await newDatabase();
  const { exitCode, log } = await apply(folder);
  expect(exitCode).toBe(1);
  expect(log).toMatch(/PIPE-MIGRATE-048: Prisma .*8\.0\.0.* is installed, and the migrations are those of Prisma 7/);
});
