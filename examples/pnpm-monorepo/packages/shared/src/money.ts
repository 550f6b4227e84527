const euros = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' });

/** An amount in euro cents as people write it: `€12.50`. */
export function formatCents(cents: number): string {
  return euros.format(cents / 100);
}
