import type { PreparedJob } from '../run-types.ts';

/** An artifact of a run; its archive is a file of its own. */
export interface StoredArtifact {
  readonly id: number;
  readonly name: string;
  /** Bytes of the archive. */
  readonly size: number;
  /** SHA-256 of the archive, in hexadecimal digits. */
  readonly digest: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly expiresAt: string;
}

/** A run as it is remembered. */
export interface StoredRun {
  /** Of this form. */
  readonly version: 1;
  readonly id: number;
  readonly runNumber: number;
  readonly attempt: number;
  /** Path of the workflow file. */
  readonly path: string;
  readonly name: string;
  readonly event: string;
  readonly headBranch: string;
  readonly headSha: string;
  /** `owner/name`; a fork's pull request comes from another repository. */
  readonly headRepository: string;
  readonly status: 'in_progress' | 'completed';
  readonly conclusion: string | null;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Id of the process that runs it. */
  readonly process: number;
  /** Tree of the commit; undefined where only the repository knows it. */
  readonly tree?: string;
  /** How its jobs ended; undefined while it goes on, and in files of earlier versions. */
  readonly jobs?: readonly PreparedJob[];
  readonly artifacts: readonly StoredArtifact[];
}

const NUMBERS = ['id', 'runNumber', 'attempt', 'process'] as const;
const TEXTS = [
  ...['path', 'name', 'event', 'headBranch', 'headSha', 'headRepository'],
  ...['status', 'createdAt', 'updatedAt'],
] as const;

/** A run's file as a value; undefined for anything that this version did not write. */
export function parseRun(text: string): StoredRun | undefined {
  const parsed = parsedOrNothing(text);
  if (!isMap(parsed) || parsed['version'] !== 1) return undefined;
  const { artifacts, conclusion, status } = parsed;
  const isComplete =
    NUMBERS.every((name) => Number.isSafeInteger(parsed[name])) &&
    TEXTS.every((name) => typeof parsed[name] === 'string') &&
    (status === 'in_progress' || status === 'completed') &&
    (conclusion === null || typeof conclusion === 'string') &&
    (parsed['jobs'] === undefined || (Array.isArray(parsed['jobs']) && parsed['jobs'].every(isJob))) &&
    Array.isArray(artifacts) &&
    artifacts.every(isArtifact);
  return isComplete ? (parsed as unknown as StoredRun) : undefined;
}

function isArtifact(value: unknown): boolean {
  return (
    isMap(value) &&
    ['id', 'size'].every((name) => Number.isSafeInteger(value[name])) &&
    ['name', 'digest', 'createdAt', 'expiresAt'].every((name) => typeof value[name] === 'string')
  );
}

function isJob(value: unknown): boolean {
  return isMap(value) && typeof value['name'] === 'string' && typeof value['conclusion'] === 'string';
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsedOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Cut off or overwritten: nothing of it is known.
    return undefined;
  }
}
