import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { readConfig } from '../src/config.ts';
import type { Database } from '../src/notes.ts';
import { answerBy } from '../src/service.ts';

/** Asks a service for one thing; the database answers every query with the same rows. */
async function ask(query: Database['query'], path: string, init?: RequestInit) {
  const failures: unknown[] = [];
  const answer = answerBy({ query }, '1.2.3', (error) => failures.push(error));
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
    return { status: response.status, body: await response.json(), failures };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const rows =
  (...found: unknown[]) =>
  () =>
    Promise.resolve({ rows: found });
const broken = () => Promise.reject(new Error('gone'));
const post = (body: string): RequestInit => ({ method: 'POST', body });

test('is healthy with a database, and not without', async () => {
  assert.deepEqual(await ask(rows({}), '/health'), {
    status: 200,
    body: { status: 'ok', version: '1.2.3' },
    failures: [],
  });
  assert.equal((await ask(broken, '/health')).status, 503);
});

test('keeps and lists notes', async () => {
  const note = { id: 1, text: 'milk', title: null };
  const created = await ask(rows(note), '/notes', post('{"email": "a@b.c", "text": "milk"}'));
  assert.deepEqual([created.status, created.body], [201, note]);
  const { body } = await ask(rows(note), '/notes');
  assert.deepEqual(body, { notes: [note] });
});

test('says what is wrong with a note', async () => {
  for (const [body, status] of [
    ['{"email": "a@b.c", "text": ""}', 422],
    ['{"email": "a", "text": "milk"}', 422],
    ['{"email": "a@b.c", "text": "milk", "title": 1}', 422],
    ['null', 422],
    ['{', 400],
    [' '.repeat(70_000), 413],
  ] as const) {
    assert.equal((await ask(rows(), '/notes', post(body))).status, status);
  }
});

test('says nothing of the database to strangers when it fails', async () => {
  const { status, body, failures } = await ask(broken, '/notes');
  assert.deepEqual([status, body], [500, { error: 'The service failed.' }]);
  assert.match(String(failures[0]), /gone/);
  assert.equal((await ask(rows(), '/nothing')).status, 404);
});

test('wants a port and the address of a database', () => {
  const databaseUrl = 'postgresql://localhost/notes';
  assert.deepEqual(readConfig({ DATABASE_URL: databaseUrl }), {
    port: 8080,
    host: '0.0.0.0',
    databaseUrl,
  });
  assert.throws(() => readConfig({ DATABASE_URL: databaseUrl, PORT: 'http' }), /PORT/);
  assert.throws(() => readConfig({ DATABASE_URL: 'mysql://localhost' }), /DATABASE_URL/);
});
