import { expect, it } from 'vitest';
import { appliedSince } from '../../src/migrate/applied-since.ts';

const applied = (name: string, destructive = false) => ({ name, destructive });
const now = [applied('1_init'), applied('2_note'), applied('3_drop', true), applied('4_age'), applied('5_drop', true)];
const namesSince = (lastMigration: string | undefined) => appliedSince({ lastMigration }, now)?.map(({ name }) => name);

it('lists what was applied since a release, destructive ones first', () => {
  expect(namesSince('1_init')).toEqual(['3_drop', '5_drop', '2_note', '4_age']);
  expect(namesSince('4_age')).toEqual(['5_drop']);
  expect(namesSince('5_drop')).toEqual([]);
});

it('counts by the order of applying, not by names', () => {
  expect(appliedSince({ lastMigration: '2_b' }, [applied('2_b'), applied('1_late')])).toEqual([applied('1_late')]);
});

it('lists everything for a release that had none, and says when it is not known', () => {
  expect(namesSince(undefined)).toHaveLength(5);
  expect(namesSince('0_other')).toBeUndefined();
});
