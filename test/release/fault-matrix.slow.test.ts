import { expect, it } from 'vitest';
import { faultMatrix, verdictText } from './fault-matrix.ts';
import { startFolders } from './folders/agent.ts';
import { foldersScenario } from './folders/scenario.ts';

it.each(['deploy', 'promote', 'rollback', 'delete-preview'] as const)(
  'of %s ends done or undone whatever goes wrong, converges when killed, and loses no request (all of it)',
  async (operation) => {
    const folders = await startFolders();
    try {
      const verdict = await faultMatrix(foldersScenario(folders), undefined, operation);
      console.log(verdictText('folders', verdict), verdict.calls);
      expect(verdict.violations).toEqual([]);
      expect(verdict.failedRequests).toEqual([]);
      expect(verdict.cases).toBe(verdict.calls.length * 20);
    } finally {
      await folders.stop();
    }
  },
  1_200_000,
);
