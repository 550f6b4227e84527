import { formatCents, products } from '@shop/shared';
import Link from 'next/link';

export default function ProductsPage() {
  return (
    <>
      <h1>Products</h1>
      <ul>
        {products.map(({ sku, name, cents }) => (
          <li key={sku}>
            <Link href={`/products/${sku}`}>{name}</Link>, {formatCents(cents)}
          </li>
        ))}
      </ul>
    </>
  );
}
