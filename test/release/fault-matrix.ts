import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deployAction } from '../../src/release/deploy/action.ts';
import type { DeployInputs } from '../../src/release/deploy/inputs.ts';
import { run } from '../../src/release/deploy/run.ts';
import type { Target } from '../../src/release/target.ts';
import { createHttp, type HttpClient, waitFor } from '../../src/runtime/http.ts';
import { readInputs } from '../../src/runtime/inputs.ts';
import { createSecrets } from '../../src/runtime/secrets.ts';
import { type CloudFault, FAULTS, type Injection } from '../support/cloud-faults.ts';
import { type CloudProxy, type CloudRequest, type CloudService, startCloudProxy } from '../support/cloud-proxy.ts';
import { machine } from '../support/run-dist.ts';
import { stepContext } from './context.ts';

/** A target with a platform to deploy to, on which everything that can go wrong is tried. */
export interface Scenario {
  readonly target: Target;
  /** The file that exports `target`: it is also run in processes of its own, which are killed. */
  readonly module: URL;
  /** The stand-in, by host. */
  readonly services: Readonly<Record<string, CloudService>>;
  /**
   * Inputs of the deploy action as texts, for the deployment of that number; each number is another release. Files go
   * into `workspace`.
   */
  readonly inputs: (deployment: number, workspace: string) => Promise<Readonly<Record<string, string>>>;
  /** Variables of the step beside the usual ones. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What serves, as whoever knows without our code says it: names of releases (the last part of a reference) to percent. */
  readonly readState: () => Promise<Readonly<Record<string, number>>>;
  /** Address that users ask. */
  readonly frontDoor: string;
  /** Milliseconds after which a stalled call is given up; the stand-in has to be faster. Default 400. */
  readonly timeout?: number;
}

/** One thing that goes wrong at one call. */
export interface Case {
  /** Place of the call in a good run, from 0. */
  readonly call: number;
  readonly fault: CloudFault | 'killed before' | 'killed after';
  /** Each try of that call and all later ones of its kind, or the first only. */
  readonly lasts: 'once' | 'always';
}

/** What came of all cases. */
export interface Verdict {
  /** The calls of a good run. */
  readonly calls: readonly string[];
  readonly cases: number;
  readonly done: number;
  readonly undone: number;
  /** Runs that were killed and ended well when they were run again. */
  readonly converged: number;
  /** Cases whose call did not come, as the number of times that an operation is polled differs. */
  readonly unreached: number;
  /** What the user at the front door saw. */
  readonly requests: number;
  readonly failedRequests: readonly string[];
  /** What must not be: empty when all is well. */
  readonly violations: readonly string[];
}

interface Call {
  readonly label: string;
  /** How many calls of that label came before it in the run. */
  readonly before: number;
}

