export { formatCents } from './money.ts';
export { findProduct, products, type Product } from './products.ts';
export { parseItems, quote, type Item, type Line, type Quote } from './quote.ts';
