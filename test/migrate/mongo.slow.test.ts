import { execFile } from 'node:child_process';
import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../tools/install/root.ts';
import { installMongoDriver } from '../../tools/migrate/mongo.ts';
import { type Mongo, startMongo } from '../support/mongo.ts';
import { machine, runStep } from '../support/run-dist.ts';
import { writeFiles } from '../support/temporary.ts';
import { type Job, newFolder, type Outcome, runJob } from './project.ts';

let server: Mongo;
beforeAll(async () => {
  server = await startMongo();
});
afterAll(() => server.remove());

const file = (name: string) => `scripts/migrations/${name}`;

/** A migration as projects write them: their own driver, the address from the environment. */
const program = (work: string) => `import { MongoClient } from 'mongodb';
const client = new MongoClient(process.env.MONGODB_URI);
const db = client.db();
${work}
await client.close();
`;
const insert = (id: number) => program(`await db.collection('users').insertOne({ _id: ${id}, name: 'a' });`);

let count = 0;

/** A project with a database of its own. */
async function project(files: Readonly<Record<string, string>>) {
  const folder = await newFolder();
  await writeFiles(folder, { 'package.json': '{"type": "module"}\n', ...files });
  await symlink(await installMongoDriver(), join(folder, 'node_modules'));
  count += 1;
  const url = server.url(`shop_${count}`);
  const apply = (more: Partial<Job> = {}): Promise<Outcome> =>
    runJob({
      workspace: folder,
      event: { name: 'push', payload: {} },
      ...more,
      inputs: { tool: 'script', mode: 'apply', 'database-url': url, timeout: '60s', ...more.inputs },
    });
  /** What an expression over `db` is, as JSON. */
  const ask = async (expression: string): Promise<unknown> => {
    const code = program(`process.stdout.write(JSON.stringify(await ${expression}));`);
    const options = { cwd: folder, env: { ...machine(), MONGODB_URI: url } };
    const { stdout } = await promisify(execFile)('node', ['--input-type=module', '--eval', code], options);
    return JSON.parse(stdout);
  };
  const write = (more: Readonly<Record<string, string>>) => writeFiles(folder, more);
  return { folder, url, apply, ask, write };
}

const names = `db.collection('pipelines_migrations').find({appliedAt: {$ne: null}}).toArray().then((all) => all.map((one) => one._id).sort())`;

