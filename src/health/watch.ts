import type { HttpClient } from '../runtime/http.ts';
import { waitFor } from '../runtime/http.ts';
import { durationText } from '../runtime/kinds.ts';
import type { ProbeKind } from './answer.ts';
import { type Latency, latencyOf } from './latency.ts';
import { type Probe, type ProbeWish, probe } from './probe.ts';
import { toldOf } from './told.ts';

/** What ended a watch badly. */
export interface Bad {
  /** As of a probe, or `latency`: the answers were good and too slow. */
  readonly kind: Exclude<ProbeKind, 'good'> | 'latency';
  /** What was seen, in a few words. */
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Watch {
  readonly healthy: boolean;
  /** Why not; undefined when healthy. */
  readonly bad: Bad | undefined;
  /** Every probe in order. */
  readonly probes: readonly Probe[];
  /** Of the good probes that were judged, in milliseconds; undefined when there was none. */
  readonly latency: Latency | undefined;
  /** What was seen over time, as one line. */
  readonly told: string;
}

/** What a watch needs from outside. */
export interface WatchTools {
  readonly http: HttpClient;
  /** A watch that is aborted throws the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface UntilHealthy {
  /** Good probes in a row, 1 or more. */
  readonly consecutive: number;
  /** Milliseconds between the starts of two probes. */
  readonly interval: number;
  /** Milliseconds after which no further probe begins. */
  readonly timeout: number;
  /** Milliseconds that the 95th percentile of those in a row may have; no limit when undefined. */
  readonly maxLatency: number | undefined;
}

/**
 * Probes until so many good answers came in a row, as fast as they have to be, or the time is over. A slow start does
 * no harm: only the last ones in a row are judged.
 *
 * @throws the signal's reason when it was aborted
 */
export async function watchUntilHealthy(wish: ProbeWish, plan: UntilHealthy, tools: WatchTools): Promise<Watch> {
  const probes: Probe[] = [];
  for await (const next of probesOf(wish, plan.interval, plan.timeout, tools)) {
    probes.push(next);
    const last = probes.slice(-plan.consecutive);
    const isRow = last.length === plan.consecutive && last.every(({ kind }) => kind === 'good');
    if (isRow && slowness(last, plan.maxLatency) === undefined) return watchOf(probes, last, undefined);
  }
  const last = probes.slice(-plan.consecutive);
  const lastBad = probes.findLast(({ kind }) => kind !== 'good');
  const slow = last.every(({ kind }) => kind === 'good') ? slowness(last, plan.maxLatency) : undefined;
  return watchOf(probes, last, slow ?? badOf(lastBad) ?? tooFew(probes, plan));
}

export interface WhileServing {
  /** Milliseconds for which it has to stay good. */
  readonly duration: number;
  /** Milliseconds between the starts of two probes. */
  readonly interval: number;
  /** Milliseconds that the 95th percentile of all answers may have; no limit when undefined. */
  readonly maxLatency: number | undefined;
}

/** What is no answer of the service: the network on the way may be the cause, so it has to happen twice in a row. */
const ON_THE_WAY: ReadonlySet<ProbeKind> = new Set(['connection', 'timeout', 'proxy']);

/**
 * Probes for as long as it is good, and returns at once on what is not: a wrong answer is believed the first time, a
 * connection that failed when the next probe, sent right after it, fails too. At least one probe is made.
 *
 * @throws the signal's reason when it was aborted
 */
export async function watchWhileServing(wish: ProbeWish, plan: WhileServing, tools: WatchTools): Promise<Watch> {
  const probes: Probe[] = [];
  for await (const next of probesOf(wish, plan.interval, plan.duration, tools)) {
    probes.push(next);
    if (ON_THE_WAY.has(next.kind)) {
      const again = await probe(wish, tools.http, tools.signal);
      probes.push(again);
      if (again.kind !== 'good') return watchOf(probes, probes, badOf(again));
    } else if (next.kind !== 'good') return watchOf(probes, probes, badOf(next));
  }
  return watchOf(probes, probes, slowness(probes, plan.maxLatency));
}

/** A probe at once, then one each interval; none begins after the time, and the last one has all of its own. */
async function* probesOf(
  wish: ProbeWish,
  interval: number,
  time: number,
  { http, signal }: WatchTools,
): AsyncGenerator<Probe> {
  const until = performance.now() + time;
  for (;;) {
    const started = performance.now();
    yield await probe(wish, http, signal);
    const next = Math.max(performance.now(), started + interval);
    if (next >= until) return;
    await waitFor(Math.max(0, next - performance.now()), signal);
    signal?.throwIfAborted();
  }
}

function watchOf(probes: readonly Probe[], judged: readonly Probe[], bad: Bad | undefined): Watch {
  const latency = latencyOf(judged.filter(({ kind }) => kind === 'good').map((one) => one.latency));
  return { healthy: bad === undefined, bad, probes, latency, told: toldOf(probes, latency) };
}

function badOf(seen: Probe | undefined): Bad | undefined {
  if (seen === undefined || seen.kind === 'good') return undefined;
  return { kind: seen.kind, text: seen.text, at: seen.at };
}

function slowness(judged: readonly Probe[], most: number | undefined): Bad | undefined {
  const latency = latencyOf(judged.filter(({ kind }) => kind === 'good').map((one) => one.latency));
  if (latency === undefined || most === undefined || latency.p95 <= most) return undefined;
  const text = `p95 ${durationText(latency.p95)}, more than ${durationText(most)}`;
  return { kind: 'latency', text, at: judged.at(-1)?.at ?? 0 };
}

/** Every answer was good and the time was too short for so many. */
function tooFew(probes: readonly Probe[], plan: UntilHealthy): Bad {
  const text = `${probes.length} of ${plan.consecutive} answers in a row came in ${durationText(plan.timeout)}`;
  return { kind: 'timeout', text, at: probes.at(-1)?.at ?? 0 };
}
