import { expect, it } from 'vitest';
import type { Probe } from '../../src/health/probe.ts';
import { toldOf } from '../../src/health/told.ts';
import { watchUntilHealthy, watchWhileServing } from '../../src/health/watch.ts';
import { closedPort, statuses, webServer } from '../runtime/web-server.ts';
import { client, rawServer, wishFor } from './services.ts';

const PLAN = { consecutive: 3, interval: 10, timeout: 10_000, maxLatency: undefined };

it('takes so many good answers in a row, and none before counts', async () => {
  const server = await webServer(statuses(200, 503, 200, 200, 500, 200, 200, 200, 503));
  const watch = await watchUntilHealthy(wishFor(server.url), PLAN, { http: client() });
  expect(watch.healthy).toBe(true);
  expect(watch.probes).toHaveLength(8);
  expect(watch.told.replace(/[\d.]+m?s/g, 'T')).toBe(
    '1 × status 200 (at T), 1 × status 503 (at T), 2 × status 200 (T to T), 1 × status 500 (at T), 3 × status 200 (T to T); p50 T, p95 T',
  );
});

it('says what it saw last when the time is over', async () => {
  const server = await webServer(statuses(200, 503));
  const watch = await watchUntilHealthy(wishFor(server.url), { ...PLAN, timeout: 1_000 }, { http: client() });
  expect(watch).toMatchObject({ healthy: false, bad: { kind: 'status', text: 'status 503' } });
});

it('does not call a service healthy that flaps', async () => {
  const server = await webServer((response, count) => response.writeHead(count % 3 === 2 ? 500 : 200).end());
  const watch = await watchUntilHealthy(wishFor(server.url), { ...PLAN, timeout: 1_000 }, { http: client() });
  expect(watch.healthy).toBe(false);
});

it('forgives a slow start and not a slow service', async () => {
  const after = (milliseconds: (count: number) => number) =>
    webServer((response, count) => void setTimeout(() => response.end('ok'), milliseconds(count)));
  const plan = { ...PLAN, maxLatency: 1_000, timeout: 12_000 };
  const cold = await after((count) => (count === 0 ? 1_500 : 0));
  const warm = await watchUntilHealthy(wishFor(cold.url), plan, { http: client() });
  expect(warm).toMatchObject({ healthy: true });
  expect(warm.probes.length).toBeGreaterThan(3);
  const slow = await after(() => 1_100);
  const watch = await watchUntilHealthy(wishFor(slow.url), { ...plan, timeout: 5_000 }, { http: client() });
  expect(watch).toMatchObject({ healthy: false, bad: { kind: 'latency' } });
  expect(watch.bad?.text).toMatch(/^p95 .*, more than 1s$/);
});

it('tells a long story by its beginning and its end', () => {
  const probe = (index: number): Probe => {
    const status = index % 2 === 0 ? 200 : 500;
    return { kind: 'status', text: `status ${status}`, at: 1_000 * index, latency: 5, status };
  };
  const told = toldOf(
    Array.from({ length: 30 }, (_, index) => probe(index)),
    { p50: 5, p95: 9 },
  );
  expect(told).toBe(
    '1 × status 200 (at 0s), 1 × status 500 (at 1s), 1 × status 200 (at 2s), 1 × status 500 (at 3s), 22 more changes, ' +
      '1 × status 200 (at 26s), 1 × status 500 (at 27s), 1 × status 200 (at 28s), 1 × status 500 (at 29s); p50 5ms, p95 9ms',
  );
});

it('says that the time was too short for so many', async () => {
  const server = await webServer(statuses(200));
  const plan = { consecutive: 50, interval: 100, timeout: 300, maxLatency: undefined };
  const watch = await watchUntilHealthy(wishFor(server.url), plan, { http: client() });
  expect(watch.bad?.text).toMatch(/of 50 answers in a row came in 300ms$/);
});

it('watches a service that serves, and stops at its first wrong answer', async () => {
  const serve = { duration: 5_000, interval: 10, maxLatency: undefined };
  const server = await webServer(statuses(200, 200, 200, 500, 200));
  const watch = await watchWhileServing(wishFor(server.url), serve, { http: client() });
  expect(watch).toMatchObject({ healthy: false, bad: { kind: 'status', text: 'status 500' } });
  expect(watch.probes).toHaveLength(4);
});

it('believes a connection that broke only when the next one breaks too', async () => {
  let count = 0;
  const once = await rawServer((socket) => {
    count += 1;
    if (count === 2) socket.resetAndDestroy();
    else socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'));
  });
  const serve = { duration: 1_000, interval: 50, maxLatency: undefined };
  const watch = await watchWhileServing(wishFor(`http://127.0.0.1:${once}`), serve, { http: client() });
  expect(watch).toMatchObject({ healthy: true });
  expect(watch.probes.length).toBeGreaterThan(3);
  expect(watch.told).toContain('1 × connection closed without an answer');
  const gone = await watchWhileServing(wishFor(`http://127.0.0.1:${await closedPort()}`), serve, { http: client() });
  expect(gone).toMatchObject({ healthy: false, bad: { kind: 'connection', text: 'connection refused' } });
  expect(gone.probes).toHaveLength(2);
});

it('ends at once when it is cancelled', async () => {
  const server = await webServer(statuses(503));
  const cancellation = new AbortController();
  const watching = watchUntilHealthy(
    wishFor(server.url),
    { ...PLAN, interval: 60_000, timeout: 600_000 },
    { http: client(), signal: cancellation.signal },
  );
  setTimeout(() => cancellation.abort(), 100);
  await expect(watching).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
});
