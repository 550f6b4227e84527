import { expect, it } from 'vitest';
import { faultMatrix, sampleCases, verdictText } from '../fault-matrix.ts';
import { firebaseScenario } from './scenario.ts';

it.each(['deploy', 'promote', 'rollback'] as const)(
  'of %s ends done or undone whatever goes wrong, converges when killed, and loses no request (a sample)',
  async (operation) => {
    const { scenario, stop } = await firebaseScenario();
    try {
      // One in four, so that it stays short: the whole of it is in the slow test.
      const some = (calls: number) => sampleCases(calls).filter((_, index) => index % 4 === 0);
      const verdict = await faultMatrix(scenario, some, operation);
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
  },
);
