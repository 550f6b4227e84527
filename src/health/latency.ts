/** Milliseconds, whole. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
}

/** Percentiles by nearest rank: p95 of fewer than 20 values is the largest; undefined of none. */
export function latencyOf(latencies: readonly number[]): Latency | undefined {
  const sorted = [...latencies].sort((left, right) => left - right);
  const rank = (share: number) => Math.round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0);
  return sorted.length === 0 ? undefined : { p50: rank(0.5), p95: rank(0.95) };
}
