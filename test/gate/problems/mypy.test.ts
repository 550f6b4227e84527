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

function faultyLine(random: Random): { text: string; rule: string } {
  const name = random.identifier();
  return random.pick([
    { text: `${name}: int = 'text'`, rule: 'assignment' },
    { text: `${name} = ${name}_unknown`, rule: 'name-defined' },
    { text: `${name} = [1].${name}`, rule: 'attr-defined' },
    // A message long enough for --pretty to wrap it.
    {
      text: `${name}: dict[str, list[tuple[int, str, float]]] = {'a': [(1, 'b', 'c')]}`,
      rule: 'list-item',
    },
  ]);
}

function project(random: Random, faulty: number): { files: Files; faults: Fault[] } {
  const faults: Fault[] = [];
  const files: Files = {};
  for (let index = 0; index < 6; index += 1) {
    const file = random.path('.py');
    const lines = Array.from({ length: random.integer(1, 60) }, () => `${random.identifier()} = 1`);
    if (index < faulty) {
      const { text, rule } = faultyLine(random);
      const at = random.integer(0, lines.length);
      lines.splice(at, 0, text);
      faults.push({ file, line: at + 1, rule });
    }
    files[file] = lines;
  }
  return { files, faults };
}

/** As arguments: `@file` alone would be read as a file of arguments. */
function pathsOf(files: Files): string[] {
  return Object.keys(files).map((file) => `./${file}`);
}

describe(`mypy (PROBLEM_SEED=${seed})`, { timeout: 300_000 }, () => {
  it('finds each error on its file and line', async () => {
    const { files, faults } = project(random('faults'), 4);
    await withProject(files, tools.bin, async (folder) => {
      const paths = pathsOf(files);
      for (const setting of settings) {
        const colours = setting.colours ? { MYPY_FORCE_COLOR: '1', TERM: 'xterm' } : {};
        for (const options of [[], ['--pretty'], ['--show-column-numbers', '--show-error-end']]) {
          const result = await run(join(tools.pythonBin, 'mypy'), [...options, ...paths], folder, {
            ...setting.env,
            ...colours,
          });
          expectColours(result, setting);
          expectFaults('mypy', result, folder, faults);
        }
      }
    });
  });

  it('joins a wrapped message, leaves notes out, and knows columns where they are printed', async () => {
    const files = {
      'a b.py': [
        'def f(value: int) -> str:',
        '    return value',
        "x: dict[str, list[int]] = {'key': ['a value that is no number at all']}",
        'reveal_type(x)',
      ],
    };
    await withProject(files, tools.bin, async (folder) => {
      const faults = [
        { file: 'a b.py', line: 2, rule: 'return-value' },
        { file: 'a b.py', line: 3, rule: 'list-item' },
      ];
      const plain = expectFaults(
        'mypy',
        await run(join(tools.pythonBin, 'mypy'), ['a b.py'], folder, {}),
        folder,
        faults,
      );
      const pretty = expectFaults(
        'mypy',
        await run(join(tools.pythonBin, 'mypy'), ['--pretty', 'a b.py'], folder, {}),
        folder,
        faults,
      );
      expect(pretty).toEqual(plain);
      expect(plain[0]?.message).toBe('Incompatible return value type (got "int", expected "str")');
      const columns = await run(join(tools.pythonBin, 'mypy'), ['--show-error-end', 'a b.py'], folder, {});
      expect(expectFaults('mypy', columns, folder, faults)[0]).toMatchObject({ column: 12, endLine: 2, endColumn: 16 });
    });
  });

  it('finds nothing in a project without errors', async () => {
    const { files } = project(random('green'), 0);
    await withProject(files, tools.bin, async (folder) => {
      expectNone(await run(join(tools.pythonBin, 'mypy'), pathsOf(files), folder, { GITHUB_ACTIONS: 'true' }), folder);
    });
  });
});
