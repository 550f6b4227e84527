import dns from 'node:dns';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createHttp, type Method } from '../../src/runtime/http.ts';
import { testClient } from './http-client.ts';
import { type Answer, closedPort, webServer } from './web-server.ts';

/** Answers with these statuses one after the other, the last one for ever. */
const statuses =
  (...list: readonly (number | readonly [number, Readonly<Record<string, string>>])[]): Answer =>
  (response, count) => {
    const next = list[Math.min(count, list.length - 1)] ?? 200;
    const [status, headers] = typeof next === 'number' ? [next, {}] : next;
    response.writeHead(status, headers).end(`answer ${count}`);
  };

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

describe('a connection', () => {
  it('that is refused is tried again, also for a POST: nothing was sent', async () => {
    const client = testClient();
    const fault = await client.fault({ method: 'POST', url: `http://127.0.0.1:${await closedPort()}/`, body: 'x' });
    expect(client.waits).toEqual([500, 1_000, 2_000]);
    expect(fault).toMatchObject({
      code: 'PIPE-TEST-001',
      details: { tries: 4, service: expect.stringMatching(/^The test service at 127\.0\.0\.1:\d+$/) },
    });
    expect(fault.message).toContain('ECONNREFUSED');
  });

  it('to a name with several addresses, none of which answers, says why', async () => {
    const addresses = [
      { address: '127.0.0.1', family: 4 },
      { address: '127.0.0.2', family: 4 },
    ];
    // Node asks the system for names; this machine has no name of its own with two addresses.
    const lookup = vi.spyOn(dns, 'lookup').mockImplementation(((
      _: string,
      __: object,
      done: (...all: unknown[]) => void,
    ) => {
      done(null, addresses);
    }) as never);
    onTestFinished(() => lookup.mockRestore());
    const fault = await testClient().fault({ url: `http://two.example:${await closedPort()}/`, tries: 1 });
    expect(fault.message).toMatch(/did not answer: .*ECONNREFUSED/);
  });

  it('to a name that is not known is tried again', async () => {
    const client = testClient();
    const fault = await client.fault({ url: 'http://no-such-host.invalid/', method: 'POST', tries: 2 });
    expect(fault.message).toMatch(/ENOTFOUND|EAI_AGAIN/);
    expect(client.waits).toHaveLength(1);
  });

  const cuts: readonly (readonly [string, Answer])[] = [
    ['before an answer', (response) => response.socket?.destroy()],
    ['with a reset', (response) => response.socket?.resetAndDestroy()],
    [
      'in the middle of a body of known length',
      (response) => response.writeHead(200, { 'content-length': '10' }).write('abc', () => response.socket?.destroy()),
    ],
    [
      'in the middle of a body of unknown length',
      (response) => response.writeHead(200).write('abc', () => response.socket?.destroy()),
    ],
    ['after what is no HTTP', (response) => response.socket?.end('hello\r\n\r\n')],
    [
      'by changing to another protocol',
      (response) => response.socket?.end('HTTP/1.1 101 x\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    ],
  ];

  it.each(cuts)('that ends %s is a fault that is tried again', async (_, cut) => {
    const server = await webServer((response, count, request) =>
      count < 2 ? cut(response, count, request) : response.end('whole'),
    );
    const client = testClient();
    expect((await client.send({ url: server.url })).body.toString()).toBe('whole');
    expect(server.requests).toHaveLength(3);
  });

  it.each(cuts)('that ends %s is no reason to send a POST again', async (_, cut) => {
    const server = await webServer(cut);
    const fault = await testClient().fault({ method: 'POST', url: server.url, body: 'x' });
    expect(server.requests).toHaveLength(1);
    expect(fault.details).toMatchObject({ tries: 1 });
    expect(fault.details.status).toBeUndefined();
  });

  it('on which nothing comes is given up', async () => {
    const server = await webServer(() => undefined);
    const fault = await testClient().fault({ url: server.url, timeout: 100, tries: 2 });
    expect(fault.message).toContain('nothing came for 0.1 s');
    expect(server.requests).toHaveLength(2);
  });

  it('on which nothing comes for longer than idle ones are kept is waited for as long as the request wants', async () => {
    const server = await webServer((response) => void setTimeout(() => response.end('at last'), 4_500));
    const { send } = testClient();
    expect((await send({ url: server.url, timeout: 20_000, tries: 1 })).body.toString()).toBe('at last');
  });

  it('on which nothing more comes in the middle of a body is given up', async () => {
    const server = await webServer((response) => response.write('a'));
    const fault = await testClient().fault({ url: server.url, timeout: 100, tries: 1 });
    expect(fault.message).toContain('nothing came for 0.1 s');
  });

  it('on which a little comes for ever is given up at the deadline', async () => {
    const server = await webServer((response) => {
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(drip));
    });
    const fault = await testClient().fault({ url: server.url, timeout: 5_000, deadline: 300 });
    expect(fault.message).toContain('it did not end in time');
    expect(server.requests).toHaveLength(1);
  });

  it('that was given up is not used again', async () => {
    const server = await webServer((response, count) => (count === 0 ? undefined : response.end('ok')));
    const client = testClient();
    expect((await client.send({ url: server.url, timeout: 100 })).body.toString()).toBe('ok');
    expect(server.connections()).toBe(2);
  });
});

describe('a body', () => {
  it('may be as large as the limit, and not larger', async () => {
    const server = await webServer((response) => response.end('x'.repeat(100_000)));
    const client = testClient();
    expect((await client.send({ url: server.url, limit: 100_000 })).body).toHaveLength(100_000);
    const fault = await client.fault({ url: server.url, limit: 99_999 });
    expect(fault.message).toContain('the answer is larger than 99999 bytes');
    // It would be as large the next time.
    expect(server.requests).toHaveLength(2);
  });

  it('without an end is not read without an end', async () => {
    const server = await webServer((response) => {
      const pour = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', pour);
      pour();
    });
    expect((await testClient().fault({ url: server.url, limit: 1_000_000 })).message).toContain('larger than');
  });
});

describe('a request that is cancelled', () => {
  it.each([
    ['before it is sent', (cancel: () => void) => cancel(), 0],
    ['while it waits for the answer', (cancel: () => void) => setTimeout(cancel, 50), 1],
  ])('%s ends at once', async (_, when, requests) => {
    const server = await webServer(() => undefined);
    const cancellation = new AbortController();
    when(() => cancellation.abort());
    const client = testClient();
    const fault = await client.fault({ url: server.url, signal: cancellation.signal });
    expect(fault.message).toContain('the request was cancelled');
    expect(server.requests).toHaveLength(requests);
    expect(client.waits).toEqual([]);
  });

  it('in the middle of a body ends at once', async () => {
    const cancellation = new AbortController();
    const server = await webServer((response) =>
      response.write('abc', () => setTimeout(() => cancellation.abort(), 20)),
    );
    const fault = await testClient().fault({ url: server.url, signal: cancellation.signal });
    expect(fault.message).toContain('the request was cancelled');
  });

  it('between two tries does not wait and is not sent again', async () => {
    const cancellation = new AbortController();
    const server = await webServer(statuses([503, { 'retry-after': '59' }]));
    const client = createHttp({ environment: {}, service: 'x', code: 'PIPE-TEST-001' });
    const sent = client.send({ url: server.url, signal: cancellation.signal }).catch((error: unknown) => error);
    setTimeout(() => cancellation.abort(), 200);
    expect(await sent).toMatchObject({
      code: 'PIPE-TEST-001',
      message: expect.stringMatching(/the request was cancelled/),
      details: { tries: 1 },
    });
    expect(server.requests).toHaveLength(1);
    client.close();
  });
});

describe('a request that can not be sent', () => {
  it.each([
    ['an address that is none', { url: 'not an address' }],
    ['an address of another protocol', { url: 'ftp://127.0.0.1/x' }],
    ['a file', { url: 'file:///etc/passwd' }],
    ['a header with a line break', { url: 'http://127.0.0.1:1/', headers: { a: 'b\r\nx: y' } }],
    ['a header with a bad name', { url: 'http://127.0.0.1:1/', headers: { 'a b': 'c' } }],
  ])('because of %s is a coded fault after one try', async (_, request) => {
    const client = testClient();
    expect(await client.fault(request)).toMatchObject({ code: 'PIPE-TEST-001', details: { tries: 1 } });
    expect(client.waits).toEqual([]);
  });
});
