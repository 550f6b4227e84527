import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { runWorkflow } from '../../src/local/run.ts';
import type { EventRequest, RunResult } from '../../src/local/run-types.ts';
import { root } from '../../tools/install/root.ts';
import { type CloudProxy, startCloudProxy } from '../support/cloud-proxy.ts';
import { createFirebaseHosting, type FirebaseHosting } from '../support/firebase/hosting.ts';
import { refuseUndescribed } from '../support/github/serve.ts';
import { addKey, createGoogleCloud } from '../support/google-cloud.ts';
import { commitAll } from '../support/project.ts';
import { conclusions, pageAt, reportOf } from '../support/run-result.ts';
import { writeFiles } from '../support/temporary.ts';

vi.setConfig({ testTimeout: 300_000 });

const PROJECT = 'acme-shop';
/** firebase.json names it: nobody who only knows the call would find it. */
const SITE = 'acme-shop-web';

const DIFFERENT =
  'PUBLIC_API: {preview: https://p.example, staging: https://s.example, production: https://www.example}\nPUBLIC_NAME: shop';

/** A workspace: the app `web` depends on `texts`, the app `api` on nothing. */
const WORKSPACE: Readonly<Record<string, string>> = {
  'package.json': '{"name": "shop", "private": true, "type": "module", "workspaces": ["apps/*", "packages/*"]}\n',
  'package-lock.json': JSON.stringify({
    ...{ name: 'shop', lockfileVersion: 3, requires: true },
    packages: {
      '': { name: 'shop', workspaces: ['apps/*', 'packages/*'] },
      'apps/api': { name: 'api', version: '1.0.0' },
      'apps/web': { name: 'web', version: '1.0.0', dependencies: { texts: '*' } },
      'packages/texts': { name: 'texts', version: '1.0.0' },
      'node_modules/api': { resolved: 'apps/api', link: true },
      'node_modules/web': { resolved: 'apps/web', link: true },
      'node_modules/texts': { resolved: 'packages/texts', link: true },
    },
  }),
  'packages/texts/package.json':
    '{"name": "texts", "version": "1.0.0", "private": true, "type": "module", "exports": "./index.js"}\n',
  'packages/texts/index.js': "export const title = 'The corner shop';\n",
  'apps/api/package.json':
    '{"name": "api", "version": "1.0.0", "private": true, "type": "module", "scripts": {"test": "node --check index.js"}}\n',
  'apps/api/index.js': 'console.log(1);\n',
  'apps/web/package.json': JSON.stringify({
    ...{ name: 'web', version: '1.0.0', private: true, type: 'module', dependencies: { texts: '*' } },
    // A test that saw the values of a build would ask somebody's production.
    scripts: { build: 'node build.js', test: 'node test.js', smoke: 'node smoke.js' },
  }),
  'apps/web/build.js': `import { mkdir, writeFile } from 'node:fs/promises';
import { title } from 'texts';
await mkdir('dist', { recursive: true });
await writeFile('dist/index.html', '<h1>' + title + '</h1><p>' + process.env.PUBLIC_API + '</p>');
`,
  'apps/web/test.js':
    "if (process.env.PUBLIC_API !== undefined) throw new Error('a test sees the values of a build');\n",
  'apps/web/smoke.js': `const text = await (await fetch(process.env.BASE_URL)).text();
if (!text.includes('corner shop')) throw new Error(text);
`,
  'apps/web/firebase.json': `{"hosting": {"site": "${SITE}", "public": "dist"}}\n`,
  '.gitignore': 'node_modules\ndist\n',
};

let folder: string;
let project: string;
let hosting: FirebaseHosting;
let proxy: CloudProxy;
let key: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipelines-web-workspace-'));
  project = join(folder, 'project');
  await commit(WORKSPACE);
  const google = await createGoogleCloud({ keys: [] });
  key = JSON.stringify(addKey(google, `deploy@${PROJECT}.iam.gserviceaccount.com`));
  hosting = await createFirebaseHosting({
    access: (token) => (google.holderOf(token) === undefined ? 'nobody' : 'everything'),
  });
  hosting.addProject(PROJECT, [SITE]);
  proxy = await startCloudProxy({ ...google.services, ...hosting.services });
});

afterAll(async () => {
  await proxy.stop();
  await rm(folder, { recursive: true, force: true });
});

async function commit(files: Readonly<Record<string, string>>): Promise<void> {
  await writeFiles(project, files);
  commitAll(project);
}

