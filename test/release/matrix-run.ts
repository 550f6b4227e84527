import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PipelineError } from '../../src/runtime/errors.ts';
import { createHttp, type HttpClient, type HttpRequest, waitFor } from '../../src/runtime/http.ts';
import { readInputs } from '../../src/runtime/inputs.ts';
import { createSecrets } from '../../src/runtime/secrets.ts';
import type { CloudProxy } from '../support/cloud-proxy.ts';
import { COMPILE_CACHE } from '../support/compile-cache.ts';
import { machine } from '../support/run-dist.ts';
import { stepContext } from './context.ts';
import type { Scenario } from './fault-matrix.ts';
import { type ActionName, operation } from './operations.ts';

/** Where actions are run against a scenario. */
export interface Place {
  readonly scenario: Scenario;
  readonly proxy: CloudProxy;
  /** A folder for everything. */
  readonly folder: string;
}

/** An action with its inputs as texts, on behalf of the deployment of that number. */
export interface Order {
  readonly name: ActionName;
  readonly deployment: number;
  readonly inputs: Readonly<Record<string, string>>;
}

export interface Ended {
  /** The step was green, and the traffic is where it should be, as it says. */
  readonly isDone: boolean;
  /** Reference of the release that it was about; empty when it is not known. */
  readonly release: string;
  /** Why it was red. */
  readonly failure: string;
}

/** The order of a deployment: what the scenario gives, with quick probes. */
export async function deployOrder(
  { scenario, folder }: Place,
  deployment: number,
  more: Readonly<Record<string, string>> = {},
): Promise<Order> {
  const workspace = join(folder, 'workspace');
  await mkdir(workspace, { recursive: true });
  const inputs = { health: HEALTH, ...(await scenario.inputs(deployment, workspace)), ...more };
  return { name: 'deploy', deployment, inputs };
}

export const HEALTH = '{consecutive: 1, interval: 100ms, timeout: 1s}';

/** Whether a request is given up soon: no answer will come. */
type Stalls = (request: HttpRequest) => boolean;

/** Runs an action in this process, with short waits. */
export async function runHere(
  place: Place,
  { name, deployment, inputs }: Order,
  stalls: Stalls = () => false,
): Promise<Ended> {
  const { scenario, folder } = place;
  const { workspace, environment } = stepOf(place, deployment);
  const http = impatient(environment, scenario, stalls);
  const wait = (milliseconds: number, signal?: AbortSignal) => waitFor(Math.min(milliseconds, 20), signal);
  const action = operation(name, scenario.target, { http, wait });
  const secrets = createSecrets(() => undefined);
  const values = await readInputs(action.inputs, variables(inputs), { workspace }, secrets, action.name);
  const ran = action.run(values, stepContext({ environment, workspace, temp: folder }));
  const { outputs, failure } = await ran.catch((error: unknown) => {
    // Thrown or handed back, a red step is the same to the runner.
    if (error instanceof PipelineError) return { outputs: {}, failure: error };
    throw error;
  });
  const { release, promoted } = outputs as { readonly release?: string; readonly promoted?: boolean };
  const isDone = failure === undefined && promoted !== false;
  return { isDone, release: release ?? '', failure: failure?.message ?? '' };
}

/** @returns the exit status; undefined when the process was killed */
export async function runProcess(
  place: Place,
  { name, deployment, inputs }: Order,
  onStart: (end: (signal: 'SIGKILL' | 'SIGINT') => void) => void,
): Promise<number | undefined> {
  const { environment } = stepOf(place, deployment);
  const program = fileURLToPath(new URL('./operation-process.ts', import.meta.url));
  const child = spawn(process.execPath, [program, name, fileURLToPath(place.scenario.module)], {
    cwd: place.folder,
    stdio: 'ignore',
    env: { ...machine(), ...COMPILE_CACHE, ...environment, ...variables(inputs) },
  });
  onStart((signal) => child.kill(signal));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return code ?? undefined;
}

function variables(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
}

function stepOf({ scenario, proxy, folder }: Place, deployment: number) {
  const workspace = join(folder, 'workspace');
  const environment = {
    ...proxy.environment,
    ...scenario.environment,
    GITHUB_SHA: createHash('sha1').update(`deployment ${deployment}`).digest('hex'),
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: folder,
  };
  return { workspace, environment };
}

/** Longest time in milliseconds for a call that is answered, on a machine with much to do. */
const PATIENCE = 10_000;

/** A client that waits for little, and gives up soon what will not be answered: what is tried is what comes after. */
function impatient(
  environment: Readonly<Record<string, string>>,
  { timeout: short = 400, target }: Scenario,
  stalls: Stalls,
): HttpClient {
  const wait = (milliseconds: number, signal?: AbortSignal) => waitFor(Math.min(milliseconds, 10), signal);
  const http = createHttp({ environment, service: target.title, code: 'PIPE-RELEASE-003', wait });
  return {
    ...http,
    send: (request) => {
      const timeout = Math.min(request.timeout ?? PATIENCE, stalls(request) ? short : PATIENCE);
      return http.send({ ...request, timeout, tries: Math.min(request.tries ?? 4, 2) });
    },
  };
}
