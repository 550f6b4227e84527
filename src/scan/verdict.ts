import type { PipelineError } from '../runtime/errors.ts';
import type { ChosenBaseline } from './baseline.ts';
import { type Database, dateOf } from './database.ts';
import type { Finding, Severity } from './finding.ts';
import { exceptionsFor, type IgnoreFile } from './ignore-file.ts';
import type { Judged } from './judge.ts';
import { RECORD_FORMAT, type ScanRecord } from './record.ts';
import { fitting, rowsOf, type ScanResult, type UsedException } from './result.ts';
import type { TargetScan } from './scan-target.ts';
import type { Upgrade } from './upgrades.ts';

/** Everything that is known when a scan was judged. */
export interface ScanFacts {
  readonly scans: readonly TargetScan[];
  readonly judged: Judged;
  readonly baseline: ChosenBaseline;
  readonly ignoreFile: IgnoreFile | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly passed: boolean;
  readonly trivy: { readonly version: string };
  /** Undefined where no vulnerabilities were looked for. */
  readonly database: Database | undefined;
}

/** How many findings of each severity there are; vulnerabilities without a fix only where they count. */
export function countsOf(findings: readonly Finding[], ignoreUnfixed: boolean): ScanResult['counts'] {
  const open = findings.filter(({ kind, fixed }) => kind !== 'vulnerability' || !ignoreUnfixed || (fixed ?? '') !== '');
  const of = (wanted: Severity) => open.filter(({ severity }) => severity === wanted).length;
  return { critical: of('CRITICAL'), high: of('HIGH'), medium: of('MEDIUM'), low: of('LOW') };
}

/** The output `result`. */
export function resultOf(
  facts: ScanFacts,
  counts: ScanResult['counts'],
  upgrades: readonly Upgrade[],
  failure: PipelineError | undefined,
): ScanResult {
  const { scans, judged, baseline, passed, trivy, database } = facts;
  return fitting({
    passed,
    reasons: (failure?.faults ?? []).map(({ code, what, remedy }) => {
      return `${code}: ${what}.${remedy === undefined ? '' : ` ${remedy}.`}`;
    }),
    counts,
    new: judged.judgements.filter(({ verdict }) => verdict === 'fails').length,
    targets: scans.map(targetOf),
    baseline: baseline.text,
    trivy: trivy.version,
    database: dayOf(database),
    rows: rowsOf(judged.judgements),
    upgrades,
    exceptions: usedExceptions(facts),
  });
}

/** The file of the output `report`, from which a later run takes its baseline. */
export function recordOf(facts: ScanFacts, commit: string): ScanRecord {
  const { scans, judged, now, passed, trivy, database, baseline } = facts;
  return {
    format: RECORD_FORMAT,
    createdAt: new Date(now).toISOString(),
    commit: /^[0-9a-f]{40,64}$/.test(commit) ? commit : '',
    trivy: trivy.version,
    databaseOf: dayOf(database),
    passed,
    targets: scans.map(targetOf),
    findings: scans.flatMap(({ findings }) => findings),
    packages: [...new Set(scans.flatMap(({ platforms }) => platforms.flatMap(({ report }) => report.packages)))].sort(),
    adopts: baseline.comparison.kind === 'debt',
    debt: judged.debt,
  };
}

function targetOf({ target, reference, platforms }: TargetScan): ScanResult['targets'][number] {
  const systems = new Set(platforms.flatMap(({ report }) => (report.system === undefined ? [] : [systemOf(report)])));
  return {
    name: target.name,
    reference,
    platforms: platforms.flatMap(({ platform }) => (platform === undefined ? [] : [platform])),
    system: [...systems].join(', '),
    packages: platforms.reduce((sum, { report }) => sum + report.packages.length, 0),
  };
}

function systemOf({ system = '', isEndOfLife }: TargetScan['platforms'][number]['report']): string {
  return isEndOfLife ? `${system} (no longer repaired by its distribution)` : system;
}

function dayOf(database: Database | undefined): string {
  return database === undefined ? 'no day (not needed)' : dateOf(database.builtAt);
}

/** Exceptions that took something out, each with what it took. */
function usedExceptions({ scans, ignoreFile, now }: ScanFacts): readonly UsedException[] {
  const used = new Map<string, UsedException>();
  for (const { finding, statement } of scans.flatMap(({ excepted }) => excepted)) {
    const [exception] = exceptionsFor(finding, ignoreFile, now);
    const line = exception === undefined ? '' : `:${exception.line}`;
    const place = `${ignoreFile?.name ?? ''}${line}`;
    const key = `${place} ${finding.id}`;
    used.set(key, {
      id: finding.id,
      place,
      expiry: exception?.expiry,
      statement: statement === '' ? (exception?.statement ?? '') : statement,
      findings: (used.get(key)?.findings ?? 0) + 1,
    });
  }
  return [...used.values()];
}
