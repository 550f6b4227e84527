import { OutsideFault, PipelineError } from '../runtime/errors.ts';
import { waitFor } from '../runtime/http.ts';
import type { Log } from '../runtime/log.ts';
import { readOr, serving, shiftTraffic, trafficText } from './converge.ts';
import { movedBack, notMovedBack, notTheOneMeant } from './faults.ts';
import type { Patience } from './patience.ts';
import { isSameRelease, placeText, type ReleaseReference } from './reference.ts';
import { isSameTraffic, mainRelease, shareOf, trafficWith, trafficWithout, wholly } from './shares.ts';
import type { Platform, Release, Serving, Share } from './target.ts';
import { TrafficMoved } from './traffic-moved.ts';
import type { Watched } from './watch.ts';

/** How traffic goes to a release. */
export interface PromotionPlan {
  /** Shares before the last one, in percent, rising, each 1 to 99; empty: all at once. */
  readonly steps: readonly number[];
  /** Milliseconds that each of them is watched. */
  readonly interval: number;
  /** What should serve until now; undefined: whatever does. */
  readonly expected: ReleaseReference | undefined;
}

/** Looks at what serves; each comes to undefined where health is off. */
export interface Looks {
  /** At the release, for so many milliseconds, between two steps. */
  readonly between: (duration: number) => Promise<Watched | undefined>;
  /** At the address that users ask, after the last step. */
  readonly after: (serving: Serving) => Promise<Watched | undefined>;
}

export interface PromotionTools {
  readonly log: Pick<Log, 'info'>;
  readonly patience: Patience;
  readonly looks: Looks;
  /** Waits; replaced in tests. */
  readonly wait?: typeof waitFor | undefined;
}

/** What a promotion came to. */
export interface Promoted {
  readonly serving: Serving;
  readonly watched: Watched | undefined;
}

/** What serves, as it was last seen by this run. */
interface Known {
  now: Serving;
}

/** The release has so much of the traffic and is not well. */
class NotWell extends Error {
  readonly percent: number;
  readonly failure: PipelineError;

  constructor(percent: number, failure: PipelineError) {
    super(failure.message);
    this.percent = percent;
    this.failure = failure;
  }
}

/**
 * Moves all traffic to a release, in steps, looks at it between them and after the last one, and puts the traffic back
 * when it is not well or can't be moved on. A run that is cancelled between two steps puts it back, too. One that was
 * killed there is continued by the next.
 *
 * @param from what serves now
 * @throws TrafficMoved when something else moves traffic: nothing is put back then
 * @throws ProjectFailure PIPE-RELEASE-010 not well, all is as before; PIPE-RELEASE-011 not well, and not put back;
 * PIPE-RELEASE-013 the platform serves something else than it was told
 * @throws PipelineError of the platform, when all is as before; the signal's reason when it was cancelled
 */
export async function promoteRelease(
  platform: Platform,
  { reference }: Release,
  from: Serving,
  plan: PromotionPlan,
  tools: PromotionTools,
): Promise<Promoted> {
  refuseForeign(reference, from, plan.expected);
  const baseline = trafficBefore(reference, from, plan.expected);
  const known: Known = { now: from };
  return await tools.patience.moving(async () => {
    try {
      const steps = throughSteps(platform, reference, known, baseline, plan, tools);
      const after = await steps.catch((error: unknown) => doneAllTheSame(platform, reference, error));
      known.now = after;
      const watched = await tools.looks.after(after);
      if (watched?.failure !== undefined) throw new NotWell(100, watched.failure);
      return { serving: after, watched };
    } catch (error) {
      if (error instanceof TrafficMoved) throw error;
      throw await putBack(platform, reference, known.now, baseline, error, tools);
    }
  });
}

/** The platform did not answer, and has done what it was told: that is no failure. */
async function doneAllTheSame(platform: Platform, reference: ReleaseReference, error: unknown): Promise<Serving> {
  const now = error instanceof OutsideFault ? await readOr(() => platform.current()) : undefined;
  if (now !== undefined && isSameTraffic(now.shares, wholly(reference))) return now;
  throw error;
}

/** What had the traffic before a release, and gets it back when the release is not well; none: nothing served. */
export function trafficBefore(
  reference: ReleaseReference,
  from: Serving,
  expected: ReleaseReference | undefined,
): readonly Share[] {
  const others = trafficWithout(reference, from);
  if (others.length > 0) return others;
  const last = expected ?? from.previous;
  return last === undefined || isSameRelease(last, reference) ? [] : wholly(last);
}

