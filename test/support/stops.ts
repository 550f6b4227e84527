export interface Stops {
  /** What has to be stopped when all is over, or when the next one can't be started. */
  readonly add: (stop: () => Promise<unknown>) => void;
  /** Stops all, the last one first. */
  readonly stop: () => Promise<void>;
}

/** For several things that are started one after the other. */
export function createStops(): Stops {
  const stops: (() => Promise<unknown>)[] = [];
  return {
    add: (stop) => {
      stops.push(stop);
    },
    stop: async () => {
      for (const step of stops.splice(0).reverse()) await step();
    },
  };
}
