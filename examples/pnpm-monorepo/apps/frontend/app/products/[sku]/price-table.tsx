import { formatCents, quote } from '@shop/shared';

export function PriceTable({ sku, quantities }: { sku: string; quantities: readonly number[] }) {
  const { lines } = quote(quantities.map((quantity) => ({ sku, quantity })));
  return (
    <table>
      <tbody>
        {lines.map(({ quantity, discount, cents }) => (
          <tr key={quantity}>
            <td>{quantity}</td>
            <td>{formatCents(cents)}</td>
            <td>{discount > 0 && `${discount} % off`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
