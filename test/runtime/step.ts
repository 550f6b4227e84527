import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { COMPILE_CACHE } from '../support/compile-cache.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { readFileCommands, type Understood, understand } from './runner-model.ts';

/** What a step came to, as the runner sees it. */
export interface Step extends Understood {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  readonly path: string;
  readonly summary: string;
}

export interface RunningStep {
  readonly child: ChildProcess;
  readonly workspace: string;
  readonly finished: Promise<Step>;
}

const FILES = ['OUTPUT', 'ENV', 'STATE', 'PATH', 'STEP_SUMMARY'];

/** Starts the test's action as the runner does, in a folder and with files of its own. */
export async function startStep(
  inputs: Readonly<Record<string, string>>,
  extra: Readonly<Record<string, string>> = {},
): Promise<RunningStep> {
  const folder = await temporaryFolder();
  const workspace = join(folder, 'workspace');
  await mkdir(workspace);
  const fileOf = (name: string) => join(folder, name);
  for (const name of FILES) await writeFile(fileOf(name), '');
  const env = {
    ...COMPILE_CACHE,
    PATH: '/usr/bin:/bin',
    RUNNER_TEMP: folder,
    GITHUB_WORKSPACE: workspace,
    ...Object.fromEntries(FILES.map((name) => [`GITHUB_${name}`, fileOf(name)])),
    ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    ...extra,
  };
  const child = spawn(process.execPath, [join(import.meta.dirname, 'children/action.ts')], { env, stdio: 'pipe' });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    texts.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    texts.stderr += chunk;
  });
  const finished = new Promise<number | null>((resolve) => child.on('close', resolve)).then(async (exitCode) => {
    const [output, variables, state, path, summary] = await Promise.all(
      FILES.map((name) => readFile(fileOf(name), 'utf8')),
    );
    return {
      exitCode,
      ...texts,
      ...understand(texts.stdout),
      outputs: readFileCommands(output ?? ''),
      variables: readFileCommands(variables ?? ''),
      state: readFileCommands(state ?? ''),
      path: path ?? '',
      summary: summary ?? '',
    };
  });
  return { child, workspace, finished };
}

export async function step(
  inputs: Readonly<Record<string, string>>,
  extra: Readonly<Record<string, string>> = {},
): Promise<Step> {
  return (await startStep(inputs, extra)).finished;
}

/** The same step after the job: the runner hands it what it saved. */
export function post(main: Step, inputs: Readonly<Record<string, string>>): Promise<Step> {
  return step(inputs, Object.fromEntries(Object.entries(main.state).map(([name, value]) => [`STATE_${name}`, value])));
}
