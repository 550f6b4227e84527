import { join } from 'node:path';
import js from '@eslint/js';
import next from '@next/eslint-plugin-next';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  globalIgnores(['**/.next/', '**/coverage/', '**/dist/', '**/next-env.d.ts']),
  js.configs.recommended,
  tseslint.configs.recommended,
  {
    files: ['apps/frontend/**/*.{ts,tsx}'],
    extends: [next.configs['core-web-vitals']],
    settings: { next: { rootDir: join(import.meta.dirname, 'apps/frontend') } },
  },
);
