import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runSource } from '../../support/run-source.ts';
import { temporaryFolder } from '../../support/temporary.ts';

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
  const events = join(folder, '_github_workflow');
  await mkdir(events);
  const [name, payload] = options.event ?? ['schedule', { schedule: '0 3 * * *' }];
  await writeFile(join(events, 'event.json'), JSON.stringify(payload));
  const started = options.started ?? new Date(Date.now() - 3_600_000);
  await utimes(events, started, started);
  const { exitCode, log, summary, outputs } = await runSource({
    action: 'coverage',
    workspace,
    temp: folder,
    inputs: options.inputs ?? {},
    environment: {
      GITHUB_REPOSITORY: 'acme/api',
      GITHUB_WORKFLOW_REF: 'acme/api/.github/workflows/ci.yml@refs/pull/7/merge',
      GITHUB_EVENT_NAME: name,
      GITHUB_EVENT_PATH: join(events, 'event.json'),
      ...options.environment,
    },
  });
  return {
    exitCode,
    log,
    summary,
    outputs,
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
