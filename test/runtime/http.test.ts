import { describe, expect, it } from 'vitest';
import { createHttp, type Method } from '../../src/runtime/http.ts';
import { testClient } from './http-client.ts';
import { statuses, webServer } from './web-server.ts';

describe('a request', () => {
  it('sends its method, headers and body, and gives the answer whatever its status', async () => {
    const server = await webServer((response, _, request) => {
      response.writeHead(404, { 'X-Two': ['a', 'b'], 'Set-Cookie': ['c=d', 'e=f'] }).end(`${request.headers['x-one']}`);
    });
    const { send } = testClient();
    const headers = { 'x-one': 'yes', authorization: 'Bearer x' };
    const response = await send({ method: 'POST', url: `${server.url}/a?b=c`, headers, body: 'ä' });
    expect(response.status).toBe(404);
    expect(response.body.toString()).toBe('yes');
    expect(response.headers).toMatchObject({ 'x-two': 'a, b', 'set-cookie': 'c=d, e=f' });
    expect(server.requests).toMatchObject([
      { method: 'POST', path: '/a?b=c', headers: { 'content-length': '2', authorization: 'Bearer x' } },
    ]);
  });

  it.each([
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
    ['DELETE', 202],
  ] as const)('%s with status %i may have no body', async (method, status) => {
    const server = await webServer((response) => response.writeHead(status).end());
    expect(await testClient().send({ method, url: server.url })).toMatchObject({ status, body: Buffer.alloc(0) });
  });

  it('uses one connection for all that go to one host one after the other', async () => {
    const server = await webServer((response, count) =>
      response.writeHead(count === 1 ? 404 : 200).end('x'.repeat(100_000)),
    );
    const { send } = testClient();
    for (let count = 0; count < 10; count += 1) await send({ url: server.url, method: count % 2 ? 'POST' : 'GET' });
    expect(server.requests).toHaveLength(10);
    expect(server.connections()).toBe(1);
  });

  it('does not keep the process running when it is over', async () => {
    const server = await webServer((response) => response.end('x'));
    const client = createHttp({ environment: {}, service: 'x', code: 'PIPE-TEST-001' });
    await client.send({ url: server.url });
    const sockets = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap');
    client.close();
    // The server's own side of the connection is one of them; an idle one of the client does not count.
    expect(sockets.length).toBeLessThanOrEqual(1);
  });
});

describe('a request that fails for the moment is tried again', () => {
  it.each([408, 429, 500, 502, 503, 504])('status %i, with waits that grow', async (status) => {
    const server = await webServer(statuses(status, status, 200));
    const client = testClient();
    expect(await client.send({ url: server.url })).toMatchObject({ status: 200, body: Buffer.from('answer 2') });
    expect(client.waits).toEqual([500, 1_000]);
  });

  it.each([400, 401, 403, 404, 409, 422, 501])('but not status %i', async (status) => {
    const server = await webServer(statuses(status));
    expect(await testClient().send({ url: server.url })).toMatchObject({ status });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    [undefined, 4],
    [1, 1],
    [7, 7],
    [1_000, 10],
    [0, 1],
    [-1, 1],
    [2.5, 2],
    [Number.NaN, 1],
  ])('with tries %s it is sent %i times at most, and the last answer is given', async (tries, times) => {
    const server = await webServer(statuses(503));
    const request = tries === undefined ? { url: server.url } : { url: server.url, tries };
    expect(await testClient().send(request)).toMatchObject({ status: 503 });
    expect(server.requests).toHaveLength(times);
  });

  it.each<[Method, number, Readonly<Record<string, string>>, number]>([
    ['POST', 500, {}, 1],
    ['POST', 502, {}, 1],
    ['POST', 429, {}, 1],
    ['POST', 503, {}, 1],
    ['POST', 429, { 'retry-after': '1' }, 4],
    ['POST', 503, { 'retry-after': '1' }, 4],
    ['POST', 500, { 'retry-after': '1' }, 1],
    ['PATCH', 500, {}, 1],
    ['PUT', 500, {}, 4],
    ['DELETE', 500, {}, 4],
  ])('%s with status %i and %j is sent %i times', async (method, status, headers, times) => {
    const server = await webServer(statuses([status, headers]));
    await testClient().send({ method, url: server.url, body: 'x' });
    expect(server.requests).toHaveLength(times);
  });

  it('a POST that does no harm twice is tried like a GET', async () => {
    const server = await webServer(statuses(500, 200));
    expect(await testClient().send({ method: 'POST', url: server.url, idempotent: true })).toMatchObject({
      status: 200,
    });
  });

  it.each([
    ['7', [7_000]],
    ['60', [60_000]],
    ['0', [500]],
    ['soon', [500]],
    ['1.5', [500]],
    ['-3', [500]],
    ['', [500]],
    ['Wed, 21 Oct 2015 07:28:00 GMT', [500]],
  ])('after the time that Retry-After asks for: %j', async (header, waits) => {
    const server = await webServer(statuses([503, { 'retry-after': header }], 200));
    const client = testClient();
    expect(await client.send({ url: server.url })).toMatchObject({ status: 200 });
    expect(client.waits).toEqual(waits);
  });

  it('after the date that Retry-After names', async () => {
    const date = new Date(Date.now() + 40_000).toUTCString();
    const server = await webServer(statuses([429, { 'retry-after': date }], 200));
    const client = testClient();
    await client.send({ url: server.url });
    expect(client.waits).toHaveLength(1);
    expect(client.waits[0]).toBeGreaterThan(20_000);
    expect(client.waits[0]).toBeLessThanOrEqual(40_000);
  });

  it.each(['61', '86400', '999999999'])('but not when Retry-After asks for %s seconds', async (header) => {
    const server = await webServer(statuses([429, { 'retry-after': header }], 200));
    expect(await testClient().send({ url: server.url })).toMatchObject({ status: 429 });
    expect(server.requests).toHaveLength(1);
  });

  it('but not past its deadline', async () => {
    const server = await webServer(statuses([503, { 'retry-after': '50' }], 200));
    expect(await testClient().send({ url: server.url, deadline: 30_000 })).toMatchObject({ status: 503 });
  });

  it('really waits in between', async () => {
    const server = await webServer(statuses(503, 200));
    const client = createHttp({ environment: {}, service: 'x', code: 'PIPE-TEST-001', random: () => 0 });
    expect(await client.send({ url: server.url })).toMatchObject({ status: 200 });
    client.close();
  });
});
