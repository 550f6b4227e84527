import { describe, expect, it } from 'vitest';
import { lines, manifest, order, plan, type Tree } from './repository.ts';

const CHECKS = { lint: 'eslint .', typecheck: 'tsc --noEmit', test: 'vitest run' };

/** A package with checks and a build, and what it waits for. */
async function waits(
  build: string,
  dependencies: readonly string[] = [],
  tree: Tree = {},
  scripts: Record<string, string> = {},
) {
  return order(await plan({ 'package.json': manifest({ ...CHECKS, build, ...scripts }, dependencies), ...tree }));
}

describe('the tasks of a package', () => {
  it('run beside each other when none writes what another reads', async () => {
    expect(await waits('vite build', ['vite'])).toEqual(['build', 'lint', 'test', 'typecheck']);
    expect(await waits('tsc -p tsconfig.build.json', ['typescript'])).toEqual(['build', 'lint', 'test', 'typecheck']);
  });

  it('come after what generates code', async () => {
    const scripts = {
      ...CHECKS,
      'format:check': 'prettier --check .',
      codegen: 'graphql-codegen',
      build: 'vite build',
    };
    const found = await plan({ 'package.json': manifest(scripts) });
    expect(order(found)).toEqual([
      'build <- generate',
      'format <- generate',
      'generate',
      'lint <- generate',
      'test <- generate',
      'typecheck <- generate',
    ]);
    expect(found.tasks[0]?.id).toBe('generate');
  });

  it.each([
    ['next build', [], ['build', 'lint', 'test', 'typecheck <- build']],
    ['npm run clean && NODE_ENV=production next build', [], ['build', 'lint', 'test', 'typecheck <- build']],
    [
      'node --max-old-space-size=8192 node_modules/next/dist/bin/next build',
      [],
      ['build', 'lint', 'test', 'typecheck <- build'],
    ],
    ['dotenv -e .env.ci -- next build', [], ['build', 'lint', 'test', 'typecheck <- build']],
    ['cross-env CI=1 npx next build', [], ['build', 'lint', 'test', 'typecheck <- build']],
    ['nuxt build', ['nuxt'], ['build', 'lint <- build', 'test <- build', 'typecheck <- build']],
    ['vite build', ['@sveltejs/kit'], ['build', 'lint <- test', 'test <- build', 'typecheck <- test']],
    ['astro build', ['astro'], ['build', 'lint', 'test <- build', 'typecheck <- build']],
    ['react-router build', [], ['build', 'lint', 'test', 'typecheck <- build']],
    ['prisma generate && next build', [], ['build', 'lint', 'test <- build', 'typecheck <- build']],
    ['panda codegen && vite build', [], ['build', 'lint', 'test <- build', 'typecheck <- build']],
    ['tsc -b && vite build', [], ['build', 'lint', 'test', 'typecheck <- build']],
  ] as const)('wait for the files that they share with `%s`', async (build, dependencies, expected) => {
    expect(await waits(build, dependencies)).toEqual(expected);
  });

  it('tell what they wait for, and why', async () => {
    const found = await plan({ 'package.json': manifest({ ...CHECKS, build: 'next build' }) });
    expect(lines(found)).toContain('typecheck: waits for build (it reads .next/types and next-env.d.ts)');
  });

  it('that write the same files go one after the other', async () => {
    const typegen = await waits('next build', [], {}, { typecheck: 'next typegen && tsc --noEmit' });
    expect(typegen).toEqual(['build', 'lint', 'test', 'typecheck <- build']);
    const incremental = { 'tsconfig.json': { compilerOptions: { incremental: true, outDir: 'dist' } } };
    expect(await waits('tsc', ['typescript'], incremental)).toContain('typecheck <- build');
    expect(await waits('tsc', ['typescript'], { 'tsconfig.json': {} }, { typecheck: 'tsc' })).toContain(
      'typecheck <- build',
    );
    const based = { 'tsconfig.json': { extends: './base' }, 'base.json': { compilerOptions: { noEmit: true } } };
    expect(await waits('tsc -p tsconfig.json', ['typescript'], based, { typecheck: 'tsc' })).toContain('typecheck');
  });

  it('use types in a linter that asks for them', async () => {
    const typed = { 'eslint.config.js': 'export default [{languageOptions: {parserOptions: {projectService: true}}}]' };
    expect(await waits('next build', ['eslint'], typed)).toEqual([
      'build',
      'lint <- build',
      'test',
      'typecheck <- build',
    ]);
  });

  it('leave a generator to the build that runs it as well', async () => {
    const scripts = { ...CHECKS, generate: 'graphql-codegen', prebuild: 'npm run generate', build: 'vite build' };
    const found = await plan({ 'package.json': manifest(scripts) });
    expect(order(found)).toEqual(['build', 'lint', 'test <- build', 'typecheck <- build']);
    expect(lines(found)).toContain('generate: `generate` is not run by itself (the build script runs it)');
  });

  it('wait for a build that they run again themselves', async () => {
    expect(await waits('tsc -p b', [], {}, { pretest: 'npm run build' })).toContain('test <- build');
    expect(await waits('tsc -p b', [], {}, { test: 'run-s build unit', unit: 'mocha' })).toContain('test <- build');
  });

  it('wait for a linter that corrects files while it runs', async () => {
    const found = await plan({
      'package.json': manifest({
        ...CHECKS,
        lint: 'eslint --fix . && stylelint --fix "**/*.css"',
        build: 'vite build',
      }),
    });
    expect(order(found)).toEqual(['build <- lint', 'lint', 'test <- lint', 'typecheck <- lint']);
    expect(lines(found)).toContain('typecheck: waits for lint (the script lint corrects files while it runs)');
  });

  it('wait for what the project’s own task runner declares', async () => {
    const turbo =
      '{ // turbo\n "tasks": {"test": {"dependsOn": ["build", "^build", "lint", 3]}, "project#lint": {"dependsOn": ["build"]},}}';
    expect(await waits('vite build', [], { 'turbo.json': turbo })).toEqual([
      'build',
      'lint <- build',
      'test <- build',
      'typecheck',
    ]);
    const nx = { 'nx.json': { targetDefaults: { test: { dependsOn: ['build', { target: 'x' }] } } } };
    expect(await waits('vite build', [], nx)).toContain('test <- build');
    expect(await waits('vite build', [], { 'turbo.json': '{' })).toContain('test');
  });
});

