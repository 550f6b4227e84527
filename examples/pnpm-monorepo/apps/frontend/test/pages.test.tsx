import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import ProductsPage from '../app/page';
import ProductPage, { generateStaticParams } from '../app/products/[sku]/page';

const productPage = async (sku: string) =>
  renderToStaticMarkup(
    await ProductPage({ params: Promise.resolve({ sku }), searchParams: Promise.resolve({}) }),
  );

it('lists every product with its price and a link', () => {
  const html = renderToStaticMarkup(<ProductsPage />);
  expect(html).toContain('<a href="/products/lamp">Desk lamp</a>, €39.90');
  expect(html.match(/<li>/g)).toHaveLength(generateStaticParams().length);
});

it('shows what a product costs in quantity', async () => {
  const html = await productPage('mat');
  expect(html).toContain('<h1>Desk mat</h1>');
  expect(html).toContain('<tr><td>10</td><td>€147.25</td><td>5 % off</td></tr>');
});

it('has no page for a product that does not exist', async () => {
  await expect(productPage('sofa')).rejects.toThrow('NEXT_HTTP_ERROR_FALLBACK;404');
});
