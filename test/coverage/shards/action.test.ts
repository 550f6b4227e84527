import { cp, lstat, mkdir, readdir, readFile, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder, writeFiles } from '../../support/temporary.ts';
import { testRepository, writeLcov } from '../gates/repository.ts';
import { type Outcome, type RunOptions, runCoverage } from '../gates/run-action.ts';

const SOURCES = {
  '.gitignore': 'coverage/\nother/\nlate/\n',
  'src/a.ts': 'run(1);\n'.repeat(10),
  'src/b.ts': 'run(1);\n'.repeat(10),
};
const LCOV = 'coverage/lcov.info';

interface Shards {
  /** The job's checkout. */
  readonly workspace: string;
  /** RUNNER_TEMP of this job and of the one that merges. */
  readonly temp: string;
  readonly commit: (files: Readonly<Record<string, string>>) => Promise<string>;
  /** Writes the reports of a shard, collects them, and takes them away. @param reports lines by source, by path */
  readonly shard: (
    number: number,
    reports: Readonly<Record<string, Readonly<Record<string, string>> | string>>,
    options?: RunOptions,
  ) => Promise<Outcome>;
  readonly run: (options?: RunOptions) => Promise<Outcome>;
  readonly merge: (inputs?: Readonly<Record<string, string>>) => Promise<Outcome>;
}

async function shards(): Promise<Shards> {
  const { folder: workspace, commit } = await testRepository();
  await commit(SOURCES);
  const temp = await temporaryFolder();
  await mkdir(join(temp, 'parts'));
  const run = ({ environment, ...options }: RunOptions = {}) =>
    runCoverage(workspace, { ...options, environment: { RUNNER_TEMP: temp, ...environment } });
  return {
    workspace,
    temp,
    commit,
    run,
    shard: async (number, reports, options = {}) => {
      const part = partOf(temp, number);
      await mkdir(part, { recursive: true });
      for (const [path, content] of Object.entries(reports)) await writeReport(join(workspace, path), content);
      const outcome = await run({ ...options, inputs: { collect: part, ...options.inputs } });
      for (const path of Object.keys(reports))
        await rm(join(workspace, dirname(path)), { recursive: true, force: true });
      return outcome;
    },
    merge: (inputs = {}) => run({ inputs: { merge: join(temp, 'parts'), ...inputs } }),
  };
}

const partOf = (temp: string, number: number) => join(temp, `parts/shard-${number}-of-3`);

async function writeReport(path: string, content: Readonly<Record<string, string>> | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await (typeof content === 'string' ? writeFile(path, content) : writeLcov(path, content));
}

