import { setTimeout as delay } from 'node:timers/promises';
import type { Reader, Revision } from './seen.ts';
import type { EnvironmentName } from './world.ts';

/** What was seen from outside while something happened. */
export interface Visit {
  /** How often the address was asked, and how often it did not answer with 200. */
  readonly asked: number;
  readonly failed: number;
  /** How the traffic was divided, each change once, in order: revision to percent. */
  readonly shares: readonly Readonly<Record<string, number>>[];
}

const PAUSE = 40;

/** Asks an address all the time while something happens, and looks how the traffic is divided. */
export async function whileVisited<T>(
  reader: Reader,
  environment: EnvironmentName,
  path: string,
  happening: () => Promise<T>,
): Promise<{ readonly value: T; readonly visit: Visit }> {
  const url = `${await reader.address(environment)}${path}`;
  let isOver = false;
  let asked = 0;
  let failed = 0;
  const shares: Record<string, number>[] = [];
  const visit = async () => {
    while (!isOver) {
      const { status } = await reader.ask(url);
      asked += 1;
      if (status !== 200) failed += 1;
      await delay(PAUSE);
    }
  };
  const look = async () => {
    while (!isOver) {
      const now = sharesOf((await reader.serving(environment)) ?? []);
      if (JSON.stringify(now) !== JSON.stringify(shares.at(-1))) shares.push(now);
      await delay(2 * PAUSE);
    }
  };
  const watching = Promise.all([visit(), look()]);
  const [value] = await Promise.all([
    happening().finally(() => {
      isOver = true;
    }),
    watching,
  ]);
  return { value, visit: { asked, failed, shares } };
}

function sharesOf(revisions: readonly Revision[]): Record<string, number> {
  return Object.fromEntries(revisions.map(({ name, percent }) => [name, percent]).sort());
}
