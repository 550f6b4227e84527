import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  expectColours,
  expectFaults,
  expectNone,
  type Fault,
  type Files,
  run,
  settings,
  withProject,
} from './project.ts';
import { type Random, random, seed } from './random.ts';
import { problemTools } from './tools.ts';

const tools = problemTools();

const failing = [
  'assert 1 + 1 == 3',
  "assert {'a': [1, 2]} == {'a': [1, 3]}, 'unequal'",
  "raise ValueError('first\\nsecond')",
  "pytest.fail('explicit')",
];

function addTestFile(random: Random, isFaulty: boolean, files: Files, faults: Fault[]): void {
  const file = random.path('_test.py', '.');
  const lines = ['import pytest', ...Array.from({ length: random.integer(0, 30) }, () => `# ${random.words()}`)];
  const faultyTest = random.integer(0, 2);
  for (let index = 0; index < 3; index += 1) {
    lines.push('', '', `class Test${random.identifier()}:`, `    def test_${random.identifier()}(self):`);
    if (isFaulty && index === faultyTest) {
      lines.push(`        ${random.pick(failing)}`);
      faults.push({ file, line: lines.length });
    }
    lines.push('        pass');
  }
  files[file] = lines;
}

/** Test files, with faults also a library that throws, a fixture that fails before and one that fails after its test. */
function project(random: Random, faulty: number): { files: Files; faults: Fault[] } {
  const faults: Fault[] = [];
  const files: Files = { 'pytest.ini': ['[pytest]', 'python_files = *_test.py'] };
  for (let index = 0; index < 5; index += 1) addTestFile(random, index < faulty, files, faults);
  if (faulty === 0) return { files, faults };
  const library = random.identifier();
  const above = Array.from({ length: random.integer(0, 20) }, () => `# ${random.words()}`);
  files[`${library}.py`] = [...above, `def ${library}():`, "    raise KeyError('missing')"];
  faults.push({ file: `${library}.py`, line: above.length + 2 });
  const file = `${random.path('', '.')} fixtures_test.py`;
  files[file] = [
    'import sys, os, pytest',
    'sys.path.insert(0, os.getcwd())',
    `from ${library} import ${library}`,
    'def test_library():',
    `    ${library}()`,
    '@pytest.fixture',
    'def before():',
    "    raise RuntimeError('before')",
    'def test_before(before):',
    '    pass',
    '@pytest.fixture',
    'def after():',
    '    yield 1',
    '    assert 1 == 2',
    'def test_after(after):',
    '    pass',
    'def test_chain():',
    '    try:',
    '        1 / 0',
    '    except ZeroDivisionError as error:',
    "        raise OSError('chained') from error",
  ];
  faults.push(...[8, 14, 21].map((line) => ({ file, line })));
  return { files, faults };
}

describe(`pytest (PROBLEM_SEED=${seed})`, { timeout: 300_000 }, () => {
  const base = ['-p', 'no:cacheprovider'];

  for (const style of ['auto', 'long', 'short', 'native']) {
    it(`finds each failure on the file and line that raised it: --tb=${style}`, async () => {
      const { files, faults } = project(random(style), 3);
      await withProject(files, tools.bin, async (folder) => {
        for (const setting of settings) {
          const args = [...base, `--tb=${style}`, `--color=${setting.colours ? 'yes' : 'no'}`, '-rA'];
          const result = await run(join(tools.pythonBin, 'pytest'), args, folder, setting.env);
          expectColours(result, setting);
          const problems = expectFaults('pytest', result, folder, faults);
          for (const problem of problems) expect(problem).toMatchObject({ kind: 'test', severity: 'error' });
        }
      });
    });
  }

  it('finds lines with --tb=line, and the file of each failed test with --tb=no', async () => {
    const lines = ['def test_one():', '    assert 1 == 2', '', 'def test_two():', '    assert 1 == 2'];
    await withProject({ 'test_it.py': lines }, tools.bin, async (folder) => {
      const pytest = join(tools.pythonBin, 'pytest');
      const both = [2, 5].map((line) => ({ file: 'test_it.py', line }));
      expectFaults('pytest', await run(pytest, [...base, '--tb=line'], folder, {}), folder, both);
      const problems = expectFaults('pytest', await run(pytest, [...base, '--tb=no'], folder, {}), folder, [
        { file: 'test_it.py', line: undefined },
        { file: 'test_it.py', line: undefined },
      ]);
      expect(problems.map((problem) => problem.message)).toEqual([
        'test_one\nassert 1 == 2',
        'test_two\nassert 1 == 2',
      ]);
    });
  });

  it('finds files that cannot be collected: on the import, and on the line that does not parse', async () => {
    const files = { 'test_import.py': ['', 'import no_such_module'], 'test_syntax.py': ['', '', 'def f(:'] };
    await withProject(files, tools.bin, async (folder) => {
      for (const setting of settings) {
        const problems = expectFaults(
          'pytest',
          await run(join(tools.pythonBin, 'pytest'), base, folder, setting.env),
          folder,
          [
            { file: 'test_import.py', line: 2 },
            { file: 'test_syntax.py', line: 3 },
          ],
        );
        expect(problems[0]?.message).toContain("ModuleNotFoundError: No module named 'no_such_module'");
      }
    });
  });

  it('takes nothing that a failed test printed for a place', async () => {
    const files = {
      'other.py': ['', ''],
      'test_it.py': [
        'def test_prints():',
        "    print('other.py:1: Error: printed')",
        "    print('E   printed')",
        '    assert False',
      ],
    };
    await withProject(files, tools.bin, async (folder) => {
      const result = await run(join(tools.pythonBin, 'pytest'), base, folder, {});
      const [problem] = expectFaults('pytest', result, folder, [{ file: 'test_it.py', line: 4 }]);
      expect(problem?.message).toBe('test_prints\nassert False');
    });
  });

  it('finds nothing in a project whose tests pass, whatever they print', async () => {
    const { files } = project(random('green'), 0);
    files['prints_test.py'] = [
      'def test_prints():',
      "    print('FAILED prints_test.py::test_prints - no')",
      "    print('E   no')",
    ];
    await withProject(files, tools.bin, async (folder) => {
      expectNone(
        await run(join(tools.pythonBin, 'pytest'), [...base, '-v', '-s'], folder, { GITHUB_ACTIONS: 'true' }),
        folder,
      );
    });
  });
});
