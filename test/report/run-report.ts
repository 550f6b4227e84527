import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runSource } from '../support/run-source.ts';
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

/** Runs the action in a process of its own, with the inputs, variables and files that the runner gives it. */
export async function runReport({ needs, inputs = {}, event, environment = {} }: ReportStep): Promise<Outcome> {
  const folder = await temporaryFolder();
  const workspace = join(folder, 'workspace');
  await mkdir(workspace);
  const eventFile = join(folder, 'event.json');
  const started = event ?? { name: 'schedule', payload: { schedule: '0 3 * * *' } };
  await writeFile(eventFile, JSON.stringify(started.payload));
  const { exitCode, log, summary, written, outputs } = await runSource({
    action: 'report',
    workspace,
    temp: folder,
    inputs: { needs: typeof needs === 'string' ? needs : JSON.stringify(needs, undefined, 2), ...inputs },
    environment: {
      NO_PROXY: '127.0.0.1',
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
    },
  });
  return { exitCode, log, summary, output: written, value: (name) => outputs[name] ?? '' };
}
