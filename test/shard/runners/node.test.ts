import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { shardCommand } from '../../../src/shard/runners/runners.ts';
import {
  compareWithShards,
  type Project,
  projectWith,
  reasonOf,
  run,
  runFiles,
  runnerOf,
  type TestLines,
  unitsOf,
} from './project.ts';
import { NODES } from './tools.ts';

const TEST = `const { test } = require('node:test');
test('adds', () => {});
`;
const MANY = `const { describe, test } = require('node:test');
describe('many', () => {
  test('passes', () => {});
  test('fails', () => { throw new Error('1 is not 2'); });
  test('is skipped', { skip: true }, () => {});
  test('is to do', { todo: true }, () => {});
});
`;
/** A reporter of the project's own: the state of every test. */
const LINES = `module.exports = async function* lines(source) {
  for await (const { type, data } of source) {
    const isFile = data.name === data.file || require('node:path').resolve(data.name ?? '') === data.file;
    if ((type !== 'test:pass' && type !== 'test:fail') || data.details.type === 'suite') continue;
    const state = data.skip || data.todo ? 'skipped' : type === 'test:pass' ? 'passed' : 'failed';
    const file = require('node:path').relative(process.cwd(), data.file);
    yield file + ' > ' + (isFile ? 'the file' : data.name) + ': ' + state + '\\n';
  }
};
`;
const FILES = {
  'lines.js': LINES,
  'price.test.js': TEST,
  'src/price.test.mjs': "import { test } from 'node:test';\ntest('adds', () => {});\n",
  'src/other-test.cjs': MANY,
  'src/Straße mit Ümlaut.test.js': TEST,
  'src/(group)/page.test.js': TEST,
  '-dash.test.js': TEST,
  'test/any/name.js': TEST,
  'test-first.js': TEST,
  'src/test.js': TEST,
  'src/crash.test.js': "throw new Error('crash');\n",
  'src/empty.test.js': '',
  'src/no-tests.js': TEST,
  'node_modules/other/a.test.js': TEST,
  'src/types.test.ts': "import { test } from 'node:test';\nconst name: string = 'typed';\ntest(name, () => {});\n",
};
/** What no shell and no pattern of Node may take for anything else; Node 20 runs them, but does not share its reading. */
const ODD = {
  'src/[id].test.js': TEST,
  'src/{id}.test.js': TEST,
  'src/what?.test.js': TEST,
  'src/+(x).test.js': TEST,
  'src/*.test.js': TEST,
  'src/a*.test.js': TEST,
};
const USUAL = [
  '-dash.test.js',
  'price.test.js',
  'src/(group)/page.test.js',
  'src/Straße mit Ümlaut.test.js',
  'src/crash.test.js',
  'src/empty.test.js',
  'src/other-test.cjs',
  'src/price.test.mjs',
  'src/test.js',
  'test-first.js',
  'test/any/name.js',
];
const REPORT = ['--test-reporter=./lines.js', '--test-reporter-destination=report.txt'] as const;

