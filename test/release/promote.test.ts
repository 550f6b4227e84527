import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { readRecord } from '../../src/release/record.ts';
import type { Target } from '../../src/release/target.ts';
import { type Bench, HEALTH, referenceOf, startBench } from './bench.ts';
import { target as folderTarget } from './folders/target.ts';

/** One release serves, another one is staged. */
async function staged() {
  const bench = await startBench();
  await bench.deploy('one', 'page one');
  const { outputs } = await bench.deploy('two', 'page two', { promote: 'false', 'last-migration': '20261104_x' });
  const { release = '', 'previous-release': previous = '' } = outputs;
  return { bench, release, previous, name: release.split('/').at(-1) ?? '' };
}

/** An address that is well as long as traffic is as it should be. */
async function healthWhile(bench: Bench, isWell: (shares: ReadonlyMap<string, number>) => boolean): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(isWell(new Map(bench.folders.serving())) ? 200 : 503).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('moves traffic in steps, watching each, and keeps a record', async () => {
  const { bench, release, previous, name } = await staged();
  const { outputs, failure, step } = await bench.promote({
    release,
    expected: previous,
    steps: '[10, 50]',
    interval: '300ms',
  });
  expect(failure).toBeUndefined();
  const traffic = step.said.filter((line) => line.startsWith('traffic:')).map((line) => /\d+%/.exec(line)?.[0]);
  expect(traffic).toEqual(['10%', '50%', '100%']);
  expect(bench.folders.serving()).toEqual([[name, 100]]);
  expect(outputs).toMatchObject({ promoted: true, healthy: true, 'previous-release': previous });
  expect(step.said.filter((line) => line.includes(': healthy:'))).toHaveLength(4);
  expect(readRecord(await readFile(outputs.record ?? ''))).toMatchObject({ release, lastMigration: '20261104_x' });
});

it('holds a release that is well: it is recorded and moves nothing, and is promoted later', async () => {
  const { bench, release, previous, name } = await staged();
  const { outputs, failure, step } = await bench.promote({
    release,
    expected: previous,
    hold: 'true',
    'built-for': 'staging',
  });
  expect(failure).toBeUndefined();
  expect(bench.folders.serving()).toEqual([[previous.split('/').at(-1), 100]]);
  expect(outputs).toMatchObject({ release, promoted: false, moved: false, held: true, healthy: true });
  expect(outputs.url).not.toBe(bench.folders.url);
  expect(step.said).toContain('Held for release.yml: nothing was moved.');
  const record = readRecord(await readFile(outputs.record ?? ''));
  expect(record).toMatchObject({
    release,
    held: true,
    builtFor: 'staging',
    url: outputs.url,
    verifiedBy: 'health',
  });
  const later = await bench.promote({ release, hold: 'false' });
  expect(later.outputs).toMatchObject({ promoted: true, moved: true, url: bench.folders.url });
  expect(bench.folders.serving()).toEqual([[name, 100]]);
  expect(readRecord(await readFile(later.outputs.record ?? ''))).not.toHaveProperty('held');
  // What serves already is not held back.
  const again = await bench.promote({ release, hold: 'true' });
  expect(again.outputs).toMatchObject({ promoted: true, moved: false, held: false });
});

it('does not hold what is not well', async () => {
  const { bench, release, previous } = await staged();
  const { outputs, failure } = await bench.promote({
    release,
    hold: 'true',
    health: '{consecutive: 1, interval: 100ms, timeout: 1s, contains: nowhere}',
  });
  expect(failure?.faults[0].code).toBe('PIPE-HEALTH-003');
  expect(outputs.record).toBeUndefined();
  expect(bench.folders.serving()).toEqual([[previous.split('/').at(-1), 100]]);
});

it('puts the traffic back when a step is not well, and never promotes that release again by itself', async () => {
  const { bench, release, previous, name } = await staged();
  const healthUrl = await healthWhile(bench, (shares) => (shares.get(name) ?? 0) < 50);
  const promote = () => bench.promote({ release, 'health-url': healthUrl, steps: '[10, 50]', interval: '200ms' });
  const { outputs, failure } = await promote();
  expect(failure?.faults[0]).toMatchObject({
    code: 'PIPE-RELEASE-010',
    what: expect.stringMatching(/was not well with 50% of the traffic \(PIPE-HEALTH-002\)/),
  });
  expect(bench.folders.serving()).toEqual([[previous.split('/').at(-1), 100]]);
  expect(outputs).toMatchObject({ promoted: false, healthy: false });
  expect((await promote()).failure?.faults[0].code).toBe('PIPE-RELEASE-007');
  const healthy = await bench.promote({ release, force: 'true' });
  expect(healthy.failure).toBeUndefined();
  expect(bench.folders.serving()).toEqual([[name, 100]]);
});

it('puts the traffic back when the address that users ask is not well after the last step', async () => {
  const { bench, release, name } = await staged();
  const healthUrl = await healthWhile(bench, (shares) => shares.get(name) !== 100);
  const { failure } = await bench.promote({ release, 'health-url': healthUrl });
  expect(failure?.faults[0].code).toBe('PIPE-RELEASE-010');
  expect(await bench.page()).toBe('page one');
});

it('moves nothing to a release that is not well before it has traffic', async () => {
  const { bench, release } = await staged();
  const health = '{consecutive: 1, interval: 100ms, timeout: 1s, contains: nowhere}';
  const { failure, outputs, step } = await bench.promote({ release, health });
  expect(failure?.faults[0].code).toBe('PIPE-HEALTH-003');
  expect(step.said.filter((line) => line.startsWith('traffic'))).toEqual([]);
  expect(outputs.night).toMatchObject({ serving: { shares: [{ percent: 100 }] } });
});

