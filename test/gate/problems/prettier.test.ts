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

function project(random: Random, faulty: number): { files: Files; faults: Fault[] } {
  const faults: Fault[] = [];
  const files: Files = {};
  for (let index = 0; index < 9; index += 1) {
    const file = random.path('.ts');
    const lines = Array.from({ length: random.integer(1, 60) }, () => `export const ${random.identifier()} = 1;`);
    if (index < faulty) {
      const at = random.integer(0, lines.length);
      const isBroken = index % 2 === 0;
      lines.splice(at, 0, isBroken ? 'export const = 1;' : `export   const ${random.identifier()} = 1`);
      faults.push({ file, line: isBroken ? at + 1 : undefined });
    }
    files[file] = lines;
  }
  return { files, faults };
}

describe(`prettier (PROBLEM_SEED=${seed})`, { timeout: 300_000 }, () => {
  it('finds each file that differs and each line that does not parse', async () => {
    const { files, faults } = project(random('faults'), 5);
    await withProject(files, tools.bin, async (folder) => {
      for (const setting of settings) {
        const result = await run(join(tools.bin, 'prettier'), ['--check', '.'], folder, setting.env);
        expectColours(result, setting);
        const problems = expectFaults('prettier', result, folder, faults);
        for (const { kind, line } of problems) expect(kind).toBe(line === undefined ? 'format' : 'compile');
      }
    });
  });

  it('finds nothing in a formatted project', async () => {
    await withProject(project(random('green'), 0).files, tools.bin, async (folder) => {
      expectNone(await run(join(tools.bin, 'prettier'), ['--check', '.'], folder, {}), folder);
    });
  });
});
