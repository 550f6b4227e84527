/** Finds tracked files by the end of their path. */
export interface Suffixes {
  /**
   * The files that share most names at the end with `path`, and how many names; undefined when not even the last one is
   * shared. At most {@link MOST} of them are given.
   */
  readonly longest: (path: string) => { readonly names: number; readonly files: readonly string[] } | undefined;
}

/** More files than this with one ending can't be told apart anyway. */
const MOST = 64;

/** Sorted by their names from the last to the first, files with one ending stand beside each other. */
export function createSuffixes(tracked: readonly string[]): Suffixes {
  let sorted: { readonly key: string; readonly path: string }[] | undefined;
  return {
    longest: (path) => {
      sorted ??= tracked
        .map((file) => ({ key: `${backwards(file)}/`, path: file }))
        .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
      return find(sorted, path);
    },
  };
}

const backwards = (path: string) => path.split('/').reverse().join('/');

function find(
  sorted: readonly { readonly key: string; readonly path: string }[],
  path: string,
): { readonly names: number; readonly files: readonly string[] } | undefined {
  const names = path
    .split('/')
    .filter((name) => name !== '')
    .reverse();
  let [from, to] = [0, sorted.length];
  let prefix = '';
  let shared = 0;
  for (const name of names) {
    prefix += `${name}/`;
    const start = firstFrom(sorted, prefix, from, to);
    // No path holds U+FFFF: it sorts behind every other character.
    const end = firstFrom(sorted, `${prefix}\uffff`, start, to);
    if (start === end) break;
    [from, to] = [start, end];
    shared += 1;
  }
  if (shared === 0) return undefined;
  return { names: shared, files: sorted.slice(from, Math.min(to, from + MOST)).map((entry) => entry.path) };
}

function firstFrom(sorted: readonly { readonly key: string }[], bound: string, from: number, to: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle]?.key ?? '') < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
