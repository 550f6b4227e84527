import type { Count } from './types.ts';

/** Decimals that the input kind `percentage` takes at most. */
const DECIMALS = 10;

/** One hundred percent in units of the last decimal. */
const WHOLE = 100n * 10n ** BigInt(DECIMALS);

/** A limit in units of its last decimal: a double of at most 100 gives ten decimals back as they were written. */
function exact(limit: number): bigint {
  return BigInt(limit.toFixed(DECIMALS).replace('.', ''));
}

/** Whether a share reaches a minimum, by whole numbers: 79.996 % is below 80. Nothing to cover reaches everything. */
export function reaches({ covered, total }: Count, minimum: number): boolean {
  return BigInt(covered) * WHOLE >= exact(minimum) * BigInt(total);
}

/** How many more have to be covered to reach a minimum, when nothing else changes; 0 when it is reached. */
export function missingFor({ covered, total }: Count, minimum: number): number {
  const needed = (exact(minimum) * BigInt(total) + WHOLE - 1n) / WHOLE - BigInt(covered);
  return needed > 0n ? Number(needed) : 0;
}

/** A share in percent, cut to two decimals: what is below a limit never looks as if it reached it. Undefined of nothing. */
export function percentOf({ covered, total }: Count): number | undefined {
  return total === 0 ? undefined : Number((BigInt(covered) * 10_000n) / BigInt(total)) / 100;
}

/** `79.99 % (7,999 of 10,000)` */
export function shareText(count: Count): string {
  const { covered, total } = count;
  return total === 0 ? 'nothing to cover' : `${percentText(count)} (${grouped(covered)} of ${grouped(total)})`;
}

/** `79.99 %`; empty of nothing. */
export function percentText(count: Count): string {
  const percent = percentOf(count);
  return percent === undefined ? '' : `${percent.toFixed(2)} %`;
}

/** A whole number with its thousands apart. */
export function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

/** Whether a share went down by more percentage points than that, by whole numbers. Both totals are above 0. */
export function dropsBeyond(base: Count, now: Count, maximum: number): boolean {
  return lostShare(base, now) * WHOLE > exact(maximum) * BigInt(base.total) * BigInt(now.total);
}

/** Whether a share went down at all. */
export function isWorse(base: Count, now: Count): boolean {
  return lostShare(base, now) > 0n;
}

/**
 * By how many percentage points a share went down, below 0 when it went up; two decimals, rounded up, so that a drop
 * beyond a limit never looks as if it kept it. Both totals are above 0.
 */
export function pointsLost(base: Count, now: Count): number {
  const parts = lostShare(base, now) * 10_000n;
  const whole = BigInt(base.total) * BigInt(now.total);
  // Division of BigInts cuts towards 0, which is upwards below 0.
  const up = parts > 0n ? (parts + whole - 1n) / whole : parts / whole;
  return Number(up) / 100;
}

/** Lost share times both totals. */
function lostShare(base: Count, now: Count): bigint {
  return BigInt(base.covered) * BigInt(now.total) - BigInt(now.covered) * BigInt(base.total);
}

/** Adds counts up. */
export function sumOf(counts: Iterable<Count>): Count {
  let [covered, total] = [0, 0];
  for (const count of counts) {
    covered += count.covered;
    total += count.total;
  }
  return { covered, total };
}
