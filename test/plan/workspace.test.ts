import { describe, expect, it } from 'vitest';
import { commands, lines, manifest, order, plan, refusal, type Tree } from './repository.ts';

/** A package of a workspace. */
function member(name: string, scripts: Record<string, string> = {}, dependencies: Record<string, string> = {}): object {
  return { name, version: '1.2.3', scripts, dependencies };
}

const PNPM = { 'pnpm-workspace.yaml': "packages: ['apps/*', 'packages/**', '!**/fixtures/**']\n" };

describe('a workspace', () => {
  it.each([
    ['npm', { 'package.json': manifest({}, [], { workspaces: ['apps/*', 'packages/**', '!packages/*/fixtures/*'] }) }],
    [
      'yarn',
      {
        'package.json': manifest({}, [], {
          packageManager: 'yarn@4.9.1',
          workspaces: { packages: ['apps/*', 'packages/**', '!packages/*/fixtures/*'] },
        }),
      },
    ],
    ['pnpm', { 'package.json': manifest(), ...PNPM }],
  ])('of %s has the packages that its patterns match', async (_, root) => {
    const found = await plan({
      ...root,
      'apps/web/package.json': member('web', {}, { ui: '^1.0.0' }),
      'packages/ui/package.json': member('ui'),
      'packages/deep/er/package.json': member('deeper'),
      'packages/ui/fixtures/x/package.json': member('fixture'),
      'packages/empty/readme.md': '',
      'tools/cli/package.json': member('cli'),
      'packages/ui/node_modules/zod/package.json': member('zod'),
    });
    expect(found.packages).toEqual([
      { name: 'project', directory: '.', dependsOn: [], checked: true },
      { name: 'web', directory: 'apps/web', dependsOn: ['packages/ui'], checked: true },
      { name: 'deeper', directory: 'packages/deep/er', dependsOn: [], checked: true },
      { name: 'ui', directory: 'packages/ui', dependsOn: [], checked: true },
    ]);
    expect(lines(found)).toContainEqual(
      expect.stringMatching(/^workspaces: 3 packages: apps\/web, packages\/deep\/er, packages\/ui \(/),
    );
    expect(found.notChecked).toContainEqual({
      subject: '2 packages in packages/ui/fixtures/x, tools/cli',
      reason: 'not packages of this project',
    });
  });

  it('may be in a folder of the repository', async () => {
    const found = await plan(
      {
        'shop/package.json': manifest({ lint: 'pnpm -r lint' }),
        'shop/pnpm-workspace.yaml': "packages: ['**', '../shared']\n",
        'shop/api/package.json': member('api', { lint: 'eslint .' }, { shared: 'workspace:*' }),
        'shared/package.json': member('shared', { lint: 'eslint .', build: 'tsc' }),
        'other/package.json': member('other', { lint: 'eslint .' }),
      },
      { workingDirectory: 'shop' },
    );
    expect(found).toMatchObject({ root: 'shop', workingDirectory: 'shop' });
    expect(found.tasks.map(({ id, directory }) => [id, directory])).toEqual([
      ['../shared:lint', 'shared'],
      ['api:lint', 'shop/api'],
      ['../shared:build', 'shared'],
    ]);
  });

  it('of pnpm is not what `workspaces` in package.json says', async () => {
    const root = manifest({ lint: 'eslint .' }, [], { packageManager: 'pnpm@10.0.0', workspaces: ['packages/*'] });
    const found = await plan({ 'package.json': root, 'packages/a/package.json': member('a') });
    expect(found.packages.map(({ directory }) => directory)).toEqual(['.']);
    expect(lines(found)).toContain(
      'workspaces: none: pnpm does not read `workspaces` of package.json (no `packages` in pnpm-workspace.yaml)',
    );
  });

  it('with settings only in pnpm-workspace.yaml is a single package', async () => {
    const found = await plan({
      'package.json': manifest({ lint: 'eslint .' }),
      'pnpm-workspace.yaml': 'onlyBuiltDependencies: [esbuild]\n',
    });
    expect(commands(found)).toEqual({ lint: 'pnpm run lint' });
    expect((await plan({ 'package.json': manifest(), 'pnpm-workspace.yaml': '# nothing\n' })).packages).toHaveLength(1);
    expect((await plan({ 'package.json': manifest(), 'pnpm-workspace.yaml': 'packages:\n' })).packages).toHaveLength(1);
  });

  it.each([
    'packages: &members\n  - packages/*\ncatalogs:\n  a: &a {react: ^19.0.0}\n  b: *a\n  c: *members\n',
    'shared: &members [packages/*]\npackages: *members\n',
  ])('may use what catalogs of real projects use, anchors and aliases: %#', async (yaml) => {
    const found = await plan({
      'package.json': manifest(),
      'pnpm-workspace.yaml': yaml,
      'packages/x/package.json': member('x'),
    });
    expect(found.packages.map(({ name }) => name)).toEqual(['project', 'x']);
  });

  it('of Yarn takes the workspaces of its packages as its own, others name them', async () => {
    const tree = (root: object) => ({
      'package.json': root,
      'packages/a/package.json': { name: 'a', workspaces: ['nested/*'] },
      'packages/a/nested/b/package.json': { name: 'b' },
    });
    const yarn = await plan(tree(manifest({}, [], { packageManager: 'yarn@4.0.0', workspaces: ['packages/*'] })));
    expect(yarn.packages.map(({ name }) => name)).toEqual(['project', 'a', 'b']);
    const npm = await plan(tree(manifest({}, [], { workspaces: ['packages/*'] })));
    expect(npm.packages.map(({ name }) => name)).toEqual(['project', 'a']);
    expect(npm.notChecked).toContainEqual({
      subject: 'workspaces in packages/a',
      reason: 'npm does not read the `workspaces` of a package that is a member itself',
    });
  });

  it('refuses two packages of one name', async () => {
    const message = await refusal({
      'package.json': manifest({}, [], { workspaces: ['packages/*'] }),
      'packages/a/package.json': member('ui'),
      'packages/b/package.json': member('ui'),
    });
    expect(message).toContain(
      'PIPE-PLAN-007: two packages of the workspace have the same name: ui. Given: packages/a and packages/b.',
    );
  });
});

describe('the graph of a workspace', () => {
  it.each([
    ['workspace:*', ['b']],
    ['workspace:^', ['b']],
    ['catalog:', ['b']],
    ['*', ['b']],
    ['', ['b']],
    ['latest', ['b']],
    ['next-7', ['b']],
    ['^1.0.0', ['b']],
    ['1.2.3', ['b']],
    ['>=1 <2', ['b']],
    ['file:../b', ['b']],
    ['link:../b/', ['b']],
    ['portal:../b', ['b']],
    ['^2.0.0', []],
    ['npm:b@1.2.3', []],
    ['npm:other@^1', []],
    ['github:acme/b', []],
    ['acme/b', []],
    ['git+https://example.com/b.git', []],
    ['https://example.com/b.tgz', []],
    ['file:../../../b', []],
    ['link:/etc', []],
    [`file:${'../'.repeat(3_000)}`, []],
  ])('reads the version %j of a package of the workspace', async (version, expected) => {
    const found = await plan({
      'package.json': manifest({}, [], { workspaces: ['packages/*'] }),
      'packages/a/package.json': member('a', {}, { b: version }),
      'packages/b/package.json': member('b'),
    });
    expect(found.packages[1]?.dependsOn).toEqual(expected.map((name) => `packages/${name}`));
  });

  it.each(['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'])(
    'follows %s',
    async (kind) => {
      const found = await plan({
        'package.json': manifest({}, [], { workspaces: ['packages/*'] }),
        'packages/a/package.json': { name: '@shop/a', [kind]: { '@shop/b': '*', '@shop/a': '*', react: '*' } },
        'packages/b/package.json': { name: '@shop/b' },
      });
      expect(found.packages[1]?.dependsOn).toEqual(['packages/b']);
    },
  );

  it('follows an alias to the package that it means', async () => {
    const found = await plan({
      ...PNPM,
      'package.json': manifest(),
      'packages/a/package.json': member('a', {}, { ui: 'workspace:@shop/b@*', other: 'workspace:../c' }),
      'packages/b/package.json': member('@shop/b'),
      'packages/c/package.json': member('c'),
    });
    expect(found.packages[1]?.dependsOn).toEqual(['packages/b', 'packages/c']);
  });

  it('names a circle and plans all the same', async () => {
    const found = await plan({
      'package.json': manifest({}, [], { workspaces: ['packages/*'] }),
      'packages/a/package.json': member('a', { build: 'tsc', test: 'vitest' }, { c: '*' }),
      'packages/b/package.json': member('b', { build: 'tsc', test: 'vitest' }, { a: '*' }),
      'packages/c/package.json': member('c', { build: 'tsc', test: 'vitest' }, { b: '*' }),
      'packages/d/package.json': member('d', { build: 'tsc' }, { a: '*' }),
    });
    expect(lines(found)).toContain(
      'dependencies: a circle: packages/a, packages/b, packages/c (these packages depend on each other; their builds run one after the other, by folder)',
    );
    expect(order(found)).toEqual([
      'packages/a:build',
      'packages/a:test',
      'packages/b:build <- packages/a:build',
      'packages/b:test <- packages/a:build',
      'packages/c:build <- packages/b:build',
      'packages/c:test <- packages/b:build',
      'packages/d:build <- packages/a:build',
    ]);
  });
});

describe('one package of a workspace', () => {
  const tree: Tree = {
    ...PNPM,
    'package.json': manifest({ lint: 'eslint .', test: 'turbo run test:unit', build: 'pnpm -r build' }, ['prettier']),
    'apps/api/package.json': member(
      'api',
      { build: 'tsc', 'test:unit': 'vitest', test: 'jest' },
      { db: 'workspace:*' },
    ),
    'apps/web/package.json': member('web', { build: 'vite build', lint: 'eslint .' }, { ui: 'workspace:*' }),
    'packages/db/package.json': member('db', { generate: 'prisma generate', lint: 'eslint .' }, { log: 'workspace:*' }),
    'packages/log/package.json': member('log', { build: 'tsc', test: 'vitest' }),
    'packages/ui/package.json': member('ui', { build: 'tsc' }),
  };

  it('is checked with what builds the packages it depends on, and no more', async () => {
    const found = await plan(tree, { workingDirectory: 'apps/api' });
    expect(found).toMatchObject({ root: '.', workingDirectory: 'apps/api' });
    expect(found.packages).toEqual([
      { name: 'api', directory: 'apps/api', dependsOn: ['packages/db'], checked: true },
      { name: 'db', directory: 'packages/db', dependsOn: ['packages/log'], checked: false },
      { name: 'log', directory: 'packages/log', dependsOn: [], checked: false },
    ]);
    expect(order(found)).toEqual([
      'build <- packages/db:generate',
      'packages/db:generate <- packages/log:build',
      'packages/log:build',
      'test <- packages/db:generate',
    ]);
    expect(lines(found)).toContain('working directory: apps/api (a package of the workspace)');
    expect(lines(found)).toContain('build: `pnpm run build` in apps/api, packages/log (package.json)');
  });

  it('uses the script that the root hands over to', async () => {
    expect(commands(await plan(tree, { workingDirectory: 'apps/api' }))).toMatchObject({ test: 'pnpm run test:unit' });
  });

  it('says that the root’s script for the whole workspace is not run for it', async () => {
    const found = await plan(tree, { workingDirectory: 'apps/api' });
    const reason = 'the root’s `lint` stands for the whole workspace and is not run for one package';
    expect(lines(found)).toContain(`lint: nothing to run (${reason})`);
    expect(found.notChecked).toContainEqual({ subject: 'lint in apps/api', reason });
    expect(commands(await plan(tree, { workingDirectory: 'apps/web' }))).toMatchObject({ lint: 'pnpm run lint' });
  });

  it('has the root build what only the root can build', async () => {
    const found = await plan(
      {
        'package.json': manifest({ build: 'tsc -b' }, [], { workspaces: ['packages/*'] }),
        'packages/a/package.json': member('a', { test: 'vitest' }, { b: '*', c: '*' }),
        'packages/b/package.json': { name: 'b', main: 'dist/index.js' },
        'packages/c/package.json': member('c', { build: 'tsc' }),
      },
      { workingDirectory: 'packages/a' },
    );
    expect(order(found)).toEqual(['.:build', 'test <- .:build']);
  });

  it('is planned alone when the workspace around it does not have it as a member', async () => {
    const found = await plan(
      {
        ...PNPM,
        'package.json': manifest(),
        'tools/cli/package.json': member('cli', { lint: 'eslint .' }),
        'tools/cli/package-lock.json': '{}',
      },
      { workingDirectory: 'tools/cli' },
    );
    expect(found).toMatchObject({ root: 'tools/cli', packageManager: { name: 'npm' } });
    expect(commands(found)).toEqual({ lint: 'npm run lint' });
  });
});
