import { execFile } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Files, git, isRunning, makeProject, REPOSITORY, workflow, writeTree } from './fixtures.ts';
import { bundleWithProgram, start } from './program.ts';

/** Says in its summary what the report says at its end. */
const FOOTER = `
  a:
    runs-on: ubuntu-latest
    steps:
      - name: Footer
        run: |
          page="https://github.com/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID"
          sha=$(echo $GITHUB_SHA | cut -c1-7)
          echo "<sub>npm@\u200b11 · commit <code>$sha</code> · [run 1]($page)</sub>" >>$GITHUB_STEP_SUMMARY
`;

describe('a run says', () => {
  const footer = bundleWithProgram({ 'w.yml': workflow(FOOTER) });
  const told = async (project: string, ...args: readonly string[]) => {
    const { program, env } = await footer;
    const { stdout, stderr } = await start(['--workflow', 'w.yml', '--project', project, ...args], { program, env });
    expect(stderr).toBe('');
    return stdout;
  };

  test('which Node it runs on, and that uncommitted files are part of it', async () => {
    const project = makeProject();
    const node = `· Node ${process.versions.node} runs this (${process.execPath})\n`;
    expect(await told(project)).toMatch(`${node}\na\n`);
    writeTree(project, { 'new.txt': '' });
    expect(await told(project)).toMatch(
      `· uncommitted and untracked files are part of this run, ignored ones are not\n${node}\na\n`,
    );
  });

  test('which commit it ran on in words of the project, and no address of a page that is not there', async () => {
    const project = makeProject();
    const last = git(project, 'rev-parse', '--short=7', 'HEAD');
    expect(await told(project)).toContain(`\nnpm@11 · commit ${last} · run 1\n`);
    writeTree(project, { 'new.txt': '' });
    expect(await told(project)).toContain(`\nnpm@11 · commit ${last} with uncommitted changes · run 1\n`);
    const pull = await told(project, '--event', 'pull_request');
    expect(pull).toContain(`\nnpm@11 · commit merge of ${last} with uncommitted changes · run 1\n`);
    expect(pull).not.toContain('https://');
  });

  test('which tag a release is assumed to be of', async () => {
    const note = '· no --tag: the release is of v1.0.0\n';
    const project = makeProject();
    expect(await told(project, '--event', 'release')).toContain(note);
    expect(await told(project, '--event', 'release', '--tag', 'v2')).not.toContain(note);
  });

  test('of a package of a workspace how it runs with it, and of another folder that it runs alone', async () => {
    const project = makeProject({
      'package.json': '{}',
      'ws/packages/web/package.json': '{}',
      'ws/packages/own/package.json': '{}',
      'ws/packages/own/package-lock.json': '{}',
      'alone/package.json': '{}',
      'ws/pnpm-lock.yaml': '',
    });
    const web = join(project, 'ws/packages/web');
    expect(await told(web)).toContain(
      `· ${web} belongs to the workspace ${join(project, 'ws')} and runs without it here; to run it as a part of that: ` +
        `--project ${join(project, 'ws')} --input working-directory=packages/web\n`,
    );
    for (const folder of ['alone', 'ws/packages/own', 'ws']) {
      const alone = join(project, folder);
      expect(await told(alone)).toContain(
        `· ${alone} is a folder of a larger repository: it runs as a repository of its own\n`,
      );
    }
  });

  test('which job waited in vain for another, and nothing of one whose condition did not hold', async () => {
    const { program, env } = await bundleWithProgram({
      'w.yml': workflow(`
  check: {name: The check, runs-on: ubuntu-latest, steps: [{run: exit 1}]}
  ordinary: {if: false, runs-on: ubuntu-latest, steps: [{run: 'true'}]}
  stage: {needs: check, uses: $/.github/workflows/inner.yml}
  promote: {needs: [ordinary, stage], runs-on: ubuntu-latest, steps: [{run: 'true'}]}
`),
      'inner.yml': workflow("  deploy: {runs-on: ubuntu-latest, steps: [{run: 'true'}]}"),
    });
    const { stdout } = await start(['--workflow', 'w.yml', '--project', makeProject()], { program, env });
    expect(stdout.match(/^skipped.*$/gm)).toEqual([
      'skipped: deploy, which needs The check',
      'skipped: promote, which needs The check',
    ]);
  });
});

