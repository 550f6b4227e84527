/** Answers after which an idempotent request is sent again. */
export const RETRIED: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** How often a request is sent at most, where it does not say otherwise. */
export const TRIES = 4;

/** How often an idempotent request was sent whose last answer had this status. */
export function triesOf(status: number): number {
  return RETRIED.has(status) ? TRIES : 1;
}
