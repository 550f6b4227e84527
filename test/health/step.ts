import { mkdir } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { runAs } from '../support/run-dist.ts';
import { sourceStub } from '../support/run-source.ts';
import { temporaryFolder } from '../support/temporary.ts';

export interface StepWish {
  /** Name of the action, which is also its room in src. */
  readonly action: 'health' | 'smoke';
  readonly inputs: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** The checked-out repository; an empty folder when left out. */
  readonly workspace?: string;
  /** Sends SIGINT, as the runner does on cancel, when this comes in the log. */
  readonly cancelWhen?: RegExp;
  readonly state?: Readonly<Record<string, string>>;
}

export interface Step {
  readonly exitCode: number | null;
  /** Everything the runner would see, with what was folded. */
  readonly log: string;
  /** The same without the lines that tell the runner what to mask. */
  readonly shown: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly state: Readonly<Record<string, string>>;
  /** The folder that the runner empties after the job. */
  readonly temp: string;
}

/** Runs an action from its source, in a process of its own, as the runner starts it. */
export async function runAction(wish: StepWish): Promise<Step> {
  const folder = await temporaryFolder();
  const workspace = wish.workspace ?? join(folder, 'work');
  await mkdir(workspace, { recursive: true });
  const { inputs, cancelWhen, state = {} } = wish;
  const outcome = await runAs(
    { program: await sourceStub(folder, wish.action) },
    {
      workspace,
      temp: folder,
      inputs,
      state,
      ...(cancelWhen === undefined ? {} : { cancelWhen }),
      environment: {
        PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
        RUNNER_TOOL_CACHE: join(folder, 'tools'),
        ...wish.environment,
      },
    },
  );
  return { ...outcome, shown: outcome.log.replace(/^::add-mask::.*$/gm, ''), temp: join(folder, 'runner-temp') };
}
