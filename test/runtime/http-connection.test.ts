import dns from 'node:dns';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createHttp } from '../../src/runtime/http.ts';
import { testClient } from './http-client.ts';
import { type Answer, closedPort, statuses, webServer } from './web-server.ts';

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
    ['before it is sent', true, 0],
    ['while it waits for the answer', false, 1],
  ])('%s ends at once', async (_, isBefore, requests) => {
    const cancellation = new AbortController();
    const server = await webServer(() => cancellation.abort());
    if (isBefore) cancellation.abort();
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
