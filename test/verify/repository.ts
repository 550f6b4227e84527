import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { artifactName } from '../../src/github/artifact-name.ts';
import type { PreparedEnvironment, PreparedRun } from '../../src/local/run-types.ts';
import { RECORD_FILE, type ReleaseRecord, recordName } from '../../src/release/record.ts';
import type { ActionResult } from '../../src/runtime/action.ts';
import { type Inputs, type InputValues, readInputs } from '../../src/runtime/inputs.ts';
import type { Outputs } from '../../src/runtime/outputs.ts';
import { createSecrets } from '../../src/runtime/secrets.ts';
import { inputs, type outputs } from '../../src/verify/inputs.ts';
import { run } from '../../src/verify/run.ts';
import { stepContext } from '../release/context.ts';
import { serveGitHub, type TestGitHub } from '../support/github/serve.ts';
import { temporaryFolder, writeFiles } from '../support/temporary.ts';
import { type Between, standBetween } from './between.ts';

const CI = '.github/workflows/ci.yml';
const RELEASE = '.github/workflows/release.yml';
export const DIGEST = `sha256:${'d1'.repeat(32)}`;

/** A git repository in which something was developed, merged and tagged. */
export interface Repository {
  readonly folder: string;
  /** On main: v1.0.0, then with a migration, then another commit (v1.1.0, annotated), then the merge of develop. */
  readonly first: string;
  readonly second: string;
  readonly third: string;
  /** Tip of develop: what the merge has as its tree. */
  readonly developed: string;
  readonly merge: string;
  /** On a branch that was never merged; the tag `forged` leads there. */
  readonly stranger: string;
  readonly git: (...args: string[]) => string;
}

/** One for all tests of a file that do not change it. */
export function sharedRepository(): () => Repository {
  let shared: Repository | undefined;
  beforeAll(async () => {
    shared = await repositoryWithHistory(await mkdtemp(join(tmpdir(), 'pipelines-verify-')));
  });
  afterAll(() => rm(shared?.folder ?? '', { recursive: true, force: true }));
  return () => {
    if (shared === undefined) throw new Error('the repository is made before the tests');
    return shared;
  };
}

export async function repositoryWithHistory(folder: string): Promise<Repository> {
  await mkdir(folder, { recursive: true });
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  const commit = async (message: string, files: Readonly<Record<string, string>>) => {
    await writeFiles(folder, files);
    git('add', '-A');
    git('commit', '-qm', message);
    return git('rev-parse', 'HEAD');
  };
  git('init', '-q', '-b', 'main');
  const first = await commit('first', { 'src/app.js': '1\n' });
  git('tag', 'v1.0.0');
  const migration = 'prisma/migrations/20261101_add_email/migration.sql';
  const second = await commit('add <b>email</b> for @octocat', { [migration]: 'ALTER TABLE a ADD b text;\n' });
  const third = await commit('third', { 'src/app.js': '3\n' });
  git('tag', '-am', 'release', 'v1.1.0');
  git('checkout', '-qb', 'develop');
  const developed = await commit('on develop', { 'src/app.js': '4\n' });
  git('checkout', '-qb', 'strange', third);
  const stranger = await commit('stranger', { 'src/app.js': 'bad\n' });
  git('tag', 'forged');
  git('checkout', '-q', 'main');
  git('merge', '-q', '--no-ff', '-m', 'merge develop', 'develop');
  return { folder, first, second, third, developed, merge: git('rev-parse', 'HEAD'), stranger, git };
}

/** Jobs of a call `api` of node-service.yml that ended well. */
export const GREEN_JOBS = ['check', 'publish', 'tag', 'migrate', 'stage', 'smoke', 'promote', 'report'].map((name) => {
  return { name: `api / ${name}`, conclusion: 'success' };
});

const pageOf = (id: number) => `https://github.com/acme/api/actions/runs/${id}`;

/** The record that a promotion has left. */
export function recordOf(commit: string, id: number, more: Partial<ReleaseRecord> = {}): ReleaseRecord {
  return {
    ...{ schema: 1, workflow: 'node-service', workingDirectory: '.', service: 'api', environment: 'staging', commit },
    ...{ digest: DIGEST, release: 'cloud-run://acme-staging/europe-west1/api/api-00042-kix' },
    ...{ url: 'https://api.staging.example.com', lastMigration: '20261101_add_email', verifiedBy: 'health' },
    ...{ at: '2026-01-01T10:00:00Z', run: pageOf(id) },
    ...more,
  };
}

/** A record as the artifact that carries it. */
export function artifactOf(record: ReleaseRecord) {
  return { name: recordName(record), files: { [RECORD_FILE]: JSON.stringify(record) } };
}

