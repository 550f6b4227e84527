import { mkdir } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import type { SbomFormat } from './inputs.ts';
import type { TargetScan } from './scan-target.ts';
import { runTrivy, type Trivy } from './trivy.ts';

/**
 * Bills of materials from the reports of a scan: the same facts, without a second look at the target.
 *
 * @param file absolute path; with several images or platforms each has a name before the ending
 * @returns the absolute paths
 */
export async function writeBills(
  trivy: Trivy,
  scans: readonly TargetScan[],
  { file, format, timeout }: { readonly file: string; readonly format: SbomFormat; readonly timeout: number },
): Promise<readonly string[]> {
  const reports = scans.flatMap(({ target, platforms }) =>
    platforms.map((scan) => ({
      report: scan.file,
      name: [target.name, scan.platform ?? ''].filter(Boolean).join('-'),
    })),
  );
  await mkdir(dirname(file), { recursive: true });
  const paths: string[] = [];
  for (const { report, name } of reports) {
    const path = reports.length === 1 ? file : namedFile(file, name);
    // Without the findings: a bill says what is in it, and findings change every day.
    const args = ['convert', '--format', format, '--output', path, report];
    await runTrivy(trivy, args, { doing: `write the bill of materials of ${name}`, code: 'PIPE-SCAN-007', timeout });
    paths.push(path);
  }
  return paths;
}

/** `sbom.json` becomes `sbom-api-linux-amd64.json`. */
function namedFile(file: string, name: string): string {
  const ending = extname(file);
  return `${file.slice(0, file.length - ending.length)}-${name.replace(/[^A-Za-z0-9._-]+/g, '-')}${ending}`;
}
