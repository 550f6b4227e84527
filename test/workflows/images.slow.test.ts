import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { runWorkflow } from '../../src/local/run.ts';
import type { EventRequest, RunResult } from '../../src/local/run-types.ts';
import { createRegistryClient } from '../../src/registry/client.ts';
import { root } from '../../tools/install/root.ts';
import { installTrivy } from '../../tools/scan/trivy.ts';
import { MINIMIST } from '../scan/database.ts';
import { pushDatabase } from '../scan/images.ts';
import { type BuildKit, startBuildKit } from '../support/buildkit.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { pushNodeBase } from '../support/node-base.ts';
import { exampleProject } from '../support/project.ts';
import { REGISTRY_LOGIN, startRegistry } from '../support/registry-server.ts';
import { machine } from '../support/run-dist.ts';
import { conclusions, summaryOf } from '../support/run-result.ts';

/** Real builds and checks, on a machine that has other things to do. */
vi.setConfig({ testTimeout: 300_000 });

const REPOSITORY = 'acme/link-service';
const IMAGE = 'apps/link-service';
const BASIC = Buffer.from(`${REGISTRY_LOGIN.username}:${REGISTRY_LOGIN.password}`).toString('base64');

let buildkit: BuildKit;
/** A registry that lets in who has the password: the proxy before it writes down every request of a run. */
let registry: FaultProxy;
/** The same registry for what the tests look up themselves. */
let direct: string;
let folder: string;
let scan: string;
let path: string;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipelines-images-'));
  stops.push(() => rm(folder, { recursive: true, force: true }));
  buildkit = await startBuildKit();
  stops.push(buildkit.stop);
  const server = await startRegistry({ access: 'password' });
  stops.push(server.stop);
  direct = server.host;
  registry = await startFaultProxy(direct);
  stops.push(registry.stop);
  await pushNodeBase(buildkit.registry);
  const database = { host: buildkit.registry, repository: 'trivy-db' };
  scan = `db-repositories: ${await pushDatabase(database, join(folder, 'database'))}`;
  path = [await installTrivy(), process.env['PATH'] ?? ''].join(delimiter);
});

afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
});

const example = (files: Readonly<Record<string, string>> = {}) => exampleProject('node-service', files);

/** The check is proven by the first test and where it is red; the others are about what comes after it. */
const NO_CHECK: Readonly<Record<string, string>> = { setup: 'off', gate: 'off' };

async function run(project: string, event: EventRequest['name'], check = NO_CHECK): Promise<RunResult> {
  const result = await runWorkflow({
    bundle: root,
    project,
    repository: REPOSITORY,
    event: { name: event },
    inputs: { registry: `${registry.host}/apps`, scan, ...check },
    secrets: { 'registry-username': REGISTRY_LOGIN.username, 'registry-password': REGISTRY_LOGIN.password },
    cacheFolder: join(folder, 'cache'),
    stateFolder: join(folder, 'state'),
    machine: { ...process.env, ...buildkit.environment, PATH: path },
    keep: true,
  });
  onTestFinished(() => rm(result.folder ?? '', { recursive: true, force: true }));
  await expectNothingLeft(result);
  return result;
}

/** No secret in anything that a run shows or leaves behind, no login, no builder, no process. */
async function expectNothingLeft(result: RunResult): Promise<void> {
  const { password } = REGISTRY_LOGIN;
  for (const secret of [password, BASIC]) expect(JSON.stringify(result)).not.toContain(secret);
  expect(result.orphans).toEqual([]);
  expect(await readdir(join(buildkit.environment['BUILDX_CONFIG'] ?? '', 'instances'))).toEqual(['tests']);
  const posts = result.jobs.flatMap(({ steps }) => steps.filter(({ stage }) => stage === 'post'));
  expect(posts.map(({ conclusion }) => conclusion)).toEqual(posts.map(() => 'success'));
  const jobs = join(result.folder ?? '', 'act');
  for (const job of await readdir(jobs)) {
    const temp = join(jobs, job, 'tmp');
    const left = await readdir(temp, { recursive: true, withFileTypes: true }).catch(noFolder);
    const files = left.filter((entry) => entry.isFile());
    expect(files.map(({ name }) => name)).not.toContain('config.json');
    for (const { parentPath, name } of files) {
      const content = await readFile(join(parentPath, name));
      for (const secret of [password, BASIC]) expect(content.includes(secret), name).toBe(false);
    }
  }
}

