import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../../src/runtime/environment.ts';
import { COMPILE_CACHE } from '../support/compile-cache.ts';
import { sourceStub } from '../support/run-source.ts';
import { inputVariables, parseFileCommands, runProcess, stateVariables } from '../support/step-process.ts';
import { addFiles, workspaceWith } from './workspace.ts';

const nodeFolder = join(process.execPath, '..');

/** A runner with one job: folders, and what its steps leave behind. */
export interface Job {
  readonly root: string;
  readonly workspace: string;
  readonly temp: string;
  readonly home: string;
  /** Runs a step, or its post part. */
  readonly run: (inputs: Readonly<Record<string, string>>, options?: StepOptions) => Promise<StepResult>;
}

export interface StepOptions {
  readonly phase?: 'main' | 'post';
  readonly environment?: Environment;
  /** Sent to the step when this text comes in its log. */
  readonly cancelAt?: RegExp;
}

export interface StepResult {
  readonly exitCode: number | null;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Folders that it added to PATH. */
  readonly path: readonly string[];
  readonly summary: string;
}

/** A job on a runner whose npm is set up for a registry. The stub is laid out as in dist. */
export async function startJob(registry: string, files: Readonly<Record<string, string>>): Promise<Job> {
  const root = await workspaceWith({ 'home/.npmrc': `registry=${registry}/\n`, 'temp/keep': '', state: '' });
  const [workspace, temp, home] = [join(root, 'work'), join(root, 'temp'), join(root, 'home')];
  await mkdir(workspace);
  await addFiles(workspace, files);
  const program = await sourceStub(root, 'setup');
  let count = 0;
  const run: Job['run'] = async (inputs, options = {}) => {
    count += 1;
    const file = (name: string) => join(root, `${count}-${name}`);
    for (const name of ['output', 'path', 'env', 'summary']) await writeFile(file(name), '');
    const environment: Record<string, string> = {
      ...COMPILE_CACHE,
      PATH: `${nodeFolder}:${process.env['PATH'] ?? ''}`,
      HOME: home,
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: temp,
      RUNNER_TOOL_CACHE: join(root, 'tools'),
      GITHUB_OUTPUT: file('output'),
      GITHUB_PATH: file('path'),
      GITHUB_ENV: file('env'),
      GITHUB_STATE: join(root, 'state'),
      GITHUB_STEP_SUMMARY: file('summary'),
      GITHUB_TOKEN: 'ghs_tokenOfTheRunnerThatNobodyMaySee',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'tokenForOidcThatNobodyMaySee',
      npm_config_fetch_retries: '0',
      pnpm_config_fetch_retries: '0',
      ...inputVariables(inputs),
      ...(options.phase === 'post' ? await stateVariables(join(root, 'state')) : {}),
      ...options.environment,
    };
    const { cancelAt } = options;
    const { exitCode, log } = await runProcess({ program, cwd: workspace, env: environment, cancelAt });
    return {
      exitCode,
      log,
      outputs: parseFileCommands(await readFile(file('output'), 'utf8')),
      path: (await readFile(file('path'), 'utf8')).split('\n').filter((line) => line !== ''),
      summary: await readFile(file('summary'), 'utf8'),
    };
  };
  return { root, workspace, temp, home, run };
}
