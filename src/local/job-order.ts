/** What is known of a job's place among the others. */
interface Placed {
  readonly id: string;
  readonly needs: readonly string[];
}

/** Ids of all that a job waits for, by itself or through others; the nearest first. */
export function neededBy(id: string, jobs: readonly Placed[]): ReadonlySet<string> {
  const found = new Set<string>();
  const queue = [id];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    const part = at;
    // A job of a called workflow waits for what the call needs.
    const needs = jobs.filter((job) => isPartOf(part, job.id)).flatMap((job) => job.needs);
    for (const need of needs) {
      if (found.has(need)) continue;
      found.add(need);
      queue.push(need);
    }
  }
  return found;
}

/** A job is part of itself, of the call that it stands in, and of the matrix that it is a leg of. */
export function isPartOf(id: string, whole: string): boolean {
  return id === whole || id.startsWith(`${whole}/`) || id.startsWith(`${whole} (`);
}
