import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { runWorkflow } from '../../src/local/run.ts';
import type { EventName, EventRequest, RunResult } from '../../src/local/run-types.ts';
import { root } from '../../tools/install/root.ts';
import { callerFile, type Own } from '../support/callers.ts';
import { serviceOf } from '../support/cloud-run/state.ts';
import { type Clouds, startClouds } from '../support/clouds.ts';
import { commitAll } from '../support/project.ts';
import { writeFiles } from '../support/temporary.ts';

/** Every file that callers copy is run as it is, on a machine that has other things to do. */
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const REPOSITORY = 'acme/apps';
const REGION = 'europe-west1';
const SITE = 'acme-shop';

let clouds: Clouds;
let folder: string;
let project: string;

/** A service without dependencies that tells its version, its image, and a page beside it. */
const FILES: Readonly<Record<string, string>> = {
  ...projectFiles('api'),
  Dockerfile: 'FROM node:24-slim\nWORKDIR /app\nCOPY package.json server.js ./\nUSER node\nCMD ["node", "server.js"]\n',
  'server.js':
    "const { version } = require('./package.json');\nrequire('node:http').createServer((_, answer) => answer.setHeader('content-type', 'application/json').end(JSON.stringify({ version }))).listen(process.env.PORT);\n",
  'firebase.json': '{"hosting": {"public": "page"}}',
  'page/index.html': '<!doctype html><title>Shop</title><h1>Shop</h1>\n',
  'look.js': 'fetch(process.env.BASE_URL).then((answer) => { process.exitCode = answer.status === 200 ? 0 : 1; });\n',
  ...Object.fromEntries(
    ['apps/backend', 'apps/frontend'].flatMap((place) => {
      const name = place.replace('apps/', '');
      return Object.entries(projectFiles(name)).map(([file, text]) => [`${place}/${file}`, text]);
    }),
  ),
};

function projectFiles(name: string): Readonly<Record<string, string>> {
  const version = '1.0.0';
  const manifest = { name, version, private: true, scripts: { test: 'node -e 0' } };
  const lock = { name, version, lockfileVersion: 3, requires: true, packages: { '': { name, version } } };
  return { 'package.json': JSON.stringify(manifest), 'package-lock.json': JSON.stringify(lock) };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipelines-callers-'));
  project = join(folder, 'apps');
  const projects = ['acme-staging', 'acme-production'] as const;
  clouds = await startClouds({ projects, repository: REPOSITORY, region: REGION, builds: true });
  clouds.hosting.addProject(SITE);
  // What this project decides, and where the stand-ins differ from what they stand for: a database for the scan, a proxy
  // for a program.
  const open = `deploy-settings: 'authentication: public'`;
  const own: Readonly<Record<string, Own>> = {
    'cloud-run.yml': { given: [open, `scan: '{allow-empty: true, ${clouds.scan}}'`] },
    'release.yml': { given: [open] },
    'web-app.yml': {
      given: [
        `scan: '{allow-empty: true, ${clouds.scan}}'`,
        `smoke: '{command: node look.js, env: {NODE_USE_ENV_PROXY: "1"}}'`,
      ],
    },
  };
  const copies: readonly (readonly [string, string])[] = [
    ['check.yml', 'check.yml'],
    ['monorepo.yml', 'monorepo.yml'],
    ['node-service.yml', 'node-service.yml'],
    ['cloud-run.yml', 'ci.yml'],
    ['web-app.yml', 'web.yml'],
    ['release.yml', 'release.yml'],
    ['rollback.yml', 'rollback.yml'],
  ];
  const workflows = copies.map(async ([name, copy]) => {
    return [`.github/workflows/${copy}`, await callerFile(name, own[name])] as const;
  });
  await writeFiles(project, { ...FILES, ...Object.fromEntries(await Promise.all(workflows)) });
  commitAll(project);
});

