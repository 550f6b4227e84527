import { defineConfig } from 'vitest/config';
import { LongFirst } from './test/support/sequencer.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // `npm run test:slow` runs these.
    exclude: ['test/**/*.slow.test.ts'],
    reporters: ['default', './test/support/closing-line.ts'],
    allowOnly: false,
    sequence: { sequencer: LongFirst },
    testTimeout: 300_000,
    hookTimeout: 900_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
