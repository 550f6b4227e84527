/** Pieces of work under way at the same time: each holds a file open. */
const AT_ONCE = 64;

/**
 * Does asynchronous work for every item, a batch at a time; the results are in the order of the items.
 *
 * @param atOnce size of a batch, default 64; less where each piece of work has batches of its own
 */
export async function inBatches<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  atOnce = AT_ONCE,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += atOnce) {
    results.push(...(await Promise.all(items.slice(start, start + atOnce).map(work))));
  }
  return results;
}