describe('a shard', () => {
  it('collects its reports as they are, compares nothing and needs none', async () => {
    const { temp, shard } = await shards();
    const report = { 'src/a.ts': '1 2 !3' };
    const collected = await shard(1, { [LCOV]: report }, { inputs: { lines: '100', patch: '90', require: 'drop' } });
    const nothing = await shard(2, {});
    const empty = await shard(3, { 'coverage/coverage-final.json': '{}' });

    expect([collected.exitCode, nothing.exitCode, empty.exitCode]).toEqual([0, 0, 0]);
    expect(collected.outputs).toMatchObject({ passed: '', report: '', artifact: '', lines: '' });
    expect(collected.summary).toBe('');
    expect(collected.log).toContain('collected 1 report of this shard');
    expect((await readdir(join(partOf(temp, 1), 'reports'))).sort()).toEqual(['1', 'index.json']);
    const same = join(await temporaryFolder(), 'lcov.info');
    await writeLcov(same, report);
    expect(await readFile(join(partOf(temp, 1), 'reports/1'))).toEqual(await readFile(same));
  });

  it('refuses what a job without shards refuses: old, committed, damaged, foreign', async () => {
    const { shard, commit, run, workspace, temp } = await shards();
    await writeReport(join(workspace, LCOV), { 'src/a.ts': '1' });
    const before = new Date(Date.now() - 7_200_000);
    await utimes(join(workspace, LCOV), before, before);
    const late = await shard(1, {});
    await rm(join(workspace, LCOV));
    expect(late.annotations('error')).toEqual([expect.stringContaining('PIPE-COVERAGE-004')]);
    const torn = await shard(2, { [LCOV]: 'TN:\nSF:src/a.ts\nDA:1,1\n' });
    expect(torn.annotations('error')).toEqual([expect.stringContaining('PIPE-COVERAGE-006')]);
    const foreign = await shard(3, { [LCOV]: { '/elsewhere/x.ts': '1' } });
    expect(foreign.annotations('error')).toEqual([expect.stringContaining('PIPE-COVERAGE-005')]);
    expect([late.exitCode, torn.exitCode, foreign.exitCode]).toEqual([1, 1, 1]);
    await commit({ 'kept/lcov.info': 'TN:\nSF:src/a.ts\nDA:1,1\nend_of_record\n' });
    await utimes(join(workspace, 'kept/lcov.info'), new Date(), new Date());
    const committed = await run({ inputs: { collect: partOf(temp, 1), reports: 'kept/lcov.info' } });
    expect(committed.annotations('error')).toEqual([expect.stringContaining('PIPE-COVERAGE-031')]);
    for (const number of [1, 2, 3]) expect(await readdir(partOf(temp, number))).toEqual([]);
  });

  it('writes into a folder of the job only, where nothing lies yet', async () => {
    const { temp, workspace, run } = await shards();
    const outside = await temporaryFolder();
    await writeReport(join(workspace, LCOV), { 'src/a.ts': '1' });
    const part = partOf(temp, 1);
    await mkdir(part);
    const faultOf = async (inputs: Readonly<Record<string, string>>) =>
      (await run({ inputs })).annotations('error').join();

    await symlink(outside, join(part, 'reports'));
    expect(await faultOf({ collect: part })).toContain('PIPE-COVERAGE-050');
    await symlink(outside, join(temp, 'link'));
    expect(await faultOf({ collect: join(temp, 'link') })).toContain('it is no folder');
    await mkdir(join(outside, 'below'));
    expect(await faultOf({ collect: join(temp, 'link/below') })).toContain('lies outside');
    expect(await faultOf({ collect: outside })).toContain('lies outside');
    expect(await faultOf({ collect: join(temp, 'nothing') })).toContain('it is not there');
    expect(await faultOf({ collect: part, merge: temp })).toContain('a job does one or the other');
    expect(await readdir(outside)).toEqual(['below']);
    expect(await readdir(join(outside, 'below'))).toEqual([]);
  });
});