/** What a run that was killed between two steps has left a share may stay as it is: the greatest share counts. */
function refuseForeign(reference: ReleaseReference, from: Serving, expected: ReleaseReference | undefined): void {
  const main = mainRelease({ ...from, shares: trafficWithout(reference, from) });
  if (expected === undefined || main === undefined || isSameRelease(main, expected)) return;
  throw new TrafficMoved(placeText(reference), trafficText(from));
}

async function throughSteps(
  platform: Platform,
  reference: ReleaseReference,
  known: Known,
  baseline: readonly Share[],
  { steps, interval }: PromotionPlan,
  tools: PromotionTools,
): Promise<Serving> {
  const { patience, log, wait } = tools;
  const pace = { signal: patience.signal, ...(wait === undefined ? {} : { wait }) };
  const from = known.now;
  const reached = shareOf(reference, from.shares);
  for (const percent of [...steps.filter((step) => step > reached && step < 100), 100]) {
    patience.cancelled.throwIfAborted();
    const shares = trafficWith(reference, percent, baseline);
    if (isSameTraffic(known.now.shares, shares)) continue;
    const before = known.now === from ? from : await unmoved(platform, known.now, reference);
    known.now = await shiftTraffic(platform, shares, before, 'promote', pace);
    log.info(`traffic: ${trafficText(known.now)}`);
    if (percent < 100) await staysWell(interval, percent, tools);
  }
  if (!isSameTraffic(known.now.shares, wholly(reference))) throw notTheOneMeant(reference, trafficText(known.now));
  return known.now;
}

/** What serves, read again after a step was watched: somebody else may have moved traffic meanwhile. */
async function unmoved(platform: Platform, before: Serving, reference: ReleaseReference): Promise<Serving> {
  const now = await platform.current();
  if (now !== undefined && isSameTraffic(now.shares, before.shares)) return now;
  throw new TrafficMoved(placeText(reference), trafficText(now));
}

async function staysWell(
  interval: number,
  percent: number,
  { looks, patience, wait = waitFor }: PromotionTools,
): Promise<void> {
  const started = performance.now();
  const watched = await looks.between(interval);
  if (watched?.failure !== undefined) throw new NotWell(percent, watched.failure);
  const rest = interval - (performance.now() - started);
  if (rest > 0) await wait(rest, patience.cancelled);
  patience.cancelled.throwIfAborted();
}

/**
 * Puts the traffic back where it was.
 *
 * @param known what serves, where it can't be read now
 * @returns what is to be thrown: the error that led here, or what came of it
 */
async function putBack(
  platform: Platform,
  reference: ReleaseReference,
  known: Serving,
  baseline: readonly Share[],
  error: unknown,
  { patience, log, wait }: PromotionTools,
): Promise<unknown> {
  const isBad = error instanceof NotWell;
  const cause = isBad ? error.failure : error;
  // A cancelled run that has moved all has left the traffic whole.
  if (!(cause instanceof PipelineError) && !patience.cancelled.aborted) return cause;
  const pace = { signal: patience.signal, ...(wait === undefined ? {} : { wait }) };
  // What can't be read may still be written: the platform's guard sees to it that nobody else's traffic is moved.
  const now = (await readOr(() => serving(platform, pace))) ?? known;
  const percent = shareOf(reference, now.shares);
  if (percent === 0 || (percent === 100 && !isBad)) return cause;
  const faults = cause instanceof PipelineError ? cause.faults : CANCELLED;
  if (baseline.length === 0) return notMovedBack(reference, faults, 'nothing served before it');
  try {
    const after = await shiftTraffic(platform, baseline, now, isBad ? 'roll-back' : 'promote', pace);
    log.info(`traffic, moved back: ${trafficText(after)}`);
    return isBad ? movedBack(reference, error.percent, faults) : cause;
  } catch (failed) {
    if (!(failed instanceof PipelineError)) throw failed;
    if (failed instanceof TrafficMoved) return failed;
    return notMovedBack(reference, faults, `moving it back failed as well (${failed.faults[0].what})`);
  }
}

const CANCELLED = [{ code: 'PIPE-RELEASE-017', what: 'the run was cancelled while traffic was moving' }] as const;
