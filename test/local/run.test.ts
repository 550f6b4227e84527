import { describe, expect, test } from 'vitest';
import { makeBundle, makeProject, runSample, workflow } from './fixtures.ts';

describe('a run', () => {
  test('gives outputs, results of every job, summaries and annotations as GitHub would', async () => {
    const bundle = makeBundle({
      'w.yml': workflow(
        `
  first:
    name: The first
    runs-on: ubuntu-latest
    outputs:
      said: \${{ steps.say.outputs.said }}
    steps:
      - id: say
        name: Say it
        uses: $/actions/probe
        with:
          say: "two\\nlines \${{ inputs.word }} \${{ inputs.count }}"
          summary: "# Done"
          print: "::error file=src/a.ts,line=3,col=7,title=Odd::std::string costs 100%25%0Aand more"
  skipped:
    if: inputs.word == 'never'
    runs-on: ubuntu-latest
    steps: [{run: 'true'}]
  second:
    needs: [first, skipped]
    if: always()
    runs-on: \${{ inputs.runs-on }}
    steps:
      - uses: $/actions/probe
        with: {print: "\${{ needs.first.outputs.said }} \${{ needs.skipped.result }}"}
`,
        `
    inputs:
      word: {type: string, required: true}
      count: {type: number, default: 3}
      runs-on: {type: string, default: some-label}
    outputs:
      said: {value: "\${{ jobs.first.outputs.said }}"}
      mixed: {value: "<\${{ jobs.first.outputs.said }}>"}
`,
      ),
    });
    const result = await runSample(bundle, makeProject(), { inputs: { word: "it's ${{ github.token }}" } });
    expect(result.conclusion).toBe('success');
    expect(result.outputs).toEqual({
      said: "two\nlines it's ${{ github.token }} 3",
      mixed: "<two\nlines it's ${{ github.token }} 3>",
    });
    expect(result.jobs.map(({ id, name, conclusion }) => [id, name, conclusion])).toEqual([
      ['first', 'The first', 'success'],
      ['skipped', 'skipped', 'skipped'],
      ['second', 'second', 'success'],
    ]);
    expect(result.jobs[2]?.steps[0]?.log).toBe("two\nlines it's ${{ github.token }} 3 skipped");
    expect(result.summaries).toEqual([{ job: 'first', step: 'Say it', markdown: '# Done' }]);
    expect(result.annotations).toEqual([
      {
        ...{ level: 'error', job: 'first', step: 'Say it', title: 'Odd', file: 'src/a.ts', line: 3, column: 7 },
        message: 'std::string costs 100%\nand more',
      },
    ]);
  });

  test('is red when a job fails, shows what failed, and still runs what must run afterwards', async () => {
    const bundle = makeBundle({
      'w.yml': workflow(`
  bad:
    runs-on: ubuntu-latest
    steps:
      - {name: Tolerated, run: exit 3, continue-on-error: true}
      - {name: Breaks, run: 'echo about to break; exit 4'}
      - {name: Never, run: 'true'}
  after:
    needs: bad
    if: \${{ !cancelled() }}
    runs-on: ubuntu-latest
    steps: [{run: 'test "\${{ needs.bad.result }}" = failure'}]
  green:
    needs: bad
    runs-on: ubuntu-latest
    steps: [{run: 'true'}]
`),
    });
    const result = await runSample(bundle, makeProject());
    expect(result.exitCode).toBe(1);
    expect(result.jobs.map(({ id, conclusion }) => `${id} ${conclusion}`)).toEqual([
      'bad failure',
      'after success',
      'green skipped',
    ]);
    const steps = result.jobs[0]?.steps.map(({ name, conclusion, log }) => [name, conclusion, log]);
    expect(steps).toEqual([
      ['Tolerated', 'success', ''],
      ['Breaks', 'failure', 'about to break'],
    ]);
  });

  test('goes on beside another of the same project, each in a folder of its own', async () => {
    const bundle = makeBundle({
      'w.yml': workflow('  a: {runs-on: ubuntu-latest, steps: [{run: "echo $HOME; sleep 0.5"}]}'),
    });
    const project = makeProject();
    const results = await Promise.all([1, 2, 3].map(() => runSample(bundle, project)));
    expect(results.map(({ conclusion }) => conclusion)).toEqual(['success', 'success', 'success']);
    expect(new Set(results.map(({ jobs }) => jobs[0]?.steps[0]?.log)).size).toBe(3);
    // One after the other they get the same: a cache holds absolute paths.
    const [first, second] = [await runSample(bundle, project), await runSample(bundle, project)];
    expect(first?.log).toBe(second?.log);
  });

  test('runs each leg of a matrix as a job of its own', async () => {
    const bundle = makeBundle({
      'w.yml': workflow(`
  leg:
    strategy: {fail-fast: false, matrix: {node: [20, 24]}}
    runs-on: ubuntu-latest
    steps: [{run: 'test "\${{ matrix.node }}" = 24'}]
`),
    });
    const result = await runSample(bundle, makeProject());
    expect(result.jobs.map(({ id, steps }) => [id, steps[0]?.conclusion])).toEqual([
      ['leg (20)', 'failure'],
      ['leg (24)', 'success'],
    ]);
  });

  test('says when an output holds a secret, because GitHub would drop it', async () => {
    const bundle = makeBundle({
      'w.yml': workflow(
        `
  leak:
    runs-on: ubuntu-latest
    outputs: {image: "\${{ steps.say.outputs.said }}"}
    steps:
      - {id: say, uses: $/actions/probe, with: {say: "registry/\${{ secrets.npm-token }}/image"}}
`,
        '    secrets: {npm-token: {required: false}}',
      ),
    });
    const result = await runSample(bundle, makeProject(), { secrets: { 'npm-token': 'very-secret-value' } });
    expect(result.exitCode).toBe(1);
    expect(result.annotations.map(({ job, message }) => `${job}: ${message}`)).toEqual([
      'leak: Output "image" holds a secret: GitHub drops it, and jobs that need it get an empty text.',
    ]);
  });

  test('is cancelled by an interrupt: what runs is ended, steps with always() still run, nothing is left', async () => {
    const bundle = makeBundle({
      'w.yml': workflow(`
  slow:
    runs-on: ubuntu-latest
    steps:
      - {name: Slow, run: 'sleep 300 & echo started; sleep 301'}
      - {name: Cleans up, if: always(), run: 'echo cleaned'}
  next:
    needs: slow
    runs-on: ubuntu-latest
    steps: [{run: 'true'}]
`),
    });
    const stop = new AbortController();
    const result = await runSample(bundle, makeProject(), {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind === 'line' && event.text === 'started') stop.abort();
      },
    });
    expect(result).toMatchObject({ exitCode: 130, conclusion: 'cancelled' });
    expect(result.log).toContain('cleaned');
    expect(result.log).not.toContain('next >');
  });

  test('runs every job of workflows called in workflows, each with its own name and permissions', async () => {
    const bundle = makeBundle({
      'w.yml': workflow(`
  outer:
    permissions: {contents: read, issues: write}
    uses: $/.github/workflows/inner.yml
    with: {word: hello}
`),
      'inner.yml': workflow(
        `
  inner:
    permissions: {issues: write}
    runs-on: ubuntu-latest
    steps:
      - uses: $/actions/probe
        with: {show: "GITHUB_WORKFLOW GITHUB_JOB", print: "\${{ inputs.word }} \${{ job.workflow_ref }}"}
`,
        '    inputs: {word: {type: string, required: true}}',
      ),
    });
    const result = await runSample(bundle, makeProject());
    expect(result.jobs.map(({ id }) => id)).toEqual(['outer/inner']);
    expect(result.jobs[0]?.steps[0]?.log.split('\n')).toEqual([
      'hello org/pipelines/.github/workflows/inner.yml@v1',
      'GITHUB_WORKFLOW=w',
      'GITHUB_JOB=inner',
    ]);
  });

  test("runs the project's own caller", async () => {
    const bundle = makeBundle({
      'w.yml': workflow(
        `
  a:
    permissions: {contents: read}
    runs-on: ubuntu-latest
    steps:
      - {uses: $/actions/probe, with: {print: "\${{ inputs.word }} \${{ github.workflow }} \${{ secrets.npm-token }}"}}
`,
        '    inputs: {word: {type: string, required: true}}\n    secrets: {npm-token: {required: false}}',
      ),
    });
    const project = makeProject({
      '.github/workflows/ci.yml': `
name: My checks
on: {push: {branches: [other]}, pull_request: {}}
jobs:
  api:
    permissions: {contents: read}
    uses: acme/pipelines/.github/workflows/w.yml@0123456789abcdef0123456789abcdef01234567
    with: {word: "on \${{ github.event_name }}"}
    secrets: {npm-token: "\${{ secrets.TOKEN }}"}
`,
    });
    const caller = '.github/workflows/ci.yml';
    const result = await runSample(bundle, project, { caller, secrets: { TOKEN: 'abcdefgh' } });
    expect(result.jobs.map(({ id }) => id)).toEqual(['api/a']);
    expect(result.jobs[0]?.steps[0]?.log).toBe('on push My checks ***');
    await expect(runSample(bundle, project, { caller, event: { name: 'release' } })).rejects.toThrow(
      '.github/workflows/ci.yml does not run on release: it runs on push, pull_request',
    );
  });
});
