import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll } from 'vitest';
import { findOrInstallAct } from '../../src/local/act-install.ts';
import { type RunOptions, type RunResult, runWorkflow } from '../../src/local/run.ts';

/** This repository: its tools/ and .tools/ serve the bundles made here. */
export const REPOSITORY = resolve(import.meta.dirname, '../..');

const folders: string[] = [];

/** A folder that is removed when the test file has ended. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `local-test-${name}-`));
  folders.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

export type Files = Readonly<Record<string, string>>;

export function writeTree(folder: string, files: Files): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

export function git(folder: string, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost', '-c', 'commit.gpgSign=false'];
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8', stdio: 'pipe' }).trim();
}

/** A repository with one commit of the files, on `main`. */
export function makeProject(files: Files = { 'package.json': '{"name":"sample"}\n' }): string {
  const folder = writeTree(temporaryFolder('project'), files);
  git(folder, 'init', '--quiet', '--initial-branch=main');
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'first');
  return folder;
}

/** Says what the job is given, and calls the API with its token as the input `request` asks (`POST /path body`). */
const PROBE = `import { appendFileSync } from 'node:fs';
const { env } = process;
for (const line of (env.INPUT_PRINT ?? '').split('\\n')) if (line !== '') console.log(line);
for (const name of (env.INPUT_SHOW ?? '').split(/\\s+/)) if (name !== '') console.log(name + '=' + (env[name] ?? '(unset)'));
if (env.INPUT_REQUEST) {
  const [method, path, ...body] = env.INPUT_REQUEST.split(' ');
  const answer = await fetch(env.GITHUB_API_URL + path.replace('{repo}', env.GITHUB_REPOSITORY), {
    method,
    headers: { authorization: 'Bearer ' + env['INPUT_GITHUB-TOKEN'] },
    ...(body.length > 0 ? { body: body.join(' ') } : {}),
  });
  const text = await answer.text();
  console.log('answer ' + answer.status + ' ' + text.slice(0, 200));
  appendFileSync(env.GITHUB_OUTPUT, 'status=' + answer.status + '\\n');
}
if (env.INPUT_SAY !== undefined) {
  const end = 'END_OF_' + Math.random();
  appendFileSync(env.GITHUB_OUTPUT, 'said<<' + end + '\\n' + env.INPUT_SAY + '\\n' + end + '\\n');
}
if (env.INPUT_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, env.INPUT_SUMMARY);
`;

/** A bundle with the given workflows and one action, \`probe\`. */
export function makeBundle(workflows: Files, more: Files = {}): string {
  const inputs = { print: '', show: '', request: '', say: '', summary: '', 'github-token': '${{ github.token }}' };
  const declared = Object.entries(inputs).map(([name, value]) => [name, { description: name, default: value }]);
  const action = {
    name: 'probe',
    description: 'says what the job is given',
    inputs: Object.fromEntries(declared),
    outputs: { said: { description: 'said' }, status: { description: 'status' } },
    runs: { using: 'node24', main: '../../dist/probe.js' },
  };
  const folder = temporaryFolder('bundle');
  const named = Object.entries(workflows).map(([name, text]) => [`.github/workflows/${name}`, text]);
  return writeTree(folder, {
    'actions/probe/action.yml': JSON.stringify(action),
    'dist/probe.js': PROBE,
    'dist/package.json': '{"type":"module"}',
    ...Object.fromEntries(named),
    ...more,
  });
}

/** A workflow that can be called, with jobs given as YAML. */
export function workflow(jobs: string, call = ''): string {
  const body = jobs.replace(/^\n/, '');
  return `name: sample\non:\n  workflow_call:\n${call.replace(/^\n/, '')}\npermissions: {}\njobs:\n${body}`;
}

let act: Promise<string> | undefined;

/** Runs `w.yml` of a bundle. Runs of one test file share a temporary root, and so the path of a run. */
export function runSample(bundle: string, project: string, more: Partial<RunOptions> = {}): Promise<RunResult> {
  act ??= findOrInstallAct({ bundle: REPOSITORY, machine: process.env, onProgress: () => undefined });
  return act.then((program) =>
    runWorkflow({ bundle, project, workflow: 'w.yml', act: program, tempFolder: root(), ...more }),
  );
}

let shared: string | undefined;
function root(): string {
  shared ??= temporaryFolder('root');
  return shared;
}

/** A bundle folder that holds this repository's pins of act, to install it from. */
export function copyPins(): string {
  const folder = temporaryFolder('install');
  cpSync(join(REPOSITORY, 'tools/act'), join(folder, 'tools/act'), { recursive: true });
  return folder;
}

/** True while the process lives; one that has ended and waits to be collected does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
}
