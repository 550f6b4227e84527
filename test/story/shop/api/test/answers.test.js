import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer } from '../answers.js';

const database = { query: async () => ({ rows: [{ day: 'Monday', hours: '8 to 18' }] }) };

test('says when the shop is open', async () => {
  const { status, body } = await answer('/hours', database, '1.0.0');
  assert.equal(status, 200);
  assert.deepEqual(body.hours, [{ day: 'Monday', hours: '8 to 18' }]);
});

test('is well when its database answers', async () => {
  assert.equal((await answer('/health', database, '1.0.0')).status, 200);
});
