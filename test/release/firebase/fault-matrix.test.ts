import { expect, it } from 'vitest';
import { faultMatrix, sampleCases, verdictText } from '../fault-matrix.ts';
import { firebaseScenario } from './scenario.ts';

it('ends done or undone whatever goes wrong, converges when killed, and loses no request (a sample)', async () => {
  const { scenario, stop } = await firebaseScenario();
  try {
    const verdict = await faultMatrix(scenario, (calls) => sampleCases(calls).filter((_, index) => index % 3 === 0));
    console.log(verdictText('firebase', verdict));
    expect(verdict.violations).toEqual([]);
    expect(verdict.failedRequests).toEqual([]);
    expect(verdict.requests).toBeGreaterThan(verdict.cases);
    expect(verdict.done).toBeGreaterThan(0);
    expect(verdict.undone).toBeGreaterThan(0);
    expect(verdict.converged).toBeGreaterThan(0);
  } finally {
    await stop();
  }
});
