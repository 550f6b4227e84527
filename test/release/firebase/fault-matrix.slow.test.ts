import { expect, it } from 'vitest';
import { startFirebaseWitness } from '../../support/firebase/witness.ts';
import { faultMatrix, type Scenario, verdictText } from '../fault-matrix.ts';
import { PROJECT } from './room.ts';
import { firebaseScenario } from './scenario.ts';

/** A project of its own, what serves in it being told by Firebase's own program. */
async function witnessed(): Promise<{ readonly scenario: Scenario; readonly stop: () => Promise<void> }> {
  const { scenario, hosting, stop } = await firebaseScenario();
  const witness = await startFirebaseWitness(hosting, PROJECT);
  const stopBoth = async () => {
    await witness.stop();
    await stop();
  };
  return { scenario: { ...scenario, readState: witness.serving }, stop: stopBoth };
}

it.each(['deploy', 'promote', 'rollback'] as const)(
  'of %s ends done or undone whatever goes wrong, as Firebase’s own program sees it, converges when killed, and loses no request',
  async (operation) => {
    // Three projects at once: most of the time somebody waits.
    const [first, ...others] = [await witnessed(), await witnessed(), await witnessed()] as const;
    try {
      const scenarios = [first.scenario, ...others.map(({ scenario }) => scenario)] as const;
      const verdict = await faultMatrix(scenarios, undefined, operation);
      console.log(verdictText('firebase', verdict), verdict.calls);
      expect(verdict.violations).toEqual([]);
      expect(verdict.failedRequests).toEqual([]);
      expect(verdict.cases).toBe(verdict.calls.length * 20);
    } finally {
      for (const { stop } of [first, ...others]) await stop();
    }
  },
  3_600_000,
);
