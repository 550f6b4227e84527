import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary.ts';
import { BASE_FILES, pullRequest, pullRequestEvent, repository, runJob, schemaOf, USER_MODEL } from './project.ts';

const file = (name: string) => `prisma/migrations/${name}/migration.sql`;
const DROP = '20260202000000_drop_name';
const WITHOUT_NAME = schemaOf(USER_MODEL.replace('  name String?\n', ''));
const DROP_SQL = '-- The name goes.\n\nALTER TABLE "User" DROP COLUMN "name";\n';

async function planned(
  changes: Readonly<Record<string, string | null>>,
  inputs: Readonly<Record<string, string>> = {},
  base: Readonly<Record<string, string>> = BASE_FILES,
) {
  const project = await repository(base);
  const commits = await pullRequest(project, changes);
  return runJob({ workspace: project.folder, inputs, event: pullRequestEvent(commits.base, commits.head) });
}

it('is red on a dropped column, and names statement, file and line', async () => {
  const { exitCode, log, outputs, summary } = await planned({
    'prisma/schema.prisma': WITHOUT_NAME,
    [file(DROP)]: DROP_SQL,
  });
  expect(exitCode).toBe(1);
  expect(log).toContain(
    `PIPE-MIGRATE-010: ${DROP} destroys data: User.name and its values are gone (line 3: ALTER TABLE "User" DROP COLUMN "name").`,
  );
  expect(log).toContain(`::error title=drop-column,file=${file(DROP)},line=3,col=1::`);
  expect(outputs).toMatchObject({ status: 'destructive', pending: '1', destructive: 'true', 'last-migration': DROP });
  expect(summary).toContain('ALTER TABLE &quot;User&quot; DROP COLUMN &quot;name&quot;');
  expect(summary).toContain('ACCESS EXCLUSIVE on');
  expect(JSON.parse(outputs['migrations'] ?? '')).toEqual({
    leftOut: 0,
    migrations: [
      {
        name: DROP,
        lock: 'ACCESS EXCLUSIVE',
        rewrites: false,
        destructive: true,
        allowed: false,
        gravest: {
          level: 'destructive',
          rule: 'drop-column',
          message: 'User.name and its values are gone',
          line: 3,
        },
      },
    ],
  });
});

it('is green when `allow-destructive` names the migration, and still says that it is destructive', async () => {
  const { exitCode, outputs, log } = await planned({ [file(DROP)]: DROP_SQL }, { 'allow-destructive': DROP });
  expect(exitCode).toBe(0);
  expect(outputs).toMatchObject({ status: 'destructive', destructive: 'true' });
  expect(log).toContain('::warning title=drop-column,file=');
});

it('is green when the file says why, and red when it gives no reason', async () => {
  const withReason = `-- pipelines:allow-destructive unused since release 12\n${DROP_SQL}`;
  const { exitCode, summary } = await planned({ [file(DROP)]: withReason });
  expect(exitCode).toBe(0);
  expect(summary).toContain('unused since release 12');
  const without = await planned({ [file(DROP)]: `-- pipelines:allow-destructive\n${DROP_SQL}` });
  expect(without.exitCode).toBe(1);
  expect(without.log).toContain('the comment in the file lacks its reason');
});

it('refuses a name in `allow-destructive` that no migration has, with the nearest', async () => {
  const { exitCode, log } = await planned({ [file(DROP)]: DROP_SQL }, { 'allow-destructive': `${DROP}s` });
  expect(exitCode).toBe(1);
  expect(log).toContain('PIPE-MIGRATE-004');
  expect(log).toContain(`\`${DROP}\` (nearest)`);
});

it('is green without new migrations, and on one that only creates tables', async () => {
  const none = await planned({ 'README.md': 'x\n' });
  expect(none).toMatchObject({ exitCode: 0, outputs: { status: 'none', pending: '0', destructive: 'false' } });
  const sql = 'CREATE TABLE "Note" ("id" BIGINT PRIMARY KEY);\nCREATE INDEX "Note_id" ON "Note"("id");\n';
  const created = await planned({ [file('20260301000000_note')]: sql });
  expect(created).toMatchObject({ exitCode: 0, outputs: { status: 'pending', pending: '1', destructive: 'false' } });
  expect(created.log).toContain('strongest lock none on tables with rows');
});

