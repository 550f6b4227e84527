import { mkdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { artifactName } from '../../../src/github/artifact-name.ts';
import { serveGitHub } from '../../support/github/serve.ts';
import { type TestRepository, testRepository, writeLcov } from './repository.ts';
import { runCoverage } from './run-action.ts';

const text = (lines: readonly string[]) => `${lines.join('\n')}\n`;
const code = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => `run(${from + index});`);

const BASE = {
  'package.json': '{"name": "shop", "version": "1.0.0"}',
  '.gitignore': 'coverage/\n',
  'README.md': 'Shop\n',
  'src/a.ts': text(code(1, 10)),
  'src/b.ts': text(code(101, 105)),
};

interface PullRequest extends TestRepository {
  readonly base: string;
  readonly event: readonly ['pull_request', object];
}

/** A pull request as it is checked out: the merge of a branch with these changes into main. */
async function pullRequest(changes: Readonly<Record<string, string | null>>): Promise<PullRequest> {
  const tested = await testRepository();
  const base = await tested.commit(BASE, 'base');
  tested.git('checkout', '-q', '-b', 'feature');
  const head = await tested.commit(changes, 'work');
  tested.git('checkout', '-q', 'main');
  tested.git('checkout', '-q', '--detach');
  tested.git('merge', '-q', '--no-ff', '-m', 'merge', 'feature');
  await mkdir(join(tested.folder, 'coverage'));
  const side = (sha: string, ref: string) => ({ sha, ref, repo: { full_name: 'acme/api' } });
  const pull = { number: 7, head: side(head, 'feature'), base: side(base, 'main') };
  return { ...tested, base, event: ['pull_request', { action: 'synchronize', pull_request: pull }] };
}

const report = ({ folder }: TestRepository) => join(folder, 'coverage/lcov.info');

const NEW = { 'src/a.ts': text([...code(1, 10), ...code(11, 16)]) };

