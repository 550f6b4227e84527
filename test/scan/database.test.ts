import { execFileSync } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serveCache } from '../support/cache/serve.ts';
import { type Fault, startFaultProxy } from '../support/fault-proxy.ts';
import { startRegistry } from '../support/registry-server.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { type DatabaseOptions, writeDatabase } from './database.ts';
import { pushDatabase } from './images.ts';
import { lockfile, startScanJob } from './job.ts';

const LOCK = { 'package-lock.json': lockfile({ minimist: '1.2.0' }) };
const DAY = 86_400_000;

/** A port on which nobody listens (IANA: tcpmux). */
const GONE = '127.0.0.1:1/trivy-db:2';

async function repository(options: DatabaseOptions = {}) {
  const server = await startRegistry();
  onTestFinished(() => server.stop());
  const proxy = await startFaultProxy(server.host);
  onTestFinished(() => proxy.stop());
  const folder = join(await temporaryFolder(), 'db');
  const reference = await pushDatabase({ host: server.host, repository: 'trivy-db' }, folder, options);
  return { reference, proxy, disturbed: `${proxy.host}/trivy-db:2` };
}

describe('the vulnerability database', () => {
  it('is downloaded where there is none, dated, and used again without asking anybody', async () => {
    const { reference } = await repository();
    const job = await startScanJob(LOCK, 'none');
    const first = await job.run({ 'db-repositories': reference });
    expect(first.outputs).toMatchObject({ critical: '1', passed: 'false' });
    expect(first.log).toMatch(new RegExp(`database: of \\d{4}-\\d\\d-\\d\\d \\(1h old\\), from ${reference}`));
    const second = await job.run({ 'db-repositories': GONE });
    expect(second.outputs).toMatchObject({ critical: '1' });
    expect(second.log).toMatch(/database: of .*, from the cache/);
    expect(second.log).not.toContain('::warning');
  });

  it.each<readonly [string, readonly Fault[]]>([
    ['resets the connection', Array.from({ length: 20 }, (): Fault => ({ kind: 'reset' }))],
    ['answers 500', Array.from({ length: 20 }, (): Fault => ({ kind: 'status', status: 500 }))],
    ['wants no more requests', Array.from({ length: 20 }, (): Fault => ({ kind: 'status', status: 429 }))],
    ['sends half of it', Array.from({ length: 20 }, (): Fault => ({ kind: 'truncate' }))],
    [
      'has no such thing',
      Array.from(
        { length: 20 },
        (): Fault => ({ kind: 'status', status: 404, body: '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}' }),
      ),
    ],
  ])('comes from the next repository when one %s', async (_, faults) => {
    const { reference, proxy, disturbed } = await repository();
    proxy.plan(({ path }) => path.includes('/blobs/') || path.includes('/manifests/'), ...faults);
    const job = await startScanJob(LOCK, 'none');
    const step = await job.run({ 'db-repositories': `${disturbed}\n${reference}` });
    expect(step.outputs).toMatchObject({ critical: '1' });
    expect(step.log).toContain(`from ${reference}`);
    expect(proxy.seen.length).toBeGreaterThan(0);
  });

  it('may be an old one for a while when no repository answers, with a warning that says its day', async () => {
    const job = await startScanJob(LOCK, { age: 3 * DAY });
    const step = await job.run({ 'db-repositories': `${GONE}\n127.0.0.1:2/trivy-db:2` });
    expect(step.outputs).toMatchObject({ critical: '1' });
    expect(step.log).toMatch(
      /::warning::No repository of the vulnerability database answered; the cached one of \d{4}-\d\d-\d\d \(3d old\) is used\. 127\.0\.0\.1:1\/trivy-db:2: Get "https:.*connection refused; 127\.0\.0\.1:2/,
    );
  });

  it('is no database when it is older than the limit, and a failed download leaves it as it was', async () => {
    const job = await startScanJob(LOCK, { age: 8 * DAY });
    const before = await readFile(join(job.cacheDir, 'db/metadata.json'), 'utf8');
    const step = await job.run({ 'db-repositories': GONE });
    expect(step.exitCode).toBe(1);
    expect(step.log).toMatch(
      /::error::PIPE-SCAN-006: there is no vulnerability database to scan with: no repository gave one, and the one in the cache is of \d{4}-\d\d-\d\d, older than 7d/,
    );
    expect(await readFile(join(job.cacheDir, 'db/metadata.json'), 'utf8')).toBe(before);
    const patient = await job.run({ 'db-repositories': GONE, 'db-max-age': '10d' });
    expect(patient.outputs).toMatchObject({ critical: '1' });
  });

  it('is not taken from a repository that has stopped being updated', async () => {
    const { reference } = await repository({ age: 30 * DAY });
    const job = await startScanJob(LOCK, 'none');
    const step = await job.run({ 'db-repositories': reference });
    expect(step.exitCode).toBe(1);
    expect(step.log).toMatch(
      /PIPE-SCAN-006: .*there is none in the cache.*its database is of \d{4}-\d\d-\d\d, older than 7d/,
    );
  });

  it('is not asked for where no vulnerabilities are looked for', async () => {
    const job = await startScanJob(LOCK, 'none');
    const step = await job.run({ 'db-repositories': GONE, scanners: 'secret' });
    expect(step.exitCode).toBe(0);
  });

  it('is kept in the cache of GitHub Actions after a download, and comes from there in the next job', async () => {
    const { reference } = await repository();
    const folder = await temporaryFolder();
    const cache = await serveCache({ folder });
    onTestFinished(() => cache.close());
    const inputs = { 'cache-dir': '', 'db-repositories': reference };
    const first = await startScanJob(LOCK, 'none');
    await first.run(inputs, { environment: cache.environment });
    const saved = await first.run({}, { phase: 'post', environment: cache.environment });
    expect(saved.log).toMatch(/database: saved in the cache, pipelines-scan-database-2-\d{4}-\d\d-\d\d/);
    const second = await startScanJob(LOCK, 'none');
    const step = await second.run({ ...inputs, 'db-repositories': GONE }, { environment: cache.environment });
    expect(step.log).toContain('database: restored from the cache');
    expect(step.outputs).toMatchObject({ critical: '1' });
  });

  it('has the same bytes whenever the tests make it', async () => {
    const folder = await temporaryFolder();
    const sums = [];
    for (const name of ['one', 'two']) {
      await mkdir(join(folder, name));
      await writeDatabase(join(folder, name));
      sums.push(execFileSync('sha256sum', ['trivy.db'], { cwd: join(folder, name), encoding: 'utf8' }));
    }
    expect(sums[0]).toBe(sums[1]);
  });
});
