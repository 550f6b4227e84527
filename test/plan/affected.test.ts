import { appendFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OUTSIDE_RULES } from '../../src/plan/affected-files.ts';
import {
  affectedDecisions,
  affectedPackages,
  hasNothingToDo,
  notAffectedEntries,
} from '../../src/plan/affected-lines.ts';
import { changedSince } from '../../src/plan/changed-files.ts';
import { npmLock } from '../../src/plan/lockfile-npm.ts';
import { pnpmLock } from '../../src/plan/lockfile-pnpm.ts';
import { planChange } from '../../src/plan/plan.ts';
import { machine } from '../support/run-dist.ts';
import { commit, committed, git, monorepo, treeOf } from './monorepo.ts';
import { faultsOf, type Tree } from './repository.ts';

const SCRIPTS = { lint: 'eslint .', build: 'tsc -p b', test: 'node --test' };

/** A workspace: `web` and `api` depend on `shared`, `docs` on nothing; the root lints for all. */
const WORKSPACE: Tree = {
  'package.json': { name: 'root', private: true, workspaces: ['packages/*', 'apps/*'], scripts: { lint: 'eslint .' } },
  'package-lock.json': '{}',
  'packages/shared/package.json': { name: '@m/shared', version: '1.0.0', scripts: SCRIPTS },
  'packages/shared/src/a.ts': 'a',
  'packages/docs/package.json': { name: '@m/docs', version: '1.0.0', scripts: SCRIPTS },
  'packages/docs/src/nested/package.json': { type: 'module' },
  'apps/web/package.json': { name: '@m/web', scripts: SCRIPTS, devDependencies: { '@m/shared': '*' } },
  'apps/web/src/b.ts': 'b',
  'apps/api/package.json': { name: '@m/api', scripts: SCRIPTS, dependencies: { '@m/shared': '*' } },
  'README.md': '# Read',
};

const put = async (folder: string, path: string, text = 'changed\n') => {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await appendFile(join(folder, path), text);
};

async function edited(tree: Tree, edit: (folder: string) => Promise<unknown>, workingDirectory = '.') {
  const folder = await committed(tree);
  const base = git(folder, 'rev-parse', 'HEAD');
  await edit(folder);
  commit(folder);
  return compared(folder, base, workingDirectory);
}

async function compared(folder: string, base: string, workingDirectory = '.') {
  const environment = machine();
  const change = await changedSince({ workspace: folder, environment }, base);
  const planned = await planChange({ workspace: folder, workingDirectory, environment }, change);
  const { plan, affected, notAffected } = planned;
  expect(faultsOf(plan)).toEqual([]);
  return {
    reasons: Object.fromEntries(affectedPackages(plan, affected).map(({ directory, reason }) => [directory, reason])),
    tasks: plan.tasks.map(({ id }) => id).sort(),
    nothingToDo: hasNothingToDo(plan, affected),
    everything: affected?.everything,
    left: notAffectedEntries(notAffected).map(({ subject, reason }) => `${subject}: ${reason}`),
    lines: affectedDecisions({ kind: 'commit', commit: base, what: 'the base' }, planned),
  };
}

