/**
 * Order of two versions, roughly as package managers have it: epochs first, numbers by value, `~` before everything.
 * Good enough to choose among the fixed versions of one package; never used to decide whether one is vulnerable.
 */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [partsOf(left), partsOf(right)];
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const order = compareParts(a[index], b[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function partsOf(version: string): readonly (number | string)[] {
  const withEpoch = /^\d+:/.test(version) ? version : `0:${version}`;
  const parts = withEpoch.match(/\d+|[A-Za-z]+|~/g) ?? [];
  return parts.map((part) => (/^\d/.test(part) ? Number(part) : part));
}

function compareParts(left: number | string | undefined, right: number | string | undefined): number {
  if (left === right) return 0;
  if (left === '~' || right === '~') return left === '~' ? -1 : 1;
  // `1.2.0-rc1` is before `1.2.0`, `1.2.0.1` after it.
  if (left === undefined) return typeof right === 'string' ? 1 : -1;
  if (right === undefined) return typeof left === 'string' ? -1 : 1;
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : 1;
  return typeof left === 'number' ? 1 : -1;
}

/** Of the versions in which something is fixed (`0.2.4, 1.2.6`), the one nearest above the installed one. */
export function nearestFix(fixed: string, installed: string): string | undefined {
  const versions = fixed.split(',').map((version) => version.trim());
  const above = versions.filter((version) => version !== '' && compareVersions(version, installed) > 0);
  return above.sort(compareVersions)[0];
}
