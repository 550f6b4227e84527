import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { expectColours, expectFaults, expectNone, run, settings, withProject } from './project.ts';
import { random, seed } from './random.ts';
import { type Runner, suiteProject } from './suite.ts';
import { problemTools } from './tools.ts';

/** Version 5 is the project's own. */
const ownModules = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'node_modules');

const runner: Runner = {
  extensions: ['.test.ts', '.test.tsx', '.spec.js'],
  header: ["import { describe, expect, test } from 'vitest';"],
  load: (name, path) => `import { ${name} } from ${JSON.stringify(`./${path}`)};`,
  library: '.mjs',
  export: 'export ',
  failing: [
    'expect(1 + 1).toBe(3);',
    'expect({ a: [1, 2] }).toEqual({ a: [1, 3] });',
    "throw new TypeError('first\\nsecond');",
  ],
  syntaxErrors: true,
};

const tools = problemTools();

describe(`vitest (PROBLEM_SEED=${seed})`, { timeout: 300_000 }, () => {
  const versions = [
    { name: 'version 4', bin: () => tools.bin, reporters: ['verbose', 'tap', 'tap-flat', 'github-actions'] },
    { name: 'version 5', bin: () => join(ownModules, '.bin'), reporters: ['tree', 'tap', 'github-actions'] },
  ];
  for (const { name, bin, reporters } of versions) {
    it(`finds each failure on the file and line that raised it: ${name}`, async () => {
      const { files, faults } = suiteProject(random(name), runner, 3);
      await withProject(files, bin(), async (folder) => {
        for (const setting of settings) {
          const result = await run(join(bin(), 'vitest'), ['run'], folder, setting.env);
          expectColours(result, setting);
          const problems = expectFaults('vitest', result, folder, faults);
          for (const problem of problems) expect(problem).toMatchObject({ kind: 'test', severity: 'error' });
        }
      });
    });

    it(`finds the same in every reporter: ${name}`, async () => {
      const { files, faults } = suiteProject(random(`reporters ${name}`), { ...runner, syntaxErrors: false }, 2);
      await withProject(files, bin(), async (folder) => {
        for (const reporter of reporters) {
          const result = await run(join(bin(), 'vitest'), ['run', `--reporter=${reporter}`], folder, {});
          expectFaults('vitest', result, folder, faults);
        }
      });
    });

    it(`finds nothing in a project whose tests pass: ${name}`, async () => {
      const { files } = suiteProject(random(`green ${name}`), runner, 0);
      await withProject(files, bin(), async (folder) => {
        expectNone(
          await run(join(bin(), 'vitest'), ['run', '--reporter=verbose'], folder, { GITHUB_ACTIONS: 'true' }),
          folder,
        );
      });
    });
  }

  it("says the test's name and the error's first lines, and nothing of the stack", async () => {
    const lines = [
      ...runner.header,
      "describe('sums', () => {",
      "  test('adds', () => {",
      '    expect(1 + 1).toBe(3);',
      '  });',
      '});',
    ];
    await withProject({ '(group)/a b/sum.test.ts': lines }, tools.bin, async (folder) => {
      for (const setting of settings.slice(1, 3)) {
        const result = await run(join(tools.bin, 'vitest'), ['run'], folder, setting.env);
        const [problem] = expectFaults('vitest', result, folder, [{ file: '(group)/a b/sum.test.ts', line: 4 }]);
        expect(problem?.column).toBe(19);
        expect(problem?.message).toMatch(/^sums > adds\nAssertionError: expected 2 to be 3/);
        expect(problem?.message).not.toContain('sum.test.ts');
      }
    });
  });

  it("finds the file under vitest's root where that is another folder", async () => {
    const lines = [...runner.header, "test('fails', () => {", '  expect(1).toBe(2);', '});'];
    await withProject({ 'packages/a b/src/one.test.ts': lines }, tools.bin, async (folder) => {
      const result = await run(join(tools.bin, 'vitest'), ['run', '--root', 'packages/a b'], folder, {});
      expectFaults('vitest', result, folder, [{ file: 'packages/a b/src/one.test.ts', line: 3 }]);
    });
  });

  it('finds errors outside of tests, in projects with names, once each', async () => {
    const files = {
      'vitest.config.mjs': [
        'const project = (name, include) => ({ test: { name, include: [include] } });',
        "export default { test: { projects: [project('unit', 'a*.test.ts'), project('other one', 'b*.test.ts')] } };",
      ],
      'a late.test.ts': [
        ...runner.header,
        "test('passes', async () => {",
        "  setTimeout(() => { throw new Error('late'); }, 1);",
        '  await new Promise((resolve) => setTimeout(resolve, 50));',
        '});',
      ],
      'b name.test.ts': [...runner.header, '', "test('fails', () => {", '  expect(1).toBe(2);', '});'],
      'b string.test.ts': [...runner.header, "test('throws no error', () => {", "  throw 'a string';", '});'],
    };
    const faults = [
      { file: 'a late.test.ts', line: 3 },
      { file: 'b name.test.ts', line: 4 },
      { file: 'b string.test.ts', line: undefined },
    ];
    await withProject(files, tools.bin, async (folder) => {
      for (const setting of settings.slice(1, 3)) {
        expectFaults('vitest', await run(join(tools.bin, 'vitest'), ['run'], folder, setting.env), folder, faults);
      }
    });
  });
});
