import { OutsideFault, PipelineError } from '../runtime/errors.ts';
import { waitFor } from '../runtime/http.ts';
import { placeText, type ReleaseReference, releaseName } from './reference.ts';
import { isSameTraffic, mainRelease } from './shares.ts';
import type { Mark, Platform, Prepared, Reason, Release, Serving, Share, Staged } from './target.ts';
import { TrafficMoved } from './traffic-moved.ts';

/** How often a write is tried that a service did not answer, each time after its state was read. */
const TRIES = 3;

/** Milliseconds before it is tried again, times the number of tries. */
const PAUSE = 2_000;

/** How the way back to a known state is taken. */
export interface Pace {
  readonly signal: AbortSignal;
  /** Waits; replaced in tests. */
  readonly wait?: typeof waitFor;
}

/**
 * Moves traffic and knows afterwards whether it is moved. An answer that was lost says nothing: what serves is read, and
 * then it is done, or it is tried again, or somebody else was there.
 *
 * @throws TrafficMoved when something else serves than before and than was wanted
 * @throws OutsideFault when nothing was moved, or when that can't be known
 */
export async function shiftTraffic(
  platform: Platform,
  shares: readonly Share[],
  from: Serving,
  reason: Reason,
  pace: Pace,
): Promise<Serving> {
  let before = from;
  for (let tries = 1; ; tries += 1) {
    const outcome = await outcomeOf(() => platform.shift(shares, before, reason));
    if ('serving' in outcome && isSameTraffic(outcome.serving.shares, shares)) return outcome.serving;
    const fault = 'fault' in outcome ? outcome.fault : undefined;
    await pause(tries, pace);
    const now = await serving(platform, pace);
    if (isSameTraffic(now.shares, shares)) return now;
    if (!isSameTraffic(now.shares, from.shares)) throw foreign(shares, now);
    if (tries >= TRIES) throw fault ?? foreign(shares, now);
    before = now;
  }
}

type Outcome = { readonly serving: Serving } | { readonly fault: OutsideFault | TrafficMoved };

/** What a write said. A refusal counts as no answer: it may be that of a second try, whose first one had come through. */
async function outcomeOf(write: () => Promise<Serving>): Promise<Outcome> {
  try {
    return { serving: await write() };
  } catch (error) {
    if (error instanceof OutsideFault || error instanceof TrafficMoved) return { fault: error };
    throw error;
  }
}

/** What serves, read until it can be read. */
export async function serving(platform: Platform, pace: Pace): Promise<Serving> {
  for (let tries = 1; ; tries += 1) {
    try {
      const now = await platform.current();
      if (now !== undefined) return now;
      throw new TypeError('the place that served is gone');
    } catch (error) {
      if (!(error instanceof OutsideFault) || tries >= TRIES) throw error;
      await pause(tries, pace);
    }
  }
}

/**
 * Stages a candidate and knows afterwards whether it is there: one of this commit and these settings is looked for
 * first, and again after an answer that was lost.
 */
export async function stageOnce(
  { platform, stage, fingerprint, isPreview, found: before }: StagedBy,
  mark: Mark,
  pace: Pace,
): Promise<{ readonly release: Staged; readonly isReused: boolean }> {
  const there = candidateAmong(before?.releases ?? (await platform.releases()), mark.commit, fingerprint);
  // Without an address it can't be looked at: the target gives it one. A preview is renewed each time.
  if (there !== undefined && there.url !== '' && isPreview !== true) return { release: there, isReused: true };
  for (let tries = 1; ; tries += 1) {
    try {
      return { release: await stage(mark), isReused: there !== undefined };
    } catch (error) {
      if (!(error instanceof OutsideFault) || pace.signal.aborted) throw error;
      await pause(tries, pace);
      const found = await readOr(async () => candidateAmong(await platform.releases(), mark.commit, fingerprint));
      if (found !== undefined && found.url !== '') return { release: found, isReused: false };
      if (tries >= TRIES) throw error;
    }
  }
}

type StagedBy = Pick<Prepared, 'platform' | 'fingerprint' | 'isPreview' | 'found'> & {
  readonly stage: Prepared['stage'];
};

function candidateAmong(releases: readonly Release[], commit: string, fingerprint: string): Release | undefined {
  return releases.find(({ mark, isReady }) => isReady && mark.commit === commit && mark.fingerprint === fingerprint);
}

/** Removes what may be gone already; a try whose answer was lost is made again. */
export async function removeOnce(platform: Platform, reference: ReleaseReference, pace: Pace): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    try {
      const isRemoved = await platform.remove(reference);
      return isRemoved || tries > 1;
    } catch (error) {
      if (!(error instanceof OutsideFault) || tries >= TRIES) throw error;
      await pause(tries, pace);
    }
  }
}

/** What could be read; undefined when a service did not answer: the failure that led here says more. */
export async function readOr<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof PipelineError) return undefined;
    throw error;
  }
}

async function pause(tries: number, { wait = waitFor, signal }: Pace): Promise<void> {
  await wait(PAUSE * tries, signal);
  signal.throwIfAborted();
}

function foreign(wanted: readonly Share[], now: Serving): TrafficMoved {
  const place = [...wanted, ...now.shares].map(({ reference }) => placeText(reference))[0] ?? now.url;
  return new TrafficMoved(place, trafficText(now));
}

/** `api-00042-kix 90%, api-00043-bor 10%`. */
export function trafficText(now: Serving | undefined): string {
  const shares = now?.shares.map(({ reference, percent }) => `${releaseName(reference)} ${percent}%`) ?? [];
  return mainRelease(now) === undefined ? 'nothing serves' : shares.join(', ');
}
