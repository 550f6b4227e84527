import { mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readTimes } from '../../src/shard/times.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { conclusions, type GateRun, runGateAction } from './source-gate.ts';

const MODULES = new URL('../../node_modules', import.meta.url).pathname;

/** Test files with the number of tests that each holds. */
const FILES: Readonly<Record<string, number>> = {
  'test/a.test.js': 3,
  'test/b.test.js': 1,
  'test/c.test.js': 4,
  'test/deep/a.test.js': 1,
  'test/d.test.js': 5,
  'test/with space.test.js': 2,
  'other/e.spec.js': 1,
};
const TESTS = Object.values(FILES).reduce((sum, count) => sum + count, 0);

async function project(more: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await temporaryFolder();
  const files = Object.entries(FILES).map(([path, count]) => {
    const tests = Array.from(
      { length: count },
      (_, index) => `test('${index}', () => expect(${index}).toBe(${index}));`,
    );
    return [path, `import { expect, test } from 'vitest';\n${tests.join('\n')}\n`] as const;
  });
  const manifest = {
    name: 'app',
    private: true,
    type: 'module',
    scripts: { lint: 'node lint.js', build: 'node build.js', test: 'vitest run' },
    devDependencies: { vitest: '^5.0.0' },
  };
  const all = {
    'package.json': JSON.stringify(manifest),
    'lint.js': 'process.exit(0);\n',
    'build.js': 'process.exit(0);\n',
    ...Object.fromEntries(files),
    ...more,
  };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await symlink(MODULES, join(folder, 'node_modules'));
  return folder;
}

/** Runs every shard and puts the parts where an artifact would be downloaded to. */
async function shards(
  workspace: string,
  count: number,
  times = '',
  more: Readonly<Record<string, string>> = {},
): Promise<{ runs: readonly GateRun[]; parts: string }> {
  const parts = await temporaryFolder();
  const runs: GateRun[] = [];
  for (let shard = 1; shard <= count; shard += 1) {
    const run = await runGateAction(workspace, { shard: `${shard}/${count}`, times, ...more });
    if (run.outputs['part']) await rename(run.outputs['part'], join(parts, `shard-${shard}`));
    runs.push(run);
  }
  return { runs, parts };
}

const filesIn = ({ log }: GateRun) => Object.keys(FILES).filter((path) => log.split('\n').includes(path));

describe('tests on several machines', () => {
  test('come to the same as on one, every file on exactly one of them', async () => {
    const workspace = await project();
    const whole = await runGateAction(workspace, {});
    const { runs, parts } = await shards(workspace, 3);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(runs.flatMap(filesIn).sort()).toEqual(Object.keys(FILES).sort());
    const merged = await runGateAction(workspace, { merge: parts });
    expect(merged.exitCode).toBe(0);
    expect(conclusions(merged)).toEqual(conclusions(whole));
    const line = merged.results.tasks.find(({ id }) => id === 'test');
    expect(line).toMatchObject({
      command: 'npm run test',
      shards: 3,
      files: Object.keys(FILES).length,
      tests: { passed: TESTS, failed: 0, skipped: 0 },
    });
    const times = readTimes(await readFile(merged.outputs['times'] ?? '', 'utf8'));
    if (typeof times === 'string') throw new Error(times);
    expect([...(times.get('test')?.files.keys() ?? [])].sort()).toEqual(Object.keys(FILES).sort());
  });

  test('are divided by the times that are recorded', async () => {
    const files = Object.fromEntries(
      Object.keys(FILES).map((path) => [path, path === 'test/b.test.js' ? 60_000 : 1_000]),
    );
    const times = JSON.stringify({
      version: 1,
      tasks: { test: { ms: 66_000, files }, lint: { ms: 5 }, build: { ms: 5 } },
    });
    const { runs } = await shards(await project(), 2, times);
    const [first, second] = runs.map(filesIn);
    expect(first).toEqual(['test/b.test.js']);
    expect(second).toHaveLength(Object.keys(FILES).length - 1);
  });

  test('are red with the place of the failure where one shard is red, and the others went on', async () => {
    const failing = "import { expect, test } from 'vitest';\ntest('red', () => {\n  expect(1).toBe(2);\n});\n";
    const red = await project({ 'test/d.test.js': failing });
    const { runs, parts } = await shards(red, 2);
    expect(runs.map(({ exitCode }) => exitCode).sort()).toEqual([0, 1]);
    const merged = await runGateAction(red, { merge: parts });
    expect(merged.exitCode).toBe(1);
    expect(merged.outputs['failure']).toEqual(expect.stringMatching(/PIPE-GATE-010.*test\/d\.test\.js:3/));
    expect(merged.results.tasks.find(({ id }) => id === 'test')).toMatchObject({
      result: 'failed',
      tests: { passed: TESTS - 5, failed: 1 },
    });
  });

  test('are red when a part is missing or was made of other files', async () => {
    const workspace = await project();
    const { parts } = await shards(workspace, 2);
    await rename(join(parts, 'shard-2'), join(await temporaryFolder(), 'lost'));
    const lost = await runGateAction(workspace, { merge: parts });
    expect(lost.exitCode).toBe(1);
    expect(lost.outputs['failure']).toEqual(expect.stringMatching(/PIPE-GATE-016.*shard 2 of 2 has left no results/));

    const other = await project({ 'test/new.test.js': "import { test } from 'vitest';\ntest('new', () => {});\n" });
    const run = await runGateAction(other, { shard: '2/2' });
    await rename(run.outputs['part'] ?? '', join(parts, 'shard-2'));
    const differing = await runGateAction(workspace, { merge: parts });
    expect(differing.outputs['failure']).toEqual(expect.stringMatching(/PIPE-GATE-016.*other test files/));
  });
});

