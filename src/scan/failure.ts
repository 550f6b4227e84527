import { type Fault, ProjectFailure, shown } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import { SEVERITIES } from './finding.ts';
import type { Exception } from './ignore-file.ts';
import type { Judgement } from './judge.ts';
import type { TargetScan } from './scan-target.ts';
import type { Upgrade } from './upgrades.ts';

/** Annotations that a step shows of each level (GitHub's limit). */
const MOST = 10;

export interface Verdict {
  readonly judgements: readonly Judgement[];
  readonly scans: readonly TargetScan[];
  /** Expired exceptions, each with the name of its file. */
  readonly expired: readonly (Exception & { readonly file: string })[];
  readonly allowEmpty: boolean;
  readonly upgrades: readonly Upgrade[];
}

/** Why the scan is red; undefined when it is not. Expired exceptions first: their findings are among the others. */
export function scanFailure(verdict: Verdict): ProjectFailure | undefined {
  const faults = [...expiredFaults(verdict), ...findingFaults(verdict), ...blindFaults(verdict)];
  return faults.length === 0 ? undefined : new ProjectFailure(faults);
}

function expiredFaults({ expired, judgements }: Verdict): readonly Fault[] {
  const present = new Set(judgements.map(({ finding }) => finding.id));
  const faults = expired.slice(0, MOST).map((exception): Fault => {
    const { id, file, line, expiry = '' } = exception;
    const isThere = present.has(id);
    return {
      code: 'PIPE-SCAN-011',
      what: `the exception for ${shown(id)} in ${shown(file, 200).slice(1, -1)}:${line} expired on ${expiry}`,
      given: isThere ? 'its finding is still there' : 'its finding is gone',
      remedy: isThere ? 'repair it, or give the exception a new date and a reason' : 'remove the line',
      state: 'the exception did not count',
    };
  });
  if (expired.length <= MOST) return faults;
  return [...faults, { code: 'PIPE-SCAN-011', what: `${expired.length - MOST} more exceptions expired` }];
}

function findingFaults({ judgements, upgrades }: Verdict): readonly Fault[] {
  const failing = judgements.filter(({ verdict }) => verdict === 'fails').map(({ finding }) => finding);
  if (failing.length === 0) return [];
  const amounts = SEVERITIES.flatMap((severity) => {
    const count = failing.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity.toLowerCase()}`];
  });
  const [first] = failing;
  const [best] = upgrades;
  const upgrade =
    best === undefined
      ? 'repair what the table names'
      : best.to === undefined
        ? `build on a newer base image, which removes up to ${best.removes} of them`
        : `upgrade ${shown(best.what)} to ${shown(best.to)}, which removes ${best.removes} of them`;
  return [
    {
      code: 'PIPE-SCAN-012',
      what: `the scan found ${failing.length === 1 ? 'something' : `${failing.length} things`} that must not go on: ${amounts.join(', ')}`,
      given:
        first === undefined
          ? ''
          : `${shown(first.id)} in ${shown(first.package ?? first.place)}${failing.length > 1 ? ' and others' : ''}`,
      remedy: `${upgrade}; what can't be repaired yet goes into .trivyignore.yaml with an expiry and a reason`,
      state: 'nothing that was scanned goes on from here',
    },
  ];
}

function blindFaults({ scans, allowEmpty }: Verdict): readonly Fault[] {
  if (allowEmpty) return [];
  return scans.flatMap(({ target, platforms }) =>
    platforms.flatMap(({ platform, blind }): Fault[] => {
      if (blind === undefined) return [];
      const where = platform === undefined ? '' : ` (${platform})`;
      return [
        {
          code: 'PIPE-SCAN-013',
          what: `the scan of ${shown(target.name)}${where} did not look at anything: ${blind}`,
          accepted: 'a target with packages that Trivy knows, or a caller who says that there are none',
          example: '`allow-empty: true`',
          state: 'nothing is known of its vulnerabilities',
        },
      ];
    }),
  );
}

/** Puts what fails on its line, where it is in a file of the repository; the worst first. */
export function annotateFindings(verdict: Verdict, log: Log): void {
  for (const { file, line, id, expiry } of verdict.expired.slice(0, MOST)) {
    log.annotate('error', `PIPE-SCAN-011: the exception for ${shown(id)} expired on ${expiry ?? ''}.`, { file, line });
  }
  const failing = verdict.judgements.filter(({ verdict: is, finding }) => is === 'fails' && finding.file !== undefined);
  for (const { finding } of failing.slice(0, MOST)) {
    const { id, title, severity, file, line, endLine, fixed = '', installed = '', package: name = '' } = finding;
    const what = name === '' ? title : `${name} ${installed}: ${title}`;
    const fix = fixed === '' ? '' : ` Fixed in ${fixed}.`;
    log.annotate('error', `${severity} ${id} ${what}.${fix}`, {
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { line }),
      ...(endLine === undefined ? {} : { endLine }),
    });
  }
}
