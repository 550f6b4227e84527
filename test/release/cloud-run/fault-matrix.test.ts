import { expect, it } from 'vitest';
import { sampleCases } from '../fault-cases.ts';
import { cloudRunMatrix } from './matrix.ts';

it('ends done or undone whatever goes wrong, as gcloud sees it, converges when killed, and loses no request (a sample)', async () => {
  const verdict = await cloudRunMatrix('deploy', (calls) => {
    return sampleCases(calls).filter((_, index) => index % 7 === 0);
  });
  expect(verdict.violations).toEqual([]);
  expect(verdict.failedRequests).toEqual([]);
  expect(verdict.requests).toBeGreaterThan(verdict.cases);
  expect(verdict.done).toBeGreaterThan(0);
  expect(verdict.readings).toBeGreaterThanOrEqual(2 * verdict.cases);
});
