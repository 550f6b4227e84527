import { execFileSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { capture } from '../../src/runtime/process.ts';
import { machine } from '../support/run-dist.ts';
import { commands, lines, manifest, plan, planOf, repository, task } from './repository.ts';

const TSCONFIG = { compilerOptions: { strict: true } };
const TEST_FILE = "import { test } from 'node:test';\ntest('a', () => undefined);\n";

describe('a package without a script', () => {
  it.each([
    ['prettier', {}, 'format', 'prettier --check .', 'a devDependency, no script'],
    ['@biomejs/biome', { 'biome.json': {} }, 'lint', 'biome ci .', 'biome.json, no script'],
    ['dprint', { 'dprint.json': {} }, 'format', 'dprint check', 'dprint.json, no script'],
    ['eslint', { 'eslint.config.mjs': '' }, 'lint', 'eslint .', 'eslint.config.mjs, no script'],
    ['eslint', { '.eslintrc.json': {} }, 'lint', 'eslint .', '.eslintrc.json, no script'],
    ['oxlint', {}, 'lint', 'oxlint', 'a devDependency, no script'],
    ['typescript', { 'tsconfig.json': TSCONFIG }, 'typecheck', 'tsc --noEmit', 'tsconfig.json, no script'],
    ['vue-tsc', { 'tsconfig.json': TSCONFIG }, 'typecheck', 'vue-tsc --noEmit', 'tsconfig.json, no script'],
    ['svelte-check', { 'tsconfig.json': TSCONFIG }, 'typecheck', 'svelte-check', 'tsconfig.json, no script'],
    ['@astrojs/check', { 'tsconfig.json': TSCONFIG }, 'typecheck', 'astro check', 'tsconfig.json, no script'],
    ['vitest', { 'src/a.test.ts': '' }, 'test', 'vitest run', 'a devDependency, no script'],
    ['jest', { '__tests__/a.js': '' }, 'test', 'jest', 'a devDependency, no script'],
    ['left-pad', { 'test/a.js': TEST_FILE }, 'test', 'node --test', 'test files, no script'],
  ] as const)('is checked with %s, of which it says why', async (name, files, kind, command, reason) => {
    const found = await plan({ 'package.json': manifest({}, [name]), ...files });
    expect(commands(found)).toEqual({ [kind]: command });
    expect(lines(found)).toContain(`${kind}: \`${command}\` (${reason})`);
  });

  it.each([
    ['prettier without the dependency', [], { '.prettierrc': '{}' }],
    ['eslint without a configuration', ['eslint'], {}],
    ['eslint without the dependency', [], { 'eslint.config.js': '' }],
    ['tsc without tsconfig.json', ['typescript'], { 'src/a.ts': '' }],
    ['vitest without tests', ['vitest'], { 'src/a.ts': '' }],
    ['another runner’s tests', ['mocha'], { 'test/a.js': '' }],
    ['tests in TypeScript for node --test', [], { 'src/a.test.ts': '' }],
  ] as const)('is not checked with %s', async (_, dependencies, files) => {
    const found = await plan({ 'package.json': manifest({}, dependencies), ...files });
    expect(found.tasks).toEqual([]);
  });

  it('says of each kind that there is nothing to run, and why', async () => {
    const found = await plan({ 'package.json': manifest() });
    expect(lines(found)).toEqual([
      'package manager: npm (the default: no packageManager field, no lockfile)',
      'format: nothing to run (no script, and no formatter among the dependencies)',
      'lint: nothing to run (no script, and no linter that is both a dependency and configured)',
      'typecheck: nothing to run (no script, no tsconfig.json)',
      'test: nothing to run (no script, and no test files with a known runner)',
      'build: nothing to run (no script)',
    ]);
  });

  it('is not checked twice for what another task does already', async () => {
    const biome = await plan({ 'package.json': manifest({}, ['@biomejs/biome']), 'biome.json': {} });
    expect(lines(biome)).toContain('format: nothing to run (`biome` of another task does it)');
    const linted = manifest({ 'test:ci': 'eslint . && mocha' }, ['eslint']);
    expect(commands(await plan({ 'package.json': linted, 'eslint.config.js': '' }))).toEqual({
      test: 'npm run test:ci',
    });
    const scripts = { lint: 'eslint . && prettier --check . && tsc --noEmit', build: 'rollup -c' };
    const tree = { 'package.json': manifest(scripts, ['prettier', 'typescript']), 'tsconfig.json': TSCONFIG };
    expect(commands(await plan(tree))).toEqual({ lint: 'npm run lint', build: 'npm run build' });
    const compiled = await plan({
      'package.json': manifest({ build: 'tsc' }, ['typescript']),
      'tsconfig.json': TSCONFIG,
    });
    expect(commands(compiled)).toEqual({ build: 'npm run build' });
    expect(lines(compiled)).toContain('typecheck: nothing to run (`tsc` of another task does it)');
    const partly = manifest({ build: 'tsc -p tsconfig.build.json' }, ['typescript']);
    expect(commands(await plan({ 'package.json': partly, 'tsconfig.json': TSCONFIG }))).toEqual({
      typecheck: 'tsc --noEmit',
      build: 'npm run build',
    });
  });

  it('is checked through its references where tsconfig.json holds nothing else', async () => {
    const solution = '{ // only this\n "files": [], "references": [{"path": "./tsconfig.app.json"},], }';
    const of = (version: string) => {
      return plan({
        'package.json': manifest({}, [], { devDependencies: { typescript: version } }),
        'tsconfig.json': solution,
      });
    };
    expect(commands(await of('~6.0.3'))).toEqual({ typecheck: 'tsc -b --noEmit' });
    const old = await of('^5.5.2');
    expect(old.tasks).toEqual([]);
    expect(lines(old).find((line) => line.startsWith('typecheck'))).toContain('since TypeScript 5.6');
  });

  it('measures coverage only with what is installed for it', async () => {
    const tree = (names: readonly string[]) => ({ 'package.json': manifest({}, names), 'a.test.js': '' });
    const options = { coverage: true };
    expect(commands(await plan(tree(['vitest', '@vitest/coverage-v8']), options))).toEqual({
      test: 'vitest run --coverage',
    });
    expect(commands(await plan(tree(['jest']), options))).toEqual({ test: 'jest --coverage' });
    const without = await plan(tree(['vitest']), options);
    expect(commands(without)).toEqual({ test: 'vitest run' });
    expect(lines(without)).toContain(
      'coverage: asked for, the tests run without it (no script such as test:coverage, and neither @vitest/coverage-v8 ' +
        'nor @vitest/coverage-istanbul is a dependency)',
    );
    const node = await plan({ 'package.json': manifest(), 'test/a.js': TEST_FILE }, options);
    expect(commands(node)['test']).toMatch(/^node --test --experimental-test-coverage .*--test-reporter=lcov/);
  });

  it('is left to Yarn for finding programs, which may not be files', async () => {
    const found = await plan({ 'package.json': manifest({}, ['prettier']), 'yarn.lock': '' });
    expect(task(found, 'format')).toMatchObject({ command: ['yarn', 'run', 'prettier', '--check', '.'], path: [] });
  });
});

const installed = fileURLToPath(new URL('../../node_modules', import.meta.url));

describe('planned commands', () => {
  it('run as they are, without a package manager in between, from any folder of the workspace', async () => {
    const folder = await repository({
      'package.json': manifest({ build: 'node build.js' }, ['typescript', '@biomejs/biome'], {
        workspaces: ['packages/*'],
      }),
      'build.js': "console.log('built here');\n",
      'packages/a/package.json': { name: 'a' },
      'packages/a/tsconfig.json': { compilerOptions: { strict: true, noEmit: true }, include: ['src'] },
      'packages/a/src/index.ts': "export const count: number = 'many';\n",
      'packages/a/test/sum.js': TEST_FILE,
      '.gitignore': 'node_modules\n',
    });
    await symlink(installed, join(folder, 'node_modules'));
    const found = await planOf(folder);
    expect(commands(found)).toEqual({
      'packages/a:typecheck': 'tsc --noEmit',
      'packages/a:test': 'node --test',
      build: 'npm run build',
    });
    const run = async (id: string) => {
      const { command, path, directory } = task(found, id);
      const [program, ...args] = command;
      const folders = [...path.map((part) => join(folder, part)), machine()['PATH'] ?? ''];
      return capture(program, args, {
        cwd: join(folder, directory),
        env: { ...machine(), PATH: folders.join(delimiter) },
      });
    };
    const typecheck = await run('packages/a:typecheck');
    expect(typecheck.stdout).toContain(
      "src/index.ts(1,14): error TS2322: Type 'string' is not assignable to type 'number'.",
    );
    expect(typecheck.exitCode).toBe(1);
    expect(await run('packages/a:test')).toMatchObject({ exitCode: 0 });
    expect((await run('build')).stdout).toContain('built here');
  });

  it('need nothing installed to be planned, and nothing is run for it', async () => {
    const folder = await repository({
      'package.json': manifest({ preinstall: 'touch ran', lint: 'touch ran', postinstall: 'touch ran' }),
      'eslint.config.js': "require('node:fs').writeFileSync('ran', '')",
    });
    await planOf(folder);
    expect(execFileSync('git', ['-C', folder, 'status', '--porcelain', '-uall'], { encoding: 'utf8' })).toBe(
      '?? eslint.config.js\n?? package.json\n',
    );
  });
});
