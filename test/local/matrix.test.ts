import { describe, expect, test } from 'vitest';
import type { RunResult } from '../../src/local/run.ts';
import { makeBundle, makeProject, runSample, workflow } from './fixtures.ts';
import { bundleWithProgram, start } from './program.ts';

const UPLOAD = 'actions/upload-artifact@0123456789abcdef0123456789abcdef01234567';
const DOWNLOAD = 'actions/download-artifact@0123456789abcdef0123456789abcdef01234567';

const include = ['1/3', '2/3', '3/3'].map((shard) => ({ shard, artifact: `part-${shard.replace('/', '-of-')}` }));
const MATRIX = JSON.stringify({ include });

/** Tests divided as check.yml does it: a matrix from a job, legs that leave parts, a job that reads all of them. */
const SHARDED = workflow(
  `
  shards:
    if: inputs.shards != 1
    runs-on: ubuntu-latest
    outputs: {matrix: "\${{ steps.plan.outputs.said }}"}
    steps:
      - {id: plan, uses: $/actions/probe, with: {print: "\${{ toJSON(inputs.shards) }} shards", say: '${MATRIX}'}}
  test:
    name: test (\${{ matrix.shard }})
    needs: shards
    if: \${{ needs.shards.outputs.matrix != '' }}
    strategy: {fail-fast: false, matrix: "\${{ fromJSON(needs.shards.outputs.matrix) }}"}
    runs-on: ubuntu-latest
    outputs:
      first: "\${{ steps.test.outputs.first }}"
      last: "\${{ steps.test.outputs.last }}"
      never: "\${{ steps.test.outputs.never }}"
      isRed: "\${{ steps.test.outcome == 'failure' }}"
    steps:
      - name: Test
        id: test
        env: {SHARD: "\${{ matrix.shard }}"}
        run: |
          echo "tests of $SHARD"; mkdir part; echo "$SHARD" >part/shard
          case $SHARD in 1/3) echo first=one ;; 3/3) echo last=three ;; esac >>"$GITHUB_OUTPUT"
          if [ "$SHARD" = "\${{ inputs.red }}" ]; then echo "broken in $SHARD"; exit 1; fi
      - {if: "\${{ !cancelled() }}", uses: ${UPLOAD}, with: {name: "\${{ matrix.artifact }}", path: part, overwrite: true}}
  check:
    permissions: {actions: read}
    needs: [shards, test]
    if: \${{ !cancelled() }}
    runs-on: ubuntu-latest
    steps:
      - {if: "needs.shards.outputs.matrix != ''", uses: ${DOWNLOAD}, with: {pattern: part-*, path: parts}}
      - {name: Merge, run: 'if [ -d parts ]; then cd parts; grep -r . * | sort; fi'}
      - name: Say
        run: 'echo "\${{ needs.shards.result }} \${{ needs.test.result }}: \${{ needs.test.outputs.first }}, \${{ needs.test.outputs[''last''] }}, <\${{ needs.test.outputs.never }}>"'
      - {name: Needs, uses: $/actions/probe, with: {print: "\${{ toJSON(needs) }}", request: 'GET /repos/{repo}/actions/runs/1000000001/jobs'}}
  tag: {name: Tag it, needs: [test, check], runs-on: ubuntu-latest, steps: [{run: 'true'}]}
`,
  `
    inputs:
      shards: {type: number, default: 1}
      red: {type: string, default: ""}
`,
);

interface ListedJob extends Readonly<Record<string, unknown>> {
  readonly steps: readonly Readonly<Record<string, unknown>>[];
}

/** The jobs that the API has answered to the job `check`. */
function listed({ requests }: RunResult): readonly ListedJob[] {
  const body = requests[0]?.responseBody as { readonly jobs: readonly ListedJob[] } | undefined;
  return body?.jobs ?? [];
}

