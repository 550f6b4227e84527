/** A signal for work that must not be cut in the middle: traffic that is being moved. */
export interface Patience {
  /** Aborted when the run is cancelled; while traffic is being moved, only after the time of grace. */
  readonly signal: AbortSignal;
  /** Aborted when the run is cancelled, at once: for waits, and for looking. */
  readonly cancelled: AbortSignal;
  /** Does work that moves traffic, and what puts it back. */
  readonly moving: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * The runner sends SIGINT, SIGTERM 7.5 s later and SIGKILL after 2.5 s more (actions/runner, ProcessInvoker.cs): what is
 * not whole by then stays as it is.
 */
const GRACE = 8_500;

/** @param grace milliseconds that a move of traffic has after the run was cancelled */
export function patienceOf(cancelled: AbortSignal, grace = GRACE): Patience {
  const controller = new AbortController();
  let isMoving = false;
  const abort = () => controller.abort(cancelled.reason);
  const onCancel = () => {
    if (!isMoving) return abort();
    const timer = setTimeout(abort, grace);
    timer.unref();
    controller.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  };
  if (cancelled.aborted) onCancel();
  else cancelled.addEventListener('abort', onCancel, { once: true });
  return {
    signal: controller.signal,
    cancelled,
    moving: async (work) => {
      cancelled.throwIfAborted();
      isMoving = true;
      try {
        return await work();
      } finally {
        isMoving = false;
        if (cancelled.aborted) abort();
      }
    },
  };
}
