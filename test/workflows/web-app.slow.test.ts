import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { runWorkflow } from '../../src/local/run.ts';
import type { EventRequest, RunResult } from '../../src/local/run-types.ts';
import { root } from '../../tools/install/root.ts';
import { type CloudProxy, type CloudService, startCloudProxy } from '../support/cloud-proxy.ts';
import { createFirebaseHosting, type FirebaseHosting } from '../support/firebase/hosting.ts';
import { refuseUndescribed } from '../support/github/serve.ts';
import { addKey, createGoogleCloud } from '../support/google-cloud.ts';
import { commitAll } from '../support/project.ts';
import { conclusions, pageAt } from '../support/run-result.ts';
import { writeFiles } from '../support/temporary.ts';

vi.setConfig({ testTimeout: 300_000 });

const SITE = 'acme-shop';

let folder: string;
let project: string;
let hosting: FirebaseHosting;
let proxy: CloudProxy;
let key: string;
/** A page with this text is not well where users ask for it. */
let ill = 'nothing is ill';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipelines-web-'));
  project = join(folder, 'project');
  await cp(join(root, 'examples/web-app'), project, { recursive: true });
  commitAll(project);
  await writeFiles(project, { 'hours.txt': 'A pull request is about something.\n' });
  commitAll(project);
  const google = await createGoogleCloud({ keys: [] });
  key = JSON.stringify(addKey(google, `deploy@${SITE}.iam.gserviceaccount.com`));
  hosting = await createFirebaseHosting({
    access: (token) => (google.holderOf(token) === undefined ? 'nobody' : 'everything'),
  });
  hosting.addProject(SITE);
  const edge = hosting.services['*.web.app'];
  if (edge === undefined) throw new Error('sites are served');
  const front: CloudService = async (request) => {
    const answer = await edge(request);
    const isIll = request.host === `${SITE}.web.app` && String(answer.body).includes(ill);
    return isIll ? { status: 500, body: 'out of order' } : answer;
  };
  proxy = await startCloudProxy({ ...google.services, ...hosting.services, '*.web.app': front });
});

afterAll(async () => {
  await proxy.stop();
  await rm(folder, { recursive: true, force: true });
});

async function run(event: EventRequest): Promise<RunResult> {
  const result = await runWorkflow({
    bundle: root,
    workflow: 'web-app.yml',
    project,
    repository: 'acme/shop',
    event,
    inputs: {
      deploy: 'firebase',
      project: SITE,
      environments: '{"main": "staging"}',
      scan: 'off',
      // The project has no dependencies: there is nothing to install.
      setup: 'install: false',
      health: '{consecutive: 2, interval: 100ms, timeout: 3s}',
      smoke: 'command: npm run smoke\nenv: {NODE_USE_ENV_PROXY: "1"}',
    },
    secrets: { 'google-credentials': key },
    cacheFolder: join(folder, 'cache'),
    stateFolder: join(folder, 'state'),
    machine: { ...process.env, ...proxy.environment },
  });
  expect(JSON.stringify(result)).not.toContain(JSON.parse(key).private_key.slice(30, 90));
  await refuseUndescribed(result.requests);
  return result;
}

const page = (url: string) => pageAt(url, proxy.environment);

let preview: string;

it('a pull request gets a preview of what `check` has built, and its address stands in the one comment', async () => {
  const result = await run({ name: 'pull_request', branch: 'hours', base: 'HEAD~1' });
  expect(result.exitCode, result.log).toBe(0);
  expect(conclusions(result)).toMatchObject({
    ...{ check: 'success', preview: 'success', smoke: 'success', report: 'success' },
    ...{ stage: 'skipped', promote: 'skipped', cleanup: 'skipped' },
  });
  preview = result.outputs['url'] ?? '';
  expect(preview).toMatch(/^https:\/\/acme-shop--pr-\d+-.*\.web\.app/);
  expect(await page(preview)).toMatchObject({ status: 200, text: expect.stringContaining('The corner shop') });
  expect(result.comments).toHaveLength(1);
  expect(result.comments[0]?.body).toContain(new URL(preview).host);
  // The live site has seen nothing of it.
  expect((await page(`https://${SITE}.web.app`)).status).toBe(404);
});

it('nothing of it is left when the pull request is closed', async () => {
  const result = await run({ name: 'pull_request', action: 'closed', branch: 'hours' });
  expect(result.exitCode, result.log).toBe(0);
  expect(conclusions(result)).toMatchObject({ check: 'skipped', cleanup: 'success', report: 'success' });
  expect((await page(preview)).status).toBe(404);
});

it('a push stages, tries and promotes the same bytes', async () => {
  const result = await run({ name: 'push', branch: 'main' });
  expect(result.exitCode, result.log).toBe(0);
  expect(conclusions(result)).toMatchObject({
    ...{ check: 'success', stage: 'success', smoke: 'success', promote: 'success', rollback: 'skipped' },
  });
  // GitHub makes the deployment by itself, of the one job that says so.
  expect(result.jobs.flatMap(({ id, deployment }) => (deployment === undefined ? [] : [[id, deployment]]))).toEqual([
    ['promote', { environment: 'staging', url: `https://${SITE}.web.app` }],
  ]);
  expect(result.outputs['release']).toMatch(/^firebase:\/\/acme-shop\/acme-shop\/[0-9a-f]{16}$/);
  expect(await page(`https://${SITE}.web.app`)).toMatchObject({
    status: 200,
    text: expect.stringContaining('The corner shop'),
  });
});

it('a version that is not well where users ask gives the traffic back, and the run says so', async () => {
  ill = 'Sunday';
  await writeFiles(project, {
    'build.js': `import { mkdir, writeFile } from 'node:fs/promises';
import { page } from './page.js';
await mkdir('dist', { recursive: true });
await writeFile('dist/index.html', page('The corner shop', [['Sunday', 'closed']]));
`,
  });
  commitAll(project);
  const result = await run({ name: 'push', branch: 'main' });
  expect(result.exitCode).toBe(1);
  expect(conclusions(result)).toMatchObject({
    ...{ stage: 'success', smoke: 'success', promote: 'failure', rollback: 'success', report: 'failure' },
  });
  const now = await page(`https://${SITE}.web.app`);
  expect(now).toMatchObject({ status: 200, text: expect.stringContaining('The corner shop') });
  expect(now.text).not.toContain('Sunday');
  const report = result.summaries.find(({ job }) => job === 'report')?.markdown ?? '';
  expect(report).toMatch(/serving now:.*100% of the traffic/);
  expect(report).toMatch(/what happened:.*PIPE&#45;HEALTH/);
  ill = 'nothing is ill';
});

it('a page that its smoke test refuses stays beside the one that serves', async () => {
  await writeFiles(project, {
    'page.js': "export const page = () => '<h1>Under construction</h1>';\n",
    'test/page.test.js': '',
  });
  commitAll(project);
  const result = await run({ name: 'push', branch: 'main' });
  expect(result.exitCode).toBe(1);
  expect(conclusions(result)).toMatchObject({
    stage: 'success',
    smoke: 'failure',
    promote: 'skipped',
    rollback: 'skipped',
  });
  expect((await page(`https://${SITE}.web.app`)).text).toContain('The corner shop');
});
