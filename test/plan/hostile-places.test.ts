import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary.ts';
import { commands, manifest, plan, planOf, refusal, refusalOf, repository, type Tree } from './repository.ts';

const WORKSPACE = manifest({}, [], { workspaces: ['packages/*'] });

describe('links', () => {
  it('that lead out of the repository are refused', async () => {
    const outside = await temporaryFolder();
    await writeFile(join(outside, 'secret.json'), '{"name": "secret"}');
    const folder = await repository({ 'package.json': WORKSPACE, 'packages/a/x': '' });
    await symlink(join(outside, 'secret.json'), join(folder, 'packages/a/package.json'));
    const message = await refusalOf(folder);
    expect(message).toMatch(
      /^PIPE-FILE-003: .*packages\/a\/package\.json" could not be read: it is a link that leads out/,
    );
    expect(message).not.toContain('secret');
  });

  it('that lead to themselves are refused, and folders of them not entered', async () => {
    const folder = await repository({ 'package.json': WORKSPACE, 'packages/a/package.json': { name: 'a' } });
    await symlink('..', join(folder, 'packages/loop'));
    await symlink('/', join(folder, 'packages/host'));
    expect((await planOf(folder)).packages.map(({ name }) => name)).toEqual(['project', 'a']);
    await mkdir(join(folder, 'packages/b'));
    await symlink('package.json', join(folder, 'packages/b/package.json'));
    expect(await refusalOf(folder)).toMatch(/^PIPE-FILE-003: .*packages\/b\/package\.json/);
  });

  it('inside the repository are followed', async () => {
    const folder = await repository({ 'base.json': { name: 'real', scripts: { lint: 'x' } } });
    await symlink('base.json', join(folder, 'package.json'));
    expect(commands(await planOf(folder))).toEqual({ lint: 'npm run lint' });
    await mkdir(join(folder, 'apps'));
    await symlink('..', join(folder, 'apps/again'));
    expect((await planOf(folder, { workingDirectory: 'apps/again' })).workingDirectory).toBe('.');
  });
});

describe('workspace patterns', () => {
  it.each([[['../*', '../../**', 'packages/../../*']], [['!../*', '..']]])(
    'that lead out of the repository match nothing and are named: %j',
    async (patterns) => {
      const found = await plan({
        'package.json': manifest({}, [], { workspaces: patterns }),
        'packages/a/package.json': { name: 'a' },
      });
      expect(found.packages).toHaveLength(1);
      expect(found.notChecked[0]?.reason).toBe('workspace patterns that lead out of the repository match nothing here');
    },
  );

  it.each([
    [['**/**/**/**/**/**/**/**/**/**/**/**/**/*']],
    [['{packages,apps}/{a*,*b,*}*{,*}*']],
    [[`packages/${'*a'.repeat(200)}`]],
    [[`packages/${'[a-a]*'.repeat(80)}`]],
  ])('that would explode are matched in bounded time: %#', async ([pattern]) => {
    const deep = `packages/${'a'.repeat(200)}`;
    const found = await plan({
      'package.json': manifest({}, [], { workspaces: [pattern] }),
      [`${deep}/package.json`]: { name: 'a' },
    });
    expect(found.packages.map(({ directory }) => directory)).toEqual(['.', deep]);
  });

  it.each([
    ['{a,b}'.repeat(12), 'more than 2000 alternatives'],
    ['x'.repeat(513), '513 characters, 512 at most'],
    ['packages/\u0007', 'a control character or a backslash'],
    ['packages\\*', 'a control character or a backslash'],
    ['packages/@(a|b)', 'an extended group'],
  ])('that can not be used are refused: %#', async (pattern, reason) => {
    const message = await refusal({ 'package.json': manifest({}, [], { workspaces: [pattern] }) });
    expect(message).toContain('PIPE-PLAN-006: the workspace patterns in package.json can');
    expect(message).toContain(reason);
    expect(
      await refusal({ 'package.json': manifest(), 'pnpm-workspace.yaml': JSON.stringify({ packages: [pattern] }) }),
    ).toContain('PIPE-PLAN-006');
  });

  it('are at most 500', async () => {
    const workspaces = Array.from({ length: 501 }, (_, index) => `p${index}`);
    expect(await refusal({ 'package.json': manifest({}, [], { workspaces }) })).toContain('501 patterns, 500 at most');
  });

  it.each([
    ['packages: [', 'Flow sequence'],
    ['packages: 5', '`packages` is not a list of texts'],
    ['packages: [1, [2]]', '`packages` is not a list of texts'],
    ['packages: {a: b}', '`packages` is not a list of texts'],
    ['packages: *nowhere', '`packages` is not a list of texts'],
    ['- a', 'it is not a map'],
    ['just text', 'it is not a map'],
    [`packages: ${'['.repeat(20_000)}`, ''],
    [`a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\npackages: [*c, *c]`, '`packages` is not a list of texts'],
    [`${'a: &a 1\n'.repeat(3)}`, ''],
  ])('of pnpm in a file that is not as pnpm wants it are refused: %#', async (yaml, given) => {
    const message = await refusal({ 'package.json': manifest(), 'pnpm-workspace.yaml': yaml });
    expect(message).toContain('PIPE-PLAN-005: pnpm-workspace.yaml is not as pnpm wants it');
    expect(message).toContain(given);
    expect(message.length).toBeLessThan(600);
  });
});

describe('the working directory', () => {
  const tree: Tree = { 'frontend/package.json': manifest(), 'backend/package.json': manifest(), 'docs/readme.md': '' };

  it.each([
    ['.', 'it has no package.json', 'package.json is in: backend, frontend'],
    ['docs', 'it has no package.json', 'name the folder of the project in `working-directory`'],
    ['nowhere', 'there is no such folder', 'name the folder'],
    ['../', 'it is outside the repository', 'name the folder'],
    ['frontend/package.json', 'it has no package.json', 'name the folder'],
  ])('without a project is refused with the folders that have one: %s', async (workingDirectory, given, remedy) => {
    const message = await refusal(tree, { workingDirectory });
    expect(message).toContain('PIPE-PLAN-002');
    expect(message).toContain(given);
    expect(message).toContain(remedy);
  });

  it('that is a link out of the repository is refused', async () => {
    const folder = await repository(tree);
    await symlink(await temporaryFolder(), join(folder, 'out'));
    expect(await refusalOf(folder, { workingDirectory: 'out' })).toContain('it is outside the repository');
  });
});