describe('numbered files in MongoDB', { concurrent: true, timeout: 300_000 }, () => {
  it('are applied once each, by their numbers, and the next run finds nothing to do', async () => {
    const rename = program("await db.collection('users').updateMany({}, { $set: { name: 'b' } });");
    const { apply, ask, write } = await project({ [file('0010_rename.mjs')]: rename, [file('2_user.mjs')]: insert(1) });
    const first = await apply();
    expect(first).toMatchObject({
      exitCode: 0,
      outputs: { status: 'applied', applied: '2', pending: '0', 'last-migration': '0010_rename.mjs' },
    });
    expect(await ask(`db.collection('users').find().toArray()`)).toEqual([{ _id: 1, name: 'b' }]);
    expect(await apply()).toMatchObject({ exitCode: 0, outputs: { status: 'none', applied: '0' } });
    await write({ [file('11_more.mjs')]: insert(2) });
    const third = await apply();
    expect(JSON.parse(third.outputs['migrations'] ?? '')).toEqual({
      after: '0010_rename.mjs',
      migrations: [{ name: '11_more.mjs', destructive: false }],
      leftOut: 0,
    });
    expect(await ask(`db.collection('pipelines_migrations_lock').countDocuments()`)).toBe(0);
  });

  it('are applied by exactly one of two runs; the other waits, and sees nothing to do', async () => {
    const slow = program(
      `await new Promise((resolve) => setTimeout(resolve, 3000));\n${'await db.collection("users").insertOne({ _id: 1 });'}`,
    );
    const { apply } = await project({ [file('1_slow.mjs')]: slow });
    const outcomes = await Promise.all([apply(), apply()]);
    expect(outcomes.map(({ exitCode, outputs }) => [exitCode, outputs['applied']]).sort()).toEqual([
      [0, '0'],
      [0, '1'],
    ]);
    expect(outcomes.map(({ log }) => log).join('\n')).toMatch(
      /waiting: another migration holds the lock, .*, since 20/,
    );
  });

  it('name the one that failed and how to go on; until then later runs say so', async () => {
    const { apply, ask, write } = await project({
      [file('1_user.mjs')]: insert(1),
      [file('2_same.mjs')]: insert(1),
      [file('3_last.mjs')]: insert(3),
    });
    const failed = await apply();
    expect(failed).toMatchObject({
      exitCode: 1,
      outputs: { status: 'failed', applied: '1', pending: '2', 'failed-migration': '2_same.mjs' },
    });
    expect(failed.log).toContain('PIPE-MIGRATE-041');
    expect(failed.log).toContain('db.pipelines_migrations.deleteOne({"_id":"2_same.mjs"})');
    const blocked = await apply();
    expect(blocked.log).toMatch(/PIPE-MIGRATE-038: .*2_same\.mjs.* was begun earlier and never ended/);
    await ask(`db.collection('pipelines_migrations').deleteOne({ _id: '2_same.mjs' })`);
    await write({ [file('2_same.mjs')]: insert(2) });
    expect(await apply()).toMatchObject({ exitCode: 0, outputs: { applied: '2' } });
    expect(await ask(names)).toEqual(['1_user.mjs', '2_same.mjs', '3_last.mjs']);
  });

  it('give the lock back when the run is cancelled, and are begun and not ended then', async () => {
    const { apply } = await project({
      [file('1_slow.mjs')]: program('console.log("at work"); await new Promise((end) => setTimeout(end, 600000));'),
    });
    const cancelled = await apply({ when: [/at work/, (kill) => kill('SIGINT')] });
    expect(cancelled.exitCode).not.toBe(0);
    const { log } = await apply({ inputs: { timeout: '20s' } });
    expect(log).toMatch(/PIPE-MIGRATE-038: .*1_slow\.mjs/);
  });

  it('are ended when somebody takes the lock away, and take that of a run that was lost a minute ago', async () => {
    const lock = `db.collection('pipelines_migrations_lock')`;
    const { apply, ask, write } = await project({
      [file('1_slow.mjs')]: program('console.log("at work"); await new Promise((end) => setTimeout(end, 600000));'),
    });
    const lost = await apply({ when: [/at work/, () => void ask(`${lock}.deleteOne({ _id: 'lock' })`)] });
    expect(lost).toMatchObject({ exitCode: 1, outputs: { status: 'failed', 'failed-migration': '1_slow.mjs' } });
    expect(lost.log).toMatch(/PIPE-MIGRATE-053: the lock was lost while .*1_slow\.mjs/);
    await ask(`db.collection('pipelines_migrations').deleteOne({ _id: '1_slow.mjs' })`);
    await ask(`${lock}.insertOne({ _id: 'lock', holder: 'a lost run', until: new Date(Date.now() - 1000) })`);
    await write({ [file('1_slow.mjs')]: insert(1) });
    expect(await apply({ inputs: { timeout: '20s' } })).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
    await ask(`${lock}.insertOne({ _id: 'lock', holder: 'another run', until: new Date(Date.now() + 600000) })`);
    const refused = await apply({ inputs: { timeout: '1s' } });
    expect(refused.log).toMatch(/PIPE-MIGRATE-030: another migration holds the lock: another run/);
  });

  it('are red when one was edited after it was applied, until it is named', async () => {
    const { apply, write } = await project({ [file('1_user.mjs')]: insert(1) });
    expect(await apply()).toMatchObject({ exitCode: 0 });
    await write({ [file('1_user.mjs')]: insert(7) });
    expect((await apply()).log).toMatch(/PIPE-MIGRATE-039: .*1_user\.mjs/);
    expect(await apply({ inputs: { 'allow-destructive': '1_user.mjs' } })).toMatchObject({ exitCode: 0 });
    expect(await apply()).toMatchObject({ exitCode: 0, outputs: { status: 'none' } });
  });

  it('can be those of migrate-mongo, with the program that the page shows', async () => {
    const page = await readFile(join(root, 'docs/migrate.md'), 'utf8');
    const [, runner = ''] = /```js\n\/\/ scripts\/run-migration\.mjs[^\n]*\n([\s\S]*?)```/.exec(page) ?? [];
    const { apply, ask } = await project({
      'scripts/run-migration.mjs': runner,
      [file('20160608155948-first.js')]:
        `export const up = async (db) => { await db.collection('users').insertOne({ _id: 5 }); };\n`,
    });
    const outcome = await apply({ inputs: { runner: 'node scripts/run-migration.mjs' } });
    expect(outcome).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
    expect(await ask(`db.collection('users').countDocuments()`)).toBe(1);
  });

  it('stop before the first one when the backup failed', async () => {
    const { apply, ask } = await project({ [file('1_user.mjs')]: insert(1), 'backup.mjs': 'process.exit(3);\n' });
    const { exitCode, log } = await apply({ inputs: { backup: 'node backup.mjs' } });
    expect(exitCode).toBe(1);
    expect(log).toContain('PIPE-MIGRATE-034: the backup failed: node ended with 3');
    expect(await ask(names)).toEqual([]);
  });

  it('say what is wrong with the address, the driver and the files, and hide the password', async () => {
    const { apply, folder, url, write } = await project({ [file('1_user.mjs')]: insert(1) });
    const secret = 'secret-of-somebody';
    const withLogin = (database: string) => `mongodb://somebody:${secret}@127.0.0.1:1/${database}`;
    const unnamed = await apply({ inputs: { 'database-url': withLogin('') } });
    expect(unnamed.log).toContain('PIPE-MIGRATE-049: the address of MongoDB names no database');
    const nowhere = await apply({ inputs: { 'database-url': withLogin('shop'), timeout: '1s' } });
    expect(nowhere.log).toMatch(/PIPE-MIGRATE-052: shop at 127\.0\.0\.1:1 gives no answer: MongoServerSelectionError/);
    for (const { log, summary } of [unnamed, nowhere]) {
      expect(log.replace(/^::add-mask::.*$/gm, '')).not.toContain(secret);
      expect(summary).not.toContain(secret);
    }
    const dump = await apply({ inputs: { backup: 'pg_dump' } });
    expect(dump.log).toContain('PIPE-MIGRATE-035: `backup: pg_dump` is for PostgreSQL');
    await write({ [file('2_table.sql')]: 'SELECT 1;\n' });
    expect((await apply()).log).toMatch(/PIPE-MIGRATE-044: .*2_table\.sql/);
    const bare = await newFolder();
    await writeFiles(bare, { [file('1_user.mjs')]: insert(1) });
    const job = { workspace: bare, event: { name: 'push', payload: {} } };
    const inputs = { tool: 'script', mode: 'apply', 'database-url': url };
    expect((await runJob({ ...job, inputs })).log).toContain("PIPE-MIGRATE-050: MongoDB's driver is not installed");
    expect(folder).not.toBe(bare);
  });
});

it('keeps its ledger as it is built, too: the program of the ledger comes out of the bundle', async () => {
  const { folder, url, ask } = await project({ [file('1_user.mjs')]: insert(1) });
  const inputs = { tool: 'script', mode: 'apply', 'database-url': url };
  const { exitCode, log, outputs } = await runStep({
    action: 'migrate',
    workspace: folder,
    temp: await newFolder(),
    inputs,
  });
  expect(exitCode, log).toBe(0);
  expect(outputs).toMatchObject({ status: 'applied', applied: '1' });
  expect(await ask(names)).toEqual(['1_user.mjs']);
});

it('waits for a MongoDB that does not answer yet', async () => {
  const { apply } = await project({ [file('1_user.mjs')]: insert(1) });
  await server.stop();
  const outcome = await apply({ when: [/does not answer yet/, () => void server.start()] });
  expect(outcome).toMatchObject({ exitCode: 0, outputs: { applied: '1' } });
});
