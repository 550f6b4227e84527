import { jsonMap } from '../runtime/json.ts';
import { isMap } from '../runtime/yaml.ts';

/** That a task passed with the inputs of a key. */
export interface Record {
  /** When, `2026-11-21T20:15:03Z`. */
  readonly at: string;
  /** Page of the run; empty outside of GitHub. */
  readonly run: string;
  /** Milliseconds that it took. */
  readonly duration: number;
  /** Paths that it wrote, from the workspace's root; they are kept as an entry of their own. */
  readonly paths: readonly string[];
  /** Hash of the workspace's own path, which may stand in what it wrote. */
  readonly place: string;
}

/** Records by key. */
export type Ledger = ReadonlyMap<string, Record>;

/** Name of the file in a cache entry. */
export const LEDGER_FILE = 'ledger.json';

/** Largest ledger in bytes, most records, and how old one may be in milliseconds. */
export const LARGEST_LEDGER = 8 * 1024 * 1024;
const MOST_RECORDS = 5_000;
const OLDEST = 30 * 24 * 3_600_000;
const MOST_PATHS = 50;

/**
 * Reads a ledger. It comes from a cache, so it is foreign: what is not of the form is passed over.
 *
 * @param now milliseconds since 1970; what is older than 30 days, or from the future, is passed over
 */
export function readLedger(text: string, now: number): Ledger {
  const records = jsonMap(text)?.['records'];
  const found = new Map<string, Record>();
  for (const [key, value] of isMap(records) ? Object.entries(records) : []) {
    const record = /^[0-9a-f]{64}$/.test(key) ? recordOf(value) : undefined;
    const age = record === undefined ? Number.NaN : now - Date.parse(record.at);
    if (record !== undefined && age >= 0 && age <= OLDEST && found.size < MOST_RECORDS) found.set(key, record);
  }
  return found;
}

function recordOf(value: unknown): Record | undefined {
  if (!isMap(value)) return undefined;
  const { at, run, duration, paths, place } = value;
  if (typeof at !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(at) || Number.isNaN(Date.parse(at)))
    return undefined;
  if (
    typeof run !== 'string' ||
    !/^(https:\/\/[\w.:-]{1,255}\/[\w.-]{1,100}\/[\w.-]{1,100}\/actions\/runs\/\d{1,20})?$/.test(run)
  )
    return undefined;
  if (typeof duration !== 'number' || !(duration >= 0 && duration <= 30 * 86_400_000)) return undefined;
  if (!Array.isArray(paths) || paths.length > MOST_PATHS || !paths.every(isOutputPath)) return undefined;
  if (typeof place !== 'string' || !/^[0-9a-f]{64}$/.test(place)) return undefined;
  return { at, run, duration, paths, place };
}

/** Whether a path is one that a task may have written and that may be put back: inside, no link upwards, not git's own. */
export function isOutputPath(path: unknown): path is string {
  if (typeof path !== 'string' || path.length > 1_024 || /[\u0000-\u001f\\,]/.test(path)) return false;
  return path
    .split('/')
    .every((name) => name !== '' && name !== '.' && name !== '..' && name !== '.git' && name !== 'node_modules');
}

/** A ledger as text: new records first, older ones as long as there is room. */
export function ledgerText(records: Ledger): string {
  const newest = [...records].sort(([, left], [, right]) => (left.at < right.at ? 1 : -1)).slice(0, MOST_RECORDS);
  return JSON.stringify({ records: Object.fromEntries(newest) });
}
