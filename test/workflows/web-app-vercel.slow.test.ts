import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { runWorkflow } from '../../src/local/run.ts';
import type { EventRequest, RunResult } from '../../src/local/run-types.ts';
import { root } from '../../tools/install/root.ts';
import { linkBrowsers } from '../../tools/smoke/install.ts';
import { DOMAIN, TEAM, TOKEN } from '../release/vercel/room.ts';
import { type CloudProxy, type CloudService, startCloudProxy } from '../support/cloud-proxy.ts';
import { refuseUndescribed } from '../support/github/serve.ts';
import { npmRegistryHost } from '../support/npm-registry.ts';
import { commitAll } from '../support/project.ts';
import { conclusions, pageAt, reportOf } from '../support/run-result.ts';
import { writeFiles } from '../support/temporary.ts';
import { loadVercelSchemas } from '../support/vercel/schemas.ts';
import { addProject } from '../support/vercel/state.ts';
import { createVercel, type Vercel } from '../support/vercel/vercel.ts';

vi.setConfig({ testTimeout: 300_000 });

/** What leaves `.vercel/output`, as `vercel build` does, with the text of a file in it. */
const BUILD = `import { mkdir, readFile, writeFile } from 'node:fs/promises';
await mkdir('.vercel/output/static', { recursive: true });
await writeFile('.vercel/output/config.json', JSON.stringify({ version: 3, routes: [{ handle: 'filesystem' }] }));
const said = (await readFile('page.txt', 'utf8')).trim();
await writeFile('.vercel/output/static/index.html', '<!doctype html><title>Shop</title><h1>' + said + '</h1>');
`;

/** Playwright through the proxy that stands between this machine and the cloud. */
const CONFIG = `import { defineConfig } from '@playwright/test';
export default defineConfig({
  testDir: './e2e',
  use: {
    baseURL: process.env.PLAYWRIGHT_BASE_URL,
    ignoreHTTPSErrors: true,
    proxy: { server: process.env.HTTPS_PROXY },
  },
  projects: [{ name: 'chromium', use: { browserName: 'chromium' } }],
});
`;

const TESTS = `import { expect, test } from '@playwright/test';
test('the shop is open', async ({ page }) => {
  await page.goto('/');
  await expect(page.locator('h1')).toContainText('corner shop');
});
test('nothing here could deploy', () => {
  expect(JSON.stringify(process.env)).not.toMatch(/${TOKEN.slice(0, 12)}|ACTIONS_ID_TOKEN|ACTIONS_RUNTIME_TOKEN|ghs_/);
});
`;

let folder: string;
let project: string;
let vercel: Vercel;
let proxy: CloudProxy;
let machine: Readonly<Record<string, string | undefined>>;
/** A page with this text is not well where users ask for it. */
let ill = 'nothing is ill';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipelines-web-vercel-'));
  project = join(folder, 'project');
  await cp(join(root, 'tools/smoke/playwright'), project, {
    recursive: true,
    filter: (path) => !path.endsWith('node_modules'),
  });
  await writeFiles(project, {
    'package.json': JSON.stringify({
      ...{ name: 'smoke-project-tools', private: true, type: 'module', scripts: { build: 'node build.js' } },
      dependencies: { '@playwright/test': '1.65.0' },
    }),
    'build.js': BUILD,
    'page.txt': 'The corner shop\n',
    'playwright.config.js': CONFIG,
    'e2e/shop.spec.js': TESTS,
    '.gitignore': 'node_modules\n.vercel\n',
  });
  vercel = createVercel({ domains: [DOMAIN], schemas: await loadVercelSchemas() });
  vercel.state.teams.push({ id: TEAM, slug: 'acme', name: 'Acme', plan: 'pro' });
  vercel.state.users.push({
    ...{ id: 'usr_ada', username: 'ada', email: 'ada@acme.example', name: 'Ada', defaultTeamId: TEAM },
    tokens: [{ value: TOKEN, scopes: [TEAM] }],
  });
  addProject(vercel.state, { name: 'web', accountId: TEAM, domains: [DOMAIN] });
  const edge = vercel.services[DOMAIN];
  if (edge === undefined) throw new Error('the domain is served');
  const front: CloudService = async (request) => {
    const answer = await edge(request);
    return String(answer.body).includes(ill) ? { status: 500, body: 'out of order' } : answer;
  };
  proxy = await startCloudProxy({ ...vercel.services, [DOMAIN]: front });
  machine = {
    ...process.env,
    ...proxy.environment,
    NO_PROXY: [proxy.environment['NO_PROXY'] ?? '', await npmRegistryHost()].join(','),
  };
});

afterAll(async () => {
  await proxy.stop();
  await rm(folder, { recursive: true, force: true });
});

