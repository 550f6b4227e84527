import assert from 'node:assert/strict';
import { test } from 'node:test';
import { page } from '../page.js';

test('shows each day with its hours', () => {
  assert.match(page('Shop', [['Monday', '8 to 18']]), /<li>Monday: 8 to 18<\/li>/);
});

test('shows text as text', () => {
  assert.match(page('<b>', []), /<h1>&lt;b&gt;<\/h1>/);
});
