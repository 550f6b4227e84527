import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ChangedFile, diffOf, lineBefore } from '../../../src/coverage/diff.ts';
import { generatedFiles } from '../../../src/coverage/git.ts';
import { repositoryIn, type TestRepository, testRepository } from './repository.ts';

const numbered = (count: number, name = 'value') =>
  Array.from({ length: count }, (_, index) => `export const ${name}${index + 1} = compute(${index + 1});`);
const text = (lines: readonly string[]) => `${lines.join('\n')}\n`;

async function changes({ repository }: TestRepository, from = 'HEAD^1', to = 'HEAD') {
  const found = await diffOf(repository, from, to);
  if ('reason' in found) throw new Error(found.reason);
  return found.diff;
}

async function linesOf(repository: TestRepository): Promise<Readonly<Record<string, readonly number[]>>> {
  const diff = await changes(repository);
  return Object.fromEntries([...diff.values()].map(({ path, lines }) => [path, lines]));
}

describe('changed lines', () => {
  it('are those that were added or changed, not those around them and not what was removed', async () => {
    const tested = await testRepository();
    const before = numbered(10);
    await tested.commit({ 'a.ts': text(before), 'b.ts': text(numbered(3, 'b')), 'gone.ts': text(numbered(5, 'gone')) });
    const after = [...before.slice(0, 3), 'changed();', ...before.slice(4, 8), 'added();', 'added2();'];
    await tested.commit({
      'a.ts': text(after),
      'b.ts': text(numbered(2, 'b')),
      'gone.ts': null,
      'new.ts': 'a();\nb();\n',
    });
    expect(await linesOf(tested)).toEqual({ 'a.ts': [4, 9, 10], 'b.ts': [], 'new.ts': [1, 2] });
  });

  it('of a renamed file are those that were changed besides, and of a merely renamed one none', async () => {
    const tested = await testRepository();
    const lines = numbered(20);
    await tested.commit({ 'src/old.ts': text(lines), 'src/same.ts': text(numbered(9, 'same')) });
    const after = lines.with(6, 'other(7);');
    const same = text(numbered(9, 'same'));
    await tested.commit({ 'src/old.ts': null, 'lib/new.ts': text(after), 'src/same.ts': null, 'lib/same.ts': same });
    const diff = await changes(tested);
    expect(diff.get('lib/new.ts')).toMatchObject({ before: 'src/old.ts', lines: [7] });
    expect(diff.get('lib/same.ts')).toMatchObject({ before: 'src/same.ts', lines: [] });
    expect(diff.size).toBe(2);
  });

  it('do not hold a block that stands elsewhere as it was, in the same file or another', async () => {
    const tested = await testRepository();
    const block = ['function total(order) {', '  const sum = order.lines.length;', '', '  return sum;', '}'];
    const rest = numbered(12);
    await tested.commit({ 'a.ts': text([...block, ...rest]), 'b.ts': text(numbered(6, 'b')) });
    await tested.commit({ 'a.ts': text([...rest, ...block, 'after();']) });
    expect(await linesOf(tested)).toEqual({ 'a.ts': [18] });
    await tested.commit({ 'a.ts': text(rest), 'b.ts': text([...numbered(6, 'b'), ...block, 'another();']) });
    const diff = await changes(tested);
    expect(diff.get('b.ts')).toMatchObject({ lines: [12], moved: 5 });
  });

  it('hold a copied block, and of a block that was moved twice the second', async () => {
    const tested = await testRepository();
    const block = ['function total(order) {', '  const sum = order.lines.length;', '  return sum;', '}'];
    const rest = numbered(12);
    await tested.commit({ 'a.ts': text([...block, ...rest]) });
    await tested.commit({ 'a.ts': text([...block, ...rest, ...block]) });
    expect(await linesOf(tested)).toEqual({ 'a.ts': [17, 18, 19, 20] });
    await tested.commit({ 'a.ts': text([...block, ...rest]) });
    await tested.commit({ 'a.ts': text(rest), 'b.ts': text([...block, 'x();', ...block]) });
    expect((await linesOf(tested))['b.ts']).toEqual([5, 6, 7, 8, 9]);
    await tested.commit({ 'c.ts': text(rest) });
    expect((await linesOf(tested))['c.ts']).toHaveLength(12);
  });

  it('hold a block that was moved and changed, and one line alone however alike', async () => {
    const tested = await testRepository();
    const block = ['function total(order) {', '  const sum = order.lines.length;', '  return sum;', '}'];
    const rest = numbered(12);
    await tested.commit({ 'a.ts': text(['const alone = require("something long");', ...rest]), 'b.ts': text(block) });
    const changed = block.with(1, '  const sum = order.lines.length + 1;');
    await tested.commit({ 'a.ts': text([...rest, 'const alone = require("something long");']) });
    expect(await linesOf(tested)).toEqual({ 'a.ts': [13] });
    await tested.commit({ 'a.ts': text([...changed, ...rest]), 'b.ts': 'x();\n' });
    expect((await linesOf(tested))['a.ts']).toContain(2);
  });

  it('are not those whose line end alone changed', async () => {
    const tested = await testRepository();
    await tested.commit({ '.gitattributes': '* -text\n', 'a.ts': text(numbered(4)) });
    await tested.commit({ 'a.ts': numbered(4).with(2, 'new();').join('\r\n') });
    expect((await linesOf(tested))['a.ts']).toEqual([3]);
  });

  it('are found under names that git has to quote', async () => {
    const tested = await testRepository();
    const names = [
      'with space.ts',
      'tab\there.ts',
      'quote".ts',
      'back\\slash.ts',
      'größe/日本.ts',
      'line\nend.ts',
      '--- a.ts',
    ];
    await tested.commit(Object.fromEntries(names.map((name) => [name, 'a();\n'])));
    await tested.commit(Object.fromEntries(names.map((name) => [name, 'a();\nb();\n'])));
    expect(await linesOf(tested)).toEqual(Object.fromEntries(names.map((name) => [name, [2]])));
    await tested.commit({ 'with space.ts': null, 'größe/日本.ts': null, 'neu mit größe.ts': 'a();\nb();\n' });
    expect((await changes(tested)).get('neu mit größe.ts')?.lines).toEqual([]);
  });

  it('are not taken from content that looks like a header', async () => {
    const tested = await testRepository();
    const trap = [
      '-- a/other.ts',
      '++ b/other.ts',
      '@@ -1 +1 @@',
      'diff --git a/x b/x',
      '\\ No newline at end of file',
    ];
    await tested.commit({ 'a.sql': text(trap), 'other.ts': 'a();\n' });
    await tested.commit({ 'a.sql': text(trap.map((line) => `${line} x`)) });
    expect(await linesOf(tested)).toEqual({ 'a.sql': [1, 2, 3, 4, 5] });
  });

  it('leave out binary files, links and submodules, and a mode alone is no change', async () => {
    const tested = await testRepository();
    await tested.commit({ 'a.bin': 'a\0b', 'run.sh': 'a\n' });
    await chmod(join(tested.folder, 'run.sh'), 0o755);
    await tested.commit({ 'a.bin': 'a\0c\n\n', 'empty.ts': '' });
    const diff = await changes(tested);
    expect([...diff.values()].flatMap(({ lines }) => lines)).toEqual([]);
  });

  it('are the same whatever the repository configures for its diffs', async () => {
    const tested = await testRepository();
    await tested.commit({
      'a b.ts': text(numbered(5)),
      'old.ts': text(numbered(9)),
      '.gitattributes': '*.ts diff=odd\n',
    });
    const renamed = text(numbered(9).with(4, 'y();'));
    await tested.commit({ 'a b.ts': text(numbered(5).with(1, 'x();')), 'old.ts': null, 'new.ts': renamed });
    for (const [name, value] of [
      ['diff.noprefix', 'true'],
      ['diff.external', 'false'],
      ['diff.odd.textconv', 'false'],
      ['diff.context', '9'],
      ['diff.interHunkContext', '9'],
      ['color.ui', 'always'],
      ['diff.renames', 'false'],
      ['core.quotePath', 'false'],
      ['diff.mnemonicPrefix', 'true'],
    ] as const) {
      tested.git('config', name, value);
    }
    expect(await linesOf(tested)).toEqual({ 'a b.ts': [2], 'new.ts': [5] });
    expect((await changes(tested)).get('new.ts')?.before).toBe('old.ts');
    const environment = { ...tested.repository.environment, GIT_EXTERNAL_DIFF: 'false', GIT_DIR: '/nowhere' };
    expect(await diffOf({ ...tested.repository, environment }, 'HEAD^1', 'HEAD')).toHaveProperty('diff');
  });

  it('are not measured, with a reason, where git can’t compare or the change is too large', async () => {
    const tested = await testRepository();
    await tested.commit({ 'a.ts': 'a();\n' });
    await tested.commit({ 'a.ts': text(numbered(5_000)) });
    expect(await diffOf(tested.repository, 'f'.repeat(40), 'HEAD')).toEqual({
      reason: expect.stringMatching(/^git could not compare the commits: fatal: bad object/),
    });
    expect(await diffOf(tested.repository, 'HEAD^1', 'HEAD', 10_000)).toEqual({
      reason: 'the change is larger than 10000 bytes',
    });
    expect(await diffOf(repositoryIn(tested.folder), 'HEAD^1', 'HEAD')).toHaveProperty('diff');
  });

  it('are found in a change of a million lines, also where all are alike', async () => {
    const tested = await testRepository();
    await tested.commit({ 'a.ts': 'same line of text;\n}\n'.repeat(250_000) });
    await tested.commit({ 'a.ts': null, 'b.ts': `${'x();\nsame line of text;\n}\n'.repeat(250_000)}` });
    const found = (await changes(tested)).get('b.ts') as ChangedFile;
    expect(found.lines.length + found.moved).toBeGreaterThanOrEqual(250_000);
  });
});

