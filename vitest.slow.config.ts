import { defineConfig } from 'vitest/config';
import config from './vitest.config.ts';

/** Whole deliveries that take minutes each: a command of their own, beside `npm test`. */
export default defineConfig({ test: { ...config.test, include: ['test/**/*.slow.test.ts'], exclude: [] } });
