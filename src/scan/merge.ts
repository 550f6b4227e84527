import { bySeverity, type Excepted, type Finding, findingKey } from './finding.ts';

/**
 * The findings of all platforms of an image as one list, each with the platforms it is on. What one platform has
 * several times (two copies of a package) stays several.
 */
export function mergePlatforms(platforms: readonly (readonly Finding[])[]): readonly Finding[] {
  const merged = new Map<string, Finding>();
  for (const findings of platforms) {
    const counts = new Map<string, number>();
    for (const finding of findings) {
      const same = `${findingKey(finding)}\u001f${finding.installed ?? ''}\u001f${finding.line ?? ''}`;
      const count = (counts.get(same) ?? 0) + 1;
      counts.set(same, count);
      const key = `${same}\u001f${count}`;
      const known = merged.get(key);
      const all = [...new Set([...(known?.platforms ?? []), ...finding.platforms])].sort();
      merged.set(key, { ...(known ?? finding), platforms: all });
    }
  }
  return [...merged.values()].sort(bySeverity);
}

/** The same for what exceptions took out. */
export function mergeExcepted(platforms: readonly (readonly Excepted[])[]): readonly Excepted[] {
  const statements = new Map<string, string>();
  for (const { finding, statement } of platforms.flat()) statements.set(findingKey(finding), statement);
  const findings = mergePlatforms(platforms.map((list) => list.map(({ finding }) => finding)));
  return findings.map((finding) => ({ finding, statement: statements.get(findingKey(finding)) ?? '' }));
}