describe('generated files', () => {
  it('are those that .gitattributes calls so, the last line first', async () => {
    const tested = await testRepository();
    const attributes = 'gen/** linguist-generated\n*.pb.ts linguist-generated=true\ngen/own.ts -linguist-generated\n';
    await tested.commit({ '.gitattributes': attributes });
    const paths = ['gen/a.ts', 'gen/own.ts', 'src/x.pb.ts', 'src/a.ts', 'größe/with space.pb.ts'];
    const found = await generatedFiles(tested.repository, paths);
    expect([...found]).toEqual(['gen/a.ts', 'src/x.pb.ts', 'größe/with space.pb.ts']);
    expect(await generatedFiles(tested.repository, [])).toEqual(new Set());
  });
});

describe('an unchanged line', () => {
  it('is known by where it stood before', async () => {
    const tested = await testRepository();
    const before = numbered(30);
    await tested.commit({ 'a.ts': text(before) });
    const after = [
      'new();',
      ...before.slice(0, 4),
      'x();',
      'y();',
      ...before.slice(6, 12),
      ...before.slice(15),
      'end();',
    ];
    await tested.commit({ 'a.ts': text(after) });
    const hunks = (await changes(tested)).get('a.ts')?.hunks ?? [];
    for (const [index, line] of after.entries()) {
      const was = before.indexOf(line) + 1;
      expect([line, lineBefore(hunks, index + 1)]).toEqual([line, was === 0 ? undefined : was]);
    }
  });
});
