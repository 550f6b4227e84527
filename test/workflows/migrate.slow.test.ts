import { spawn } from 'node:child_process';
import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { root } from '../../tools/install/root.ts';
import { installPrisma } from '../../tools/migrate/install.ts';
import { ENGINE } from '../migrate/project.ts';
import { copyExample, startRelease } from '../support/note-service.ts';
import { PASSWORD, type Postgres, startPostgres } from '../support/postgres.ts';
import { commitAll } from '../support/project.ts';
import { machine } from '../support/run-dist.ts';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';

/** Five whole runs, each with installs, on a machine that has other things to do. */
vi.setConfig({ testTimeout: 1_200_000 });

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
  await server.sql('postgres', 'CREATE DATABASE notes');
});
afterAll(() => server.remove());

const migration = (name: string) => `prisma/migrations/${name}/migration.sql`;

/** The example as a repository of its own, whose Prisma finds its engine on this machine. */
async function example(): Promise<string> {
  const project = await temporaryFolder();
  await copyExample(project);
  const config = await readFile(join(project, 'prisma.config.ts'), 'utf8');
  const engine = `// biome-ignore format: the length of a path\nprocess.env.PRISMA_SCHEMA_ENGINE_BINARY = '${ENGINE}';\n`;
  await writeFile(join(project, 'prisma.config.ts'), `${config}\n${engine}`);
  commitAll(project);
  return project;
}

/** Runs what `npm start` runs. */
function start(
  project: string,
  event: string,
  ...inputs: string[]
): Promise<{ status: number | null; output: string }> {
  const place = ['--project', project, '--repository', 'acme/note-service', '--event', event];
  const given = inputs.flatMap((input) => ['--input', input]);
  const child = spawn(process.execPath, [join(root, 'dist/local.js'), ...place, ...given, '--secret', 'database-url'], {
    cwd: root,
    env: { ...machine(), DATABASE_URL: server.url('notes') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  }
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, output })));
}

/** What the checks of the example say is seen once; the other runs are about the migrations. */
const NO_GATE = 'gate=off';
/** The job that applies installs all the same. */
const NO_SETUP = 'setup=off';
const MIGRATE = 'migrate=timeout: 2m';

it('`npm start` applies on a push and nothing on the next; a pull request that drops a column is red', async () => {
  const project = await example();
  const first = await start(project, 'push', MIGRATE);
  expect(first.status, first.output).toBe(0);
  for (const line of ['setup', 'format', 'lint', 'typecheck', 'test', 'build']) {
    expect(first.output).toMatch(new RegExp(`│ ${line} +│ ✅\\sdone`));
  }
  expect(first.output).toMatch(/│ migration +│ ✅\sdone +│ status applied, applied 3/);

  // The release of this commit goes on running while the next ones are prepared.
  const previous = await temporaryFolder();
  await copyExample(previous);
  await symlink(await installPrisma(), join(previous, 'node_modules'));
  const release = await startRelease(previous, server.url('notes'));
  onTestFinished(release.stop);
  expect(await release.smoke()).toEqual([]);

  const schema = await readFile(join(project, 'prisma/schema.prisma'), 'utf8');
  const dropping = migration('20260401000000_drop_name');
  await writeFiles(project, {
    'prisma/schema.prisma': schema.replace(/^ +name +String\?\n/m, ''),
    [dropping]: '-- AlterTable\nALTER TABLE "User" DROP COLUMN "name";\n',
  });
  const dropped = await start(project, 'pull_request', NO_GATE);
  expect(dropped.status, dropped.output).toBe(1);
  expect(dropped.output).toContain(
    'PIPE-MIGRATE-010: 20260401000000_drop_name destroys data: User.name and its values are gone (line 2: ALTER TABLE "User" DROP COLUMN "name")',
  );
  expect(dropped.output).toMatch(/│ migrations +│ ❌\sfailed +│ 1 new/);
  await rm(join(project, dirname(dropping)), { recursive: true });

  await writeFiles(project, {
    'prisma/schema.prisma': schema.replace(/^( +title .*\n)/m, '$1  pinned Boolean @default(false)\n'),
    [migration('20260402000000_pinned')]: 'ALTER TABLE "Note" ADD COLUMN "pinned" BOOLEAN NOT NULL DEFAULT false;\n',
    [migration('20260403000000_newest')]: 'CREATE INDEX CONCURRENTLY "Note_createdAt_idx" ON "Note"("createdAt");\n',
  });
  const second = await start(project, 'push', NO_GATE, NO_SETUP, MIGRATE);
  expect(second.status, second.output).toBe(0);
  expect(second.output).toMatch(/│ migration +│ ✅\sdone +│ status applied, applied 2/);
  expect(await server.sql('notes', 'SELECT count(*) FROM _prisma_migrations')).toBe('5');
  const third = await start(project, 'push', NO_GATE, NO_SETUP, MIGRATE);
  expect(third.status, third.output).toBe(0);
  expect(third.output).toMatch(/│ migration +│ ✅\sdone +│ status none, applied 0/);

  expect(await release.smoke()).toEqual([]);

  await writeFiles(project, { [migration('20260404000000_bad')]: 'ALTER TABLE "Nobody" ADD COLUMN "a" TEXT;\n' });
  const failed = await start(project, 'push', NO_GATE, NO_SETUP, MIGRATE);
  expect(failed.status, failed.output).toBe(1);
  // What `report` says of it: the name and the statement.
  const report = /error +PIPE-REPORT-002: (.*)/.exec(failed.output)?.[1] ?? failed.output;
  expect(report).toContain('PIPE-MIGRATE-031: the migration 20260404000000_bad failed');
  expect(report).toContain('It stopped at line 1: ALTER TABLE "Nobody" ADD COLUMN "a" TEXT');
  for (const { output } of [failed, first, dropped, second, third]) expect(output).not.toContain(PASSWORD);
});