async function linesReport({ directory }: Project): Promise<TestLines> {
  const text = await readFile(join(directory, 'report.txt'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}

describe.each(NODES)('%s', (name, install) => {
  const major = Number(name.slice(5));
  let programs: string;
  beforeAll(async () => {
    programs = await install();
  });

  test('runs in three shards what it runs at once, with every name and every result', async () => {
    const project = await projectWith(major < 21 ? FILES : { ...FILES, ...ODD }, { programs });
    await compareWithShards(project, { runner: runnerOf('node', 'node', '--test', ...REPORT), report: linesReport });
  });

  test('lists what it looks for by itself', async () => {
    const project = await projectWith(FILES, { programs });
    const typed = major < 21 ? [] : ['src/types.test.ts'];
    expect((await unitsOf(project, runnerOf('node', 'node', '--test'))).flat()).toEqual([...USUAL, ...typed].sort());
    if (major === 22 || major === 24) {
      const plain = runnerOf('node', 'node', '--no-experimental-strip-types', '--test');
      expect((await unitsOf(project, plain)).flat()).toEqual(USUAL);
    }
  });

  test('lists and runs the files and patterns of its command line', async () => {
    const project = await projectWith(FILES, { programs });
    const named = runnerOf(
      'node',
      'node',
      '--test',
      ...REPORT,
      'src/no-tests.js',
      'price.test.js',
      'src/other-test.cjs',
    );
    expect((await unitsOf(project, named)).flat()).toEqual(['price.test.js', 'src/no-tests.js', 'src/other-test.cjs']);
    await compareWithShards(project, { runner: named, report: linesReport });
    const pattern = runnerOf('node', 'node', '--test-timeout', '9999', '--test', 'src/*test.*js');
    if (major < 21) {
      expect(await reasonOf(project, pattern)).toBe('Node 20 leaves `src/*test.*js` to the shell; name a folder');
      const folder = runnerOf('node', 'node', '--test', 'test');
      expect((await unitsOf(project, folder)).flat()).toEqual(['test/any/name.js']);
    } else {
      expect((await unitsOf(project, pattern)).flat()).toEqual(USUAL.filter((file) => /^src\/[^/]*$/.test(file)));
      expect(await reasonOf(project, runnerOf('node', 'node', '--test', 'test/'))).toBe(
        'versions of Node differ in what they do with the folder `test/`; name a pattern',
      );
    }
  });

  test('keeps its own reporters with their destinations, and its coverage', async () => {
    const project = await projectWith(FILES, { programs });
    const lcov = ['--test-reporter=lcov', '--test-reporter-destination=lcov.info'];
    const runner = runnerOf('node', 'node', '--test', '--experimental-test-coverage', ...lcov);
    const { exitCode, record } = await runFiles(project, runner, ['packages/the api/price.test.js']);
    expect({ exitCode, tests: record?.tests }).toEqual({ exitCode: 0, tests: { passed: 1, failed: 0, skipped: 0 } });
    expect(await readFile(join(project.directory, 'lcov.info'), 'utf8')).toMatch(/^(TN:\nSF:|)/);
    const alone = runnerOf('node', 'node', '--test', '--test-reporter', 'tap');
    const tap = await runFiles(project, alone, ['packages/the api/src/other-test.cjs']);
    expect(tap.output).toContain('TAP version 13');
    expect(tap.record?.tests).toEqual({ passed: 1, failed: 1, skipped: 2 });
    const plain = await runFiles(project, runnerOf('node', 'node', '--test'), ['packages/the api/price.test.js']);
    expect(plain.output).toContain('✔ adds');
  });

  test('times a file whose tests a helper of another file makes', async () => {
    const project = await projectWith(
      {
        'lib/cases.js':
          "const { test } = require('node:test');\nmodule.exports = () => test('of a helper', () => {});\n",
        'a.test.js': "require('./lib/cases.js')();\n",
      },
      { programs },
    );
    const { record } = await runFiles(project, runnerOf('node', 'node', '--test'), ['packages/the api/a.test.js']);
    expect([...(record?.times.keys() ?? [])]).toEqual(['packages/the api/a.test.js']);
  });

  test('is not divided with a name that can’t be written as a pattern', async () => {
    const file = major < 21 ? 'src/[id].test.js' : 'src/{a,b}.test.js';
    const project = await projectWith({ ...FILES, [file]: TEST }, { programs });
    expect(await reasonOf(project, runnerOf('node', 'node', '--test'))).toMatch(
      /^some versions of Node read the name .* as a pattern$/,
    );
  });

  test('says why it can’t list: no file, a file that is not there', async () => {
    const project = await projectWith({ 'a.js': TEST }, { programs });
    expect(await reasonOf(project, runnerOf('node', 'node', '--test'))).toBe('it finds no test files');
    const missing = await reasonOf(project, runnerOf('node', 'node', '--test', 'b.test.js'));
    expect(missing).toBe(major < 21 ? 'there is no `b.test.js`' : 'it finds no test files');
  });
});

describe('node', () => {
  test.each([
    [['src/a.js'], 'it is no run of `node --test`'],
    [['--test', '--watch'], '`--watch` waits for changes or a person'],
    [['--test', '--test-shard=1/2'], '`--test-shard=1/2` chooses among the tests already'],
    [['--test', '--test-isolation=none'], 'its test files share one process (`--test-isolation`)'],
    [
      ['--test', '--experimental-test-coverage', '--test-coverage-lines', '80'],
      '`--test-coverage-lines` is a coverage threshold of its own, which needs all tests in one run; put it into `coverage` of the workflow',
    ],
    [
      ['--test', '--test-reporter=a', '--test-reporter=b'],
      'not each `--test-reporter` has its `--test-reporter-destination`',
    ],
    [['--test', 'a.test.js', '--only'], '`--only` stands behind the test files'],
    [['--test', '--own', 'a.test.js'], 'it can’t be told whether `a.test.js` belongs to `--own` or names tests'],
  ])('is not divided: %j', async (argv, reason) => {
    const project = await projectWith({ 'a.test.js': TEST });
    expect(await reasonOf(project, runnerOf('node', 'node', ...argv))).toBe(reason);
  });

  test('is started by what starts the task, with the variables of its script', async () => {
    const project = await projectWith({
      'a.test.js': "require('node:assert').deepEqual([process.env.OF_STARTER, process.env.OF_SCRIPT], ['1', '2']);\n",
    });
    const runner = {
      ...runnerOf('node', 'node', '--test'),
      starter: ['env', 'OF_STARTER=1'],
      environment: { OF_SCRIPT: '2' },
    };
    const units = await unitsOf(project, runner);
    expect(units).toEqual([['a.test.js']]);
    const record = join(project.temp, 'record.json');
    const { command, environment } = await shardCommand(runner, ['packages/the api/a.test.js'], { ...project, record });
    const { exitCode, output } = await run(
      { ...project, environment: { ...project.environment, ...environment } },
      command,
    );
    expect(exitCode, output).toBe(0);
  });

  test('with options of its test runner in NODE_OPTIONS is not divided', async () => {
    const project = await projectWith({ 'a.test.js': TEST });
    const runner = { ...runnerOf('node', 'node', '--test'), environment: { NODE_OPTIONS: '--test-reporter=tap' } };
    expect(await reasonOf(project, runner)).toBe('`NODE_OPTIONS` holds options of its test runner');
  });
});
