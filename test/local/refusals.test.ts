import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { git, makeProject, temporaryFolder, workflow, writeTree } from './fixtures.ts';
import { bundleWithProgram, start } from './program.ts';

const JOBS = "  a: {runs-on: '${{ inputs.runs-on }}', steps: [{run: 'true'}]}";
const INPUTS = '    inputs: {runs-on: {type: string, default: ubuntu-latest}}';

const bundle = await bundleWithProgram({
  'w.yml': workflow(JOBS, INPUTS),
  'other.yml': workflow("  a: {runs-on: [self-hosted, macOS], steps: [{run: 'true'}]}"),
});

/** Runs the program with a folder of its own for temporary files, and tells what it left there. */
async function refused(args: readonly string[], env: NodeJS.ProcessEnv = {}, of = bundle) {
  const temporary = temporaryFolder('tmp');
  const ended = await start(['--workflow', 'w.yml', ...args], {
    program: of.program,
    env: { ...of.env, TMPDIR: temporary, ...env },
  });
  const left = readdirSync(temporary).flatMap((name) => readdirSync(join(temporary, name)));
  return { ...ended, left };
}

describe('a run that cannot start says why in one line, with status 2, and leaves nothing', () => {
  const project = makeProject({ 'package.json': '{}', '.gitignore': 'ignored/\n', 'ignored/a.txt': '' });
  git(project, 'tag', 'v1');
  for (const name of ['empty', 'ignored']) mkdirSync(join(project, name), { recursive: true });
  writeFileSync(join(project, 'ignored/a.txt'), '');

  test.each([
    [['--branch', 'a..b'], '--branch "a..b" is no name of a branch, by git\'s rules: '],
    [['--branch', 'x\ny'], '--branch "x y" is no name of a branch, by git\'s rules: '],
    [['--branch', 'HEAD'], '--branch "HEAD" is no name of a branch, by git\'s rules: '],
    [['--branch', 'main/x'], 'git cannot keep the branches and tags of this run beside each other: '],
    [['--event', 'release', '--tag', 'x y'], '--tag "x y" is no name of a tag, by git\'s rules: '],
    [['--tag', 'v1/x'], 'git cannot keep the branches and tags of this run beside each other: '],
    [['--input', 'runs-on=[not json'], "w.yml: Unexpected value '[not json' for input runs-on: what begins with"],
    [['--input', 'runs-on=["a", 1]'], `w.yml: Unexpected value '["a", 1]' for input runs-on: what begins with`],
    [
      ['--input', 'runs-on=windows-latest'],
      "w.yml: Unexpected value 'windows-latest' for input runs-on: Linux runners only",
    ],
    [
      ['--input', 'runs-on=["self-hosted", "macOS"]'],
      "w.yml: Unexpected value 'macOS' for input runs-on: Linux runners only",
    ],
    [['--workflow', 'other.yml'], 'has a job that runs on macOS: a local run is on Linux only'],
  ])('%j', async (args, message) => {
    const { status, stdout, stderr, left } = await refused(['--project', project, ...args]);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect({ status, left, progress: stdout.replaceAll(/^· .*\n/gm, '') }).toEqual({
      status: 2,
      left: [],
      progress: '',
    });
  });

  test.each(['empty', 'ignored'])('a folder of a repository in which git keeps nothing: %s', async (name) => {
    const folder = join(project, name);
    const { status, stdout, stderr, left } = await refused(['--project', folder]);
    expect(stderr).toBe(
      `error: ${folder} has no file that git would keep (it is empty, or everything in it is ignored)\n`,
    );
    expect({ status, stdout, left }).toEqual({ status: 2, stdout: '', left: [] });
  });

  test('a place for temporary files that is not there', async () => {
    const nowhere = join(temporaryFolder('tmp'), 'nowhere');
    const { status, stderr } = await refused(['--project', project], { TMPDIR: nowhere });
    expect(stderr).toBe(
      `error: temporary files cannot be kept in ${nowhere} (ENOENT): set TMPDIR to a folder of yours\n`,
    );
    expect(status).toBe(2);
  });

  test('a bundle in which nothing can be kept', async () => {
    const of = await bundleWithProgram({ 'w.yml': workflow(JOBS, INPUTS) }, { '.tools': 'in the way' });
    const { status, stderr, left } = await refused(['--project', project], {}, of);
    expect(stderr).toBe(
      `error: ${join(of.bundle, '.tools')} cannot be written (EEXIST), and act and caches are kept there: run from a ` +
        'clone of your own\n',
    );
    expect({ status, left }).toEqual({ status: 2, left: [] });
    // What the system refuses elsewhere is told as a line, too.
    const caches = await bundleWithProgram({ 'w.yml': workflow(JOBS, INPUTS) }, { '.tools/cache': 'in the way' });
    const answer = await refused(['--project', project], {}, caches);
    expect(answer.stderr).toMatch(/^error: [A-Z]+: .*\.tools\/cache.*\n$/);
    expect({ status: answer.status, left: answer.left }).toEqual({ status: 2, left: [] });
  });

  test('a caller whose call does not fit, as its author wrote it', async () => {
    const called = await bundleWithProgram({
      'w.yml': workflow("  a: {permissions: {issues: write}, runs-on: x, steps: [{run: 'true'}]}", INPUTS),
    });
    const caller = (uses: string) =>
      `on: push\njobs: {a: {uses: ${uses}, permissions: {contents: read}, with: {runs-on: x}}}\n`;
    const uses = 'acme/pipelines/.github/workflows/w.yml@v9';
    const folder = makeProject({ 'ci.yml': caller(uses) });
    const { stderr } = await refused(['--project', folder, '--caller', 'ci.yml'], {}, called);
    expect(stderr).toBe(
      `error: The workflow is not valid. Error calling workflow '${uses}'. The nested job 'a' is requesting ` +
        "'issues: write', but is only allowed 'issues: none'.\n",
    );
    writeTree(folder, { 'ci.yml': caller(uses).replace('runs-on: x', 'runs-on: "[x"') });
    const labels = await refused(['--project', folder, '--caller', 'ci.yml'], {}, called);
    expect(labels.stderr).toContain(`Error calling workflow '${uses}': Unexpected value '[x' for input runs-on`);
  });
});
