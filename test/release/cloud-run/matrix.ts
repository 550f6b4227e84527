import { expect } from 'vitest';
import { startGcloudWitness } from '../../support/cloud-run/gcloud-witness.ts';
import type { Case } from '../fault-cases.ts';
import { faultMatrix, type Verdict, verdictText } from '../fault-matrix.ts';
import type { ActionName } from '../operations.ts';
import { startWorld } from './place.ts';
import { cloudRunScenario, QUICK } from './scenario.ts';

/**
 * The matrix of faults on Cloud Run, on several services at the same time: while one waits for a call that stalls, the
 * others go on.
 *
 * @param choose the cases of a good run's calls that are tried; all when left out
 */
export async function cloudRunMatrix(
  operation: ActionName,
  choose?: (calls: number) => readonly Case[],
): Promise<Verdict> {
  const world = await startWorld(QUICK);
  const witness = await startGcloudWitness(world.cloud);
  try {
    const [first, ...others] = ['api1', 'api2', 'api3'].map((name) => cloudRunScenario(world, witness, name));
    if (first === undefined) throw new TypeError('there is no service');
    const verdict = await faultMatrix([first, ...others], choose, operation);
    console.log(verdictText('cloud-run', verdict), verdict.calls);
    return verdict;
  } finally {
    await witness.stop();
    await world.stop();
  }
}

/** Longest time of the whole matrix of an operation, in milliseconds. */
export const WHOLE = { timeout: 7_200_000 };

/** Every case of an operation keeps what is promised; each has a file of its own, as they take their hours beside each other. */
export async function expectWholeMatrix(operation: ActionName): Promise<void> {
  const verdict = await cloudRunMatrix(operation);
  expect(verdict.violations).toEqual([]);
  expect(verdict.failedRequests).toEqual([]);
  expect(verdict.cases).toBe(verdict.calls.length * 20);
  expect(verdict.readings).toBeGreaterThanOrEqual(2 * verdict.cases);
}
