import { refill, rest, type Source } from './source.ts';

/** A window of whole lines: the reader takes `bytes` from `from` to `to`; the byte before `to` is a line feed. */
export type ReadLines = (bytes: Buffer, from: number, to: number) => boolean;

const LINE_FEED = 10;

/**
 * Gives a file in pieces of whole lines; the last one gets a line feed when it has none. A reader that says false ends
 * it.
 *
 * @throws ProjectFailure PIPE-COVERAGE-007 for a line that is longer than any token may be
 */
export async function eachLines(source: Source, read: ReadLines): Promise<void> {
  for (;;) {
    const last = source.end > source.at ? source.bytes.lastIndexOf(LINE_FEED, source.end - 1) : -1;
    if (last >= source.at) {
      const from = source.at;
      source.at = last + 1;
      if (!read(source.bytes, from, last + 1)) return;
    }
    if (!refill(source)) break;
    await rest(source);
  }
  if (source.at === source.end) return;
  source.bytes[source.end] = LINE_FEED;
  const from = source.at;
  source.at = source.end;
  read(source.bytes, from, source.end + 1);
}
