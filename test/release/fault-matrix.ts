import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Target } from '../../src/release/target.ts';
import { type CloudService, startCloudProxy } from '../support/cloud-proxy.ts';
import { type Case, everyCase } from './fault-cases.ts';
import { watchFrontDoor } from './front-door.ts';
import { type Call, recorder } from './matrix-calls.ts';
import { type Bench, type CaseOutcome, deployWell, orderOf, tryCase } from './matrix-case.ts';
import { runHere } from './matrix-run.ts';
import type { ActionName } from './operations.ts';

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
  /** Inputs of a deployment that make it a preview; left out: a candidate that is not promoted. */
  readonly preview?: Readonly<Record<string, string>>;
  /** What serves, as whoever knows without our code says it: names of releases (the last part of a reference) to percent. */
  readonly readState: () => Promise<Readonly<Record<string, number>>>;
  /** Address that users ask. */
  readonly frontDoor: string;
  /** Milliseconds after which a stalled call is given up; the stand-in has to be faster. Default 400. */
  readonly timeout?: number;
}

/** What came of all cases. */
export interface Verdict {
  readonly operation: ActionName;
  /** The calls of a good run. */
  readonly calls: readonly string[];
  readonly cases: number;
  readonly done: number;
  readonly undone: number;
  /** Of those undone: a lasting outage held the promotion up half way, and the job `rollback`, after it, moved the traffic back. */
  readonly byRollback: number;
  /** Runs that were killed and ended well when they were run again. */
  readonly converged: number;
  /** Cases whose call did not come, as the number of times that an operation is polled differs. */
  readonly unreached: number;
  /** How often it was read what serves. */
  readonly readings: number;
  /** What the users at the front doors saw. */
  readonly requests: number;
  readonly failedRequests: readonly string[];
  /** What must not be: empty when all is well. */
  readonly violations: readonly string[];
}

/**
 * Tries what can go wrong at every call of an action. Several places of one kind share the cases and are worked on at
 * the same time; in each of them one case comes after the other.
 *
 * @param choose the cases of a good run's calls that are tried; all when left out
 */
export async function faultMatrix(
  scenarios: Scenario | readonly [Scenario, ...Scenario[]],
  choose: (calls: number) => readonly Case[] = everyCase,
  operation: ActionName = 'deploy',
): Promise<Verdict> {
  const [first, ...others] = 'target' in scenarios ? [scenarios] : scenarios;
  const line = await openLine(first, operation);
  const lines = [line];
  try {
    for (const scenario of others) lines.push(await openLine(scenario, operation));
    const calls = await recordCalls(line.bench);
    const cases = [...choose(calls.length)];
    const left = cases.values();
    const tally: Tally = { done: 0, undone: 0, byRollback: 0, converged: 0, unreached: 0, violations: [] };
    // Each takes the next case that nobody has.
    await Promise.all(lines.map((one) => work(one, left, calls, tally)));
    const seen = await Promise.all(lines.map(({ door }) => door.stop()));
    return {
      ...tally,
      operation,
      calls: calls.map(({ label }) => label),
      cases: cases.length,
      readings: lines.reduce((sum, { bench }) => sum + bench.readings, 0),
      requests: seen.reduce((sum, { requests }) => sum + requests, 0),
      failedRequests: seen.flatMap(({ failed }) => failed),
    };
  } finally {
    // The last one first: each trusts the authorities of those before it.
    for (const one of lines.reverse()) await one.close();
  }
}

/** The verdict in one line, for the log of the tests. */
export function verdictText(name: string, verdict: Verdict): string {
  const { operation, calls, cases, done, undone, byRollback, converged, unreached, readings } = verdict;
  const { requests, failedRequests } = verdict;
  return (
    `fault matrix of ${name}, ${operation}: ${calls.length} calls, ${cases} cases: ${done} done, ${undone} undone ` +
    `(${byRollback} of them by the job rollback), ${converged} killed and converged, ${unreached} not reached; ` +
    `what serves was read ${readings} times; ${failedRequests.length} of ${requests} users' requests failed`
  );
}

type Tally = { -readonly [Name in CaseOutcome['kind'] | 'byRollback']: number } & { readonly violations: string[] };

/** A place with everything around it. */
interface Line {
  readonly bench: Bench;
  readonly door: ReturnType<typeof watchFrontDoor>;
  readonly close: () => Promise<void>;
}

async function openLine(scenario: Scenario, operation: ActionName): Promise<Line> {
  const folder = await mkdtemp(join(tmpdir(), 'pipelines-matrix-'));
  // Two ways to the same services: nothing goes wrong on the users' one.
  const proxy = await startCloudProxy(scenario.services);
  const users = await startCloudProxy(scenario.services);
  const door = watchFrontDoor(scenario.frontDoor, users);
  const bench: Bench = {
    scenario,
    proxy,
    folder,
    operation,
    deployment: 0,
    serving: '',
    state: undefined,
    readings: 0,
  };
  const close = async () => {
    await door.stop();
    await users.stop();
    await proxy.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    // From the third on nothing is a first deployment any more, and each removes an old release.
    for (let count = 0; count < 3; count += 1) await deployWell(bench);
    door.start();
    return { bench, door, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function recordCalls(bench: Bench): Promise<readonly Call[]> {
  const order = await orderOf(bench);
  const { calls, see } = recorder();
  bench.proxy.inject(see);
  const { isDone, failure, release } = await runHere(bench, order);
  bench.proxy.inject();
  if (!isDone) throw new Error(`a run without faults failed: ${failure}`);
  if (release !== '') bench.serving = release;
  return calls;
}

async function work({ bench, door }: Line, left: Iterator<Case>, calls: readonly Call[], tally: Tally): Promise<void> {
  for (let next = left.next(); next.done !== true; next = left.next()) {
    const one = next.value;
    const call = calls[one.call];
    if (call === undefined) throw new RangeError(`no call ${one.call}`);
    const text = caseText(one, call);
    door.during(text);
    const outcome = await tryCase(bench, one, call);
    // Thousands of runs: what was sent is not asked for.
    bench.proxy.requests.length = 0;
    tally[outcome.kind] += 1;
    if (outcome.isByRollback) tally.byRollback += 1;
    tally.violations.push(...outcome.violations.map((violation) => `${text}: ${violation}`));
  }
}

function caseText({ fault, lasts }: Case, { label, before }: Call): string {
  const time = before === 0 ? '' : ` (time ${before + 1})`;
  return `${fault}${lasts === 'always' ? ' from then on' : ''} at ${label}${time}`;
}
