import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigurationError, shown } from '../runtime/errors.ts';
import { RECORD_FILE } from './baseline.ts';
import type { ScanRecord } from './record.ts';
import { type SarifTarget, sarifOf } from './sarif.ts';

export interface Reports {
  /** Absolute folder that becomes the artifact; emptied first. */
  readonly folder: string;
  readonly record: ScanRecord;
  readonly targets: readonly SarifTarget[];
  /** Version. */
  readonly trivy: string;
  readonly category: string;
  /** Where SARIF is also wanted; absolute. */
  readonly sarifFile: string | undefined;
}

/**
 * Writes the result and SARIF.
 *
 * @returns their absolute paths, and how many findings SARIF had no room for
 * @throws ConfigurationError PIPE-SCAN-016 when a file can't be written
 */
export async function writeReports(
  reports: Reports,
): Promise<{ readonly report: string; readonly sarif: string; readonly cut: number }> {
  const { folder, record, targets, trivy, category, sarifFile } = reports;
  const report = join(folder, RECORD_FILE);
  const sarif = join(folder, 'scan.sarif');
  const { text, cut } = sarifOf(targets, trivy, category);
  await rm(folder, { recursive: true, force: true });
  await write(report, JSON.stringify(record));
  await write(sarif, text);
  if (sarifFile !== undefined) await write(sarifFile, text);
  return { report, sarif, cut };
}

async function write(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(
      {
        code: 'PIPE-SCAN-016',
        what: `${shown(path, 200)} could not be written (${code ?? String(error)})`,
        accepted: 'a path whose folder can be written',
        example: '`sarif-file: scan.sarif`',
        state: 'the scan was made; its result is in the log only',
      },
      { cause: error },
    );
  }
}
