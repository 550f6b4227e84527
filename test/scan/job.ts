import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { Environment } from '../../src/runtime/environment.ts';
import { installTrivy } from '../../tools/scan/trivy.ts';
import { COMPILE_CACHE } from '../support/compile-cache.ts';
import { sourceStub } from '../support/run-source.ts';
import { inputVariables, parseFileCommands, runProcess, stateVariables } from '../support/step-process.ts';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';
import { type DatabaseOptions, writeDatabase } from './database.ts';

/** A runner with one job: folders, and a step that scans. */
export interface ScanJob {
  readonly workspace: string;
  readonly temp: string;
  /** Folder that has the vulnerability database. */
  readonly cacheDir: string;
  readonly run: (inputs: Readonly<Record<string, string>>, options?: StepOptions) => Promise<Step>;
}

export interface StepOptions {
  readonly phase?: 'main' | 'post';
  readonly environment?: Environment;
  /** Sent to the step when this comes in its log. */
  readonly cancelAt?: RegExp;
}

export interface Step {
  readonly exitCode: number | null;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** The file of the output `report`. */
  readonly record: () => Promise<unknown>;
}

/** The token of the job, which no scan may show or hand to Trivy. */
export const JOB_TOKEN = 'ghs_tokenOfTheRunnerThatNobodyMaySee';

/**
 * A job with real Trivy on PATH and a database in its cache folder.
 *
 * @param database `none`: its folder is empty
 */
export async function startScanJob(
  files: Readonly<Record<string, string>>,
  database: DatabaseOptions | 'none' = {},
): Promise<ScanJob> {
  const folder = await temporaryFolder();
  const [workspace, temp, cacheDir] = [join(folder, 'work'), join(folder, 'temp'), join(folder, 'trivy-cache')];
  for (const path of [workspace, temp, cacheDir, join(folder, 'home')]) await mkdir(path);
  await writeFiles(workspace, files);
  if (database !== 'none') await writeDatabase(join(cacheDir, 'db'), database);
  await writeFiles(folder, { state: '' });
  const program = await sourceStub(folder, 'scan');
  const trivy = await installTrivy();
  let count = 0;
  const run: ScanJob['run'] = async (inputs, options = {}) => {
    count += 1;
    const file = (name: string) => join(folder, `${count}-${name}`);
    for (const name of ['output', 'summary']) await writeFile(file(name), '');
    const given = { 'cache-dir': cacheDir, ...inputs };
    const environment: Record<string, string> = {
      ...COMPILE_CACHE,
      PATH: [dirname(process.execPath), trivy, process.env['PATH'] ?? ''].join(delimiter),
      HOME: join(folder, 'home'),
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: temp,
      RUNNER_TOOL_CACHE: join(folder, 'tools'),
      GITHUB_OUTPUT: file('output'),
      GITHUB_STATE: join(folder, 'state'),
      GITHUB_STEP_SUMMARY: file('summary'),
      GITHUB_TOKEN: JOB_TOKEN,
      GITHUB_REPOSITORY: 'acme/shop',
      ...inputVariables(given),
      ...(options.phase === 'post' ? await stateVariables(join(folder, 'state')) : {}),
      ...options.environment,
    };
    const { cancelAt } = options;
    const { exitCode, log } = await runProcess({ program, cwd: workspace, env: environment, cancelAt });
    const outputs = parseFileCommands(await readFile(file('output'), 'utf8'));
    return {
      exitCode,
      log,
      outputs,
      summary: await readFile(file('summary'), 'utf8'),
      record: async () => JSON.parse(await readFile(outputs['report'] ?? '', 'utf8')) as unknown,
    };
  };
  return { workspace, temp, cacheDir, run };
}

/** A lockfile of npm with some packages. */
export function lockfile(packages: Readonly<Record<string, string>>, license?: string): string {
  const entries = Object.entries(packages).map(([name, version]) => {
    return [
      `node_modules/${name}`,
      {
        version,
        resolved: `https://registry.npmjs.org/${name}/-/${name}-${version}.tgz`,
        ...(license === undefined ? {} : { license }),
      },
    ];
  });
  const main = { name: 'shop', version: '1.0.0', dependencies: packages };
  return JSON.stringify({
    name: 'shop',
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: { '': main, ...Object.fromEntries(entries) },
  });
}