/** @param choose the cases of a good run's calls that are tried; all when left out */
export async function faultMatrix(
  scenario: Scenario,
  choose: (calls: number) => readonly Case[] = everyCase,
): Promise<Verdict> {
  const folder = await mkdtemp(join(tmpdir(), 'pipelines-matrix-'));
  // Two ways to the same services: nothing goes wrong on the users' one.
  const proxy = await startCloudProxy(scenario.services);
  const users = await startCloudProxy(scenario.services);
  const bench: Bench = { scenario, proxy, folder, deployment: 0 };
  const door = watchFrontDoor(scenario.frontDoor, users);
  try {
    // From the third on nothing is a first deployment any more, and each removes an old release.
    for (let count = 0; count < 3; count += 1) await deployWell(bench, '(before any fault)');
    door.start();
    const calls = await recordCalls(bench);
    const tally = { done: 0, undone: 0, converged: 0, unreached: 0 };
    const violations: string[] = [];
    const cases = choose(calls.length);
    for (const one of cases) {
      door.at(caseText(one, calls));
      const outcome = await tryCase(bench, one, calls);
      tally[outcome.kind] += 1;
      violations.push(...outcome.violations.map((text) => `${caseText(one, calls)}: ${text}`));
    }
    const { requests, failed } = await door.stop();
    const labels = calls.map(({ label }) => label);
    return { calls: labels, cases: cases.length, ...tally, requests, failedRequests: failed, violations };
  } finally {
    await door.stop();
    await users.stop();
    await proxy.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Every fault at every call, once and lasting, and a process killed before and after every call. */
export function everyCase(calls: number): readonly Case[] {
  const lasting = ['once', 'always'] as const;
  return Array.from({ length: calls }, (_, call) => [
    ...FAULTS.flatMap((fault) => lasting.map((lasts) => ({ call, fault, lasts }))),
    ...(['killed before', 'killed after'] as const).map((fault) => ({ call, fault, lasts: 'once' as const })),
  ]).flat();
}

/** A few cases of each kind, spread over the calls; the same ones each time. */
export function sampleCases(calls: number): readonly Case[] {
  return Array.from({ length: calls }, (_, call): readonly Case[] => {
    const pick = (offset: number) => FAULTS[(call * 2 + offset) % FAULTS.length] ?? 'lost';
    const kill = call % 2 === 0 ? 'killed after' : 'killed before';
    return [
      { call, fault: pick(0), lasts: 'once' },
      { call, fault: pick(4), lasts: 'always' },
      ...(call % 3 === 2 ? [{ call, fault: kill, lasts: 'once' } as const] : []),
    ];
  }).flat();
}

/** The verdict in one line, for the log of the tests. */
export function verdictText(name: string, verdict: Verdict): string {
  const { calls, cases, done, undone, converged, unreached, requests, failedRequests } = verdict;
  return (
    `fault matrix of ${name}: ${calls.length} calls, ${cases} cases: ${done} done, ${undone} undone, ` +
    `${converged} killed and converged, ${unreached} not reached; ${failedRequests.length} of ${requests} users' requests failed`
  );
}

interface Bench {
  readonly scenario: Scenario;
  readonly proxy: CloudProxy;
  readonly folder: string;
  deployment: number;
}

interface Ended {
  readonly isDone: boolean;
  /** Name of the release that was deployed; empty when it is not known. */
  readonly release: string;
  readonly failure: string;
}

async function recordCalls(bench: Bench): Promise<readonly Call[]> {
  const calls: Call[] = [];
  bench.proxy.inject((request) => {
    const label = labelOf(request);
    calls.push({ label, before: calls.filter((call) => call.label === label).length });
    return undefined;
  });
  await deployWell(bench, '(while calls are recorded)');
  bench.proxy.inject();
  return calls;
}

/** Method and address with `*` for what is another one each time: a part with digits in it that is no version. */
function labelOf({ method, host, path }: CloudRequest): string {
  const isName = (part: string) => /\d/.test(part) && !/^v\d+(?:(?:alpha|beta)\d+)?$/.test(part);
  const plain = (text: string, separator: string) =>
    text
      .split(separator)
      .map((part) => (isName(part) ? '*' : part))
      .join(separator);
  return `${method} ${plain(host, '.')}${plain(path, '/')}`;
}

interface CaseOutcome {
  readonly kind: 'done' | 'undone' | 'converged' | 'unreached';
  readonly violations: readonly string[];
}

async function tryCase(bench: Bench, one: Case, calls: readonly Call[]): Promise<CaseOutcome> {
  const { scenario, proxy } = bench;
  const before = await scenario.readState();
  const call = calls[one.call];
  if (call === undefined) throw new RangeError(`no call ${one.call}`);
  let isReached = false;
  const reach = () => {
    isReached = true;
  };
  bench.deployment += 1;
  const ended = one.fault.startsWith('killed')
    ? await deployKilled(bench, one, call, reach)
    : await deployFaulty(bench, one, call, reach);
  proxy.inject();
  const state = await scenario.readState();
  const violations: string[] = [];
  const isAsBefore = isSameState(state, before);
  if (ended === undefined) {
    const whole = Object.values(state).length === 1 && Object.values(state)[0] === 100;
    if (!whole) violations.push(`a killed run left ${stateText(state)}`);
  } else if (ended.isDone && !isSameState(state, { [ended.release]: 100 })) {
    violations.push(`said it was done with ${ended.release}, and ${stateText(state)} serves`);
  } else if (!ended.isDone && !isAsBefore) {
    violations.push(`failed (${ended.failure}), and ${stateText(state)} serves instead of ${stateText(before)}`);
  }
  violations.push(...(await convergence(bench)));
  if (!isReached) return { kind: 'unreached', violations };
  return { kind: ended === undefined ? 'converged' : ended.isDone ? 'done' : 'undone', violations };
}

/** Run again without a fault, it has to come to its end. */
async function convergence(bench: Bench): Promise<readonly string[]> {
  let again = await deployHere(bench);
  if (again.failure.startsWith('PIPE-RELEASE-007')) {
    // It was rolled back, as probes found it bad: that one is refused, and a new one is not.
    bench.deployment += 1;
    again = await deployHere(bench);
  }
  const state = await bench.scenario.readState();
  if (!again.isDone) return [`run again, it failed: ${again.failure}`];
  return isSameState(state, { [again.release]: 100 }) ? [] : [`run again, ${stateText(state)} serves`];
}

async function deployFaulty(bench: Bench, one: Case, call: Call, reach: () => void): Promise<Ended> {
  const fault = one.fault as CloudFault;
  let seen = 0;
  bench.proxy.inject((request) => {
    if (labelOf(request) !== call.label) return undefined;
    seen += 1;
    const isIt = one.lasts === 'once' ? seen === call.before + 1 : seen > call.before;
    if (isIt) reach();
    return isIt ? fault : undefined;
  });
  return await deployHere(bench);
}

/** @returns undefined when it was killed; else it had ended by itself before that call */
async function deployKilled(bench: Bench, one: Case, call: Call, reach: () => void): Promise<Ended | undefined> {
  const { scenario, proxy, folder, deployment } = bench;
  const { workspace, environment } = await stepOf(bench, deployment);
  const inputs = Object.entries(await inputsOf(bench, workspace)).map(([name, value]) => [
    `INPUT_${name.toUpperCase()}`,
    value,
  ]);
  const program = fileURLToPath(new URL('./deploy-process.ts', import.meta.url));
  const child = spawn(process.execPath, [program, fileURLToPath(scenario.module)], {
    cwd: folder,
    stdio: 'ignore',
    env: { ...machine(), ...environment, ...Object.fromEntries(inputs) },
  });
  let seen = 0;
  const when = one.fault === 'killed before' ? 'before' : 'after';
  const injection: Injection = {
    when,
    happens: () => {
      reach();
      child.kill('SIGKILL');
    },
  };
  proxy.inject((request) => {
    if (labelOf(request) !== call.label) return undefined;
    seen += 1;
    return seen === call.before + 1 ? injection : undefined;
  });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  const state = await scenario.readState();
  if (code === null) return undefined;
  return { isDone: code === 0, release: Object.keys(state)[0] ?? '', failure: `exit status ${code}` };
}

async function deployWell(bench: Bench, when: string): Promise<void> {
  bench.deployment += 1;
  const { isDone, failure } = await deployHere(bench);
  if (!isDone) throw new Error(`a deployment without faults failed ${when}: ${failure}`);
}

/** The deploy action in this process, with short waits. */
async function deployHere(bench: Bench): Promise<Ended> {
  const { scenario, deployment } = bench;
  const { target } = scenario;
  const { workspace, environment } = await stepOf(bench, deployment);
  const action = deployAction(target);
  const inputs = await inputsOf(bench, workspace);
  const given = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
  const context = stepContext({ environment, workspace, temp: bench.folder });
  const secrets = createSecrets(() => undefined);
  const values = await readInputs(action.inputs, given, { workspace }, secrets, action.name);
  const http = impatient(environment, scenario);
  const wait = (milliseconds: number, signal?: AbortSignal) => waitFor(Math.min(milliseconds, 20), signal);
  const { outputs, failure } = await run(target, values as typeof values & DeployInputs, context, { http, wait });
  const release = outputs.release?.split('/').at(-1) ?? '';
  return { isDone: failure === undefined && outputs.promoted === true, release, failure: failure?.message ?? '' };
}

/** A client that gives up soon and waits for little: what is tried is what comes after. */
function impatient(environment: Readonly<Record<string, string>>, { timeout = 400, target }: Scenario): HttpClient {
  const wait = (milliseconds: number, signal?: AbortSignal) => waitFor(Math.min(milliseconds, 10), signal);
  const http = createHttp({ environment, service: target.title, code: 'PIPE-RELEASE-003', wait });
  return {
    ...http,
    send: (request) =>
      http.send({
        ...request,
        timeout: Math.min(request.timeout ?? timeout, timeout),
        tries: Math.min(request.tries ?? 4, 2),
      }),
  };
}

/** Folder and environment of the step. */
async function stepOf({ scenario, proxy, folder }: Bench, deployment: number) {
  const workspace = join(folder, 'workspace');
  const commit = createHash('sha1').update(`deployment ${deployment}`).digest('hex');
  const environment = {
    ...proxy.environment,
    ...scenario.environment,
    GITHUB_SHA: commit,
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: folder,
  };
  return { workspace, environment };
}

async function inputsOf({ scenario, deployment }: Bench, workspace: string): Promise<Record<string, string>> {
  const { mkdir } = await import('node:fs/promises');
  await mkdir(workspace, { recursive: true });
  const health = '{consecutive: 1, interval: 100ms, timeout: 1s}';
  return { health, ...(await scenario.inputs(deployment, workspace)) };
}

function isSameState(left: Readonly<Record<string, number>>, right: Readonly<Record<string, number>>): boolean {
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => left[name] === right[name]);
}

function stateText(state: Readonly<Record<string, number>>): string {
  const parts = Object.entries(state).map(([name, percent]) => `${name} ${percent}%`);
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

function caseText({ call, fault, lasts }: Case, calls: readonly Call[]): string {
  const { label = '', before = 0 } = calls[call] ?? {};
  const time = before === 0 ? '' : ` (time ${before + 1})`;
  return `${fault}${lasts === 'always' ? ' from then on' : ''} at ${label}${time}`;
}

/** A user who asks all the time, each time on a connection of its own. */
function watchFrontDoor(url: string, proxy: CloudProxy) {
  const http = createHttp({ environment: proxy.environment, service: 'the front door', code: 'PIPE-RELEASE-003' });
  const failed: string[] = [];
  let requests = 0;
  let during = '';
  let isOpen = true;
  let running: Promise<void> | undefined;
  const ask = async () => {
    while (isOpen) {
      const at = during;
      const seen = await http
        .send({ url, tries: 1, timeout: 5_000, headers: { connection: 'close' } })
        .then(({ status }) => (status === 200 ? '' : `status ${status}`), String);
      requests += 1;
      if (seen !== '') failed.push(`${at}: ${seen}`);
      await waitFor(20);
    }
  };
  return {
    start: () => {
      running = ask();
    },
    at: (text: string) => {
      during = text;
    },
    stop: async () => {
      isOpen = false;
      await running;
      http.close();
      return { requests, failed };
    },
  };
}
