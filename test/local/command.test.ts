import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseFlags } from '../../src/local/flags.ts';
import { isRunning, makeProject, temporaryFolder, workflow, writeTree } from './fixtures.ts';
import { bundleWithProgram, start } from './program.ts';

describe('the command line', () => {
  test('explains every flag', async () => {
    const { status, stdout } = await start(['--help']);
    expect(status).toBe(0);
    for (const flag of [
      'project',
      'workflow',
      'event',
      'input',
      'secret',
      'var',
      'fork',
      'json',
      'keep',
      'base',
      'fresh',
    ]) {
      expect(stdout).toContain(`--${flag}`);
    }
    expect(stdout).toContain('node-service.yml');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(130);
  });

  const folder = temporaryFolder('plain');
  const parse = (args: readonly string[]) => parseFlags(args, { NPM_TOKEN: 'from the environment' }, folder);

  test.each([
    [['--projct', '.'], 'there is no flag --projct (did you mean "--project"?): see --help'],
    [['-x'], 'there is no flag -x: see --help'],
    [['--workflow'], '--workflow needs a value: --workflow FILE'],
    [['--project', '--verbose'], '--project needs a value: --project DIR'],
    [['--json=yes'], '--json takes no value'],
    [['somewhere'], 'unexpected argument "somewhere": see --help'],
    [['--event', 'pull-request'], 'there is no event "pull-request" (did you mean "pull_request"?): there are push,'],
    [['--project', ''], '--project needs a value: --project DIR'],
    [['--secret='], '--secret needs a value: --secret NAME'],
    [['--fork'], '--fork does not belong to --event push: it belongs to pull_request'],
    [
      ['--event=schedule', '--branch=x'],
      '--branch does not belong to --event schedule: it belongs to push, pull_request',
    ],
    [
      ['--event=pull_request', '--tag=v1'],
      '--tag does not belong to --event pull_request: it belongs to push, release',
    ],
    [['--event=release', '--base=x'], '--base does not belong to --event release: it belongs to push, pull_request'],
    [
      ['--action', 'merged'],
      '--action "merged" does not belong to --event push, which has none; there are pull_request: opened (default)',
    ],
    [
      ['--event=pull_request', '--action=merged'],
      '--action "merged" is none of pull_request (did you mean "closed"?): there are opened, synchronize, reopened, closed',
    ],
    [['--event=release', '--action=publishd'], '--action "publishd" is none of release (did you mean "published"?)'],
    [['--event=pull_request', '--fork', '--dependabot'], '--fork and --dependabot exclude each other'],
    [['--input', 'gate'], '--input "gate" is no KEY=VALUE'],
    [['--input', 'gate=@gate.yml'], 'gate.yml cannot be read: ENOENT'],
    [['--event-file', 'event.json'], 'event.json cannot be read: ENOENT'],
    [
      ['--secret', 'npm-token=abc'],
      "a secret's value never stands on a command line: set NPM_TOKEN in the environment",
    ],
    [['--secret', 'database-url'], '--secret database-url: the environment has no DATABASE_URL'],
  ])('refuses %j', (args, message) => {
    expect(() => parse(args)).toThrow(new RegExp(`^${message.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}`));
  });

  test('reads values, files and secrets', () => {
    writeTree(folder, { 'gate.yml': 'tasks:\n  e2e: off\n', 'event.json': '{"number": 7}' });
    const args = ['--input', 'gate=@gate.yml', '--input=text=@@at = =', '--var', 'A=1', '--secret', 'npm-token', '-v'];
    expect(parse([...args, '--event', 'pull_request', '--fork', '--event-file', 'event.json'])).toMatchObject({
      inputs: { gate: 'tasks:\n  e2e: off\n', text: '@at = =' },
      variables: { A: '1' },
      secrets: { 'npm-token': 'from the environment' },
      isVerbose: true,
      event: { name: 'pull_request', from: 'fork', payload: { number: 7 } },
    });
  });

  test.each([
    [['--verbos'], 'there is no flag --verbos (did you mean "--verbose"?)'],
    [['--input', 'gaet=off'], 'Invalid input, gaet is not defined in the referenced workflow (did you mean "gate"?)'],
    [['--workflow', 'node-servce.yml'], 'there is no workflow "node-servce.yml" (did you mean "node-service.yml"?)'],
    [['--project', folder], 'is in no git work tree'],
    [['--project', join(folder, 'nowhere')], 'nowhere is not a folder'],
  ])('says in one line what is wrong with %j, and ends with status 2', async (args, message) => {
    const { status, stdout, stderr } = await start(args);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });
});

