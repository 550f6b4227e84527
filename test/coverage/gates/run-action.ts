import { spawn } from 'node:child_process';
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { COMPILE_CACHE } from '../../support/compile-cache.ts';
import { machine } from '../../support/run-dist.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const RUN = new URL('../../../src/runtime/run.ts', import.meta.url).href;
const ACTION = new URL('../../../src/coverage/action.ts', import.meta.url).href;

export interface Outcome {
  readonly exitCode: number | null;
  readonly log: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Workflow commands of a level: place and message. */
  readonly annotations: (level: 'error' | 'warning' | 'notice') => readonly string[];
}

export interface RunOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  /** Name and payload of the event. */
  readonly event?: readonly [name: string, payload: object];
  readonly environment?: Readonly<Record<string, string>>;
  /** When the job began; default an hour ago. */
  readonly started?: Date;
}

/** Runs the action in a process of its own, with the inputs, variables and files that the runner gives it. */
export async function runCoverage(workspace: string, options: RunOptions = {}): Promise<Outcome> {
  const folder = await temporaryFolder();
  const [summary, output, events] = [join(folder, 'summary'), join(folder, 'output'), join(folder, '_github_workflow')];
  for (const file of [summary, output]) await writeFile(file, '');
  await mkdir(events);
  const [name, payload] = options.event ?? ['schedule', { schedule: '0 3 * * *' }];
  await writeFile(join(events, 'event.json'), JSON.stringify(payload));
  const started = options.started ?? new Date(Date.now() - 3_600_000);
  await utimes(events, started, started);
  const script =
    `const { runAction } = await import(${JSON.stringify(RUN)});` +
    `const { action } = await import(${JSON.stringify(ACTION)}); await runAction(action);`;
  const inputs = Object.entries(options.inputs ?? {}).map(([key, value]) => [`INPUT_${key.toUpperCase()}`, value]);
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: workspace,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...machine(),
      ...COMPILE_CACHE,
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: workspace,
      GITHUB_REPOSITORY: 'acme/api',
      GITHUB_WORKFLOW_REF: 'acme/api/.github/workflows/ci.yml@refs/pull/7/merge',
      GITHUB_EVENT_NAME: name,
      GITHUB_EVENT_PATH: join(events, 'event.json'),
      RUNNER_TEMP: join(folder, 'temp'),
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_OUTPUT: output,
      ...options.environment,
      ...Object.fromEntries(inputs),
    },
  });
  let log = '';
  const hear = (chunk: Buffer) => {
    log += chunk.toString('utf8');
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const written = await readFile(output, 'utf8');
  const entries = [...written.matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n?\2$/gm)].map(([, key, , value]) => [key, value]);
  return {
    exitCode,
    log,
    summary: await readFile(summary, 'utf8'),
    outputs: Object.fromEntries(entries),
    annotations: (level) => {
      const found = [...log.matchAll(new RegExp(`^::${level}( [^:]*)?::(.*)$`, 'gm'))];
      return found.map(([, place = '', message = '']) => `${placeOf(place)}${message}`);
    },
  };
}

/** `file=src/a.ts,line=3,endLine=5` as `src/a.ts:3-5 `. */
function placeOf(properties: string): string {
  const fields = new Map(
    properties
      .trim()
      .split(',')
      .map((pair) => pair.split('=') as [string, string]),
  );
  const file = fields.get('file');
  return file === undefined ? '' : `${file}:${fields.get('line')}-${fields.get('endLine')} `;
}
