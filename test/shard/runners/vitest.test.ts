import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { compareWithShards, jestReport, projectWith, reasonOf, runFiles, runnerOf, unitsOf } from './project.ts';
import { VITESTS } from './tools.ts';

const TEST = `import { expect, test } from 'vitest';
test('adds', () => expect(1 + 1).toBe(2));
`;
const MANY = `import { describe, expect, test } from 'vitest';
describe('many', () => {
  test('passes', () => expect(1).toBe(1));
  test('fails', () => expect(1).toBe(2));
  test.skip('is skipped', () => expect(1).toBe(2));
  test.todo('is to do');
});
`;

/** Names that filters, patterns and shells could take for something else. */
const FILES = {
  'package.json': '{"name": "api", "type": "module"}',
  'src/price.test.js': TEST,
  'src/price.test.jsx': TEST,
  'src/deep/price.test.js': TEST,
  'src/deep/PRICE.test.js': TEST,
  'src/other.test.js': MANY,
  'src/[id].test.js': TEST,
  'src/{a,b}.test.js': TEST,
  'src/(group)/page.test.js': TEST,
  'src/Straße mit Ümlaut.test.js': TEST,
  '-dash.test.js': TEST,
  '10:20.test.js': TEST,
  'src/crash.test.js': "throw new Error('crash');\n",
  'src/empty.test.js': '',
};

const RUN = ['run', '--reporter=json', '--outputFile=report.json'] as const;

