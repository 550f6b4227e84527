import { expect, it } from 'vitest';
import { loadVercelSchemas } from '../../support/vercel/schemas.ts';
import { createVercel } from '../../support/vercel/vercel.ts';
import { faultMatrix, sampleCases, verdictText } from '../fault-matrix.ts';
import { DOMAIN } from './room.ts';
import { vercelScenario } from './scenario.ts';

it.each(['deploy', 'promote', 'rollback'] as const)(
  'of %s ends done or undone whatever goes wrong, converges when killed, and loses no request (a sample)',
  async (operation) => {
    const vercel = createVercel({ domains: [DOMAIN], schemas: await loadVercelSchemas() });
    // Every fault comes at some call; `npm run test:slow` tries all of them at each.
    const few = (calls: number) => {
      return sampleCases(calls).filter(({ fault }, index) => index % (fault.startsWith('killed') ? 3 : 6) === 0);
    };
    const verdict = await faultMatrix(vercelScenario(vercel), few, operation);
    console.log(verdictText('vercel', verdict));
    expect(verdict.violations).toEqual([]);
    expect(verdict.failedRequests).toEqual([]);
    expect(verdict.requests).toBeGreaterThan(verdict.cases);
    expect(verdict.done + verdict.undone + verdict.converged).toBeGreaterThan(0);
  },
);