describe('the job that merges', () => {
  it('judges as one run that had run all tests would, in figures, gates, annotations and record', async () => {
    const [split, whole] = [await shards(), await shards()];
    await split.shard(1, { [LCOV]: { 'src/a.ts': '1 2 !3 !4 5:1/2', 'src/b.ts': '!1 !2' } });
    await split.shard(2, { [LCOV]: { 'src/a.ts': '!1 !2 3 !4 !5' } });
    await split.shard(3, {});
    await writeReport(join(whole.workspace, LCOV), { 'src/a.ts': '1 2 3 !4 5:1/2', 'src/b.ts': '!1 !2' });
    const inputs = { lines: '60', branches: '50', thresholds: 'src/b.ts: 10\nsrc/a.ts: 70', 'github-token': '' };
    const [merged, one] = [await split.merge(inputs), await whole.run({ inputs })];

    expect(one.exitCode).toBe(1);
    expect(merged.exitCode).toBe(1);
    expect(merged.annotations('error')).toEqual(one.annotations('error'));
    expect(merged.summary).toBe(one.summary);
    const figures = ({ report, ...others }: Readonly<Record<string, string>>) => others;
    expect(figures(merged.outputs)).toEqual(figures(one.outputs));
    expect(merged.outputs).toMatchObject({ lines: '57.14', branches: '50', passed: 'false' });
    const record = async ({ outputs }: Outcome) => JSON.parse(await readFile(outputs['report'] ?? '', 'utf8'));
    const [left, right] = [await record(merged), await record(one)];
    expect(left).toEqual({ ...right, commit: left.commit });
    expect(merged.log).toContain('reports of 3 shards');
  });

  it('reads reports that lay side by side as such, and what the shards were given by name as named', async () => {
    const summary = (covered: number) =>
      JSON.stringify({ total: {}, 'src/a.ts': { lines: { total: 4, covered, skipped: 0, pct: 0 } } });
    const both = await shards();
    const beside = 'coverage/coverage-summary.json';
    for (const number of [1, 2]) await both.shard(number, { [LCOV]: { 'src/a.ts': '1 !2' }, [beside]: summary(4) });
    const usual = await both.merge();
    expect(usual.log).toContain(`read ${LCOV} (lcov, 1 files)`);
    expect(usual.log).not.toContain(`read ${beside}`);

    const named = await shards();
    const inputs = { reports: beside };
    for (const number of [1, 2]) {
      const files = { [LCOV]: { 'src/a.ts': '1 !2' }, [beside]: summary(number) };
      await named.shard(number, files, { inputs });
    }
    const merged = await named.merge({ reports: 'anything/else.info' });
    expect(merged.log).not.toContain(`read ${LCOV}`);
    expect(merged.outputs).toMatchObject({ lines: '50' });
    const pair = await shards();
    for (const number of [1, 2])
      await pair.shard(
        number,
        { [LCOV]: { 'src/a.ts': '1 !2' }, [beside]: summary(4) },
        { inputs: { reports: `${LCOV}\n${beside}` } },
      );
    const { log } = await pair.merge();
    expect([log.includes(`read ${LCOV}`), log.includes(`read ${beside}`)]).toEqual([true, true]);
    // The numbers of two shards can't be joined, and somebody has to know.
    expect(merged.annotations('notice').join()).toContain(`${beside}: this format says how many`);
    expect(usual.annotations('notice').join()).not.toContain('this format says how many');
  });

  it('misses a report only where every shard does, and calls one empty only where it is in all', async () => {
    const { shard, merge, temp } = await shards();
    const inputs = { reports: 'coverage/lcov.info\nlate/lcov.info' };
    expect((await shard(1, { [LCOV]: { 'src/a.ts': '1' } }, { inputs })).exitCode).toBe(0);
    expect((await shard(2, { [LCOV]: '' }, { inputs })).exitCode).toBe(0);
    const without = await merge();
    expect(without.annotations('error')).toEqual([expect.stringContaining('PIPE-COVERAGE-001: no file matches "late')]);
    await shard(3, { 'late/lcov.info': { 'src/b.ts': '!1' } }, { inputs });
    expect((await merge()).outputs).toMatchObject({ lines: '50' });

    await rm(partOf(temp, 1), { recursive: true });
    const empty = await merge();
    expect(empty.annotations('error')).toEqual([expect.stringContaining('PIPE-COVERAGE-003')]);
  });

  it('is red with a limit and without a report, and says so where there is neither', async () => {
    const { shard, merge } = await shards();
    await shard(1, {});
    expect((await merge({ lines: '1' })).annotations('error')).toEqual([expect.stringContaining('PIPE-COVERAGE-030')]);
    const quiet = await merge();
    expect([quiet.exitCode, quiet.outputs['passed']]).toEqual([0, '']);
  });

  it('refuses a part that is no folder of reports, or leads out of it, by name', async () => {
    const { shard, merge, temp } = await shards();
    await shard(1, { [LCOV]: { 'src/a.ts': '1' } });
    const part = partOf(temp, 1);
    const secret = join(await temporaryFolder(), 'secret');
    await writeLcov(secret, { 'src/a.ts': '1 2 3' });
    const kept = join(temp, 'kept');
    await cp(part, kept, { recursive: true });
    const index = join(part, 'reports/index.json');
    const entry = JSON.parse(await readFile(index, 'utf8'));
    const write = (change: object) => writeFile(index, JSON.stringify({ ...entry, ...change }));
    const report = join(part, 'reports/1');
    const linked = async (path: string, to: string) => {
      await rm(path, { recursive: true });
      await symlink(to, path);
    };
    const attacks: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['report 1 is no file', () => linked(report, secret)],
      ['its "reports" is no folder', () => linked(join(part, 'reports'), join(kept, 'reports'))],
      ['its "index.json" is no file', () => linked(index, join(kept, 'reports/index.json'))],
      ['it is no folder', () => linked(part, kept)],
      ['it is no folder', () => writeFile(join(temp, 'parts/notes.txt'), '')],
      ['it holds no collected reports', () => rm(index)],
      ['instead of JSON', () => truncate(index, 10)],
      ['instead of an absolute path', () => write({ roots: ['src'] })],
      ['instead of a path inside', () => write({ generated: ['../../outside.ts'] })],
      ['instead of a path inside', () => write({ generated: ['src/../../outside.ts'] })],
      ['instead of a path', () => write({ reports: [{ path: 'a\nb', kind: 'found' }] })],
      ['instead of one of', () => write({ reports: [{ path: 'a', kind: 'else' }] })],
      ['instead of a list of at most 20000', () => write({ reports: Array(20_001).fill(entry.reports[0]) })],
      ['it holds no collected reports', () => write({ reports: Array(2).fill(entry.reports[0]) })],
    ];
    for (const [message, attack] of attacks) {
      await attack();
      const { exitCode, annotations, outputs, log } = await merge();
      expect(annotations('error').join().replaceAll('`', '"'), log).toContain(message);
      expect(annotations('error')).toEqual([expect.stringContaining('PIPE-COVERAGE-051')]);
      expect([exitCode, outputs['passed']]).toEqual([1, 'false']);
      await rm(join(temp, 'parts'), { recursive: true });
      await mkdir(join(temp, 'parts'));
      await cp(kept, part, { recursive: true });
    }
    expect((await merge()).outputs).toMatchObject({ lines: '100' });
    expect((await lstat(secret)).isFile()).toBe(true);
  });

  it('finds the source of a report in its own checkout, also one that only the shard had', async () => {
    const { shard, commit, merge, temp, workspace } = await shards();
    // The end of a path alone would mean the wrong one of these where the checkout is called src.
    await commit({ 'index.ts': 'run(1);\n', 'src/index.ts': 'run(1);\n' });
    await writeFiles(workspace, { 'made/table.ts': 'run(1);\n' });
    const inside = (path: string) => join(workspace, path);
    await shard(1, { [LCOV]: { [inside('index.ts')]: '1', [inside('made/table.ts')]: '!1' } });
    await rm(inside('made'), { recursive: true });
    // As if the shard's checkout had lain elsewhere.
    const report = join(partOf(temp, 1), 'reports/1');
    const index = join(partOf(temp, 1), 'reports/index.json');
    for (const file of [report, index])
      await writeFile(file, (await readFile(file, 'utf8')).replaceAll(workspace, '/home/other/work/src'));
    const merged = await merge();
    expect(merged.outputs).toMatchObject({ lines: '50' });
    const { files } = JSON.parse(await readFile(merged.outputs['report'] ?? '', 'utf8'));
    expect(Object.keys(files)).toEqual(['index.ts', 'made/table.ts']);
    await writeFile(index, (await readFile(index, 'utf8')).replace('made/table.ts', 'made/other.ts'));
    expect((await merge()).annotations('error')).toEqual([expect.stringContaining('PIPE-COVERAGE-005')]);
  });
});