function noFolder(error: NodeJS.ErrnoException): [] {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
  return [];
}

interface Catalogue {
  readonly repositories: readonly string[];
}

async function ask<T>(route: string): Promise<T | undefined> {
  const answer = await fetch(`http://${direct}/v2/${route}`, { headers: { authorization: `Basic ${BASIC}` } });
  if (answer.status === 404) return undefined;
  expect(answer.status).toBe(200);
  return (await answer.json()) as T;
}

/** The digest of what a tag or a digest leads to. */
async function digestOf(reference: string): Promise<string | undefined> {
  const client = createRegistryClient({
    host: direct,
    login: { host: direct, ...REGISTRY_LOGIN },
    environment: {},
    signal: AbortSignal.timeout(30_000),
  });
  return (await client.head(IMAGE, reference))?.digest;
}

/** Tags of the image, and what each leads to. */
async function tags(): Promise<Readonly<Record<string, string | undefined>>> {
  const names = (await ask<{ tags: string[] | null }>(`${IMAGE}/tags/list`))?.tags ?? [];
  return Object.fromEntries(await Promise.all(names.sort().map(async (name) => [name, await digestOf(name)])));
}

const errors = ({ annotations }: RunResult) =>
  annotations.flatMap(({ level, message }) => (level === 'error' ? [message] : [])).join('\n');

/** Runs what `npm start` runs. */
function start(...args: string[]): Promise<{ status: number | null; output: string }> {
  const login = { REGISTRY_USERNAME: REGISTRY_LOGIN.username, REGISTRY_PASSWORD: REGISTRY_LOGIN.password };
  const child = spawn(process.execPath, [join(root, 'dist/local.js'), ...args], {
    cwd: root,
    env: { ...machine(), ...buildkit.environment, ...login, PATH: path },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  }
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, output })));
}

it('`npm start` on a push builds, pushes, scans and tags the example', async () => {
  const place = ['--project', await example(), '--repository', REPOSITORY, '--fresh', '--event', 'push'];
  const inputs = ['--input', `registry=${registry.host}/apps`, '--input', `scan=${scan}`];
  const secrets = ['--secret', 'registry-username', '--secret', 'registry-password'];
  const { status, output } = await start(...place, ...inputs, ...secrets);
  expect(status, output).toBe(0);
  expect(output).not.toContain(REGISTRY_LOGIN.password);
  for (const line of ['test', 'image', 'scan', 'tag']) expect(output).toMatch(new RegExp(`│ ${line} +│ ✅\\sdone`));
  const shown = /│ image +│ ✅\sdone +│ (sha256:[0-9a-f]{12})/.exec(output)?.[1];
  expect(shown).toBeDefined();
  const tagged = Object.entries(await tags());
  expect(tagged.map(([name]) => name)).toEqual(['latest', 'main', expect.stringMatching(/^sha-[0-9a-f]{40}$/)]);
  for (const [, digest] of tagged) expect(digest?.startsWith(`${shown}`)).toBe(true);
});

it('a push has its digest as output, and all its tags lead there', async () => {
  const result = await run(await example(), 'push');
  expect(result.exitCode, result.log).toBe(0);
  const expected = { check: 'success', image: 'skipped', publish: 'success', tag: 'success', report: 'success' };
  expect(conclusions(result)).toMatchObject(expected);
  for (const line of ['image', 'scan', 'tag'])
    expect(summaryOf(result)).toMatch(new RegExp(`^\\| ${line} \\| ✅\\sdone`, 'm'));
  const { digest } = result.outputs;
  expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  const commit = /HEAD is now at ([0-9a-f]{40})/.exec(result.log)?.[1];
  expect(await tags()).toMatchObject({ latest: digest, main: digest, [`sha-${commit}`]: digest });
});