describe('tests that read what the build writes', () => {
  const build = 'tsc -p tsconfig.build.json';
  const config = { 'tsconfig.build.json': { compilerOptions: { outDir: 'out/js' }, include: ['src'] } };

  it.each([
    ['an import', "import { run } from '../dist/index.js';", ['test <- build', 'typecheck <- build']],
    [
      'an import of the compiler’s own folder',
      "const a = await import('../out/js/a.js');",
      ['test <- build', 'typecheck <- build'],
    ],
    ['require', "const a = require('../dist');", ['test <- build', 'typecheck <- build']],
    ['the package’s own name', "import { run } from 'project';", ['test <- build', 'typecheck <- build']],
    ['a program that they start', "spawn(process.execPath, ['dist/cli.js']);", ['test <- build', 'typecheck']],
    ['a path that they put together', "const cli = join(root, 'dist', 'cli.js');", ['test <- build', 'typecheck']],
    [
      'nothing of it',
      "import { run } from '../src/dist.js'; const words = ['distance', 'build'];",
      ['test', 'typecheck'],
    ],
    [
      'a folder of their own of that name',
      "mkdirSync(join(temporary, 'dist')); spawn('node', ['dist/main.js']);",
      ['test', 'typecheck'],
    ],
  ])('wait for it: %s', async (_, text, expected) => {
    const tree = {
      'package.json': manifest({ ...CHECKS, build }, [], { main: './dist/index.js' }),
      ...config,
      'test/a.test.ts': text,
    };
    expect(order(await plan(tree)).filter((line) => /^(test|typecheck)/.test(line))).toEqual(expected);
  });

  it('wait for it when their command names its folder', async () => {
    expect(await waits(build, [], {}, { test: "node --test 'dist/test/*.js'" })).toContain('test <- build');
    expect(await waits(build, [], { 'dist/kept.js': '' }, { test: 'mocha dist/test' })).toContain('test');
  });

  it('come before a build that puts compiled tests where they are looked for', async () => {
    const compiled = { 'tsconfig.json': { compilerOptions: { outDir: 'dist' } }, 'src/a.test.ts': '' };
    const scripts = { test: 'jest', typecheck: 'tsc --noEmit' };
    expect(await waits('tsc', [], compiled, scripts)).toEqual(['build <- test', 'lint', 'test', 'typecheck']);
    expect(
      await waits('tsc', [], { ...compiled, 'jest.config.js': 'module.exports = {roots: ["src"]}' }, scripts),
    ).toContain('build');
    const excluded = {
      ...compiled,
      'tsconfig.json': { compilerOptions: { outDir: 'dist' }, exclude: ['**/*.test.ts'] },
    };
    expect(await waits('tsc', [], excluded, scripts)).toContain('build');
  });
});

