import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectColours, expectFaults, expectNone, run, settings, withProject } from './project.ts';
import { random, seed } from './random.ts';
import { type Runner, suiteProject } from './suite.ts';
import { problemTools } from './tools.ts';

const runner: Runner = {
  extensions: ['.test.js', '.spec.js'],
  header: [],
  load: (name, path) => `const { ${name} } = require(${JSON.stringify(`./${path}`)});`,
  library: '.js',
  export: '',
  failing: [
    'expect(1 + 1).toBe(3);',
    'expect({ a: [1, 2] }).toEqual({ a: [1, 3] });',
    "throw new TypeError('first\\nsecond');",
  ],
  syntaxErrors: true,
};

const tools = problemTools();

function jestArguments(...more: string[]): string[] {
  return ['--ci', '--cacheDirectory=.cache', '--watchman=false', ...more];
}

describe(`jest (PROBLEM_SEED=${seed})`, { timeout: 300_000 }, () => {
  it('finds each failure on the file and line that raised it', async () => {
    const { files, faults } = suiteProject(random('faults'), runner, 3);
    await withProject(files, tools.bin, async (folder) => {
      for (const setting of settings) {
        const result = await run(join(tools.bin, 'jest'), jestArguments(), folder, setting.env);
        expectColours(result, setting);
        const problems = expectFaults('jest', result, folder, faults);
        for (const problem of problems) expect(problem).toMatchObject({ kind: 'test', severity: 'error' });
      }
    });
  });

  it('finds the same without babel, with verbose output, and once from two reporters', async () => {
    const { files, faults } = suiteProject(random('reporters'), runner, 3);
    const plain = { ...files, 'jest.config.json': ['{ "transform": {}, "displayName": "my project" }'] };
    await withProject(plain, tools.bin, async (folder) => {
      for (const args of [
        ['--verbose'],
        ['--reporters=github-actions'],
        ['--reporters=default', '--reporters=github-actions'],
      ]) {
        const result = await run(join(tools.bin, 'jest'), jestArguments(...args), folder, { GITHUB_ACTIONS: 'true' });
        expectFaults('jest', result, folder, faults);
      }
    });
  });

  it('finds nothing in a project whose tests pass, whatever they print', async () => {
    const { files } = suiteProject(random('green'), runner, 0);
    files['noise.test.js'] = [
      "test('prints', () => { console.error(new Error('printed')); console.log('  ● no failure'); });",
    ];
    await withProject(files, tools.bin, async (folder) => {
      expectNone(
        await run(join(tools.bin, 'jest'), jestArguments('--verbose'), folder, { GITHUB_ACTIONS: 'true' }),
        folder,
      );
    });
  });

  it('finds the file of a suite without tests, and takes what a failed file printed for no failure', async () => {
    const files = {
      'package.json': ['{}'],
      'empty one.test.js': ["describe('nothing', () => {});"],
      'loud one.test.js': [
        "test('fails', () => {",
        "  console.error(new Error('printed'));",
        '  expect(1).toBe(2);',
        '});',
      ],
    };
    await withProject(files, tools.bin, async (folder) => {
      for (const setting of settings) {
        const result = await run(join(tools.bin, 'jest'), jestArguments(), folder, setting.env);
        expectFaults('jest', result, folder, [
          { file: 'empty one.test.js', line: undefined },
          { file: 'loud one.test.js', line: 3 },
        ]);
      }
    });
  });

  it("says the test's name and the error's first lines, and nothing of the code and the stack", async () => {
    const lines = ["describe('sums', () => {", "  test('adds', () => {", '    expect(1 + 1).toBe(3);', '  });', '});'];
    await withProject({ 'package.json': ['{}'], '(group)/a b/sum.test.js': lines }, tools.bin, async (folder) => {
      const result = await run(join(tools.bin, 'jest'), jestArguments(), folder, {});
      const [problem] = expectFaults('jest', result, folder, [{ file: '(group)/a b/sum.test.js', line: 3 }]);
      expect(problem?.column).toBe(19);
      expect(problem?.message).toBe(
        'sums › adds\nexpect(received).toBe(expected) // Object.is equality\n\nExpected: 3\nReceived: 2',
      );
    });
  });
});
