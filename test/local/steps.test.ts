import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  git,
  isRunning,
  makeBundle,
  makeProject,
  runSample,
  temporaryFolder,
  workflow,
  writeTree,
} from './fixtures.ts';

const CHECKOUT = 'actions/checkout@0123456789abcdef0123456789abcdef01234567';

describe('steps', () => {
  test('lose nothing of what they print when they fail, and have no terminal, as GitHub gives none', async () => {
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

  test('attest files where the job may, and say which', async () => {
    const attest = `
    runs-on: ubuntu-latest
    steps:
      - run: 'mkdir dist && echo 1 > dist/a.js && echo 2 > dist/b.js'
      - uses: actions/attest-build-provenance@0123456789abcdef0123456789abcdef01234567
        with: {subject-path: dist/*}
`;
    const bundle = makeBundle({
      'w.yml': workflow(`
  signs:
    permissions: {id-token: write, attestations: write}${attest}
  unsigned:
    permissions: {attestations: write}${attest}
  unkept:
    permissions: {id-token: write}${attest}
`),
    });
    const { jobs } = await runSample(bundle, makeProject());
    const said = Object.fromEntries(jobs.map(({ id, steps }) => [id, steps[1]?.log]));
    expect(said['signs']).toMatch(/^a\.js@sha256:[0-9a-f]{64}\nb\.js@sha256:[0-9a-f]{64}\nAttestation of 2 files/);
    expect(said['unsigned']).toContain('id-token: write');
    expect(said['unkept']).toContain('Resource not accessible by integration');
  });

  test('have their secrets masked, and what they mask, in everything that is shown', async () => {
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

  test('get a clean environment: certificates and proxies pass, tokens of the shell do not', async () => {
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

  test("build with the machine's Docker and builder, without its logins", async () => {
    const home = temporaryFolder('home');
    writeTree(home, {
      '.docker/config.json': '{"auths": {"registry.example": {"auth": "aGlkZGVuLTE="}}}',
      '.docker/cli-plugins/docker-own': '#!/bin/sh\n',
      '.docker/buildx/current': '{}',
    });
    const show = 'env | grep -E "DOCKER|BUILD" | sort; ls -A "$HOME/.docker"; ls "$HOME/.docker/cli-plugins/"';
    const bundle = makeBundle({ 'w.yml': workflow(`  a: {runs-on: ubuntu-latest, steps: [{run: '${show}'}]}`) });
    const { jobs, log } = await runSample(bundle, makeProject(), {
      machine: {
        ...{ PATH: process.env['PATH'], HOME: home, DOCKER_HOST: 'unix:///run/own.sock', DOCKER_BUILDKIT: '1' },
        ...{ BUILDX_BUILDER: 'own', BUILDKIT_HOST: 'unix:///run/buildkit.sock', BUILDKIT_PROGRESS: 'plain' },
        ...{ DOCKER_AUTH_CONFIG: 'hidden-2', DOCKER_PASSWORD: 'hidden-3', DOCKER_CONFIG: join(home, '.docker') },
        BUILDKIT_SECRET: 'hidden-4',
      },
    });
    expect(jobs[0]?.steps[0]?.log.split('\n')).toEqual([
      'BUILDKIT_HOST=unix:///run/buildkit.sock',
      'BUILDKIT_PROGRESS=plain',
      'BUILDX_BUILDER=own',
      `BUILDX_CONFIG=${join(home, '.docker/buildx')}`,
      'DOCKER_BUILDKIT=1',
      'DOCKER_HOST=unix:///run/own.sock',
      'cli-plugins',
      'docker-own',
    ]);
    expect(log).not.toMatch(/hidden-|DOCKER_CONFIG/);
  });

  test('have their groups told apart in their logs, and the one that failed', async () => {
    const lines = [
      '::group::passed lint',
      'fine',
      '::endgroup::',
      'between',
      '::group::tests',
      '::error file=a.ts,line=1::first%0Asecond',
      '::endgroup::',
      '::group::open',
      'inside',
    ];
    const show = lines.map((line) => `echo '${line}'`).join('; ');
    const bundle = makeBundle({
      'w.yml': workflow(`  a: {runs-on: ubuntu-latest, steps: [{run: "${show}; exit 1"}]}`),
    });
    const { jobs } = await runSample(bundle, makeProject());
    const step = jobs[0]?.steps[0];
    const all = step?.log.split('\n') ?? [];
    expect(step?.groups.map(({ from, to, hasFailed }) => [hasFailed, ...all.slice(from, to)])).toEqual([
      [false, 'passed lint', 'fine'],
      [true, 'tests', 'error: first', 'second'],
      [true, 'open', 'inside'],
    ]);
  });

  test('leave nothing running: it is ended, and said', async () => {
    const bundle = makeBundle({
      'w.yml': workflow(
        "  a: {runs-on: ubuntu-latest, steps: [{run: 'setsid sleep 300 >/dev/null 2>&1 & sleep 0.3'}]}",
      ),
    });
    const { orphans } = await runSample(bundle, makeProject());
    expect(orphans.map((orphan) => orphan.replace(/^\d+ /, ''))).toContain('sleep');
    for (const orphan of orphans) expect(isRunning(Number.parseInt(orphan, 10))).toBe(false);
  });

  test('get hostile input values as text', async () => {
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

  test('check the project out by a pinned actions/checkout, at the depth and ref asked for, without network', async () => {
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
