import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/gate/problems/problem.ts';
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

const configuration = [
  'export default [{',
  "  files: ['**/*.js', '**/*.jsx', '**/*.mjs', '**/*.tsx'],",
  '  languageOptions: { parserOptions: { ecmaFeatures: { jsx: true } } },',
  "  rules: { 'no-unused-vars': 'error', 'no-debugger': 'error', eqeqeq: 'warn', 'no-undef': 'error' },",
  '}];',
];

const tools = problemTools();

function faultyLine(random: Random): { text: string; rule: string } {
  const name = random.identifier();
  return random.pick([
    { text: `const ${name} = 1;`, rule: 'no-unused-vars' },
    { text: '  debugger;', rule: 'no-debugger' },
    { text: `export const ${name} = (a) => a == 1;`, rule: 'eqeqeq' },
    { text: `export const ${name} = ${name}Unknown;`, rule: 'no-undef' },
  ]);
}

function project(random: Random, faulty: number): { files: Files; faults: Fault[] } {
  const faults: Fault[] = [];
  const files: Files = { 'eslint.config.mjs': configuration };
  for (let index = 0; index < 8; index += 1) {
    const file = random.path(random.pick(['.js', '.jsx', '.mjs', '.tsx']));
    const lines = Array.from({ length: random.integer(1, 200) }, () => `export const ${random.identifier()} = 1;`);
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

function levelOf({ rule, severity }: Problem): string {
  return `${rule} ${severity}`;
}

function expectedLevel({ rule }: Problem): string {
  return `${rule} ${rule === 'eqeqeq' ? 'warning' : 'error'}`;
}

describe(`eslint (PROBLEM_SEED=${seed})`, { timeout: 300_000 }, () => {
  for (const format of ['stylish', 'compact', 'unix']) {
    it(`finds each problem on its file and line: ${format}`, async () => {
      const { files, faults } = project(random(format), 5);
      // One fault that is an error for certain, as warnings alone let eslint pass.
      const broken = random(`broken ${format}`).path('.js');
      files[broken] = ['', 'export const x = ;'];
      await withProject(files, tools.bin, async (folder) => {
        for (const setting of settings) {
          const colour = setting.colours ? '--color' : '--no-color';
          const result = await run(join(tools.bin, 'eslint'), ['.', '--format', format, colour], folder, setting.env);
          if (format === 'stylish') expectColours(result, setting);
          const problems = expectFaults('eslint', result, folder, [...faults, { file: broken, line: 2 }]);
          expect(problems.find((problem) => problem.file === broken)).toMatchObject({ kind: 'compile', column: 18 });
          expect(problems.map(levelOf)).toEqual(problems.map(expectedLevel));
        }
      });
    });
  }

  it('finds nothing in a project without problems', async () => {
    await withProject(project(random('green'), 0).files, tools.bin, async (folder) => {
      expectNone(await run(join(tools.bin, 'eslint'), ['.'], folder, {}), folder);
    });
  });
});