it('is done at once when run again, and goes on where a killed run has stopped', async () => {
  const { bench, release, name, previous } = await staged();
  const killed = new AbortController();
  const half = bench.promote({ release, steps: '[50]', interval: '1h' }, { signal: killed.signal });
  while (new Map(bench.folders.serving()).get(name) !== 50) await new Promise((resolve) => setTimeout(resolve, 20));
  const { failure, step } = await bench.promote({ release, steps: '[10, 50, 80]', interval: '100ms' });
  expect(failure).toBeUndefined();
  const traffic = step.said.filter((line) => line.startsWith('traffic:')).map((line) => /\d+%/.exec(line)?.[0]);
  expect(traffic).toEqual(['80%', '100%']);
  const again = await bench.promote({ release, expected: previous });
  expect(again.failure).toBeUndefined();
  expect(again.outputs).toMatchObject({ promoted: true, 'previous-release': previous });
  expect(again.step.said.filter((line) => line.startsWith('traffic'))).toEqual([]);
  // The first run, which still waits, sees that somebody else has moved traffic, whatever ends its wait.
  killed.abort();
  await expect(half).rejects.toThrow();
  expect(bench.folders.serving()).toEqual([[name, 100]]);
});

it('leaves the traffic whole when the run is cancelled between two steps', async () => {
  const { bench, release, name, previous } = await staged();
  const cancelled = new AbortController();
  const run = bench.promote({ release, steps: '[50]', interval: '1h' }, { signal: cancelled.signal });
  while (new Map(bench.folders.serving()).get(name) !== 50) await new Promise((resolve) => setTimeout(resolve, 20));
  cancelled.abort();
  await expect(run).rejects.toThrow();
  expect(bench.folders.serving()).toEqual([[previous.split('/').at(-1), 100]]);
  expect((await bench.promote({ release })).failure).toBeUndefined();
});

it('stops when something else moves traffic between two steps, and moves nothing then', async () => {
  const { bench, release, name } = await staged();
  const other =
    (await bench.deploy('other', 'page other', { promote: 'false' })).outputs.release?.split('/').at(-1) ?? '';
  const run = bench.promote({ release, steps: '[50]', interval: '500ms' });
  while (new Map(bench.folders.serving()).get(name) !== 50) await new Promise((resolve) => setTimeout(resolve, 20));
  await bench.folders.moveBehindTheBack(other);
  const { failure } = await run;
  expect(failure?.faults[0].code).toBe('PIPE-RELEASE-002');
  expect(bench.folders.serving()).toEqual([[other, 100]]);
});

it('moves nothing when another release serves than was expected', async () => {
  const { bench, release, previous } = await staged();
  const { failure } = await bench.promote({ release, expected: referenceOf('r-another') });
  expect(failure?.faults[0].code).toBe('PIPE-RELEASE-002');
  expect(bench.folders.serving()).toEqual([[previous.split('/').at(-1), 100]]);
});

it('lets one of two promotions at the same time through, and the other one stops', async () => {
  const { bench, release, previous } = await staged();
  const { outputs } = await bench.deploy('three', 'page three', { promote: 'false' });
  const other = outputs.release ?? '';
  const both = await Promise.all([release, other].map((one) => bench.promote({ release: one, expected: previous })));
  const [won, lost] = [...both].sort((left) => (left.failure === undefined ? -1 : 1));
  expect(won?.outputs.promoted).toBe(true);
  expect(lost?.failure?.faults[0].code).toBe('PIPE-RELEASE-002');
  expect(bench.folders.serving()).toEqual([[won?.outputs.release?.split('/').at(-1), 100]]);
});

it('says what there is when the release is gone, and what is wrong with steps', async () => {
  const { bench, release, name } = await staged();
  const gone = await bench.promote({ release: referenceOf(`${name.slice(0, -1)}x`) });
  expect(gone.failure?.faults[0]).toMatchObject({
    code: 'PIPE-RELEASE-005',
    accepted: expect.stringContaining(name),
    example: name,
  });
  const falling = await bench.promote({ release, steps: '[50, 10]' });
  expect(falling.failure?.faults[0].code).toBe('PIPE-RELEASE-008');
  const whole: Target = { ...folderTarget, canSplit: false };
  const split = await bench.promote({ release, steps: '[50]' }, { target: whole });
  expect(split.failure?.faults[0].code).toBe('PIPE-RELEASE-008');
  await expect(bench.promote({ release: 'folders://shop/x' })).rejects.toThrow('PIPE-RELEASE-004');
  await expect(bench.promote({ release: 'folder://a/b/c' })).rejects.toThrow('PIPE-RELEASE-004');
});

it('says so when the traffic could not be put back, with the command to run', async () => {
  const { bench, release, name, previous } = await staged();
  const healthUrl = await healthWhile(bench, (shares) => shares.get(name) !== 100);
  bench.proxy.inject(({ method, body }) => {
    return method === 'PUT' && body.toString('utf8').includes('roll-back') ? '503' : undefined;
  });
  const { failure, outputs } = await bench.promote({ release, 'health-url': healthUrl, health: HEALTH });
  expect(failure?.faults[0].code).toBe('PIPE-RELEASE-011');
  expect(outputs.night).toMatchObject({
    serving: { shares: [{ release, percent: 100 }] },
    command: {
      run: `gh workflow run rollback.yml --field release=${previous}`,
      vendor: `folders traffic shop ${previous.split('/').at(-1)}=100`,
    },
  });
});
