/** An order in which tasks can run one by one. */
export interface RunningOrder<T> {
  readonly tasks: readonly T[];
  /** What each waits for, as far as no circle comes of it. */
  readonly needs: ReadonlyMap<T, ReadonlySet<T>>;
  /** Tasks of a circle that start without waiting for the others in it. */
  readonly released: readonly T[];
}

/**
 * Puts each task behind those that it waits for, otherwise in the order given (Kahn 1962). Where tasks wait for each
 * other in a circle, the first of them in the order given is released from its waits.
 */
export function runningOrder<T>(tasks: readonly T[], waits: ReadonlyMap<T, ReadonlySet<T>>): RunningOrder<T> {
  const needs = new Map(tasks.map((task) => [task, waits.get(task) ?? new Set<T>()]));
  const freed = new Map<T, T[]>(tasks.map((task) => [task, []]));
  for (const [task, others] of needs) for (const other of others) freed.get(other)?.push(task);
  const waiting = new Map([...needs].map(([task, others]) => [task, others.size]));
  const sorted = new Set<T>();
  const released: T[] = [];
  let ready = tasks.filter((task) => waiting.get(task) === 0);
  while (sorted.size < tasks.length) {
    for (const task of ready) sorted.add(task);
    const next = ready.flatMap((task) => freed.get(task) ?? []);
    ready = next.filter((task) => {
      const left = (waiting.get(task) ?? 0) - 1;
      waiting.set(task, left);
      return left === 0 && !sorted.has(task);
    });
    const first = ready.length > 0 ? undefined : tasks.find((task) => !sorted.has(task));
    if (first === undefined) continue;
    released.push(first);
    needs.set(first, new Set([...(needs.get(first) ?? [])].filter((other) => sorted.has(other))));
    ready = [first];
  }
  return { tasks: [...sorted], needs, released };
}
