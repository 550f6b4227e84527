import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { runWorkflow } from '../../src/local/run.ts';
import type { PreparedEnvironment, RunResult } from '../../src/local/run-types.ts';
import { root } from '../../tools/install/root.ts';
import { site } from '../release/cloud-run/place.ts';
import { type CloudProxy, startCloudProxy } from '../support/cloud-proxy.ts';
import { type CloudRun, createCloudRun } from '../support/cloud-run/cloud.ts';
import { serviceOf } from '../support/cloud-run/state.ts';
import { addKey, createGoogleCloud } from '../support/google-cloud.ts';
import { summaryOf } from '../support/run-result.ts';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';
import { artifactOf, PRODUCTION, type Repository, recordOf, repositoryWithHistory, stagedRun } from './repository.ts';

/** Whole releases through act, on a machine that has other things to do. */
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const REGION = 'europe-west1';
const PROJECT = 'acme-production';

let cloud: CloudRun;
let proxy: CloudProxy;
let repository: Repository;
let key: string;
let state: string;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pipelines-release-'));
  stops.push(() => rm(folder, { recursive: true, force: true }));
  state = join(folder, 'state');
  repository = await repositoryWithHistory(join(folder, 'project'));
  const google = await createGoogleCloud({ keys: [] });
  cloud = await createCloudRun(google, { project: PROJECT, startWithin: 60_000 });
  stops.push(cloud.stop);
  proxy = await startCloudProxy({ ...google.services, ...cloud.services });
  stops.push(proxy.stop);
  key = JSON.stringify(addKey(google, `deploy@${PROJECT}.iam.gserviceaccount.com`));
  // The file that callers copy, with what this project has of its own.
  const caller = await readFile(join(root, 'examples/callers/release.yml'), 'utf8');
  const own = [
    '      deploy-settings: "authentication: public"',
    '      health: "{path: /, timeout: 20s, interval: 1s, consecutive: 2}"',
    '      interval: 1s',
    `      project: ${PROJECT}`,
    '    secrets:',
    '      google-credentials: ${{ secrets.GOOGLE_CREDENTIALS }}',
  ];
  await writeFiles(repository.folder, { '.github/workflows/release.yml': `${caller.trimEnd()}\n${own.join('\n')}\n` });
  repository.git('add', '-A');
  repository.git('commit', '-qm', 'release by hand');
});

afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
});

const ENVIRONMENTS: readonly (string | PreparedEnvironment)[] = [PRODUCTION, 'production-rollback'];

interface Release {
  readonly inputs: Readonly<Record<string, string>>;
  /** Commit that staging verified, with the image of that digest. */
  readonly staged: string;
  readonly digest: string;
  readonly id: number;
}

async function release({ inputs, staged, digest, id }: Release): Promise<RunResult> {
  const record = recordOf(staged, id, { digest });
  return runWorkflow({
    ...{ bundle: root, project: repository.folder, repository: 'acme/api', caller: '.github/workflows/release.yml' },
    ...{ event: { name: 'workflow_dispatch' }, inputs, secrets: { GOOGLE_CREDENTIALS: key } },
    ...{ environments: ENVIRONMENTS, runs: [stagedRun(staged, { id, artifacts: [artifactOf(record)] })] },
    ...{ environment: proxy.environment, stateFolder: state, cacheFolder: await temporaryFolder() },
  });
}

/** An image with a program, as staging has verified it. */
function image(digit: string, text: string, isBroken = false): string {
  const digest = `sha256:${digit.repeat(64)}`;
  const broken = `require('node:http').createServer((_, response) => response.writeHead(500).end()).listen(process.env.PORT)`;
  cloud.state.images.programs.set(digest, isBroken ? { command: [process.execPath, '-e', broken] } : site(text));
  return digest;
}

const conclusions = ({ jobs }: RunResult) =>
  Object.fromEntries(jobs.map(({ id, conclusion }) => [id.replace('api/', ''), conclusion]));

/** What serves, as the cloud itself says: digests of images with their shares. */
function serving(): Readonly<Record<string, number>> {
  const service = serviceOf(cloud.state, REGION, 'api');
  return Object.fromEntries(
    (service?.traffic ?? []).flatMap(({ revision, percent = 0 }) => (percent > 0 ? [[revision ?? '', percent]] : [])),
  );
}