async function run(event: EventRequest, buildEnv = DIFFERENT): Promise<RunResult> {
  const result = await runWorkflow({
    ...{ bundle: root, workflow: 'web-app.yml', project, repository: 'acme/shop', event },
    inputs: {
      ...{ 'working-directory': 'apps/web', deploy: 'firebase', project: PROJECT, scan: 'off' },
      environments: '{"main": "staging", "production": "production"}',
      setup: 'cache: false',
      'build-env': buildEnv,
      smoke: 'command: npm run smoke\nenv: {NODE_USE_ENV_PROXY: "1"}',
      health: '{consecutive: 1, interval: 100ms, timeout: 3s}',
    },
    secrets: { 'google-credentials': key },
    cacheFolder: join(folder, 'cache'),
    stateFolder: join(folder, 'state'),
    machine: { ...process.env, ...proxy.environment },
  });
  await refuseUndescribed(result.requests);
  return result;
}

async function page(url: string): Promise<string> {
  const { status, text } = await pageAt(url, proxy.environment);
  return `${status} ${text}`;
}

const live = () => page(`https://${SITE}.web.app`);

it('a pull request that touches neither the app nor what it depends on is green and does nothing', async () => {
  await commit({ 'apps/api/index.js': 'console.log(2);\n' });
  const result = await run({ name: 'pull_request', branch: 'api', base: 'HEAD~1' });
  expect(result.exitCode, result.log).toBe(0);
  expect(conclusions(result)).toMatchObject({
    check: 'success',
    preview: 'skipped',
    smoke: 'skipped',
    report: 'success',
  });
  const ran = result.jobs.find(({ id }) => id === 'check')?.steps.filter(({ conclusion }) => conclusion === 'success');
  expect(ran?.map(({ name }) => name)).toEqual(['Check out', 'Plan']);
  expect(result.comments[0]?.body).toContain('Nothing to do');
});

let preview: string;

it('one that touches what the app depends on gets a preview, built with the values of previews', async () => {
  await commit({ 'packages/texts/index.js': "export const title = 'The new corner shop';\n" });
  const result = await run({ name: 'pull_request', branch: 'texts', base: 'HEAD~1' });
  expect(result.exitCode, result.log).toBe(0);
  expect(conclusions(result)).toMatchObject({ check: 'success', preview: 'success', smoke: 'success' });
  preview = result.outputs['url'] ?? '';
  expect(preview).toContain(`https://${SITE}--pr-`);
  expect(await page(preview)).toBe('200 <h1>The new corner shop</h1><p>https://p.example</p>');
  expect(reportOf(result)).toMatch(/\| builds \| .* for preview alone: PUBLIC.*API differs between environments/);
});

it('its preview is found and removed, although only firebase.json names the site', async () => {
  const result = await run({ name: 'pull_request', action: 'closed', branch: 'texts' });
  expect(result.exitCode, result.log).toBe(0);
  expect(conclusions(result)).toMatchObject({ check: 'skipped', cleanup: 'success', report: 'success' });
  expect(await page(preview)).toMatch(/^404 /);
});

it('values that differ between environments mean a build for each, and the table says so', async () => {
  const staging = await run({ name: 'push', branch: 'main' });
  expect(staging.exitCode, staging.log).toBe(0);
  expect(await live()).toContain('https://s.example');
  expect(reportOf(staging)).toMatch(/\| builds \| .* for staging alone: PUBLIC.*API differs/);
  const production = await run({ name: 'push', branch: 'production' });
  expect(production.exitCode, production.log).toBe(0);
  expect(await live()).toContain('https://www.example');
  expect(production.outputs['release']).not.toBe(staging.outputs['release']);
  expect(reportOf(production)).toMatch(/\| builds \| .* for production alone: PUBLIC.*API differs/);
});

it('values that do not mean one build, and the table says that, too', async () => {
  await commit({ 'apps/web/dist.txt': 'two\n' });
  const result = await run({ name: 'push', branch: 'main' }, 'PUBLIC_API: {preview: /api, staging: /api}');
  expect(result.exitCode, result.log).toBe(0);
  expect(await live()).toContain('<p>/api</p>');
  expect(reportOf(result)).toMatch(/\| builds \| .* once: no value of build.*env differs/);
});

it('a push that does not touch the app deploys nothing, as what serves is what was deployed before', async () => {
  await commit({ 'apps/api/index.js': 'console.log(3);\n' });
  const result = await run({ name: 'push', branch: 'main' }, 'PUBLIC_API: /other');
  expect(result.exitCode, result.log).toBe(0);
  expect(conclusions(result)).toMatchObject({
    check: 'success',
    stage: 'skipped',
    promote: 'skipped',
    report: 'success',
  });
  expect(await live()).toContain('<p>/api</p>');
  expect(reportOf(result)).toContain('Nothing to do');
});
