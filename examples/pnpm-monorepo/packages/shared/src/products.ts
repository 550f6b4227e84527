export interface Product {
  sku: string;
  name: string;
  /** Price of one, in euro cents. */
  cents: number;
}

export const products: readonly Product[] = [
  { sku: 'lamp', name: 'Desk lamp', cents: 3990 },
  { sku: 'chair', name: 'Office chair', cents: 18900 },
  { sku: 'mat', name: 'Desk mat', cents: 1550 },
];

export function findProduct(sku: string): Product | undefined {
  return products.find((product) => product.sku === sku);
}