describe('the packages of a workspace', () => {
  const member = (name: string, scripts: Record<string, string>, dependencies: Record<string, string> = {}) => ({
    name,
    scripts,
    dependencies,
  });
  const ROOT = manifest({}, [], { workspaces: ['packages/*'] });

  it('wait for the builds of those they depend on', async () => {
    const all = {
      build: 'tsc -p b',
      'type-check': 'tsc --noEmit',
      test: 'vitest',
      lint: 'eslint .',
      'format:check': 'prettier -c .',
    };
    const found = await plan({
      'package.json': ROOT,
      'packages/app/package.json': member('app', all, { lib: '*' }),
      'packages/lib/package.json': member('lib', all, { base: '*' }),
      'packages/base/package.json': member('base', { build: 'tsc -p b' }),
    });
    expect(order(found).filter((line) => line.startsWith('packages/app'))).toEqual([
      'packages/app:build <- packages/lib:build',
      'packages/app:format',
      'packages/app:lint',
      'packages/app:test <- packages/lib:build',
      'packages/app:typecheck <- packages/lib:build',
    ]);
    expect(order(found)).toContain('packages/lib:build <- packages/base:build');
  });

  it('wait for what is generated where there is no build, and for those behind where there is neither', async () => {
    const found = await plan({
      'package.json': ROOT,
      'packages/app/package.json': member('app', { test: 'vitest' }, { middle: '*' }),
      'packages/middle/package.json': member('middle', {}, { db: '*', lib: '*' }),
      'packages/db/package.json': member('db', { generate: 'prisma generate' }, { lib: '*' }),
      'packages/lib/package.json': member('lib', { build: 'tsc' }),
    });
    expect(order(found)).toEqual([
      'packages/app:test <- packages/db:generate packages/lib:build',
      'packages/db:generate <- packages/lib:build',
      'packages/lib:build',
    ]);
  });

  it.each([
    ['it uses types', 'export default tseslint.config(tseslint.configs.recommendedTypeChecked)'],
    ['it resolves imports', "module.exports = {extends: ['plugin:import/recommended']}"],
    ['it comes from a package of the workspace', "export { default } from 'config/eslint';"],
  ])('wait with lint when %s', async (_, config) => {
    const tree = {
      'package.json': ROOT,
      'packages/app/package.json': member('app', { lint: 'eslint .' }, { lib: '*', config: '*' }),
      'packages/lib/package.json': member('lib', { build: 'tsc' }),
      'packages/config/package.json': member('config', {}),
    };
    expect(order(await plan(tree))).toContain('packages/app:lint');
    const expected = 'packages/app:lint <- packages/lib:build';
    expect(order(await plan({ ...tree, 'eslint.config.js': config }))).toContain(expected);
    expect(order(await plan({ ...tree, 'packages/app/eslint.config.js': config }))).toContain(expected);
  });

  it('come after what the root generates, unless the root needs them itself', async () => {
    const found = await plan({
      'package.json': manifest({ generate: 'graphql-codegen' }, [], {
        workspaces: ['packages/*'],
        dependencies: { tool: '*' },
      }),
      'packages/app/package.json': member('app', { test: 'vitest', codegen: 'orval' }),
      'packages/tool/package.json': member('tool', { build: 'tsc', test: 'vitest' }),
    });
    expect(order(found)).toEqual([
      'generate <- packages/tool:build',
      'packages/app:generate <- generate',
      'packages/app:test <- generate packages/app:generate',
      'packages/tool:build',
      'packages/tool:test',
    ]);
  });
});
