import { describe, expect, it } from 'vitest';
import { lockfile, startScanJob } from './job.ts';
import { readScanResult } from './read-result.ts';

const LOCK = { 'package-lock.json': lockfile({ minimist: '1.2.0', lodash: '4.17.20' }) };

describe('exceptions', () => {
  it('take findings out while they hold, each listed with its expiry, its line and its reason', async () => {
    const job = await startScanJob({
      ...LOCK,
      '.trivyignore':
        '# accepted\n\nCVE-2021-44906 exp:2099-01-31 # no untrusted input\nCVE-2021-23337\nCVE-1999-0001\n',
    });
    const step = await job.run({});
    expect(step.outputs).toMatchObject({ passed: 'true', critical: '0', high: '0', new: '0' });
    expect(step.log).toContain('exception: CVE-2021-44906, .trivyignore:3, 2099-01-31');
    expect(readScanResult(step.outputs['result'] ?? '')?.exceptions).toEqual([
      {
        id: 'CVE-2021-44906',
        place: '.trivyignore:3',
        expiry: '2099-01-31',
        statement: 'no untrusted input',
        findings: 1,
      },
      { id: 'CVE-2021-23337', place: '.trivyignore:4', statement: '', findings: 1 },
    ]);
  });

  it('are read from the YAML form by their kind and path', async () => {
    const job = await startScanJob({
      ...LOCK,
      'old/package-lock.json': lockfile({ minimist: '1.2.0' }),
      '.trivyignore.yaml': [
        'vulnerabilities:',
        '  - id: CVE-2021-44906',
        '    paths: [package-lock.json]',
        '    expired_at: 2099-01-31',
        '    statement: only in tests',
        'secrets:',
        '  - id: CVE-2021-23337',
        '',
      ].join('\n'),
    });
    const step = await job.run({});
    expect(step.outputs).toMatchObject({ passed: 'false', critical: '1', high: '1', new: '2' });
    expect(readScanResult(step.outputs['result'] ?? '')?.exceptions).toEqual([
      {
        id: 'CVE-2021-44906',
        place: '.trivyignore.yaml:2',
        expiry: '2099-01-31',
        statement: 'only in tests',
        findings: 1,
      },
    ]);
    expect(step.summary).toContain('1 exception used');
  });

  it('fail with their line when they have expired, and no longer count', async () => {
    const job = await startScanJob({ ...LOCK, '.trivyignore': 'CVE-2021-44906 exp:2026-01-31\nCVE-2021-23337\n' });
    const step = await job.run({});
    expect(step.exitCode).toBe(1);
    expect(step.outputs).toMatchObject({ critical: '1', new: '1' });
    expect(step.log).toContain(
      '::error file=.trivyignore,line=1::PIPE-SCAN-011: the exception for "CVE-2021-44906" expired on 2026-01-31.',
    );
    expect(step.log).toContain(
      'PIPE-SCAN-011: the exception for "CVE-2021-44906" in .trivyignore:1 expired on 2026-01-31. Given: its finding is still there.',
    );
  });

  it('fail when they have expired also where their finding is gone: the line is to be removed', async () => {
    const yaml = 'vulnerabilities:\n  - id: CVE-1999-0001\n\n  - id: CVE-1999-0002\n    expired_at: 2026-01-31\n';
    const job = await startScanJob({
      'package-lock.json': lockfile({ minimist: '1.2.6' }),
      'security/ignored.yaml': yaml,
    });
    const step = await job.run({ 'ignore-file': 'security/ignored.yaml' });
    expect(step.exitCode).toBe(1);
    expect(step.log).toContain(
      'the exception for "CVE-1999-0002" in security/ignored.yaml:4 expired on 2026-01-31. Given: its finding is gone. Remedy: remove the line.',
    );
  });

  it.each([
    [
      'an expiry that is no date, which Trivy would never reach',
      '.trivyignore',
      'CVE-1 exp:soon\n',
      '.trivyignore:1" holds',
      'the expiry "soon"',
    ],
    [
      'a day that does not exist',
      '.trivyignore',
      'A\nCVE-1 exp:2027-02-31\n',
      '.trivyignore:2" holds',
      'the expiry "2027-02-31"',
    ],
    [
      'a word that is no part of the form',
      '.trivyignore',
      'CVE-1 expires:2027-01-01\n',
      '.trivyignore:1" holds',
      'the word "expires:2027-01-01"',
    ],
    [
      'a misspelt key',
      '.trivyignore.yaml',
      'vulnerabilities:\n  - id: A\n    expires_at: 2027-01-01\n',
      '.trivyignore.yaml:2" holds',
      'the key "expires_at"',
    ],
    [
      'a misspelt section',
      '.trivyignore.yaml',
      'vulnerability:\n  - id: A\n',
      '.trivyignore.yaml" holds',
      'the section "vulnerability"',
    ],
    [
      'an entry without an id',
      '.trivyignore.yaml',
      'secrets:\n  - paths: [a]\n',
      '.trivyignore.yaml:2" holds',
      'an entry without `id`',
    ],
  ])('are refused for %s', async (_, name, text, place, found) => {
    const job = await startScanJob({ ...LOCK, [name]: text }, 'none');
    const step = await job.run({});
    expect(step.exitCode).toBe(1);
    expect(step.log).toContain(
      `PIPE-SCAN-010: "${place} something that Trivy would pass over without a word. Given: ${found}`,
    );
  });

  it('come from one file: two of them, or a missing one, are refused', async () => {
    const job = await startScanJob({ ...LOCK, '.trivyignore': '', '.trivyignore.yaml': '' }, 'none');
    expect((await job.run({})).log).toContain('PIPE-SCAN-010: there are two ignore files');
    expect((await job.run({ 'ignore-file': 'missing' })).log).toContain(
      'PIPE-SCAN-010: the ignore file "missing" does not exist',
    );
  });
});
