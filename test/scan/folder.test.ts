import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { artifactName } from '../../src/github/artifact-name.ts';
import { JOB_TOKEN, lockfile, startScanJob } from './job.ts';
import { readScanResult } from './read-result.ts';

/** Keys that are in no account: the right form, made up. */
const KEY = `ghp_${'abcdefghijklmnopqrstuvwxyz0123456789'}`;

const ARTIFACT = artifactName('scan-path', { workflow: 'pipeline', folder: '.', service: '' });

const DOCKERFILE = 'FROM debian:12\nRUN sudo apt-get install -y curl\nUSER root\n';

describe('scanning a folder', () => {
  it('fails on a vulnerable package, on its line of the lockfile, and names the upgrade', async () => {
    const job = await startScanJob({
      'package-lock.json': pretty(lockfile({ 'left-pad': '1.0.0', minimist: '1.2.0' })),
    });
    const step = await job.run({});
    expect(step.exitCode).toBe(1);
    expect(step.outputs).toMatchObject({ critical: '1', high: '0', new: '1', passed: 'false', artifact: ARTIFACT });
    expect(step.log).toMatch(
      /::error file=package-lock\.json,line=1[0-9],endLine=|::error file=package-lock\.json,line=1[0-9]::CRITICAL CVE-2021-44906 minimist 1\.2\.0/,
    );
    expect(step.log).toContain('PIPE-SCAN-012: the scan found something that must not go on: 1 critical');
    expect(step.summary).toContain(
      '**First:** <code>minimist</code> to <code>1.2.6</code> in <code>package-lock.json</code>',
    );
    expect(step.summary).not.toContain('left&#45;pad');
  });

  it('passes with the fixed version, without a summary', async () => {
    const job = await startScanJob({ 'package-lock.json': lockfile({ minimist: '1.2.6' }) });
    const step = await job.run({});
    expect(step).toMatchObject({ exitCode: 0, summary: '', outputs: { passed: 'true', new: '0', critical: '0' } });
  });

  it('counts what has no fix only when it is told to', async () => {
    const job = await startScanJob({ 'package-lock.json': lockfile({ 'left-pad': '1.0.0' }) });
    expect(await job.run({})).toMatchObject({ exitCode: 0, outputs: { critical: '0', new: '0' } });
    expect(await job.run({ 'ignore-unfixed': 'false' })).toMatchObject({
      exitCode: 1,
      outputs: { critical: '1', new: '1' },
    });
  });

  it('fails on the severities that were asked for, and counts the others', async () => {
    const job = await startScanJob({ 'package-lock.json': lockfile({ lodash: '4.17.20' }) });
    expect((await job.run({ severity: 'CRITICAL' })).outputs).toMatchObject({
      passed: 'true',
      high: '1',
      medium: '1',
      new: '0',
    });
    expect((await job.run({ severity: 'MEDIUM' })).outputs).toMatchObject({ passed: 'false', new: '1' });
    expect((await job.run({})).outputs).toMatchObject({ passed: 'false', new: '1' });
  });

  it('finds a planted key, a misconfigured Dockerfile and a licence, and shows no key anywhere', async () => {
    const job = await startScanJob({
      'package-lock.json': lockfile({ express: '4.0.0' }, 'GPL-3.0'),
      Dockerfile: DOCKERFILE,
      'config/settings.js': `const first = 1;\nconst token = '${KEY}';\n`,
    });
    const step = await job.run({ scanners: 'vuln\nsecret\nmisconfig\nlicense' });
    expect(step.exitCode).toBe(1);
    expect(step.log).toContain('::error file=config/settings.js,line=2,endLine=2::CRITICAL github-pat');
    expect(step.log).toMatch(/::error file=Dockerfile,line=2,endLine=2::CRITICAL DS-0010/);
    expect(step.log).toMatch(/::error file=Dockerfile,line=3,endLine=3::HIGH DS-0002/);
    expect(step.log).toMatch(/::error file=package-lock\.json,line=\d+::HIGH GPL-3\.0-only/);
    const sarif = await readFile(step.outputs['sarif'] ?? '', 'utf8');
    const record = JSON.stringify(await step.record());
    for (const text of [step.log, step.summary, step.outputs['result'] ?? '', sarif, record])
      expect(text).not.toContain(KEY);
  });

  it('names places from the root of the repository when a folder of it is scanned', async () => {
    const job = await startScanJob({ 'apps/api/package-lock.json': lockfile({ minimist: '1.2.0' }) });
    const step = await job.run({ 'working-directory': 'apps/api', 'sarif-file': 'out/scan.sarif' });
    expect(step.log).toContain('::error file=apps/api/package-lock.json,line=1::');
    expect(step.outputs['artifact']).toMatch(/^scan-path-pipeline-apps-api-[0-9a-f]{8}$/);
    const sarif = await readFile(join(job.workspace, 'out/scan.sarif'), 'utf8');
    expect(sarif).toContain('"uri":"apps/api/package-lock.json"');
    expect(sarif).toContain(`"automationDetails":{"id":"${step.outputs['artifact']}/apps%2Fapi/"}`);
  });

  it('obeys neither a trivy.yaml of the project nor TRIVY_ variables, which would hide what is there', async () => {
    const job = await startScanJob({
      'package-lock.json': lockfile({ minimist: '1.2.0' }),
      'trivy.yaml': 'scan:\n  skip-files: ["package-lock.json"]\nseverity: [LOW]\n',
      'trivy-secret.yaml': 'disable-rules: [github-pat]\n',
      'a.js': `const token = '${KEY}';\n`,
    });
    const environment = { TRIVY_SKIP_FILES: 'package-lock.json', TRIVY_SEVERITY: 'LOW', TRIVY_EXIT_CODE: '0' };
    expect((await job.run({}, { environment })).outputs).toMatchObject({ passed: 'false', new: '2' });
  });

  it('leaves out the folders and files that it is told to', async () => {
    const job = await startScanJob({
      'package-lock.json': lockfile({ minimist: '1.2.6' }),
      'test/fixtures/package-lock.json': lockfile({ minimist: '1.2.0' }),
      'old/package-lock.json': lockfile({ minimist: '1.2.0' }),
    });
    expect((await job.run({})).outputs['new']).toBe('2');
    const step = await job.run({ 'skip-dirs': 'test/fixtures', 'skip-files': 'old/*.json' });
    expect(step.outputs).toMatchObject({ passed: 'true', new: '0' });
  });

  it('is red where there was nothing to look at, unless that is expected', async () => {
    const job = await startScanJob({ 'README.md': 'no lockfile' });
    const step = await job.run({});
    expect(step.exitCode).toBe(1);
    expect(step.log).toContain(
      'PIPE-SCAN-013: the scan of "repository" did not look at anything: no packages were found in it (packages for development do not count)',
    );
    expect(await job.run({ 'allow-empty': 'true' })).toMatchObject({ exitCode: 0, outputs: { passed: 'true' } });
    expect(await job.run({ scanners: 'secret\nmisconfig' })).toMatchObject({ exitCode: 0 });
  });

  it('says through which dependency a package came', async () => {
    const lock = {
      name: 'shop',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: {
        '': { name: 'shop', version: '1.0.0', dependencies: { mkdirp: '0.5.0' } },
        'node_modules/mkdirp': { version: '0.5.0', dependencies: { minimist: '1.2.0' } },
        'node_modules/minimist': { version: '1.2.0' },
      },
    };
    const job = await startScanJob({ 'package-lock.json': JSON.stringify(lock) });
    const step = await job.run({});
    expect(readScanResult(step.outputs['result'] ?? '')?.rows[0]?.from).toBe('package-lock.json; through mkdirp');
  });

  it('writes a bill of materials in both formats from the same scan', async () => {
    const job = await startScanJob({ 'package-lock.json': lockfile({ minimist: '1.2.0' }) });
    const first = await job.run({ 'sbom-file': 'out/sbom.json' });
    const bill = JSON.parse(await readFile(join(job.workspace, 'out/sbom.json'), 'utf8')) as Record<string, unknown>;
    expect(bill).toMatchObject({ bomFormat: 'CycloneDX' });
    expect(JSON.stringify(bill)).toContain('pkg:npm/minimist@1.2.0');
    expect(JSON.parse(first.outputs['sbom'] ?? '')).toEqual([join(job.workspace, 'out/sbom.json')]);
    await job.run({ 'sbom-file': 'out/sbom.json', 'sbom-format': 'spdx-json' });
    expect(await readFile(join(job.workspace, 'out/sbom.json'), 'utf8')).toContain('"spdxVersion"');
  });

  it('lets no name of a file speak to the runner or mark up a report', async () => {
    const job = await startScanJob({ 'package-lock.json': lockfile({ minimist: '1.2.6' }) });
    const hostile = 'x<img src=y>|[a](b)@org ##[error]%0A::set-output name=passed::true';
    await mkdir(join(job.workspace, hostile));
    await writeFile(join(job.workspace, hostile, 'a\n::error::gotcha.js'), `const token = '${KEY}';\n`);
    const step = await job.run({});
    expect(step.outputs).toMatchObject({ passed: 'false', new: '1' });
    expect(step.log).not.toMatch(/^::set-output/m);
    expect(step.log).not.toMatch(/^::error::gotcha/m);
    expect(step.summary).not.toContain('<img');
    expect(step.summary).not.toContain('[a](b)');
    expect(step.summary).not.toContain('@org');
    const line = step.summary.split('\n').find((row) => row.startsWith('| CRITICAL'));
    expect(line?.split(' | ')).toHaveLength(7);
  });

  it('hands Trivy no token of the runner, no password on its command line', async () => {
    const job = await startScanJob({ 'package-lock.json': lockfile({ minimist: '1.2.6' }) });
    const spy = join(job.temp, 'spy');
    await mkdir(spy);
    const seen = join(job.temp, 'seen');
    await writeFile(join(spy, 'trivy'), `#!/bin/sh\n{ echo "$@"; env; } >> '${seen}'\nexec "$REAL_TRIVY" "$@"\n`, {
      mode: 0o755,
    });
    const { installTrivy } = await import('../../tools/scan/trivy.ts');
    const environment = {
      PATH: `${spy}:${process.env['PATH'] ?? ''}`,
      REAL_TRIVY: join(await installTrivy(), 'trivy'),
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'tokenForOidcThatNobodyMaySee',
    };
    const step = await job.run(
      { username: 'ci', password: 'pass-word-of-the-registry', 'github-token': JOB_TOKEN },
      { environment },
    );
    expect(step.exitCode).toBe(0);
    const everything = await readFile(seen, 'utf8');
    expect(everything).toContain('fs --scanners');
    for (const text of [JOB_TOKEN, 'tokenForOidcThatNobodyMaySee', 'pass-word-of-the-registry'])
      expect(everything).not.toContain(text);
  });
});

function pretty(json: string): string {
  return JSON.stringify(JSON.parse(json), undefined, 2);
}