it('releases by its tag what staging verified, by digest, and keeps a record and a GitHub release', async () => {
  const digest = image('1', 'one');
  const result = await release({ inputs: { version: 'v1.0.0' }, staged: repository.first, digest, id: 900 });
  expect(result.exitCode, result.log).toBe(0);
  expect(conclusions(result)).toMatchObject({
    ...{ verify: 'success', migrate: 'skipped', deploy: 'success', rollback: 'skipped' },
    ...{ 'github-release': 'success', report: 'success' },
  });
  expect(Object.values(serving())).toEqual([100]);
  expect(result.artifacts.map(({ name }) => name)).toEqual([
    expect.stringMatching(/^release-release-api-production-/),
    expect.stringMatching(/^report-/),
  ]);
  expect(summaryOf(result)).toContain('what will change');
  const published = result.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/releases'));
  expect(published.map(({ job, status }) => [job, status])).toEqual([['api/github-release', 201]]);
  expect(result.requests.filter(({ status }) => status === 403)).toEqual([]);
});

it('tells what changes since that release, moves traffic in steps, and makes the new tag last', async () => {
  const [before = ''] = Object.keys(serving());
  const digest = image('2', 'two');
  const inputs = { version: 'v2.0.0', commit: repository.third, steps: '[50]', reason: 'INC-42' };
  const result = await release({ inputs, staged: repository.third, digest, id: 901 });
  expect(result.exitCode, result.log).toBe(0);
  expect(Object.values(serving())).toEqual([100]);
  expect(Object.keys(serving())).not.toContain(before);
  expect(summaryOf(result)).toContain('20261101&#95;add&#95;email');
  expect(result.log).toContain('2 commits and 1 migrations since');
  expect(result.log).toContain('50%');
  const made = result.requests.filter(({ method }) => method === 'POST').map(({ path }) => path);
  expect(made).toEqual(['/repos/acme/api/git/refs', '/repos/acme/api/releases']);
});

it('leaves a bad release without traffic, tags nothing, and says what serves', async () => {
  const before = serving();
  const inputs = { commit: repository.merge, version: 'v3.0.0' };
  const result = await release({ inputs, staged: repository.merge, digest: image('3', 'three', true), id: 902 });
  expect(result.exitCode).toBe(1);
  expect(conclusions(result)).toMatchObject({
    ...{ verify: 'success', deploy: 'failure', rollback: 'skipped', 'github-release': 'skipped' },
  });
  expect(serving()).toEqual(before);
  expect(result.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  expect(summaryOf(result)).toContain('serving now');
});

it('puts the traffic back when a release turns bad on its way, and the job rollback finds it done', async () => {
  const before = serving();
  const digest = `sha256:${'5'.repeat(64)}`;
  // Well for as long as it takes to be staged and to get half of the traffic.
  const tires = `let asked = 0; require('node:http').createServer((_, response) => response.writeHead((asked += 1) > 5 ? 500 : 200).end()).listen(process.env.PORT)`;
  cloud.state.images.programs.set(digest, { command: [process.execPath, '-e', tires] });
  const inputs = { commit: repository.merge, steps: '[50]' };
  const result = await release({ inputs, staged: repository.merge, digest, id: 904 });
  expect(result.exitCode).toBe(1);
  expect(conclusions(result)).toMatchObject({ deploy: 'failure', rollback: 'success', report: 'failure' });
  expect(serving()).toEqual(before);
  expect(summaryOf(result)).toContain('serving now');
});

it('asks for nothing and changes nothing when staging did not verify it', async () => {
  const before = serving();
  const digest = image('4', 'four');
  const result = await release({ inputs: { commit: repository.second }, staged: repository.first, digest, id: 903 });
  expect(result.exitCode).toBe(1);
  expect(conclusions(result)).toMatchObject({
    ...{ verify: 'failure', migrate: 'skipped', deploy: 'skipped', rollback: 'skipped', 'github-release': 'skipped' },
    report: 'failure',
  });
  expect(summaryOf(result)).toContain('PIPE&#45;VERIFY&#45;006');
  expect(serving()).toEqual(before);
});
