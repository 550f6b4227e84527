import { isMap } from '../runtime/yaml.ts';
import { FINDING_KINDS, type Finding, SEVERITIES } from './finding.ts';

/** Debt that was there when the gate began, and since when it is known. */
export interface Debt {
  readonly key: string;
  readonly count: number;
  /** `2026-11-21`. */
  readonly since: string;
}

/** What a run leaves for later ones and for `report`: the file of the output `report`. */
export interface ScanRecord {
  readonly format: typeof RECORD_FORMAT;
  /** `2026-11-21T12:00:00Z`. */
  readonly createdAt: string;
  /** Empty where the run had none. */
  readonly commit: string;
  readonly trivy: string;
  readonly databaseOf: string;
  readonly passed: boolean;
  readonly targets: readonly RecordedTarget[];
  readonly findings: readonly Finding[];
  /** Keys of all packages, for what was published after this run. */
  readonly packages: readonly string[];
  /** Whether the run knows a debt, be it none: a later one adopts nothing again. */
  readonly adopts: boolean;
  readonly debt: readonly Debt[];
}

export interface RecordedTarget {
  readonly name: string;
  readonly reference: string;
  readonly platforms: readonly string[];
  readonly system: string;
  readonly packages: number;
}

export const RECORD_FORMAT = 'pipelines-scan/1';

/** Largest record that is read, in bytes: fifty thousand findings. */
export const LARGEST_RECORD = 64 * 1024 * 1024;

const MOST_ITEMS = 500_000;

/** What a baseline needs of a record. */
export type Baseline = Pick<ScanRecord, 'createdAt' | 'commit' | 'findings' | 'packages' | 'adopts' | 'debt'> & {
  readonly targets: readonly Pick<RecordedTarget, 'name'>[];
};

/**
 * A record from outside (an artifact, a file of the repository): what is not of the form is refused as a whole.
 *
 * @returns the record, or what is wrong with it
 */
export function readRecord(text: string): Baseline | string {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  if (!isMap(record)) return 'it is not an object';
  if (record['format'] !== RECORD_FORMAT) return `its \`format\` is not \`${RECORD_FORMAT}\``;
  const { createdAt, commit, findings, packages, adopts, debt, targets } = record as {
    readonly [K in keyof Baseline]?: unknown;
  };
  if (typeof createdAt !== 'string' || Number.isNaN(Date.parse(createdAt))) return '`createdAt` is no time';
  if (typeof commit !== 'string' || !/^[0-9a-f]{0,64}$/.test(commit)) return '`commit` is no commit';
  if (!isListOf(findings, isFinding)) return '`findings` holds something that is no finding';
  if (!isListOf(packages, (item) => isText(item))) return '`packages` holds something that is no package';
  if (typeof adopts !== 'boolean') return '`adopts` is neither true nor false';
  if (!isListOf(debt, isDebt)) return '`debt` holds something that is no debt';
  if (!isListOf(targets, isTarget)) return '`targets` holds something that is no target';
  return {
    createdAt: new Date(Date.parse(createdAt)).toISOString(),
    commit,
    findings,
    packages,
    adopts,
    debt,
    targets,
  };
}

function isListOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.length <= MOST_ITEMS && value.every(isItem);
}

function isText(value: unknown, longest = 4_096): value is string {
  return typeof value === 'string' && value.length <= longest;
}

/** The fields that are compared and shown; others of a finding are not read from a baseline. */
function isFinding(item: unknown): item is Finding {
  return (
    isMap(item) &&
    FINDING_KINDS.some((kind) => kind === item['kind']) &&
    SEVERITIES.some((severity) => severity === item['severity']) &&
    [item['id'], item['target'], item['place']].every((text) => isText(text)) &&
    (item['package'] === undefined || isText(item['package']))
  );
}

function isTarget(item: unknown): item is Pick<RecordedTarget, 'name'> {
  return isMap(item) && isText(item['name']);
}

function isDebt(item: unknown): item is Debt {
  return (
    isMap(item) &&
    isText(item['key']) &&
    typeof item['count'] === 'number' &&
    Number.isInteger(item['count']) &&
    item['count'] > 0 &&
    isText(item['since'], 10) &&
    /^\d{4}-\d\d-\d\d$/.test(item['since'])
  );
}