describe('what a change affects', () => {
  it('is the package of a file and what depends on it by any kind of dependency, each with its reason', async () => {
    const found = await edited(WORKSPACE, (folder) => put(folder, 'packages/shared/src/a.ts'));
    expect(found.reasons).toEqual({
      'packages/shared': 'src/a.ts changed',
      'apps/api': 'depends on packages/shared',
      'apps/web': 'depends on packages/shared',
    });
    expect(found.lines.map(({ decision, reason }) => `${decision}: ${reason}`)).toContain(
      'packages/shared: src/a.ts changed',
    );
  });

  it('is planned with what it waits for, and the rest is named as not affected', async () => {
    const found = await edited(WORKSPACE, (folder) => put(folder, 'apps/web/src/b.ts'));
    expect(found.reasons).toEqual({ 'apps/web': 'src/b.ts changed' });
    // The build that web needs is there, the tests of shared are not; the root's lint stands for all.
    expect(found.tasks).toEqual(['apps/web:build', 'apps/web:test', 'lint', 'packages/shared:build']);
    expect(found.left).toEqual([
      'test in apps/api, packages/docs, packages/shared: not affected by the change',
      'build in apps/api, packages/docs: not affected by the change',
    ]);
  });

  it('of a rename is both sides', async () => {
    const found = await edited(WORKSPACE, async (folder) => {
      await rename(join(folder, 'apps/web/src/b.ts'), join(folder, 'packages/docs/src/b.ts'));
    });
    expect(Object.keys(found.reasons).sort()).toEqual(['apps/web', 'packages/docs']);
  });

  it('of a deletion is the package, of a deleted package those that still name it', async () => {
    const deletion = await edited(WORKSPACE, (folder) => rm(join(folder, 'apps/web/src/b.ts')));
    expect(deletion.reasons).toEqual({ 'apps/web': 'src/b.ts changed' });
    const gone = await edited(WORKSPACE, (folder) => rm(join(folder, 'packages/shared'), { recursive: true }));
    expect(gone.reasons).toEqual({
      'apps/api': 'depends on @m/shared, which was deleted',
      'apps/web': 'depends on @m/shared, which was deleted',
    });
    const moved = await edited(WORKSPACE, (folder) =>
      rename(join(folder, 'packages/shared'), join(folder, 'packages/common')),
    );
    expect(moved.reasons).toEqual({
      'apps/api': 'depends on packages/common',
      'apps/web': 'depends on packages/common',
      'packages/common': 'package.json and 1 more changed',
    });
  });

  it('of a file with a package.json of its own inside a package is that package', async () => {
    const found = await edited(WORKSPACE, (folder) => put(folder, 'packages/docs/src/nested/x.js'));
    expect(found.reasons).toEqual({ 'packages/docs': 'src/nested/x.js changed' });
  });

  it('is everything for the lockfile, root configuration and the workflow, and says which file', async () => {
    for (const [path, reason] of [
      ['package-lock.json', /^package-lock\.json changed \(the lockfile, it is not of the formats 2 or 3 of npm\)$/],
      ['tsconfig.base.json', /^tsconfig\.base\.json changed \(root configuration\)$/],
      ['.env', /^\.env changed \(root configuration\)$/],
      ['.github/workflows/ci.yml', /^\.github\/workflows\/ci\.yml changed \(the workflow\)$/],
      ['examples/other/package.json', /root configuration/],
    ] as const) {
      const found = await edited(WORKSPACE, (folder) => put(folder, path, '{}\n'));
      expect(found.everything).toMatch(reason);
      expect(Object.keys(found.reasons)).toHaveLength(4);
      expect(found.left).toEqual([]);
    }
  });

  it('is the root alone for its texts, and then nothing of the packages runs', async () => {
    const found = await edited(WORKSPACE, (folder) => put(folder, 'README.md'));
    expect(found.reasons).toEqual({});
    expect(found.tasks).toEqual(['lint']);
    expect(found.nothingToDo).toBe(false);
  });

  it('is nothing for a commit without changes, and a merge counts what it brought', async () => {
    const folder = await committed(WORKSPACE);
    const base = git(folder, 'rev-parse', 'HEAD');
    git(folder, 'commit', '--quiet', '--allow-empty', '-m', 'nothing');
    const empty = await compared(folder, base);
    expect(empty).toMatchObject({ nothingToDo: true, tasks: [], reasons: {} });
    git(folder, 'checkout', '--quiet', '-b', 'side', base);
    await put(folder, 'packages/docs/src/c.ts');
    commit(folder);
    git(folder, 'checkout', '--quiet', 'main');
    git(folder, 'merge', '--quiet', '--no-edit', 'side');
    expect((await compared(folder, base)).reasons).toEqual({ 'packages/docs': 'src/c.ts changed' });
  });

  it('does not count what is not committed, nor a change that was taken back', async () => {
    const folder = await committed(WORKSPACE);
    const base = git(folder, 'rev-parse', 'HEAD');
    await put(folder, 'apps/web/src/b.ts');
    commit(folder);
    git(folder, 'revert', '--no-edit', 'HEAD');
    await put(folder, 'apps/api/draft.ts');
    expect((await compared(folder, base)).nothingToDo).toBe(true);
  });

  it('takes names with spaces, quotes and line ends as they are', async () => {
    const found = await edited(WORKSPACE, (folder) => put(folder, 'apps/web/src/a "b"\n::error::c.ts'));
    expect(Object.keys(found.reasons)).toEqual(['apps/web']);
    expect(found.reasons['apps/web']).not.toContain('\n');
  });
});

