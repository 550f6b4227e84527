import { expect, it } from 'vitest';
import { faultMatrix, sampleCases, verdictText } from './fault-matrix.ts';
import { startFolders } from './folders/agent.ts';
import { foldersScenario } from './folders/scenario.ts';

it.each(['deploy', 'promote', 'rollback'] as const)(
  'of %s ends done or undone whatever goes wrong, converges when killed, and loses no request (a sample)',
  async (operation) => {
    const folders = await startFolders();
    try {
      const verdict = await faultMatrix(foldersScenario(folders), sampleCases, operation);
      console.log(verdictText('folders', verdict));
      expect(verdict.violations).toEqual([]);
      expect(verdict.failedRequests).toEqual([]);
      expect(verdict.requests).toBeGreaterThan(verdict.cases);
      expect(verdict.done).toBeGreaterThan(0);
      expect(verdict.undone).toBeGreaterThan(0);
      expect(verdict.converged).toBeGreaterThan(0);
    } finally {
      await folders.stop();
    }
  },
);
