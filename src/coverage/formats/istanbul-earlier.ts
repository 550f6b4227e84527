import { closeSync, openSync, readSync } from 'node:fs';
import type { UnitMetric, Units } from '../file-units.ts';
import { RANGES } from '../range-merge.ts';
import { addPlace, type Places, type Runs } from './istanbul-maps.ts';
import { ensure } from './json.ts';
import { LONGEST_TOKEN, type Source } from './source.ts';

/** A map of places as an earlier report has it: where its text lies there, and what was read from it. */
interface KnownMap {
  readonly report: string;
  readonly from: number;
  readonly length: number;
  /** Entries are numbered upwards from here, without gaps. */
  readonly firstId: number;
  readonly units: Units;
}

/**
 * The maps of reports that were read before. Shards of one test run write the same maps, most of each report, so those
 * of later shards are only compared with the text of the first: a later shard takes less time of the first. The text is read from
 * the first report again, as keeping it would take as much memory as the report.
 */
export interface Earlier {
  readonly maps: Readonly<Record<UnitMetric, Map<string, KnownMap>>>;
  /** Whether the value that the source stands at is the text of `known`. */
  readonly isNext: (known: KnownMap, source: Source) => boolean;
  /** Closes the files that it opened. */
  readonly close: () => void;
}

export function rememberEarlier(): Earlier {
  const files = new Map<string, number>();
  let text = Buffer.alloc(64 * 1024);
  const open = (report: string): number => {
    const file = files.get(report) ?? openSync(report, 'r');
    files.set(report, file);
    return file;
  };
  return {
    maps: { statements: new Map(), functions: new Map(), branches: new Map() },
    isNext: ({ report, from, length }, source) => {
      ensure(source, length);
      if (source.end - source.at < length) return false;
      if (text.length < length) text = Buffer.alloc(length * 2);
      if (readSync(open(report), text, 0, length, from) < length) return false;
      return source.bytes.compare(text, 0, length, source.at, source.at + length) === 0;
    },
    close: () => {
      for (const file of files.values()) closeSync(file);
    },
  };
}

/** Where the text of a map lies in the report that is being read. */
export type Span = Pick<KnownMap, 'from' | 'length'>;

/** What to remember of a map; undefined when its places can't be had back from the keys of its units. */
export function knownMap(
  report: string,
  span: Span,
  { ids, length }: Places,
  runs: Runs,
  units: Units,
): KnownMap | undefined {
  if (length === 0 || length !== runs.length || span.length > LONGEST_TOKEN / 2) return undefined;
  const firstId = ids[0] as number;
  for (let index = 0; index < length; index += 1) {
    if (ids[index] !== firstId + index || runs.ids[index] !== firstId + index || firstId < 0) return undefined;
    // An entry without arms has no unit.
    if ((runs.ends[index] as number) === (index === 0 ? 0 : runs.ends[index - 1])) return undefined;
  }
  return { report, ...span, firstId, units };
}

/** The places of a map, from the keys of its units: `putPlace` and `putNumber` backwards. */
export function placesOf({ firstId, units: { keys, width, scheme } }: KnownMap, places: Places): void {
  places.length = 0;
  places.areRanges = scheme === RANGES;
  for (let at = 0; at < keys.length; ) {
    const into = addPlace(places, firstId + places.length);
    let arm = 0;
    for (let number = 0; number < width; number += 1) {
      let value = 0;
      let shift = 0;
      let byte = keys[at++] as number;
      for (; byte > 127; shift += 7) {
        value |= (byte & 127) << shift;
        byte = keys[at++] as number;
      }
      value = (value | (byte << shift)) >>> 0;
      if (number === 4) arm = value;
      else places.numbers[into + number] = value;
    }
    // Of the arms of a branch, which have one place, the first stands for all.
    if (arm > 0) places.length -= 1;
  }
}
