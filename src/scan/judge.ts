import { type Finding, findingKey, packageKey, type Severity } from './finding.ts';
import type { Baseline, Debt } from './record.ts';

/** Which findings count at all. */
export interface Rule {
  readonly severities: ReadonlySet<Severity>;
  readonly ignoreUnfixed: boolean;
}

/** What findings are compared with. */
export type Comparison =
  | { readonly kind: 'none' }
  /** What the base has, or a file has. `packages`: whether what was published since is taken as known, too. */
  | { readonly kind: 'known'; readonly record: Baseline; readonly packages: boolean }
  /** Today's debt: what counts now is recorded, unless a record of it exists. */
  | { readonly kind: 'debt'; readonly record: Baseline | undefined };

export interface Judgement {
  readonly finding: Finding;
  /**
   * `fails`; `known` in the baseline; `published` after the baseline, in a package that it has at the same version;
   * `debt` that was adopted; `passes`: not severe enough, or without a fix.
   */
  readonly verdict: 'fails' | 'known' | 'published' | 'debt' | 'passes';
  /** Day since when debt is known. */
  readonly since?: string;
}

export interface Judged {
  readonly judgements: readonly Judgement[];
  /** What the next run will find as debt. */
  readonly debt: readonly Debt[];
  /** The debt was recorded by this very run. */
  readonly isAdopted: boolean;
}

function counts(finding: Finding, { severities, ignoreUnfixed }: Rule): boolean {
  if (!severities.has(finding.severity)) return false;
  return finding.kind !== 'vulnerability' || !ignoreUnfixed || (finding.fixed ?? '') !== '';
}

/** @param today `2026-11-21` */
export function judge(findings: readonly Finding[], rule: Rule, comparison: Comparison, today: string): Judged {
  const counted = new Set(findings.filter((finding) => counts(finding, rule)));
  if (comparison.kind === 'debt') return judgeDebt(findings, counted, comparison.record, today);
  const record = comparison.kind === 'known' ? comparison.record : undefined;
  const nameOf = namesFor(findings, record);
  const known = amounts(record?.findings ?? [], nameOf);
  const packages = new Set(comparison.kind === 'known' && comparison.packages ? comparison.record.packages : []);
  const since = new Map((record?.debt ?? []).map((debt) => [nameOf(debt.key), debt.since]));
  const judgements = findings.map((finding): Judgement => {
    if (!counted.has(finding)) return { finding, verdict: 'passes' };
    const key = nameOf(keyOf(finding));
    if (take(known, key)) {
      const day = since.get(key);
      return day === undefined ? { finding, verdict: 'known' } : { finding, verdict: 'debt', since: day };
    }
    return { finding, verdict: isIn(packages, finding) ? 'published' : 'fails' };
  });
  return { judgements, debt: [], isAdopted: false };
}

function judgeDebt(
  findings: readonly Finding[],
  counted: ReadonlySet<Finding>,
  record: Baseline | undefined,
  today: string,
): Judged {
  const isAdopted = record === undefined;
  const nameOf = namesFor(findings, record);
  const left = isAdopted
    ? amounts([...counted], nameOf)
    : new Map(record.debt.map(({ key, count }) => [nameOf(key), count]));
  const since = new Map((record?.debt ?? []).map((debt) => [nameOf(debt.key), debt.since]));
  const debt = new Map<string, Debt>();
  const judgements = findings.map((finding): Judgement => {
    if (!counted.has(finding)) return { finding, verdict: 'passes' };
    const key = keyOf(finding);
    if (!take(left, nameOf(key))) return { finding, verdict: 'fails' };
    const day = since.get(nameOf(key)) ?? today;
    debt.set(key, { key, count: (debt.get(key)?.count ?? 0) + 1, since: day });
    return { finding, verdict: 'debt', since: day };
  });
  return { judgements, debt: [...debt.values()], isAdopted };
}

/** A finding with the name of its target before it. */
function keyOf(finding: Finding): string {
  return `${finding.target}\u001f${findingKey(finding)}`;
}

/**
 * How keys are compared: with the name of the target; without it where both runs have one target, which a pull request
 * may know as a layout and a push as an image.
 */
function namesFor(findings: readonly Finding[], record: Baseline | undefined): (key: string) => string {
  const now = new Set(findings.map(({ target }) => target));
  const isOne = now.size <= 1 && (record === undefined || record.targets.length <= 1);
  return isOne ? (key) => key.slice(key.indexOf('\u001f') + 1) : (key) => key;
}

function amounts(findings: readonly Finding[], nameOf: (key: string) => string): Map<string, number> {
  const amount = new Map<string, number>();
  for (const finding of findings) {
    const key = nameOf(keyOf(finding));
    amount.set(key, (amount.get(key) ?? 0) + 1);
  }
  return amount;
}

/** Takes one of a key; what the baseline has once covers one finding. */
function take(amount: Map<string, number>, key: string): boolean {
  const left = amount.get(key) ?? 0;
  if (left === 0) return false;
  amount.set(key, left - 1);
  return true;
}

function isIn(packages: ReadonlySet<string>, { kind, place, package: name, installed }: Finding): boolean {
  if (kind !== 'vulnerability' || name === undefined || installed === undefined) return false;
  return packages.has(packageKey(place, name, installed));
}
