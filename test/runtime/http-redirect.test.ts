import { describe, expect, it } from 'vitest';
import { testClient } from './http-client.ts';
import { webServer } from './web-server.ts';

const CREDENTIALS = { authorization: 'Bearer x', cookie: 'a=b', 'x-api-key': 'c', 'PRIVATE-TOKEN': 'd' };

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('with status %i is followed by GET and HEAD', async (status) => {
    const server = await webServer((response, _, { url }) => {
      if (url === '/to?x=y') response.end('there');
      else response.writeHead(status, { location: 'to?x=y' }).end('elsewhere');
    });
    const { send } = testClient();
    expect((await send({ url: `${server.url}/from` })).body.toString()).toBe('there');
    expect(server.connections()).toBe(1);
    expect(await send({ method: 'HEAD', url: `${server.url}/from` })).toMatchObject({ status: 200 });
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /from',
      'GET /to?x=y',
      'HEAD /from',
      'HEAD /to?x=y',
    ]);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('is not followed by %s', async (method) => {
    const server = await webServer((response) => response.writeHead(307, { location: '/to' }).end());
    expect(await testClient().send({ method, url: server.url, body: 'x' })).toMatchObject({ status: 307 });
    expect(server.requests).toHaveLength(1);
  });

  it('to the same host keeps the headers', async () => {
    const server = await webServer((response, count) => {
      if (count === 0) response.writeHead(302, { location: '/to' });
      response.end();
    });
    await testClient().send({ url: server.url, headers: CREDENTIALS });
    expect(server.requests[1]?.headers).toMatchObject({ authorization: 'Bearer x', 'private-token': 'd' });
  });

  it('to another host, or another port, takes no credential along', async () => {
    const other = await webServer((response) => response.end('there'));
    for (const location of [other.url, other.url.replace('127.0.0.1', 'localhost')]) {
      const server = await webServer((response) => response.writeHead(302, { location }).end());
      const headers = { ...CREDENTIALS, accept: 'text/plain' };
      expect((await testClient().send({ url: server.url, headers })).body.toString()).toBe('there');
    }
    for (const { headers } of other.requests) {
      expect(headers.accept).toBe('text/plain');
      for (const name of Object.keys(CREDENTIALS)) expect(headers).not.toHaveProperty(name.toLowerCase());
    }
    expect(other.requests).toHaveLength(2);
  });

  it('back to the first host does not bring the credential back', async () => {
    const other = await webServer((response, _, { headers }) =>
      response.writeHead(302, { location: `${headers['accept']}` }).end(),
    );
    const server = await webServer((response, count) => {
      if (count === 0) response.writeHead(302, { location: other.url });
      response.end();
    });
    await testClient().send({ url: server.url, headers: { ...CREDENTIALS, accept: `${server.url}/back` } });
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer x', undefined]);
  });

  it('in a loop is given up after five, and not tried again', async () => {
    const server = await webServer((response) => response.writeHead(302, { location: '/again?token=hunter2' }).end());
    const client = testClient();
    const fault = await client.fault({ url: server.url });
    expect(fault.message).toContain('more than 5 redirects');
    expect(fault.message).not.toContain('hunter2');
    expect(server.requests).toHaveLength(6);
    expect(client.waits).toEqual([]);
  });

  it.each(['http://[', 'ftp://127.0.0.1/x', 'file:///etc/passwd', 'javascript:alert(1)'])(
    'to %j is a fault',
    async (location) => {
      const server = await webServer((response) => response.writeHead(302, { location }).end());
      expect(await testClient().fault({ url: server.url })).toMatchObject({ details: { tries: 1 } });
      expect(server.requests).toHaveLength(1);
    },
  );

  it('without an address is an answer', async () => {
    const server = await webServer((response) => response.writeHead(302).end('where?'));
    expect(await testClient().send({ url: server.url })).toMatchObject({ status: 302, body: Buffer.from('where?') });
  });

  it('with a body without an end is not read without an end', async () => {
    const server = await webServer((response) => {
      response.writeHead(302, { location: '/' });
      const pour = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', pour);
      pour();
    });
    expect((await testClient().fault({ url: server.url })).message).toContain('larger than');
  });
});
