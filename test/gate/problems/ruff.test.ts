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

function faultyLines(random: Random): { lines: string[]; rule: string } {
  const name = random.identifier();
  return random.pick([
    { lines: [`import ${name}`], rule: 'F401' },
    { lines: [`${name} = ${name}_unknown`], rule: 'F821' },
    { lines: [`assert (1, '${name}')`], rule: 'F631' },
    { lines: [`${name} = {'a': 1, 'a': 2}`], rule: 'F601' },
    { lines: [`${name} = = 1`], rule: 'invalid-syntax' },
  ]);
}

function project(random: Random, faulty: number): { files: Files; faults: Fault[] } {
  const faults: Fault[] = [];
  const files: Files = { 'ruff.toml': ['lint.select = ["F"]', 'format.quote-style = "single"'] };
  for (let index = 0; index < 8; index += 1) {
    const file = random.path('.py');
    const lines = Array.from({ length: random.integer(1, 120) }, () => `${random.identifier()} = 1`);
    if (index < faulty) {
      const { lines: fault, rule } = faultyLines(random);
      const at = random.integer(0, lines.length);
      lines.splice(at, 0, ...fault);
      faults.push({ file, line: at + 1, rule });
    }
    files[file] = lines;
  }
  return { files, faults };
}

describe(`ruff (PROBLEM_SEED=${seed})`, { timeout: 300_000 }, () => {
  for (const format of ['full', 'concise', 'github']) {
    it(`finds each problem on its file and line: ${format}`, async () => {
      const { files, faults } = project(random(format), 6);
      await withProject(files, tools.bin, async (folder) => {
        for (const setting of settings) {
          const args = ['check', '--no-cache', `--output-format=${format}`];
          const result = await run(join(tools.pythonBin, 'ruff'), args, folder, setting.env);
          if (format !== 'github') expectColours(result, setting);
          const problems = expectFaults('ruff', result, folder, faults);
          const kinds = problems.map(({ rule, kind }) => [rule, kind]);
          expect(kinds).toEqual(problems.map(({ rule }) => [rule, rule === 'invalid-syntax' ? 'compile' : 'lint']));
        }
      });
    });
  }

  it('says what the rule found, the same in each format', async () => {
    const files = { 'ruff.toml': ['lint.select = ["F"]'], 'a b.py': ['import os', '', 'x = y'] };
    const faults = [
      { file: 'a b.py', line: 1, rule: 'F401' },
      { file: 'a b.py', line: 3, rule: 'F821' },
    ];
    await withProject(files, undefined, async (folder) => {
      for (const format of ['full', 'concise', 'github']) {
        const args = ['check', '--no-cache', `--output-format=${format}`];
        const result = await run(join(tools.pythonBin, 'ruff'), args, folder, {});
        const problems = expectFaults('ruff', result, folder, faults);
        expect(problems).toMatchObject([
          { column: 8, message: '`os` imported but unused' },
          { column: 5, message: 'Undefined name `y`' },
        ]);
      }
    });
  });

  it('finds each file that the formatter would change', async () => {
    const { files } = project(random('format'), 0);
    const file = random('unformatted').path('.py');
    files[file] = ["a = 'text'", 'b = {  }'];
    await withProject(files, tools.bin, async (folder) => {
      for (const setting of settings) {
        const result = await run(
          join(tools.pythonBin, 'ruff'),
          ['format', '--check', '--no-cache'],
          folder,
          setting.env,
        );
        expectFaults('ruff', result, folder, [{ file, line: 2, rule: 'unformatted' }]);
      }
    });
  });

  it('finds nothing in a project without problems', async () => {
    await withProject(project(random('green'), 0).files, tools.bin, async (folder) => {
      for (const args of [
        ['check', '--no-cache'],
        ['format', '--check', '--no-cache'],
      ]) {
        expectNone(await run(join(tools.pythonBin, 'ruff'), args, folder, { GITHUB_ACTIONS: 'true' }), folder);
      }
    });
  });
});
