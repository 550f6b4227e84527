import { describe, expect, it } from 'vitest';
import { expectColours, expectFaults, expectNone, run, settings, withProject } from './project.ts';
import { random, seed } from './random.ts';
import { type Runner, suiteProject } from './suite.ts';
import { problemTools } from './tools.ts';

const runner: Runner = {
  extensions: ['.test.mjs', '.test.mjs', ' 50% #1.test.mjs'],
  header: ["import assert from 'node:assert/strict';", "import { describe, test } from 'node:test';"],
  load: (name, path) => `import { ${name} } from ${JSON.stringify(`./${path}`)};`,
  library: '.mjs',
  export: 'export ',
  failing: [
    'assert.equal(1 + 1, 3);',
    'assert.deepEqual({ a: [1, 2] }, { a: [1, 3] });',
    "throw new TypeError('first\\nsecond');",
  ],
  syntaxErrors: true,
};

const tools = problemTools();

describe(`node:test (PROBLEM_SEED=${seed})`, { timeout: 300_000 }, () => {
  for (const reporter of ['spec', 'tap']) {
    it(`finds each failure on the file and line that raised it: ${reporter}`, async () => {
      const { files, faults } = suiteProject(random(reporter), runner, 3);
      await withProject(files, tools.bin, async (folder) => {
        for (const setting of settings) {
          const result = await run(process.execPath, ['--test', `--test-reporter=${reporter}`], folder, setting.env);
          if (reporter === 'spec') expectColours(result, setting);
          const problems = expectFaults('node:test', result, folder, faults);
          for (const problem of problems) expect(problem).toMatchObject({ kind: 'test', severity: 'error' });
        }
      });
    });

    it(`tells a nested test, a timeout, a missing import and a thrown string apart from suites: ${reporter}`, async () => {
      const files = {
        'nested.test.mjs': [
          ...runner.header,
          "describe('outer', () => {",
          "  test('inner', async (context) => {",
          "    await context.test('innermost', () => {",
          "      assert.equal(1, 2, 'unequal');",
          '    });',
          '  });',
          "  test('slow', { timeout: 5 }, () => new Promise((resolve) => setTimeout(resolve, 50)));",
          "  test('string', () => {",
          "    throw 'thrown';",
          '  });',
          "  test('later', { todo: true }, () => assert.equal(1, 2));",
          '});',
        ],
        'missing.test.mjs': ["import './none.mjs';"],
      };
      await withProject(files, tools.bin, async (folder) => {
        const result = await run(process.execPath, ['--test', `--test-reporter=${reporter}`], folder, {});
        const problems = expectFaults('node:test', result, folder, [
          { file: 'nested.test.mjs', line: 6 },
          { file: 'nested.test.mjs', line: 9 },
          { file: 'nested.test.mjs', line: 10 },
          { file: 'missing.test.mjs', line: undefined },
        ]);
        const messages = problems.map((problem) => problem.message).join('\n\n');
        expect(messages).toMatch(/innermost\n.*unequal/);
        expect(messages).toContain('slow\ntest timed out after 5ms');
        expect(messages).toContain('string\nthrown');
        expect(messages).toMatch(/Cannot find module .*none\.mjs/);
      });
    });

    it(`finds nothing in a project whose tests pass: ${reporter}`, async () => {
      const { files } = suiteProject(random(`green ${reporter}`), runner, 0);
      await withProject(files, tools.bin, async (folder) => {
        expectNone(await run(process.execPath, ['--test', `--test-reporter=${reporter}`], folder, {}), folder);
      });
    });
  }

  it('finds where a script that is no test crashed', async () => {
    const files = {
      'scripts/build it.mjs': ['', 'function build() {', "  throw new Error('no such target');", '}', 'build();'],
    };
    await withProject(files, tools.bin, async (folder) => {
      const result = await run(process.execPath, ['scripts/build it.mjs'], folder, {});
      const [problem] = expectFaults('node', result, folder, [{ file: 'scripts/build it.mjs', line: 3 }]);
      expect(problem?.message).toBe('Error: no such target');
    });
  });
});
