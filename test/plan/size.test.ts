import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { affectedPackages } from '../../src/plan/affected-lines.ts';
import { LARGEST_OUTPUT, planOutput } from '../../src/plan/output.ts';
import { commands, lines, manifest, plan, planOf, refusalOf, repository, type Tree, task } from './repository.ts';

const SCRIPTS = { lint: 'eslint .', build: 'tsc -p b', test: 'vitest run', typecheck: 'tsc --noEmit' };

/** A workspace of many packages, each of which depends on some before it. */
function workspace(count: number): Tree {
  const folders = Array.from({ length: count }, (_, index) => {
    const before = [1, 2, 10].map((step) => index - step).filter((other) => other >= 0);
    const dependencies = Object.fromEntries(before.map((other) => [`@m/p${other}`, 'workspace:*']));
    return [`packages/p${index}/package.json`, { name: `@m/p${index}`, scripts: SCRIPTS, dependencies }] as const;
  });
  return {
    'package.json': manifest(),
    'pnpm-workspace.yaml': 'packages: [packages/*]',
    ...Object.fromEntries(folders),
  };
}

describe('a workspace of a thousand packages', () => {
  it('is planned whole, in a few lines, and fits into an output that says what it left out', async () => {
    const found = await plan(workspace(1_000));
    expect(found.packages).toHaveLength(1_001);
    expect(found.tasks).toHaveLength(4_000);
    expect(task(found, 'packages/p999:test').needs).toEqual([
      'packages/p989:build',
      'packages/p997:build',
      'packages/p998:build',
    ]);
    expect(lines(found).length).toBeLessThan(10);
    expect(lines(found)).toContain(
      'lint: `pnpm run lint` in packages/p0, packages/p1, packages/p10, packages/p100, packages/p101 and 995 more (package.json)',
    );
    const output = planOutput(found);
    expect(Buffer.byteLength(JSON.stringify(output))).toBeLessThanOrEqual(LARGEST_OUTPUT);
    expect(output.tasks.length + output.leftOut.tasks).toBe(4_000);
    expect(output.packages.length + output.leftOut.packages).toBe(1_001);
    expect(output.tasks.length).toBeGreaterThan(100);
    expect(affectedPackages(found, undefined)).toHaveLength(1_000);
  });

  it('may be a chain of ten thousand dependencies or one circle', async () => {
    const ring = workspace(2_000);
    const closing = {
      'packages/p0/package.json': { name: '@m/p0', scripts: SCRIPTS, dependencies: { '@m/p1999': '*' } },
    };
    const found = await plan({ ...ring, ...closing });
    expect(found.tasks).toHaveLength(8_000);
    expect(lines(found)).toContainEqual(expect.stringMatching(/^dependencies: a circle: .* and 1995 more/));
  });
});

describe('an output', () => {
  it('is complete for an ordinary project, and says so', async () => {
    const output = planOutput(await plan(workspace(20)));
    expect(output.leftOut).toEqual({ packages: 0, tasks: 0, decisions: 0, notChecked: 0, found: 0 });
  });

  it('is bounded whatever the repository holds', async () => {
    const deep = Array.from({ length: 12 }, (_, index) => `${String(index)}${'d'.repeat(200)}`).join('/');
    const tree = Object.fromEntries(
      Array.from({ length: 150 }, (_, index) => [
        [`${deep}/s${index}/Dockerfile`, ''],
        [`${deep}/s${index}/requirements.txt`, ''],
        [
          `packages/p${index}/package.json`,
          { name: `p${index}`, scripts: { ...SCRIPTS, [`e2e`]: 'x', 'test:ci': `nodemon ${index}` } },
        ],
      ]).flat(),
    );
    const found = await plan({ 'package.json': manifest({}, [], { workspaces: ['packages/*'] }), ...tree });
    const output = planOutput(found);
    expect(Buffer.byteLength(JSON.stringify(output))).toBeLessThanOrEqual(LARGEST_OUTPUT);
    expect(output.leftOut.found).toBeGreaterThan(0);
  });
});

describe('a workspace that is too large', () => {
  it('is refused by number before any of its files is read', async () => {
    const folder = await repository({ 'package.json': manifest({}, [], { workspaces: ['packages/*'] }) });
    const blob = execFileSync('git', ['-C', folder, 'hash-object', '-w', '--stdin'], {
      input: '{}',
      encoding: 'utf8',
    }).trim();
    const entries = Array.from({ length: 10_001 }, (_, index) => `100644 ${blob}\tpackages/p${index}/package.json`);
    execFileSync('git', ['-C', folder, 'update-index', '--index-info'], { input: `${entries.join('\n')}\n` });
    expect(await refusalOf(folder)).toContain(
      'PIPE-PLAN-008: the workspace has too many packages. Given: 10001 packages. Accepted: at most 10000.',
    );
  });

  it('is refused when everything depends on everything', async () => {
    const names = Array.from({ length: 1_100 }, (_, index) => `p${index}`);
    const packages = names.map((name, index) => {
      const dependencies = Object.fromEntries(names.slice(0, index).map((other) => [other, '*']));
      return [`packages/${name}/package.json`, { name, scripts: { build: 'tsc' }, dependencies }] as const;
    });
    const folder = await repository({
      'package.json': manifest({}, [], { workspaces: ['packages/*'] }),
      ...Object.fromEntries(packages),
    });
    expect(await refusalOf(folder)).toContain(
      'PIPE-PLAN-008: the packages of the workspace depend on each other too often',
    );
  });

  it('can be checked package by package', async () => {
    const folder = await repository(workspace(50));
    expect(commands(await planOf(folder, { workingDirectory: 'packages/p1' }))).toEqual({
      ...Object.fromEntries(Object.keys(SCRIPTS).map((name) => [name, `pnpm run ${name}`])),
      'packages/p0:build': 'pnpm run build',
    });
  });
});
