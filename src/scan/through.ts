type Fields = Readonly<Record<string, unknown>>;

/**
 * Direct dependencies through which each package of a lockfile came, from what Trivy says of its packages
 * (`Relationship`, `DependsOn`). None for a direct one, and where the lockfile does not tell.
 */
export function throughOf(packages: readonly Fields[]): (id: string) => readonly string[] {
  let parents: ReadonlyMap<string, readonly Fields[]> | undefined;
  return (id) => {
    parents ??= parentsOf(packages);
    return directAbove(id, parents);
  };
}

function parentsOf(packages: readonly Fields[]): ReadonlyMap<string, readonly Fields[]> {
  const parents = new Map<string, Fields[]>();
  for (const parent of packages) {
    const children = Array.isArray(parent['DependsOn']) ? parent['DependsOn'] : [];
    for (const child of children) {
      if (typeof child === 'string') parents.set(child, [...(parents.get(child) ?? []), parent]);
    }
  }
  return parents;
}

function directAbove(id: string, parents: ReadonlyMap<string, readonly Fields[]>): readonly string[] {
  const seen = new Set([id]);
  const found = new Set<string>();
  const waiting = [id];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const parent of parents.get(next) ?? []) {
      const parentId = String(parent['ID'] ?? '');
      if (seen.has(parentId)) continue;
      seen.add(parentId);
      if (parent['Relationship'] === 'direct') found.add(String(parent['Name'] ?? ''));
      // Above a direct one stands only the project itself.
      else waiting.push(parentId);
    }
  }
  return [...found].sort();
}
