/** How long a run waits for the cache in all; what is under way at once is waited for once. */
export interface Patience {
  /** Milliseconds that are left, whole ones; 0 when it is over. */
  readonly left: () => number;
  /** Does something that the run waits for. Whoever asks limits it by what is left. */
  readonly during: <T>(work: () => Promise<T>) => Promise<T>;
}

/** @param limit milliseconds */
export function patience(limit: number): Patience {
  let spent = 0;
  let underWay = 0;
  let since = 0;
  return {
    left: () => Math.floor(Math.max(0, limit - spent - (underWay === 0 ? 0 : performance.now() - since))),
    during: async (work) => {
      if (underWay === 0) since = performance.now();
      underWay += 1;
      try {
        return await work();
      } finally {
        underWay -= 1;
        if (underWay === 0) spent += performance.now() - since;
      }
    },
  };
}
