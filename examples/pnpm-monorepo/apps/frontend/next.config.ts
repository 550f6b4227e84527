import { join } from 'node:path';
import type { NextConfig } from 'next';

const workspace = join(import.meta.dirname, '../..');

const config: NextConfig = {
  images: { unoptimized: true },
  outputFileTracingRoot: workspace,
  turbopack: { root: workspace },
  typedRoutes: true,
};

export default config;
