import type { Case } from './fault-cases.ts';
import { type Call, isCallOf, planAt } from './matrix-calls.ts';
import { deployOrder, type Ended, HEALTH, type Order, type Place, runHere, runProcess } from './matrix-run.ts';
import type { ActionName } from './operations.ts';

export type State = Readonly<Record<string, number>>;

/** A place on which one case is tried after the other. */
export interface Bench extends Place {
  readonly operation: ActionName;
  /** Number of the last deployment. */
  deployment: number;
  /** Reference of what serves, as the last run that went well said. */
  serving: string;
  /** What was read last, when nothing was run since. */
  state: State | undefined;
  /** How often it was read. */
  readings: number;
}

export interface CaseOutcome {
  readonly kind: 'done' | 'undone' | 'converged' | 'unreached';
  readonly isByRollback: boolean;
  readonly violations: readonly string[];
}

/** What the next case works on: everything before it has gone well. */
export async function orderOf(bench: Bench): Promise<Order> {
  const { operation, scenario, serving } = bench;
  if (operation === 'deploy') {
    bench.deployment += 1;
    return await deployOrder(bench, bench.deployment);
  }
  const isPromotion = operation === 'promote';
  if (operation === 'delete-preview') {
    const release = await stageWell(bench, scenario.preview ?? UNPROMOTED);
    return { name: operation, deployment: bench.deployment, inputs: { ...scenario.credentials, release } };
  }
  const staged = await (isPromotion ? stageWell(bench, UNPROMOTED) : deployWell(bench));
  const { deployment } = bench;
  const inputs = { ...scenario.credentials, release: isPromotion ? staged : serving };
  if (!isPromotion) return { name: operation, deployment, inputs };
  const steps = scenario.target.canSplit ? { steps: '[50]', interval: '0s' } : {};
  return { name: operation, deployment, inputs: { ...inputs, ...steps, health: HEALTH } };
}

const UNPROMOTED = { promote: 'false' } as const;

/** @returns reference of the release, which has the traffic */
export async function deployWell(bench: Bench): Promise<string> {
  const { isDone, release, failure } = await runNext(bench, {});
  if (!isDone) throw new Error(`a deployment without faults failed: ${failure}`);
  bench.serving = release;
  return release;
}

/** @returns reference of the release, which has none */
async function stageWell(bench: Bench, more: Readonly<Record<string, string>>): Promise<string> {
  const { release, failure } = await runNext(bench, more);
  if (failure !== '') throw new Error(`a deployment without faults failed: ${failure}`);
  return release;
}

async function runNext(bench: Bench, more: Readonly<Record<string, string>>): Promise<Ended> {
  bench.deployment += 1;
  bench.state = undefined;
  return await runHere(bench, await deployOrder(bench, bench.deployment, more));
}

async function read(bench: Bench): Promise<State> {
  bench.readings += 1;
  bench.state = await bench.scenario.readState();
  return bench.state;
}

/** Tries one case, and brings the place back to where the next one can begin. */
export async function tryCase(bench: Bench, one: Case, call: Call): Promise<CaseOutcome> {
  const order = await orderOf(bench);
  const { serving } = bench;
  const before = bench.state ?? (await read(bench));
  let isReached = false;
  const reached = () => {
    isReached = true;
  };
  const isKill = one.fault === 'killed before' || one.fault === 'killed after';
  bench.state = undefined;
  const ended = await (isKill ? runKilled : runFaulty)(bench, order, one, call, reached);
  bench.proxy.inject();
  let state = await read(bench);
  const violations: string[] = [];
  let isByRollback = false;
  if (needsRollback(order, one, ended, before, state)) {
    isByRollback = ended !== undefined;
    // What the next job of the workflow does, when the outage is over.
    violations.push(...(await rollBack(bench, order, serving)));
    state = await read(bench);
    if (!isSameState(state, before)) violations.push(`the job rollback left ${stateText(state)}`);
  } else violations.push(...faultOf(ended, before, state, order));
  violations.push(...(await convergence(bench, order, before)));
  if (!isReached) return { kind: 'unreached', isByRollback: false, violations };
  return { kind: ended === undefined ? 'converged' : ended.isDone ? 'done' : 'undone', isByRollback, violations };
}

/**
 * As long as a platform takes no change nothing can be moved back: the promotion says so, and the job after it does it.
 * The same job comes after a runner that was lost.
 */
function needsRollback(
  { name }: Order,
  { fault, lasts }: Case,
  ended: Ended | undefined,
  before: State,
  state: State,
): boolean {
  if (name !== 'promote') return false;
  if (ended === undefined) return fault === 'killed after';
  const isSaid = !ended.isDone && ended.failure.startsWith('PIPE-RELEASE-011');
  return isSaid && lasts === 'always' && !isSameState(state, before);
}

/** The job `rollback` of the workflow: from the release that was to be promoted to what served before. */
async function rollBack(bench: Bench, { deployment, inputs }: Order, serving: string): Promise<readonly string[]> {
  const given = { ...bench.scenario.credentials, release: serving, from: inputs['release'] ?? '' };
  const { isDone, failure } = await runHere(bench, { name: 'rollback', deployment, inputs: given });
  return isDone ? [] : [`the job rollback failed: ${failure}`];
}

/** @param ended undefined when the run was killed */
function faultOf(ended: Ended | undefined, before: State, state: State, { name }: Order): readonly string[] {
  if (name === 'delete-preview') {
    return isSameState(state, before) ? [] : [`the removal of a preview left ${stateText(state)}`];
  }
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
async function convergence(bench: Bench, order: Order, before: State): Promise<readonly string[]> {
  let again = await runHere(bench, order);
  if (again.failure.startsWith('PIPE-RELEASE-007')) {
    // It was rolled back, as probes found it bad: that one is refused, and a new one is not.
    bench.deployment += 1;
    again = await runHere(bench, await deployOrder(bench, bench.deployment));
  }
  const state = await read(bench);
  if (!again.isDone) return [`run again, it failed: ${again.failure}`];
  if (order.name === 'delete-preview') return faultOf(again, before, state, order);
  bench.serving = again.release;
  return isSameState(state, { [nameOf(again.release)]: 100 }) ? [] : [`run again, ${stateText(state)} serves`];
}

async function runFaulty(bench: Bench, order: Order, one: Case, call: Call, reached: () => void): Promise<Ended> {
  const { fault, lasts } = one;
  if (fault === 'killed before' || fault === 'killed after') throw new TypeError(`${fault} is no fault of a call`);
  bench.proxy.inject(planAt(call, fault, lasts, reached));
  return await runHere(bench, order, (request) => fault === 'stalled' && isCallOf(call.label, request));
}

/** @returns undefined when it was killed; else it had ended by itself before that call */
async function runKilled(
  bench: Bench,
  order: Order,
  one: Case,
  call: Call,
  reached: () => void,
): Promise<Ended | undefined> {
  const code = await runProcess(bench, order, (end) => {
    const when = one.fault === 'killed before' ? 'before' : 'after';
    bench.proxy.inject(planAt(call, { when, happens: () => end('SIGKILL') }, 'once', reached));
  });
  if (code === undefined) return undefined;
  const [release = ''] = Object.keys(await read(bench));
  return { isDone: code === 0, release, failure: `exit status ${code}` };
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
