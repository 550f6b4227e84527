import { expect, test } from '@playwright/test';

test('a visitor sees when the shop is open', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading')).toHaveText('The corner shop');
  await expect(page.getByRole('listitem').first()).toHaveText('Monday to Friday: 8 to 18', { timeout: 3_000 });
});
