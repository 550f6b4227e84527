import { relative } from 'node:path';

/** The files of projects that have the same folder. */
export interface ProjectFiles {
  /** Absolute; filters are compared with paths from here. */
  readonly folder: string;
  /** Absolute. */
  readonly files: readonly string[];
}

/**
 * Groups files that vitest can't run without each other: a filter selects every file whose path contains it, so that
 * `a.test.ts` also selects `a.test.tsx` and `sub/a.test.ts`. It compares paths from the project's folder, in lower case
 * (filterFiles in its source, the same from 1 to 5).
 *
 * @returns every file once
 */
export function inseparable(projects: readonly ProjectFiles[]): readonly (readonly string[])[] {
  const all = [...new Set(projects.flatMap(({ files }) => files))].sort();
  const leaders = new Map(all.map((file) => [file, file]));
  const leaderOf = (file: string): string => {
    const leader = leaders.get(file) ?? file;
    if (leader === file) return file;
    const first = leaderOf(leader);
    leaders.set(file, first);
    return first;
  };
  const join = (one: string, other: string) => {
    const [first = one, second = other] = [leaderOf(one), leaderOf(other)].sort();
    leaders.set(second, first);
  };
  for (const { folder, files } of projects) joinContaining(all, [...new Set(files)], folder, join);
  const units = new Map<string, string[]>();
  for (const file of all) units.set(leaderOf(file), [...(units.get(leaderOf(file)) ?? []), file]);
  return [...units.values()];
}

/** Every filter is looked for in the paths of all files at once: that is one search of a text for each. */
function joinContaining(
  filters: readonly string[],
  files: readonly string[],
  folder: string,
  join: (one: string, other: string) => void,
): void {
  const paths = files.map((file) => relative(folder, file).toLocaleLowerCase());
  const text = `\n${paths.join('\n')}\n`;
  const starts: number[] = [];
  for (let index = 0, at = 1; index < paths.length; index += 1) {
    starts.push(at);
    at += (paths[index]?.length ?? 0) + 1;
  }
  for (const filter of filters) {
    const wanted = relative(folder, filter).toLocaleLowerCase();
    for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) {
      join(filter, files[lastUpTo(starts, at)] ?? filter);
    }
  }
}

/** Index of the last number that is not above `value`, in sorted numbers. */
function lastUpTo(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
