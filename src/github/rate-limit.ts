import type { HttpResponse } from '../runtime/http.ts';

/** How long GitHub wants no further request, in milliseconds from `now`. */
export interface RateLimit {
  readonly kind: 'primary' | 'secondary';
  readonly wait: number;
}

/** What to wait when a secondary limit says no time (docs.github.com, "Rate limits for the REST API"). */
const UNSAID_WAIT = 60_000;

/**
 * The limit that an answer speaks of: 403 or 429 with `retry-after` or with `x-ratelimit-remaining: 0`, and secondary
 * limits that only the message names. Follows docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api.
 *
 * @param now milliseconds since 1970
 * @returns undefined when the answer is no matter of limits
 */
export function rateLimitOf(response: HttpResponse, now: number): RateLimit | undefined {
  if (response.status !== 403 && response.status !== 429) return undefined;
  const { headers } = response;
  const seconds = headers['retry-after']?.trim() ?? '';
  if (/^\d{1,9}$/.test(seconds)) return { kind: 'secondary', wait: Number(seconds) * 1_000 };
  const reset = headers['x-ratelimit-reset']?.trim() ?? '';
  if (headers['x-ratelimit-remaining']?.trim() === '0' && /^\d{1,12}$/.test(reset)) {
    // The clocks of both sides differ by up to a second or so.
    return { kind: 'primary', wait: Math.max(0, Number(reset) * 1_000 - now) + 1_000 };
  }
  const named = /secondary rate limit|abuse detection/i.test(response.body.toString('utf8', 0, 4_096));
  return named || response.status === 429 ? { kind: 'secondary', wait: UNSAID_WAIT } : undefined;
}
