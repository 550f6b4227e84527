import { describe, expect, it } from 'vitest';
import { commands, lines, manifest, order, plan, type Tree, task } from './repository.ts';

const SCRIPTS = { lint: 'eslint .', build: 'tsc', test: 'vitest run', 'check:code': 'eslint .' };

function workspace(scripts: Record<string, string>, rest: Tree = {}, fields: Record<string, unknown> = {}): Tree {
  return {
    'package.json': manifest(scripts, [], { workspaces: ['apps/*', 'packages/*'], ...fields }),
    'apps/web/package.json': { name: '@shop/web', scripts: SCRIPTS, dependencies: { '@shop/ui': '*' } },
    'packages/ui/package.json': { name: '@shop/ui', scripts: SCRIPTS },
    ...rest,
  };
}

const ids = (found: Awaited<ReturnType<typeof plan>>) => found.tasks.map(({ id }) => id).sort();

describe('a root script that only hands over to the packages', () => {
  it.each([
    'pnpm -r lint',
    'pnpm -r run lint',
    'pnpm run -r lint',
    'pnpm --recursive --parallel --aggregate-output run lint',
    "pnpm --filter '*' lint",
    'pnpm --filter "@shop/*" run lint',
    'pnpm --filter ./apps/* --filter ./packages/* lint',
    'npm run lint --workspaces --if-present',
    'npm run lint -ws',
    'npm run lint -w apps/web -w @shop/ui',
    'yarn workspaces foreach -Apt run lint',
    'yarn workspaces foreach --all --exclude project run lint',
    'yarn workspaces run lint',
    'turbo run lint',
    'turbo lint --concurrency 10 --filter=[origin/main]',
    'turbo run lint --filter=...[HEAD^1]',
    'npx turbo run lint --output-logs=new-only',
    'pnpm turbo run lint',
    'lerna run lint --stream --concurrency 2',
    'nx run-many -t lint --parallel=3',
    'nx run-many --target=lint --all',
    'nx affected -t lint --base=main',
    'bun run --filter "*" lint',
    'npm run lint:all',
    'pnpm --filter web --filter @shop/ui lint && pnpm --filter @shop/web lint',
    'echo Linting && turbo lint',
    'pnpm --filter @shop/ui lint && pnpm -r lint',
  ])('has their own scripts run instead: %s', async (lint) => {
    const found = await plan(workspace({ lint, 'lint:all': 'turbo run lint' }));
    expect(ids(found).filter((id) => id.endsWith('lint'))).toEqual(['apps/web:lint', 'packages/ui:lint']);
    expect(lines(found)).toContainEqual(
      expect.stringMatching(
        /^lint: the packages’ own scripts, in the order of their dependencies \(the root’s `lint` only hands over, with /,
      ),
    );
  });

  it.each([
    ['turbo run check:code', ['apps/web', 'packages/ui'], 'check:code'],
    ['pnpm --filter @shop/web lint', ['apps/web'], 'lint'],
    ["pnpm -r --filter '!@shop/web' lint", ['packages/ui'], 'lint'],
    ['turbo run lint --filter=@shop/web...', ['apps/web', 'packages/ui'], 'lint'],
    ['turbo run lint --filter ./packages/*', ['packages/ui'], 'lint'],
    ['turbo run lint --filter={./apps/*}', ['apps/web'], 'lint'],
    ['lerna run lint --scope @shop/* --ignore @shop/ui', ['apps/web'], 'lint'],
    ['nx run-many -t lint --exclude @shop/ui,other', ['apps/web'], 'lint'],
    ['yarn workspace @shop/ui lint', ['packages/ui'], 'lint'],
    ['yarn workspaces foreach -A --include @shop/ui run lint', ['packages/ui'], 'lint'],
    ['turbo run lint build test', ['apps/web', 'packages/ui'], 'lint'],
  ])('says which script of which packages: %s', async (lint, folders, script) => {
    const found = await plan(workspace({ lint }));
    const tasks = found.tasks.filter(({ kind }) => kind === 'lint');
    expect(tasks.map(({ directory }) => directory)).toEqual(folders);
    for (const planned of tasks) expect(planned.script).toBe(script);
    const left = ['apps/web', 'packages/ui'].filter((folder) => !folders.includes(folder));
    expect(found.notChecked.map(({ subject }) => subject)).toEqual(left.map((folder) => `lint in ${folder}`));
  });

  it('hands over variables and arguments as well', async () => {
    const found = await plan(
      workspace({ test: 'SKIP_ENV=1 TZ=UTC turbo run test -- --pool=forks', lint: 'pnpm -r lint --fix --quiet' }),
    );
    expect(task(found, 'apps/web:test')).toMatchObject({
      command: ['npm', 'run', 'test', '--', '--pool=forks'],
      environment: { SKIP_ENV: '1', TZ: 'UTC' },
    });
    expect(commands(found)['apps/web:lint']).toBe('npm run lint -- --quiet');
  });

  it('keeps the order of the builds', async () => {
    expect(order(await plan(workspace({ build: 'turbo build' }))).filter((line) => line.includes('build'))).toEqual([
      'apps/web:build <- packages/ui:build',
      'apps/web:test <- packages/ui:build',
      'packages/ui:build',
    ]);
  });
});

describe('a root script that does something itself', () => {
  it.each([
    'eslint .',
    'eslint . && turbo lint',
    'turbo lint && node scripts/check.js',
    'turbo run lint > lint.log',
    'pnpm -r exec eslint .',
    'turbo run web#lint',
    'pnpm --filter nobody lint',
    'turbo run nothing',
    'nx lint web',
    'make lint',
    "turbo lint -- 'a\nb'",
  ])('stands for the whole workspace: %s', async (lint) => {
    const found = await plan(workspace({ lint }));
    expect(found.tasks.filter(({ kind }) => kind === 'lint').map(({ id }) => id)).toEqual(['lint']);
    expect(lines(found)).toContain('lint: `npm run lint` for the whole workspace (package.json)');
    expect(lines(found)).toContain(
      'lint: the packages’ own scripts are not run again (2 of them) (the root’s `lint` stands for the whole workspace)',
    );
  });

  it('waits for all builds where it reads them', async () => {
    const found = await plan(workspace({ lint: 'eslint .', test: 'vitest run', typecheck: 'tsc -b' }));
    expect(order(found)).toEqual([
      'apps/web:build <- packages/ui:build',
      'lint',
      'packages/ui:build',
      'test <- apps/web:build packages/ui:build',
      'typecheck <- apps/web:build packages/ui:build',
    ]);
  });

  it('is waited for where it builds all packages', async () => {
    const found = await plan(workspace({ build: 'tsc -b', generate: 'graphql-codegen' }));
    expect(order(found)).toEqual([
      'apps/web:lint <- generate',
      'apps/web:test <- build generate',
      'build <- generate',
      'generate',
      'packages/ui:lint <- generate',
      'packages/ui:test <- generate',
    ]);
  });

  it('runs alone where it starts the packages’ tasks by itself', async () => {
    const build = 'turbo run build --cwd .';
    const found = await plan(
      workspace({ build, test: 'turbo run test --cwd .', typecheck: 'tsc -b && turbo run typecheck --cwd .' }),
    );
    expect(order(found).filter((line) => !line.includes('lint'))).toEqual([
      'build',
      'test <- build typecheck',
      'typecheck <- build',
    ]);
  });

  it('is left to Nx where Nx has tasks of its own', async () => {
    const found = await plan(
      workspace({ lint: 'nx run-many -t lint' }, { 'nx.json': {}, 'apps/web/project.json': {} }),
    );
    expect(ids(found).filter((id) => id.endsWith('lint'))).toEqual(['lint']);
  });

  it('is one of many where the root is an application beside its packages', async () => {
    const fields = { dependencies: { '@shop/ui': '*' } };
    const found = await plan(workspace({ build: 'next build', test: 'vitest', lint: 'eslint .' }, {}, fields));
    expect(order(found)).toEqual([
      'apps/web:build <- packages/ui:build',
      'apps/web:test <- packages/ui:build',
      'build <- packages/ui:build',
      'lint',
      'packages/ui:build',
      'packages/ui:test',
      'test <- packages/ui:build',
    ]);
  });

  it('comes first and alone when it corrects files', async () => {
    const found = await plan(workspace({ lint: 'eslint --fix . && stylelint --fix .', typecheck: 'tsc -b' }));
    for (const { id, needs } of found.tasks) if (id !== 'lint') expect(needs).toContain('lint');
    expect(task(found, 'lint').needs).toEqual([]);
  });
});

describe('a workspace without a root script', () => {
  it('has the scripts of its packages and the tools that they have configured', async () => {
    const found = await plan({
      'package.json': manifest({}, ['typescript', 'eslint', 'prettier'], { workspaces: ['packages/*'] }),
      'tsconfig.base.json': {},
      'packages/a/package.json': { name: 'a', scripts: { lint: 'eslint .' } },
      'packages/a/tsconfig.json': {},
      'packages/b/package.json': { name: 'b' },
      'packages/b/eslint.config.js': '',
      'packages/c/package.json': { name: 'c' },
    });
    expect(commands(found)).toEqual({
      format: 'prettier --check .',
      'packages/a:lint': 'npm run lint',
      'packages/b:lint': 'eslint .',
      'packages/a:typecheck': 'tsc --noEmit',
    });
    expect(lines(found)).toContain('format: `prettier --check .` for the whole workspace (a devDependency, no script)');
    expect(task(found, 'packages/b:lint').path).toEqual([
      'packages/b/node_modules/.bin',
      'packages/node_modules/.bin',
      'node_modules/.bin',
    ]);
  });
});
