import { findProduct, products } from '@shop/shared';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { PriceTable } from './price-table';

export function generateStaticParams() {
  return products.map(({ sku }) => ({ sku }));
}

export default async function ProductPage({ params }: PageProps<'/products/[sku]'>) {
  const { sku } = await params;
  const product = findProduct(sku);
  if (!product) notFound();
  return (
    <>
      <h1>{product.name}</h1>
      <PriceTable sku={product.sku} quantities={[1, 10, 100]} />
      <Link href="/">All products</Link>
    </>
  );
}
