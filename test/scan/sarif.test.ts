import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createGitHub } from '../../src/github/client.ts';
import type { Finding } from '../../src/scan/finding.ts';
import { sarifOf } from '../../src/scan/sarif.ts';
import { readTrivyReport } from '../../src/scan/trivy-report.ts';
import { uploadSarif } from '../../src/scan/upload.ts';
import { installTrivy } from '../../tools/scan/trivy.ts';
import { openWitness } from '../support/github/openapi.ts';
import { serveGitHub } from '../support/github/serve.ts';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';
import { writeDatabase } from './database.ts';
import { lockfile } from './job.ts';

interface Run {
  readonly results: readonly { ruleId: string; level: string; message: { text: string }; locations: unknown }[];
  readonly tool: { driver: { rules: readonly { id: string; properties: Record<string, unknown> }[] } };
}

function runsOf(text: string): readonly Run[] {
  return (JSON.parse(text) as { runs: Run[] }).runs;
}

function finding(number: number, more: Partial<Finding> = {}): Finding {
  return {
    kind: 'vulnerability',
    id: `CVE-2026-${number}`,
    title: `title ${number}`,
    severity: 'LOW',
    target: 'api',
    platforms: [],
    place: 'package-lock.json',
    package: `package-${number}`,
    installed: '1.0.0',
    fixed: '1.0.1',
    file: 'package-lock.json',
    line: number + 1,
    ...more,
  };
}

describe('SARIF', () => {
  it('has the rules and results of Trivy’s own SARIF of the same scan', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, {
      'project/package-lock.json': lockfile({ minimist: '1.2.0', lodash: '4.17.20', 'left-pad': '1.0.0' }),
      'project/Dockerfile': 'FROM debian:12\nRUN sudo true\nUSER root\n',
      'project/a.js': `const token = 'ghp_${'abcdefghijklmnopqrstuvwxyz0123456789'}';\n`,
    });
    await writeDatabase(join(folder, 'cache/db'));
    const trivy = join(await installTrivy(), 'trivy');
    const quiet = ['--quiet', '--skip-db-update', '--offline-scan', '--skip-check-update', '--skip-version-check'];
    const common = ['--cache-dir', join(folder, 'cache'), '--format', 'json', '--output', join(folder, 'report.json')];
    execFileSync(trivy, ['fs', '--scanners', 'vuln,secret,misconfig', ...quiet, ...common, join(folder, 'project')]);
    const own = execFileSync(trivy, ['convert', '--quiet', '--format', 'sarif', join(folder, 'report.json')], {
      encoding: 'utf8',
    });
    const report = execFileSync('cat', [join(folder, 'report.json')], { encoding: 'utf8' });
    const { findings } = readTrivyReport(report, { target: 'project', platform: undefined, folder: '.' });
    const ours = sarifOf([{ name: 'project', findings }], '0.70.0', 'scan-path').text;
    const facts = (text: string) =>
      runsOf(text)
        .flatMap(({ results }) => results)
        .map(({ ruleId, level, locations }) => [ruleId, level, uriIn(locations)])
        .sort();
    expect(facts(ours)).toEqual(facts(own));
    expect(facts(ours).length).toBeGreaterThan(5);
  });

  it('holds what GitHub takes: the most severe 25,000 of an image, and says how many it left out', () => {
    const many = Array.from({ length: 30_000 }, (_, number) => finding(number));
    const severe = finding(99_999, { severity: 'CRITICAL' });
    const { text, cut } = sarifOf([{ name: 'api', findings: [...many, severe] }], '0.70.0', 'scan');
    const [run] = runsOf(text);
    expect(run?.results).toHaveLength(25_000);
    expect(cut).toBe(5_001);
    expect(run?.results[0]?.ruleId).toBe('CVE-2026-99999');
  });

  it('stays within 10 MB packed, whatever the texts are', () => {
    // Hashes do not pack.
    const hash = (text: string) => createHash('sha512').update(text).digest('base64');
    const noise = (number: number) => Array.from({ length: 12 }, (_, index) => hash(`${number} ${index}`)).join('');
    const long = Array.from({ length: 20_000 }, (_, number) => finding(number, { title: noise(number) }));
    const { text, cut } = sarifOf([{ name: 'api', findings: long }], '0.70.0', 'scan');
    expect(cut).toBeGreaterThan(0);
    expect(gzipSync(text).length).toBeLessThanOrEqual(10 * 1024 * 1024);
    expect(runsOf(text)[0]?.results).toHaveLength(20_000 - cut);
  });

  it('keeps places inside the repository and takes no address from a finding that is not https', () => {
    const hostile = finding(1, { file: '../../etc/pa sswd#x', url: 'javascript:alert(1)', title: '\ud800 half' });
    const { text } = sarifOf([{ name: '../x', findings: [hostile] }], '0.70.0', 'scan');
    expect(text).toContain('"uri":"etc/pa%20sswd%23x"');
    expect(text).toContain('"id":"scan/..%2Fx/"');
    expect(text).not.toContain('javascript:');
  });
});

describe('the upload', () => {
  const UPLOAD = { sha: 'a'.repeat(40), ref: 'refs/heads/main' };

  async function served(permissions: Record<string, 'read' | 'write'>) {
    const github = await serveGitHub({ permissions });
    onTestFinished(() => github.close());
    const environment = { GITHUB_API_URL: github.url, GITHUB_REPOSITORY: github.repository, NO_PROXY: '127.0.0.1' };
    const client = createGitHub({ environment, token: github.token });
    onTestFinished(() => client.close());
    return { github, client };
  }

  it('is taken by code scanning, one category an image', async () => {
    const { github, client } = await served({ 'security-events': 'write' });
    const targets = ['api', 'worker'].map((name) => ({ name, findings: [finding(1, { target: name })] }));
    const sarif = sarifOf(targets, '0.70.0', 'scan-image').text;
    const uploaded = await uploadSarif(client, { ...UPLOAD, sarif, category: 'acme' });
    expect(uploaded).toMatchObject({ kind: 'uploaded', id: expect.stringMatching(/./) });
    const [recorded] = github.codeScanning();
    expect(recorded?.errors).toEqual([]);
    expect(recorded?.analyses.map(({ category, results }) => [category.replace(/\/$/, ''), results])).toEqual([
      ['acme/scan-image/api', 1],
      ['acme/scan-image/worker', 1],
    ]);
    const witness = await openWitness();
    expect(github.requests.flatMap((exchange) => witness(exchange))).toEqual([]);
  });

  it('is left with a reason where the token may not', async () => {
    const { github, client } = await served({ contents: 'read' });
    const sarif = sarifOf([{ name: 'api', findings: [] }], '0.70.0', 'scan').text;
    expect(await uploadSarif(client, { ...UPLOAD, sarif })).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('the token may not upload the findings to code scanning'),
    });
    expect(github.codeScanning()).toEqual([]);
  });

  it.each([
    ['no JSON', 'no', 'it is not JSON'],
    ['no SARIF', '{"runs":[]}', 'it is not SARIF 2.1.0'],
    [
      'too many runs',
      JSON.stringify({ version: '2.1.0', runs: Array.from({ length: 21 }, () => ({})) }),
      'it has 21 runs',
    ],
  ])('sends no file that is %s', async (_, sarif, reason) => {
    const { github, client } = await served({ 'security-events': 'write' });
    expect(await uploadSarif(client, { ...UPLOAD, sarif })).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining(reason),
    });
    expect(github.requests).toEqual([]);
  });
});

function uriIn(locations: unknown): string {
  return /"uri":"([^"]*)"/.exec(JSON.stringify(locations))?.[1] ?? '';
}
