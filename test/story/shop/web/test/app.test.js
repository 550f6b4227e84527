import assert from 'node:assert/strict';
import { test } from 'node:test';
import { show } from '../app.js';

test('lists the opening hours', () => {
  const shown = [];
  show({ append: (item) => shown.push(item.textContent) }, { createElement: () => ({}) });
  assert.ok(shown.includes('Saturday: 9 to 13'));
});
