import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { git, isRunning, makeBundle, makeProject, runSample, workflow } from './fixtures.ts';

const CHECKOUT = 'actions/checkout@0123456789abcdef0123456789abcdef01234567';

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

  test('loses nothing of what a failing step prints, and gives steps no terminal, as GitHub gives none', async () => {
    const bundle = makeBundle(
      {
        'w.yml': workflow(`
  shell:
    runs-on: ubuntu-latest
    steps: [{run: 'test -t 0 -o -t 1 -o -t 2 && echo a terminal; seq 1 20000; printf end; exit 1'}]
  action:
    runs-on: ubuntu-latest
    steps: [{uses: $/actions/probe}, {if: always(), run: 'echo "\${{ hashFiles(''**/nothing'') }}next"'}]
`),
      },
      {
        'dist/probe.js': `
console.log([0, 1, 2].some((number) => process.stdout.isTTY || require('node:tty').isatty(number)) ? 'a terminal' : '');
for (let number = 1; number <= 20000; number++) console.log(number);
console.error('end');
process.exit(1);
`,
        'dist/package.json': '{"type":"commonjs"}',
      },
    );
    const { jobs } = await runSample(bundle, makeProject());
    const numbers = Array.from({ length: 20_000 }, (_, index) => String(index + 1));
    const byId = Object.fromEntries(jobs.map(({ id, steps }) => [id, steps.map(({ log }) => log.split('\n'))]));
    expect(byId['shell']?.[0]).toEqual([...numbers, 'end']);
    expect(byId['action']?.[0]).toEqual(['', ...numbers, 'end']);
    expect(byId['action']?.[1]).toEqual(['next']);
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

  test('masks secrets and what steps mask, in everything that is shown', async () => {
    const bundle = makeBundle({
      'w.yml': workflow(
        `
  leak:
    runs-on: ubuntu-latest
    steps:
      - uses: $/actions/probe
        with:
          print: "::add-mask::made::up\\nsecret \${{ secrets.npm-token }} made::up \${{ github.token }}"
          summary: "\${{ secrets.npm-token }} made::up"
      - run: "echo '::error::\${{ secrets.npm-token }}'"
`,
        '    secrets: {npm-token: {required: false}}',
      ),
    });
    const shown: string[] = [];
    const result = await runSample(bundle, makeProject(), {
      secrets: { 'npm-token': 'very-secret-value' },
      onEvent: (event) => shown.push(JSON.stringify(event)),
    });
    expect(result.jobs[0]?.steps[0]?.log).toBe('secret *** *** ***');
    expect(result.summaries[0]?.markdown).toBe('*** ***');
    expect(result.annotations[0]?.message).toBe('***');
    expect(shown.join('\n')).not.toMatch(/very-secret-value|made::up|ghs_/);
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

  test('gives jobs a clean environment: certificates and proxies pass, tokens of the shell do not', async () => {
    const bundle = makeBundle({ 'w.yml': workflow('  a: {runs-on: ubuntu-latest, steps: [{run: env}]}') });
    const { log } = await runSample(bundle, makeProject(), {
      machine: {
        PATH: `/opt/x/node_modules/.bin:${process.env['PATH']}`,
        HOME: process.env['HOME'],
        NODE_EXTRA_CA_CERTS: '/etc/own.pem',
        HTTPS_PROXY: 'http://127.0.0.1:9',
        npm_config_registry: 'https://packages.example/',
        'npm_config_//packages.example/:_authToken': 'hidden-1',
        GITHUB_TOKEN: 'hidden-2',
        AWS_SECRET_ACCESS_KEY: 'hidden-3',
        NODE_OPTIONS: '--hidden-4',
      },
    });
    expect(log).toContain('NODE_EXTRA_CA_CERTS=/etc/own.pem');
    expect(log).toContain('npm_config_registry=https://packages.example/');
    expect(log).toMatch(/NO_PROXY=.*127\.0\.0\.1/);
    expect(log).not.toMatch(/hidden-|node_modules\/\.bin/);
    expect(log).not.toContain(`HOME=${process.env['HOME']}\n`);
    // What only actions get on GitHub is not in a step that runs a command.
    expect(log).not.toMatch(/ACTIONS_RUNTIME_TOKEN|ACTIONS_RESULTS_URL/);
  });

  test('ends what steps leave running, and says so', async () => {
    const bundle = makeBundle({
      'w.yml': workflow(
        "  a: {runs-on: ubuntu-latest, steps: [{run: 'setsid sleep 300 >/dev/null 2>&1 & sleep 0.3'}]}",
      ),
    });
    const { orphans } = await runSample(bundle, makeProject());
    expect(orphans.map((orphan) => orphan.replace(/^\d+ /, ''))).toContain('sleep');
    for (const orphan of orphans) expect(isRunning(Number.parseInt(orphan, 10))).toBe(false);
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

  test('takes hostile input values as text', async () => {
    const bundle = makeBundle({
      'w.yml': workflow(
        '  a: {runs-on: ubuntu-latest, steps: [{id: s, uses: $/actions/probe, with: {say: "${{ inputs.text }}"}}], outputs: {said: "${{ steps.s.outputs.said }}"}}',
        '    inputs: {text: {type: string}}\n    outputs: {said: {value: "${{ jobs.a.outputs.said }}"}}',
      ),
    });
    const hostile = [
      'a\n::set-output name=said::x\n$(touch owned) `id` %0A "quotes" \'single\' {{ }} }} ${{ secrets.x }}',
      '\u0085\u2028\ufeff\u007f\u0001 &anchor *alias !!binary |\n  - x: [',
      'x'.repeat(100_000),
    ];
    for (const text of hostile) {
      const result = await runSample(bundle, makeProject(), { inputs: { text } });
      expect(result.conclusion).toBe('success');
      expect(result.outputs['said']).toBe(text);
    }
  });

  test('checks the project out by a pinned actions/checkout, at the depth and ref asked for, without network', async () => {
    const bundle = makeBundle({
      'w.yml': workflow(`
  a:
    runs-on: ubuntu-latest
    steps:
      - {uses: ${CHECKOUT}, with: {persist-credentials: false, fetch-depth: 2}}
      - {run: 'git rev-list --count HEAD; git status --porcelain; ls -1A; git config --get remote.origin.url'}
      - {uses: ${CHECKOUT}, with: {path: other, ref: v0, fetch-depth: 0}}
      - {run: 'cat other/a.txt; git -C other config --get-regexp extraheader | cut -d: -f1'}
`),
    });
    const project = makeProject({ 'a.txt': 'old\n', '.gitignore': 'ignored\n' });
    git(project, 'tag', 'v0');
    writeFileSync(join(project, 'a.txt'), 'new\n');
    git(project, 'commit', '--quiet', '--all', '--message', 'second');
    for (const name of ['untracked', 'ignored']) writeFileSync(join(project, name), '');
    const { jobs } = await runSample(bundle, project, { repository: 'acme/api' });
    const logs = jobs[0]?.steps.map(({ log }) => log.split('\n'));
    expect(logs?.[1]).toEqual(['2', '.git', '.gitignore', 'a.txt', 'untracked', 'https://github.com/acme/api']);
    expect(logs?.[3]).toEqual(['old', 'http.https']);
  });
});