it('knows a table of an earlier new migration to be empty, and one of the base to have rows', async () => {
  const required = (table: string) => `ALTER TABLE "${table}" ADD COLUMN "age" INTEGER NOT NULL;\n`;
  const fresh = await planned({
    [file('20260301000000_note')]: 'CREATE TABLE "Note" ("id" BIGINT PRIMARY KEY);\n',
    [file('20260302000000_age')]: required('Note'),
  });
  expect(fresh.exitCode).toBe(0);
  const old = await planned({ [file('20260302000000_age')]: required('User') });
  expect(old.exitCode).toBe(1);
  expect(old.log).toContain('PIPE-MIGRATE-011: 20260302000000_age fails, or can’t be judged'.replace('’', "'"));
  expect(old.log).toContain('User.age is NOT NULL without a default: it fails when User has a row');
});

it('knows the old type of a column from the migrations of the base', async () => {
  const change = (type: string) => `ALTER TABLE "User" ALTER COLUMN "id" SET DATA TYPE ${type};\n`;
  const wider = await planned({ [file('20260301000000_wide')]: change('BIGINT') });
  expect(wider.exitCode).toBe(0);
  expect(wider.log).toContain('User.id changes from int4 to int8, so User is written anew under the lock');
  const narrower = await planned({ [file('20260301000000_narrow')]: change('SMALLINT') });
  expect(narrower.exitCode).toBe(1);
  expect(narrower.log).toContain('User.id changes from int4 to int2: values that do not fit are lost or make it fail');
});

it('is red when a migration of the base was edited or removed, unless it is named', async () => {
  const init = '20260101000000_init';
  const edited = await planned({ [file(init)]: `${BASE_FILES[file(init)]}-- more\n` });
  expect(edited.exitCode).toBe(1);
  expect(edited.log).toContain(`PIPE-MIGRATE-012: ${file(init)} is changed`);
  const removed = await planned({ [file(init)]: null });
  expect(removed.exitCode).toBe(1);
  expect(removed.log).toContain(`PIPE-MIGRATE-013: ${file(init)} is removed or renamed`);
  const named = await planned({ [file(init)]: null }, { 'allow-destructive': init });
  expect(named.exitCode).toBe(0);
});

it('says that a new migration sorts before one that is there', async () => {
  const { exitCode, summary } = await planned({ [file('20250101000000_late')]: 'SELECT 1;\n' });
  expect(exitCode).toBe(0);
  expect(summary).toContain('it sorts before 20260101');
});

it('works in a clone of depth 2, and says what to fetch in one of depth 1', async () => {
  const project = await repository();
  const { base, head } = await pullRequest(project, { [file(DROP)]: DROP_SQL });
  project.git('branch', 'merged', 'HEAD');
  for (const [depth, code] of [
    ['2', 'PIPE-MIGRATE-010'],
    ['1', 'PIPE-MIGRATE-002'],
  ] as const) {
    const clone = join(await temporaryFolder(), 'clone');
    const from = ['clone', '-q', '--depth', depth, '--branch', 'merged', `file://${project.folder}`, clone];
    execFileSync('git', from, { stdio: 'ignore' });
    const { exitCode, log } = await runJob({ workspace: clone, event: pullRequestEvent(base, head) });
    expect({ exitCode, code: /PIPE-MIGRATE-\d+/.exec(log)?.[0] }).toEqual({ exitCode: 1, code });
  }
});

it('compares a push with what the branch was before it', async () => {
  const project = await repository();
  const before = project.git('rev-parse', 'HEAD');
  await project.write({ [file('20260301000000_a')]: 'SELECT 1;\n' });
  project.commit('first');
  await project.write({ [file('20260302000000_b')]: 'SELECT 1;\n' });
  const after = project.commit('second');
  const payload = { ref: 'refs/heads/main', before, after, deleted: false };
  const { outputs } = await runJob({ workspace: project.folder, event: { name: 'push', payload } });
  expect(outputs).toMatchObject({ pending: '2' });
  const since = { 'changed-since': 'HEAD^' };
  const one = await runJob({ workspace: project.folder, inputs: since, event: { name: 'push', payload } });
  expect(one.outputs).toMatchObject({ pending: '1' });
});

