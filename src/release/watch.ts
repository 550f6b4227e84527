import type { Expectation } from '../health/expectation.ts';
import { addressText, healthFailure } from '../health/failure.ts';
import { type HealthInputs, inputs } from '../health/inputs.ts';
import { probeAddress } from '../health/probe.ts';
import { type UntilHealthy, type Watch, watchUntilHealthy, watchWhileServing } from '../health/watch.ts';
import { expectationOf, PROBE_LIMIT } from '../health/wish.ts';
import type { ProjectFailure } from '../runtime/errors.ts';
import type { HttpClient } from '../runtime/http.ts';
import { camelCase } from '../runtime/inputs.ts';
import type { HealthSettings } from './health-settings.ts';

/** How a release is looked at. */
export interface HealthPlan extends UntilHealthy {
  readonly path: string;
  readonly expectation: Expectation;
}

/** Where it is looked at. */
export interface ProbedAt {
  readonly url: string;
  /** Values are secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** What to do when it answers 401 or 403 in spite of the headers. */
  readonly refused?: string | undefined;
}

/** What of a watch goes on: the texts hold no secret. */
export interface Watched {
  readonly watch: Watch;
  readonly failure: ProjectFailure | undefined;
}

export interface WatchTools {
  readonly http: HttpClient;
  readonly signal: AbortSignal;
  readonly redact: (text: string) => string;
  readonly log: { readonly info: (text: string) => void };
}

/** The settings of a deploy action with the defaults of the action `health`. */
export async function healthPlan(given: HealthSettings | undefined, workspace: string): Promise<HealthPlan> {
  const values: Record<string, unknown> = {};
  for (const [name, input] of Object.entries(inputs)) {
    const value = Object.entries(given ?? {}).find(([key]) => key === name)?.[1];
    const preset = 'default' in input ? await input.kind.fromText(input.default, { workspace }) : undefined;
    values[camelCase(name)] = value ?? preset;
  }
  // Each has been read by the kind that the input declares.
  const health = values as unknown as Omit<HealthInputs, 'url' | 'headers'>;
  const { path = '', consecutive, interval, timeout, maxLatency } = health;
  const expectation = expectationOf(health);
  return { path, consecutive, interval, timeout, maxLatency, expectation };
}

/** Probes until so many good answers came in a row, or the time is over. */
export function untilHealthy(plan: HealthPlan, at: ProbedAt, tools: WatchTools): Promise<Watched> {
  return told(plan, at, tools, (wish) => watchUntilHealthy(wish, plan, tools));
}

/** Probes for a time, and ends at once on a bad answer. @param duration milliseconds */
export function whileServing(plan: HealthPlan, at: ProbedAt, duration: number, tools: WatchTools): Promise<Watched> {
  const { interval, maxLatency } = plan;
  return told(plan, at, tools, (wish) => watchWhileServing(wish, { duration, interval, maxLatency }, tools));
}

async function told(
  plan: HealthPlan,
  { url, headers, refused }: ProbedAt,
  { redact, log }: WatchTools,
  look: (wish: Parameters<typeof watchUntilHealthy>[0]) => Promise<Watch>,
): Promise<Watched> {
  const address = probeAddress(url, plan.path) ?? url;
  const seen = await look({ url: address, headers, expectation: plan.expectation, timeout: PROBE_LIMIT });
  const bad = seen.bad === undefined ? undefined : { ...seen.bad, text: redact(seen.bad.text) };
  const watch: Watch = { ...seen, bad, told: redact(seen.told) };
  log.info(`${addressText(address)}: ${bad === undefined ? 'healthy' : 'not healthy'}: ${watch.told}`);
  const status = bad?.kind === 'status' ? watch.probes.at(-1)?.status : undefined;
  const isRefused = (status === 401 || status === 403) && Object.keys(headers).length > 0;
  return {
    watch,
    failure: bad === undefined ? undefined : healthFailure({ ...watch, bad }, address, isRefused ? refused : undefined),
  };
}
