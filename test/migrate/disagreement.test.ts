import { expect, it } from 'vitest';
import {
  addPrisma,
  BASE_FILES,
  pullRequest,
  pullRequestEvent,
  repository,
  runJob,
  schemaOf,
  USER_MODEL,
} from './project.ts';

const CONFIG = `import { defineConfig } from 'prisma/config';
export default defineConfig({ schema: 'prisma/schema.prisma', datasource: { url: process.env['DATABASE_URL'] ?? '' } });
`;

async function compared(changes: Readonly<Record<string, string>>) {
  const project = await repository({ ...BASE_FILES, 'prisma.config.ts': CONFIG });
  await addPrisma(project.folder);
  await project.write({ '.gitignore': 'node_modules\n' });
  const { base, head } = await pullRequest(project, changes);
  return runJob({ workspace: project.folder, event: pullRequestEvent(base, head) });
}

const migration = (sql: string) => ({ 'prisma/migrations/20260202000000_change/migration.sql': sql });

it('is red when the schema changed and no migration was made, by what the project’s own CLI writes', async () => {
  const { exitCode, log } = await compared({
    'prisma/schema.prisma': schemaOf(USER_MODEL.replace('name String?', 'name String\n  age Int @default(0)')),
  });
  expect(exitCode).toBe(1);
  expect(log).toContain('PIPE-MIGRATE-014: prisma/schema.prisma and the migrations disagree');
  expect(log).toContain('User.name is required in the schema and optional in the migrations');
  expect(log).toContain('no migration adds the column User.age');
});

it('is green when they agree: relations, enums, indexes, arrays, several schemas, renamed names', async () => {
  const models = `enum Role {\n  USER\n  ADMIN\n  @@map("role")\n}
model Team {\n  id BigInt @id\n  users User[]\n  labels String[]\n  price Decimal @db.Decimal(10, 2)\n}\n`;
  const user = USER_MODEL.replace(
    'name String?',
    'name String?\n  role Role @default(USER)\n  teamId BigInt\n  team Team @relation(fields: [teamId], references: [id])\n  @@index([teamId, role])',
  );
  const sql = `CREATE TYPE "role" AS ENUM ('USER', 'ADMIN');
CREATE TABLE "Squad" ("id" BIGINT NOT NULL, "labels" TEXT[], "price" DECIMAL(10,2) NOT NULL, CONSTRAINT "Team_pkey" PRIMARY KEY ("id"));
ALTER TABLE "Squad" RENAME TO "Team";
-- pipelines:allow-destructive the table is empty
ALTER TABLE "User" ADD COLUMN "role" "role" NOT NULL DEFAULT 'USER', ADD COLUMN "team" BIGINT NOT NULL;
ALTER TABLE "User" RENAME COLUMN "team" TO "teamId";
CREATE INDEX "User_teamId_role_idx" ON "User"("teamId", "role");
ALTER TABLE "User" ADD CONSTRAINT "User_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id");
`;
  const { exitCode, log } = await compared({ 'prisma/schema.prisma': schemaOf(user, models), ...migration(sql) });
  expect(log).not.toContain('schema and migrations:');
  expect(log).not.toContain('not checked');
  expect(exitCode).toBe(0);
});

it('tells what only migrations have, and stays green: somebody may have written it by hand', async () => {
  const { exitCode, log } = await compared(migration('CREATE TABLE "audit" ("at" timestamptz);\n'));
  expect(log).toContain('schema and migrations: the schema has no table audit (may be meant so)');
  expect(exitCode).toBe(0);
});

it('says that it did not compare when the CLI is not installed or fails', async () => {
  const project = await repository();
  const { base, head } = await pullRequest(project, migration('SELECT 1;\n'));
  const { exitCode, log } = await runJob({ workspace: project.folder, event: pullRequestEvent(base, head) });
  expect(exitCode).toBe(0);
  expect(log).toContain("not checked: whether schema.prisma and the migrations agree: Prisma's CLI is not installed");
  const broken = await compared({ 'prisma/schema.prisma': schemaOf('model Broken {\n'), ...migration('SELECT 1;\n') });
  expect(broken.exitCode).toBe(0);
  expect(broken.log).toContain(
    'not checked: whether schema.prisma and the migrations agree: prisma migrate diff ended with 1',
  );
});
