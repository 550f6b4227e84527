import { expect, it } from 'vitest';
import { asksFor } from '../../src/plan/workflow-inputs.ts';

it.each([
  ['image', { registry: 'ghcr.io/acme' }, true],
  ['image', { image: 'platforms: linux/amd64' }, true],
  ['image', { registry: 'ghcr.io/acme', image: 'off' }, false],
  ['image', {}, false],
  ['migration', { migrate: 'timeout: 5m' }, true],
  ['migration', { migrate: 'off' }, false],
  ['python', { registry: 'ghcr.io/acme', migrate: 'timeout: 5m' }, false],
])('leaves %s to a job of its own with %o: %s', (subject, inputs: Record<string, string>, expected) => {
  expect(asksFor(subject, inputs)).toBe(expected);
});
