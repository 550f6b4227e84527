import { expect, it } from 'vitest';
import { faultMatrix, verdictText } from './fault-matrix.ts';
import { startFolders } from './folders/agent.ts';
import { foldersScenario } from './folders/scenario.ts';

it('ends done or undone whatever goes wrong, converges when killed, and loses no request (all of it)', async () => {
  const folders = await startFolders();
  try {
    const verdict = await faultMatrix(foldersScenario(folders));
    console.log(verdictText('folders', verdict), verdict.calls);
    expect(verdict.violations).toEqual([]);
    expect(verdict.failedRequests).toEqual([]);
    expect(verdict.cases).toBe(verdict.calls.length * 20);
  } finally {
    await folders.stop();
  }
});
