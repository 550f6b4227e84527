import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { tooLong, unreadable } from './faults.ts';

/** Bytes asked of the file at once. */
const STEP = 1024 * 1024;

/** Bytes of one line, string or number that are kept at most: a window never grows beyond this and one step. */
export const LONGEST_TOKEN = 1024 * 1024;

/** After how many bytes a reader lets timers and signals have their turn. */
const TURN = 32 * 1024 * 1024;

/**
 * A window over a file that is read from start to end. Readers take bytes from `at` to `end` and call {@link refill}
 * for more; reading is synchronous, because a parser that can stop at each byte for a promise is several times slower.
 */
export interface Source {
  /** As shown in messages. */
  readonly name: string;
  /** Absolute; undefined when it is no file. */
  readonly path?: string;
  readonly bytes: Buffer;
  /** Of `bytes`, for comparing four of them at once. */
  readonly view: DataView;
  /** First byte that was not taken yet. */
  at: number;
  /** Behind the last byte of the window; there is always room for one more byte at this index. */
  end: number;
  /** Where in the file `bytes[0]` lies. */
  base: number;
  /** Whether the end of the file is in the window. */
  isWhole: boolean;
  /** Bytes that were moved to the front of the window so far: what keeps a reader from being quadratic. */
  moved: number;
  readonly read: (into: Buffer, from: number, length: number) => number;
  readonly signal: AbortSignal | undefined;
  rested: number;
}

/** A source over a file, which must be closed. @throws ConfigurationError PIPE-COVERAGE-008 when it can't be opened */
export function openSource(path: string, name: string, signal?: AbortSignal): Source & { readonly close: () => void } {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw unreadable(name, error);
  }
  const close = () => closeSync(file);
  if (!fstatSync(file).isFile()) {
    close();
    throw unreadable(name, new Error('it is not a regular file'));
  }
  const read = (into: Buffer, from: number, length: number) => {
    try {
      return readSync(file, into, from, length, null);
    } catch (error) {
      throw unreadable(name, error);
    }
  };
  return { ...sourceOf(name, read, signal), path, close };
}

/** A source over whatever `read` gives; 0 bytes are the end. */
export function sourceOf(name: string, read: Source['read'], signal?: AbortSignal): Source {
  // As long as it may ever have to be: what is never written takes no memory, and the engine throws away all code that
  // was made for the window when it is replaced by a longer one.
  const bytes = Buffer.allocUnsafeSlow(LONGEST_TOKEN + STEP + 1);
  return {
    name,
    bytes,
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    at: 0,
    end: 0,
    base: 0,
    isWhole: false,
    moved: 0,
    read,
    signal,
    rested: 0,
  };
}

/**
 * Keeps what was not taken and puts more behind it. `at` and `end` change.
 *
 * @returns false when the file has no more
 * @throws ProjectFailure PIPE-COVERAGE-007 when what was not taken is longer than any token may be
 */
export function refill(source: Source): boolean {
  if (source.isWhole) return false;
  const kept = source.end - source.at;
  if (kept > LONGEST_TOKEN) throw tooLong(source.name, source.base + source.at, LONGEST_TOKEN);
  if (source.at > 0) source.bytes.copyWithin(0, source.at, source.end);
  source.moved += kept;
  source.base += source.at;
  source.at = 0;
  source.end = kept;
  const length = source.read(source.bytes, kept, STEP);
  source.end += length;
  source.isWhole = length === 0;
  return length > 0;
}

/** The byte at `at`, or -1 at the end of the file. */
export function peek(source: Source): number {
  if (source.at < source.end || refill(source)) return source.bytes[source.at] as number;
  return -1;
}

/** Lets others have their turn from time to time. @throws the signal's reason when the run was cancelled */
export async function rest(source: Source): Promise<void> {
  const position = source.base + source.at;
  if (position - source.rested < TURN) return;
  source.rested = position;
  await turn();
  source.signal?.throwIfAborted();
}
