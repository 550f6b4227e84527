import { mkdir, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readReports } from '../../src/coverage/reports.ts';
import type { Coverage, ReadOptions } from '../../src/coverage/types.ts';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';

type Files = Readonly<Record<string, string>>;

/** A repository with `files`, of which `tracked` is what git would list. */
async function repository(
  files: Files,
  tracked: readonly string[],
  options: Partial<ReadOptions> = {},
): Promise<ReadOptions> {
  const workspace = await temporaryFolder();
  await writeFiles(workspace, files);
  return {
    workspace,
    tracked,
    since: 0,
    ...options,
    workingDirectory: join(workspace, options.workingDirectory ?? '.'),
  };
}

async function read(files: Files, tracked: readonly string[], options: Partial<ReadOptions> = {}): Promise<Coverage> {
  return await readReports(await repository(files, tracked, options));
}

const lcov = (path: string, hit = 1) => `TN:\nSF:${path}\nDA:1,${hit}\nDA:2,0\nend_of_record\n`;
const paths = (coverage: Coverage) => [...coverage.files.keys()];
const failure = (code: string, ...texts: readonly RegExp[]) => ({
  code,
  message: expect.stringMatching(new RegExp(texts.map(({ source }) => `(?=[^]*${source})`).join(''))),
});

describe('paths are brought to the repository', () => {
  test.each<[string, string, readonly string[], string]>([
    ['as they are', 'src/a.ts', ['src/a.ts'], 'src/a.ts'],
    ['with a dot in front', './src/../src/a.ts', ['src/a.ts'], 'src/a.ts'],
    ['from another machine', '/home/runner/work/shop/shop/src/a.ts', ['src/a.ts', 'test/a.ts'], 'src/a.ts'],
    ['from a container that holds a part', '/app/src/a.ts', ['api/src/a.ts', 'web/src/b.ts'], 'api/src/a.ts'],
    ['from Windows', 'D:\\a\\shop\\shop\\src\\a.ts', ['src/a.ts'], 'src/a.ts'],
    ['from Windows, relative', 'src\\a.ts', ['src/a.ts'], 'src/a.ts'],
    ['as a URL', 'file:///builds/shop/src/a%20b.ts', ['src/a b.ts'], 'src/a b.ts'],
    ['by its only name', '/app/index.js', ['index.js'], 'index.js'],
    [
      'by a Java package',
      'com/acme/Price.java',
      ['app/src/main/java/com/acme/Price.java'],
      'app/src/main/java/com/acme/Price.java',
    ],
  ])('%s', async (_, path, tracked, wanted) => {
    expect(paths(await read({ 'lcov.info': lcov(path) }, tracked))).toEqual([wanted]);
  });

  test('the project is asked before the repository', async () => {
    const files = { 'api/coverage/lcov.info': lcov('src/a.ts') };
    const coverage = await read(files, ['src/a.ts', 'api/src/a.ts'], { workingDirectory: 'api' });
    expect(paths(coverage)).toEqual(['api/src/a.ts']);
  });

  test('two files of one name are told apart by what the others of the report have in common', async () => {
    const report = ['/x/one/src/index.ts', '/x/one/src/only.ts'].map((path) => lcov(path)).join('');
    const tracked = ['packages/one/src/index.ts', 'packages/two/one/src/index.ts', 'packages/two/one/src/only.ts'];
    expect(paths(await read({ 'lcov.info': report }, tracked))).toEqual(tracked.slice(1));
  });

  test('a Go import path goes by its go.mod, the longest first', async () => {
    const files = {
      'go.mod': 'module example.com/acme\n',
      'tools/go.mod': '// a comment\nmodule "example.com/acme/tools"\n',
      'cover.out': 'mode: set\nexample.com/acme/tools/a.go:1.1,2.2 1 1\nexample.com/acme/a.go:1.1,3.2 2 0\n',
    };
    const coverage = await read(files, ['go.mod', 'tools/go.mod', 'a.go', 'tools/a.go']);
    expect(coverage.totals.statements).toEqual({ covered: 1, total: 3 });
    expect([...(coverage.files.get('tools/a.go')?.hits ?? [])]).toEqual([1, 1]);
    expect([...(coverage.files.get('a.go')?.lines ?? [])]).toEqual([1, 2, 3]);
  });

  test("cobertura's sources and the workspace itself are roots", async () => {
    const options = await repository({}, ['service/shop/a.py', 'shop/a.py']);
    const report = `<coverage line-rate="1"><sources><source>${options.workspace}/service</source></sources><packages><package><classes><class filename="shop/a.py"><lines><line number="3" hits="1"/></lines></class></classes></package></packages></coverage>`;
    await writeFiles(options.workspace, { 'coverage.xml': report });
    expect(paths(await readReports(options))).toEqual(['service/shop/a.py']);
  });

  test('a checkout behind a link is the same checkout', async () => {
    const options = await repository({ 'real/src/a.ts': '' }, ['src/a.ts', 'other/src/a.ts']);
    await symlink(join(options.workspace, 'real'), join(options.workspace, 'link'));
    await writeFiles(options.workspace, { 'real/lcov.info': lcov(join(options.workspace, 'real/src/a.ts')) });
    const workspace = join(options.workspace, 'link');
    expect(paths(await readReports({ ...options, workspace, workingDirectory: workspace }))).toEqual(['src/a.ts']);
  });

  test('generated code that lies in the checkout counts, though git does not track it', async () => {
    const files = { 'lcov.info': lcov('src/generated/client.ts'), 'src/generated/client.ts': '' };
    expect(paths(await read(files, ['src/a.ts']))).toEqual(['src/generated/client.ts']);
  });

  test.each(['/usr/lib/node_modules/x/index.js', '../other/src/b.ts', '/etc/passwd', 'src/gone.ts'])(
    'a file outside the repository is named: %s',
    async (path) => {
      const report = `${lcov('src/a.ts')}${lcov(path)}`;
      await expect(read({ 'lcov.info': report }, ['src/a.ts', 'index.js'])).rejects.toMatchObject(
        failure('PIPE-COVERAGE-005', /lcov\.info/, new RegExp(path.replaceAll('.', '\\.'))),
      );
    },
  );
});

