import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GateResults } from '../../src/gate/results.ts';
import { COMPILE_CACHE } from '../support/compile-cache.ts';
import { machine } from '../support/run-dist.ts';
import { parseFileCommands } from '../support/step-process.ts';
import { temporaryFolder } from '../support/temporary.ts';

const MAIN = new URL('../../src/main.ts', import.meta.url).href;

export interface GateRun {
  readonly exitCode: number | null;
  readonly log: string;
  readonly results: GateResults;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Runs the action `gate` from its source in a process of its own, with what the runner gives it. */
export async function runGateAction(
  workspace: string,
  inputs: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): Promise<GateRun> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'temp'));
  const output = join(folder, 'output');
  for (const name of ['output', 'summary', 'state']) await writeFile(join(folder, name), '');
  const script = `const { start } = await import(${JSON.stringify(MAIN)}); await start('gate');`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: workspace,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...machine(),
      ...COMPILE_CACHE,
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: join(folder, 'temp'),
      GITHUB_STEP_SUMMARY: join(folder, 'summary'),
      GITHUB_STATE: join(folder, 'state'),
      GITHUB_OUTPUT: output,
      ...environment,
      ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      log += chunk.toString('utf8');
    });
  }
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const outputs = parseFileCommands(await readFile(output, 'utf8'));
  const results = JSON.parse(outputs['results'] || '{"tasks":[]}') as GateResults;
  return { exitCode, log, results, outputs };
}

/** Result of each task by its id; `reused` for one that was not run again. */
export function conclusions({ results }: GateRun): Readonly<Record<string, string>> {
  return Object.fromEntries(
    results.tasks.map(({ id, result, reused }) => [id, reused === undefined ? result : 'reused']),
  );
}
