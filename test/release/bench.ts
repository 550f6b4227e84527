import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { action as deletePreviewAction } from '../../src/release/delete-preview/action.ts';
import { run as runDeletePreview } from '../../src/release/delete-preview/run.ts';
import { deployAction } from '../../src/release/deploy/action.ts';
import type { DeployInputs } from '../../src/release/deploy/inputs.ts';
import { run as runDeploy } from '../../src/release/deploy/run.ts';
import { action as promoteAction } from '../../src/release/promote/action.ts';
import { run as runPromote } from '../../src/release/promote/run.ts';
import { action as rollbackAction } from '../../src/release/rollback/action.ts';
import { run as runRollback } from '../../src/release/rollback/run.ts';
import type { Target } from '../../src/release/target.ts';
import type { Action } from '../../src/runtime/action.ts';
import { createHttp, waitFor } from '../../src/runtime/http.ts';
import { type Inputs, type InputValues, readInputs } from '../../src/runtime/inputs.ts';
import { createSecrets } from '../../src/runtime/secrets.ts';
import { type CloudProxy, startCloudProxy } from '../support/cloud-proxy.ts';
import { type StepContext, stepContext } from './context.ts';
import { type Folders, startFolders } from './folders/agent.ts';
import { target as folderTarget, HOST } from './folders/target.ts';

type Texts = Readonly<Record<string, string>>;

export interface Options {
  readonly environment?: Texts;
  readonly signal?: AbortSignal;
  /** Changes what the target does. */
  readonly target?: Target;
}

/** A platform of folders with a real nginx, and the actions that work on it. */
export interface Bench {
  readonly folders: Folders;
  readonly proxy: CloudProxy;
  readonly workspace: string;
  /** The deploy action for a commit of that name with that page. */
  readonly deploy: (name: string, page: string, inputs?: Texts, options?: Options) => Run<typeof runDeploy>;
  readonly promote: (inputs: Texts, options?: Options) => Run<typeof runPromote>;
  readonly rollback: (inputs: Texts, options?: Options) => Run<typeof runRollback>;
  readonly deletePreview: (inputs: Texts, options?: Options) => Run<typeof runDeletePreview>;
  /** What the front door answers. */
  readonly page: () => Promise<string>;
}

// biome-ignore lint/suspicious/noExplicitAny: the arguments of any of the four
type Run<F extends (...given: any[]) => Promise<unknown>> = Promise<Awaited<ReturnType<F>> & { step: StepContext }>;

export const HEALTH = '{consecutive: 1, interval: 100ms, timeout: 1s}';

/** Commit of a name, 40 hexadecimal digits. */
export function commitOf(name: string): string {
  return createHash('sha1').update(name).digest('hex');
}

/** Reference of a release at the place of the bench. */
export function referenceOf(name: string): string {
  return `folders://${HOST}/shop/${name}`;
}

export async function startBench(): Promise<Bench> {
  const folders = await startFolders();
  const proxy = await startCloudProxy({ [HOST]: folders.service });
  const temp = await mkdtemp(join(tmpdir(), 'pipelines-release-'));
  onTestFinished(async () => {
    await proxy.stop();
    await folders.stop();
    await rm(temp, { recursive: true, force: true });
  });
  const workspace = join(temp, 'workspace');
  await mkdir(join(workspace, 'public'), { recursive: true });
  const stepOf = ({ environment = {}, signal }: Options, more: Texts = {}) => {
    const all = { ...proxy.environment, GITHUB_RUN_ID: '77', ...more, ...environment };
    return stepContext({ environment: all, workspace, temp, ...(signal === undefined ? {} : { signal }) });
  };
  const replacedBy = (step: StepContext, target: Target = folderTarget) => ({
    targets: { folders: async () => ({ target }) },
    http: createHttp({ environment: step.environment, service: 'Folders', code: 'PIPE-RELEASE-003', wait: short }),
    wait: short,
  });
  return {
    folders,
    proxy,
    workspace,
    deploy: async (name, page, inputs = {}, options = {}) => {
      await writeFile(join(workspace, 'public/index.html'), page);
      const target = options.target ?? folderTarget;
      const step = stepOf(options, { GITHUB_SHA: commitOf(name) });
      const texts = { place: 'shop', folder: 'public', health: HEALTH, ...inputs };
      const given = await read(deployAction(target), texts, workspace);
      return { ...(await runDeploy(target, given as typeof given & DeployInputs, step, replacedBy(step))), step };
    },
    promote: async (inputs, options = {}) => {
      const step = stepOf(options);
      const given = await read(promoteAction, { health: HEALTH, ...inputs }, workspace);
      return { ...(await runPromote(given, step, replacedBy(step, options.target))), step };
    },
    rollback: async (inputs, options = {}) => {
      const step = stepOf(options);
      const given = await read(rollbackAction, inputs, workspace);
      return { ...(await runRollback(given, step, replacedBy(step, options.target))), step };
    },
    deletePreview: async (inputs, options = {}) => {
      const step = stepOf(options);
      const given = await read(deletePreviewAction, inputs, workspace);
      return { ...(await runDeletePreview(given, step, replacedBy(step, options.target))), step };
    },
    page: async () => (await fetch(folders.url)).text(),
  };
}

/** The convergence's pauses are short, the steps of a promotion are as long as they are. */
function short(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return waitFor(milliseconds >= 1_000 ? 10 : milliseconds, signal);
}

async function read<I extends Inputs>(
  action: Pick<Action, 'name'> & { readonly inputs: I },
  texts: Texts,
  workspace: string,
): Promise<InputValues<I>> {
  const given = Object.fromEntries(
    Object.entries(texts).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
  return await readInputs(
    action.inputs,
    given,
    { workspace },
    createSecrets(() => undefined),
    action.name,
  );
}

/** A bench with three releases, each made with a migration more, by their names at the place. */
export async function threeReleases() {
  const bench = await startBench();
  const names: string[] = [];
  for (const name of ['one', 'two', 'three']) {
    const { outputs } = await bench.deploy(name, `page ${name}`, { 'last-migration': `2026_${name}` });
    names.push(outputs.release?.split('/').at(-1) ?? '');
  }
  const [one = '', two = '', last = ''] = names;
  return { bench, one, two, last };
}