test('a run whose reader goes away ends quietly: its steps are ended, nothing is left', async () => {
  const { program, env } = await bundleWithProgram({
    'w.yml': workflow(
      "  a: {runs-on: ubuntu-latest, steps: [{run: 'echo pid $$; for i in $(seq 600); do echo $i; sleep 0.1; done'}]}",
    ),
  });
  const command = [process.execPath, program, '--workflow', 'w.yml', '--project', makeProject(), '--verbose'];
  const ended = await new Promise<{ stdout: string; stderr: string }>((resolve, reject) => {
    const script = '"$@" | head -6; echo "status ${PIPESTATUS[0]}"';
    execFile(
      'bash',
      ['-c', script, 'bash', ...command],
      { env: { ...process.env, ...env } },
      (error, stdout, stderr) => (error === null ? resolve({ stdout, stderr }) : reject(error)),
    );
  });
  const step = Number(/^ +pid (\d+)$/m.exec(ended.stdout)?.[1]);
  expect(step).toBeGreaterThan(0);
  expect(isRunning(step)).toBe(false);
  expect(ended.stdout).toMatch(/\nstatus 130\n$/);
  expect(ended.stderr).toBe('');
  const temporary = String(env['TMPDIR']);
  expect(readdirSync(temporary).flatMap((name) => readdirSync(join(temporary, name)))).toEqual([]);
});

describe('the help', () => {
  test('has only examples that work', async () => {
    const example = join(REPOSITORY, 'examples/node-service');
    // The scripts of the example by name; what they do is another test's business.
    const { scripts } = JSON.parse(readFileSync(join(example, 'package.json'), 'utf8'));
    const manifest = { name: 'sample', version: '1.0.0', private: true };
    const files: Files = {
      'package.json': JSON.stringify({
        ...manifest,
        scripts: Object.fromEntries(Object.keys(scripts).map((name) => [name, 'node -e 0'])),
      }),
      'package-lock.json': JSON.stringify({ ...manifest, lockfileVersion: 3, packages: { '': manifest } }),
    };
    const { bundle, env } = await bundleWithProgram({});
    const own = readFileSync(join(bundle, 'dist/local.js'));
    for (const name of ['dist', 'actions', '.github', 'package.json']) {
      cpSync(join(REPOSITORY, name), join(bundle, name), { recursive: true });
    }
    writeTree(bundle, { ...prefixed('examples/node-service/', files), 'dist/local.js': own.toString() });
    git(bundle, 'init', '--quiet', '--initial-branch=main');
    const { stdout: help } = await start(['--help']);
    const examples = [...help.matchAll(/^(npm start.*?)(?: {2,}|$)/gm)].map((line) => line[1] ?? '');
    expect(examples.length).toBeGreaterThan(3);
    const path = (process.env['PATH'] ?? '').split(':').filter((place) => !place.includes('node_modules'));
    for (const line of examples) {
      const text = line.replaceAll('DIR', makeProject(files));
      const PATH = [String(env['PATH']).split(':')[0], dirname(process.execPath), ...path].join(':');
      const { status, output } = await shell(text, bundle, { ...process.env, ...env, PATH, INIT_CWD: undefined });
      expect(status, `${line}\n${output}`).toBe(0);
    }
  }, 300_000);
});

function prefixed(prefix: string, files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${prefix}${path}`, text]));
}

function shell(line: string, cwd: string, env: NodeJS.ProcessEnv): Promise<{ status: number; output: string }> {
  return new Promise((resolve) => {
    execFile('sh', ['-ec', line], { cwd, env }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : 1, output: `${stdout}${stderr}` });
    });
  });
}
