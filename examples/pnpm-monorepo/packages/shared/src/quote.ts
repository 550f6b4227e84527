import { findProduct } from './products.ts';

export interface Item {
  sku: string;
  /** 1 to 1000. */
  quantity: number;
}

export interface Line extends Item {
  /** Percent off the price of this line. */
  discount: number;
  /** Euro cents, discount taken off, rounded to a whole cent. */
  cents: number;
}

export interface Quote {
  lines: Line[];
  /** Euro cents. */
  total: number;
}

/** Percent off from each quantity on, the largest quantity first. */
const discounts = [
  { from: 100, percent: 15 },
  { from: 10, percent: 5 },
];

/** The price of some items. Throws a RangeError for an unknown product or an invalid quantity. */
export function quote(items: readonly Item[]): Quote {
  const lines = items.map(priceLine);
  return { lines, total: lines.reduce((total, line) => total + line.cents, 0) };
}

function priceLine({ sku, quantity }: Item): Line {
  const product = findProduct(sku);
  if (!product) throw new RangeError(`unknown product: ${sku}`);
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > 1000) {
    throw new RangeError(`quantity of ${sku} must be a whole number from 1 to 1000`);
  }
  const discount = discounts.find(({ from }) => quantity >= from)?.percent ?? 0;
  const cents = Math.round((product.cents * quantity * (100 - discount)) / 100);
  return { sku, quantity, discount, cents };
}

/** Reads items from untrusted JSON. Throws a TypeError that says what is missing. */
export function parseItems(value: unknown): Item[] {
  if (!isRecord(value) || !Array.isArray(value.items)) {
    throw new TypeError('expected {"items": […]}');
  }
  return value.items.map((item: unknown, index) => {
    if (!isRecord(item) || typeof item.sku !== 'string' || typeof item.quantity !== 'number') {
      throw new TypeError(`items[${index}]: expected {"sku": "…", "quantity": 1}`);
    }
    return { sku: item.sku, quantity: item.quantity };
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
