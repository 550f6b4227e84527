import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

/** Another version: the project's own. */
const ownBiome = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'node_modules', '.bin', 'biome');
const configuration = {
  vcs: { enabled: false },
  formatter: { indentStyle: 'space' },
  linter: { rules: { recommended: true, correctness: { noUnusedVariables: 'warn' } } },
};

const tools = problemTools();

function faultyLine(random: Random): { text: string; rule: string } {
  const name = random.identifier();
  return random.pick([
    { text: `const ${name} = 1;`, rule: 'lint/correctness/noUnusedVariables' },
    { text: 'debugger;', rule: 'lint/suspicious/noDebugger' },
    { text: `export const ${name} = (a) => a == 1;`, rule: 'lint/suspicious/noDoubleEquals' },
    { text: `export const   ${name} = 1;`, rule: 'format' },
    { text: `export const ${name} = ;`, rule: 'parse' },
  ]);
}

function project(random: Random, faulty: number): { files: Files; faults: Fault[] } {
  const faults: Fault[] = [];
  const files: Files = { 'biome.json': JSON.stringify(configuration, null, 2).split('\n') };
  for (let index = 0; index < 10; index += 1) {
    const file = random.path(random.pick(['.js', '.mjs']));
    const lines = Array.from({ length: random.integer(1, 60) }, () => `export const ${random.identifier()} = 1;`);
    if (index < faulty) {
      const { text, rule } = faultyLine(random);
      const at = random.integer(0, lines.length);
      lines.splice(at, 0, text);
      faults.push({ file, line: rule === 'format' ? undefined : at + 1, rule });
    }
    files[file] = lines;
  }
  return { files, faults };
}

const runs = settings.flatMap((setting) =>
  [['check'], ['ci'], ['check', '--reporter=concise']].map((args) => ({
    setting,
    args: [...args, `--colors=${setting.colours ? 'force' : 'off'}`, '.'],
  })),
);

function levelOf({ rule, severity, kind }: Problem): string {
  return `${rule} ${severity} ${kind}`;
}

function expectedLevel({ rule }: Problem): string {
  const kinds = new Map([
    ['format', 'format'],
    ['parse', 'compile'],
  ]);
  const severity = rule === 'lint/correctness/noUnusedVariables' ? 'warning' : 'error';
  return `${rule} ${severity} ${kinds.get(rule ?? '') ?? 'lint'}`;
}

describe(`biome (PROBLEM_SEED=${seed})`, { timeout: 300_000 }, () => {
  const programs = [
    { name: 'the tools', biome: () => join(tools.bin, 'biome') },
    { name: 'the project', biome: () => ownBiome },
  ];
  for (const { name, biome } of programs) {
    it(`finds each problem on its file and line: biome of ${name}`, async () => {
      const { files, faults } = project(random(name), 6);
      // One that is an error for certain, as warnings alone let biome pass.
      files['error.js'] = ['debugger;'];
      faults.push({ file: 'error.js', line: 1, rule: 'lint/suspicious/noDebugger' });
      await withProject(files, tools.bin, async (folder) => {
        for (const { setting, args } of runs) {
          const result = await run(biome(), args, folder, setting.env);
          expectColours(result, setting);
          const problems = expectFaults('biome', result, folder, faults);
          expect(problems.map(levelOf)).toEqual(problems.map(expectedLevel));
        }
        const result = await run(biome(), ['ci', '--reporter=github', '.'], folder, { GITHUB_ACTIONS: 'true' });
        expectFaults('biome', result, folder, faults);
      });
    });
  }

  it('finds nothing in a project without problems', async () => {
    await withProject(project(random('green'), 0).files, tools.bin, async (folder) => {
      expectNone(await run(join(tools.bin, 'biome'), ['ci', '.'], folder, { GITHUB_ACTIONS: 'true' }), folder);
    });
  });
});
