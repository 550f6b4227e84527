import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lines, manifest, plan, planOf, repository, type Tree } from './repository.ts';

describe('what else is in the repository', () => {
  it('is found by its usual names, and not in installed packages', async () => {
    const files = {
      dockerfiles: [
        'Containerfile',
        'Dockerfile',
        'Dockerfile.prod',
        'docker/api.Dockerfile',
        'docker/web.dockerfile',
        'services/a/Dockerfile',
      ],
      composeFiles: ['compose.override.yaml', 'compose.yaml', 'deploy/docker-compose.test.yml', 'docker-compose.yml'],
      prismaSchemas: ['db/schema', 'other/schema.prisma'],
      firebase: ['firebase.json'],
      vercel: ['apps/web/vercel.json'],
      playwright: ['e2e/playwright.config.mts', 'playwright-ct.config.ts'],
      python: ['Pipfile', 'ml/pyproject.toml', 'ml/requirements-dev.txt', 'requirements.txt', 'setup.py'],
    };
    const others = [
      'Dockerfile.dockerignore',
      'Dockerfiles.md',
      'my-compose.yml',
      'composer.txt',
      'node_modules/x/Dockerfile',
      'vercel.json.bak',
    ];
    const paths = [...Object.values(files).flat(), ...others, 'db/schema/a.prisma', 'db/schema/b.prisma'].filter(
      (path) => path !== 'db/schema',
    );
    const tree = Object.fromEntries(paths.map((path) => [path, '']));
    const found = await plan({ 'package.json': manifest(), ...tree });
    expect(found.found).toEqual({ ...files, other: [] });
  });

  it.each([
    ['python', { 'pyproject.toml': '' }, 'python: found, not checked by this workflow (pyproject.toml)'],
    ['go', { 'go.mod': '' }, 'go: found, not checked by this workflow (go.mod)'],
    ['rust', { 'crates/a/Cargo.toml': '' }, 'rust: found, not checked by this workflow (crates/a/Cargo.toml)'],
    ['java', { 'pom.xml': '' }, 'java: found, not checked by this workflow (pom.xml)'],
    ['.net', { 'src/App.csproj': '' }, 'dotnet'],
  ])('is said to be not checked: %s', async (subject, tree, line) => {
    const found = await plan({ 'package.json': manifest(), ...tree });
    if (line !== 'dotnet') expect(lines(found)).toContain(line);
    expect(found.notChecked).toEqual([{ subject, reason: 'found, not checked by this workflow' }]);
    expect(lines(found)).toContain(`not checked: ${subject} (found, not checked by this workflow)`);
  });

  it('names Playwright as run by smoke', async () => {
    const found = await plan({ 'package.json': manifest(), 'playwright.config.ts': '' });
    expect(lines(found)).toContain('playwright: found, run by `smoke`, not by the checks (playwright.config.ts)');
    expect(found.notChecked).toEqual([{ subject: 'playwright', reason: 'found, run by `smoke`, not by the checks' }]);
  });

  it('is that of the working directory and of the folders above it', async () => {
    const tree: Tree = {
      'package.json': manifest({}, [], { workspaces: ['apps/*'] }),
      'apps/api/package.json': { name: 'api' },
      'apps/api/Dockerfile': '',
      'apps/api/prisma/schema.prisma': '',
      'apps/web/Dockerfile': '',
      'apps/web/vercel.json': '',
      'compose.yaml': '',
      'apps/compose.yaml': '',
      'ml/requirements.txt': '',
    };
    const found = await plan(tree, { workingDirectory: 'apps/api' });
    expect(found.found).toMatchObject({
      dockerfiles: ['apps/api/Dockerfile'],
      composeFiles: ['apps/compose.yaml', 'compose.yaml'],
      prismaSchemas: ['apps/api/prisma/schema.prisma'],
      vercel: [],
      python: [],
    });
    expect((await plan(tree)).found.dockerfiles).toEqual(['apps/api/Dockerfile', 'apps/web/Dockerfile']);
  });

  it('is at most a hundred of each, of which the log names five', async () => {
    const tree = Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`s${index}/Dockerfile`, '']));
    const found = await plan({ 'package.json': manifest(), ...tree });
    expect(found.found.dockerfiles).toHaveLength(100);
    expect(lines(found)).toContainEqual(expect.stringMatching(/^docker: found \(s0\/Dockerfile, .* and 95 more\)$/));
  });

  it('is enough for a plan without a package.json when it is a project of another language', async () => {
    const found = await plan({ 'pyproject.toml': '', 'web/package.json': manifest() });
    expect(found).toMatchObject({ packageManager: null, packages: [], tasks: [] });
    expect(lines(found)).toEqual([
      'npm: nothing to check (no package.json in the working directory)',
      'python: found, not checked by this workflow (pyproject.toml)',
      'not checked: python (found, not checked by this workflow)',
      'not checked: package in web (not in the working directory itself)',
    ]);
  });
});

describe('the files of the repository', () => {
  it('are those that git tracks or does not ignore', async () => {
    const found = await plan({
      'package.json': manifest({}, [], { workspaces: ['**'] }),
      'a/package.json': { name: 'a' },
      'dist/package.json': { name: 'built' },
      '.next/package.json': { name: 'cache' },
      'dist/Dockerfile': '',
      '.gitignore': 'dist\n',
    });
    expect(found.packages.map(({ name }) => name)).toEqual(['project', 'a']);
    expect(found.found.dockerfiles).toEqual([]);
  });

  it('are read from the folder where there is no git repository, which is said', async () => {
    const folder = await repository({
      'package.json': manifest({}, [], { workspaces: ['packages/*'] }),
      'packages/a/package.json': { name: 'a' },
      'node_modules/b/package.json': { name: 'b' },
      'packages/a/node_modules/c/Dockerfile': '',
    });
    await rm(join(folder, '.git'), { recursive: true });
    const found = await planOf(folder);
    expect(found.packages.map(({ name }) => name)).toEqual(['project', 'a']);
    expect(found.found.dockerfiles).toEqual([]);
    expect(lines(found)[0]).toMatch(/^files: read from the folder, ignored ones included \(.*not a git repository/);
    const withoutGit = await planOf(folder, { environment: { PATH: folder } });
    expect(lines(withoutGit)[0]).toBe('files: read from the folder, ignored ones included (no git)');
  });

  it('may be gone while git still lists them', async () => {
    const folder = await repository({
      'package.json': manifest({}, [], { workspaces: ['packages/*'] }),
      'packages/a/package.json': { name: 'a' },
      'packages/b/package.json': { name: 'b' },
    });
    const { execFileSync } = await import('node:child_process');
    execFileSync('git', ['-C', folder, 'add', '-A']);
    await rm(join(folder, 'packages/b'), { recursive: true });
    expect((await planOf(folder)).packages.map(({ name }) => name)).toEqual(['project', 'a']);
  });

  it('are listed without a program of the repository’s own being started', async () => {
    const folder = await repository({ 'package.json': manifest() });
    const { execFileSync } = await import('node:child_process');
    execFileSync('git', ['-C', folder, 'config', 'core.fsmonitor', 'touch started; false']);
    const found = await planOf(folder);
    expect(found.decisions.map(({ subject }) => subject)).not.toContain('files');
    expect(
      execFileSync('git', ['-C', folder, '-c', 'core.fsmonitor=false', 'ls-files', '-o'], { encoding: 'utf8' }),
    ).toBe('package.json\n');
  });
});
