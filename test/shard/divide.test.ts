import { describe, expect, test } from 'vitest';
import { divide, isWorthDividing, type Work } from '../../src/shard/divide.ts';
import { divisionKey } from '../../src/shard/part.ts';
import type { TaskTime, Times } from '../../src/shard/times.ts';

const time = (ms: number, files: Record<string, number> = {}, others?: number): TaskTime => ({
  ms,
  files: new Map(Object.entries(files)),
  others,
});

/** Numbers that are always the same, 0 to 1. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state / 2_147_483_648;
  }
}

describe('work is divided', () => {
  test('gives each file to exactly one shard, whatever the number of shards', () => {
    const random = numbers(7);
    for (let shards = 1; shards <= 12; shards += 1) {
      const units = Array.from({ length: 40 }, (_, index) => [`test/${index}.test.ts`]);
      const files = Object.fromEntries(units.map(([file = '']) => [file, random.next().value * 9_000]));
      const work: Work[] = [
        { task: 'test', units },
        { task: 'lint', units: undefined },
      ];
      const divided = divide(work, new Map([['test', time(60_000, files)]]), shards);
      expect(divided).toHaveLength(shards);
      const given = divided.flatMap(({ pieces }) => pieces.get('test') ?? []);
      expect([...given].sort()).toEqual(units.flat().sort());
      expect(divided.filter(({ pieces }) => pieces.has('lint'))).toHaveLength(1);
    }
  });

  test('is within a third of the best that there can be', () => {
    const random = numbers(11);
    for (let round = 0; round < 50; round += 1) {
      const shards = 2 + Math.floor(random.next().value * 6);
      const each = Array.from({ length: 60 }, () => 1 + random.next().value ** 4 * 20_000);
      const units = each.map((_, index) => [`${index}.test.js`]);
      const files = Object.fromEntries(each.map((ms, index) => [`${index}.test.js`, ms]));
      const total = each.reduce((sum, ms) => sum + ms, 0);
      const divided = divide([{ task: 'test', units }], new Map([['test', time(total, files)]]), shards);
      const longest = Math.max(...divided.map(({ expected }) => expected));
      expect(longest).toBeLessThanOrEqual(Math.max(total / shards, ...each) * (4 / 3));
    }
  });

  test('is the same on every machine, in whatever order files and tasks are found', () => {
    const files = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [`${name}.test.ts`]);
    const work: Work[] = [
      { task: 'test', units: files },
      { task: 'build', units: undefined },
      { task: 'lint', units: undefined },
    ];
    const turned: Work[] = [...work]
      .reverse()
      .map(({ task, units }) => ({ task, units: units && [...units].reverse() }));
    const times: Times = new Map([['test', time(6_000, { 'a.test.ts': 1_000 })]]);
    expect(divide(turned, times, 3)).toEqual(divide(work, times, 3));
    expect(divisionKey(divide(turned, times, 3))).toBe(divisionKey(divide(work, times, 3)));
  });

  test('keeps the files of one unit together', () => {
    const units = [['a.test.ts', 'a.test.tsx'], ['b.test.ts'], ['c.test.ts']];
    for (const shard of divide([{ task: 'test', units }], new Map(), 3)) {
      const files = shard.pieces.get('test') ?? [];
      expect(files.includes('a.test.ts')).toBe(files.includes('a.test.tsx'));
    }
  });

  test('takes a file without a time for an average one', () => {
    const units = [['known.test.ts'], ['new.test.ts'], ['slow.test.ts']];
    const times: Times = new Map([['test', time(12_000, { 'known.test.ts': 2_000, 'slow.test.ts': 10_000 })]]);
    const [first, second] = divide([{ task: 'test', units }], times, 2);
    expect(first?.pieces.get('test')).toEqual(['slow.test.ts']);
    expect(second?.pieces.get('test')).toEqual(['known.test.ts', 'new.test.ts']);
  });

  test('weighs a whole task against the machine time of the tests, not against the sum of files that ran beside each other', () => {
    const units = [['a.test.ts'], ['b.test.ts']];
    // Four workers: 80 seconds of files in 20 seconds of a machine.
    const times: Times = new Map([
      ['test', time(20_000, { 'a.test.ts': 40_000, 'b.test.ts': 40_000 })],
      ['build', time(18_000)],
    ]);
    const divided = divide(
      [
        { task: 'test', units },
        { task: 'build', units: undefined },
      ],
      times,
      2,
    );
    expect(divided.map(({ expected }) => expected)).toEqual([18_000, 20_000]);
  });

  test('leaves shards empty where there is too little work', () => {
    const divided = divide([{ task: 'test', units: [['a.test.ts']] }], new Map(), 3);
    expect(divided.map(({ pieces }) => pieces.size)).toEqual([1, 0, 0]);
  });
});

describe('tests are divided', () => {
  const isDivided = (task: string, all: readonly string[], times: Times, shards: number) =>
    isWorthDividing(task, { all, divisible: all.filter((id) => id.endsWith('test')), times, shards });

  test('only where they take a good part of what one machine has to do', () => {
    const times: Times = new Map([
      ['test', time(100_000)],
      ['packages/a:test', time(1_000)],
      ['lint', time(20_000)],
    ]);
    const all = [...times.keys()];
    expect(all.map((task) => isDivided(task, all, times, 3))).toEqual([true, false, false]);
    expect(isDivided('test', all, times, 1)).toBe(false);
  });

  test('never where many equal packages balance as they are, with times or without', () => {
    const all = Array.from({ length: 12 }, (_, index) => `packages/${index}:test`);
    const times: Times = new Map(all.map((id) => [id, time(5_000)]));
    expect(all.some((task) => isDivided(task, all, times, 4))).toBe(false);
    expect(all.some((task) => isDivided(task, all, new Map(), 4))).toBe(false);
    expect(isDivided('test', ['test', 'lint', 'build', 'typecheck', 'format'], new Map(), 2)).toBe(true);
  });

  test('evenly, also where files take no time that could be measured', () => {
    const units = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [`${name}.test.js`]);
    const files = Object.fromEntries(units.map(([file = '']) => [file, 0]));
    const divided = divide([{ task: 'test', units }], new Map([['test', time(0, files)]]), 3);
    expect(divided.map(({ pieces }) => pieces.get('test')?.length)).toEqual([2, 2, 2]);
  });
});
