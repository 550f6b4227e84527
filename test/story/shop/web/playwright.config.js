import { defineConfig, devices } from '@playwright/test';

export default defineConfig({
  testDir: './e2e',
  retries: 0,
  reporter: [['list']],
  use: {
    baseURL: process.env.PLAYWRIGHT_BASE_URL ?? 'http://localhost:3000',
    screenshot: 'only-on-failure',
    // The way out of the machines that jobs run on, and its certificates.
    ...(process.env.HTTPS_PROXY === undefined
      ? {}
      : { proxy: { server: process.env.HTTPS_PROXY }, ignoreHTTPSErrors: true }),
  },
  projects: [{ name: 'chromium', use: { ...devices['Desktop Chrome'] } }],
});