describe('reports are found', () => {
  test('in the usual places, not among fixtures that git tracks, nor in installed packages', async () => {
    const files = {
      'coverage/lcov.info': lcov('src/a.ts', 0),
      'packages/b/coverage/lcov.info': lcov('packages/b/src/b.ts'),
      'test/fixtures/lcov.info': lcov('nowhere.ts'),
      'node_modules/x/coverage/lcov.info': lcov('nowhere.ts'),
    };
    const coverage = await read(files, ['src/a.ts', 'packages/b/src/b.ts', 'test/fixtures/lcov.info']);
    expect(coverage.reports.map(({ path }) => path)).toEqual(['coverage/lcov.info', 'packages/b/coverage/lcov.info']);
    expect(coverage.totals).toEqual({ lines: { covered: 1, total: 4 } });
  });

  test('none is no error', async () => {
    expect(await read({ 'a.txt': '' }, [])).toEqual({ reports: [], files: new Map(), totals: {} });
  });

  test('by name and by glob, shards of one code merged', async () => {
    const files = { 'out/1.info': lcov('src/a.ts'), 'out/2.info': lcov('src/a.ts', 0), 'out/x.html': '<html>' };
    const coverage = await read(files, ['src/a.ts'], { reports: ['out/*.info'] });
    expect(coverage.totals).toEqual({ lines: { covered: 1, total: 2 } });
    expect(coverage.reports).toHaveLength(2);
    await expect(read(files, ['src/a.ts'], { reports: ['out/x.html'] })).rejects.toMatchObject(
      failure('PIPE-COVERAGE-002', /out\/x\.html/, /lcov/),
    );
  });

  test('the richest of one run counts, and says which it stands for; another run beside it counts too', async () => {
    const files = {
      'coverage/clover.xml':
        '<coverage><project><file path="src/a.ts"><metrics statements="9" coveredstatements="0"/></file></project></coverage>',
      'coverage/lcov.info': lcov('src/a.ts'),
      'coverage/coverage.xml':
        '<coverage line-rate="1"><packages><package><classes><class filename="b.py"><lines><line number="1" hits="1"/></lines></class></classes></package></packages></coverage>',
    };
    const coverage = await read(files, ['src/a.ts', 'b.py']);
    expect(coverage.reports).toEqual([
      { path: 'coverage/lcov.info', format: 'lcov', files: 1, besides: ['coverage/clover.xml'] },
      { path: 'coverage/coverage.xml', format: 'cobertura', files: 1, besides: [] },
    ]);
    expect(coverage.totals).toEqual({ lines: { covered: 2, total: 3 } });
  });

  test.each<[string, Files, readonly string[] | undefined, ReturnType<typeof failure>]>([
    [
      'a name without a file',
      { 'coverage/lcov.info': '' },
      ['coverage/lcov.inf'],
      failure('PIPE-COVERAGE-001', /coverage\/lcov\.info/),
    ],
    ['a glob without a file', {}, ['**/*.info'], failure('PIPE-COVERAGE-001', /\*\*\/\*\.info/)],
    [
      'an unknown format',
      { 'coverage.xml': '<testsuite/>' },
      undefined,
      failure('PIPE-COVERAGE-002', /coverage\.xml/, /testsuite/),
    ],
    ['an empty file', { 'lcov.info': '' }, undefined, failure('PIPE-COVERAGE-003', /lcov\.info/)],
    [
      'a report of nothing',
      { 'coverage-final.json': '{}' },
      undefined,
      failure('PIPE-COVERAGE-003', /coverage-final\.json/),
    ],
    ['a profile of nothing', { 'cover.out': 'mode: set\n' }, undefined, failure('PIPE-COVERAGE-003', /cover\.out/)],
    [
      'a damaged one',
      { 'lcov.info': 'SF:src/a.ts\nDA:x\n' },
      undefined,
      failure('PIPE-COVERAGE-006', /lcov\.info/, /line 2/),
    ],
  ])('%s is an error that names it', async (_, files, reports, error) => {
    await expect(read(files, ['src/a.ts'], { reports })).rejects.toMatchObject(error);
  });

  test('a folder that is named as a report is no report', async () => {
    const options = await repository({}, [], { reports: ['coverage'] });
    await mkdir(join(options.workspace, 'coverage'));
    await expect(readReports(options)).rejects.toMatchObject(failure('PIPE-COVERAGE-001', /coverage/));
  });

  test('one that an earlier run wrote is refused, one of this run is not', async () => {
    const since = Date.now();
    const options = await repository({ 'lcov.info': lcov('src/a.ts') }, ['src/a.ts'], { since });
    expect((await readReports(options)).reports).toHaveLength(1);
    await utimes(join(options.workspace, 'lcov.info'), new Date(since - 60_000), new Date(since - 60_000));
    await expect(readReports(options)).rejects.toMatchObject(failure('PIPE-COVERAGE-004', /lcov\.info/));
  });

  test('a mark of byte order changes nothing', async () => {
    const coverage = await read({ 'lcov.info': `\ufeff${lcov('src/a.ts')}` }, ['src/a.ts']);
    expect(coverage.totals.lines).toEqual({ covered: 1, total: 2 });
  });

  test('empty lines and comments in front of lcov change nothing, however many', async () => {
    const report = `${'\n'.repeat(30_000)}# made by hand\n${lcov('src/a.ts')}`;
    expect((await read({ 'lcov.info': report }, ['src/a.ts'])).totals.lines).toEqual({ covered: 1, total: 2 });
    const other = { 'lcov.info': `${'\n'.repeat(60_000)}x`, 'go.mod': '\n'.repeat(1_000_000) };
    await expect(read(other, ['go.mod'])).rejects.toMatchObject(failure('PIPE-COVERAGE-002'));
  });

  test('a run that was cancelled reads nothing', async () => {
    const options = await repository({ 'lcov.info': lcov('a.ts') }, ['a.ts'], {
      signal: AbortSignal.abort(new Error('stop')),
    });
    await expect(readReports(options)).rejects.toThrow('stop');
  });
});
