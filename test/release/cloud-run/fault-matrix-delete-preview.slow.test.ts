import { expect, it } from 'vitest';
import { cloudRunMatrix } from './matrix.ts';

it('of delete-preview ends done or undone whatever goes wrong, as gcloud sees it, converges when killed, and loses no request', {
  timeout: 7_200_000,
}, async () => {
  const verdict = await cloudRunMatrix('delete-preview');
  expect(verdict.violations).toEqual([]);
  expect(verdict.failedRequests).toEqual([]);
  expect(verdict.cases).toBe(verdict.calls.length * 20);
  expect(verdict.readings).toBeGreaterThanOrEqual(2 * verdict.cases);
});
