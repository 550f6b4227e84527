import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { readRecord } from '../../src/release/record.ts';
import type { Target } from '../../src/release/target.ts';
import { OutsideFault } from '../../src/runtime/errors.ts';
import { commitOf, HEALTH, startBench } from './bench.ts';
import { target as folderTarget } from './folders/target.ts';

it('puts a first release live, and says that nothing served before', async () => {
  const bench = await startBench();
  const { outputs, failure } = await bench.deploy('one', 'page one');
  expect(failure).toBeUndefined();
  expect(outputs).toMatchObject({ first: true, promoted: true, healthy: true, 'previous-release': undefined });
  expect(await bench.page()).toBe('page one');
});

it('stages without live traffic, and a candidate of the same commit and settings only once', async () => {
  const bench = await startBench();
  const first = await bench.deploy('one', 'page one');
  const staged = await bench.deploy('two', 'page two', { promote: 'false' });
  expect(staged.failure).toBeUndefined();
  expect(staged.outputs).toMatchObject({ promoted: false, first: false, reused: false, healthy: true, attempts: 1 });
  expect(staged.outputs['previous-release']).toBe(first.outputs.release);
  expect(await bench.page()).toBe('page one');
  expect(await (await fetch(staged.outputs['candidate-url'] ?? '')).text()).toBe('page two');
  const sent = bench.proxy.requests.filter(({ method }) => method === 'PUT').length;
  const again = await bench.deploy('two', 'page two', { promote: 'false' });
  expect(bench.proxy.requests.filter(({ method }) => method === 'PUT')).toHaveLength(sent);
  expect(again.outputs).toMatchObject({ reused: true, release: staged.outputs.release });
  const other = await bench.deploy('two', 'page two, other settings', { promote: 'false' });
  expect(other.outputs.reused).toBe(false);
  expect(bench.folders.releases()).toHaveLength(3);
});

it('moves the traffic to a healthy candidate and leaves a record of it', async () => {
  const bench = await startBench();
  const first = await bench.deploy('one', 'page one');
  const { outputs, failure } = await bench.deploy('two', 'page two', {
    'last-migration': '20261104_add_email',
    workflow: 'node-service',
    environment: 'staging',
    service: 'api',
  });
  expect(failure).toBeUndefined();
  expect(outputs).toMatchObject({ promoted: true, 'previous-release': first.outputs.release, night: undefined });
  expect(await bench.page()).toBe('page two');
  expect(outputs.artifact).toMatch(/^release-node-service-api-staging-[0-9a-f]{8}$/);
  const record = readRecord(await readFile(outputs.record ?? ''));
  expect(record).toMatchObject({
    commit: commitOf('two'),
    release: outputs.release,
    environment: 'staging',
    lastMigration: '20261104_add_email',
    verifiedBy: 'health',
  });
});

it('keeps the previous release serving when the candidate is not well, and says the five lines', async () => {
  const bench = await startBench();
  await bench.deploy('one', 'page one', { 'last-migration': '20261104_add_email' });
  const health = '{consecutive: 1, interval: 100ms, timeout: 1s, contains: all is well}';
  const { outputs, failure, step } = await bench.deploy('two', 'oh dear', { health, 'last-migration': '20261105_x' });
  expect(failure?.faults[0].code).toBe('PIPE-HEALTH-003');
  expect(failure?.message).toContain('State: serving now: r-');
  expect(outputs).toMatchObject({ promoted: false, healthy: false });
  expect(outputs['candidate-url']).not.toBe('');
  expect(await bench.page()).toBe('page one');
  expect(outputs.night).toMatchObject({
    serving: { known: true, url: bench.folders.url, shares: [{ percent: 100 }] },
    happened: { code: 'PIPE-HEALTH-003' },
    command: { run: 'gh run rerun 77 --failed' },
    again: { safe: true },
  });
  const [summary = ''] = step.summaries;
  expect(summary.match(/^- \*\*(.*?):\*\*/gm)).toEqual([
    '- **serving now:**',
    '- **what happened:**',
    '- **database:**',
    '- **what to run:**',
    '- **again:**',
  ]);
  expect(summary).toMatch(/has 100% of the traffic of .*20261105/s);
});

it('does not deploy a commit that is an ancestor of the one that serves', async () => {
  const bench = await startBench();
  const asked: string[] = [];
  const api = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ status: 'ahead' }));
  });
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');
  onTestFinished(() => void api.close());
  const environment = {
    GITHUB_API_URL: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
    GITHUB_REPOSITORY: 'acme/shop',
  };
  const newer = await bench.deploy('newer', 'page newer');
  const { outputs, failure, step } = await bench.deploy(
    'older',
    'page older',
    { 'github-token': 'job-token' },
    { environment },
  );
  expect(failure).toBeUndefined();
  expect(asked).toEqual([`/repos/acme/shop/compare/${commitOf('older')}...${commitOf('newer')}?per_page=1`]);
  expect(outputs).toMatchObject({ superseded: true, release: newer.outputs.release, promoted: false });
  expect(step.said).toContainEqual(expect.stringMatching(/^notice: Commit .* is superseded/));
  expect(bench.folders.releases()).toHaveLength(1);
});