async function run(event: EventRequest, more: Readonly<Record<string, string>> = {}): Promise<RunResult> {
  const result = await runWorkflow({
    ...{ bundle: root, workflow: 'web-app.yml', project, repository: 'acme/shop', event, machine },
    inputs: {
      ...{ deploy: 'vercel', environments: '{"main": "staging"}', scan: 'off', setup: 'cache: false' },
      ...{ health: '{consecutive: 2, interval: 100ms, timeout: 3s}', ...more },
    },
    variables: { VERCEL_ORG_ID: TEAM, VERCEL_PROJECT_ID: 'web' },
    secrets: { 'vercel-token': TOKEN },
    environment: { PLAYWRIGHT_BROWSERS_PATH: await linkBrowsers() },
    cacheFolder: join(folder, 'cache'),
    stateFolder: join(folder, 'state'),
  });
  expect(result.log).not.toContain(TOKEN);
  await refuseUndescribed(result.requests);
  return result;
}

async function commit(files: Readonly<Record<string, string>>): Promise<void> {
  await writeFiles(project, files);
  commitAll(project);
}

/** What a browser gets, with or without the illness of the day. */
async function page(url: string): Promise<string> {
  const { status, text } = await pageAt(url, proxy.environment);
  return `${status} ${/<h1>(.*)<\/h1>/.exec(text)?.[1] ?? text}`;
}

const live = () => page(`https://${DOMAIN}/`);

it('a push stages for production, tries and promotes the same deployment, without a second build', async () => {
  await commit({});
  const result = await run({ name: 'push', branch: 'main' });
  expect(result.exitCode, result.log).toBe(0);
  expect(conclusions(result)).toMatchObject({
    ...{ check: 'success', stage: 'success', smoke: 'success', promote: 'success', rollback: 'skipped' },
  });
  expect(result.outputs['release']).toMatch(/^vercel:\/\/acme\/web\/dpl_/);
  expect(await live()).toBe('200 The corner shop');
});

let preview: string;

it('a pull request gets a preview that Playwright tries in a job without credentials', async () => {
  await commit({ 'page.txt': 'The corner shop, one\n' });
  const result = await run({ name: 'pull_request', branch: 'hours', base: 'HEAD~1' });
  expect(result.exitCode, result.log).toBe(0);
  expect(conclusions(result)).toMatchObject({
    ...{ check: 'success', preview: 'success', smoke: 'success', report: 'success', stage: 'skipped' },
  });
  const smoke = result.jobs.find(({ id }) => id === 'smoke');
  expect(smoke?.steps.map(({ log }) => log).join('\n')).toContain('2 passed, 0 failed');
  preview = result.outputs['url'] ?? '';
  expect(preview).toMatch(/^https:\/\/[a-z0-9-]+\.vercel\.app/);
  expect(await page(preview)).toBe('200 The corner shop, one');
  expect(result.comments.map(({ body }) => body)).toEqual([expect.stringContaining(new URL(preview).host)]);
  expect(await live()).toBe('200 The corner shop');
});

it('nothing of it is left when the pull request is closed', async () => {
  const result = await run({ name: 'pull_request', action: 'closed', branch: 'hours' });
  expect(result.exitCode, result.log).toBe(0);
  expect(conclusions(result)).toMatchObject({ check: 'skipped', cleanup: 'success', report: 'success' });
  expect(await page(preview)).toMatch(/^404 /);
  expect(vercel.state.deployments.filter(({ target }) => target === null)).toEqual([]);
});

it('a version that is not well where users ask gives the traffic back, and the run says so', async () => {
  ill = 'three';
  await commit({ 'page.txt': 'The corner shop, three\n' });
  const result = await run({ name: 'push', branch: 'main' });
  expect(result.exitCode).toBe(1);
  expect(conclusions(result)).toMatchObject({
    ...{ stage: 'success', smoke: 'success', promote: 'failure', rollback: 'success', report: 'failure' },
  });
  expect(await live()).toBe('200 The corner shop');
  expect(reportOf(result)).toMatch(/serving now:\*\* dpl/);
  expect(reportOf(result)).toMatch(/what happened:.*PIPE&#45;HEALTH/);
  ill = 'nothing is ill';
});

it('what its tests refuse never takes traffic', async () => {
  await commit({ 'page.txt': 'Under construction\n' });
  const result = await run({ name: 'push', branch: 'main' });
  expect(conclusions(result)).toMatchObject({
    stage: 'success',
    smoke: 'failure',
    promote: 'skipped',
    rollback: 'skipped',
  });
  expect(await live()).toBe('200 The corner shop');
});

it('with `promote: false` it is staged and tried, and the release is left to somebody', async () => {
  await commit({ 'page.txt': 'The corner shop, four\n' });
  const result = await run({ name: 'push', branch: 'main' }, { promote: 'false' });
  expect(result.exitCode, result.log).toBe(0);
  expect(conclusions(result)).toMatchObject({
    stage: 'success',
    smoke: 'success',
    promote: 'success',
    rollback: 'skipped',
  });
  expect(await live()).toBe('200 The corner shop');
  expect(await page(result.outputs['url'] ?? '')).toBe('200 The corner shop, four');
  expect(reportOf(result)).toContain('held for release');
});
