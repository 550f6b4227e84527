import { expect, it } from 'vitest';
import { loadVercelSchemas, type VercelSchemas } from '../../support/vercel/schemas.ts';
import { createVercel } from '../../support/vercel/vercel.ts';
import { startVercelWitness } from '../../support/vercel/witness.ts';
import { faultMatrix, type Scenario, verdictText } from '../fault-matrix.ts';
import { DOMAIN, TOKEN } from './room.ts';
import { vercelScenario } from './scenario.ts';

/** A team of its own, what serves there being told by Vercel's own program. */
async function witnessed(
  schemas: VercelSchemas,
): Promise<{ readonly scenario: Scenario; readonly stop: () => Promise<void> }> {
  const vercel = createVercel({ domains: [DOMAIN], schemas });
  const scenario = vercelScenario(vercel);
  const witness = await startVercelWitness(vercel, TOKEN);
  return { scenario: { ...scenario, readState: () => witness.serving(DOMAIN) }, stop: witness.stop };
}

it.each(['deploy', 'promote', 'rollback'] as const)(
  'of %s ends done or undone whatever goes wrong, as Vercel’s own program sees it, converges when killed, and loses no request',
  async (operation) => {
    const schemas = await loadVercelSchemas();
    // Three teams at once: most of the time somebody waits.
    const [first, ...others] = [await witnessed(schemas), await witnessed(schemas), await witnessed(schemas)] as const;
    try {
      const scenarios = [first.scenario, ...others.map(({ scenario }) => scenario)] as const;
      const verdict = await faultMatrix(scenarios, undefined, operation);
      console.log(verdictText('vercel', verdict), verdict.calls);
      expect(verdict.violations).toEqual([]);
      expect(verdict.failedRequests).toEqual([]);
      expect(verdict.cases).toBe(verdict.calls.length * 20);
    } finally {
      for (const { stop } of [first, ...others]) await stop();
    }
  },
  3_600_000,
);
