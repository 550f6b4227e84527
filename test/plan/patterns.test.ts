import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPatterns } from '../../src/plan/patterns.ts';
import { machine } from '../support/run-dist.ts';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';

function matching(
  patterns: readonly string[],
  folders: readonly string[],
  base = '.',
  takesBack = true,
): readonly string[] {
  const read = readPatterns(patterns, base, { takesBack });
  if ('problem' in read) throw new Error(read.problem);
  return folders.filter((folder) => read.matches(folder));
}

describe('workspace patterns', () => {
  it.each([
    ['packages/*', 'packages/a', true],
    ['packages/*', 'packages/a/b', false],
    ['packages/*', 'packages', false],
    ['packages/*', 'packages/.hidden', false],
    ['packages/.*', 'packages/.hidden', true],
    ['packages/**', 'packages', true],
    ['packages/**', 'packages/a/b/c', true],
    ['packages/**', 'packages/.a/b', false],
    ['packages/**/b', 'packages/b', true],
    ['packages/**/b', 'packages/x/y/b', true],
    ['packages/**/b', 'packages/x/y/c', false],
    ['**', 'a', true],
    ['**', '.', true],
    ['*', '.', false],
    ['./packages/a/', 'packages/a', true],
    ['packages/a*c', 'packages/abbc', true],
    ['packages/a*c', 'packages/abbcd', false],
    ['packages/?', 'packages/a', true],
    ['packages/?', 'packages/ab', false],
    ['packages/[a-c]x', 'packages/bx', true],
    ['packages/[a-c]x', 'packages/dx', false],
    ['packages/[!a-c]x', 'packages/dx', true],
    ['packages/[^ab-]x', 'packages/-x', false],
    ['{apps,packages}/*', 'apps/a', true],
    ['{apps,packages/{a,b}}/x', 'packages/b/x', true],
    ['packages/{a', 'packages/{a', true],
    ['packages/+(a|b)', 'packages/a', false],
    ['packages/a(b)', 'packages/a(b)', true],
    ['/packages/a', 'packages/a', true],
  ])('%s on %s: %s', (pattern, folder, expected) => {
    if (pattern.includes('+(')) expect(readPatterns([pattern], '.', { takesBack: true })).toHaveProperty('problem');
    else expect(matching([pattern], [folder])).toEqual(expected ? [folder] : []);
  });

  it('are read from the folder that holds them', () => {
    expect(matching(['*', '../other'], ['shop/a', 'a', 'other'], 'shop')).toEqual(['shop/a', 'other']);
  });

  it('take out with an exclamation mark, which npm takes back for a later one', () => {
    const patterns = ['packages/*', '!packages/b', 'packages/b'];
    expect(matching(patterns, ['packages/a', 'packages/b'])).toEqual(['packages/a', 'packages/b']);
    expect(matching(patterns, ['packages/a', 'packages/b'], '.', false)).toEqual(['packages/a']);
  });

  it('match what npm itself takes for workspaces', async () => {
    const folders = [
      'apps/web',
      'apps/web/e2e',
      'packages/a',
      'packages/ab',
      'packages/b',
      'packages/deep/a',
      'packages/deep/er/a',
      'tools',
      'libs/.x',
    ];
    const lists = [
      ['apps/*', 'packages/*'],
      ['packages/**'],
      ['packages/**/a', 'tools/'],
      ['./packages/{a,b}', 'apps/**'],
      ['packages/a*', '!packages/ab'],
      ['packages/*', '!packages/*', 'packages/b'],
      ['packages/?', 'packages/d[a-f]ep/*', 'libs/*'],
      ['**', '!packages/**'],
      ['packages/**', '!packages/deep/**', 'packages/deep/a'],
      ['/packages/*', '!!apps/*'],
    ];
    for (const workspaces of lists) {
      const folder = await temporaryFolder();
      const manifests = folders.map((path) => [
        `${path}/package.json`,
        JSON.stringify({ name: path.replace(/\W/g, '-') }),
      ]);
      await writeFiles(folder, {
        ...Object.fromEntries(manifests),
        'package.json': JSON.stringify({ name: 'root', workspaces }),
      });
      const answer = execFileSync('npm', ['pkg', 'get', 'name', '--workspaces', '--json'], {
        cwd: folder,
        env: { ...machine(), npm_config_cache: join(folder, '.cache') },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const expected = Object.keys(JSON.parse(answer) as object).sort();
      const own = matching(workspaces, folders)
        .map((path) => path.replace(/\W/g, '-'))
        .sort();
      expect({ workspaces, members: own }).toEqual({ workspaces, members: expected });
    }
  });
});
