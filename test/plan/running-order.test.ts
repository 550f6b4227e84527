import { describe, expect, it } from 'vitest';
import { runningOrder } from '../../src/plan/running-order.ts';

const waits = (...pairs: readonly [string, string][]) => {
  const map = new Map<string, Set<string>>();
  for (const [task, other] of pairs) map.set(task, new Set([...(map.get(task) ?? []), other]));
  return map;
};

describe('the running order', () => {
  it('keeps the order given where nothing waits', () => {
    expect(runningOrder(['c', 'a', 'b'], new Map()).tasks).toEqual(['c', 'a', 'b']);
  });

  it('puts each task behind those that it waits for', () => {
    const order = runningOrder(['a', 'b', 'c', 'd'], waits(['a', 'c'], ['c', 'd'], ['a', 'd']));
    expect(order.tasks).toEqual(['b', 'd', 'c', 'a']);
    expect(order.released).toEqual([]);
  });

  it('releases the first task of a circle, and keeps every other wait', () => {
    const order = runningOrder(['x', 'a', 'b', 'c'], waits(['a', 'b'], ['b', 'c'], ['c', 'a'], ['x', 'c'], ['a', 'a']));
    expect(order.released).toEqual(['x', 'a']);
    expect(order.tasks).toEqual(['x', 'a', 'c', 'b']);
    expect([...order.needs].map(([task, others]) => [task, ...others])).toEqual([['x'], ['a'], ['b', 'c'], ['c', 'a']]);
  });
});
