import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { artifactName } from '../../src/github/artifact-name.ts';
import type { PreparedRun } from '../../src/local/run-types.ts';
import { serveGitHub } from '../support/github/serve.ts';
import { writeFiles } from '../support/temporary.ts';
import { type NpmAdvisory, writeDatabase } from './database.ts';
import { lockfile, type ScanJob, startScanJob } from './job.ts';
import { readScanResult } from './read-result.ts';

const [BASE, HEAD] = ['b'.repeat(40), 'c'.repeat(40)] as const;

const PUBLISHED: NpmAdvisory = { package: 'ms', id: 'CVE-2026-2000', fixed: '2.1.3', severity: 'HIGH' };

const ARTIFACT = artifactName('scan-path', { workflow: 'pipeline', folder: '.', service: '' });

/** A green push run on main whose artifact has this record. */
function greenPush(record: unknown, more: Partial<PreparedRun> = {}): PreparedRun {
  return {
    ...{ id: 900, runNumber: 12, path: '.github/workflows/ci.yml', event: 'push', headBranch: 'main', headSha: BASE },
    ...{ status: 'completed', conclusion: 'success' },
    artifacts: [{ name: ARTIFACT, files: { 'scan.json': JSON.stringify(record) } }],
    ...more,
  };
}

/** The step's environment in a run of an event, with GitHub behind it. */
async function github(
  job: ScanJob,
  event: 'pull_request' | 'push',
  runs: readonly PreparedRun[],
  permissions: Record<string, 'read'> = { actions: 'read' },
) {
  const server = await serveGitHub({ permissions, runs });
  onTestFinished(() => server.close());
  const file = join(job.temp, `${event}.json`);
  await writeFile(file, JSON.stringify(event === 'push' ? PUSH : PULL_REQUEST));
  const environment = {
    GITHUB_API_URL: server.url,
    GITHUB_REPOSITORY: server.repository,
    GITHUB_EVENT_NAME: event,
    GITHUB_EVENT_PATH: file,
    GITHUB_WORKFLOW_REF: `${server.repository}/.github/workflows/ci.yml@refs/heads/main`,
    GITHUB_SHA: HEAD,
    NO_PROXY: '127.0.0.1',
  };
  return { environment, token: server.token };
}

const SIDE = { repo: { full_name: 'acme/api' } };
const PULL_REQUEST = {
  action: 'opened',
  number: 7,
  pull_request: {
    number: 7,
    draft: false,
    merged: false,
    head: { sha: HEAD, ref: 'feature', ...SIDE },
    base: { sha: BASE, ref: 'main', ...SIDE },
  },
  sender: { login: 'octo' },
};
const PUSH = { ref: 'refs/heads/main', before: BASE, after: HEAD, deleted: false };

async function step(
  job: ScanJob,
  event: 'pull_request' | 'push',
  runs: readonly PreparedRun[],
  inputs: Readonly<Record<string, string>>,
  permissions?: Record<string, 'read'>,
) {
  const { environment, token } = await github(job, event, runs, permissions);
  return await job.run({ 'github-token': token, ...inputs }, { environment });
}

/** The record of a scan of some packages. */
async function recordOf(packages: Readonly<Record<string, string>>, inputs: Readonly<Record<string, string>> = {}) {
  const job = await startScanJob({ 'package-lock.json': lockfile(packages) });
  return await (await job.run(inputs)).record();
}