describe.each(VITESTS)('%s', (_, install) => {
  let packages: string;
  beforeAll(async () => {
    packages = await install();
  });

  test('runs in three shards what it runs at once, with every name and every result', async () => {
    const project = await projectWith(FILES, { packages });
    await compareWithShards(project, { runner: runnerOf('vitest', 'vitest', ...RUN), report: jestReport });
  });

  test('keeps files together that one filter selects, and only those', async () => {
    const project = await projectWith(
      { ...FILES, 'test/src/price.test.js': TEST, 'src/index.test.js': TEST, 'src/a/index.test.js': TEST },
      { packages },
    );
    const units = await unitsOf(project, runnerOf('vitest', 'vitest', 'run'));
    expect(units.filter((unit) => unit.length > 1)).toEqual([
      ['src/deep/PRICE.test.js', 'src/deep/price.test.js'],
      ['src/price.test.js', 'src/price.test.jsx', 'test/src/price.test.js'],
    ]);
    expect(units.flat()).toHaveLength(16);
  });

  test('lists what its configuration and its filters leave', async () => {
    const project = await projectWith(
      {
        ...FILES,
        'vitest.config.js': "export default { test: { include: ['src/**/*.test.js'], exclude: ['**/deep/**'] } };\n",
        'other.config.js': "export default { test: { dir: 'src/deep' } };\n",
      },
      { packages },
    );
    const of = async (...argv: string[]) => (await unitsOf(project, runnerOf('vitest', 'vitest', ...argv))).flat();
    expect(await of('--no-color', 'o')).toEqual(['src/(group)/page.test.js', 'src/other.test.js']);
    expect(await of('run', '-c', 'other.config.js', '--retry', '1')).toEqual([
      'src/deep/PRICE.test.js',
      'src/deep/price.test.js',
    ]);
  });

  test('lists and runs the files of several projects, a file of two of them in both', async () => {
    const project = await projectWith(
      {
        ...FILES,
        'vitest.config.js': `export default { test: { projects: [
  { test: { name: 'one', include: ['src/deep/*.test.js', 'src/other.test.js'] } },
  { test: { name: 'two', root: 'src', include: ['*.test.jsx', 'other.test.js'] } },
] } };
`,
        'vitest.workspace.js': `export default [
  { test: { name: 'one', include: ['src/deep/*.test.js', 'src/other.test.js'] } },
  { test: { name: 'two', root: 'src', include: ['*.test.jsx', 'other.test.js'] } },
];
`,
      },
      { packages },
    );
    const runner = runnerOf('vitest', 'vitest', 'run');
    expect((await unitsOf(project, runner)).flat()).toEqual([
      'src/deep/PRICE.test.js',
      'src/deep/price.test.js',
      'src/other.test.js',
      'src/price.test.jsx',
    ]);
    const both = await runFiles(project, runner, ['packages/the api/src/other.test.js']);
    expect(both.record?.tests).toEqual({ passed: 2, failed: 2, skipped: 4 });
    const one = await runFiles(project, runner, ['packages/the api/src/price.test.jsx']);
    expect(one.record?.tests).toEqual({ passed: 1, failed: 0, skipped: 0 });
  });

  test('is not divided with thresholds of its own, unless nothing is measured', async () => {
    const project = (settings: string) =>
      projectWith(
        {
          'a.test.js': TEST,
          'vitest.config.js': `import { limits } from './limits.js';
export default { test: { coverage: { provider: 'v8', ${settings} } } };
`,
          'limits.js': 'export const limits = { perFile: true, lines: 80 };\n',
        },
        { packages },
      );
    const runner = runnerOf('vitest', 'vitest', 'run');
    const reason = /^it has coverage thresholds of its own, which need all tests in one run; /;
    expect(await reasonOf(await project('enabled: true, thresholds: limits'), runner)).toMatch(reason);
    expect(await reasonOf(await project("enabled: true, thresholds: { 'src/**': limits }"), runner)).toMatch(reason);
    const byFlag = runnerOf('vitest', 'vitest', 'run', '--coverage', '--coverage.thresholds.branches=1');
    expect(await reasonOf(await project(''), byFlag)).toMatch(reason);
    const divided = 'divided: packages/the api/a.test.js';
    expect(await reasonOf(await project('enabled: true, thresholds: { perFile: true }'), runner)).toBe(divided);
    expect(await reasonOf(await project('thresholds: limits'), runner)).toBe(divided);
  });

  test('says why it can’t list: no file, a configuration that crashes', async () => {
    const runner = runnerOf('vitest', 'vitest', 'run');
    const none = await projectWith({ 'package.json': '{}' }, { packages });
    expect(await reasonOf(none, runner)).toBe('it finds no test files');
    const broken = await projectWith(
      { 'a.test.js': TEST, 'vitest.config.js': "throw new Error('no such setting');\n" },
      { packages },
    );
    expect(await reasonOf(broken, runner)).toMatch(
      /^it could not list its test files \(exit status 1: .*no such setting/,
    );
  });

  test('starts nothing of the project while it lists, and is left as it was', async () => {
    const project = await projectWith(
      {
        'a.test.js': "import { writeFileSync } from 'node:fs';\nwriteFileSync('ran', '');\n",
        'setup.js': "import { writeFileSync } from 'node:fs';\nexport default () => writeFileSync('set-up', '');\n",
        'vitest.config.js': "export default { test: { globalSetup: './setup.js' } };\n",
      },
      { packages },
    );
    await unitsOf(project, runnerOf('vitest', 'vitest', 'run'));
    expect((await readdir(project.directory)).sort()).toEqual([
      'a.test.js',
      'node_modules',
      'setup.js',
      'vitest.config.js',
    ]);
  });

  test('prints for people and for GitHub what it prints by itself', async () => {
    const project = await projectWith({ 'a.test.js': MANY }, { packages });
    const onGitHub = { ...project, environment: { ...project.environment, GITHUB_ACTIONS: 'true' } };
    const runner = runnerOf('vitest', 'vitest', 'run');
    const files = ['packages/the api/a.test.js'];
    const here = await runFiles(project, runner, files);
    expect(here.output).toContain('AssertionError');
    expect(here.output).not.toContain('::error ');
    expect((await runFiles(onGitHub, runner, files)).output).toMatch(/::error file=.*a\.test\.js,/);
    const verbose = await runFiles(onGitHub, runnerOf('vitest', 'vitest', 'run', '--reporter', 'verbose'), files);
    expect(verbose.output).not.toContain('::error ');
    expect(verbose.record?.tests).toEqual({ passed: 1, failed: 1, skipped: 2 });
  });
});

describe('vitest', () => {
  test.each([
    [['run', '--shard=1/2'], '`--shard=1/2` chooses among the tests already'],
    [['related', 'src/a.js'], '`vitest related` is no plain run of its tests'],
    [['watch'], '`vitest watch` is no plain run of its tests'],
    [['run', '-u'], '`-u` writes snapshots, which no machine of several keeps'],
    [['run', '--browser.enabled', 'x'], 'it can’t be told whether `x` belongs to `--browser.enabled` or names tests'],
    [['run', '--silent', 'src'], 'it can’t be told whether `src` belongs to `--silent` or names tests'],
    [
      ['run', 'src/*.test.ts'],
      '`src/*.test.ts` means one thing in quotes and another without; put it into the runner’s configuration',
    ],
    [['run', '--', 'a'], 'the words behind `--` can’t be told from test files'],
  ])('is not divided: %j', async (argv, reason) => {
    const project = await projectWith({ 'a.test.js': TEST });
    expect(await reasonOf(project, runnerOf('vitest', 'vitest', ...argv))).toBe(reason);
  });

  test('that is not installed says so', async () => {
    const project = await projectWith({ 'a.test.js': TEST });
    const reason = await reasonOf(project, runnerOf('vitest', join(project.directory, 'vitest'), 'run'));
    expect(reason).toMatch(/^it could not list its test files: the program .* could not be started/);
  });
});