describe('the program', () => {
  const jobs = `
  check:
    name: Check
    runs-on: ubuntu-latest
    steps:
      - {name: Green step, run: 'echo from green'}
      - name: Red step
        run: 'echo "::error file=src/a.test.ts,line=12::expected 1 to be 2"; echo the log; exit \${{ inputs.status }}'
  report:
    needs: check
    if: always()
    runs-on: ubuntu-latest
    steps:
      - {uses: $/actions/probe, with: {summary: "| check | result |\\n| --- | ---: |\\n| tests | \${{ needs.check.result }} |"}}
  skipped: {if: false, runs-on: ubuntu-latest, steps: [{run: 'true'}]}
`;
  const text = workflow(jobs, '    inputs: {status: {type: number, default: 0}}');

  test('shows steps as they go, what failed with file and line, and the table; its status is the pipeline', async () => {
    const { program, env } = await bundleWithProgram({ 'w.yml': text });
    const args = ['--project', makeProject(), '--workflow', 'w.yml'];
    const green = await start(args, { program, env });
    expect(green.stderr).toBe('');
    expect(green.status).toBe(0);
    expect(green.stdout).toMatch(
      /^Check\n {2}✓ Green step +\d+\.\d s\n {4}error {2}src\/a\.test\.ts:12 {2}expected 1 to be 2\n {2}✓ Red step/m,
    );
    expect(green.stdout).toContain(
      '┌───────┬─────────┐\n│ check │  result │\n├───────┼─────────┤\n│ tests │ success │\n└───────┴─────────┘',
    );
    expect(green.stdout).toMatch(/\n\n✓ w\.yml on .* passed in \d+\.\d s\n$/);
    expect(green.stdout).not.toMatch(/\u001b|from green/);

    const red = await start([...args, '--input', 'status=3'], { program, env });
    expect(red.status).toBe(1);
    expect(red.stdout).toMatch(/✗ Red step.*\n {4}│ error: expected 1 to be 2\n {4}│ the log\n/);
    expect(red.stdout).toMatch(/✗ w\.yml on .* failed in/);
  });

  test('prints everything with --verbose, and lines of JSON with --json', async () => {
    const { program, env } = await bundleWithProgram({ 'w.yml': text });
    const args = ['--project', makeProject(), '--workflow', 'w.yml'];
    expect((await start([...args, '--verbose'], { program, env })).stdout).toContain('    from green\n');
    const { stdout } = await start([...args, '--json'], { program, env });
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.at(-1)).toMatchObject({
      kind: 'end',
      end: {
        exitCode: 0,
        jobs: [{ id: 'check', conclusion: 'success' }, { id: 'report' }, { id: 'skipped', conclusion: 'skipped' }],
      },
    });
  });

  test('ends everything on Ctrl-C: status 130, no process and no temporary folder left', async () => {
    const { program, env } = await bundleWithProgram({
      'w.yml': workflow("  slow: {runs-on: ubuntu-latest, steps: [{run: 'sleep 300 & echo pid $!; sleep 300'}]}"),
    });
    let child = 0;
    const { status, stderr } = await start(['--project', makeProject(), '--workflow', 'w.yml', '--verbose'], {
      ...{ program, env },
      onOutput: (output, pid) => {
        const found = /pid (\d+)/.exec(output)?.[1];
        if (found === undefined) return;
        child = Number(found);
        process.kill(pid, 'SIGINT');
      },
    });
    expect(status).toBe(130);
    expect(stderr).toContain('Cancelling');
    expect(child).toBeGreaterThan(0);
    expect(isRunning(child)).toBe(false);
    const places = readdirSync(String(env['TMPDIR'])).flatMap((name) => readdirSync(join(String(env['TMPDIR']), name)));
    expect(places).toEqual([]);
  });

  test('ends at once on a second Ctrl-C, also what cleans up', async () => {
    const { program, env } = await bundleWithProgram({
      'w.yml': workflow(
        "  slow: {runs-on: ubuntu-latest, steps: [{run: 'echo begun; sleep 300'}, {if: always(), run: 'echo cleaning $$; sleep 300'}]}",
      ),
    });
    let cleaner = 0;
    const { status } = await start(['--project', makeProject(), '--workflow', 'w.yml', '--verbose'], {
      ...{ program, env },
      onOutput: (output, pid) => {
        cleaner ||= Number(/cleaning (\d+)/.exec(output)?.[1] ?? 0);
        if (/^ +begun$/m.test(output) || cleaner > 0) process.kill(pid, 'SIGINT');
      },
    });
    expect(status).toBe(130);
    expect(cleaner).toBeGreaterThan(0);
    expect(isRunning(cleaner)).toBe(false);
  });

  test('shows of a failed step the groups that failed, and a line for each other one', async () => {
    const print = [
      '::group::passed lint (1 s)',
      'l1',
      'l2',
      '::endgroup::',
      '::group::failed test (2 s)',
      't1',
      '::endgroup::',
    ];
    const run = `${print.map((line) => `echo "${line}"`).join('; ')}; exit 1`;
    const { program, env } = await bundleWithProgram({
      'w.yml': workflow(`  a: {runs-on: ubuntu-latest, steps: [{name: Gate, run: '${run}'}]}`),
    });
    const { stdout } = await start(['--project', makeProject(), '--workflow', 'w.yml'], { program, env });
    expect(stdout).toMatch(
      /✗ Gate .*\n {4}│ ▸ passed lint \(1 s\) \(2 lines\)\n {4}│ failed test \(2 s\)\n {4}│ t1\n\n/,
    );
  });

  test('knows the runs before, and forgets them with --fresh', async () => {
    const { program, env } = await bundleWithProgram({
      'w.yml': workflow("  a: {runs-on: ubuntu-latest, steps: [{run: 'echo run $GITHUB_RUN_NUMBER'}]}"),
    });
    const args = ['--project', makeProject(), '--workflow', 'w.yml', '--verbose'];
    const number = async (...more: string[]) =>
      /run (\d+)/.exec((await start([...args, ...more], { program, env })).stdout.replace(/run \$/g, ''))?.[1];
    expect([await number(), await number(), await number('--fresh'), await number()]).toEqual(['1', '2', '1', '2']);
  });

  test('keeps the temporary folder when asked, and says where', async () => {
    const { program, env } = await bundleWithProgram({ 'w.yml': text });
    const { stderr } = await start(['--project', makeProject(), '--workflow', 'w.yml', '--keep'], { program, env });
    const kept = /^kept: (.+)$/m.exec(stderr)?.[1] ?? '';
    expect(existsSync(join(kept, 'workflows'))).toBe(true);
  });
});
