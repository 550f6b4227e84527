import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { action as deletePreviewAction } from '../../../src/release/delete-preview/action.ts';
import { run as runDeletePreview } from '../../../src/release/delete-preview/run.ts';
import { deployAction } from '../../../src/release/deploy/action.ts';
import type { DeployInputs } from '../../../src/release/deploy/inputs.ts';
import { run as runDeploy } from '../../../src/release/deploy/run.ts';
import { action as promoteAction } from '../../../src/release/promote/action.ts';
import { run as runPromote } from '../../../src/release/promote/run.ts';
import { action as rollbackAction } from '../../../src/release/rollback/action.ts';
import { run as runRollback } from '../../../src/release/rollback/run.ts';
import { target } from '../../../src/release/targets/vercel/target.ts';
import type { Action } from '../../../src/runtime/action.ts';
import { createHttp, type HttpResponse, waitFor } from '../../../src/runtime/http.ts';
import { type Inputs, type InputValues, readInputs } from '../../../src/runtime/inputs.ts';
import { createSecrets } from '../../../src/runtime/secrets.ts';
import { type CloudProxy, startCloudProxy } from '../../support/cloud-proxy.ts';
import { writeFiles } from '../../support/temporary.ts';
import { loadVercelSchemas, type VercelSchemas } from '../../support/vercel/schemas.ts';
import { addProject, type NewProject, type VercelProject } from '../../support/vercel/state.ts';
import { createVercel, type Vercel, type VercelOptions } from '../../support/vercel/vercel.ts';
import { type StepContext, stepContext } from '../context.ts';

type Texts = Readonly<Record<string, string>>;

export const TEAM = 'team_5HkRqWcTzYbNdLpXvMgJfSa2';
export const TOKEN = 'vcp_tokenOfTheTests0123456789';
export const DOMAIN = 'www.acme.example';
const HEALTH = '{consecutive: 1, interval: 100ms, timeout: 1s}';

export interface RoomOptions extends Pick<VercelOptions, 'behaviour'> {
  readonly project?: Partial<NewProject>;
  readonly environment?: Texts;
}

/** Vercel with a team and the project `web`, a repository, and the actions that work on them. */
export interface Room {
  readonly vercel: Vercel;
  readonly project: VercelProject;
  readonly proxy: CloudProxy;
  readonly workspace: string;
  /** Writes files of the repository. */
  readonly write: (files: Texts) => Promise<void>;
  /** The deploy action, for a commit of that name. */
  readonly deploy: (commit: string, inputs?: Texts, environment?: Texts) => Run<typeof runDeploy>;
  readonly promote: (inputs: Texts) => Run<typeof runPromote>;
  readonly rollback: (inputs: Texts) => Run<typeof runRollback>;
  readonly deletePreview: (inputs: Texts) => Run<typeof runDeletePreview>;
  /** What a browser gets. */
  readonly get: (url: string, headers?: Texts) => Promise<HttpResponse>;
  /** `METHOD path` of the calls to the API since the last look. */
  readonly calls: () => readonly string[];
}

// biome-ignore lint/suspicious/noExplicitAny: the arguments of any of the four
type Run<F extends (...given: any[]) => Promise<unknown>> = Promise<Awaited<ReturnType<F>> & { step: StepContext }>;

let schemas: Promise<VercelSchemas> | undefined;

/** Output of `vercel build` with one page. */
export function outputWith(page: string, more: Texts = {}): Texts {
  return {
    '.vercel/output/config.json': JSON.stringify({ version: 3, routes: [{ handle: 'filesystem' }] }),
    '.vercel/output/static/index.html': page,
    ...more,
  };
}

export async function openRoom(options: RoomOptions = {}): Promise<Room> {
  schemas ??= loadVercelSchemas();
  const domains = [DOMAIN, ...(options.project?.domains ?? []), 'staging.acme.example', 'pr-12.acme.example'];
  const vercel = createVercel({ domains, schemas: await schemas, behaviour: options.behaviour ?? {} });
  const { state } = vercel;
  state.teams.push({ id: TEAM, slug: 'acme', name: 'Acme', plan: 'pro' });
  state.users.push({
    id: 'usr_ada',
    username: 'ada',
    email: 'ada@acme.example',
    name: 'Ada',
    defaultTeamId: TEAM,
    tokens: [{ value: TOKEN, scopes: [TEAM] }],
  });
  const project = addProject(state, { name: 'web', accountId: TEAM, domains: [DOMAIN], ...options.project });
  const proxy = await startCloudProxy(vercel.services);
  const temp = await mkdtemp(join(tmpdir(), 'pipelines-vercel-'));
  const workspace = join(temp, 'workspace');
  await mkdir(workspace);
  const environment = { ...proxy.environment, GITHUB_RUN_ID: '77', ...options.environment };
  const http = createHttp({ environment, service: 'Vercel', code: 'PIPE-RELEASE-003', wait: short });
  onTestFinished(async () => {
    http.close();
    await proxy.stop();
    await rm(temp, { recursive: true, force: true });
  });
  const step = (more: Texts = {}) => stepContext({ environment: { ...environment, ...more }, workspace, temp });
  const replaced = { http: { ...http, close: () => undefined }, wait: short };
  const credentials = { token: TOKEN };
  return {
    vercel,
    project,
    proxy,
    workspace,
    write: (files) => writeFiles(workspace, files),
    deploy: async (commit, inputs = {}, more = {}) => {
      const context = step({ GITHUB_SHA: commit, ...more });
      const texts = { ...credentials, team: 'acme', project: project.name, health: HEALTH, ...inputs };
      const given = await read(deployAction(target), texts, workspace);
      return { ...(await runDeploy(target, given as typeof given & DeployInputs, context, replaced)), step: context };
    },
    promote: async (inputs) => {
      const context = step();
      const given = await read(promoteAction, { ...credentials, health: HEALTH, ...inputs }, workspace);
      return { ...(await runPromote(given, context, replaced)), step: context };
    },
    rollback: async (inputs) => {
      const context = step();
      const given = await read(rollbackAction, { ...credentials, ...inputs }, workspace);
      return { ...(await runRollback(given, context, replaced)), step: context };
    },
    deletePreview: async (inputs) => {
      const context = step();
      const given = await read(deletePreviewAction, { ...credentials, ...inputs }, workspace);
      return { ...(await runDeletePreview(given, context, replaced)), step: context };
    },
    get: (url, headers = {}) => http.send({ url, headers, tries: 1 }),
    calls: () => {
      const calls = proxy.requests.splice(0).filter(({ host }) => host === 'api.vercel.com');
      return calls.map(({ method, path }) => `${method} ${path}`);
    },
  };
}

/** Waits between tries are short; those between probes are as long as they are. */
function short(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return waitFor(Math.min(milliseconds, 10), signal);
}

async function read<I extends Inputs>(
  action: Pick<Action, 'name'> & { readonly inputs: I },
  texts: Texts,
  workspace: string,
): Promise<InputValues<I>> {
  const named = Object.entries(texts).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const secrets = createSecrets(() => undefined);
  return await readInputs(action.inputs, Object.fromEntries(named), { workspace }, secrets, action.name);
}

const git = promisify(execFile);

/** Makes the workspace a repository with one commit. */
export async function commitAll(workspace: string, message: string): Promise<void> {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@acme.example'];
  await git('git', ['init', '-q', '-b', 'main'], { cwd: workspace });
  await git('git', ['add', '--all'], { cwd: workspace });
  await git('git', [...identity, 'commit', '-q', '-m', message], { cwd: workspace });
}
