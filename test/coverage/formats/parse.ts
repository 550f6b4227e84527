import type { FileUnits } from '../../../src/coverage/file-units.ts';
import { formatOf } from '../../../src/coverage/formats/formats.ts';
import { type Source, sourceOf } from '../../../src/coverage/formats/source.ts';
import { countsOf, mergeFiles, sumCounts } from '../../../src/coverage/merge.ts';
import type { Counts } from '../../../src/coverage/types.ts';

export interface Parsed {
  readonly files: ReadonlyMap<string, FileUnits>;
  readonly source: Source;
}

/** Reads a report from memory, `step` bytes at a time, as readReports does from a file. */
export async function parse(content: Buffer | string, step = 1024 * 1024): Promise<Parsed> {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content);
  const format = formatOf(bytes.toString('latin1', 0, 65_536));
  if (format === undefined) throw new Error('no format');
  let at = 0;
  const source = sourceOf('report', (into, from, length) => {
    const copied = bytes.copy(into, from, at, Math.min(at + length, at + step));
    at += copied;
    return copied;
  });
  const files = new Map<string, FileUnits>();
  await format.read(source, ({ path, units }) => {
    const known = files.get(path);
    files.set(path, known === undefined ? units : mergeFiles(known, units));
    return true;
  });
  return { files, source };
}

/** Sums of what was read; what has no units is left out. */
export function totals(files: ReadonlyMap<string, FileUnits>): Counts {
  const sums = sumCounts([...files.values()].map(countsOf));
  return Object.fromEntries(Object.entries(sums).filter(([, { total }]) => total > 0));
}

/** What gates can see of a file. */
export function visible(files: ReadonlyMap<string, FileUnits>): unknown {
  return [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, units]) => [path, countsOf(units), [...(units.lines ?? [])], [...units.hits]]);
}

export function merge(
  one: ReadonlyMap<string, FileUnits>,
  other: ReadonlyMap<string, FileUnits>,
): ReadonlyMap<string, FileUnits> {
  const merged = new Map(one);
  for (const [path, units] of other) {
    const known = merged.get(path);
    merged.set(path, known === undefined ? units : mergeFiles(known, units));
  }
  return merged;
}
