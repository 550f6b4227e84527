import { expect, it } from 'vitest';
import { faultMatrix, sampleCases, verdictText } from '../fault-matrix.ts';
import { startWorld } from './place.ts';
import { cloudRunScenario, QUICK } from './scenario.ts';

it('ends done or undone whatever goes wrong, converges when killed, and loses no request (a sample)', async () => {
  const world = await startWorld(QUICK);
  try {
    const verdict = await faultMatrix(cloudRunScenario(world), (calls) => {
      return sampleCases(calls).filter((_, index) => index % 9 === 0);
    });
    console.log(verdictText('cloud-run', verdict));
    expect(verdict.violations).toEqual([]);
    expect(verdict.failedRequests).toEqual([]);
    expect(verdict.requests).toBeGreaterThan(verdict.cases);
    expect(verdict.done).toBeGreaterThan(0);
  } finally {
    await world.stop();
  }
});
