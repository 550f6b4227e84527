import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { sourceFiles } from '../../../src/release/targets/vercel/files.ts';
import { readIgnore } from '../../../src/release/targets/vercel/ignore.ts';
import { temporaryFolder, writeFiles } from '../../support/temporary.ts';

const git = promisify(execFile);

const PATTERNS = [
  '*.log',
  '!keep.log',
  '/top.txt',
  'dist/',
  'docs/*.md',
  '!docs/README.md',
  '**/generated/**',
  'a/**/z',
  'b/**',
  '?.tmp',
  '[a-c].cfg',
  '[!x].ini',
  '\\#hash',
  '\\!bang',
  'space\\ ',
  'trailing   ',
  '# a comment',
  '*.tar.*',
  'x[.txt',
  'deep/*/file',
  'star**star',
  '.hidden',
  'q\\*r',
];

const PATHS = [
  'a.log',
  'keep.log',
  'sub/keep.log',
  'sub/b.log',
  'top.txt',
  'sub/top.txt',
  'dist/x',
  'sub/dist/x',
  'docs/a.md',
  'docs/README.md',
  'docs/sub/a.md',
  'x/generated/y',
  'generated/y/z',
  'a/z',
  'a/b/z',
  'a/b/c/z',
  'az',
  'b/x',
  'b/w/y',
  'c/b/x',
  '1.tmp',
  '12.tmp',
  'a.cfg',
  'd.cfg',
  'x.ini',
  'y.ini',
  '#hash',
  '!bang',
  'space ',
  'trailing',
  'a.tar.gz',
  'x[.txt',
  'deep/1/file',
  'deep/1/2/file',
  'starANYstar',
  '.hidden',
  'sub/.hidden/x',
  'q*r',
  'qXr',
];

it('leaves out what git would leave out by the same patterns', async () => {
  const folder = await temporaryFolder();
  await git('git', ['init', '-q'], { cwd: folder });
  await writeFiles(folder, {
    '.gitignore': PATTERNS.join('\n'),
    ...Object.fromEntries(PATHS.map((path) => [path, ''])),
  });
  const listed = await git('git', ['ls-files', '--others', '--exclude-standard', '-z'], { cwd: folder });
  const kept = listed.stdout.split('\0').filter((path) => path !== '' && path !== '.gitignore');
  const ignored = readIgnore(PATTERNS);
  const isKept = (path: string) =>
    path.split('/').every((_, depth, parts) => !ignored(parts.slice(0, depth + 1).join('/')));
  // Of folders alone (`dist/`) a file's name says nothing: none of these is named so.
  expect(PATHS.filter(isKept).sort()).toEqual(kept.sort());
});

it('reads patterns that would make matching explode in no time', () => {
  const ignored = readIgnore([
    `${'*a'.repeat(40)}*b`,
    `${'**/a/'.repeat(30)}z`,
    '['.repeat(500),
    `${'?'.repeat(400)}*x`,
  ]);
  const started = performance.now();
  ignored(`${'a'.repeat(255)}`);
  ignored(`${'a/'.repeat(60)}c`);
  expect(performance.now() - started).toBeLessThan(2_000);
});

it('takes links as links, and what lies behind them not at all', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'outside/secret': 'secret', 'site/index.html': 'one', 'site/run.sh': '#!/bin/sh' });
  const { chmod, symlink } = await import('node:fs/promises');
  await symlink('../outside', join(folder, 'site/link'));
  await chmod(join(folder, 'site/run.sh'), 0o755);
  const files = await sourceFiles(join(folder, 'site'));
  expect(files.map(({ path, mode, size }) => [path, mode.toString(8), size])).toEqual([
    ['index.html', '100644', 3],
    ['link', '120777', 10],
    ['run.sh', '100755', 9],
  ]);
});
