import { mkdtemp, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Fault, ProjectFailure } from '../runtime/errors.ts';
import type { OutputValues } from '../runtime/outputs.ts';
import { type Figures, type Gate, worstOf } from './gates.ts';
import type { outputs } from './inputs.ts';
import { percentOf, pointsLost } from './percent.ts';
import { RECORD_FILE, type RecordHead, recordText } from './record.ts';
import type { Coverage, Metric } from './types.ts';

/** GitHub keeps ten errors a step: beyond nine, failed gates are counted in the tenth. */
const MOST_FAULTS = 9;

/** All gates that failed as one failure; undefined when none did. */
export function failureOf(gates: readonly Gate[]): ProjectFailure | undefined {
  const faults = gates.flatMap(({ fault }) => fault ?? []);
  const rest = gates.filter(({ fault }) => fault !== undefined).slice(MOST_FAULTS);
  if (faults.length === 0) return undefined;
  if (rest.length <= 1) return new ProjectFailure(faults);
  const others: Fault = {
    code: faults[MOST_FAULTS]?.code ?? 'PIPE-COVERAGE-040',
    what: `${rest.length} more gates failed: ${rest.map(({ name, measured, limit }) => `${name} ${measured}, ${limit}`).join('; ')}`,
  };
  return new ProjectFailure([...faults.slice(0, MOST_FAULTS), others]);
}

/** The outputs; what was not measured is left empty. */
export function outputsOf(
  { coverage, patch, drop }: Figures,
  passed: boolean | undefined,
  record: { readonly report: string | undefined; readonly artifact: string | undefined },
): OutputValues<typeof outputs> {
  const share = (metric: Metric) => {
    const count = coverage.totals[metric];
    return count === undefined ? undefined : percentOf(count);
  };
  const worst = 'value' in drop ? worstOf(drop.value) : undefined;
  return {
    lines: share('lines'),
    branches: share('branches'),
    functions: share('functions'),
    statements: share('statements'),
    patch: 'value' in patch ? percentOf(patch.value.count) : undefined,
    drop: worst === undefined ? undefined : pointsLost(worst.before, worst.now),
    passed,
    ...record,
  };
}

/** Outputs of a run that measured nothing. */
export function nothingMeasured(passed: boolean | undefined): OutputValues<typeof outputs> {
  const none = undefined;
  return {
    ...{ lines: none, branches: none, functions: none, statements: none, patch: none, drop: none },
    ...{ passed, report: none, artifact: none },
  };
}

/** Writes the machine-readable figures into a folder of their own and returns the file's path. */
export async function writeRecord(temp: string, head: RecordHead, coverage: Coverage): Promise<string> {
  const path = join(await mkdtemp(join(temp, 'coverage-')), RECORD_FILE);
  const file = await open(path, 'wx');
  try {
    let pending: string[] = [];
    let size = 0;
    for (const piece of recordText(head, coverage)) {
      pending.push(piece);
      size += piece.length;
      if (size < 1_000_000) continue;
      await file.writeFile(pending.join(''));
      [pending, size] = [[], 0];
    }
    await file.writeFile(pending.join(''));
  } finally {
    await file.close();
  }
  return path;
}
