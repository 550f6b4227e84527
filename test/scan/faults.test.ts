import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installTrivy } from '../../tools/scan/trivy.ts';
import { lockfile, type ScanJob, startScanJob } from './job.ts';

const LOCK = { 'package-lock.json': lockfile({ minimist: '1.2.0' }) };

/** A Trivy that says its version, and does something else when it is to scan. */
async function trivyThat(job: ScanJob, does: string): Promise<Readonly<Record<string, string>>> {
  const folder = join(job.temp, 'other');
  await mkdir(folder);
  const script = `#!/bin/sh\ncase "$1" in --version) exec "$REAL_TRIVY" --version;; esac\n${does}\n`;
  await writeFile(join(folder, 'trivy'), script, { mode: 0o755 });
  return { PATH: `${folder}:${process.env['PATH'] ?? ''}`, REAL_TRIVY: join(await installTrivy(), 'trivy') };
}

describe('a Trivy that fails', () => {
  it('is quoted without colours and without the secrets of the run', async () => {
    const job = await startScanJob(LOCK);
    const says = `printf '2026-11-21T10:00:00Z\\t\\033[31mFATAL\\033[0m\\tFatal error\\trun error: GET http://ci:a-registry-password@x: UNAUTHORIZED\\n' >&2; exit 1`;
    const environment = await trivyThat(job, says);
    const step = await job.run({ username: 'ci', password: 'a-registry-password' }, { environment });
    expect(step.exitCode).toBe(1);
    expect(step.log).toContain(
      'PIPE-SCAN-007: Trivy could not scan repository: it ended with status 1 (Trivy 0.70.0: no answer, 1 try over',
    );
    expect(step.log).toContain('Given: "run error: GET http://ci:***@x: UNAUTHORIZED". Remedy: sign in:');
    expect(step.log.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain('a-registry-password');
    expect(step.summary).not.toContain('a-registry-password');
    expect(step.outputs['passed'] ?? '').not.toBe('true');
  });

  it('is ended when it takes longer than it may, with everything it started', async () => {
    const job = await startScanJob(LOCK);
    const environment = await trivyThat(job, 'sleep 600 & sleep 600');
    const step = await job.run({ timeout: '1s' }, { environment });
    expect(step.exitCode).toBe(1);
    expect(step.log).toContain('PIPE-SCAN-008: Trivy could not scan repository in time');
    expect(step.log).toContain('Accepted: at most 1s. Example: `timeout: 30m`');
  });

  it.each([
    ['writes no report', 'exit 0', 'no JSON but ""'],
    [
      'writes half of one',
      'while [ $# -gt 0 ]; do [ "$1" = --output ] && printf "{\\"Schema" > "$2"; shift; done',
      'no JSON but',
    ],
    [
      'writes one of another form',
      'while [ $# -gt 0 ]; do [ "$1" = --output ] && printf "{\\"SchemaVersion\\":9}" > "$2"; shift; done',
      'the schema 9',
    ],
  ])('and %s has found nothing out, which is no pass', async (_, does, reason) => {
    const job = await startScanJob(LOCK);
    const step = await job.run({}, { environment: await trivyThat(job, does) });
    expect(step.exitCode).toBe(1);
    expect(step.log).toContain(`PIPE-SCAN-009: the report of Trivy is not one of schema 2: ${reason}`);
  });

  it('leaves the result in the log where a file can’t be written', async () => {
    const job = await startScanJob({ ...LOCK, 'a-file': '' });
    const step = await job.run({ 'sarif-file': 'a-file/scan.sarif' });
    expect(step.exitCode).toBe(1);
    expect(step.log).toMatch(/::error::PIPE-SCAN-016: ".*a-file\/scan\.sarif" could not be written/);
  });
});
