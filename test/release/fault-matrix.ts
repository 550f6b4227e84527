import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Target } from '../../src/release/target.ts';
import type { CloudFault } from '../support/cloud-faults.ts';
import { type CloudRequest, type CloudService, startCloudProxy } from '../support/cloud-proxy.ts';
import { type Case, everyCase } from './fault-cases.ts';
import { watchFrontDoor } from './front-door.ts';
import { deployOrder, type Ended, HEALTH, type Order, type Place, runHere, runProcess } from './matrix-run.ts';
import type { OperationName } from './operations.ts';

export { type Case, everyCase, sampleCases } from './fault-cases.ts';

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
  /** Inputs of `promote` and `rollback` as texts: the credentials. */
  readonly credentials?: Readonly<Record<string, string>>;
  /** What serves, as whoever knows without our code says it: names of releases (the last part of a reference) to percent. */
  readonly readState: () => Promise<Readonly<Record<string, number>>>;
  /** Address that users ask. */
  readonly frontDoor: string;
  /** Milliseconds after which a stalled call is given up; the stand-in has to be faster. Default 400. */
  readonly timeout?: number;
}

/** What came of all cases. */
export interface Verdict {
  readonly operation: OperationName;
  /** The calls of a good run. */
  readonly calls: readonly string[];
  readonly cases: number;
  readonly done: number;
  readonly undone: number;
  /** Runs that were killed and ended well when they were run again. */
  readonly converged: number;
  /** A promotion in steps that a lasting outage has held up half way: it could only say so, and went on when it was over. */
  readonly stuck: number;
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

type State = Readonly<Record<string, number>>;

/**
 * Tries what can go wrong at every call of an action, one case after the other on the same platform.
 *
 * @param choose the cases of a good run's calls that are tried; all when left out
 */
export async function faultMatrix(
  scenario: Scenario,
  choose: (calls: number) => readonly Case[] = everyCase,
  operation: OperationName = 'deploy',
): Promise<Verdict> {
  const folder = await mkdtemp(join(tmpdir(), 'pipelines-matrix-'));
  // Two ways to the same services: nothing goes wrong on the users' one.
  const proxy = await startCloudProxy(scenario.services);
  const users = await startCloudProxy(scenario.services);
  const bench: Bench = { scenario, proxy, folder, operation, deployment: 0 };
  const door = watchFrontDoor(scenario.frontDoor, users);
  try {
    // From the third on nothing is a first deployment any more, and each removes an old release.
    for (let count = 0; count < 3; count += 1) await deployWell(bench);
    door.start();
    const calls = await recordCalls(bench);
    const tally = { done: 0, undone: 0, converged: 0, stuck: 0, unreached: 0 };
    const violations: string[] = [];
    const cases = choose(calls.length);
    for (const one of cases) {
      door.during(caseText(one, calls));
      const outcome = await tryCase(bench, one, calls);
      tally[outcome.kind] += 1;
      violations.push(...outcome.violations.map((text) => `${caseText(one, calls)}: ${text}`));
    }
    const { requests, failed: failedRequests } = await door.stop();
    const labels = calls.map(({ label }) => label);
    return { operation, calls: labels, cases: cases.length, ...tally, requests, failedRequests, violations };
  } finally {
    await door.stop();
    await users.stop();
    await proxy.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The verdict in one line, for the log of the tests. */
export function verdictText(name: string, verdict: Verdict): string {
  const { operation, calls, cases, done, undone, converged, stuck, unreached, requests, failedRequests } = verdict;
  return (
    `fault matrix of ${name}, ${operation}: ${calls.length} calls, ${cases} cases: ${done} done, ${undone} undone, ` +
    `${converged} killed and converged, ${stuck} stuck in an outage, ${unreached} not reached; ${failedRequests.length} of ${requests} users' requests failed`
  );
}

interface Bench extends Place {
  readonly operation: OperationName;
  /** Number of the last deployment. */
  deployment: number;
}

/** What the next case works on: everything before it has gone well. */
async function orderOf(bench: Bench): Promise<Order> {
  const { operation, scenario } = bench;
  if (operation === 'deploy') {
    bench.deployment += 1;
    return await deployOrder(bench, bench.deployment);
  }
  const previous = await deployWell(bench);
  const release = operation === 'promote' ? await deployWell(bench, { promote: 'false' }) : previous;
  if (operation === 'rollback') await deployWell(bench);
  const { deployment } = bench;
  const inputs = { ...scenario.credentials, release };
  if (operation === 'rollback') return { name: operation, deployment, inputs };
  const steps = scenario.target.canSplit ? { steps: '[50]', interval: '0s' } : {};
  return { name: operation, deployment, inputs: { ...inputs, ...steps, health: HEALTH } };
}

async function recordCalls(bench: Bench): Promise<readonly Call[]> {
  const calls: Call[] = [];
  const order = await orderOf(bench);
  bench.proxy.inject((request) => {
    const label = labelOf(request);
    calls.push({ label, before: calls.filter((call) => call.label === label).length });
    return undefined;
  });
  const { isDone, failure } = await runHere(bench, order);
  bench.proxy.inject();
  if (!isDone) throw new Error(`a run without faults failed: ${failure}`);
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
  readonly kind: 'done' | 'undone' | 'converged' | 'stuck' | 'unreached';
  readonly violations: readonly string[];
}

async function tryCase(bench: Bench, one: Case, calls: readonly Call[]): Promise<CaseOutcome> {
  const { scenario, proxy } = bench;
  const call = calls[one.call];
  if (call === undefined) throw new RangeError(`no call ${one.call}`);
  const order = await orderOf(bench);
  const before = await scenario.readState();
  let isReached = false;
  const reached = () => {
    isReached = true;
  };
  const isKill = one.fault === 'killed before' || one.fault === 'killed after';
  const ended = await (isKill ? runKilled : runFaulty)(bench, order, one, call, reached);
  proxy.inject();
  const state = await scenario.readState();
  const isStuck = one.lasts === 'always' && order.name === 'promote' && isSaidToBeStuck(ended);
  const faults = isStuck ? [] : faultOf(ended, before, state, order);
  const violations = [...faults, ...(await convergence(bench, order))];
  if (!isReached) return { kind: 'unreached', violations };
  if (isStuck) return { kind: 'stuck', violations };
  return { kind: ended === undefined ? 'converged' : ended.isDone ? 'done' : 'undone', violations };
}

/** Nothing can be moved back as long as the platform takes no change; the reader has to be told at once. */
function isSaidToBeStuck(ended: Ended | undefined): boolean {
  return ended !== undefined && !ended.isDone && ended.failure.startsWith('PIPE-RELEASE-011');
}

/** @param ended undefined when the run was killed */
function faultOf(ended: Ended | undefined, before: State, state: State, { name }: Order): readonly string[] {
  if (ended === undefined) {
    // Between two steps of a promotion traffic is shared on purpose.
    const isWhole = name === 'promote' || (Object.keys(state).length === 1 && Object.values(state)[0] === 100);
    return isWhole ? [] : [`a killed run left ${stateText(state)}`];
  }
  if (ended.isDone) {
    const isTrue = isSameState(state, { [nameOf(ended.release)]: 100 });
    return isTrue ? [] : [`said it was done with ${ended.release}, and ${stateText(state)} serves`];
  }
  if (isSameState(state, before)) return [];
  return [`failed (${ended.failure}), and ${stateText(state)} serves instead of ${stateText(before)}`];
}

/** Run again without a fault, it has to come to its end. */
async function convergence(bench: Bench, order: Order): Promise<readonly string[]> {
  let again = await runHere(bench, order);
  if (again.failure.startsWith('PIPE-RELEASE-007')) {
    // It was rolled back, as probes found it bad: that one is refused, and a new one is not.
    bench.deployment += 1;
    again = await runHere(bench, await deployOrder(bench, bench.deployment));
  }
  const state = await bench.scenario.readState();
  if (!again.isDone) return [`run again, it failed: ${again.failure}`];
  return isSameState(state, { [nameOf(again.release)]: 100 }) ? [] : [`run again, ${stateText(state)} serves`];
}

async function runFaulty(bench: Bench, order: Order, one: Case, call: Call, reached: () => void): Promise<Ended> {
  let seen = 0;
  bench.proxy.inject((request) => {
    if (labelOf(request) !== call.label) return undefined;
    seen += 1;
    const isIt = one.lasts === 'once' ? seen === call.before + 1 : seen > call.before;
    if (isIt) reached();
    return isIt ? (one.fault as CloudFault) : undefined;
  });
  return await runHere(bench, order);
}

/** @returns undefined when it was killed; else it had ended by itself before that call */
async function runKilled(
  bench: Bench,
  order: Order,
  one: Case,
  call: Call,
  reached: () => void,
): Promise<Ended | undefined> {
  let seen = 0;
  const code = await runProcess(bench, order, (end) => {
    const happens = () => {
      reached();
      end('SIGKILL');
    };
    const when = one.fault === 'killed before' ? 'before' : 'after';
    bench.proxy.inject((request) => {
      if (labelOf(request) !== call.label) return undefined;
      seen += 1;
      return seen === call.before + 1 ? { when, happens } : undefined;
    });
  });
  if (code === undefined) return undefined;
  const [release = ''] = Object.keys(await bench.scenario.readState());
  return { isDone: code === 0, release, failure: `exit status ${code}` };
}

/** @returns reference of the release */
async function deployWell(bench: Bench, more: Readonly<Record<string, string>> = {}): Promise<string> {
  bench.deployment += 1;
  const { isDone, release, failure } = await runHere(bench, await deployOrder(bench, bench.deployment, more));
  const isStaged = more['promote'] === 'false' && failure === '';
  if (!isDone && !isStaged) throw new Error(`a deployment without faults failed: ${failure}`);
  return release;
}

function nameOf(release: string): string {
  return release.split('/').at(-1) ?? '';
}

function isSameState(left: State, right: State): boolean {
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => left[name] === right[name]);
}

function stateText(state: State): string {
  const parts = Object.entries(state).map(([name, percent]) => `${name} ${percent}%`);
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

function caseText({ call, fault, lasts }: Case, calls: readonly Call[]): string {
  const { label = '', before = 0 } = calls[call] ?? {};
  const time = before === 0 ? '' : ` (time ${before + 1})`;
  return `${fault}${lasts === 'always' ? ' from then on' : ''} at ${label}${time}`;
}