describe('a change', () => {
  it('is red where too few of its lines are covered, with the ranges annotated and everything counted', async () => {
    const pull = await pullRequest(NEW);
    await writeLcov(report(pull), { 'src/a.ts': '1 2 3 !4 5 6 7 8 9 10 11 !12 !13 !15 16', 'src/b.ts': '1 2 3 4 5' });
    const { exitCode, annotations, outputs, summary } = await runCoverage(pull.folder, {
      event: pull.event,
      inputs: { patch: '80', lines: '50' },
    });

    expect(exitCode).toBe(1);
    expect(annotations('error')).toEqual([
      'PIPE-COVERAGE-042: changed lines: 40.00 %25 (2 of 5) is below 80 %25; 2 more covered changed lines reach it. ' +
        'Remedy: test what this change adds in "src/a.ts" (3); the lines are annotated.',
    ]);
    expect(annotations('warning')).toEqual(['src/a.ts:12-15 No test runs these 3 changed lines.']);
    expect(outputs).toMatchObject({ lines: '80', patch: '40', passed: 'false', branches: '', drop: '' });
    expect(summary).toContain('1 of 2 gates failed');
    expect(summary).toMatch(/<code>src\/a\.ts<\/code> \| 40\.00 % &#40;2 of 5&#41; \| 12&#45;15 \|/);
  });

  it('has lines annotated that are run and miss a branch, behind those that no test runs', async () => {
    const pull = await pullRequest(NEW);
    await writeLcov(report(pull), { 'src/a.ts': '1 2 3:1/2 4 11:1/2 12:0/1 13:2/2 14:1/4 !15 16' });
    const inputs = { branches: '90' };
    const { exitCode, annotations, summary, outputs } = await runCoverage(pull.folder, { event: pull.event, inputs });
    expect(exitCode).toBe(1);
    expect(annotations('warning')).toEqual([
      'src/a.ts:15-15 No test runs this changed line.',
      'src/a.ts:11-11 1 of 2 branches of this changed line is not covered.',
      'src/a.ts:12-12 1 of 1 branch of this changed line is not covered.',
      'src/a.ts:14-14 3 of 4 branches of this changed line are not covered.',
    ]);
    expect(summary).toMatch(/<code>src\/a\.ts<\/code> \| 83\.33 % .* \| 15 \| 11, 12, 14 \|/);
    const { patch } = JSON.parse(await readFile(outputs['report'] ?? '', 'utf8')) as { patch: { files: unknown[] } };
    expect(patch.files).toMatchObject([{ partial: [{ line: 11, part: 'branch', covered: 1, total: 2 }, {}, {}] }]);
  });

  it('of the documentation alone is green with the same thresholds', async () => {
    const pull = await pullRequest({ 'README.md': 'Shop, explained\n' });
    await writeLcov(report(pull), { 'src/a.ts': '1 2 !3', 'src/b.ts': '1' });
    const { exitCode, outputs, log, annotations } = await runCoverage(pull.folder, {
      event: pull.event,
      inputs: { patch: '100', require: 'patch' },
    });
    expect([exitCode, outputs['passed'], outputs['patch']]).toEqual([0, 'true', '']);
    expect(log).toContain('passed: patch: no changed line with code (at least 100 %)');
    expect(annotations('warning')).toEqual([]);
  });

  it('does not count generated files, and names what no test loads', async () => {
    const pull = await pullRequest({
      ...NEW,
      '.gitattributes': 'src/gen.ts linguist-generated\n',
      'src/gen.ts': text(code(1, 5)),
      'src/unknown.ts': text(code(1, 5)),
    });
    await writeLcov(report(pull), { 'src/a.ts': '1 2 11 12', 'src/gen.ts': '!1 !2 !3' });
    const { exitCode, outputs, summary } = await runCoverage(pull.folder, {
      event: pull.event,
      inputs: { patch: '100' },
    });
    expect([exitCode, outputs['patch']]).toEqual([0, '100']);
    expect(summary).toContain('Generated, not counted: <code>src/gen.ts</code>');
    expect(summary).toContain('<code>src/unknown.ts</code>');
  });

  it('has ten places annotated, the largest first, and the rest in the log', async () => {
    const pull = await pullRequest({ 'src/many.ts': text(code(1, 60)) });
    const lines = Array.from({ length: 60 }, (_, index) => {
      return index % 4 === 3 ? `${index + 1}` : index < 8 && index % 4 === 2 ? '' : `!${index + 1}`;
    });
    await writeLcov(report(pull), { 'src/many.ts': lines.join(' ') });
    const { annotations, log } = await runCoverage(pull.folder, { event: pull.event });
    expect(annotations('warning')).toHaveLength(10);
    expect(annotations('warning')[0]).toBe('src/many.ts:9-11 No test runs these 3 changed lines.');
    expect(log).toContain('5 more places without an annotation');
    expect(log).toContain('src/many.ts:1-2');
  });
});

describe('reports', () => {
  it('that are not there are a notice without a gate, and red with one', async () => {
    const pull = await pullRequest(NEW);
    const without = await runCoverage(pull.folder, { event: pull.event });
    expect(without.exitCode).toBe(0);
    expect(without.annotations('notice')).toEqual([expect.stringContaining('No coverage report was found')]);
    expect(without.outputs).toMatchObject({ passed: '', report: '', lines: '' });

    const inputs = { lines: '80', thresholds: 'src/**: 90', 'max-drop': '1' };
    const asked = await runCoverage(pull.folder, { event: pull.event, inputs });
    expect(asked.exitCode).toBe(1);
    expect(asked.annotations('error')).toEqual([expect.stringContaining('Given: `lines`, `thresholds`, `max-drop`.')]);
    expect(asked.annotations('error')[0]).toMatch(/^PIPE-COVERAGE-030: /);
    expect(asked.outputs['passed']).toBe('false');
  });

  it('that the job did not write are refused: older than the job, or committed as they are', async () => {
    const pull = await pullRequest({ 'reports/lcov.info': 'SF:src/a.ts\nDA:1,1\nend_of_record\n' });
    const committed = await runCoverage(pull.folder, { event: pull.event, inputs: { reports: 'reports/lcov.info' } });
    expect(committed.annotations('error')).toEqual([
      expect.stringMatching(/^PIPE-COVERAGE-031: .*reports\/lcov\.info/),
    ]);
    expect(committed.outputs['passed']).toBe('false');
    await writeLcov(join(pull.folder, 'reports/lcov.info'), { 'src/a.ts': '1 2' });
    const written = await runCoverage(pull.folder, { event: pull.event, inputs: { reports: 'reports/lcov.info' } });
    expect(written.exitCode).toBe(0);

    await writeLcov(report(pull), { 'src/a.ts': '1 2' });
    const old = new Date(Date.now() - 7_200_000);
    await utimes(report(pull), old, old);
    const restored = await runCoverage(pull.folder, { event: pull.event });
    expect([restored.exitCode, restored.outputs['passed']]).toEqual([1, 'false']);
    expect(restored.annotations('error')).toEqual([expect.stringMatching(/was not written by this run/)]);
    const started = new Date(Date.now() - 10_000_000);
    expect((await runCoverage(pull.folder, { event: pull.event, started })).exitCode).toBe(0);
  });

  it('say what a glob should have matched', async () => {
    const pull = await pullRequest(NEW);
    await writeLcov(report(pull), { 'src/a.ts': '1 2' });
    const { annotations } = await runCoverage(pull.folder, { event: pull.event, inputs: { thresholds: 'scr/**: 80' } });
    expect(annotations('error')).toEqual([expect.stringMatching(/^PIPE-COVERAGE-032: .*Example: `src\/\*\*: 80`/)]);
  });
});

describe('without git', () => {
  it('gives the figures, and neither changed lines nor a base', async () => {
    const pull = await pullRequest(NEW);
    await writeLcov(report(pull), { 'src/a.ts': '1 !2' });
    const inputs = { lines: '50', patch: '100' };
    const outcome = await runCoverage(pull.folder, { event: pull.event, inputs, environment: { PATH: pull.folder } });
    expect([outcome.exitCode, outcome.outputs['lines'], outcome.outputs['patch']]).toEqual([0, '50', '']);
    expect(outcome.log).toContain('not-measured: patch: there is no git repository with a commit');
  });
});

describe('the base', () => {
  /** The record that a green push run of main would have left: made by the action itself. */
  async function baseRecord(lines: Readonly<Record<string, string>>, pull: PullRequest): Promise<string> {
    const head = pull.git('rev-parse', 'HEAD');
    pull.git('checkout', '-q', '--detach', pull.base);
    await writeLcov(report(pull), lines);
    const push = { ref: 'refs/heads/main', before: '0'.repeat(40), after: pull.base };
    const { outputs } = await runCoverage(pull.folder, { event: ['push', push], inputs: { workflow: 'check' } });
    expect(outputs['artifact']).toBe(ARTIFACT);
    pull.git('checkout', '-q', '--detach', head);
    return readFile(outputs['report'] ?? '', 'utf8');
  }

  const ARTIFACT = artifactName('coverage', { workflow: 'check', folder: '.', service: '' });

  async function against(
    record: string,
    pull: PullRequest,
    headSha = pull.base,
    permissions: Record<string, 'read'> = { actions: 'read' },
  ) {
    const github = await serveGitHub({
      permissions,
      runs: [
        {
          ...{ id: 900, runNumber: 12, path: '.github/workflows/ci.yml', event: 'push', headBranch: 'main', headSha },
          ...{ status: 'completed', conclusion: 'success' },
          artifacts: [{ name: ARTIFACT, files: { 'coverage.json': record } }],
        },
      ],
    });
    onTestFinished(() => github.close());
    const environment = { GITHUB_API_URL: github.url, NO_PROXY: '127.0.0.1' };
    return (inputs: Readonly<Record<string, string>>) =>
      runCoverage(pull.folder, {
        event: pull.event,
        environment,
        inputs: { workflow: 'check', 'github-token': github.token, ...inputs },
      });
  }

  it('makes a drop red: by how much, which files got worse, and which lines were covered before', async () => {
    const pull = await pullRequest({
      'src/a.ts': text(['first();', ...code(1, 10)]),
      'src/b.ts': null,
      'lib/b.ts': BASE['src/b.ts'],
    });
    const record = await baseRecord({ 'src/a.ts': '1 2 3 4 5 6 7 8 9 !10', 'src/b.ts': '1 2 3 4 5' }, pull);
    await writeLcov(report(pull), { 'src/a.ts': '1 2 3 !4 !5 6 7 8 9 10 !11', 'lib/b.ts': '1 2 3 4 !5' });
    const run = await against(record, pull);
    const { exitCode, annotations, outputs, summary, log } = await run({ 'max-drop': '0.5' });

    expect(exitCode).toBe(1);
    expect(annotations('error')).toEqual([
      expect.stringMatching(
        /^PIPE-COVERAGE-043: the coverage fell by more than 0\.5 points: lines 93\.33 %25 to 75\.00 %25, 18\.34 points lost\./,
      ),
    ]);
    expect(annotations('notice')).toEqual([
      'src/a.ts:4-5 These 2 lines were covered on the base and are not any more.',
      'lib/b.ts:5-5 This line was covered on the base and is not any more.',
    ]);
    expect(outputs).toMatchObject({ drop: '18.34', passed: 'false' });
    expect(log).toContain(`base: run 12 of main at ${pull.base.slice(0, 12)}`);
    expect(summary).toContain('file that got worse');
    expect(summary).toMatch(/<code>lib\/b\.ts<\/code> \| lines \| 100\.00 % .* \| 80\.00 % .* \| 1 \|/);
    expect((await run({ 'max-drop': '18.34' })).exitCode).toBe(0);
  });

  it('knows which branches were covered before on lines that are still run', async () => {
    const pull = await pullRequest({ 'src/a.ts': text(['first();', ...code(1, 10)]) });
    const record = await baseRecord({ 'src/a.ts': '1 2:2/2 3:1/2 4:2/3 !5 6' }, pull);
    await writeLcov(report(pull), { 'src/a.ts': '1:1/2 2 3:1/2 4:1/2 5:1/3 6:1/2 7' });
    const run = await against(record, pull);
    const { exitCode, annotations } = await run({ 'max-drop': '0' });
    expect(exitCode).toBe(1);
    // Line 4 was covered in part before as well, and line 6 is run now and was not.
    expect(annotations('notice')).toEqual([
      'src/a.ts:3-3 More was covered on the base: 1 of 2 branches of this line is not covered.',
      'src/a.ts:5-5 More was covered on the base: 2 of 3 branches of this line are not covered.',
    ]);
    const { files } = JSON.parse(record) as { files: Record<string, { lines: { partial?: string } }> };
    expect(files['src/a.ts']?.lines.partial).toBe('3:1,4:1');
    delete files['src/a.ts']?.lines.partial;
    const older = await (await against(JSON.stringify({ ...JSON.parse(record), files }), pull))({ 'max-drop': '0' });
    expect([older.exitCode, older.annotations('notice')]).toEqual([1, []]);
  });

  it('of another commit gives the figures, no lines', async () => {
    const pull = await pullRequest(NEW);
    const record = await baseRecord({ 'src/a.ts': '1 2 3 4' }, pull);
    await writeLcov(report(pull), { 'src/a.ts': '1 2 3 !4' });
    const run = await against(record, pull, 'e'.repeat(40));
    const { exitCode, annotations, outputs, summary } = await run({ 'max-drop': '1' });
    expect([exitCode, outputs['drop']]).toEqual([1, '25']);
    expect(annotations('notice')).toEqual([]);
    expect(summary).toContain('file that got worse');
  });

  it('that is not there is not measured, and red only where it is required', async () => {
    const pull = await pullRequest(NEW);
    await writeLcov(report(pull), { 'src/a.ts': '1 2 3' });
    const run = await against('{}', pull);
    const free = await run({ 'max-drop': '0' });
    expect([free.exitCode, free.outputs['drop'], free.outputs['passed']]).toEqual([0, '', 'true']);
    expect(free.log).toContain('not-measured: drop: the figures of run 12 of main');
    const required = await run({ 'max-drop': '0', require: 'drop' });
    expect(required.exitCode).toBe(1);
    expect(required.annotations('error')).toEqual([expect.stringMatching(/^PIPE-COVERAGE-044: `require` names drop/)]);
    const forbidden = await (await against('{}', pull, pull.base, {}))({ require: 'drop' });
    expect(forbidden.annotations('error')).toEqual([expect.stringContaining('`permissions: {actions: read}`')]);
  });
});