/** A green push run of the pipeline whose promotion left its record. */
export function stagedRun(commit: string, more: Partial<PreparedRun> = {}): PreparedRun {
  const id = more.id ?? 900;
  return {
    ...{ id, runNumber: 12, path: CI, event: 'push', headBranch: 'main', headSha: commit, status: 'completed' },
    ...{ conclusion: 'success', jobs: GREEN_JOBS, artifacts: [artifactOf(recordOf(commit, id))] },
    ...more,
  };
}

/** The artifact of a scan of images. */
export function scanArtifact(commit: string, more: Readonly<Record<string, unknown>> = {}) {
  const reference = `ghcr.io/acme/api@${DIGEST}`;
  const record = { format: 'pipelines-scan/1', commit, passed: true, targets: [{ name: 'api', reference }], ...more };
  const name = artifactName('scan-image', { workflow: 'node-service', folder: '.', service: 'api' });
  return { name, files: { 'scan.json': JSON.stringify(record) } };
}

/** An earlier run of release.yml and the record of what it deployed. */
export function releasedRun(
  commit: string,
  more: Partial<PreparedRun> & { readonly record?: Partial<ReleaseRecord> } = {},
) {
  const { record, ...run } = more;
  const id = run.id ?? 800;
  const left = recordOf(commit, id, { workflow: 'release', environment: 'production', ...record });
  return {
    ...{ id, runNumber: 3, path: RELEASE, event: 'workflow_dispatch', headBranch: 'main', headSha: commit },
    ...{ status: 'completed', conclusion: 'success', artifacts: [artifactOf(left)] },
    jobs: [{ name: 'production / deploy', conclusion: 'success' }],
    ...run,
  } satisfies PreparedRun;
}

export interface JobOptions {
  readonly runs?: readonly PreparedRun[];
  readonly inputs?: Readonly<Record<string, string>>;
  readonly environments?: readonly (string | PreparedEnvironment)[];
  readonly permissions?: Readonly<Record<string, 'read' | 'write'>>;
  readonly event?: { readonly name: string; readonly payload: unknown };
  /** What becomes of GitHub's answers on their way. */
  readonly between?: Between;
}

export const PRODUCTION: PreparedEnvironment = { name: 'production', reviewers: ['octocat'] };

/** The job `verify` on a repository. */
export async function verifyJob(repository: Repository, options: JobOptions = {}) {
  const github = await githubOf(repository, options);
  const event = options.event ?? { name: 'workflow_dispatch', payload: { ref: 'refs/heads/main', inputs: null } };
  const workspace = await temporaryFolder();
  const payload = join(workspace, 'event.json');
  await writeFile(payload, JSON.stringify(event.payload));
  const context = stepContext({
    workspace,
    temp: workspace,
    environment: {
      ...environmentOf(github),
      ...(options.between && { GITHUB_API_URL: await standBetween(github.url, options.between) }),
      ...{ GITHUB_EVENT_NAME: event.name, GITHUB_EVENT_PATH: payload },
    },
  });
  const given = { environment: 'production', service: 'api', 'github-token': github.token, ...options.inputs };
  const verified = async (): Promise<Record<keyof typeof outputs, unknown>> => {
    const read = await readGiven(inputs, given, workspace);
    return (await run(read, context)).outputs;
  };
  return { github, context, verified };
}

export async function githubOf(
  repository: Repository,
  { runs = [], environments = [PRODUCTION], permissions = { actions: 'read', contents: 'read' } }: JobOptions,
): Promise<TestGitHub> {
  const github = await serveGitHub({ permissions, runs, environments, git: join(repository.folder, '.git') });
  onTestFinished(() => github.close());
  return github;
}

export function environmentOf(github: TestGitHub): Record<string, string> {
  return {
    ...{ GITHUB_API_URL: github.url, GITHUB_REPOSITORY: github.repository, NO_PROXY: '127.0.0.1' },
    ...{ GITHUB_SERVER_URL: 'https://github.com', GITHUB_RUN_ID: '2000000000' },
    GITHUB_WORKFLOW_REF: `${github.repository}/${RELEASE}@refs/heads/main`,
  };
}

/** Inputs as GitHub hands them over, read as an action reads them. */
export function readGiven<I extends Inputs>(
  declared: I,
  given: Readonly<Record<string, string>>,
  workspace: string,
): Promise<InputValues<I>> {
  const environment = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
  const secrets = createSecrets(() => undefined);
  return readInputs(declared, environment, { workspace }, secrets, 'test');
}

/** Code and first sentence of what something fails of. */
export async function failureOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'it did not fail';
}

export type ResultOf<O extends Outputs> = ActionResult<O>['outputs'];