describe('a pull request', () => {
  it('fails on what it adds, not on what the base branch has', async () => {
    const base = await recordOf({ minimist: '1.2.0' });
    const job = await startScanJob({ 'package-lock.json': lockfile({ minimist: '1.2.1' }) });
    const same = await step(job, 'pull_request', [greenPush(base)], { baseline: 'base' });
    expect(same).toMatchObject({ exitCode: 0, outputs: { critical: '1', new: '0', passed: 'true' } });
    expect(same.log).toMatch(/compared with "main" as of \d{4}-\d\d-\d\d \(run 12\)/);
    await writeFiles(job.workspace, { 'package-lock.json': lockfile({ minimist: '1.2.1', lodash: '4.17.20' }) });
    const more = await step(job, 'pull_request', [greenPush(base)], { baseline: 'base' });
    expect(more).toMatchObject({ exitCode: 1, outputs: { critical: '1', high: '1', new: '1' } });
    expect(more.log).toContain('Given: "CVE-2021-23337" in "lodash"');
  });

  it('fails on a second copy of a package that the base has once, in the same lockfile or in another', async () => {
    const base = await recordOf({ minimist: '1.2.0' });
    const twice = {
      '': { name: 'shop', version: '1.0.0', dependencies: { minimist: '1.2.0', mkdirp: '0.5.0' } },
      'node_modules/minimist': { version: '1.2.0' },
      'node_modules/mkdirp': { version: '0.5.0', dependencies: { minimist: '1.2.1' } },
      'node_modules/mkdirp/node_modules/minimist': { version: '1.2.1' },
    };
    const lock = JSON.stringify({ name: 'shop', version: '1.0.0', lockfileVersion: 3, packages: twice });
    const same = await startScanJob({ 'package-lock.json': lock });
    expect((await step(same, 'pull_request', [greenPush(base)], { baseline: 'base' })).outputs['new']).toBe('1');
    const job = await startScanJob({
      'package-lock.json': lockfile({ minimist: '1.2.0' }),
      'tools/package-lock.json': lockfile({ minimist: '1.2.0' }),
    });
    expect((await step(job, 'pull_request', [greenPush(base)], { baseline: 'base' })).outputs['new']).toBe('1');
  });

  it('does not fail on a vulnerability that was published after the base was scanned, in a package it did not touch', async () => {
    const base = await recordOf({ ms: '2.0.0' });
    const job = await startScanJob({ 'package-lock.json': lockfile({ ms: '2.0.0' }) });
    await writeDatabase(join(job.cacheDir, 'newer'), { advisories: [PUBLISHED] });
    await rm(join(job.cacheDir, 'db'), { recursive: true });
    await rename(join(job.cacheDir, 'newer'), join(job.cacheDir, 'db'));
    const untouched = await step(job, 'pull_request', [greenPush(base)], { baseline: 'base' });
    expect(untouched.outputs).toMatchObject({ passed: 'true', high: '1', new: '0' });
    expect(readScanResult(untouched.outputs['result'] ?? '')?.rows[0]?.verdict).toBe('published');
    await writeFiles(job.workspace, { 'package-lock.json': lockfile({ ms: '2.1.0' }) });
    expect((await step(job, 'pull_request', [greenPush(base)], { baseline: 'base' })).outputs['new']).toBe('1');
    await writeFiles(job.workspace, { 'package-lock.json': lockfile({ ms: '2.0.0' }) });
    expect((await step(job, 'push', [greenPush(base)], { baseline: 'base' })).outputs['new']).toBe('1');
  });

  it('is compared with nothing, and says so, where the base has left no result or it may not be read', async () => {
    const job = await startScanJob({ 'package-lock.json': lockfile({ minimist: '1.2.0' }) });
    const none = await step(job, 'pull_request', [], { baseline: 'base' });
    expect(none.outputs['new']).toBe('1');
    expect(none.log).toContain(
      '::notice::"main" has no result to compare with: there is no green run of ci.yml for a push to "main" yet. Everything counts.',
    );
    const base = greenPush(await none.record());
    const forbidden = await step(job, 'pull_request', [base], { baseline: 'base' }, {});
    expect(forbidden.outputs['new']).toBe('1');
    expect(forbidden.log).toContain('actions: read');
  });

  it('takes no record that is not of the form', async () => {
    const base = (await recordOf({ minimist: '1.2.0' })) as Record<string, unknown>;
    const job = await startScanJob({ 'package-lock.json': lockfile({ minimist: '1.2.0' }) });
    for (const [damage, reason] of [
      [{ format: 'other/1' }, 'its `format` is not'],
      [{ findings: [{ kind: 'vulnerability' }] }, '`findings` holds something that is no finding'],
      [{ debt: [{ key: 'a', count: -1, since: '2026-01-01' }] }, '`debt` holds something that is no debt'],
    ] as const) {
      const outcome = await step(job, 'pull_request', [greenPush({ ...base, ...damage })], { baseline: 'base' });
      expect(outcome.outputs['new']).toBe('1');
      expect(outcome.log).toContain(reason);
    }
  });
});