describe('a matrix that an earlier job gives', () => {
  test('runs as jobs of its own: after a red one the others go on, and so does the job that reads their parts', async () => {
    const { program, env } = await bundleWithProgram({ 'w.yml': SHARDED });
    const args = ['--project', makeProject(), '--workflow', 'w.yml', '--input', 'shards=3'];
    const green = await start(args, { program, env });
    expect(green.stderr).toBe('');
    expect(green.status).toBe(0);
    const headings = (text: string) => text.split('\n').filter((line) => /^[a-zA-Z]/.test(line));
    expect(headings(green.stdout)).toEqual(['shards', 'test (1/3)', 'test (2/3)', 'test (3/3)', 'check', 'Tag it']);

    const red = await start([...args, '--input', 'red=2/3'], { program, env });
    expect(red.status).toBe(1);
    expect(headings(red.stdout)).toEqual([
      ...['shards', 'test (1/3)', 'test (2/3)', 'test (3/3)', 'check'],
      'skipped: Tag it, which needs test (2/3)',
    ]);
    expect(red.stdout.match(/^ {2}✗.*$/gm)).toHaveLength(1);
    expect(red.stdout).toMatch(/^test \(2\/3\)\n {2}✗ Test .*\n {4}│ tests of 2\/3\n {4}│ broken in 2\/3\n {2}✓/m);

    const { stdout } = await start([...args, '--input', 'red=2/3', '--json'], { program, env });
    const events = stdout.trim().split('\n');
    const { end } = JSON.parse(events.at(-1) ?? '');
    expect(end.jobs.map((job: Record<string, string>) => [job['id'], job['name'], job['conclusion']])).toEqual([
      ['shards', 'shards', 'success'],
      ['test (1/3)', 'test (1/3)', 'success'],
      ['test (2/3)', 'test (2/3)', 'failure'],
      ['test (3/3)', 'test (3/3)', 'success'],
      ['check', 'check', 'success'],
      ['tag', 'Tag it', 'skipped'],
    ]);
    const artifacts = end.artifacts.map(({ name }: Record<string, string>) => name);
    expect(artifacts).toEqual(include.map(({ artifact }) => artifact));
    const printed = events.map((line) => JSON.parse(line)).filter(({ kind }) => kind === 'line');
    expect(printed.filter(({ job }) => job === 'test (3/3)').map(({ text }) => text)[0]).toBe('tests of 3/3');
  });

  test('hands over what each leg has set, and nothing of what none has', async () => {
    const bundle = makeBundle({ 'w.yml': SHARDED });
    const result = await runSample(bundle, makeProject(), { inputs: { shards: '3', red: '2/3' } });
    const check = result.jobs.find(({ id }) => id === 'check');
    const log = (name: string) => check?.steps.find((step) => step.name === name)?.log ?? '';
    expect(result.jobs[0]?.steps[0]?.log).toBe('3 shards');
    expect(log('Merge').split('\n')).toEqual(include.map(({ artifact, shard }) => `${artifact}/shard:${shard}`));
    expect(log('Say')).toBe('success failure: one, three, <>');
    const needs = JSON.parse(log('Needs').split('\nanswer ')[0] ?? '');
    expect(needs.test).toEqual({
      result: 'failure',
      outputs: { first: 'one', last: 'three', never: '', isRed: 'false' },
    });
    const leg = result.jobs.find(({ id }) => id === 'test (2/3)');
    expect(leg?.outputs).toEqual(needs.test.outputs);
    expect(leg?.steps.map(({ id }) => id)).toEqual(['test', '1']);
  });

  test('is listed by the API as GitHub lists it: each leg by its name, with an id, a result and steps of its own', async () => {
    const bundle = makeBundle({ 'w.yml': SHARDED });
    const result = await runSample(bundle, makeProject(), { inputs: { shards: '3', red: '2/3' } });
    const jobs = listed(result);
    expect(jobs.map(({ name, status, conclusion }) => [name, status, conclusion])).toEqual([
      ['shards', 'completed', 'success'],
      ['test (1/3)', 'completed', 'success'],
      ['test (2/3)', 'completed', 'failure'],
      ['test (3/3)', 'completed', 'success'],
      ['check', 'in_progress', null],
      ['Tag it', 'queued', null],
    ]);
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(jobs.length);
    const steps = jobs.map((job) => job.steps.map(({ number, conclusion }) => `${number} ${conclusion}`));
    expect(steps.slice(1, 5)).toEqual([
      ['1 success', '2 success'],
      ['1 failure', '2 success'],
      ['1 success', '2 success'],
      ['1 success', '2 success', '3 success', '4 null'],
    ]);
    const [first, second] = jobs.slice(1).map((job) => job['started_at'] as string);
    expect(String(first) <= String(second)).toBe(true);
  });

  test('is one skipped job where nothing asks for it, whose outputs are empty in expressions', async () => {
    const bundle = makeBundle({ 'w.yml': SHARDED });
    const result = await runSample(bundle, makeProject());
    expect(result.conclusion).toBe('success');
    expect(result.annotations).toEqual([]);
    expect(result.jobs.map(({ id, conclusion }) => `${id} ${conclusion}`)).toEqual([
      ...['shards skipped', 'test skipped', 'check success', 'tag skipped'],
    ]);
    const steps = result.jobs[2]?.steps ?? [];
    expect(steps.map(({ name }) => name)).toEqual(['Merge', 'Say', 'Needs']);
    expect(steps[1]?.log).toBe('skipped skipped: , , <>');
    expect(steps[2]?.log).not.toContain('${{');
    const jobs = listed(result);
    expect(jobs.slice(0, 2).map(({ status, conclusion }) => [status, conclusion])).toEqual([
      ['completed', 'skipped'],
      ['completed', 'skipped'],
    ]);
  });

  test('refuses a number of shards that is none, as GitHub does', async () => {
    const bundle = makeBundle({ 'w.yml': SHARDED });
    await expect(runSample(bundle, makeProject(), { inputs: { shards: 'two' } })).rejects.toThrow(
      "w.yml: Unexpected value 'two' for input shards: it takes a number",
    );
  });

  test.each([
    ['no entries', '{"include":[]}'],
    ['no text', ''],
  ])('fails before its first step when it has %s, and what runs afterwards still does', async (_, matrix) => {
    const bundle = makeBundle({
      'w.yml': workflow(`
  shards:
    runs-on: ubuntu-latest
    outputs: {matrix: "\${{ steps.plan.outputs.said }}"}
    steps: [{id: plan, uses: $/actions/probe, with: {say: '${matrix}'}}]
  test:
    needs: shards
    strategy: {matrix: "\${{ fromJSON(needs.shards.outputs.matrix) }}"}
    runs-on: ubuntu-latest
    steps: [{name: Test, run: 'true'}]
  check: {needs: test, if: always(), runs-on: ubuntu-latest, steps: [{run: 'echo "\${{ needs.test.result }}"'}]}
`),
    });
    const { jobs, annotations, exitCode } = await runSample(bundle, makeProject());
    expect(exitCode).toBe(1);
    expect(jobs.map(({ id, conclusion }) => `${id} ${conclusion}`)).toEqual([
      ...['shards success', 'test failure', 'check success'],
    ]);
    expect(jobs[1]?.steps.map(({ name }) => name)).toEqual(['Work out the matrix']);
    expect(annotations.map(({ message }) => message)).toEqual([
      "Error when evaluating 'strategy': the matrix is no map with values, or has none",
    ]);
    expect(jobs[2]?.steps[0]?.log).toBe('failure');
  });
});
