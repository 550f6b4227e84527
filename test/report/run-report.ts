import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { COMPILE_CACHE } from '../support/compile-cache.ts';
import { machine } from '../support/run-dist.ts';
import { temporaryFolder } from '../support/temporary.ts';

export interface Outcome {
  readonly exitCode: number | null;
  readonly log: string;
  readonly summary: string;
  /** What the step wrote for later steps, as the runner's file has it. */
  readonly output: string;
  /** Of one output. */
  readonly value: (name: string) => string;
}

export interface ReportStep {
  readonly needs: unknown;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly event?: { readonly name: string; readonly payload: unknown };
  readonly environment?: Readonly<Record<string, string>>;
}

const MAIN = new URL('../../src/main.ts', import.meta.url).href;

/** Runs the action in a process of its own, with the inputs, variables and files that the runner gives it. */
export async function runReport({ needs, inputs = {}, event, environment = {} }: ReportStep): Promise<Outcome> {
  const folder = await temporaryFolder();
  const workspace = join(folder, 'workspace');
  await mkdir(workspace);
  const summary = join(folder, 'summary');
  const output = join(folder, 'output');
  const eventFile = join(folder, 'event.json');
  await writeFile(summary, '');
  await writeFile(output, '');
  const started = event ?? { name: 'schedule', payload: { schedule: '0 3 * * *' } };
  await writeFile(eventFile, JSON.stringify(started.payload));
  const given = { needs: typeof needs === 'string' ? needs : JSON.stringify(needs, undefined, 2), ...inputs };
  const script = `const { start } = await import(${JSON.stringify(MAIN)}); await start('report');`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: workspace,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...machine(),
      ...COMPILE_CACHE,
      NO_PROXY: '127.0.0.1',
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: folder,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_OUTPUT: output,
      GITHUB_EVENT_NAME: started.name,
      GITHUB_EVENT_PATH: eventFile,
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_RUN_ID: '1001',
      GITHUB_RUN_NUMBER: '57',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_WORKFLOW: 'CI',
      GITHUB_SHA: 'c'.repeat(40),
      ...environment,
      ...Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      log += chunk.toString('utf8');
    });
  }
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const written = await readFile(output, 'utf8');
  return {
    exitCode,
    log,
    summary: await readFile(summary, 'utf8'),
    output: written,
    value: (name) => new RegExp(`^${name}<<(\\S+)\\n([^]*?)\\n\\1$`, 'm').exec(written)?.[2] ?? '',
  };
}
