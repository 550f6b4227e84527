import { appendFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ruleFor } from '../../src/plan/affected-files.ts';
import { changedSince } from '../../src/plan/changed-files.ts';
import { planChange } from '../../src/plan/plan.ts';
import { capture } from '../../src/runtime/process.ts';
import { turboProgram } from '../../tools/install/turbo.ts';
import { machine } from '../support/run-dist.ts';
import {
  below,
  commit,
  committed,
  git,
  LOCKFILES,
  MANAGERS,
  type Monorepo,
  manifestsOf,
  monorepo,
  randomOf,
  treeOf,
  writeTree,
} from './monorepo.ts';

const turbo = await turboProgram();

/** Names of the packages that turbo takes for affected (`turbo ls --affected`, turborepo.com/docs/reference/ls). */
async function turboAffected(folder: string, base: string): Promise<readonly string[]> {
  const env = { ...machine(), TURBO_SCM_BASE: base, TURBO_SCM_HEAD: 'HEAD', TURBO_TELEMETRY_DISABLED: '1' };
  const { stdout, stderr, exitCode } = await capture(turbo, ['ls', '--affected', '--output=json'], {
    cwd: folder,
    env,
  });
  if (exitCode !== 0) throw new Error(stderr);
  const { packages } = JSON.parse(stdout) as { readonly packages: { readonly items: readonly { name: string }[] } };
  return packages.items.map(({ name }) => name).sort();
}

async function ownAffected(folder: string, base: string) {
  const change = await changedSince({ workspace: folder, environment: machine() }, base);
  if (change === undefined) throw new Error('the base is not there');
  const options = { workspace: folder, workingDirectory: '.', environment: machine() };
  const { plan, affected } = await planChange(options, change);
  const names = plan.packages.filter(({ directory }) => directory !== '.' && affected?.packages.has(directory));
  return { names: names.map(({ name }) => name).sort(), paths: change.paths, everything: affected?.everything };
}

/** Kinds of edits of each round, by their numbers below; every one comes at least once. */
const ROUNDS = [
  [0, 5],
  [1, 3],
  [2, 5, 4],
  [0, 0, 6, 1],
];

/** An edit of a kind at a random place; says what it did. */
async function edit(folder: string, repo: Monorepo, random: () => number, kind: number): Promise<string> {
  const member = repo.members[below(random, repo.members.length)];
  const folderOf = join(folder, member?.folder ?? '');
  const put = async (path: string, text: string) => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  };
  switch (kind) {
    case 0:
      await appendFile(join(folderOf, 'src/index.js'), '// changed\n');
      return `${member?.name} source`;
    case 1:
      await rename(join(folderOf, 'README.md'), join(folderOf, 'GUIDE.md'));
      return `${member?.name} rename`;
    case 2: {
      const other = repo.members[below(random, repo.members.length)];
      await put(join(folder, other?.folder ?? '', 'moved/README.md'), '# here\n');
      await rm(join(folderOf, 'README.md'), { force: true });
      return `${member?.name} to ${other?.name}`;
    }
    case 3:
      await rm(join(folderOf, 'src/index.js'), { force: true });
      return `${member?.name} deletion`;
    case 4:
      await appendFile(join(folder, 'README.md'), 'more\n');
      return 'root text';
    case 5: {
      const versions = [...repo.versions];
      const external = below(random, versions.length);
      versions[external] = (versions[external] ?? 0) + 1;
      await writeTree(folder, manifestsOf({ ...repo, versions }));
      return `lockfile: ext-${external}`;
    }
    default:
      await put(join(folder, 'docs/page.md'), 'page\n');
      return 'docs';
  }
}

describe.each(MANAGERS)('on a workspace of 1,000 packages of %s', (manager) => {
  it('names the packages that turbo names, after random edits, renames, deletions and lockfile changes', async () => {
    const repo = monorepo(manager, 1_000, 7);
    const folder = await committed(treeOf(repo));
    const base = git(folder, 'rev-parse', 'HEAD');
    const random = randomOf(MANAGERS.indexOf(manager) + 1);
    for (const kinds of ROUNDS) {
      const done: string[] = [];
      for (const kind of kinds) done.push(await edit(folder, repo, random, kind));
      commit(folder, done.join(', '));
      const own = await ownAffected(folder, base);
      const theirs = await turboAffected(folder, base);
      expect({ done, names: own.names }).toEqual({ done, names: theirs });
      // An answer of all or nothing would show little.
      expect(theirs.length).toBeGreaterThan(0);
      expect(theirs.length).toBeLessThan(1_000);
      git(folder, 'reset', '--quiet', '--hard', base);
      git(folder, 'clean', '-fdq');
    }
  }, 120_000);

  it('differs from turbo only where a rule of the documentation says so', async () => {
    const repo = monorepo(manager, 30, 3);
    const folder = await committed(treeOf(repo));
    const base = git(folder, 'rev-parse', 'HEAD');
    const all = repo.members.map(({ name }) => name).sort();
    for (const path of ['tsconfig.base.json', 'turbo.json', '.npmrc', 'scripts/build.js', '.github/workflows/ci.yml']) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await appendFile(join(folder, path), '\n');
      commit(folder, path);
      const own = await ownAffected(folder, base);
      // Turbo: only its own configuration. Ours: whatever any package may read.
      expect({ path, rule: ruleFor(path).counts, own: own.names }).toEqual({ path, rule: 'everything', own: all });
      expect({ path, names: await turboAffected(folder, base) }).toEqual({
        path,
        names: path === 'turbo.json' ? all : [],
      });
      git(folder, 'reset', '--quiet', '--hard', base);
    }
    if (manager === 'npm' || manager === 'yarn1') {
      const path = join(folder, LOCKFILES[manager]);
      await writeFile(path, (await readFile(path, 'utf8')).replace(/(ext-8-1\.0\.0\.tgz[\s\S]*?sha512-)A/, '$1B'));
      commit(folder, 'other content for the same version');
      expect((await ownAffected(folder, base)).names.length).toBeGreaterThan(0);
      expect(await turboAffected(folder, base)).toEqual([]);
      git(folder, 'reset', '--quiet', '--hard', base);
    }
    await rm(join(folder, repo.members[0]?.folder ?? ''), { recursive: true });
    commit(folder, 'delete');
    const dependents = (await ownAffected(folder, base)).names;
    expect(dependents).toContain(repo.members.find(({ inside }) => inside.includes(0))?.name);
    expect(await turboAffected(folder, base)).toEqual([]);
  });
});
