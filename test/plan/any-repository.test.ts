import { describe, expect, it } from 'vitest';
import { SCRIPT_NAMES } from '../../src/plan/script-names.ts';
import { PipelineError } from '../../src/runtime/errors.ts';
import { type Random, seeded } from '../runtime/random.ts';
import { planOf, repository, type Tree } from './repository.ts';

const NAMES = [
  ...Object.values(SCRIPT_NAMES).flat(),
  'postinstall',
  'pretest',
  'prebuild',
  'prelint',
  'test:e2e',
  'x',
  'y',
];

const COMMANDS = [
  'eslint .',
  'eslint . --fix',
  'eslint --fix . && stylelint --fix .',
  'tsc',
  'tsc -b',
  'tsc --noEmit',
  'vue-tsc -b',
  'next build',
  'next typegen && tsc',
  'nuxt build',
  'nuxi typecheck',
  'svelte-kit sync && svelte-check',
  'vite build',
  'astro check',
  'prisma generate',
  'graphql-codegen',
  'vitest',
  'jest --watch',
  'mocha dist',
  'playwright test',
  'npm run build',
  'npm run x && npm run y',
  'run-s build test',
  'npm run generate',
  'pnpm -r build',
  'pnpm -r lint --fix',
  'turbo run build',
  'turbo run test lint',
  'turbo test --filter=p1...',
  'nx run-many -t build',
  'lerna run test --scope p*',
  'npm run build -ws',
  'npm test -w packages/p1',
  'prettier --write .',
  'prettier -c .',
  'biome check --write',
  'echo nothing',
  'react-router typegen && tsc',
  'turbo run build --cwd .',
  'A=1 turbo lint -- --x',
  '"',
  '',
];

const TOOLS = [
  'typescript',
  'eslint',
  'prettier',
  'vitest',
  'jest',
  'prisma',
  '@prisma/client',
  '@sveltejs/kit',
  'nuxt',
  'vue-tsc',
  '@biomejs/biome',
];

const FILES = [
  'tsconfig.json',
  'eslint.config.js',
  'biome.json',
  'prisma/schema.prisma',
  'src/a.test.ts',
  'test/a.js',
  'turbo.json',
  'nx.json',
  'project.json',
  'dist/x.js',
];

const TEXTS = [
  '',
  '{}',
  '{"files": [], "references": []}',
  '{"compilerOptions": {"incremental": true, "outDir": "dist"}}',
  "import '../dist/a.js'; export default {projectService: 1}",
  '{"tasks": {"test": {"dependsOn": ["build", "^build"]}, "build": {"dependsOn": ["test"]}, "lint": {"dependsOn": ["^build", "generate"]}}}',
];

function some<T>(random: Random, from: readonly T[], most: number): readonly T[] {
  return Array.from({ length: random.integer(most + 1) }, () => random.pick(from));
}

function randomPackage(random: Random, name: string, others: readonly string[]): object {
  const map = (names: readonly string[], value: () => string) => Object.fromEntries(names.map((key) => [key, value()]));
  return {
    name,
    version: random.pick(['1.0.0', '0.1.0-beta', 'x']),
    scripts: map(some(random, NAMES, 9), () => random.pick(COMMANDS)),
    dependencies: map(some(random, others, 3), () => random.pick(['*', 'workspace:*', '^1.0.0', 'latest'])),
    devDependencies: map([...some(random, TOOLS, 4), ...some(random, others, 1)], () => '*'),
    ...(random.integer(3) === 0 ? { main: 'dist/index.js' } : {}),
  };
}

function randomRepository(random: Random): Tree {
  const names = Array.from({ length: random.integer(6) }, (_, index) => `p${index}`);
  const folders = ['.', ...names.map((name) => `packages/${name}`)];
  const manifests = folders.map((folder, index) => {
    const content = randomPackage(random, index === 0 ? 'root' : (names[index - 1] ?? ''), [...names, 'root']);
    return [`${folder}/package.json`, index === 0 ? { ...content, workspaces: ['packages/*'] } : content] as const;
  });
  const files = some(random, FILES, 8).map((path) => [`${random.pick(folders)}/${path}`, random.pick(TEXTS)] as const);
  const lockfile = random.pick(['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock']);
  const pnpm = lockfile === 'pnpm-lock.yaml' ? { 'pnpm-workspace.yaml': 'packages: [packages/*]' } : {};
  return { ...Object.fromEntries(files), ...Object.fromEntries(manifests), [lockfile]: '', ...pnpm };
}

describe('any repository', () => {
  it.each([1, 2, 3, 4])('has a plan as published, each task behind those it needs: seed %i', async (seed) => {
    const random = seeded(1_000 + seed);
    for (let round = 0; round < 20; round += 1) {
      const tree = randomRepository(random);
      const folder = await repository(tree);
      const packages = Object.keys(tree)
        .filter((path) => path.endsWith('package.json'))
        .map((path) => path.replace(/\/package\.json$/, ''));
      const workingDirectory = random.integer(2) === 0 ? '.' : random.pick(packages);
      const asked = { workingDirectory, coverage: random.integer(2) === 0 };
      try {
        const first = await planOf(folder, asked);
        expect(await planOf(folder, asked)).toEqual(first);
        expect(first.decisions.map(({ decision }) => decision)).not.toContainEqual(
          expect.stringContaining('does not wait'),
        );
      } catch (error) {
        if (error instanceof PipelineError) throw new Error(`refused: ${error.message}\n${JSON.stringify(tree)}`);
        throw new Error(`${(error as Error).stack}\n${JSON.stringify({ asked, tree })}`);
      }
    }
  });
});
