import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { expect, it, onTestFinished } from 'vitest';
import { browsersFolder, browsersFor } from '../../src/smoke/browsers.ts';
import type { ReportedProject } from '../../src/smoke/report.ts';
import { findChromium } from '../../tools/smoke/install.ts';
import { runAction } from '../health/step.ts';
import { serveCache } from '../support/cache/serve.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { playwrightProject, smoke, startSite } from './project.ts';

const SHOP = { '/': '<!doctype html><title>Shop</title><h1>Shop</h1>' };
const TESTS = `import { expect, test } from '@playwright/test';
test('shows its name', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading')).toHaveText('Shop');
});
`;

/** A site from which Playwright downloads its browsers: real archives, whose program starts the real browser. */
async function downloadSite() {
  const program = (text: string) => [new TextEncoder().encode(text), { os: 3, attrs: 0o100755 << 16 }] as const;
  const archive = (files: Readonly<Record<string, string>>) => {
    const entries = Object.entries(files).map(([path, text]) => [path, program(text)] as const);
    return Buffer.from(zipSync(Object.fromEntries(entries.map(([path, [bytes, how]]) => [path, [bytes, how]]))));
  };
  const start = `#!/bin/sh\nexec ${await findChromium()} "$@"\n`;
  const archives: Readonly<Record<string, Buffer>> = {
    'chrome-headless-shell-linux64.zip': archive({ 'chrome-headless-shell-linux64/chrome-headless-shell': start }),
    'ffmpeg-linux.zip': archive({ 'ffmpeg-linux': '#!/bin/sh\n' }),
  };
  const asked: string[] = [];
  const serve = (name: string) => archives[name.split('/').at(-1) ?? ''];
  const site = await startSite(
    new Proxy(
      {},
      {
        getOwnPropertyDescriptor: (_, path) => ({ configurable: true, enumerable: true, value: String(path) }),
        get: (_, path) => (_request: unknown, response: import('node:http').ServerResponse) => {
          asked.push(String(path));
          const bytes = serve(String(path));
          if (bytes === undefined) response.writeHead(404).end();
          else response.writeHead(200, { 'content-length': String(bytes.length) }).end(bytes);
        },
      },
    ),
  );
  return { url: site.url, asked };
}

it('installs the browsers by the project’s own Playwright once, and takes them out of the cache after that', async () => {
  const site = await startSite(SHOP);
  const downloads = await downloadSite();
  const folder = await temporaryFolder();
  const cache = await serveCache({ folder: join(folder, 'entries') });
  onTestFinished(() => cache.close());
  const workspace = await playwrightProject({ 'e2e/shop.spec.ts': TESTS });
  const job = (name: string, download: string) => ({
    ...cache.environment,
    HOME: folder,
    PLAYWRIGHT_BROWSERS_PATH: join(folder, name),
    PLAYWRIGHT_DOWNLOAD_HOST: download,
    HTTPS_PROXY: '',
    HTTP_PROXY: '',
  });
  const first = await smoke({ workspace, url: site.url, environment: job('first', downloads.url) });
  expect(first.exitCode, first.log).toBe(0);
  expect(first.log).toMatch(/browsers: chromium for Playwright .*, installed/);
  expect(downloads.asked.some((path) => path.endsWith('chrome-headless-shell-linux64.zip'))).toBe(true);
  // Headless only: the browser with a window is not asked for.
  expect(downloads.asked.filter((path) => path.endsWith('/chrome-linux64.zip'))).toEqual([]);
  const environment = job('first', downloads.url);
  const saved = await runAction({
    action: 'smoke',
    inputs: { url: site.url },
    environment,
    workspace,
    state: first.state,
  });
  expect(saved.log).toContain('browsers: saved in the cache');
  const second = await smoke({ workspace, url: site.url, environment: job('second', 'http://127.0.0.1:9') });
  expect(second.exitCode, second.log).toBe(0);
  expect(second.log).toMatch(/browsers: chromium for Playwright .*, from the cache/);
  expect(second.state).not.toHaveProperty('browsers');
  expect((await readdir(join(folder, 'second'))).filter((name) => name.startsWith('chromium'))).toHaveLength(1);
});

it('says that it is the browser when it can not be installed', async () => {
  const site = await startSite(SHOP);
  const folder = await temporaryFolder();
  const environment = {
    PLAYWRIGHT_BROWSERS_PATH: folder,
    PLAYWRIGHT_DOWNLOAD_HOST: 'http://127.0.0.1:9',
    HTTPS_PROXY: '',
    HTTP_PROXY: '',
  };
  const workspace = await playwrightProject({ 'e2e/shop.spec.ts': TESTS });
  const step = await smoke({ workspace, url: site.url, environment });
  expect(step.outputs['failure']).toMatch(/^PIPE-SMOKE-010: /);
});

it('asks for the browsers of projects that have tests, and for no branded ones', () => {
  const project = (values: Partial<ReportedProject>): ReportedProject => ({
    name: 'one',
    browser: 'chromium',
    channel: '',
    headless: true,
    isElsewhere: false,
    trace: '',
    baseURL: '',
    outputDir: '',
    tests: 1,
    ...values,
  });
  const wish = (...projects: Partial<ReportedProject>[]) => browsersFor(projects.map(project), '1.65.0');
  expect(wish({})).toEqual({ names: ['chromium'], onlyShell: true });
  expect(wish({}, { browser: 'webkit' }, { browser: 'firefox', tests: 0 }).names).toEqual(['chromium', 'webkit']);
  expect(wish({ channel: 'chrome' }, { isElsewhere: true })).toEqual({ names: [], onlyShell: false });
  expect(wish({ channel: 'chromium' }).onlyShell).toBe(false);
  expect(wish({}, { headless: false }).onlyShell).toBe(false);
  expect(wish({ browser: '--help' }).names).toEqual([]);
  expect(browsersFor([project({})], '1.40.1')).toEqual({ names: ['chromium'], onlyShell: false });
});

it('finds the folder of the browsers as Playwright does', () => {
  expect(browsersFolder({ HOME: '/home/runner' }, '/project')).toBe('/home/runner/.cache/ms-playwright');
  expect(browsersFolder({ HOME: '/home/runner', XDG_CACHE_HOME: '/cache' }, '/project')).toBe('/cache/ms-playwright');
  expect(browsersFolder({ PLAYWRIGHT_BROWSERS_PATH: 'browsers' }, '/project')).toBe('/project/browsers');
  expect(browsersFolder({ PLAYWRIGHT_BROWSERS_PATH: '0' }, '/project')).toBeUndefined();
});
