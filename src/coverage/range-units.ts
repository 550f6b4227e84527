import type { FileUnits, Units } from './file-units.ts';
import { columnOf, lineOf, NO_COLUMN, positionOf, type Range } from './range-tree.ts';
import { numbersOf, putNumber } from './varints.ts';

/** Columns of lines, by number of the line. */
export type LineLengths = ReadonlyMap<number, number>;

/**
 * The lengths of the lines of a file. v8-to-istanbul, which writes V8's ranges for istanbul's reporters, makes a
 * statement of each whole line. A range that begins at the end of a line is one of the next line there, before its first
 * column, and a range that ends there is one of the line itself: only with the lengths these are one place.
 */
export function lengthsOf({ statements }: FileUnits): LineLengths {
  const lengths = new Map<number, number>();
  for (const list of statements)
    if (list.scheme === 'istanbul')
      numbersOf(list, ([line = 0, column, lastLine, lastColumn = NO_COLUMN]) => {
        if (column === 0 && line === lastLine && lastColumn !== NO_COLUMN) lengths.set(line, lastColumn);
      });
  return lengths;
}

/** The places of units, and how often each ran. */
export function placesOf(units: Units, lengths: LineLengths): Pick<Range, 'start' | 'end' | 'count'>[] {
  const places: Pick<Range, 'start' | 'end' | 'count'>[] = [];
  numbersOf(units, ([line = 0, column = 0, lastLine = 0, lastColumn = 0], index) => {
    const before = column === NO_COLUMN ? lengths.get(line - 1) : undefined;
    const start = before === undefined ? positionOf(line, column) : positionOf(line - 1, before);
    const count = units.runs?.[index] ?? units.covered[index] ?? 0;
    places.push({ start, end: positionOf(lastLine, lastColumn), count });
  });
  return places;
}

/** Ranges as units of branches with one arm each, in the form of `like`. */
export function unitsOf(
  ranges: readonly Range[],
  { scheme, isSame, width }: Units,
  lengths: LineLengths,
): Units & { readonly runs: Uint32Array } {
  const keys: number[] = [];
  for (const { start, end } of ranges) {
    const isBefore = lengths.get(lineOf(start)) === columnOf(start);
    const first = isBefore ? [lineOf(start) + 1, NO_COLUMN] : [lineOf(start), columnOf(start)];
    for (const number of [...first, lineOf(end), columnOf(end), 0]) putNumber(keys, number);
  }
  return {
    scheme,
    isSame,
    width,
    keys: Uint8Array.from(keys),
    covered: Uint8Array.from(ranges, ({ count }) => (count > 0 ? 1 : 0)),
    runs: Uint32Array.from(ranges, ({ count }) => Math.min(Math.max(count, 0), 0xffffffff)),
    total: undefined,
  };
}
