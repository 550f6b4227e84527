import { expect, it } from 'vitest';
import { loadVercelSchemas } from '../../support/vercel/schemas.ts';
import { createVercel } from '../../support/vercel/vercel.ts';
import { faultMatrix, verdictText } from '../fault-matrix.ts';
import { DOMAIN } from './room.ts';
import { vercelScenario } from './scenario.ts';

it.each(['deploy', 'promote', 'rollback'] as const)(
  'of %s ends done or undone whatever goes wrong, converges when killed, and loses no request',
  async (operation) => {
    const vercel = createVercel({ domains: [DOMAIN], schemas: await loadVercelSchemas() });
    const verdict = await faultMatrix(vercelScenario(vercel), undefined, operation);
    console.log(verdictText('vercel', verdict));
    expect(verdict.violations).toEqual([]);
    expect(verdict.failedRequests).toEqual([]);
  },
  3_600_000,
);
