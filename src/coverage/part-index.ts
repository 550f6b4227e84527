import { posix } from 'node:path';
import {
  fields,
  listUpTo,
  NotAsAgreed,
  numberUpTo,
  oneOf,
  type Reader,
  readJson,
  textUpTo,
} from '../report/foreign.ts';
import { shown } from '../runtime/errors.ts';

/**
 * What a shard says of the reports that it has put into its part. The reports themselves lie beside it as `1`, `2`…: names
 * of the project's own could begin with a dot or hold characters, which artifacts leave out or refuse.
 */
export interface PartIndex {
  /** The shard's checkout: as given, and with links resolved. */
  readonly roots: readonly string[];
  /** Source files of the reports that git does not track and that were there, by path from the repository's root. */
  readonly generated: readonly string[];
  /** Names and globs of `reports` without a file. */
  readonly missing: readonly string[];
  /** The reports, in the order of their numbers. */
  readonly reports: readonly IndexedReport[];
}

export interface IndexedReport {
  /** Where the shard found it: from the repository's root where it lies in it, else absolute. */
  readonly path: string;
  /** Whether it was named by its very path. */
  readonly isNamed: boolean;
}

/** Folder of a part that holds the reports, and the file in it that says what they are. */
export const REPORTS_FOLDER = 'reports';
export const INDEX_FILE = 'index.json';

/** Largest index in bytes. */
export const LARGEST_INDEX = 64 * 1024 * 1024;

/** A path of one line; `isRight` says whether it is one as it has to be. */
function pathThat(isRight: (path: string) => boolean, what: string): Reader<string> {
  const read = textUpTo(4_096);
  return (value, at) => {
    const path = read(value, at);
    if (/^[^\u0000-\u001f]+$/.test(path) && isRight(path)) return path;
    throw new NotAsAgreed(`${at} is ${shown(path, 40)} instead of ${what}`);
  };
}

const isAbsolute = (path: string) => /^(?:\/|[A-Za-z]:[\\/])/.test(path);
const isInside = (path: string) => !isAbsolute(path) && path === posix.normalize(path) && !/^\.\.?(?:\/|$)/.test(path);

const readAll = fields({
  version: numberUpTo(1),
  roots: listUpTo(4, pathThat(isAbsolute, 'an absolute path')),
  generated: listUpTo(500_000, pathThat(isInside, 'a path inside the repository')),
  missing: listUpTo(200, textUpTo(1_024)),
  reports: listUpTo(20_000, fields({ path: pathThat(() => true, 'a path'), kind: oneOf(['named', 'found']) })),
});

export function indexText({ roots, generated, missing, reports }: PartIndex): string {
  const written = reports.map(({ path, isNamed }) => ({ path, kind: isNamed ? 'named' : 'found' }));
  return JSON.stringify({ version: 1, roots, generated, missing, reports: written });
}

/**
 * Reads what another job has left. It ran project code: every field is checked.
 *
 * @returns one sentence that says what is wrong with it
 */
export function readIndex(text: string): PartIndex | string {
  try {
    const { roots, generated, missing, reports } = readJson(text, 'index', readAll);
    const read = reports.map(({ path, kind }) => ({ path, isNamed: kind === 'named' }));
    return { roots, generated, missing, reports: read };
  } catch (error) {
    if (error instanceof NotAsAgreed) return error.message;
    throw error;
  }
}