test('tests that a build writes are never left out: the task is red and says what to do', async () => {
  const build =
    "import { mkdirSync, writeFileSync } from 'node:fs';\nmkdirSync('test/made', { recursive: true });\nwriteFileSync('test/made/new.test.js', \"import { test } from 'vitest';\\ntest('new', () => { throw new Error('red'); });\\n\");\n";
  const workspace = await project({ 'build.js': build });
  const { runs, parts } = await shards(workspace, 2, '', { tasks: 'test: {needs: [build]}' });
  expect(runs.some(({ exitCode }) => exitCode === 1)).toBe(true);
  const merged = await runGateAction(workspace, { merge: parts, tasks: 'test: {needs: [build]}' });
  expect(merged.exitCode).toBe(1);
  expect(merged.results.tasks.find(({ id }) => id === 'test')?.reason).toContain(
    'other test files since what it needs has run',
  );
});

test('a piece sees what a script sees, and a setting that holds for scripts leaves the task whole', async () => {
  const look =
    "import { expect, test } from 'vitest';\ntest('script', () => {\n  expect(process.env.npm_lifecycle_event).toBe('test');\n  expect(process.env.npm_package_name).toBe('app');\n  expect(process.env.INIT_CWD).toBe(process.cwd());\n});\n";
  const workspace = await project({ 'test/a.test.js': look });
  const { runs } = await shards(workspace, 2);
  expect(
    runs.map(({ exitCode }) => exitCode),
    runs.map(({ log }) => log).join(''),
  ).toEqual([0, 0]);
  await writeFile(join(workspace, '.npmrc'), 'node-options=--no-warnings\n');
  const { log } = await runGateAction(workspace, { shard: '1/2' });
  expect(log).toContain('test is not divided: the setting node-options of .npmrc holds for scripts only');
});

test('the part has the name that its number and the attempt give', async () => {
  const run = await runGateAction(
    await project(),
    { shard: '2/3', 'part-name': 'shard-*-of-3-check-1a2b3c4d' },
    { GITHUB_RUN_ATTEMPT: '4' },
  );
  expect(run.outputs['part-artifact']).toBe('shard-2-attempt-4-of-3-check-1a2b3c4d');
});

test.each([
  [{ shard: '3/2' }, 'PIPE-GATE-015'],
  [{ shard: '1/2', merge: 'parts' }, 'PIPE-GATE-017'],
  [{ shard: '1/2', pack: 'dist' }, 'PIPE-GATE-017'],
])('%j is refused before anything runs', async (inputs, code) => {
  const run = await runGateAction(await project(), inputs);
  expect(run.exitCode).toBe(1);
  expect(run.outputs['failure']).toContain(code);
  expect(run.results.tasks).toEqual([]);
});