it('removes older releases after a promotion, never one that serves or that one would go back to', async () => {
  const bench = await startBench();
  for (const name of ['one', 'two', 'three', 'four']) await bench.deploy(name, name, { keep: '1' });
  const left = bench.folders.releases().map(({ mark }) => mark.commit);
  expect(left).toEqual([commitOf('three'), commitOf('four')]);
});

it('refuses to promote again what was rolled back, and lets it be staged', async () => {
  const bench = await startBench();
  await bench.deploy('one', 'page one');
  const bad = await bench.deploy('two', 'page two');
  await bench.rollback({ release: bad.outputs['previous-release'] ?? '' });
  const again = await bench.deploy('two', 'page two');
  expect(again.failure?.faults[0].code).toBe('PIPE-RELEASE-007');
  expect(await bench.page()).toBe('page one');
  const staged = await bench.deploy('two', 'page two', { promote: 'false' });
  expect(staged.failure).toBeUndefined();
});

it('refuses before it stages where the runner can not reach the candidate, unless it is told how', async () => {
  const bench = await startBench();
  const target: Target = {
    ...folderTarget,
    prepare: async (given, surroundings) => ({
      ...(await folderTarget.prepare(given as never, surroundings)),
      hidden: 'ingress is internal',
    }),
  };
  const refused = await bench.deploy('one', 'page one', {}, { target });
  expect(refused.failure?.faults[0]).toMatchObject({ code: 'PIPE-RELEASE-009' });
  expect(bench.folders.releases()).toEqual([]);
  await bench.deploy('zero', 'page zero');
  const told = await bench.deploy('one', 'page one', { 'probe-url': bench.folders.url }, { target });
  expect(told.failure).toBeUndefined();
  const blind = await bench.deploy('two', 'page two', { health: 'off' }, { target });
  expect(blind.failure).toBeUndefined();
  expect(blind.outputs).toMatchObject({ promoted: true, healthy: undefined });
});

it('stops when something else moved traffic while the candidate was looked at', async () => {
  const bench = await startBench();
  const first = await bench.deploy('one', 'page one');
  const other = await bench.deploy('other', 'page other', { promote: 'false' });
  const otherName = other.outputs.release?.split('/').at(-1) ?? '';
  const target: Target = {
    ...folderTarget,
    prepare: async (given, surroundings) => {
      const prepared = await folderTarget.prepare(given as never, surroundings);
      return {
        ...prepared,
        stage: async (mark) => {
          const release = await prepared.stage(mark);
          await bench.folders.moveBehindTheBack(otherName);
          return release;
        },
      };
    },
  };
  const { failure, outputs } = await bench.deploy('two', 'page two', { health: HEALTH }, { target });
  expect(failure?.faults[0].code).toBe('PIPE-RELEASE-002');
  expect(await bench.page()).toBe('page other');
  expect(outputs['previous-release']).toBe(first.outputs.release);
  expect(outputs.night).toMatchObject({ again: { safe: false } });
});

it('stages once, when the answer to it is lost', async () => {
  const bench = await startBench();
  await bench.deploy('one', 'page one');
  let stagings = 0;
  const target: Target = {
    ...folderTarget,
    prepare: async (given, surroundings) => {
      const prepared = await folderTarget.prepare(given as never, surroundings);
      const stage: typeof prepared.stage = async (mark) => {
        stagings += 1;
        await prepared.stage(mark);
        throw new OutsideFault(
          { code: 'PIPE-FOLDERS-001', what: 'lost' },
          { service: 'Folders', tries: 1, elapsed: 0 },
        );
      };
      return { ...prepared, stage };
    },
  };
  const { failure, outputs } = await bench.deploy('two', 'page two', {}, { target });
  expect(failure).toBeUndefined();
  expect(outputs.promoted).toBe(true);
  expect(stagings).toBe(1);
});

it('goes on over what a killed promotion has left', async () => {
  const bench = await startBench();
  const one = await bench.deploy('one', 'page one');
  const two = await bench.deploy('two', 'page two', { promote: 'false' });
  const { release = '' } = two.outputs;
  const killed = new AbortController();
  const half = bench.promote({ release, steps: '[10]', interval: '1h' }, { signal: killed.signal });
  while (bench.folders.serving().length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  const { failure, outputs } = await bench.deploy('three', 'page three');
  expect(failure).toBeUndefined();
  expect(outputs['previous-release']).toBe(one.outputs.release);
  expect(await bench.page()).toBe('page three');
  killed.abort();
  await expect(half).rejects.toThrow();
  expect(await bench.page()).toBe('page three');
});

it('treats a preview as one: no traffic is compared, moved or cleared away', async () => {
  const bench = await startBench();
  await bench.deploy('one', 'page one');
  const target: Target = {
    ...folderTarget,
    prepare: async (given, surroundings) => {
      const prepared = await folderTarget.prepare(given as never, surroundings);
      const stage: typeof prepared.stage = async (mark) => ({
        ...(await prepared.stage(mark)),
        expiresAt: Date.UTC(2026, 11, 24),
      });
      return { ...prepared, isPreview: true, stage };
    },
  };
  const { outputs, failure } = await bench.deploy('two', 'page two', {}, { target });
  expect(failure).toBeUndefined();
  expect(outputs).toMatchObject({
    promoted: false,
    first: false,
    'expires-at': '2026-12-24T00:00:00.000Z',
    url: outputs['candidate-url'],
    'previous-release': undefined,
  });
  expect(await bench.page()).toBe('page one');
});
