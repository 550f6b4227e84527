import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // `npm run test:slow` runs these.
    exclude: ['test/**/*.slow.test.ts'],
    reporters: ['default', './test/support/closing-line.ts'],
    allowOnly: false,
    testTimeout: 300_000,
    hookTimeout: 900_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
