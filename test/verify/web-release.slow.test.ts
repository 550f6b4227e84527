import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { runWorkflow } from '../../src/local/run.ts';
import type { RunResult } from '../../src/local/run-types.ts';
import { root } from '../../tools/install/root.ts';
import { DOMAIN, TEAM, TOKEN } from '../release/vercel/room.ts';
import { type Clouds, startClouds } from '../support/clouds.ts';
import { commitAll } from '../support/project.ts';
import { conclusions } from '../support/run-result.ts';
import { writeFiles } from '../support/temporary.ts';
import { addProject } from '../support/vercel/state.ts';
import { createVercel, type Vercel } from '../support/vercel/vercel.ts';

/** Whole deliveries through act, on a machine that has other things to do. */
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const REPOSITORY = 'acme/shop';
const STAGING = 'acme-staging';
const PRODUCTION = 'acme-production';

let clouds: Clouds;
let vercel: Vercel;
let folder: string;
let project: string;

/** A page that is built into both forms. */
const BUILD = `import { mkdirSync, writeFileSync } from 'node:fs';
for (const [folder, name] of [['dist', 'index.html'], ['.vercel/output/static', 'index.html'], ['.vercel/output', 'config.json']]) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(\`\${folder}/\${name}\`, name === 'config.json' ? '{"version": 3}' : '<!doctype html><title>Shop</title><h1>Shop</h1>');
}
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipelines-web-release-'));
  project = join(folder, 'shop');
  vercel = createVercel({ domains: [DOMAIN] });
  vercel.state.teams.push({ id: TEAM, slug: 'acme', name: 'Acme', plan: 'pro' });
  vercel.state.users.push({
    ...{ id: 'usr_ada', username: 'ada', email: 'ada@acme.example', name: 'Ada', defaultTeamId: TEAM },
    tokens: [{ value: TOKEN, scopes: [TEAM] }],
  });
  addProject(vercel.state, { name: 'web', accountId: TEAM, domains: [DOMAIN] });
  clouds = await startClouds({
    ...{ projects: [STAGING, PRODUCTION], repository: REPOSITORY, region: 'europe-west1', builds: false },
    services: vercel.services,
  });
  for (const name of [STAGING, PRODUCTION]) clouds.hosting.addProject(name);
  const manifest = { name: 'shop', version: '1.0.0', private: true };
  await writeFiles(project, {
    'package.json': JSON.stringify({
      ...manifest,
      type: 'module',
      scripts: { build: 'node build.js', test: 'node -e 0' },
    }),
    'package-lock.json': JSON.stringify({
      ...manifest,
      lockfileVersion: 3,
      requires: true,
      packages: { '': manifest },
    }),
    'build.js': BUILD,
    'firebase.json': '{"hosting": {"public": "dist"}}',
    '.gitignore': 'dist/\n.vercel/\n',
  });
  commitAll(project);
});

afterAll(async () => {
  await clouds.stop();
  await rm(folder, { recursive: true, force: true });
});

const HEALTH = '{interval: 300ms, timeout: 30s}';

/** A push by web-app.yml, or a release by release.yml of what it has left. */
async function run(
  workflow: 'web-app.yml' | 'release.yml',
  inputs: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>> = {},
): Promise<RunResult> {
  const isRelease = workflow === 'release.yml';
  const variables = clouds.variables(isRelease ? PRODUCTION : STAGING);
  const result = await runWorkflow({
    ...{ bundle: root, project, repository: REPOSITORY, workflow, secrets },
    event: { name: isRelease ? 'workflow_dispatch' : 'push' },
    inputs: isRelease
      ? { environment: 'production', 'rollback-environment': 'back', health: HEALTH, ...inputs }
      : { environments: '{"main": "staging"}', setup: 'off', scan: 'off', smoke: 'off', health: HEALTH, ...inputs },
    variables: { ...variables, VERCEL_ORG_ID: 'acme', VERCEL_PROJECT_ID: 'web' },
    environments: ['staging', { name: 'production', reviewers: ['octocat'] }, 'back'],
    ...{ oidcKey: clouds.oidcKey, machine: clouds.machine },
    ...{ cacheFolder: join(folder, 'cache'), stateFolder: join(folder, inputs['deploy'] ?? '') },
  });
  expect(result.exitCode, result.log).toBe(0);
  return result;
}

const commit = () => execFileSync('git', ['-C', project, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();

const live = (site: string) =>
  clouds.hosting.state.projects.get(site)?.sites.get(site)?.channels.get('live')?.releases[0];

it('copies to production’s site what staging has on Firebase Hosting: the same files, and nothing is uploaded', async () => {
  const pushed = await run('web-app.yml', { deploy: 'firebase' });
  expect(pushed.outputs['release']).toMatch(/^firebase:\/\/acme-staging\/acme-staging\//);
  expect(live(PRODUCTION)).toBeUndefined();
  const before = clouds.hosting.uploaded.files;
  const released = await run('release.yml', { deploy: 'firebase', version: 'v1.0.0', commit: commit() });
  expect(conclusions(released)).toMatchObject({
    ...{ verify: 'success', migrate: 'skipped', deploy: 'success', rollback: 'skipped', 'github-release': 'success' },
  });
  expect(released.outputs['release']).toMatch(/^firebase:\/\/acme-production\/acme-production\//);
  const [staging, production] = [live(STAGING), live(PRODUCTION)];
  expect([...(production?.version?.files ?? [])]).toEqual([...(staging?.version?.files ?? [1])]);
  expect(clouds.hosting.uploaded.files).toBe(before);
});

it('promotes on Vercel the very deployment that was staged and held', async () => {
  const secrets = { 'vercel-token': TOKEN };
  const pushed = await run('web-app.yml', { deploy: 'vercel', promote: 'false' }, secrets);
  expect(conclusions(pushed)).toMatchObject({ stage: 'success', promote: 'success', rollback: 'skipped' });
  expect(vercel.state.aliases.get(DOMAIN)).toBeUndefined();
  const count = vercel.state.deployments.length;
  const released = await run('release.yml', { deploy: 'vercel', version: 'v1.1.0', commit: commit() }, secrets);
  expect(conclusions(released)).toMatchObject({ deploy: 'success', rollback: 'skipped', 'github-release': 'success' });
  const id = vercel.state.aliases.get(DOMAIN);
  expect(released.outputs['release']).toBe(`vercel://acme/web/${id}`);
  expect(vercel.state.deployments.length).toBe(count);
});
