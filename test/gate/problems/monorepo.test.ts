import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findProblems } from '../../../src/gate/problems/problems.ts';
import { expectFaults, type Fault, type Files, run, withProject } from './project.ts';
import { type Random, random, seed } from './random.ts';
import { installProblemTools, type ProblemTools } from './tools.ts';

let tools: ProblemTools;
let pnpmVersion: string;
beforeAll(async () => {
  tools = await installProblemTools();
  const manifest: unknown = JSON.parse(await readFile(join(tools.bin, '..', 'pnpm', 'package.json'), 'utf8'));
  pnpmVersion = (manifest as { version: string }).version;
}, 600_000);

interface Monorepo {
  files: Files;
  tsc: Fault[];
  eslint: Fault[];
}

/** Packages with files of the same names: only the package tells whose line it is. */
function monorepo(random: Random, names: readonly string[]): Monorepo {
  const files: Files = {
    'package.json': [
      JSON.stringify({
        name: 'root',
        private: true,
        packageManager: `pnpm@${pnpmVersion}`,
        workspaces: ['packages/*'],
      }),
    ],
    'pnpm-workspace.yaml': ['packages:', '  - packages/*'],
    'turbo.json': ['{ "tasks": { "types": {}, "lint": {} } }'],
  };
  const faults = { tsc: [] as Fault[], eslint: [] as Fault[] };
  for (const name of names) {
    const folder = `packages/${random.pick(['a b', 'né', 'x'])} ${random.identifier()}`;
    const scripts = { types: 'tsc --pretty false', lint: 'eslint src' };
    files[`${folder}/package.json`] = [JSON.stringify({ name, version: '1.0.0', type: 'module', scripts })];
    files[`${folder}/tsconfig.json`] = [
      '{ "compilerOptions": { "noEmit": true, "types": [], "skipLibCheck": true }, "include": ["src"] }',
    ];
    files[`${folder}/eslint.config.js`] = ["export default [{ rules: { 'no-debugger': 'error' } }];"];
    const above = Array.from({ length: random.integer(0, 30) }, () => '//');
    files[`${folder}/src/index.ts`] = [...above, "export const a: number = 'text';"];
    files[`${folder}/src/main.js`] = [...above, 'debugger;'];
    faults.tsc.push({ file: `${folder}/src/index.ts`, line: above.length + 1, rule: 'TS2322' });
    faults.eslint.push({ file: `${folder}/src/main.js`, line: above.length + 1, rule: 'no-debugger' });
  }
  return { files, ...faults };
}

const noTelemetry = { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };

describe(`monorepos (PROBLEM_SEED=${seed})`, { timeout: 300_000 }, () => {
  const turbo = (script: string): string[] => ['run', script, '--continue', '--force'];
  const runners = [
    { name: 'pnpm -r', program: 'pnpm', args: (script: string) => ['-r', '--no-bail', 'run', script], env: {} },
    { name: 'npm -ws', program: 'npm', args: (script: string) => ['--workspaces', 'run', script], env: {} },
    { name: 'turbo', program: 'turbo', args: turbo, env: {} },
    { name: 'turbo on GitHub', program: 'turbo', args: turbo, env: { GITHUB_ACTIONS: 'true' } },
    { name: 'turbo with colours', program: 'turbo', args: turbo, env: { FORCE_COLOR: '1' } },
  ];
  for (const { name, program, args, env } of runners) {
    it(`finds the file in the package whose output it is: ${name}`, async () => {
      const { files, tsc, eslint } = monorepo(random(name), ['@acme/one', 'two']);
      await withProject(files, undefined, async (folder) => {
        const path = `${tools.bin}:${process.env['PATH']}`;
        const types = await run(program, args('types'), folder, { ...noTelemetry, ...env, PATH: path });
        expectFaults('tsc', types, folder, tsc);
        const lint = await run(program, args('lint'), folder, { ...noTelemetry, ...env, PATH: path });
        expectFaults('eslint', lint, folder, eslint);
      });
    });
  }

  it('finds the file when pnpm runs one package and prints no prefix', async () => {
    const { files, tsc } = monorepo(random('filter'), ['@acme/one', 'two']);
    await withProject(files, undefined, async (folder) => {
      const result = await run(join(tools.bin, 'pnpm'), ['--filter', 'two', 'run', 'types'], folder, {});
      expectFaults('tsc', result, folder, tsc.slice(1));
    });
  });
});

describe('prefixes', () => {
  const at = { workspace: '/w', directory: '/w', isFile: (path: string) => path.startsWith('/w/packages/') };
  const found = (output: string, packages?: ReadonlyMap<string, string>): string[] =>
    findProblems(output, packages === undefined ? at : { ...at, packages }).map(
      ({ tool, file, line }) => `${tool} ${file}:${line}`,
    );
  const error = "src/a.ts(3,1): error TS2322: Type 'x'.";

  it('keeps interleaved blocks of two packages apart', () => {
    const output = [
      'packages/a lint$ eslint .',
      'packages/b lint$ eslint .',
      'packages/a lint: /w/packages/a/x.js',
      'packages/b lint: /w/packages/b/x.js',
      'packages/a lint:   1:1  error  First  no-a',
      'packages/b lint:   2:1  error  Second  no-b',
      'packages/a lint:',
      'packages/b lint: Failed',
    ].join('\n');
    expect(found(output)).toEqual(['eslint packages/a/x.js:1', 'eslint packages/b/x.js:2']);
  });

  it('uses the folder that pnpm up to version 10 prints, also behind a prefix of turbo', () => {
    expect(found(`\n> @acme/a@1.0.0 types /w/packages/a\n> tsc\n\n${error}`)).toEqual(['tsc packages/a/src/a.ts:3']);
    const turbo = [
      '• Packages in scope: @acme/a',
      '@acme/a:types: > @acme/a@1.0.0 types /w/packages/a',
      `@acme/a:types: ${error}`,
    ];
    expect(found(turbo.join('\n'))).toEqual(['tsc packages/a/src/a.ts:3']);
  });

  it('uses the folders of packages that the caller knows', () => {
    const packages = new Map([['@acme/a', 'packages/a']]);
    expect(found(`> @acme/a@1.0.0 types\n> tsc\n\n${error}`, packages)).toEqual(['tsc packages/a/src/a.ts:3']);
    expect(found(`> nx run @acme/a:types\n\n${error}`, packages)).toEqual(['tsc packages/a/src/a.ts:3']);
    expect(found(`[@acme/a]: Process started\n[@acme/a]: ${error}`, packages)).toEqual(['tsc packages/a/src/a.ts:3']);
    expect(found(`> @acme/a@1.0.0 types\n> tsc\n\n${error}`)).toEqual([]);
  });

  it('reads behind the names of concurrently, and takes no other bracket for one', () => {
    const named = 'packages/a/src/a.ts(3,1): error TS2322: x';
    expect(found(`> concurrently npm:types npm:lint\n[types] ${named}`)).toEqual(['tsc packages/a/src/a.ts:3']);
    expect(found(`[0] ${named}`)).toEqual([]);
    expect(found('> concurrently a b\n[warn] packages/a/src/a.ts')).toEqual(['prettier packages/a/src/a.ts:undefined']);
  });
});
