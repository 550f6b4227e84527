import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

const configuration = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    types: [],
    skipLibCheck: true,
    jsx: 'preserve',
    target: 'es2022',
    moduleDetection: 'force',
  },
};
/** TypeScript 7 is the project's own. */
const tsc7 = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'node_modules', '.bin', 'tsc');

const tools = problemTools();

function faultyLine(random: Random): { text: string; rule: string } {
  const name = random.identifier();
  return random.pick([
    { text: `export const ${name}: number = 'text';`, rule: 'TS2322' },
    { text: `export const ${name} = ${name}Unknown;`, rule: 'TS2304' },
    { text: `export const ${name} = [1].${name};`, rule: 'TS2339' },
    // A chain of reasons over several lines.
    { text: `export const ${name}: { a: { b: number } } = { a: { b: 'text' }, };`, rule: 'TS2322' },
    {
      text: `export function ${name}(): { a: () => number } { const f: { a: () => string } = null!; return f; }`,
      rule: 'TS2322',
    },
  ]);
}

/** Files of random names and lengths; a fault on a random line of some. */
function project(random: Random, faulty: number): { files: Files; faults: Fault[] } {
  const faults: Fault[] = [];
  const files: Files = {
    'tsconfig.json': [JSON.stringify(configuration)],
    'package.json': ['{ "name": "generated", "version": "1.0.0" }'],
  };
  for (let index = 0; index < 6; index += 1) {
    const file = random.path(random.pick(['.ts', '.tsx']));
    const lines = Array.from({ length: random.integer(1, 40) }, () => `export const ${random.identifier()} = 1;`);
    for (let fault = 0; fault < (index < faulty ? random.integer(1, 2) : 0); fault += 1) {
      const { text, rule } = faultyLine(random);
      const free = lines.flatMap((line, at) => (line.endsWith('= 1;') ? [at] : []));
      if (free.length === 0) break;
      const at = random.pick(free);
      lines[at] = text;
      faults.push({ file, line: at + 1, rule });
    }
    files[file] = lines;
  }
  return { files, faults };
}

describe(`tsc (PROBLEM_SEED=${seed})`, { timeout: 300_000 }, () => {
  const programs = [
    { name: 'TypeScript 5', tsc: () => join(tools.bin, 'tsc') },
    { name: 'TypeScript 7', tsc: () => tsc7 },
  ];
  for (const { name, tsc } of programs) {
    it(`finds each error on its file and line: ${name}`, async () => {
      const { files, faults } = project(random(name), 3);
      await withProject(files, tools.bin, async (folder) => {
        for (const setting of settings) {
          const result = await run(tsc(), ['--pretty', `${setting.colours}`], folder, setting.env);
          expectColours(result, setting);
          expectFaults('tsc', result, folder, faults);
        }
        expectFaults('tsc', await run(tsc(), ['-b', '--verbose'], folder, {}), folder, faults);
      });
    });

    it(`finds nothing in a project without errors: ${name}`, async () => {
      await withProject(project(random(`green ${name}`), 0).files, tools.bin, async (folder) => {
        expectNone(await run(tsc(), ['--pretty', 'true'], folder, {}), folder);
        expectNone(await run(tsc(), ['-b', '--verbose'], folder, {}), folder);
      });
    });
  }

  it('keeps the reasons that follow an error in its message, and where they end', async () => {
    const file = '(group)/[id]/page (1,2).ts';
    const lines = ['const a: { f: () => number } = null!;', 'export const b: { f: () => string } = a;'];
    const files = { 'tsconfig.json': [JSON.stringify(configuration)], [file]: lines };
    await withProject(files, tools.bin, async (folder) => {
      for (const pretty of ['true', 'false']) {
        const result = await run(join(tools.bin, 'tsc'), ['--pretty', pretty], folder, {});
        const [problem] = expectFaults('tsc', result, folder, [{ file, line: 2, rule: 'TS2322' }]);
        expect(problem).toMatchObject({ kind: 'compile', severity: 'error', column: 14 });
        expect(problem?.message.split('\n')).toEqual([
          "Type '{ f: () => number; }' is not assignable to type '{ f: () => string; }'.",
          expect.stringMatching(/^ {2}\S/),
          expect.stringContaining("Type 'number' is not assignable to type 'string'."),
        ]);
      }
    });
  });
});
