import { expect, it } from 'vitest';
import { faultMatrix, verdictText } from '../fault-matrix.ts';
import { firebaseScenario } from './scenario.ts';

it.each(['deploy', 'promote', 'rollback'] as const)(
  'of %s ends done or undone whatever goes wrong, converges when killed, and loses no request (all of it)',
  async (operation) => {
    const { scenario, seenByCli, stop } = await firebaseScenario();
    try {
      const verdict = await faultMatrix(scenario, undefined, operation);
      console.log(verdictText('firebase', verdict), verdict.calls);
      expect(verdict.violations).toEqual([]);
      expect(verdict.failedRequests).toEqual([]);
      expect(verdict.cases).toBe(verdict.calls.length * 20);
      // What the cases were judged by is what Firebase's own program sees.
      expect(await scenario.readState()).toEqual(await seenByCli());
    } finally {
      await stop();
    }
  },
  3_600_000,
);
