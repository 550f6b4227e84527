import { readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyse, follow } from '../../src/migrate/analyse.ts';
import { emptyCatalogue } from '../../src/migrate/catalogue.ts';
import { installPrisma } from '../../tools/migrate/install.ts';
import { copyExample, EXAMPLE, startRelease } from '../support/note-service.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { writeFiles } from '../support/temporary.ts';
import { databases, newFolder, parser, runJob } from './project.ts';

const MIGRATIONS = 'prisma/migrations';

let server: Postgres;
/** The release that serves, with its migrations. */
let folder: string;
/** A database that has them. */
let migrated: string;
beforeAll(async () => {
  server = await startPostgres();
  folder = await newFolder();
  await copyExample(folder);
  await symlink(await installPrisma(), join(folder, 'node_modules'));
  const { name, apply } = await databases(() => server)();
  const applied = await apply(folder);
  expect(applied, applied.log).toMatchObject({ exitCode: 0, outputs: { applied: '3' } });
  migrated = name;
});
afterAll(() => server.remove());

let copies = 0;
async function copyOfDatabase(): Promise<string> {
  copies += 1;
  const name = `notes_${copies}`;
  await server.sql('postgres', `CREATE DATABASE ${name} TEMPLATE ${migrated}`);
  return name;
}

/** What the plan says of a new migration of the example. */
async function levels(sql: string): Promise<readonly string[]> {
  const catalogue = emptyCatalogue();
  const names = (await readdir(join(EXAMPLE, MIGRATIONS), { withFileTypes: true })).filter((one) => one.isDirectory());
  for (const { name } of names.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    await follow(parser, await readFile(join(EXAMPLE, MIGRATIONS, name, 'migration.sql'), 'utf8'), catalogue, name);
  }
  const { findings } = await analyse(parser, sql, catalogue, 'new');
  return findings.map(({ level }) => level);
}

/** A release answers its smoke, the database is migrated, and the same process is asked again. */
async function smokeAfter(database: string, migrate: () => Promise<unknown>): Promise<readonly string[]> {
  const release = await startRelease(folder, server.url(database));
  try {
    expect(await release.smoke()).toEqual([]);
    await migrate();
    return await release.smoke();
  } finally {
    await release.stop();
  }
}

const COMPATIBLE: Readonly<Record<string, string>> = {
  '20260401000000_nullable': 'ALTER TABLE "Note" ADD COLUMN "color" TEXT;',
  '20260402000000_default': 'ALTER TABLE "Note" ADD COLUMN "pinned" BOOLEAN NOT NULL DEFAULT false;',
  '20260403000000_index': 'CREATE INDEX CONCURRENTLY "Note_createdAt_idx" ON "Note"("createdAt");',
  '20260404000000_table':
    'CREATE TABLE "Tag" ("id" SERIAL PRIMARY KEY, "noteId" INTEGER NOT NULL REFERENCES "Note"("id"));',
  '20260405000000_wider': 'ALTER TABLE "Note" ALTER COLUMN "createdAt" TYPE TIMESTAMPTZ(6);',
};

const INCOMPATIBLE = [
  ['ALTER TABLE "Note" RENAME COLUMN "title" TO "heading"', 'incompatible'],
  ['ALTER TABLE "Note" RENAME TO "Notes"', 'incompatible'],
  ['ALTER TABLE "Note" DROP COLUMN "title"', 'destructive'],
  ['ALTER TABLE "Note" ADD COLUMN "kind" TEXT NOT NULL', 'failing'],
  [`ALTER TABLE "Note" ADD CONSTRAINT short CHECK (length(text) < 3) NOT VALID`, 'incompatible'],
  ['ALTER TABLE "User" DROP CONSTRAINT "User_pkey" CASCADE, ALTER COLUMN "id" DROP DEFAULT', 'incompatible'],
] as const;

describe('the release that serves', () => {
  it('answers its smoke on a database that is migrated for the next one, as the plan says', async () => {
    const database = await copyOfDatabase();
    const files = Object.entries(COMPATIBLE).map(([name, sql]) => [`${MIGRATIONS}/${name}/migration.sql`, `${sql}\n`]);
    const next = await newFolder();
    await copyExample(next);
    await symlink(await installPrisma(), join(next, 'node_modules'));
    await writeFiles(next, Object.fromEntries(files));
    const inputs = { mode: 'apply', 'database-url': server.url(database) };
    const apply = async () => {
      const { outputs, log } = await runJob({ workspace: next, event: { name: 'push', payload: {} }, inputs });
      expect(outputs, log).toMatchObject({ applied: '5' });
    };
    expect(await smokeAfter(database, apply)).toEqual([]);
    for (const sql of Object.values(COMPATIBLE)) {
      for (const level of ['destructive', 'failing', 'incompatible'])
        expect(await levels(sql), sql).not.toContain(level);
    }
  });

  it.each(INCOMPATIBLE)('does not after: %s, which the plan calls %s', async (sql, level) => {
    expect(await levels(`${sql};`)).toContain(level);
    const database = await copyOfDatabase();
    // A table without rows takes what one with rows refuses: there the migration fails, and nothing changes.
    const empty = 'TRUNCATE "Note", "User";';
    const faults = await smokeAfter(database, () => server.sql(database, `${empty} ${sql};`));
    expect(faults.join('\n')).toMatch(/^(POST|GET) \/notes answered 500/m);
  });
});
