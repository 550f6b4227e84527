import { describe, expect, it } from 'vitest';
import { formatCents, parseItems, quote } from '../src/index.ts';

describe('a quote', () => {
  it('adds up the lines', () => {
    const { total } = quote([
      { sku: 'lamp', quantity: 2 },
      { sku: 'mat', quantity: 1 },
    ]);
    expect(total).toBe(2 * 3990 + 1550);
  });

  it.each([
    [9, 0, 13950],
    [10, 5, 14725],
    [99, 5, 145778],
    [100, 15, 131750],
  ])('of %i desk mats takes %i percent off', (quantity, discount, cents) => {
    expect(quote([{ sku: 'mat', quantity }]).lines).toEqual([
      { sku: 'mat', quantity, discount, cents },
    ]);
  });

  it.each([0, -1, 1.5, 1001, Number.NaN])('refuses a quantity of %d', (quantity) => {
    expect(() => quote([{ sku: 'mat', quantity }])).toThrow(RangeError);
  });

  it('refuses a product that does not exist', () => {
    expect(() => quote([{ sku: 'sofa', quantity: 1 }])).toThrow('unknown product: sofa');
  });
});

describe('items from JSON', () => {
  it('are read, unknown fields left out', () => {
    const value = { items: [{ sku: 'mat', quantity: 2, colour: 'red' }] };
    expect(parseItems(value)).toEqual([{ sku: 'mat', quantity: 2 }]);
  });

  it.each([null, 'mat', {}, { items: {} }])('are refused when there is no list: %j', (value) => {
    expect(() => parseItems(value)).toThrow('expected {"items": […]}');
  });

  it('are refused by their position', () => {
    const value = { items: [{ sku: 'mat', quantity: 1 }, { sku: 'mat' }] };
    expect(() => parseItems(value)).toThrow(/^items\[1\]:/);
  });
});

it('writes euros with two decimals', () => {
  expect(formatCents(1250)).toBe('€12.50');
});
