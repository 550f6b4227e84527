import { describe, expect, test } from 'vitest';
import { createJobOutput } from '../../src/local/job-output.ts';
import { makeBundle, makeProject, runSample, workflow } from './fixtures.ts';

describe('legs of a matrix', () => {
  test('each have their own result, also one that fails without a failed step and one that tolerates a failure', async () => {
    const bundle = makeBundle({
      'w.yml': workflow(`
  leg:
    strategy: {fail-fast: false, matrix: {does: [fails, passes, tolerates, miswrites, passes-last]}}
    runs-on: ubuntu-latest
    steps:
      - {if: "matrix.does == 'fails'", run: exit 1}
      - {if: "matrix.does == 'tolerates'", run: exit 1, continue-on-error: true}
      - {if: "matrix.does == 'miswrites'", run: 'echo no assignment >>"$GITHUB_OUTPUT"'}
      - {run: 'true'}
`),
    });
    const { jobs } = await runSample(bundle, makeProject());
    expect(jobs.map(({ id, conclusion }) => `${id} ${conclusion}`)).toEqual([
      ...['leg (fails) failure', 'leg (passes) success', 'leg (tolerates) success', 'leg (miswrites) failure'],
      'leg (passes-last) success',
    ]);
  });

  test('are not green when the run was cancelled before their turn', async () => {
    const bundle = makeBundle({
      'w.yml': workflow(`
  leg:
    strategy: {matrix: {number: [1, 2]}}
    runs-on: ubuntu-latest
    steps: [{run: 'echo started; sleep 300'}, {if: always(), run: echo cleaned}]
`),
    });
    const stop = new AbortController();
    const { exitCode, jobs } = await runSample(bundle, makeProject(), {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind === 'line' && event.text === 'started') stop.abort();
      },
    });
    expect(exitCode).toBe(130);
    expect(jobs.map(({ conclusion }) => conclusion)).not.toContain('success');
  });

  test("keep what they print apart, also while they are ahead of who reads, and see nothing of the runner's", async () => {
    const bundle = makeBundle({
      'w.yml': workflow(`
  leg:
    strategy: {matrix: {include: [{word: "two  words\\n"}, {word: "* 'x' {\\"y\\": 1}"}, {word: z, more: [1, {a: b}]}]}}
    runs-on: ubuntu-latest
    steps:
      - {uses: $/actions/probe, with: {print: "action \${{ toJSON(matrix.word) }}", show: LOCAL_MATRIX_LEG}}
      - {run: 'echo "run $WORD"; env | grep ^LOCAL_ || true', env: {WORD: "\${{ toJSON(matrix.word) }}"}}
`),
    });
    let hasWaited = false;
    const { jobs } = await runSample(bundle, makeProject(), {
      onEvent: ({ kind }) => {
        if (hasWaited || kind !== 'job-start') return;
        hasWaited = true;
        // Nobody reads while the other legs run.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500);
      },
    });
    const words = ['"two  words\\n"', '"* \'x\' {\\"y\\": 1}"', '"z"'];
    expect(jobs.map(({ steps }) => steps.map(({ log }) => log))).toEqual(
      words.map((word) => [`action ${word}\nLOCAL_MATRIX_LEG=(unset)`, `run ${word}`]),
    );
  });

  test('are named as GitHub names them: by the name with its expressions, else by their values in order', async () => {
    const steps = "runs-on: ubuntu-latest, steps: [{run: 'true'}]";
    const matrix = 'matrix: {system: [linux], node: [24]}';
    const bundle = makeBundle({
      'w.yml': workflow(`
  plain: {strategy: {${matrix}}, ${steps}}
  named: {name: A name, strategy: {${matrix}}, ${steps}}
  told: {name: "told (\${{ matrix.node }})", strategy: {${matrix}}, ${steps}}
  evaluated: {name: "On \${{ github.event_name }}/j1 \${{ matrix.node }}-2", strategy: {${matrix}}, ${steps}}
  single: {name: "Just \${{ github.event_name }}", ${steps}}
  same: {name: "same (\${{ github.event_name }})", strategy: {matrix: {node: [20, 24]}}, ${steps}}
`),
    });
    const { jobs } = await runSample(bundle, makeProject());
    expect(jobs.map(({ id, name }) => [id, name])).toEqual([
      ['plain (linux, 24)', 'plain (linux, 24)'],
      ['named (linux, 24)', 'A name (linux, 24)'],
      ['told (24)', 'told (24)'],
      ['evaluated (linux, 24)', 'On push/j1 24-2'],
      ['single', 'Just push'],
      ['same (push)', 'same (push)'],
      ['same (push) (2)', 'same (push)'],
    ]);
  });

  test('that call a workflow are red when one of them is, and the run says that the last one is shown', async () => {
    const bundle = makeBundle({
      'w.yml': workflow(
        '  a: {runs-on: ubuntu-latest, steps: [{run: "exit ${{ inputs.status }}"}]}',
        '    inputs: {status: {type: number, required: true}}',
      ),
    });
    const project = makeProject({
      'ci.yml': `
on: push
jobs:
  app:
    strategy: {fail-fast: false, matrix: {status: [1, 0]}}
    uses: acme/pipelines/.github/workflows/w.yml@v1
    with: {status: "\${{ matrix.status }}"}
`,
    });
    const notes: string[] = [];
    const { exitCode, jobs } = await runSample(bundle, project, {
      caller: 'ci.yml',
      onEvent: (event) => {
        if (event.kind === 'note') notes.push(event.text);
      },
    });
    expect(exitCode).toBe(1);
    expect(jobs.map(({ id }) => id)).toEqual(['app/a']);
    expect(notes).toContain(
      'the job app calls a workflow for each leg of a matrix: its jobs are shown as they end in the last leg',
    );
  });

  test.each(['before', 'after'])('are told apart in text that comes at once, %s the news of them', (order) => {
    const lines: string[] = [];
    const output = createJobOutput<{ id: string; leg: string }>('@', ({ id, leg }, line) => {
      lines.push(`${leg} ${id} ${line}`);
    });
    // In the first leg no program of the step b was started.
    const text = () => output.push('@a {"x":1}\n1\n2@a {"x":2}\n3\n@b {"x":2}\n4');
    const legs = ['{"x":1}', '{"x":2}'];
    if (order === 'before') text();
    for (const leg of legs) {
      for (const id of ['a', 'b']) {
        const step = { id, leg };
        output.started(step);
        output.ended(step);
      }
      if (order === 'before') output.close(leg);
    }
    if (order === 'after') text();
    output.close(legs[1] ?? '');
    expect(lines).toEqual(['{"x":1} a 1', '{"x":1} a 2', '{"x":2} a 3', '{"x":2} b 4']);
  });

  test('are told apart in text that comes in pieces: one that has ended cuts no line of the next', () => {
    const lines: string[] = [];
    const output = createJobOutput<{ id: string; leg: string }>('@', ({ leg }, line) => {
      lines.push(`${leg} ${line}`);
    });
    const [first, second] = [
      { id: 'a', leg: '{"x":1}' },
      { id: 'a', leg: '{"x":2}' },
    ];
    output.started(first);
    output.push('@a {"x":1}\none\n@a {"x');
    output.close(first.leg);
    output.push('":2}\nt');
    output.close(first.leg);
    output.started(second);
    output.push('wo');
    output.close(second.leg);
    expect(lines).toEqual(['{"x":1} one', '{"x":2} two']);
  });
});