afterAll(async () => {
  await clouds.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Which events started which file of examples/callers. */
const started = new Map<string, Set<EventName>>();

interface Start {
  readonly name: string;
  /** Where a caller has it; the name itself when left out. */
  readonly copy?: string;
  readonly event: EventRequest;
  readonly inputs?: Readonly<Record<string, string>>;
}

/** Runs a caller's file as GitHub would, and looks at what its jobs did with their tokens. */
async function run({ name, copy = name, event, inputs = {} }: Start): Promise<RunResult> {
  started.set(name, new Set([...(started.get(name) ?? []), event.name]));
  const isProduction = name === 'release.yml' || name === 'rollback.yml';
  const result = await runWorkflow({
    ...{ bundle: root, project, repository: REPOSITORY, caller: `.github/workflows/${copy}`, event, inputs },
    variables: clouds.variables(isProduction ? 'acme-production' : 'acme-staging'),
    environments: ['staging', { name: 'production', reviewers: ['octocat'] }, 'production-rollback'],
    ...{ oidcKey: clouds.oidcKey, machine: clouds.machine },
    ...{ cacheFolder: join(folder, 'cache'), stateFolder: join(folder, 'state') },
  });
  expect(result.exitCode, result.log).toBe(0);
  // Each job asked with a token of its own, and for nothing that its permissions do not cover.
  const refused = result.requests.filter(({ status }) => status === 401 || status === 403);
  expect(refused.map(({ job, method, path, status }) => [job, method, path, status])).toEqual([]);
  const ran = result.jobs.filter(({ conclusion }) => conclusion === 'success').map(({ id }) => id);
  expect(ran).toEqual(expect.arrayContaining(result.requests.map(({ job }) => job)));
  expect(ran).toEqual(expect.arrayContaining(result.identityTokens.map(({ job }) => job)));
  return result;
}

function git(...args: readonly string[]): string {
  return execFileSync('git', ['-C', project, ...args], { encoding: 'utf8' }).trim();
}

const gitHead = () => git('rev-parse', 'HEAD');

const served = (index: 0 | 1) => {
  const service = serviceOf(clouds.run[index]?.state ?? clouds.run[0].state, REGION, 'api');
  return (service?.traffic ?? []).flatMap(({ revision, percent = 0 }) => (percent > 0 ? [[revision, percent]] : []));
};

const pullRequest = { name: 'pull_request' } as const;
const push = { name: 'push' } as const;

it.each([pullRequest, push])('check.yml checks a $name', async (event) => {
  const { jobs } = await run({ name: 'check.yml', event });
  const ran = jobs.filter(({ conclusion }) => conclusion === 'success').map(({ name }) => name.replace(/^.* \/ /, ''));
  expect(ran).toEqual(['check', 'report']);
});

it.each([pullRequest, push, { name: 'merge_group' } as const])('monorepo.yml checks both on a $name', async (event) => {
  const { jobs } = await run({ name: 'monorepo.yml', event });
  expect(jobs.filter(({ conclusion }) => conclusion === 'success')).toHaveLength(4);
});

it.each([pullRequest, push])('node-service.yml checks a $name', async (event) => {
  const { jobs } = await run({ name: 'node-service.yml', event });
  const ran = jobs.filter(({ conclusion }) => conclusion === 'success').map(({ name }) => name.replace('api / ', ''));
  expect(ran).toEqual(['check', 'report']);
});

it('cloud-run.yml builds a pull request’s image and pushes nothing', async () => {
  const { identityTokens, jobs } = await run({ name: 'cloud-run.yml', copy: 'ci.yml', event: pullRequest });
  expect(jobs.find(({ id }) => id.endsWith('image'))?.conclusion).toBe('success');
  expect(identityTokens).toEqual([]);
});

it('web-app.yml gives a pull request a preview, takes it away, and brings a push to the site', async () => {
  // What is not committed is the pull request.
  await writeFiles(project, { 'page/index.html': '<!doctype html><title>Shop</title><h1>The shop</h1>\n' });
  const opened = await run({ name: 'web-app.yml', copy: 'web.yml', event: pullRequest });
  expect(opened.comments[0]?.body).toMatch(/acme-shop--pr-1-[a-z0-9]+\.web\.app/);
  await run({ name: 'web-app.yml', copy: 'web.yml', event: { ...pullRequest, action: 'closed' } });
  commitAll(project, 'the page');
  await run({ name: 'web-app.yml', copy: 'web.yml', event: push });
  const site = clouds.hosting.state.projects.get(SITE)?.sites.get(SITE);
  expect([...(site?.channels.keys() ?? [])].filter((channel) => channel.startsWith('pr-'))).toEqual([]);
  expect(site?.channels.get('live')?.releases).toHaveLength(1);
});

it('cloud-run.yml, release.yml and rollback.yml bring a push to staging and production, and back', async () => {
  const ci = { name: 'cloud-run.yml', copy: 'ci.yml', event: push };
  await run(ci);
  expect(served(0)).toEqual([[expect.any(String), 100]]);
  expect(served(1)).toEqual([]);
  const inputs = { version: 'v1.0.0', commit: gitHead(), environment: 'production', reason: 'INC-42' };
  const first = await run({ name: 'release.yml', event: { name: 'workflow_dispatch' }, inputs });
  const [one] = served(1);
  expect(one?.[1]).toBe(100);
  const bodies = first.requests.filter(({ method }) => method === 'POST').map(({ requestBody }) => requestBody);
  expect(bodies).toEqual([
    { ref: 'refs/tags/v1.0.0', sha: gitHead() },
    expect.objectContaining({
      tag_name: 'v1.0.0',
      body: expect.stringMatching(/octocat approved production[\s\S]*INC&#45;42/),
    }),
  ]);

  await writeFiles(project, { 'package.json': FILES['package.json']?.replace('1.0.0', '2.0.0') ?? '' });
  commitAll(project, 'second');
  await run(ci);
  git('tag', 'v2.0.0');
  const second = await run({ name: 'release.yml', event: { name: 'release', tag: 'v2.0.0' } });
  expect(second.outputs).toBeDefined();
  expect(served(1)).not.toEqual([one]);
  // Somebody has published the release on GitHub: nothing is left to be made.
  expect(second.requests.filter(({ method }) => method === 'POST').map(({ path }) => path)).toEqual([
    `/repos/${REPOSITORY}/releases`,
  ]);

  const back = await run({ name: 'rollback.yml', event: { name: 'workflow_dispatch' } });
  expect(served(1)).toEqual([one]);
  expect(back.artifacts.map(({ name }) => name)).toEqual([expect.stringMatching(/^release-rollback-/)]);
});

it('leaves out no file that callers copy, and no event that one answers to', async () => {
  const place = join(root, 'examples/callers');
  const wanted = (await readdir(place)).map(async (name) => {
    const { on } = parse(await readFile(join(place, name), 'utf8')) as { readonly on: object };
    return [name, Object.keys(on).sort()] as const;
  });
  const ran = [...started].map(([name, events]) => [name, [...events].sort()] as const);
  expect(Object.fromEntries(ran)).toEqual(Object.fromEntries(await Promise.all(wanted)));
});
