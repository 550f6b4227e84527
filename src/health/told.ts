import { durationText } from '../runtime/kinds.ts';
import type { Latency } from './latency.ts';
import type { Probe } from './probe.ts';

/** Stretches that are told one by one; the ones in the middle of more are counted. */
const MOST_STRETCHES = 9;

interface Stretch {
  readonly text: string;
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

/**
 * What was seen over time, as one line: `5 × connection refused (0s to 8s), 2 × status 503 (10s to 12s), 3 × status 200
 * (14s to 18s); p50 34ms, p95 61ms`.
 */
export function toldOf(probes: readonly Probe[], latency: Latency | undefined): string {
  const start = probes[0]?.at ?? 0;
  const stretches: Stretch[] = [];
  for (const { text, at } of probes) {
    const last = stretches.at(-1);
    const isSame = last?.text === text;
    const from = isSame ? last.from : at - start;
    if (isSame) stretches.pop();
    stretches.push({ text, count: isSame ? last.count + 1 : 1, from, to: at - start });
  }
  const cut = stretches.length - MOST_STRETCHES;
  const head = stretches.slice(0, cut > 0 ? 4 : stretches.length).map(stretchText);
  const tail = cut > 0 ? stretches.slice(-4).map(stretchText) : [];
  const parts = cut > 0 ? [...head, `${stretches.length - 8} more changes`, ...tail] : head;
  return `${parts.join(', ')}${latency === undefined ? '' : `; ${latencyText(latency)}`}`;
}

function latencyText({ p50, p95 }: Latency): string {
  return `p50 ${durationText(p50)}, p95 ${durationText(p95)}`;
}

function stretchText({ text, count, from, to }: Stretch): string {
  const time = count === 1 ? `at ${durationText(from)}` : `${durationText(from)} to ${durationText(to)}`;
  return `${count} × ${text} (${time})`;
}
