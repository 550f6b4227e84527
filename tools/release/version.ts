/** A released version (semver.org, 2), without what comes before a release or of a build. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** How far a version goes up; from the smallest. */
const LEVELS = ['patch', 'minor', 'major'] as const;

export type Level = (typeof LEVELS)[number];

/** Reads `1.2.3` or, as a tag, `v1.2.3`. @returns undefined for anything else, `v1` and `v1.0.0-rc.1` among it */
export function versionOf(text: string): Version | undefined {
  const [, major, minor, patch] = /^v?(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$/.exec(text) ?? [];
  if (major === undefined) return undefined;
  return { major: Number(major), minor: Number(minor), patch: Number(patch) };
}

/** Negative when `a` comes before `b`, 0 when they are the same. */
export function compareVersions(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch;
}

export function highest(versions: readonly Version[]): Version | undefined {
  return [...versions].sort(compareVersions).at(-1);
}

export function raised({ major, minor, patch }: Version, level: Level): Version {
  if (level === 'major') return { major: major + 1, minor: 0, patch: 0 };
  return level === 'minor' ? { major, minor: minor + 1, patch: 0 } : { major, minor, patch: patch + 1 };
}

/** The larger of two levels. */
export function larger(a: Level, b: Level): Level {
  return LEVELS.indexOf(a) > LEVELS.indexOf(b) ? a : b;
}

/** The tag that is frozen, `v1.2.3`. */
export const tagOf = ({ major, minor, patch }: Version): string => `v${major}.${minor}.${patch}`;

/** The tag that callers follow, `v1`. */
export const movingTagOf = ({ major }: Version): string => `v${major}`;
