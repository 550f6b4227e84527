import type { GoogleAnswer, GoogleClient } from '../../../google/client.ts';
import { OutsideFault } from '../../../runtime/errors.ts';
import { refused } from './faults.ts';
import type { Place } from './place.ts';
import type { Operation } from './resources.ts';

/** How long a revision may take to come up, in milliseconds: a startup probe may take an hour, nearly all take seconds. */
const LONGEST = 900_000;

/** How long one call waits, in seconds: below the time after which proxies give up. */
const ONE_WAIT = 20;

/** How a long-running operation ended. */
export type Ended = { readonly response: Readonly<Record<string, unknown>> } | { readonly problem: string };

/**
 * Waits for the end of an operation (projects.locations.operations.wait).
 *
 * @throws OutsideFault PIPE-CLOUDRUN-008 when it does not end, and what a refused or lost call throws
 */
export async function ended(
  client: GoogleClient,
  place: Place,
  answer: GoogleAnswer,
  longest = LONGEST,
): Promise<Ended> {
  const started = performance.now();
  let operation = answer.body as Operation;
  let polls = 0;
  while (operation.done !== true) {
    if (performance.now() - started > longest || operation.name === undefined) {
      throw neverEnded(place, polls, performance.now() - started);
    }
    const polled = await client.send({
      method: 'POST',
      url: `https://run.googleapis.com/v2/${operation.name}:wait`,
      body: { timeout: `${ONE_WAIT}s` },
      idempotent: true,
      timeout: (ONE_WAIT + 20) * 1_000,
    });
    polls += 1;
    if (polled.status !== 200) {
      throw refused(client, place, 'tell how a deployment goes', polled, 'the deployment may still be going on');
    }
    operation = polled.body as Operation;
  }
  if (operation.error === undefined) return { response: operation.response ?? {} };
  return { problem: operation.error.message ?? `code ${operation.error.code}` };
}

function neverEnded(place: Place, tries: number, elapsed: number): OutsideFault {
  return new OutsideFault(
    {
      code: 'PIPE-CLOUDRUN-008',
      what: `the deployment of ${place.service} in ${place.region} does not come to an end`,
      remedy: 'see the revision in the console; run again: what is there by then is taken up',
      state: 'the deployment may still be going on; traffic is where it was',
    },
    { service: 'Cloud Run', tries, elapsed },
  );
}
