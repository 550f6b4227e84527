import type { Contract } from '../build/contract.ts';

type Names = Readonly<Record<string, unknown>>;

/** What callers of `after` can use that `before` did not have, one phrase each. */
export function contractNews(before: Contract, after: Contract): readonly string[] {
  return [
    ...news('action', before.actions, after.actions, ['inputs', 'outputs']),
    ...news('workflow', before.workflows, after.workflows, ['inputs', 'secrets', 'outputs']),
  ];
}

function news<P extends string>(
  kind: string,
  before: Readonly<Record<string, Readonly<Record<P, Names>>>>,
  after: Readonly<Record<string, Readonly<Record<P, Names>>>>,
  parts: readonly P[],
): string[] {
  return Object.entries(after).flatMap(([name, now]) => {
    const old = before[name];
    if (old === undefined) return [`the ${kind} \`${name}\``];
    return parts.flatMap((part) => {
      const added = Object.keys(now[part]).filter((key) => !Object.hasOwn(old[part], key));
      return added.map((key) => `\`${key}\`, ${part.slice(0, -1)} of the ${kind} \`${name}\``);
    });
  });
}
