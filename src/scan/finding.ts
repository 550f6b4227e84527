/** Severities by Trivy's own names, worst first. */
export const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'UNKNOWN'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const FINDING_KINDS = ['vulnerability', 'secret', 'misconfiguration', 'license'] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** The layer of an image that something came with. */
export interface Layer {
  /** The instruction of the Dockerfile that made it, as far as the image tells. */
  readonly instruction: string;
  /** From 1. */
  readonly number: number;
  readonly of: number;
  /** Whether it belongs to the image that this one was built from. */
  readonly isBase: boolean;
}

/** One thing that Trivy found. Every text is foreign. */
export interface Finding {
  readonly kind: FindingKind;
  /** `CVE-2021-44906`, a rule, the name of a license. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** Name of the scanned image or folder. */
  readonly target: string;
  /** `linux/amd64`; empty for a folder. */
  readonly platforms: readonly string[];
  /** Lockfile or file, or the system whose packages they are (`debian`, `node-pkg`). */
  readonly place: string;
  /** Path from the root of the repository, where the finding is in a file of it. */
  readonly file?: string;
  readonly line?: number;
  readonly endLine?: number;
  readonly package?: string;
  readonly installed?: string;
  /** Fixed versions as the advisory lists them; empty when there is none. */
  readonly fixed?: string;
  readonly layer?: Layer;
  /** Direct dependencies through which the package came. */
  readonly through?: readonly string[];
  readonly url?: string;
  /** CVSS 3 or 4, 0 to 10. */
  readonly score?: number;
}

/** A finding that an exception took out of the gate. */
export interface Excepted {
  readonly finding: Finding;
  /** What the exception gives as its reason; empty when nothing. */
  readonly statement: string;
}

/**
 * What makes two findings of different runs the same one: not the version, not the line, not the image's digest. The
 * name of the target is left out: two runs may know it under different names; see `recordKey`.
 */
export function findingKey({ kind, id, package: name = '', place }: Finding): string {
  return [kind, id, name, place].join('\u001f');
}

/** The package of a finding at its version: what a pull request that does not touch it did not add. */
export function packageKey(place: string, name: string, version: string): string {
  return [place, name, version].join('\u001f');
}

export function bySeverity(left: Finding, right: Finding): number {
  return (
    SEVERITIES.indexOf(left.severity) - SEVERITIES.indexOf(right.severity) ||
    (right.score ?? 0) - (left.score ?? 0) ||
    compareTexts(findingKey(left), findingKey(right))
  );
}

/** Order by code units: the same on every machine. */
function compareTexts(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A text of at most `limit` characters; one that was longer ends with an ellipsis. */
export function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}
