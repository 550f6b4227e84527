import { expect, it } from 'vitest';
import { faultMatrix, verdictText } from '../fault-matrix.ts';
import { startWorld } from './place.ts';
import { cloudRunScenario, QUICK } from './scenario.ts';

it.each(['deploy', 'promote', 'rollback'] as const)(
  'of %s ends done or undone whatever goes wrong, converges when killed, and loses no request (all of it)',
  { timeout: 7_200_000 },
  async (operation) => {
    const world = await startWorld(QUICK);
    try {
      const verdict = await faultMatrix(cloudRunScenario(world), undefined, operation);
      console.log(verdictText('cloud-run', verdict), verdict.calls);
      expect(verdict.violations).toEqual([]);
      expect(verdict.failedRequests).toEqual([]);
      expect(verdict.cases).toBe(verdict.calls.length * 20);
    } finally {
      await world.stop();
    }
  },
);