it('a push with a vulnerable dependency is red, names it, and no tag is new or moved', async () => {
  const project = await example(await dependingOn(MINIMIST.name, MINIMIST.vulnerable));
  const before = await tags();
  const result = await run(project, 'push');
  expect(result.exitCode).toBe(1);
  expect(conclusions(result)).toMatchObject({ check: 'success', publish: 'failure', tag: 'skipped' });
  for (const word of ['PIPE-SCAN-012', MINIMIST.id, MINIMIST.name, MINIMIST.fixed]) {
    expect(errors(result)).toContain(word);
  }
  expect(summaryOf(result)).toMatch(/^\| \*\*scan\*\* \| ❌\sfailed \| 1 critical/m);
  expect(result.codeScanning).toMatchObject([{ errors: [], analyses: [{ tool: 'Trivy', results: 1 }] }]);
  expect(await tags()).toEqual(before);
  expect(await digestOf(result.outputs['digest'] ?? '')).toBe(result.outputs['digest']);
});

it('a push with a failing check has its image by digest, and no tag is new or moved', async () => {
  const project = await example({ 'scripts/red.js': 'process.exit(1);\n' });
  const before = await tags();
  const result = await run(project, 'push', {
    gate: 'tasks: {format: off, lint: off, typecheck: off, build: off, test: node scripts/red.js}',
  });
  expect(result.exitCode).toBe(1);
  expect(conclusions(result)).toMatchObject({ check: 'failure', publish: 'success', tag: 'skipped' });
  expect(errors(result)).toContain('PIPE-GATE-010');
  expect(summaryOf(result)).toMatch(/^\| scan \| ✅\sdone/m);
  expect(await tags()).toEqual(before);
  expect(await digestOf(result.outputs['digest'] ?? '')).toBe(result.outputs['digest']);
});

it('a pull request is built and scanned, and the registry hears nothing of it', async () => {
  const project = await example();
  const before = [await ask<Catalogue>('_catalog'), await tags()];
  registry.reset();
  const result = await run(project, 'pull_request');
  expect(result.exitCode, result.log).toBe(0);
  const expected = { check: 'success', image: 'success', publish: 'skipped', tag: 'skipped', report: 'success' };
  expect(conclusions(result)).toMatchObject(expected);
  for (const line of ['image', 'scan'])
    expect(summaryOf(result)).toMatch(new RegExp(`^\\| ${line} \\| ✅\\sdone`, 'm'));
  // Without a request there was no login either.
  expect(registry.seen).toEqual([]);
  expect([await ask<Catalogue>('_catalog'), await tags()]).toEqual(before);
  expect(result.annotations.filter(({ level }) => level !== 'notice')).toEqual([]);
  // Of the cache of GitHub Actions only what the pages say: the layers of what is not pushed, and the scan's database.
  const calls = result.cacheCalls.filter(({ job }) => job === 'image');
  const others = calls.filter(({ key }) => !/^(?:index-|buildkit-blob-|pipelines-scan-database-)/.test(key));
  expect(others).toEqual([]);
  const statuses = calls.map(({ method, status }) => `${method} ${status}`);
  expect(new Set(statuses)).toEqual(
    new Set(['GetCacheEntryDownloadURL 200', 'CreateCacheEntry 200', 'FinalizeCacheEntryUpload 200']),
  );
});

/** package.json and its lockfile with one more dependency, as npm writes them. */
async function dependingOn(name: string, version: string): Promise<Readonly<Record<string, string>>> {
  const read = async (file: string) => JSON.parse(await readFile(join(root, 'examples/node-service', file), 'utf8'));
  const [manifest, lock] = await Promise.all([read('package.json'), read('package-lock.json')]);
  manifest.dependencies[name] = version;
  lock.packages[''].dependencies[name] = version;
  lock.packages[`node_modules/${name}`] = { version };
  return { 'package.json': JSON.stringify(manifest), 'package-lock.json': JSON.stringify(lock) };
}
