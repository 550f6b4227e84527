import { symlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { installPlaywright, linkBrowsers } from '../../tools/smoke/install.ts';
import { runAction, type Step } from '../health/step.ts';
import type { Certificate } from '../support/certificates.ts';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';

/** A configuration as `npm init playwright` writes it, for one browser and an address from outside. */
export const CONFIG = `import { defineConfig, devices } from '@playwright/test';
export default defineConfig({
  testDir: './e2e',
  reporter: [['list'], ['html', { open: 'never' }]],
  use: { baseURL: process.env.PLAYWRIGHT_BASE_URL ?? 'http://localhost:3000', trace: 'on-first-retry', screenshot: 'only-on-failure' },
  projects: [{ name: 'chromium', use: { ...devices['Desktop Chrome'] } }],
});
`;

/** A project with Playwright installed. */
export async function playwrightProject(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, {
    'package.json': '{"name":"shop","private":true}',
    'playwright.config.ts': CONFIG,
    ...files,
  });
  await symlink(await installPlaywright(), join(folder, 'node_modules'));
  return folder;
}

export interface SmokeWish {
  readonly workspace?: string;
  readonly url: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly cancelWhen?: RegExp;
}

/** The action as a step, with Chromium where Playwright looks for it. */
export async function smoke({ url, inputs, environment, ...rest }: SmokeWish): Promise<Step> {
  return await runAction({
    action: 'smoke',
    inputs: { url, ...inputs },
    environment: { PLAYWRIGHT_BROWSERS_PATH: await linkBrowsers(), ...environment },
    ...rest,
  });
}

/** What an application answers: a page of HTML, or an answer of its own. */
export type Site = Readonly<Record<string, string | ((request: IncomingMessage, response: ServerResponse) => void)>>;

export interface RunningSite {
  readonly url: string;
  readonly requests: readonly IncomingMessage[];
}

/** An application on the loopback; what it does not have is 404. */
export async function startSite(site: Site, certificate?: Certificate): Promise<RunningSite> {
  const requests: IncomingMessage[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    requests.push(request);
    const [path = '/'] = (request.url ?? '/').split('?');
    const found = Object.hasOwn(site, path) ? site[path] : undefined;
    if (found === undefined) response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
    else if (typeof found === 'function') found(request, response);
    else response.writeHead(200, { 'content-type': typeFor(path) }).end(found);
  };
  const server =
    certificate === undefined
      ? createServer(answer)
      : createSecureServer({ cert: certificate.certificate, key: certificate.key }, answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  return { url: `${certificate === undefined ? 'http://127.0.0.1' : 'https://localhost'}:${port}`, requests };
}

function typeFor(path: string): string {
  if (path.endsWith('.js')) return 'text/javascript';
  return path.endsWith('.css') ? 'text/css' : 'text/html; charset=utf-8';
}
