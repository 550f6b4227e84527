import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { compareWithShards, jestReport, projectWith, reasonOf, runFiles, runnerOf, unitsOf } from './project.ts';
import { JESTS } from './tools.ts';

const TEST = "test('adds', () => expect(1 + 1).toBe(2));\n";
const MANY = `describe('many', () => {
  test('passes', () => expect(1).toBe(1));
  test('fails', () => expect(1).toBe(2));
  test.skip('is skipped', () => expect(1).toBe(2));
  test.todo('is to do');
});
`;
const MANIFEST = { 'package.json': '{"name": "api", "jest": {"transform": {}}}' };
const FILES = {
  ...MANIFEST,
  'src/price.test.js': TEST,
  'src/price.test.jsx': TEST,
  'src/deep/price.test.js': TEST,
  'src/other.test.js': MANY,
  'src/[id].test.js': TEST,
  'src/(group)/page.test.js': TEST,
  'src/Straße mit Ümlaut.test.js': TEST,
  '-dash.test.js': TEST,
  'src/crash.test.js': "throw new Error('crash');\n",
  'src/empty.test.js': '',
};
const CONFIGURED = (settings: object) => ({
  'package.json': JSON.stringify({ name: 'api', jest: { transform: {}, ...settings } }),
});
const REPORT = ['--json', '--outputFile=report.json', '--testLocationInResults'] as const;

describe.each(JESTS)('%s', (_, install) => {
  let packages: string;
  beforeAll(async () => {
    packages = await install();
  });

  test('runs in three shards what it runs at once, with every name and every result', async () => {
    const project = await projectWith(FILES, { packages });
    await compareWithShards(project, { runner: runnerOf('jest', 'jest', ...REPORT), report: jestReport });
  });

  test('lists and runs what its projects and its filters leave, a file of two projects in both', async () => {
    const project = await projectWith(
      {
        ...FILES,
        ...CONFIGURED({
          projects: [
            { displayName: 'one', transform: {}, testMatch: ['**/deep/*.test.js', '**/other.test.js'] },
            { displayName: 'two', transform: {}, rootDir: 'src', testMatch: ['<rootDir>/*er.test.js'] },
          ],
        }),
      },
      { packages },
    );
    const runner = runnerOf('jest', 'jest', '--coverageReporters', 'json', 'lcov', '--verbose', 'src', ...REPORT);
    expect(await unitsOf(project, runner)).toEqual([['src/deep/price.test.js'], ['src/other.test.js']]);
    expect(await unitsOf(project, runnerOf('jest', 'jest', '-i', 'deep'))).toEqual([['src/deep/price.test.js']]);
    await compareWithShards(project, { runner: { ...runner, argv: ['jest', ...REPORT] }, report: jestReport });
  });

  test('keeps the reporters of its configuration and the coverage of its flags', async () => {
    const project = await projectWith(
      {
        ...CONFIGURED({ reporters: ['default', './own-reporter.js'], coverageReporters: ['json'] }),
        'own-reporter.js': 'module.exports = class { onRunComplete() { console.log("own reporter ran"); } };\n',
        'price.js': 'module.exports = (amount) => amount;\n',
        'a.test.js': "const price = require('./price.js');\ntest('is the amount', () => expect(price(1)).toBe(1));\n",
        'b.test.js': TEST,
      },
      { packages },
    );
    const runner = runnerOf('jest', 'jest', '--coverage', '-t', 'amount');
    const { exitCode, output, record } = await runFiles(project, runner, ['packages/the api/a.test.js']);
    expect({ exitCode, tests: record?.tests }).toEqual({ exitCode: 0, tests: { passed: 1, failed: 0, skipped: 0 } });
    expect(output).toContain('own reporter ran');
    expect(await readdir(`${project.directory}/coverage`)).toEqual(['coverage-final.json']);
  });

  test('is not divided with thresholds or a results processor of its own', async () => {
    const runner = runnerOf('jest', 'jest', '--coverage');
    const of = async (settings: object, own = runner) =>
      reasonOf(
        await projectWith(
          { ...CONFIGURED(settings), 'a.test.js': TEST, 'processor.js': 'module.exports = (r) => r;\n' },
          { packages },
        ),
        own,
      );
    const coverageThreshold = { global: { lines: 80 } };
    expect(await of({ coverageThreshold })).toMatch(/^it has coverage thresholds of its own, /);
    expect(await of({ coverageThreshold }, runnerOf('jest', 'jest'))).toBe('divided: packages/the api/a.test.js');
    expect(await of({})).toBe('divided: packages/the api/a.test.js');
    expect(await of({ testResultsProcessor: './processor.js' })).toBe(
      'its `testResultsProcessor` needs the results of all tests',
    );
  });

  test('says why it can’t list: no file, a configuration that crashes', async () => {
    const runner = runnerOf('jest', 'jest');
    expect(await reasonOf(await projectWith(MANIFEST, { packages }), runner)).toBe('it finds no test files');
    const broken = { 'package.json': '{}', 'jest.config.js': "throw new Error('no such setting');\n" };
    expect(await reasonOf(await projectWith(broken, { packages }), runner)).toMatch(
      /^it could not list its test files \(exit status 1: .*no such setting/,
    );
  });

  test('finds its list among what a configuration prints', async () => {
    const config = "console.log('[\"no list\"]');\nconsole.log('{');\nmodule.exports = { transform: {} };\n";
    const project = await projectWith(
      { 'package.json': '{}', 'jest.config.js': config, 'a.test.js': TEST },
      { packages },
    );
    // What stands in front of the settings makes them unreadable: then they count as unknown, not as harmless.
    expect(await reasonOf(project, runnerOf('jest', 'jest'))).toMatch(/^it could not list its test files/);
  });
});

describe('jest', () => {
  test.each([
    [['--shard', '1/2'], '`--shard` chooses among the tests already'],
    [['-o'], '`-o` chooses among the tests already'],
    [['--watchAll'], '`--watchAll` waits for changes'],
    [['--testResultsProcessor', './a.js'], '`--testResultsProcessor` needs the results of all tests'],
    [['--bail', 'true'], 'it can’t be told whether `true` belongs to `--bail` or names tests'],
    [['--own-flag', 'src'], 'it can’t be told whether `src` belongs to `--own-flag` or names tests'],
    [['.*spec'], '`.*spec` means one thing in quotes and another without; put it into the runner’s configuration'],
  ])('is not divided: %j', async (argv, reason) => {
    const project = await projectWith({ 'a.test.js': TEST });
    expect(await reasonOf(project, runnerOf('jest', 'jest', ...argv))).toBe(reason);
  });
});