it('finds schemas of several files, the folder that prisma.config names, and says what is no PostgreSQL', async () => {
  const sql = 'DROP TABLE "Old";\n';
  const several = await planned(
    { 'db/changes/2_drop/migration.sql': sql },
    { 'working-directory': 'apps/api' },
    {
      'apps/api/package.json': '{}',
      'apps/api/prisma.config.ts':
        "export default { schema: path.join('db', 'models'), migrations: { path: '../../db/changes' } };\n",
      'apps/api/db/models/base.prisma': schemaOf(),
      'apps/api/db/models/user.prisma': USER_MODEL,
      'db/changes/1_init/migration.sql': 'CREATE TABLE "Old" ();\n',
    },
  );
  expect(several.log).toContain('PIPE-MIGRATE-010: 2_drop destroys data');
  const mysql = await planned(
    { 'prisma/migrations/2_drop/migration.sql': 'DROP TABLE `Old`;\n' },
    {},
    { 'prisma/schema.prisma': 'datasource db {\n  provider = "mysql"\n}\n', 'package.json': '{}' },
  );
  expect(mysql.exitCode).toBe(0);
  expect(mysql.log).toContain(
    'not checked: what the SQL does: it is read for PostgreSQL only, and the provider is mysql',
  );
});

it('says where a schema is looked for when there is none', async () => {
  const { exitCode, log } = await planned({ 'b.txt': 'b' }, {}, { 'a.txt': 'a' });
  expect(exitCode).toBe(1);
  expect(log).toContain('PIPE-MIGRATE-001');
});

it('reads 500 migrations with the memory of a small runner', async () => {
  const names = Array.from({ length: 500 }, (_, index) => `2027${String(index).padStart(4, '0')}_step`);
  const sql = (name: string) => `CREATE TABLE "${name}" ("id" BIGINT PRIMARY KEY, "name" TEXT);\n`;
  const project = await repository({
    ...BASE_FILES,
    ...Object.fromEntries(names.map((name) => [file(name), sql(name)])),
  });
  const { base, head } = await pullRequest(project, { [file('20280101000000_last')]: 'DROP TABLE "20270000_step";\n' });
  const said = "process.on('exit', () => console.log(`peak ${process.resourceUsage().maxRSS} KiB`))";
  const { log, outputs } = await runJob({
    workspace: project.folder,
    event: pullRequestEvent(base, head),
    environment: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(said)}` },
  });
  expect(outputs).toMatchObject({ pending: '1', destructive: 'true' });
  expect(Number(/^peak (\d+) KiB$/m.exec(log)?.[1])).toBeLessThan(300 * 1024);
});

it('plans numbered files as other migrations, and says of programs that they are not read', async () => {
  const file = (name: string) => `scripts/migrations/${name}`;
  const project = await repository({
    [file('0001_users.sql')]: 'CREATE TABLE users (id bigint PRIMARY KEY, name text);\n',
    [file('2_old.sql')]: 'SELECT 1;\n',
    [file('3_gone.sql')]: 'SELECT 1;\n',
  });
  const { base, head } = await pullRequest(project, {
    [file('10_drop.sql')]: 'ALTER TABLE users DROP COLUMN name;\n',
    [file('0002_late.sql')]: 'SELECT 2;\n',
    [file('11_fill.mjs')]: 'process.exit(0);\n',
    [file('2_old.sql')]: 'SELECT 3;\n',
    [file('3_gone.sql')]: null,
    [file('10_drop.down.sql')]: 'DROP TABLE users;\n',
  });
  const event = pullRequestEvent(base, head);
  const { exitCode, log, outputs } = await runJob({ workspace: project.folder, inputs: { tool: 'script' }, event });
  expect(exitCode).toBe(1);
  expect(log).toContain(
    'PIPE-MIGRATE-010: 10_drop.sql destroys data: users.name and its values are gone (line 1: ALTER TABLE users DROP COLUMN name)',
  );
  expect(log).toContain(`PIPE-MIGRATE-012: ${file('2_old.sql')} is changed`);
  expect(log).toContain(`PIPE-MIGRATE-013: ${file('3_gone.sql')} is removed or renamed`);
  expect(log).toContain('not checked: what 11_fill.mjs does: it is a program');
  expect(outputs).toMatchObject({ pending: '3', destructive: 'true', 'last-migration': '11_fill.mjs' });
  const allowed = { tool: 'script', 'allow-destructive': '10_drop.sql\n2_old.sql\n3_gone.sql' };
  expect(await runJob({ workspace: project.folder, inputs: allowed, event })).toMatchObject({ exitCode: 0 });
});
