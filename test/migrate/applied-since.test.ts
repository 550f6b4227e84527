import { expect, it } from 'vitest';
import { appliedSince, appliedSinceText } from '../../src/migrate/applied-since.ts';

const applied = (name: string, destructive = false) => ({ name, destructive });
const migrations = [applied('2_note'), applied('3_drop', true), applied('4_age'), applied('5_drop', true)];
const namesSince = (lastMigration: string | undefined) => {
  return appliedSince({ lastMigration }, migrations, '1_init')?.map(({ name }) => name);
};

it('lists what was applied since a release, destructive ones first', () => {
  expect(namesSince('1_init')).toEqual(['3_drop', '5_drop', '2_note', '4_age']);
  expect(namesSince('4_age')).toEqual(['5_drop']);
  expect(namesSince('5_drop')).toEqual([]);
});

it('knows that nothing was applied where the run before the release had nothing to do', () => {
  expect(appliedSince({ lastMigration: '1_init' }, [], '1_init')).toEqual([]);
  expect(appliedSince({ lastMigration: undefined }, [])).toEqual([]);
});

it('counts by the order of applying, not by names', () => {
  const late = [applied('2_b'), applied('1_late')];
  expect(appliedSince({ lastMigration: '2_b' }, late)).toEqual([applied('1_late')]);
});

it('lists everything for a release that had none, and says when it is not known', () => {
  expect(appliedSince({ lastMigration: undefined }, migrations)).toHaveLength(4);
  expect(namesSince(undefined)).toBeUndefined();
  expect(namesSince('0_other')).toBeUndefined();
});

it('says what the database keeps, in one sentence', () => {
  expect(appliedSinceText(appliedSince({ lastMigration: '4_age' }, migrations) ?? [])).toBe(
    'The database keeps what it was given since this release: 5_drop (destroys data). What a destructive one took away is back only from a backup.',
  );
  expect(appliedSinceText([applied('6_add')])).toBe('The database keeps what it was given since this release: 6_add.');
  expect(appliedSinceText([])).toBeUndefined();
});