describe('adopted debt', () => {
  it('is recorded once, listed with its age ever after, and what comes later fails', async () => {
    const job = await startScanJob({ 'package-lock.json': lockfile({ minimist: '1.2.0' }) });
    const first = await step(job, 'push', [], { baseline: 'adopt' });
    expect(first).toMatchObject({ exitCode: 0, outputs: { critical: '1', new: '0' } });
    expect(first.log).toContain(
      '::notice::Baseline: today’s debt is adopted: there is no green run of ci.yml for a push to "main" yet.',
    );
    const record = (await first.record()) as { debt: { since: string }[] };
    const old = { ...record, debt: record.debt.map((debt) => ({ ...debt, since: '2026-01-02' })) };

    await writeFiles(job.workspace, { 'package-lock.json': lockfile({ minimist: '1.2.0', lodash: '4.17.20' }) });
    const second = await step(job, 'push', [greenPush(old)], { baseline: 'adopt' });
    expect(second).toMatchObject({ exitCode: 1, outputs: { new: '1' } });
    expect(second.summary).toMatch(/🕰️ debt since 2026&#45;01&#45;02 &#40;\d+ days&#41;/);
    expect(await second.record()).toMatchObject({ adopts: true, debt: [{ since: '2026-01-02', count: 1 }] });

    const pull = await step(job, 'pull_request', [greenPush(old)], { baseline: 'adopt' });
    expect(pull.outputs['new']).toBe('1');
    const rows = readScanResult(pull.outputs['result'] ?? '')?.rows;
    expect(rows?.map(({ id, verdict, since }) => [id, verdict, since])).toEqual([
      ['CVE-2021-23337', 'fails', undefined],
      ['CVE-2021-44906', 'debt', '2026-01-02'],
    ]);
  });

  it('only shrinks: what was repaired and comes back fails', async () => {
    const adopted = await recordOf({ minimist: '1.2.0' });
    const job = await startScanJob({ 'package-lock.json': lockfile({ minimist: '1.2.6' }) });
    const started = await step(job, 'push', [], { baseline: 'adopt' });
    expect(await started.record()).toMatchObject({ adopts: true, debt: [] });
    await writeFiles(job.workspace, { 'package-lock.json': lockfile({ minimist: '1.2.0' }) });
    const back = await step(job, 'push', [greenPush(await started.record())], { baseline: 'adopt' });
    expect(back.outputs['new']).toBe('1');
    // A record of a run that did not adopt is none.
    const afresh = await step(job, 'push', [greenPush(adopted)], { baseline: 'adopt' });
    expect(afresh).toMatchObject({ exitCode: 0, outputs: { new: '0' } });
  });

  it('is not adopted again because GitHub could not be asked', async () => {
    const job = await startScanJob({ 'package-lock.json': lockfile({ minimist: '1.2.0' }) });
    const forbidden = await step(job, 'push', [], { baseline: 'adopt' }, {});
    expect(forbidden.exitCode).toBe(1);
    expect(forbidden.log).toContain('::error::PIPE-SCAN-015: the record of the adopted debt could not be read');
  });

  it('does not fail the pull request that switches it on', async () => {
    const job = await startScanJob({ 'package-lock.json': lockfile({ minimist: '1.2.0' }) });
    const pull = await step(job, 'pull_request', [], { baseline: 'adopt' });
    expect(pull).toMatchObject({ exitCode: 0, outputs: { new: '0', critical: '1' } });
    expect(pull.log).toContain('What was found is shown as debt; the first push to "main" records it.');
  });
});

describe('two calls of one workflow file that scan the same folder', () => {
  it('keep a result each, and compare with their own only', async () => {
    const base = await recordOf({ minimist: '1.2.0' });
    const job = await startScanJob({ 'package-lock.json': lockfile({ minimist: '1.2.0' }) });
    const call = { workflow: 'node-service', service: 'api', baseline: 'base' };
    const artifact = artifactName('scan-path', { workflow: 'node-service', folder: '.', service: 'api' });
    const own = [greenPush(base, { artifacts: [{ name: artifact, files: { 'scan.json': JSON.stringify(base) } }] })];
    expect((await step(job, 'pull_request', own, call)).outputs).toMatchObject({ new: '0', artifact });
    for (const other of [{ service: 'worker' }, { workflow: 'web-app' }]) {
      const { outputs } = await step(job, 'pull_request', own, { ...call, ...other });
      expect(outputs['new']).toBe('1');
      expect(outputs['artifact']).not.toBe(artifact);
    }
  });
});

describe('a baseline file', () => {
  it('is a result of this action in the repository', async () => {
    const record = await recordOf({ minimist: '1.2.0' });
    const job = await startScanJob({
      'package-lock.json': lockfile({ minimist: '1.2.0', lodash: '4.17.20' }),
      'security/scan.json': JSON.stringify(record),
      'security/other.json': '{"findings": []}',
    });
    const known = await job.run({ baseline: 'security/scan.json' });
    expect(known.outputs).toMatchObject({ new: '1', critical: '1', high: '1' });
    const other = await job.run({ baseline: 'security/other.json' });
    expect(other.log).toContain('::error::PIPE-SCAN-014:');
    expect((await job.run({ baseline: '../outside.json' })).log).toContain('PIPE-SCAN-014: the baseline');
  });
});
