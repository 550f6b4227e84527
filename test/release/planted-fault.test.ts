import { expect, it, vi } from 'vitest';
import type * as converge from '../../src/release/converge.ts';
import { type Case, faultMatrix } from './fault-matrix.ts';
import { startFolders } from './folders/agent.ts';
import { foldersScenario } from './folders/scenario.ts';

// Recovery as one writes it at first: what was not answered counts as not done, and nothing is read back.
vi.mock('../../src/release/converge.ts', async (original) => {
  const real = await original<typeof converge>();
  const naive: typeof real.shiftTraffic = (platform, shares, from, reason) => platform.shift(shares, from, reason);
  return { ...real, shiftTraffic: naive, readOr: async () => undefined };
});

it('finds a recovery that takes a lost answer for a change that was not made', async () => {
  const folders = await startFolders();
  const lost = (calls: number): readonly Case[] =>
    Array.from({ length: calls }, (_, call) => ({ call, fault: 'lost', lasts: 'always' }));
  try {
    const { violations } = await faultMatrix(foldersScenario(folders), lost);
    expect(violations).toContainEqual(
      expect.stringMatching(/^lost from then on at PUT folders\.test.*traffic: failed/),
    );
  } finally {
    await folders.stop();
  }
});
