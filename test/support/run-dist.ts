import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../tools/install/root.ts';
import { COMPILE_CACHE } from './compile-cache.ts';
import { inputVariables, parseFileCommands, runProcess, type StepProcess } from './step-process.ts';

export interface StepOptions {
  /** Name of the action. */
  readonly action: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Checked-out repository. */
  readonly workspace: string;
  /** A folder for the runner's own files. */
  readonly temp: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Sends SIGINT, as the runner does on cancel, as soon as the output matches. */
  readonly cancelWhen?: RegExp;
  /** State of an earlier part, for `post`. */
  readonly state?: Readonly<Record<string, string>>;
  /** Program that runs the action; Node 24 of the tests when left out. */
  readonly node?: string;
}

export interface StepOutcome {
  readonly exitCode: number | null;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** The file of the outputs, as the step wrote it. */
  readonly written: string;
  readonly summary: string;
  readonly state: Readonly<Record<string, string>>;
  /** Folders put before PATH. */
  readonly paths: readonly string[];
}

/**
 * Runs an action of the built bundle the way the runner starts it: `node dist/<action>.js` with inputs and the runner's
 * files in the environment, nothing else of this process's environment but what programs need to work.
 */
export function runStep({ action, node, environment, ...options }: StepOptions): Promise<StepOutcome> {
  return runAs(
    { program: join(root, 'dist', `${action}.js`), node },
    {
      ...options,
      environment: { CI: 'true', RUNNER_TOOL_CACHE: join(options.temp, 'tool-cache'), ...environment },
    },
  );
}

/** Runs a program as the step of an action. */
export async function runAs(
  program: Pick<StepProcess, 'program' | 'args' | 'node'>,
  { workspace, temp, inputs = {}, environment = {}, cancelWhen, state = {} }: Omit<StepOptions, 'action' | 'node'>,
): Promise<StepOutcome> {
  const files = await runnerFiles(temp);
  const { exitCode, log } = await runProcess({
    ...program,
    cwd: workspace,
    cancelAt: cancelWhen,
    env: {
      ...machine(),
      ...COMPILE_CACHE,
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: join(temp, 'runner-temp'),
      ...files.environment,
      ...environment,
      ...inputVariables(inputs),
      ...Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value])),
    },
  });
  return { exitCode, log, ...(await files.read()) };
}

/** What of this machine's environment a program needs: where programs are, certificates, proxies, registries. */
export function machine(): Record<string, string> {
  const wanted =
    /^(PATH|HOME|LANG|TMPDIR|TZ|.*_CA_CERTS|.*CERT.*|.*CA_BUNDLE|.*_PROXY|.*_proxy|npm_config_(registry|cafile))$/;
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => {
    return wanted.test(entry[0]) && entry[1] !== undefined;
  });
  return Object.fromEntries(entries);
}

async function runnerFiles(temp: string) {
  await mkdir(join(temp, 'runner-temp'), { recursive: true });
  const folder = await mkdtemp(join(temp, 'step-'));
  const path = (name: string) => join(folder, name);
  for (const name of ['output', 'state', 'path', 'env', 'summary']) await writeFile(path(name), '');
  return {
    environment: {
      GITHUB_OUTPUT: path('output'),
      GITHUB_STATE: path('state'),
      GITHUB_PATH: path('path'),
      GITHUB_ENV: path('env'),
      GITHUB_STEP_SUMMARY: path('summary'),
    },
    read: async () => {
      const written = await readFile(path('output'), 'utf8');
      return {
        outputs: parseFileCommands(written),
        written,
        state: parseFileCommands(await readFile(path('state'), 'utf8')),
        paths: (await readFile(path('path'), 'utf8')).split('\n').filter((line) => line !== ''),
        summary: await readFile(path('summary'), 'utf8'),
      };
    },
  };
}