describe('the working directory', () => {
  it('of a workspace has nothing to do unless itself, what it depends on, or everything is affected', async () => {
    const web = (edit: (folder: string) => Promise<unknown>) => edited(WORKSPACE, edit, 'apps/web');
    expect((await web((folder) => put(folder, 'apps/api/x.ts'))).nothingToDo).toBe(true);
    expect((await web((folder) => put(folder, 'README.md'))).nothingToDo).toBe(true);
    const through = await web((folder) => put(folder, 'packages/shared/src/a.ts'));
    expect(through).toMatchObject({ nothingToDo: false, reasons: { 'apps/web': 'depends on packages/shared' } });
    expect((await web((folder) => put(folder, 'apps/web/x.ts'))).nothingToDo).toBe(false);
    expect((await web((folder) => put(folder, '.npmrc'))).nothingToDo).toBe(false);
  });

  it('beside other projects is not affected by theirs, but by folders that it depends on by path', async () => {
    const tree: Tree = {
      'apps/web/package.json': { name: 'web', scripts: SCRIPTS, dependencies: { common: 'file:../../libs/common' } },
      'apps/api/package.json': { name: 'api', scripts: SCRIPTS },
      'libs/common/package.json': { name: 'common', dependencies: { base: 'link:../base' } },
      'libs/base/package.json': { name: 'base' },
      'tsconfig.json': '{}',
    };
    const web = (path: string) => edited(tree, (folder) => put(folder, path), 'apps/web');
    expect((await web('apps/api/src/x.ts')).nothingToDo).toBe(true);
    expect((await web('apps/web/README.md')).reasons).toEqual({ 'apps/web': 'README.md changed' });
    expect((await web('libs/common/x.js')).reasons).toEqual({ 'apps/web': 'libs/common/x.js changed' });
    expect((await web('libs/base/x.js')).nothingToDo).toBe(false);
    expect((await web('infra/main.tf')).nothingToDo).toBe(false);
  });
});

describe('a lockfile', () => {
  const change = async (manager: 'npm' | 'pnpm' | 'yarn' | 'yarn1', from: RegExp, to: string) => {
    const folder = await committed(treeOf(monorepo(manager, 10, 5)));
    const base = git(folder, 'rev-parse', 'HEAD');
    const lockfile = manager === 'npm' ? 'package-lock.json' : manager === 'pnpm' ? 'pnpm-lock.yaml' : 'yarn.lock';
    const text = git(folder, 'show', `HEAD:${lockfile}`);
    expect(text).toMatch(from);
    await writeFile(join(folder, lockfile), text.replace(from, to));
    commit(folder);
    return compared(folder, base);
  };

  it('that only looks different affects nothing, one of another format or with other settings everything', async () => {
    expect((await change('npm', /$/, '\n\n')).nothingToDo).toBe(true);
    expect((await change('npm', /"lockfileVersion": 3/, '"lockfileVersion": 2')).everything).toContain('settings');
    expect((await change('pnpm', /autoInstallPeers: true/, 'autoInstallPeers: false')).everything).toContain(
      'settings',
    );
    expect((await change('pnpm', /'9\.0'/, "'6.0'")).everything).toContain('it is not of the format 9.0');
    expect((await change('yarn', /cacheKey: 10c0/, 'cacheKey: 11c0')).everything).toContain('settings');
  });

  it('that gives other content for the same version affects who gets it', async () => {
    const integrity = /(ext-8-1\.0\.0\.tgz[\s\S]*?sha512-)A/;
    for (const manager of ['npm', 'yarn1'] as const) {
      const found = await change(manager, integrity, '$1B');
      expect(found.everything).toBeUndefined();
      expect(Object.keys(found.reasons).length).toBeGreaterThan(0);
      expect(Object.keys(found.reasons).length).toBeLessThan(10);
    }
  });

  it('of a real project is followed to the last entry', async () => {
    const text = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
    const npm = npmLock(await text('package-lock.json'), ['']);
    const pnpm = await pnpmLock(await text('examples/pnpm-monorepo/pnpm-lock.yaml'));
    for (const lock of [npm, pnpm]) {
      if ('problem' in lock) throw new Error(lock.problem);
      expect(lock.entries.size).toBeGreaterThan(100);
      const needs = [...lock.roots.values(), ...[...lock.entries.values()].map((entry) => entry.needs)].flat();
      expect(needs.filter((key) => !lock.entries.has(key))).toEqual([]);
    }
    expect('roots' in pnpm ? [...pnpm.roots.keys()] : []).toContain('apps/frontend');
  });

  it('of Yarn 1 that only names another range for the same version affects nobody else', async () => {
    const found = await change('yarn1', /\next-8@\^1\.0\.0:/, '\next-8@^1.0.0, ext-8@>=1:');
    expect(found.nothingToDo).toBe(true);
  });

  it('that lacks what a package asks for affects everything', async () => {
    expect((await change('npm', /"node_modules\/ext-18"/, '"node_modules/other"')).everything).toContain(
      'it does not hold every dependency',
    );
    expect((await change('yarn1', /\next-18@\^1\.0\.0/, '\nother@^1.0.0')).everything).toContain('every dependency');
  });
});

it('has the rules in the documentation that the code has, in the order in which they are asked', async () => {
  const page = await readFile(new URL('../../docs/affected.md', import.meta.url), 'utf8');
  const rows = OUTSIDE_RULES.map(({ files, counts }) => {
    return `| ${files} | ${counts === 'everything' ? 'everything' : "the root's own tasks"} |`;
  });
  const [, between = ''] = /<!-- outside rules -->\n([\s\S]*?)<!-- \/outside rules -->/.exec(page) ?? [];
  expect(between.trim().split('\n').slice(3)).toEqual(rows);
});
