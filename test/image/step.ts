import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type BuildKit, startBuildKit } from '../support/buildkit.ts';
import { COMPILE_CACHE } from '../support/compile-cache.ts';
import { commitAll } from '../support/project.ts';
import { machine } from '../support/run-dist.ts';
import { sourceStub } from '../support/run-source.ts';
import { inputVariables, parseFileCommands, runProcess } from '../support/step-process.ts';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';

/** Gives the tests of a file BuildKit and a registry. */
export function useBuildKit(): () => BuildKit {
  let buildkit: BuildKit | undefined;
  beforeAll(async () => {
    buildkit = await startBuildKit();
  });
  afterAll(() => buildkit?.stop());
  return () => {
    if (buildkit === undefined) throw new Error('BuildKit is there in tests only');
    return buildkit;
  };
}

export interface Step {
  readonly exitCode: number | null;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly state: Readonly<Record<string, string>>;
}

export interface StepOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Sends SIGINT, as the runner does on cancel, as soon as this comes in its log. */
  readonly cancelAt?: RegExp;
  /** The same, as soon as this is in what it keeps for the part after the job. */
  readonly cancelAtState?: RegExp;
  /** Milliseconds between that and the signal. */
  readonly delay?: number;
  /** State of the main part: starts the part after the job. */
  readonly state?: Readonly<Record<string, string>>;
}

/** A checked-out project on a runner. */
export interface Job {
  readonly workspace: string;
  /** RUNNER_TEMP. */
  readonly temp: string;
  readonly step: (options?: StepOptions) => Promise<Step>;
}

/** A job whose project has these files, committed. */
export async function jobWith(
  buildkit: Pick<BuildKit, 'environment'>,
  files: Readonly<Record<string, string>>,
): Promise<Job> {
  const root = await temporaryFolder();
  const workspace = join(root, 'work');
  await mkdir(workspace);
  await writeFiles(workspace, files);
  commitAll(workspace);
  return await jobIn(root, workspace, buildkit);
}

/** The same project, checked out elsewhere. */
export async function copyOf(job: Job, buildkit: Pick<BuildKit, 'environment'>): Promise<Job> {
  const root = await temporaryFolder();
  const workspace = join(root, 'another', 'place');
  await mkdir(workspace, { recursive: true });
  await cp(join(job.workspace, '.git'), join(workspace, '.git'), { recursive: true });
  const { execFileSync } = await import('node:child_process');
  execFileSync('git', ['-C', workspace, 'checkout', '-q', '--', '.']);
  return await jobIn(root, workspace, buildkit);
}

async function jobIn(root: string, workspace: string, buildkit: Pick<BuildKit, 'environment'>): Promise<Job> {
  const temp = join(root, 'temp');
  await mkdir(temp);
  const program = await sourceStub(root, 'image');
  let count = 0;
  const step: Job['step'] = async (options = {}) => {
    const { inputs = {}, environment = {}, cancelAt, cancelAtState, delay = 0, state = {} } = options;
    count += 1;
    const file = (name: string) => join(root, `${count}-${name}`);
    for (const name of ['output', 'state', 'env', 'path', 'summary']) await writeFile(file(name), '');
    const given: Record<string, string | undefined> = {
      ...machine(),
      HOME: join(root, 'home'),
      GITHUB_WORKSPACE: workspace,
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_EVENT_NAME: 'push',
      GITHUB_TOKEN: 'ghs_tokenOfTheRunnerThatNobodyMaySee',
      RUNNER_TEMP: temp,
      GITHUB_OUTPUT: file('output'),
      GITHUB_STATE: file('state'),
      GITHUB_ENV: file('env'),
      GITHUB_PATH: file('path'),
      GITHUB_STEP_SUMMARY: file('summary'),
      ...COMPILE_CACHE,
      ...buildkit.environment,
      ...environment,
      ...inputVariables(inputs),
      ...Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value])),
    };
    const env = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const kept = new AbortController();
    const look = setInterval(async () => {
      if (cancelAtState?.test(await readFile(file('state'), 'utf8')) === true) kept.abort();
    }, 20);
    const cancelOn = kept.signal;
    const { exitCode, log } = await runProcess({ program, cwd: workspace, env, cancelAt, cancelOn, delay });
    clearInterval(look);
    return {
      exitCode,
      log,
      outputs: parseFileCommands(await readFile(file('output'), 'utf8')),
      state: parseFileCommands(await readFile(file('state'), 'utf8')),
      summary: await readFile(file('summary'), 'utf8'),
    };
  };
  return { workspace, temp, step };
}
