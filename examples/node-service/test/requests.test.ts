import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { BODY_LIMIT } from '../src/body.ts';
import { createLog } from '../src/log.ts';
import { answerBy } from '../src/requests.ts';
import type { Route } from '../src/router.ts';
import { post, runningService } from './running-service.ts';

describe('a request that cannot be served', () => {
  it.each([
    ['an unknown path', '/nothing', {}, 404],
    ['two slashes', '//', {}, 404],
    ['an invalid escape', '/links/%zz', {}, 400],
    ['a method that the path does not have', '/health', { method: 'DELETE' }, 405],
    ['a body that is not JSON', '/links', post('{'), 400],
    ['a body of another type', '/links', { method: 'POST', body: 'url=x' }, 415],
    ['a body that is too large', '/links', post('x'.repeat(BODY_LIMIT + 1)), 413],
  ])('says why: %s', async (_fault, path, init, status) => {
    const { url } = await runningService();
    const response = await fetch(`${url}${path}`, init);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status, detail: expect.any(String) as string });
  });

  it('lists the methods that a path accepts', async () => {
    const { url } = await runningService();
    const response = await fetch(`${url}/links`, { method: 'PUT' });
    expect(response.headers.get('allow')).toBe('POST, GET, HEAD');
  });
});

it('answers 500 without telling what broke, and logs it', async () => {
  const broken: Route = {
    method: 'GET',
    path: '/broken',
    handle: () => {
      throw new Error('the password is hunter2');
    },
  };
  const log: string[] = [];
  const write = createLog('INFO', (line) => log.push(line));
  const server = createServer(answerBy([broken], write, () => false)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/broken`);
  const body = await response.text();
  server.close();
  expect(response.status).toBe(500);
  expect(body).not.toContain('hunter2');
  expect(log.join('')).toContain('hunter2');
});

it('writes one line of JSON a request', async () => {
  const { url, log, stop } = await runningService();
  await fetch(`${url}/health?from=test`);
  await fetch(`${url}/nothing`);
  await stop();
  const lines = log.map((line) => JSON.parse(line) as { httpRequest?: Record<string, unknown> });
  const requests = lines.flatMap(({ httpRequest }) => httpRequest ?? []);
  expect(requests).toMatchObject([
    { requestMethod: 'GET', requestUrl: '/health?from=test', status: 200 },
    { requestMethod: 'GET', requestUrl: '/nothing', status: 404 },
  ]);
});
