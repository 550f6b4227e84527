import { setTimeout as delay } from 'node:timers/promises';
import { durationText } from '../runtime/kinds.ts';
import { connectionFault, LOCK_REMEDY, lockFault, mayPass } from './apply-faults.ts';
import { type DatabaseAddress, shownAddress } from './database-url.ts';
import { type Connection, connectTo } from './postgres-client.ts';

/** Whom waiting tells, and what ends it. */
export interface Patience {
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Between two tries of a connection, in milliseconds: at first, and at most. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;

/** Between two looks at a lock, in milliseconds: at first, and at most. */
const FIRST_LOOK = 250;
export const PAUSE = 2_000;

/** Between two words about who holds the lock, in milliseconds. */
const SAY_EVERY = 10_000;

/**
 * Connects, with growing pauses while nobody listens or the server is starting.
 *
 * @param deadline by the clock of `performance.now()`
 * @throws PipelineError PIPE-MIGRATE-023 to 026
 */
export async function connect(
  address: DatabaseAddress,
  { say, signal }: Patience,
  deadline: number,
): Promise<Connection> {
  const started = performance.now();
  let pause = FIRST_PAUSE;
  for (let tries = 1; ; tries += 1) {
    try {
      return await connectTo(address);
    } catch (error) {
      signal.throwIfAborted();
      const elapsed = performance.now() - started;
      if (!mayPass(error) || performance.now() + pause > deadline) {
        throw connectionFault(error, address, { tries, elapsed });
      }
      if (tries === 1)
        say(`${shownAddress(address)} does not answer yet; trying for ${durationText(deadline - performance.now())}`);
    }
    await delay(pause, undefined, { signal });
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
}

/**
 * Waits while another migration holds the lock, and says so.
 *
 * @param holder who holds it, in words; undefined when it is free, or ours from now on
 * @param remedy what to do about one that is not given back
 * @throws OutsideFault PIPE-MIGRATE-030
 */
export async function waitForLock(
  holder: () => Promise<string | undefined>,
  { say, signal }: Patience,
  deadline: number,
  remedy = LOCK_REMEDY,
): Promise<void> {
  const started = performance.now();
  let said = Number.NEGATIVE_INFINITY;
  let pause = FIRST_LOOK;
  for (let looks = 1; ; looks += 1) {
    const other = await holder();
    if (other === undefined) return;
    const now = performance.now();
    if (now + pause > deadline) throw lockFault(other, looks, now - started, remedy);
    if (now - said >= SAY_EVERY) {
      say(`waiting: another migration holds the lock, ${other}`);
      said = now;
    }
    await delay(pause, undefined, { signal });
    pause = Math.min(pause * 2, PAUSE);
  }
}
