import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { formatCents, type Quote } from '@shop/shared';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBackend } from '../src/server.ts';

const server = createBackend();
let url = '';

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
});

const postQuote = (body: string) => fetch(`${url}/quotes`, { method: 'POST', body });

it('is healthy', async () => {
  const response = await fetch(`${url}/health`);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: 'ok' });
});

it('lists the products', async () => {
  const { products } = (await (await fetch(`${url}/products`)).json()) as { products: unknown[] };
  expect(products).toContainEqual({ sku: 'lamp', name: 'Desk lamp', cents: 3990 });
});

it('quotes a price', async () => {
  const response = await postQuote('{"items": [{"sku": "chair", "quantity": 10}]}');
  const { total } = (await response.json()) as Quote;
  expect(formatCents(total)).toBe('€1,795.50');
});

it.each([
  ['{', /JSON/],
  ['{}', /expected/],
  ['{"items": [{"sku": "sofa", "quantity": 1}]}', /unknown product: sofa/],
])('says what is wrong with %s', async (body, reason) => {
  const response = await postQuote(body);
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ error: expect.stringMatching(reason) });
});

it('refuses a body that is too large', async () => {
  const response = await postQuote(' '.repeat(70_000));
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ error: 'the body exceeds 65536 bytes' });
});

it('does not know other paths', async () => {
  expect((await fetch(`${url}/quotes`)).status).toBe(404);
});
